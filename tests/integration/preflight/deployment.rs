//! `envward preflight`: what it says, and of what it says nothing.

use std::collections::BTreeSet;

use crate::common::fill::fill;
use crate::common::{Sandbox, TODAY};
use envward::checks::{self, Kind};
use envward::preflight::{ATTESTATIONS, CHECKLISTS, HARDENING};
use serde_json::Value;

/// A deployment that satisfies every line of both checklists.
fn valid() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    let digest = format!("@sha256:{}", "4c0fdaa8b6341bfd".repeat(4));
    let service = |body: &str| {
        format!(
            "{body}    restart: always\n    read_only: true\n    tmpfs: [/tmp]\n    cap_drop: [ALL]\n    security_opt: \
             [no-new-privileges:true]\n    logging: {{driver: json-file, options: {{max-size: 10m, max-file: '3'}}}}\n    \
             deploy:\n      resources:\n        limits: {{cpus: '1.0', memory: 1G}}\n        reservations: {{cpus: '0.5', memory: 512M}}\n"
        )
    };
    let api = service(
        "  api:\n    build: {context: backend}\n    image: takumi/api:1.4.2\n    init: true\n    env_file: [.env]\n    networks: \
         [front, back]\n    ports: ['127.0.0.1:3001:3001']\n    depends_on:\n      postgres: {condition: service_healthy}\n      \
         redis: {condition: service_healthy}\n      migrate: {condition: service_completed_successfully}\n    healthcheck: \
         {test: [CMD, node, health.js], interval: 30s, timeout: 5s, retries: 3}\n",
    );
    let postgres = service(&format!(
        "  postgres:\n    image: postgres:15.5-alpine{digest}\n    networks: [back]\n    secrets: [db_password]\n    \
         environment:\n      POSTGRES_USER: ${{DB_USER:?}}\n      POSTGRES_PASSWORD_FILE: /run/secrets/db_password\n    volumes: \
         ['data:/var/lib/postgresql/data', './postgres.conf:/etc/postgres.conf:ro']\n    healthcheck: {{test: [CMD-SHELL, \
         'pg_isready -U ${{DB_USER}}'], interval: 10s, timeout: 5s}}\n"
    ));
    let redis = service(&format!(
        "  redis:\n    image: redis:7.2.3-alpine{digest}\n    networks: [back]\n    command: [redis-server, --requirepass, \
         '${{REDIS_PASSWORD:?}}']\n    healthcheck: {{test: [CMD, redis-cli, ping], interval: 10s, timeout: 3s}}\n"
    ));
    let grafana = service(&format!(
        "  grafana:\n    image: grafana/grafana:10.2.3{digest}\n    networks: [back]\n    environment:\n      GF_SECURITY_ADMIN_PASSWORD: \
         ${{GRAFANA_PASSWORD:?}}\n    healthcheck: {{test: [CMD, /probe], interval: 10s, timeout: 5s}}\n"
    ));
    let migrate = service(&format!(
        "  migrate:\n    image: takumi/migrate:1.4.2{digest}\n    networks: [back]\n    environment: ['DATABASE_URL=${{DATABASE_URL}}']\n"
    ))
    .replace("restart: always", "restart: 'no'");
    sandbox.file(
        "compose.yaml",
        0o644,
        format!(
            "services:\n{api}{postgres}{redis}{grafana}{migrate}networks:\n  front: {{}}\n  back: {{internal: true}}\nvolumes:\n  data: {{}}\n\
             secrets:\n  db_password: {{file: ./db_password.txt}}\n"
        ),
    );
    sandbox.file("db_password.txt", 0o600, fill("{password}\n"));
    sandbox.file("postgres.conf", 0o644, "log_connections = on\n");
    let keys = "NODE_ENV=\nDB_USER=\nREDIS_PASSWORD=\nDATABASE_URL=\nJWT_SECRET=\nCORS_ORIGINS=\nRATE_LIMIT_MAX=\nGRAFANA_PASSWORD=\n\
                ADMIN_KEY_HASH=\nBILLING_URL=\n";
    for environment in ["development", "test", "production"] {
        sandbox.file(format!(".env.{environment}.example"), 0o644, keys);
    }
    sandbox.file(
        ".env",
        0o600,
        fill(
            "NODE_ENV=production\nDB_USER=takumi\nREDIS_PASSWORD={password2}\nDATABASE_URL=postgres://takumi:{password}@postgres/takumi\n\
             JWT_SECRET={hex64}\nCORS_ORIGINS=https://takumi.example\nRATE_LIMIT_MAX=100\nGRAFANA_PASSWORD={token}\n\
             ADMIN_KEY_HASH={hex64b}\nBILLING_URL=https://billing.example\n",
        ),
    );
    sandbox.file(".gitignore", 0o644, "/.env\n/db_password.txt\n");
    sandbox.file("backend/.dockerignore", 0o644, "**/.env*\n");
    sandbox.file(
        "backend/Dockerfile",
        0o644,
        format!(
            "FROM node:18.19.0-alpine{digest} AS builder\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci --omit=dev\nCOPY src ./src\nRUN npm run \
             build\n\nFROM node:18.19.0-alpine{digest}\nWORKDIR /app\nRUN apk add --no-cache dumb-init\nCOPY --from=builder /app/dist ./dist\nUSER \
             1001\nHEALTHCHECK CMD [\"node\", \"health.js\"]\nENTRYPOINT [\"dumb-init\", \"--\"]\nCMD [\"node\", \"dist/index.js\"]\n"
        ),
    );
    let said: String =
        ATTESTATIONS.iter().map(|one| format!("{} = {{ on = 2026-06-01, by = \"Ada\" }}\n", one.id)).collect();
    sandbox.file("envward.toml", 0o644, format!("[preflight.attestations]\n{said}"));
    sandbox
}

fn json(sandbox: &Sandbox, args: &[&str]) -> Value {
    sandbox.envward(&[&["preflight", "--format", "json", "--as-of", TODAY], args].concat()).json()
}

fn ids(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|one| format!("{} {} {}", one["check"].as_str().unwrap(), one["severity"].as_str().unwrap(), one["key"]))
        .collect()
}

#[test]
fn a_deployment_that_satisfies_every_line_gives_no_finding() {
    let sandbox = valid();
    let report = json(&sandbox, &[]);
    assert_eq!(ids(&report), [""; 0], "{report:#}");
    assert_eq!(report["problems"], Value::Array(Vec::new()));
    let output = sandbox.envward(&["preflight", "--format", "checklist", "--as-of", TODAY]).code(0);
    for line in output.stdout.lines().filter(|line| line.starts_with("  ")) {
        assert!(line.starts_with("  pass") || line.starts_with("  attested") || line.starts_with("     "), "{line}");
    }
    // And so it can fail: each of these is found in it.
    let text = std::fs::read_to_string(sandbox.path("compose.yaml")).unwrap();
    let worse = [
        ("restart: always", "restart: never", "restart-policy"),
        ("read_only: true", "privileged: yes", "privileged-container"),
        ("127.0.0.1:3001:3001", "3001:3001", "open-ports"),
        ("takumi/migrate:1.4.2@sha256:", "takumi/migrate:latest@", "image-not-fixed"),
        ("POSTGRES_PASSWORD_FILE: /run/secrets/db_password", "POSTGRES_PASSWORD: postgres", "secret-in-compose"),
        ("image: postgres:15.5", "user: root\n    image: postgres:15.5", "container-as-root"),
        ("'${REDIS_PASSWORD:?}'", "'${REDIS_PASS:?}'", "undefined-variable"),
        ("./db_password.txt", "./gone.txt", "env-file-missing"),
        ("max-size: 10m, ", "", "unbounded-logs"),
        ("[CMD, redis-cli, ping]", "['NONE']", "no-healthcheck"),
        ("cpus: '1.0', ", "", "no-resource-limits"),
        ("'data:/var/lib/postgresql/data'", "'/etc:/host'", "sensitive-mount"),
        ("redis: {condition: service_healthy}", "redis: {condition: service_started}", "dependency-not-awaited"),
    ];
    for (from, to, check) in worse {
        assert!(text.contains(from), "{from}");
        sandbox.file("compose.yaml", 0o644, text.replace(from, to));
        let found = ids(&json(&sandbox, &[]));
        let is_found = found.iter().any(|one| one.starts_with(check));
        assert!(is_found, "{from} -> {to}: {found:?}");
    }
}

#[test]
fn what_is_done_as_the_checklist_asks_passes() {
    let sandbox = Sandbox::new();
    sandbox.file(
        "compose.yaml",
        0o644,
        "services:\n  app:\n    image: app:1.0\n    mem_limit: 512m\n    cpus: 0.5\n    env_file: [secrets.conf]\n    environment:\n      \
         DB_PASSWORD_FILE: /run/secrets/db\n      API_TOKEN: ${API_TOKEN:?set it}\n      SESSION_SECRET: ${SESSION_SECRET}\n      EMPTY_PASSWORD: ''\n      \
         TOKEN_URL: https://id.example/token\n    restart: always\n    depends_on:\n      once: {condition: service_completed_successfully}\n  once:\n    \
         image: app:1.0\n    command: migrate --url ${DATABASE_URL}\n  tool:\n    image: app:1.0\n    profiles: [tools]\n",
    );
    sandbox.file("secrets.conf", 0o600, fill("SMTP_PASSWORD={password}\n"));
    let found = ids(&json(&sandbox, &[]));
    for check in [
        "secret-in-compose",
        "no-resource-limits",
        "restart-policy",
        "env-file-missing",
        "undefined-variable",
        "env-file-mode",
    ] {
        assert!(!found.iter().any(|one| one.starts_with(check)), "{check}: {found:?}");
    }
}

const BAD: &str =
    "services:\n  db:\n    image: postgres\n    ports: ['5432:5432']\n    environment: {POSTGRES_PASSWORD: hunter2}\n";

#[test]
fn secrets_and_exposure_lead_and_hardening_is_one_line() {
    let sandbox = Sandbox::new();
    sandbox.file("compose.yaml", 0o644, BAD);
    let output = sandbox.envward(&["preflight", "--as-of", TODAY]).code(1);
    let lines: Vec<&str> = output.stdout.lines().collect();
    assert_eq!(lines[0], "compose.yaml");
    assert!(lines.iter().filter(|line| line.contains("hardening:")).count() == 1, "{}", output.stdout);
    assert!(output.stdout.contains("[secret-in-compose]") && output.stdout.contains("[published-port]"));
    assert!(!output.stdout.contains("[no-resource-limits]"));
    let place = |check: &str| output.stdout.find(check).unwrap();
    assert!(place("[secret-in-compose]") < place("[image-not-fixed]"), "the image stands above it in the file");
    assert!(lines.iter().all(|line| line.chars().count() <= 80), "{}", output.stdout);
    let all = sandbox.envward(&["preflight", "--all", "--as-of", TODAY]).code(1).stdout;
    assert!(all.contains("[no-resource-limits]") && !all.contains("hardening:"));
    assert!(!output.stdout.contains("hunter2") && !all.contains("hunter2"));
}

#[test]
fn the_minimal_profile_is_secrets_and_exposure() {
    let sandbox = Sandbox::new();
    sandbox.file("compose.yaml", 0o644, BAD);
    let by_flag = ids(&json(&sandbox, &["--profile", "minimal"]));
    assert!(by_flag.iter().any(|one| one.starts_with("secret-in-compose")));
    assert!(!by_flag.iter().any(|one| HARDENING.iter().any(|check| one.starts_with(check))), "{by_flag:?}");
    sandbox.file("envward.toml", 0o644, "[preflight]\nprofile = \"minimal\"\n");
    assert_eq!(ids(&json(&sandbox, &[])), by_flag);
    assert!(ids(&json(&sandbox, &["--profile", "takumi"])).len() > by_flag.len());
}

#[test]
fn the_checklist_mirrors_the_lines() {
    let sandbox = Sandbox::new();
    sandbox.file("compose.yaml", 0o644, BAD);
    sandbox.file("envward.toml", 0o644, "[preflight.attestations]\nsecurity-audit = { on = 2026-06-01, by = \"Ada *L*\" }\nincident-plan = { on = 2025-06-01, by = \"Ada\" }\n");
    let output = sandbox.envward(&["preflight", "--format", "checklist", "--as-of", TODAY]).code(1).stdout;
    for line in [
        "  fail      All Docker images use fixed versions (no latest): 1 finding",
        "  not seen  Volume permissions verified",
        "  fail      Network isolation configured (if using custom networks): 1 finding",
        "  not seen  Non-root user configured in Dockerfile",
        "  attested  Security audit completed (2026-06-01, by Ada *L*)",
        "  stale     Incident response plan documented: attested on 2025-06-01, too long",
    ] {
        assert!(output.lines().any(|known| known == line), "{line}\n{output}");
    }
    let markdown = sandbox.envward(&["preflight", "--format", "markdown", "--as-of", TODAY]).code(1).stdout;
    for line in [
        "### Pre-Deployment Checklist",
        "- [ ] All Docker images use fixed versions (no `latest`) — fail: 1 finding",
        "- [ ] Volume permissions verified — not seen",
        "- [x] Security audit completed — attested (2026-06-01, by Ada \\*L\\*)",
    ] {
        assert!(markdown.lines().any(|known| known == line), "{line}\n{markdown}");
    }
    let lines = CHECKLISTS.iter().flat_map(|list| list.lines).count();
    assert_eq!(markdown.lines().filter(|line| line.starts_with("- [")).count(), lines);
}

#[test]
fn a_file_answers_some_lines() {
    let sandbox = Sandbox::new();
    sandbox.file("compose.yaml", 0o644, BAD);
    let said = |sandbox: &Sandbox| {
        let report = json(sandbox, &[]);
        let findings = report["findings"].as_array().unwrap().iter();
        let facts =
            findings.filter(|one| one["check"] == "attestation-missing").map(|one| one["facts"]["missing"].clone());
        facts.flat_map(|missing| missing.as_array().unwrap().clone()).collect::<Vec<Value>>()
    };
    let before = said(&sandbox);
    assert_eq!(before.len(), ATTESTATIONS.len());
    sandbox.file("docs/INCIDENT_RESPONSE.md", 0o644, "# Who is called\n");
    sandbox.file("ops/alerts.yml", 0o644, "groups: []\n");
    sandbox.file(".github/workflows/ci.yml", 0o644, "steps: [{run: trivy image app:1.0}]\n");
    let probe = "services:\n  app: {image: 'app:1.0', healthcheck: {test: curl -f http://localhost:3001/health}, logging: {driver: gelf}}\n";
    sandbox.file("compose.yaml", 0o644, probe);
    let after = said(&sandbox);
    let answered: Vec<&Value> = before.iter().filter(|id| !after.contains(id)).collect();
    assert_eq!(answered, ["central-logs", "health-endpoints", "image-scan", "incident-plan", "monitoring"]);
    let output = sandbox.envward(&["preflight", "--format", "checklist", "--as-of", TODAY]).code(1).stdout;
    for line in [
        "Health check endpoints implemented in application",
        "Incident response plan documented",
        "Monitoring and alerting configured",
    ] {
        assert!(output.contains(&format!("  pass      {line}\n")), "{output}");
    }
}

#[test]
fn every_line_names_checks_that_exist_and_every_check_of_a_deployment_has_a_line_or_is_about_exposure() {
    let listed: BTreeSet<&str> =
        CHECKLISTS.iter().flat_map(|list| list.lines).flat_map(|line| line.checks).copied().collect();
    let unknown: Vec<&&str> = listed.iter().filter(|id| checks::find(id).is_none()).collect();
    assert_eq!(unknown, [&""; 0]);
    let unknown: Vec<&&str> = HARDENING.iter().filter(|id| checks::find(id).is_none()).collect();
    assert_eq!(unknown, [&""; 0]);
    // They are hardening beyond the checklists, or about the lists themselves.
    let beyond = [
        "capabilities-kept",
        "new-privileges-allowed",
        "writable-root-filesystem",
        "attestation-missing",
        "attestation-stale",
        "image-behind",
    ];
    let deployed = [Kind::Compose, Kind::Settings, Kind::Deployment, Kind::Dockerfile];
    let of_deployment = checks::ALL.iter().filter(|check| check.kinds.iter().any(|kind| deployed.contains(kind)));
    let without: Vec<&str> =
        of_deployment.map(|check| check.id).filter(|id| !listed.contains(id) && !beyond.contains(id)).collect();
    assert_eq!(without, [""; 0]);
}

#[test]
fn a_check_cites_the_line_that_it_answers() {
    let mut without = Vec::new();
    for line in CHECKLISTS.iter().flat_map(|list| list.lines) {
        for id in line.checks.iter().filter_map(|id| checks::find(id)) {
            let of_deployment =
                id.kinds.iter().any(|kind| matches!(kind, Kind::Compose | Kind::Settings | Kind::Deployment));
            let cites = CHECKLISTS
                .iter()
                .flat_map(|list| list.lines)
                .any(|line| id.doc.contains(&format!("\"{}\"", line.text)));
            if of_deployment && !cites {
                without.push(id.id);
            }
        }
    }
    let beyond = ["privileged-container", "added-capability", "respelled-secret"];
    without.retain(|id| !beyond.contains(id));
    assert_eq!(without, [""; 0], "no line of the checklist is quoted there");
}

#[test]
fn files_are_taken_together_as_compose_takes_them() {
    let sandbox = Sandbox::new();
    let base = "services:\n  app:\n    image: app:1.0\n    environment: {SESSION_SECRET: 'literal-one-two'}\n";
    sandbox.file("docker-compose.yml", 0o644, base);
    let severity = |sandbox: &Sandbox| {
        let report = json(sandbox, &[]);
        let findings = report["findings"].as_array().unwrap().iter();
        findings
            .filter(|one| one["check"] == "secret-in-compose")
            .map(|one| one["severity"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(severity(&sandbox), ["error"]);
    // A production file that takes it away makes the base a developer's.
    sandbox.file("docker-compose.prod.yml", 0o644, "services:\n  app:\n    environment: !reset {}\n");
    assert_eq!(severity(&sandbox), ["note"]);
    // One that leaves it there does not.
    sandbox.file("docker-compose.prod.yml", 0o644, "services:\n  app:\n    restart: always\n");
    assert_eq!(severity(&sandbox), ["error"]);
    std::fs::remove_file(sandbox.path("docker-compose.prod.yml")).unwrap();
    // The override is loaded by itself, and `COMPOSE_FILE` names all there is.
    sandbox.file("docker-compose.override.yml", 0o644, "services:\n  app:\n    environment: !override {A: b}\n");
    assert_eq!(severity(&sandbox), [""; 0]);
    sandbox.file(".env", 0o600, "COMPOSE_FILE=docker-compose.yml:dev/other.yml\n");
    sandbox.file("dev/other.yml", 0o644, "services:\n  app: {user: '1'}\n");
    // It is what runs here, whatever it is called.
    assert_eq!(severity(&sandbox), ["error"]);
    // What a name says.
    let other = Sandbox::new();
    other.file("docker-compose.test.yml", 0o644, base);
    other.file(".devcontainer/compose.yaml", 0o644, base);
    assert_eq!(severity(&other), ["note", "note"]);
    other.file("envward.toml", 0o644, "[project.environments]\n\"docker-compose.test.yml\" = \"production\"\n");
    assert_eq!(severity(&other), ["error", "note"]);
}

#[test]
fn one_compose_file_is_asked_about_with_what_it_names() {
    let sandbox = Sandbox::new();
    sandbox.file("a/compose.yaml", 0o644, "services:\n  app:\n    image: app\n    env_file: ../shared.conf\n");
    sandbox.file("a/docker-compose.other.yml", 0o644, "services:\n  other:\n    image: other\n");
    sandbox.file("b/compose.yaml", 0o644, "services:\n  far:\n    image: far\n");
    let found = ids(&json(&sandbox, &["a/compose.yaml"]));
    assert!(found.iter().any(|one| one == "image-not-fixed error \"app\""), "{found:?}");
    assert!(!found.iter().any(|one| one.contains("other") || one.contains("far")), "{found:?}");
    let _ = sandbox.envward(&["preflight", "shared.conf"]).code(2);
    sandbox.file("shared.conf", 0o600, "A=1\n");
    let output = sandbox.envward(&["preflight", "shared.conf"]).code(2);
    assert!(output.stdout.contains("shared.conf is not a compose file"), "{}", output.stdout);
    sandbox.file("Dockerfile", 0o644, "FROM scratch\n");
    let output = sandbox.envward(&["preflight", "Dockerfile"]).code(2);
    assert!(output.stderr.contains("a directory or a compose file"), "{}", output.stderr);
}

#[test]
fn what_compose_names_belongs_to_the_env_files_of_every_command() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    let password = fill("{password}");
    sandbox.file("compose.yaml", 0o644, "services:\n  app:\n    image: app:1.0\n    env_file: [{path: conf/settings, required: false}]\n    secrets: [key]\nsecrets:\n  key: {file: conf/key.txt}\n");
    sandbox.file("conf/settings", 0o644, format!("DB_PASSWORD={password}\n"));
    sandbox.file("conf/key.txt", 0o644, fill("{token}\n"));
    let report = sandbox.envward(&["check", "--format", "json", "--as-of", TODAY]).code(1).json();
    let found: Vec<(String, String)> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["check"].as_str().unwrap().to_owned(), one["path"].as_str().unwrap().to_owned()))
        .collect();
    for path in ["conf/settings", "conf/key.txt"] {
        for check in ["env-file-mode", "env-file-not-ignored"] {
            assert!(found.contains(&(check.to_owned(), path.to_owned())), "{check} {path}: {found:?}");
        }
    }
    // The live set: the value is in use, and in a commit.
    sandbox.git(&["add", "conf/settings"]);
    sandbox.git(&["commit", "-m", "settings"]);
    let report = sandbox.envward(&["check", "--format", "json", "--as-of", TODAY]).code(1).json();
    assert!(
        report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["check"] == "secret-still-live" && one["path"] == "conf/settings"),
        "{report:#}"
    );
    // Rotation.
    let status = sandbox.envward(&["rotation", "status", "--as-of", TODAY]);
    assert!(status.stdout.contains("DB_PASSWORD") && status.stdout.contains("conf/key.txt"), "{}", status.stdout);
}

#[test]
fn what_is_safe_is_mended() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.file("compose.yaml", 0o644, "services:\n  app:\n    build: .\n    env_file: prod.conf\n");
    sandbox.file("Dockerfile", 0o644, "FROM scratch\nCOPY . /\n");
    sandbox.file("prod.conf", 0o644, fill("DB_PASSWORD={password}\n"));
    let dry = sandbox.envward(&["preflight", "--fix", "--dry-run"]).code(1);
    assert!(dry.stdout.contains("would fix  prod.conf: mode 0644 -> 0600"), "{}", dry.stdout);
    assert!(!sandbox.path(".gitignore").exists());
    let done = sandbox.envward(&["preflight", "--fix"]).code(1);
    assert!(done.stdout.contains("fixed  .gitignore: new line /prod.conf"), "{}", done.stdout);
    assert!(done.stdout.contains("fixed  .dockerignore: new line prod.conf"), "{}", done.stdout);
    let found = ids(&json(&sandbox, &[]));
    for check in ["env-file-mode", "env-file-not-ignored", "env-file-in-build-context"] {
        assert!(!found.iter().any(|one| one.starts_with(check)), "{check}: {found:?}");
    }
}

#[test]
fn what_cannot_be_read_is_never_clean() {
    let cases = [
        ("services: {a: {image: x, image: y}}\n", "broken-compose-file"),
        ("services:\n  a: {extends: {file: gone.yml, service: a}}\n", "broken-compose-file"),
        ("- a\n", "broken-compose-file"),
        ("services:\n  a: {image: '${'}\n", "broken-compose-file"),
    ];
    for (text, kind) in cases {
        let sandbox = Sandbox::new();
        sandbox.file("compose.yaml", 0o644, text);
        for command in ["preflight", "check"] {
            let report = sandbox.envward(&[command, "--format", "json"]).code(2).json();
            assert_eq!(report["problems"][0]["kind"], kind, "{text}");
        }
        sandbox.file(
            "envward.toml",
            0o644,
            "[[accept]]\nproblem = \"broken-compose-file\"\npath = \"*.y*ml\"\nreason = \"rendered by a template\"\n",
        );
        let _ = sandbox.envward(&["check", "--format", "json"]).code(0);
    }
}

#[test]
fn attestations_are_read_strictly() {
    let sandbox = Sandbox::new();
    for text in [
        "[preflight]\nprofile = \"all\"\n",
        "[preflight.attestations]\nsecurity-audits = { on = 2026-06-01, by = \"Ada\" }\n",
        "[preflight.attestations]\nsecurity-audit = { by = \"Ada\" }\n",
        "[preflight.attestations]\nsecurity-audit = { on = 2026-06-01 }\n",
        "[preflight.attestations]\nsecurity-audit = true\n",
        "[preflight.attestations]\nsecurity-audit = { on = 2026-06-01, by = \"Ada\", why = \"x\" }\n",
    ] {
        sandbox.file("envward.toml", 0o644, text);
        let _ = sandbox.envward(&["preflight"]).code(2);
    }
}

/// A gate that stands in the wrong directory does not open.
#[test]
fn nothing_to_deploy_is_not_clean() {
    let sandbox = Sandbox::new();
    sandbox.file("README.md", 0o644, "x\n");
    let output = sandbox.envward(&["preflight", "--format", "json"]).code(2).json();
    assert_eq!(output["problems"][0]["kind"], "nothing-to-deploy");
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    let output = sandbox.envward(&["preflight", "--format", "json"]).json();
    assert_eq!(output["problems"], Value::Array(Vec::new()));
}
