//! Lines.

use super::*;

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

/// A note of a check that warns elsewhere is counted among the notes alone.
#[test]
fn hardening_counts_each_finding_once() {
    let sandbox = Sandbox::new();
    let service = |name: &str, restart: &str| format!("  {name}: {{image: 'x:1.0.0', restart: {restart}}}\n");
    let compose = format!("services:\n{}{}", service("a", "on-failure"), service("b", "unless-stopped"));
    sandbox.file("compose.yaml", 0o644, compose);
    let is_hardening = |id: &str| checks::ALL.iter().any(|check| check.id == id && check.tier == Tier::Hardening);
    let found = ids(&json(&sandbox, &[]));
    let notes = found.iter().map(|one| one.split(' ').collect::<Vec<_>>());
    let notes = notes.filter(|words| words[1] == "note" && is_hardening(words[0])).count();
    let screen = sandbox.envward(&["preflight", "--as-of", TODAY]).stdout;
    let expected = format!("hardening: no-resource-limits 2, restart-policy 1, {notes} notes ");
    assert!(screen.contains(&expected), "{expected}\n{screen}");
}

#[test]
fn the_minimal_profile_is_secrets_and_exposure() {
    let sandbox = Sandbox::new();
    sandbox.file("compose.yaml", 0o644, BAD);
    let by_flag = ids(&json(&sandbox, &["--profile", "minimal"]));
    assert!(by_flag.iter().any(|one| one.starts_with("secret-in-compose")));
    let hardening: Vec<&str> =
        checks::ALL.iter().filter(|check| check.tier == Tier::Hardening).map(|check| check.id).collect();
    assert!(!by_flag.iter().any(|one| hardening.iter().any(|check| one.starts_with(check))), "{by_flag:?}");
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
        "  stale     Incident response plan documented: attested on 2025-06-01, no longer",
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
fn every_line_is_answered_and_every_check_of_a_deployment_has_a_line_or_is_about_exposure() {
    let lines = || CHECKLISTS.iter().flat_map(|list| list.lines);
    let is_open = |line: &&Line| line.checks().is_empty() && line.attestation.is_none();
    let open: Vec<&str> = lines().filter(is_open).map(|line| line.text).collect();
    assert_eq!(open, [""; 0]);
    let listed: BTreeSet<&str> = lines().flat_map(Line::checks).map(|check| check.id).collect();
    let items: Vec<_> = lines().filter_map(|line| line.item).collect();
    let of_no_line: Vec<&str> = checks::ALL
        .iter()
        .filter(|check| check.checklist.iter().any(|(item, _)| !items.contains(item)))
        .map(|check| check.id)
        .collect();
    assert_eq!(of_no_line, [""; 0]);
    let places = |item| {
        let own = checks::ALL.iter().flat_map(|check| check.checklist).filter(move |(known, _)| *known == item);
        let places: BTreeSet<usize> = own.map(|(_, place)| usize::from(*place)).collect();
        places
    };
    let unordered: Vec<&str> = lines()
        .filter(|line| line.item.is_some_and(|item| places(item) != (1..=line.checks().len()).collect()))
        .map(|line| line.text)
        .collect();
    assert_eq!(unordered, [""; 0], "the places of its checks are not 1, 2, 3 …");
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
        for check in line.checks() {
            let of_deployment =
                check.kinds.iter().any(|kind| matches!(kind, Kind::Compose | Kind::Settings | Kind::Deployment));
            let cites = CHECKLISTS
                .iter()
                .flat_map(|list| list.lines)
                .any(|line| check.doc.contains(&format!("\"{}\"", line.text)));
            if of_deployment && !cites {
                without.push(check.id);
            }
        }
    }
    let beyond = ["privileged-container", "added-capability", "respelled-secret"];
    without.retain(|id| !beyond.contains(id));
    assert_eq!(without, [""; 0], "no line of the checklist is quoted there");
}
