//! Files.

use super::*;

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
