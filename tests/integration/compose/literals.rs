//! Literal secrets in compose files and Dockerfiles: in every place that can hold one, and nothing beside them.

use crate::common::Sandbox;
use crate::common::fill::fill;
use serde_json::Value;

/// The findings of one check, as `severity`, in a project of one file.
fn found(file: &str, text: &str, check: &str) -> Vec<String> {
    let sandbox = Sandbox::new();
    sandbox.file(file, 0o644, fill(text));
    let report = sandbox.envward(&["preflight", "--profile", "minimal", "--format", "json"]).json();
    assert_eq!(report["problems"].as_array().unwrap().len(), 0, "{text}: {report}");
    let findings = report["findings"].as_array().unwrap().iter().filter(|one| one["check"] == check);
    findings.map(|one: &Value| one["severity"].as_str().unwrap().to_owned()).collect()
}

/// A service with these lines.
fn service(body: &str) -> String {
    format!("services:\n  app: {{image: 'acme/app:1.4.2', {body}}}\n")
}

#[test]
fn each_place_of_a_compose_file() {
    let places = [
        "command: ['sh', '-c', 'mongosh -u root -p {token} --eval 1']",
        "command: 'java -Dspring.datasource.password={token} -jar /app.jar'",
        "command: 'agent --api-key {token}'",
        "entrypoint: ['/app', '--admin-password={token}']",
        "healthcheck: {test: [CMD-SHELL, 'curl -fs -u elastic:{token} http://localhost:9200']}",
        "healthcheck: {test: 'mariadb-admin ping -uroot -p{token}'}",
        "environment: {DB_PASSWORD: 'x${A}{token}'}",
        "environment: {DB_PASSWORD: '${A:-${B:-${C:-{token}}}}'}",
        "environment: {SMTP_PASSWORD: '${MAIL_ON:+{token}}'}",
        "environment: {DATABASE_URL: 'postgres://app:{token}@${DB_HOST:?}/app'}",
        "command: 'curl -H \"Authorization: Bearer {token}\" http://hooks.example/start'",
        "annotations: {vendor.api-token: '{token}'}",
        "logging: {driver: gelf, options: {gelf-auth-token: '{token}'}}",
        "post_start: [{command: ['redis-cli', '-a', '{token}', 'ping']}]",
    ];
    for body in places {
        assert_eq!(found("compose.yaml", &service(body), "secret-in-compose"), ["error"], "{body}");
    }
    let volume = "volumes:\n  nas: {driver_opts: {type: smb3, o: 'user=app,pass={token}'}}\n";
    let text = format!("{}{volume}", service("init: true"));
    assert_eq!(found("compose.yaml", &text, "secret-in-compose"), ["error"]);
}

#[test]
fn what_a_compose_file_only_refers_to() {
    let none = [
        "command: 'serve -p 9000 -a 127.0.0.1 --token-lifetime 3600 --no-password yes'",
        "command: ['sh', '-c', 'mysql -p $$MYSQL_DATABASE < /a.sql && ssh -p 22 nas.example true']",
        "command: 'agent --api-key ${AGENT_KEY:?} --secret-file /run/secrets/agent'",
        "healthcheck: {test: 'curl -fs -u $${U}:$${P} http://localhost'}",
        "environment: {DB_PASSWORD: '${A:-${B:-}}', API_TOKEN: '${PREFIX}-production'}",
        "environment: {DATABASE_URL: 'postgres://${U}:${P}@${H}/app', MAP_API_KEY: '${MAP_API_KEY:-disabled}'}",
        "environment: {PGP_FINGERPRINT: 'E3FF2839C048B25C084DEBE9B26995E310250568'}",
        "logging: {driver: syslog, options: {syslog-address: 'udp://logs.example:514', tag: '{{.Name}}'}}",
    ];
    for body in none {
        assert_eq!(found("compose.yaml", &service(body), "secret-in-compose"), [""; 0], "{body}");
    }
}

#[test]
fn what_a_dockerfile_starts() {
    let held = [
        "CMD [\"redis-server\", \"--requirepass\", \"{token}\"]",
        "HEALTHCHECK CMD mysqladmin ping -uroot -p{token}",
        "ENTRYPOINT exec /app --token {token}",
        "RUN docker login -u ci -p {token} registry.example",
    ];
    for line in held {
        let text = format!("FROM alpine:3.19.1\nUSER 1001\n{line}\n");
        assert_eq!(found("Dockerfile", &text, "secret-in-dockerfile"), ["error"], "{line}");
    }
    let none =
        ["CMD [\"/app\", \"--password-file\", \"/run/secrets/db\"]", "HEALTHCHECK CMD redis-cli -a \"$PW\" ping"];
    for line in none {
        let text = format!("FROM alpine:3.19.1\nUSER 1001\n{line}\n");
        assert_eq!(found("Dockerfile", &text, "secret-in-dockerfile"), [""; 0], "{line}");
    }
}

/// What a download is compared with is public, unless a name says that it is a secret.
#[test]
fn digests_of_downloads() {
    let none = [
        "RUN expected=\"{hex32}\" && actual=\"$(sha256sum a.tgz | cut -c-64)\" && [ \"$actual\" = \"$expected\" ]",
        "RUN curl -fsSO https://example.com/a.tgz && echo \"{hex32}  a.tgz\" | sha256sum -c -",
        "RUN gpg --batch --keyserver keyserver.ubuntu.com --recv-keys {long}",
        "RUN gpg -o /etc/apt/keyrings/a.gpg --export {short}",
    ];
    let digits = fill("{hex32}");
    for line in none {
        let line = line.replace("{long}", &digits[..40]).replace("{short}", &digits[..16]);
        let text = format!("FROM alpine:3.19.1\nUSER 1001\n{line}\n");
        assert_eq!(found("Dockerfile", &text, "secret-in-dockerfile"), [""; 0], "{line}");
    }
    let held = ["RUN API_TOKEN={hex32} make && sha256sum a", "RUN login --token {token} && gpg --version"];
    for line in held {
        let text = format!("FROM alpine:3.19.1\nUSER 1001\n{line}\n");
        assert_eq!(found("Dockerfile", &text, "secret-in-dockerfile"), ["error"], "{line}");
    }
}

#[test]
fn a_stage_that_is_thrown_away() {
    let (user, weak) = ("app", "test");
    let of = |value: &str| {
        format!(
            "FROM node:20.11.1 AS deps\n{value}\nRUN npm ci\nFROM node:20.11.1\nCOPY --from=deps /a /a\nUSER node\n"
        )
    };
    let urls = ["ENV DATABASE_URL=mysql://{u}:{w}@127.0.0.1/x", "ARG REDIS_URL=redis://{u}:{w}@localhost:6379"];
    for line in urls {
        let text = of(&line.replace("{u}", user).replace("{w}", weak));
        assert_eq!(found("Dockerfile", &text, "secret-in-dockerfile"), [""; 0], "{line}");
    }
    // A stage that the image is made from is kept.
    let kept = of("ENV DB_PASSWORD={token}").replace("FROM node:20.11.1\nCOPY", "FROM deps\nCOPY");
    assert_eq!(found("Dockerfile", &kept, "secret-in-dockerfile"), ["error"]);
    assert_eq!(found("Dockerfile", &of("ENV NPM_TOKEN={token}"), "secret-in-dockerfile"), ["error"]);
}

#[test]
fn fields_that_nothing_uses() {
    let of = |body: &str| found("compose.yaml", &format!("{body}{}", service("init: true")), "secret-in-compose");
    for body in [
        "x-common: {environment: {DB_PASSWORD: '{token}'}}\n",
        "x-env: &env\n  API_TOKEN: {token}\n",
        "x-list:\n  - SMTP_PASSWORD={token}\n",
        "x-url: 'postgres://app:{token}@db/app'\n",
        "x-deep: {a: [{b: {jwt-secret: '{token}'}}]}\n",
    ] {
        assert_eq!(of(body), ["error"], "{body}");
    }
    for body in ["x-common: {environment: {DB_PASSWORD: '${DB_PASSWORD:?}'}}\n", "x-logging: {driver: local}\n"] {
        assert_eq!(of(body), [""; 0], "{body}");
    }
    // One that is used is told once, where it stands.
    let used = "x-env: &env {API_TOKEN: '{token}'}\nservices:\n  app: {image: 'acme/app:1.4.2', environment: *env}\n";
    assert_eq!(found("compose.yaml", used, "secret-in-compose"), ["error"]);
    let used = "x-env: &env ['API_TOKEN={token}']\nservices:\n  app: {image: 'acme/app:1.4.2', environment: *env}\n";
    assert_eq!(found("compose.yaml", used, "secret-in-compose"), ["error"]);
    assert_eq!(found("compose.yaml", &service("x-note: {admin-password: '{token}'}"), "secret-in-compose"), ["error"]);
}

#[test]
fn what_an_image_does_for_those_that_are_made_from_it() {
    let of =
        |line: &str| found("Dockerfile", &format!("FROM alpine:3.19.1\nUSER 1001\n{line}\n"), "secret-in-dockerfile");
    for line in [
        "ONBUILD ENV API_TOKEN={token}",
        "ONBUILD ARG DB_PASSWORD={token}",
        "ONBUILD RUN git clone https://ci:{token}@git.example/a.git",
        "ONBUILD CMD [\"redis-server\", \"--requirepass\", \"{token}\"]",
        "ONBUILD HEALTHCHECK CMD mysqladmin ping -uroot -p{token}",
    ] {
        assert_eq!(of(line), ["error"], "{line}");
    }
    assert_eq!(of("ONBUILD ARG NPM_TOKEN"), ["warning"]);
    for line in ["ONBUILD ENV API_TOKEN_FILE=/run/secrets/api", "ONBUILD COPY . /app", "ONBUILD RUN npm ci"] {
        assert_eq!(of(line), [""; 0], "{line}");
    }
}

#[test]
fn files_that_open_registries_and_hosts() {
    let lines = [
        "RUN echo \"machine git.example login ci password {token}\" > /root/.netrc",
        "RUN printf 'machine git.example\\nlogin ci\\npassword {token}\\n' > /root/.netrc",
        "COPY <<EOF /root/.netrc\nmachine git.example\nlogin ci\npassword {token}\nEOF",
        "RUN echo '//registry.npmjs.org/:_authToken={token}' >> .npmrc",
        "COPY <<EOF .npmrc\nregistry=https://npm.example/\n//npm.example/:_auth={token}\nEOF",
        "RUN npm config set //npm.example/:_authToken {token} && npm ci --omit=dev",
        "RUN yarn config set npmAuthToken {token}",
        "RUN aws configure set aws_secret_access_key {token}",
    ];
    for line in lines {
        let text = format!("FROM alpine:3.19.1\nUSER 1001\n{line}\n");
        assert_eq!(found("Dockerfile", &text, "secret-in-dockerfile"), ["error"], "{line}");
    }
    for line in [
        "RUN echo \"//registry.npmjs.org/:_authToken=${NPM_TOKEN}\" > .npmrc",
        "RUN echo \"machine git.example login ci password $(cat /run/secrets/git)\" > /root/.netrc",
        "RUN npm config set registry https://npm.example/ && npm config set fund false",
        "RUN git config --global user.email ci@git.example && echo 'give the password to nobody'",
    ] {
        let text = format!("FROM alpine:3.19.1\nUSER 1001\n{line}\n");
        assert_eq!(found("Dockerfile", &text, "secret-in-dockerfile"), [""; 0], "{line}");
    }
    let content = |text: &str| format!("{}configs:\n  c:\n    content: |\n      {text}\n", service("configs: [c]"));
    for text in
        ["//npm.example/:_authToken={token}", "requirepass {token}", "machine a.example login ci password {token}"]
    {
        assert_eq!(found("compose.yaml", &content(text), "secret-in-compose"), ["error"], "{text}");
    }
    assert_eq!(found("compose.yaml", &content("listen 80; # no password here"), "secret-in-compose"), [""; 0]);
}

/// What a compose file holds is in no name that the report shows, wherever in the file it stands.
#[test]
fn a_name_that_is_a_literal_secret() {
    let token = fill("{token}");
    for body in [
        "command: ['/app', '--token', '{token}']",
        "post_start: [{command: 'redis-cli -a {token} ping'}]",
        "logging: {options: {splunk-token: '{token}'}}",
    ] {
        let sandbox = Sandbox::new();
        let body = body.replace("{token}", &token);
        sandbox.file("compose.yaml", 0o644, service(&format!("{body}, env_file: ['./{token}.env']")));
        sandbox.file(format!("{token}.env"), 0o644, "PORT=1\nDB_PASSWORD=short\n");
        let output = sandbox.envward(&["preflight", "--all"]);
        let shown = format!("{}{}", output.stdout, output.stderr);
        assert!(!shown.contains(&token) && shown.contains("[masked].env"), "{body}: {shown}");
    }
}
