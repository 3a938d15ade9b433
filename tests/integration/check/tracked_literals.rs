//! Secrets that a tracked compose file or Dockerfile contains, and no env file.

use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::listed::{findings, problems, project, report, the};
use envward::checks::Step::{File, Git};

const NONE: [&str; 0] = [];
const COMPOSE: &str =
    "services:\n  db:\n    image: postgres:16.4\n    environment:\n      POSTGRES_PASSWORD: {password}\n";

fn committed(path: &'static str, text: &'static str) -> Sandbox {
    project(&[Git("init"), File(path, 0o644, text), Git("add ."), Git("commit -m start")])
}

/// Who was stopped by the hook asks `check`, and who never had the hook learns it here.
#[test]
fn a_password_in_a_compose_file() {
    let sandbox = committed("compose.yaml", COMPOSE);
    for verb in ["check", "scan"] {
        let report = report(&sandbox, &[verb], 1);
        assert_eq!(findings(&report), ["error secret-in-compose compose.yaml POSTGRES_PASSWORD"], "{verb}");
        let finding = the(&report, "secret-in-compose", "compose.yaml");
        assert_eq!((&finding["origin"], &finding["line"]), (&"index".into(), &5.into()));
        assert!(finding["help"].as_str().unwrap().contains("every clone contains it"), "{finding}");
    }
    let screen = sandbox.envward(&["check"]).code(1);
    assert!(!screen.stdout.contains(fill("{password}").trim()), "{screen:?}");
}

#[test]
fn a_password_in_a_dockerfile() {
    let sandbox = committed("api/Dockerfile", "FROM node:22.1.0\nENV DB_PASSWORD={password}\n");
    for verb in ["check", "scan"] {
        let report = report(&sandbox, &[verb], 1);
        assert_eq!(findings(&report), ["error secret-in-dockerfile api/Dockerfile DB_PASSWORD"], "{verb}");
    }
}

/// Before the commit the secret is not lost yet.
#[test]
fn a_password_that_is_only_staged() {
    let sandbox = committed("README", "hello\n");
    sandbox.file("compose.yaml", 0o644, fill(COMPOSE));
    assert_eq!(findings(&report(&sandbox, &["check"], 0)), NONE);
    sandbox.git(&["add", "."]);
    let report = report(&sandbox, &["check"], 1);
    let help = the(&report, "secret-in-compose", "compose.yaml")["help"].as_str().unwrap().to_owned();
    assert!(help.starts_with("write the secret into .env"), "{help}");
}

#[test]
fn what_stands_for_a_value_is_none() {
    for value in ["${DB_PASSWORD:?}", "postgres", "changeme", "/run/secrets/db", ""] {
        let sandbox = committed("README", "hello\n");
        sandbox.file("compose.yaml", 0o644, COMPOSE.replace("{password}", value));
        sandbox.git(&["add", "."]);
        for verb in ["check", "scan"] {
            assert_eq!(findings(&report(&sandbox, &[verb], 0)), NONE, "{verb} {value}");
        }
    }
}

/// `preflight` reads it with all that belongs to it, and tells it by that alone.
#[test]
fn preflight_tells_it_once() {
    let sandbox = committed("compose.yaml", COMPOSE);
    let report = report(&sandbox, &["preflight"], 1);
    let told = findings(&report).into_iter().filter(|line| line.contains("secret-in-compose")).count();
    assert_eq!(told, 1, "{report}");
    assert_eq!(the(&report, "secret-in-compose", "compose.yaml")["origin"], "worktree");
}

/// A value of today's env file is reported as that, once.
#[test]
fn a_value_in_use_is_told_once() {
    let sandbox = committed("compose.yaml", COMPOSE);
    sandbox.file(".gitignore", 0o644, "/.env\n");
    sandbox.file(".env", 0o600, fill("POSTGRES_PASSWORD={password}\n"));
    let told = findings(&report(&sandbox, &["check"], 1));
    assert!(told.iter().any(|line| line.contains("critical live-value-elsewhere compose.yaml")), "{told:?}");
    assert!(told.iter().all(|line| !line.contains("secret-in-compose")), "{told:?}");
}

/// Of a part of a repository that part is told, by its paths there.
#[test]
fn a_project_below_the_top_and_a_repository_inside() {
    let sandbox = project(&[Git("init"), File("other/compose.yaml", 0o644, COMPOSE)]);
    sandbox.file("shop/envward.toml", 0o644, "");
    sandbox.file("shop/compose.yaml", 0o644, fill(COMPOSE));
    sandbox.git(&["init", "-q", "shop/vendored"]);
    sandbox.file("shop/vendored/compose.yaml", 0o644, fill(COMPOSE));
    sandbox.git_in("shop/vendored", &["add", "."]);
    sandbox.git(&["add", "other", "shop/compose.yaml"]);
    assert_eq!(
        findings(&report(&sandbox, &["check", "shop"], 1)),
        [
            "error secret-in-compose compose.yaml POSTGRES_PASSWORD",
            "error secret-in-compose vendored/compose.yaml POSTGRES_PASSWORD",
        ]
    );
}

/// An ignore that `preflight` needs is used here, or is not called unused.
#[test]
fn an_ignore() {
    let ignore = "[[ignore]]\ncheck = \"secret-in-compose\"\npath = \"compose.yaml\"\nreason = \"a demo\"\n";
    let sandbox = committed("compose.yaml", COMPOSE);
    sandbox.file("envward.toml", 0o644, ignore);
    assert_eq!(findings(&report(&sandbox, &["check"], 0)), NONE);
    let sandbox = project(&[Git("init")]);
    sandbox.file("compose.yaml", 0o644, COMPOSE.replace("{password}", "postgres"));
    sandbox.file("envward.toml", 0o644, ignore);
    sandbox.git(&["add", "."]);
    assert_eq!(findings(&report(&sandbox, &["check"], 0)), NONE);
}

/// What cannot be parsed was not examined, and is told once.
#[test]
fn a_broken_file() {
    let sandbox = committed("compose.yaml", "services: [\n  POSTGRES_PASSWORD: {password}\n");
    for verb in ["check", "scan"] {
        assert_eq!(problems(&report(&sandbox, &[verb], 2)).len(), 1, "{verb}");
    }
    // What the work tree has by now says nothing of what is in git.
    sandbox.file("compose.yaml", 0o644, "services: {}\n");
    assert_eq!(problems(&report(&sandbox, &["check"], 2)).len(), 1);
}

/// The configuration of a development stack is less grave.
#[test]
fn a_file_for_development() {
    let sandbox = committed("compose.dev.yaml", COMPOSE);
    assert_eq!(
        findings(&report(&sandbox, &["check"], 0)),
        ["note secret-in-compose compose.dev.yaml POSTGRES_PASSWORD"]
    );
}

/// A file without the name of a compose file, which one extends or includes: what it contains is deployed.
#[test]
fn a_password_in_a_file_that_a_compose_file_names() {
    let base = "services:\n  base:\n    environment:\n      DB_PASSWORD: {password}\n";
    let part = "services:\n  db:\n    image: postgres:16.4\n    environment: [POSTGRES_PASSWORD={password2}]\n";
    let top = "include: [infra/database.yml]\nservices:\n  app:\n    image: app:1.0\n    extends: {file: infra/base.yaml, service: base}\n";
    let sandbox = project(&[
        Git("init"),
        File("infra/base.yaml", 0o644, base),
        File("infra/database.yml", 0o644, part),
        File("infra/other.yaml", 0o644, base),
        File("compose.yaml", 0o644, top),
        Git("add ."),
        Git("commit -m start"),
    ]);
    for verb in ["check", "scan"] {
        let found = [
            "error secret-in-compose infra/base.yaml DB_PASSWORD",
            "error secret-in-compose infra/database.yml POSTGRES_PASSWORD",
        ];
        assert_eq!(findings(&report(&sandbox, &[verb], 1)), found, "{verb}");
    }
}
