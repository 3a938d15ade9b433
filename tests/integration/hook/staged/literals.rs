//! Secrets that are written in a compose file or a Dockerfile, and in no env file.

use super::*;

const COMPOSE: &str =
    "services:\n  db:\n    image: postgres:16.4\n    environment:\n      POSTGRES_PASSWORD: {password}\n";

#[test]
fn a_password_in_a_compose_file_stops() {
    let sandbox = guarded();
    stage(&sandbox, "deploy/compose.yaml", COMPOSE);
    let said = is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    assert!(said.contains("deploy/compose.yaml:5: environment contains the secret POSTGRES_PASSWORD"), "{said}");
    assert!(said.contains("[secret-in-compose]") && said.contains("use a variable here"), "{said}");
    assert!(!said.contains(fill("{password}").trim()), "{said}");
}

#[test]
fn a_password_in_a_dockerfile_stops() {
    let sandbox = guarded();
    stage(&sandbox, "Dockerfile", "FROM node:22.1.0\nENV DB_PASSWORD={password}\n");
    let said = is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    assert!(said.contains("Dockerfile:2: ENV contains the secret DB_PASSWORD"), "{said}");
    assert!(said.contains("[secret-in-dockerfile]"), "{said}");
}

/// Docker reads both names, and the last commit has the secret already: what only moves is no new secret, before a push
/// neither.
#[test]
fn a_file_under_another_of_its_usual_names() {
    let dockerfile = "FROM node:22.1.0\nENV DB_PASSWORD={password}\n";
    for (old, new, text) in [
        ("docker-compose.yml", "compose.yaml", COMPOSE),
        ("deploy/compose.yml", "deploy/docker-compose.yaml", COMPOSE),
        ("Dockerfile", "Containerfile", dockerfile),
    ] {
        let sandbox = guarded();
        stage(&sandbox, old, text);
        sandbox.git(&["commit", "-qm", "x", "--no-verify"]);
        sandbox.git(&["init", "-q", "--bare", "far.git"]);
        sandbox.git(&["push", "-q", "--no-verify", "./far.git", "HEAD:main"]);
        sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
        sandbox.git(&["mv", old, new]);
        let said = passes(&sandbox, &["commit", "-qm", "y"]);
        assert!(said.stderr.contains(new), "{said:?}");
        drop(sandbox.git_command("", &["push", "-q", "./far.git", "HEAD:main"]).run().code(0));
        // Another secret is one.
        stage(&sandbox, old, &text.replace("{password}", "{password2}"));
        let said = is_stopped(&sandbox, "", &["commit", "-m", "x"]);
        assert!(said.contains(old), "{said}");
    }
}

/// It needs files that are not there, and is judged all the same.
#[test]
fn a_compose_file_that_is_a_part_stops() {
    let sandbox = guarded();
    let part = "services:\n  db:\n    extends: {file: gone.yaml, service: db}\n    environment:\n      - A_PASSWORD={password}\n";
    stage(&sandbox, "compose.prod.yaml", part);
    let report = report(&sandbox, &["scan", "--staged"], 1);
    assert_eq!(findings(&report), ["error secret-in-compose compose.prod.yaml A_PASSWORD"]);
}

#[test]
fn what_nobody_lost_passes() {
    for value in ["${DB_PASSWORD:?}", "postgres", "changeme", "/run/secrets/db", ""] {
        let sandbox = guarded();
        stage(&sandbox, "compose.yaml", &COMPOSE.replace("{password}", value));
        stage(&sandbox, "Dockerfile", &format!("FROM node:22.1.0\nENV DB_PASSWORD={value}\n"));
        assert_eq!(findings(&report(&sandbox, &["scan", "--staged"], 0)), NONE, "{value}");
        drop(passes(&sandbox, &["commit", "-qm", "x"]));
    }
}

/// Docker would refuse it, and nothing in it can be judged: that is said, and stops nothing.
#[test]
fn what_cannot_be_parsed_passes_with_a_word() {
    for (path, text) in [
        ("compose.yaml", "services: [\n  POSTGRES_PASSWORD: {password}\n"),
        ("Dockerfile", "FRM node\nENV DB_PASSWORD={password}\n"),
    ] {
        let sandbox = guarded();
        stage(&sandbox, path, text);
        assert_eq!(problems(&report(&sandbox, &["scan", "--staged"], 2)).len(), 1, "{path}");
        let said = passes(&sandbox, &["commit", "-qm", "x"]);
        assert!(said.stderr.contains(path), "{said:?}");
        let words = said.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("it was not examined for secrets"), "{said:?}");
    }
    // Nobody says that Docker reads a copy.
    let sandbox = guarded();
    stage(&sandbox, "compose.yaml.tmpl", "services: [\n");
    assert_eq!(findings(&report(&sandbox, &["scan", "--staged"], 0)), NONE);
}

#[test]
fn a_file_for_development_is_a_warning() {
    let sandbox = guarded();
    stage(&sandbox, "compose.dev.yaml", COMPOSE);
    assert_eq!(
        findings(&report(&sandbox, &["scan", "--staged"], 1)),
        ["warning secret-in-compose compose.dev.yaml POSTGRES_PASSWORD"]
    );
    let said = passes(&sandbox, &["commit", "-qm", "x"]);
    assert!(said.stderr.contains("compose.dev.yaml"), "{said:?}");
}

/// What HEAD has already stops nobody who changes another line, except with `strict`.
#[test]
fn a_secret_of_head_is_a_warning() {
    let sandbox = guarded();
    stage(&sandbox, "compose.yaml", COMPOSE);
    sandbox.git(&["commit", "-qm", "x", "--no-verify"]);
    stage(&sandbox, "compose.yaml", &format!("name: shop\n{COMPOSE}"));
    assert_eq!(
        findings(&report(&sandbox, &["scan", "--staged"], 1)),
        ["warning secret-in-compose compose.yaml POSTGRES_PASSWORD"]
    );
    stage(&sandbox, "envward.toml", "[hook]\nstrict = true\n");
    let said = is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    assert!(said.contains("[secret-in-compose]"), "{said}");
}

#[test]
fn an_ignore_with_a_reason_lets_it_pass() {
    let sandbox = guarded();
    stage(&sandbox, "compose.yaml", COMPOSE);
    let ignore = "[[ignore]]\ncheck = \"secret-in-compose\"\npath = \"compose.yaml\"\nreason = \"a demo\"\n";
    stage(&sandbox, "envward.toml", ignore);
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

/// What `preflight` finds is ignored there, and no commit says that the ignore hides nothing.
#[test]
fn an_ignore_for_preflight_is_not_called_unused() {
    let sandbox = guarded();
    stage(&sandbox, "compose.yaml", &COMPOSE.replace("{password}", "postgres"));
    let ignore = "[[ignore]]\ncheck = \"secret-in-compose\"\npath = \"compose.yaml\"\nreason = \"a demo\"\n";
    stage(&sandbox, "envward.toml", ignore);
    assert_eq!(findings(&report(&sandbox, &["scan", "--staged"], 0)), NONE);
    assert_eq!(passes(&sandbox, &["commit", "-qm", "x"]).stderr, "");
}

/// A value of today's env file is reported as that, once.
#[test]
fn a_value_in_use_is_reported_once() {
    let sandbox = guarded();
    sandbox.file(".gitignore", 0o644, "/.env\n");
    sandbox.file(".env", 0o600, fill("POSTGRES_PASSWORD={password}\n"));
    stage(&sandbox, "compose.yaml", COMPOSE);
    assert_eq!(
        findings(&report(&sandbox, &["scan", "--staged"], 1)),
        ["critical live-value-elsewhere compose.yaml POSTGRES_PASSWORD"]
    );
}

#[test]
fn a_link_is_not_read() {
    let sandbox = guarded();
    sandbox.file("other.txt", 0o644, fill(COMPOSE));
    std::os::unix::fs::symlink("other.txt", sandbox.path("compose.yaml")).unwrap();
    sandbox.git(&["add", "compose.yaml"]);
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

/// A commit that skipped the hook is caught before a push.
#[test]
fn a_push_stops() {
    let sandbox = guarded();
    sandbox.git(&["init", "--quiet", "--bare", "far.git"]);
    sandbox.git(&["remote", "add", "origin", "./far.git"]);
    stage(&sandbox, "compose.yaml", COMPOSE);
    sandbox.git(&["commit", "-qm", "x", "--no-verify"]);
    let output = sandbox.git_command("", &["push", "-q", "origin", "HEAD"]).run().code(1);
    assert!(output.stdout.contains("the push was stopped"), "{output:?}");
    assert!(output.stdout.contains("compose.yaml:5: environment contains the secret POSTGRES_PASSWORD"), "{output:?}");
    assert!(output.stdout.contains("git add :/compose.yaml && git commit --amend "), "{output:?}");
    // The next commit takes it out again, and the first one still brings it.
    stage(&sandbox, "compose.yaml", "services: {}\n");
    sandbox.git(&["commit", "-qm", "y"]);
    drop(sandbox.git_command("", &["push", "-q", "origin", "HEAD"]).run().code(1));
    let report = report(&sandbox, &["scan", "--range", "HEAD~2..HEAD"], 1);
    assert_eq!(findings(&report), ["error secret-in-compose compose.yaml POSTGRES_PASSWORD"]);
}

/// A range is judged for what it brings.
#[test]
fn a_range_that_leaves_a_secret_in_place() {
    let sandbox = guarded();
    stage(&sandbox, "compose.yaml", COMPOSE);
    sandbox.git(&["commit", "-qm", "x", "--no-verify"]);
    stage(&sandbox, "compose.yaml", &format!("name: shop\n{COMPOSE}"));
    sandbox.git(&["commit", "-qm", "y"]);
    assert_eq!(findings(&report(&sandbox, &["scan", "--range", "HEAD~..HEAD"], 0)), NONE);
}

/// A file without the name of a compose file, which a compose file extends or includes, also one that does not change.
#[test]
fn a_password_in_a_file_that_a_compose_file_names_stops() {
    let sandbox = guarded();
    stage(&sandbox, "infra/base.yaml", "services:\n  base:\n    image: app:1.0\n");
    stage(&sandbox, "infra/db.yaml", "services:\n  db:\n    image: postgres:16.4\n");
    let top = "include: [infra/db.yaml]\nservices:\n  app:\n    extends: {file: infra/base.yaml, service: base}\n";
    stage(&sandbox, "compose.yaml", top);
    drop(passes(&sandbox, &["commit", "-qm", "without a secret"]));
    for (path, name) in [("infra/base.yaml", "base"), ("infra/db.yaml", "db")] {
        let text = format!("services:\n  {name}:\n    image: app:1.0\n    environment: [DB_PASSWORD={{password}}]\n");
        stage(&sandbox, path, &text);
        let said = is_stopped(&sandbox, "", &["commit", "-m", "x"]);
        assert!(said.contains(&format!("{path}:4: environment contains the secret DB_PASSWORD")), "{said}");
        sandbox.git(&["checkout", "-q", "HEAD", "--", path]);
    }
}
