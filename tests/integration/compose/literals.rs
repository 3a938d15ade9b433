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
