//! The checklists of `preflight`: a line passes where its checks ran and had something to look at, and says which.

use crate::common::Sandbox;
use crate::common::fill::fill;

/// A project of these files; env files get their mode.
fn project(files: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::new();
    for (path, text) in files {
        let mode = if path.ends_with(".env") { 0o600 } else { 0o644 };
        sandbox.file(path, mode, fill(text));
    }
    sandbox
}

fn checklist(sandbox: &Sandbox, args: &[&str]) -> String {
    sandbox.envward(&[&["preflight", "--format", "checklist"], args].concat()).stdout
}

/// The word in front of the line that begins so.
fn state(list: &str, text: &str) -> String {
    let line = list.lines().find(|line| line.get(12..).is_some_and(|line| line.starts_with(text)));
    line.unwrap_or_else(|| panic!("{text}: {list}"))[2..10].trim().to_owned()
}

fn states(files: &[(&str, &str)], text: &str) -> String {
    state(&checklist(&project(files), &[]), text)
}

const VERSIONS: &str = "All Docker images";
const SECRETS: &str = "All secrets in environment";

#[test]
fn a_check_that_did_not_run_passes_nothing() {
    let files = [
        ("compose.yaml", "services:\n  app: {image: 'acme/app:1.4.2', restart: always}\n"),
        ("Dockerfile", "FROM alpine:3.19.1\nUSER 1001\n"),
        (".env", "RATE_LIMIT_MAX=100\n"),
        (".dockerignore", "**/.env*\n"),
    ];
    let sandbox = project(&files);
    let (all, minimal) = (checklist(&sandbox, &[]), checklist(&sandbox, &["--profile", "minimal"]));
    for line in [VERSIONS, "Restart policy", "Non-root user", "Rate limiting"] {
        assert_eq!((state(&all, line), state(&minimal, line)), ("pass".into(), "not seen".into()), "{line}");
    }
    // These are what is left.
    for line in [SECRETS, ".env files have"] {
        assert_eq!((state(&all, line), state(&minimal, line)), ("pass".into(), "pass".into()), "{line}");
    }
}

#[test]
fn what_could_not_be_examined_passes_nothing() {
    let of = |build: &str, file: &str| {
        let compose = format!("services:\n  app: {{image: 'acme/app:1.4.2', build: {build}}}\n");
        let sandbox = project(&[("compose.yaml", &compose), ("Dockerfile", file)]);
        let list = checklist(&sandbox, &[]);
        [VERSIONS, SECRETS, "Non-root user", "Network isolation"].map(|line| state(&list, line))
    };
    let good = "FROM alpine:3.19.1\nUSER 1001\n";
    assert_eq!(of(".", good), ["pass"; 4]);
    let unseen = ["not seen", "not seen", "not seen", "pass"];
    assert_eq!(of("https://git.example/app.git", good), unseen);
    assert_eq!(of("{context: ., dockerfile: gone}", good), unseen);
    assert_eq!(of("{context: ., target: gone}", good), unseen);
    assert_eq!(of(".", "FROM alpine:3.19.1\nUSER 1001\nRUM true\n"), unseen);
    // Of a compose file that is refused nothing is known.
    let broken = [("compose.yaml", "services:\n  app: {image: 'a:1.0', imgae: b}\n"), ("api/Dockerfile", good)];
    assert_eq!(states(&broken, VERSIONS), "not seen");
}

#[test]
fn only_what_was_asked_about_counts() {
    let files = [
        ("a/compose.yaml", "services:\n  app: {image: 'acme/app:1.4.2'}\n"),
        ("b/Dockerfile", "FROM alpine:3.19.1\nUSER 1001\n"),
    ];
    let sandbox = project(&files);
    assert_eq!(state(&checklist(&sandbox, &[]), "Non-root user"), "pass");
    assert_eq!(state(&checklist(&sandbox, &["a/compose.yaml"]), "Non-root user"), "not seen");
    assert_eq!(state(&checklist(&sandbox, &["a"]), "Non-root user"), "not seen");
}

#[test]
fn nothing_to_look_at_is_not_seen() {
    let bare = [("compose.yaml", "services:\n  app: {image: 'acme/app:1.4.2'}\n"), (".env", "PORT=8080\n")];
    let list = checklist(&project(&bare), &[]);
    for line in [
        "Dependency health checks",
        "Monitoring stack",
        "Volume permissions",
        "Container logs",
        "Secrets generated",
        "Database passwords",
        "JWT secrets",
        "Admin API keys",
        "CORS origins",
        "SSL/TLS enabled",
        "Non-root user",
    ] {
        assert_eq!(state(&list, line), "not seen", "{line}");
    }
}

#[test]
fn something_to_look_at_passes() {
    let env =
        "DB_PASSWORD={password}\nJWT_SECRET={hex64}\nCORS_ORIGINS=https://a.example\nPAY_URL=https://pay.example/v1\n";
    let compose = "services:\n  app:\n    image: acme/app:1.4.2\n    volumes: ['data:/data']\n    depends_on: {once: {condition: \
                   service_completed_successfully}}\n  once: {image: 'acme/once:1.0.1'}\nvolumes: {data: {}}\n";
    let list = checklist(&project(&[("compose.yaml", compose), (".env", env)]), &[]);
    for line in [
        "Dependency health checks",
        "Volume permissions",
        "Secrets generated",
        "Database passwords",
        "JWT secrets",
        "CORS origins",
        "SSL/TLS enabled",
    ] {
        assert_eq!(state(&list, line), "pass", "{line}\n{list}");
    }
}

/// What speaks at a port that this host opens nobody asks here.
#[test]
fn a_port_at_which_tls_is_not_known() {
    for (port, expected) in
        [("443:443", "pass"), ("127.0.0.1:8080:80", "pass"), ("8080:80", "not seen"), ("[::]:80:8080", "not seen")]
    {
        let compose = format!("services:\n  app: {{image: 'acme/app:1.4.2', ports: ['{port}']}}\n");
        let files = [("compose.yaml", compose.as_str()), (".env", "PAY_URL=https://pay.example/v1\n")];
        assert_eq!(states(&files, "SSL/TLS enabled"), expected, "{port}");
    }
}

#[test]
fn origins_that_somebody_set() {
    let line = "CORS origins";
    for (setting, expected) in [
        ("CORS_ORIGINS=https://a.example", "pass"),
        ("ALLOWED_ORIGINS=a.example", "pass"),
        ("CORS_ALLOW_ALL=false", "pass"),
        ("CORS_ORIGINS=", "not seen"),
        ("CORS_ENABLED=true", "not seen"),
        ("CORS=true", "not seen"),
        ("ORIGIN_HOST=a.example", "not seen"),
        ("CORS_ORIGINS=*", "fail"),
    ] {
        assert_eq!(states(&[(".env", &format!("{setting}\n"))], line), expected, "{setting}");
    }
    let service = "services:\n  app: {image: 'acme/app:1.4.2', environment: {CORS_ORIGIN: 'https://a.example'}}\n";
    assert_eq!(states(&[("compose.yaml", service)], line), "pass");
}

#[test]
fn passwords_whose_length_nobody_measures() {
    let of = |name: &str, literal: &str| {
        let compose =
            format!("services:\n  db: {{image: 'postgres:15.5', environment: {{POSTGRES_PASSWORD: '{literal}'}}}}\n");
        states(&[(name, &compose), (".env", "DB_PASSWORD={password}\n")], "Database passwords")
    };
    assert_eq!(of("compose.yaml", "${DB_PASSWORD}"), "pass");
    assert_eq!(of("compose.yaml", "{token2}"), "not seen");
    // A developer's own is no matter of production.
    assert_eq!(of("compose.dev.yaml", "{token2}"), "pass");
}

/// What is wrong and in no line is no secret: who reads the list alone would deploy.
#[test]
fn what_no_line_is_about_is_counted() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox.file("compose.yaml", 0o644, "services:\n  app: {image: 'acme/app:1.4.2', env_file: .env}\n");
    sandbox.git(&["add", "--force", "."]);
    sandbox.git(&["commit", "-qm", "x"]);
    for format in ["checklist", "markdown"] {
        let said = sandbox.envward(&["preflight", "--format", format]).code(1).stdout;
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        let (_, rest) = said.split_once("not in these lists: ").expect("what no line is about");
        assert!(rest.contains("1 critical finding") && rest.ends_with("envward preflight shows them"), "{said}");
    }
    let said = checklist(&project(&[("Dockerfile", "FROM alpine:latest\n")]), &[]);
    assert!(said.contains("fail") && !said.contains("not in these lists"), "{said}");
}

#[test]
fn logs_of_every_service() {
    let of = |first: &str, second: &str| {
        let compose = format!("services:\n  a: {{image: 'a:1.0', {first}}}\n  b: {{image: 'b:1.0', {second}}}\n");
        states(&[("compose.yaml", &compose)], "Container logs")
    };
    let (ships, rotates) = ("logging: {driver: gelf}", "logging: {options: {max-size: 10m}}");
    assert_eq!(of(ships, rotates), "pass");
    assert_eq!(of(ships, "init: true"), "not seen");
    assert_eq!(of(ships, "logging: {}"), "not seen");
    assert_eq!(of(ships, "profiles: [tools]"), "pass");
    assert_eq!(of(ships, "logging: {driver: none}"), "fail");
    // Another stack's say nothing about these; a developer's need not.
    let (bare, says) =
        ("services:\n  a: {image: 'a:1.0'}\n", "services:\n  b: {image: 'b:1.0', logging: {driver: gelf}}\n");
    assert_eq!(states(&[("a/compose.yaml", bare), ("b/compose.yaml", says)], "Container logs"), "not seen");
    assert_eq!(states(&[("a/compose.dev.yaml", bare)], "Container logs"), "not seen");
    assert_eq!(states(&[("a/compose.dev.yaml", bare), ("b/compose.yaml", says)], "Container logs"), "pass");
}

#[test]
fn a_monitoring_stack_that_is_judged() {
    let of =
        |services: &str| states(&[("compose.yaml", &format!("services:\n{services}")), ("g.ini", "a\n")], "Monitoring");
    let grafana = "  g: {image: 'grafana/grafana:10.2.3', environment: {GF_SECURITY_ADMIN_PASSWORD: '${P:?}'}}\n";
    assert_eq!(of(grafana), "pass");
    assert_eq!(of("  g: {image: 'grafana/grafana:10.2.3'}\n"), "fail");
    // Nobody here knows how this one asks who they are, and nobody opens that file.
    assert_eq!(of(&format!("{grafana}  l: {{image: 'grafana/loki:2.9.4'}}\n")), "not seen");
    let own = "  g: {image: 'grafana/grafana:10.2.3', volumes: ['./g.ini:/etc/grafana/grafana.ini:ro']}\n";
    assert_eq!(of(own), "not seen");
    assert_eq!(of("  c: {image: 'redis:7.2.3', command: 'redis-server --requirepass ${P:?}'}\n"), "not seen");
}

#[test]
fn a_comment_shows_nothing() {
    let missing = |path: &str, text: &str| {
        let sandbox = project(&[(path, text), ("compose.yaml", "services:\n  app: {image: 'acme/app:1.4.2'}\n")]);
        let report = sandbox.envward(&["preflight", "--format", "json"]).json();
        let findings = report["findings"].as_array().unwrap();
        findings.iter().find(|one| one["check"] == "attestation-missing").unwrap()["facts"]["missing"].to_string()
    };
    let table = [
        (
            ".gitlab-ci.yml",
            "scan:\n  script: [trivy image app]\n",
            "scan:\n  script: [make] # trivy image app\n",
            "image-scan",
        ),
        ("Jenkinsfile", "sh 'grype app'\n", "// sh 'grype app'\n/* sh 'trivy image app'\n */\n", "image-scan"),
        (".circleci/config.yml", "- run: docker scout cves\n", "#- run: docker scout cves\n", "image-scan"),
        ("ops/alerts.yml", "groups: []\n", "# groups:\n#  - name: a\n", "monitoring"),
        ("INCIDENT.md", "Who is called\n", "\n", "incident-plan"),
    ];
    for (path, says, comment, id) in table {
        assert!(!missing(path, says).contains(id), "{path}");
        assert!(missing(path, comment).contains(id), "{path}");
    }
}

#[test]
fn each_line_names_what_it_rests_on() {
    let files = [
        ("compose.yaml", "services:\n  app: {build: api, image: 'acme/app:1.4.2', restart: always}\n"),
        ("api/Dockerfile", "FROM alpine:3.19.1\nUSER 1001\n"),
        ("docs/INCIDENT.md", "Who is called\n"),
    ];
    let sandbox = project(&files);
    let list = checklist(&sandbox, &["--all"]);
    let rows: Vec<&str> = list.lines().map(str::trim_start).collect();
    let behind = |text: &str| rows.iter().position(|row| row.contains(text)).map(|at| rows[at + 1..].to_vec()).unwrap();
    assert_eq!(behind("Restart policy")[..2], ["checks: restart-policy", "files: compose.yaml"]);
    assert_eq!(
        behind("Non-root user")[..2],
        ["checks: container-as-root, image-runs-as-root", "files: api/Dockerfile"]
    );
    assert_eq!(behind("Incident response")[..2], ["files: docs/INCIDENT.md", "attestation: incident-plan"]);
    assert!(behind("JWT secrets")[0].starts_with("checks: short-secret, weak-secret, "), "{list}");
    assert!(list.lines().all(|line| line.chars().count() <= 80), "{list}");
    assert!(!checklist(&sandbox, &[]).contains("checks:"));
    let markdown = sandbox.envward(&["preflight", "--format", "markdown", "--all"]).stdout;
    assert!(markdown.contains("  - checks: restart-policy\n  - files: compose.yaml\n"), "{markdown}");
}

const RANDOM: &str = "Secrets generated";
const DATABASE: &str = "Database passwords";
const JWT: &str = "JWT secrets";

/// A line about secrets passes only where each of its secrets is as the line says.
#[test]
fn no_secret_that_a_check_calls_bad_passes_a_line() {
    let of = |bad: &str, line: &str| {
        let good = "DB_PASSWORD={password}\nJWT_SECRET={hex64}\nADMIN_API_KEY_HASH='$2b$12$abcdefghijklmnopqrstuvabcdefghijklmnopqrstuvwxyz01234'\n";
        states(&[(".env", &format!("{good}{bad}\n"))], line)
    };
    for (bad, line) in [
        ("REDIS_PASSWORD=redis123", DATABASE),
        ("REDIS_PASSWORD=changeme", DATABASE),
        ("REDIS_PASSWORD=", DATABASE),
        ("REDIS_PASSWORD={hex16}", DATABASE),
        ("REDIS_PASSWORD={hex64}$x", DATABASE),
        ("REFRESH_JWT_SECRET=secret", JWT),
        ("REFRESH_JWT_SECRET=changeme", JWT),
        ("REFRESH_JWT_SECRET=", JWT),
        ("REFRESH_JWT_SECRET={hex32}", JWT),
        ("SESSION_SECRET=secret", RANDOM),
        ("SESSION_SECRET=changeme", RANDOM),
        ("ADMIN_API_KEY=changeme", "Admin API keys"),
    ] {
        assert_eq!(of("", line), "pass", "{line}");
        assert_eq!(of(bad, line), "fail", "{bad}: {line}");
    }
    // A line is about its own secrets.
    assert_eq!(of("SESSION_SECRET=secret", DATABASE), "pass");
    assert_eq!(of("SESSION_SECRET={hex16}", DATABASE), "pass");
    assert_eq!(of("REDIS_PASSWORD=redis123", JWT), "pass");
}

#[test]
fn a_secret_that_everybody_can_read_in_the_template_is_not_random() {
    let files = [(".env", "SESSION_SECRET={token}\n"), (".env.example", "SESSION_SECRET={token}\n")];
    assert_eq!(states(&files[..1], RANDOM), "pass");
    assert_eq!(states(&files, RANDOM), "fail");
}

#[test]
fn secrets_whose_strength_nobody_measures() {
    let env = "DB_PASSWORD={password}\nJWT_SECRET={hex64}\n";
    let service =
        |key: &str| format!("services:\n  a: {{image: 'acme/a:1.4.2', environment: {{{key}: '{{token2}}'}}}}\n");
    let of = |path: &str, text: &str, line: &str| states(&[(path, text), (".env", env)], line);
    assert_eq!(of("compose.yaml", &service("JWT_SECRET"), JWT), "not seen");
    assert_eq!(of("compose.yaml", &service("JWT_SECRET"), DATABASE), "pass");
    assert_eq!(of("compose.yaml", &service("SESSION_SECRET"), RANDOM), "not seen");
    assert_eq!(of("Dockerfile", "FROM alpine:3.19.1\nENV JWT_SECRET={token2}\nUSER 1001\n", JWT), "not seen");
    // The line names a length. Where the configuration asks for less, nobody measured by it.
    for (length, expected) in [(63, "not seen"), (64, "pass")] {
        let config = format!("[policy.minimum_length]\ndatabase-password = {length}\n");
        assert_eq!(of("envward.toml", &config, DATABASE), expected, "{length}");
    }
}

#[test]
fn a_secret_in_a_tracked_file_is_hardcoded() {
    let compose = "services:\n  app: {image: 'acme/app:1.4.2', env_file: .env}\n";
    let sandbox = project(&[
        ("compose.yaml", compose),
        (".env", "DB_PASSWORD={password}\n"),
        (".gitignore", ".env\n"),
        ("app.py", "connect('postgres://app@db')\n"),
    ]);
    sandbox.git(&["init", "--quiet"]);
    sandbox.git(&["add", "."]);
    assert_eq!(state(&checklist(&sandbox, &[]), SECRETS), "pass");
    sandbox.file("app.py", 0o644, fill("connect('postgres://app:{password}@db')\n"));
    sandbox.git(&["add", "."]);
    assert_eq!(state(&checklist(&sandbox, &[]), SECRETS), "fail");
}
