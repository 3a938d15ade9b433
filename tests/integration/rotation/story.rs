//! The examples of docs/rotation.md from a weak value to a proven one: every command as it stands there, on real servers.

use std::fs;

use crate::common::fill::fill;
use crate::common::postgres::Postgres;
use crate::common::servers::{Server, typed};
use crate::common::{Sandbox, own_file};

/// The commands of a section.
fn commands(heading: &str) -> Vec<String> {
    let page = own_file("docs/rotation.md");
    let section = page.split(&format!("\n### {heading}\n")).nth(1).unwrap_or_else(|| panic!("no section {heading}"));
    let block = section.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    block.lines().map(str::to_owned).collect()
}

/// The commands that `rotate` and `promote` print.
fn printed(output: &str) -> Vec<String> {
    output.lines().filter_map(|line| line.trim_start().strip_prefix("-> ")).map(str::to_owned).collect()
}

fn project(compose: &str, env: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file(
        "compose.yaml",
        0o644,
        format!("services:\n  api:\n    image: shop:1.0\n    env_file: .env\n{compose}"),
    );
    sandbox.file(".env", 0o600, fill(env));
    sandbox
}

fn value(sandbox: &Sandbox, key: &str) -> String {
    let text = fs::read_to_string(sandbox.path(".env")).unwrap();
    text.lines().find_map(|line| line.strip_prefix(&format!("{key}="))).unwrap().to_owned()
}

/// What `check` says of a key at the start.
fn finds(sandbox: &Sandbox, key: &str, check: &str) {
    let report = sandbox.envward(&["check", "--format", "json", "--exit-zero"]).json();
    let found = report["findings"].as_array().unwrap().iter().any(|one| one["key"] == key && one["check"] == check);
    assert!(found, "{check} of {key}: {report:#}");
}

/// At the end nothing of the rotation is left.
fn is_finished(sandbox: &Sandbox, key: &str) {
    let report = sandbox.envward(&["rotation", "status", "--format", "json", "--exit-zero"]).json();
    let all: Vec<_> = report["secrets"].as_array().unwrap().iter().filter(|one| one["key"] == key).collect();
    assert_eq!((all.len(), &all[0]["stage"]), (1, &"retired".into()), "{all:?}");
    assert!(!all[0]["proof"].is_null());
    assert!(!sandbox.path(format!(".env.{key}.previous")).exists());
}

#[test]
fn a_postgresql_password() {
    let compose = "  db:\n    image: postgres:15.5\n    environment:\n      POSTGRES_PASSWORD: ${DB_PASSWORD:?}\n";
    let sandbox = project(
        compose,
        "NODE_ENV=production\nDB_USER=app\nDB_PASSWORD=postgres\nDATABASE_URL=postgres://app:postgres@db/app\n",
    );
    let Some(server) = Postgres::start(&sandbox) else { return };
    assert!(server.psql("postgres", None, "CREATE ROLE app LOGIN PASSWORD 'postgres'").status.success());
    finds(&sandbox, "DB_PASSWORD", "weak-secret");
    let all = commands("A PostgreSQL password");
    let mut shown = Vec::new();
    for (at, command) in all.iter().enumerate() {
        let output = server.typed(&sandbox, command).run().code(0);
        shown.extend(printed(&output.stdout));
        assert!(
            at == 0
                || command.starts_with("docker compose up")
                || shown.contains(command)
                || shown.contains(&command.replace("up -d --force-recreate db api", "up -d --force-recreate api db")),
            "not printed: {command}\n{shown:#?}"
        );
    }
    is_finished(&sandbox, "DB_PASSWORD");
    assert!(server.psql("app", Some(&value(&sandbox, "DB_PASSWORD")), "SELECT 1").status.success());
    assert!(!server.psql("app", Some("postgres"), "SELECT 1").status.success());
}

#[test]
fn a_redis_password() {
    let compose =
        "  cache:\n    image: redis:7.2.4\n    command: [redis-server, --requirepass, '${REDIS_PASSWORD:?}']\n";
    let sandbox =
        project(compose, "NODE_ENV=production\nREDIS_PASSWORD=redis123\nREDIS_URL=redis://:redis123@cache:6379/0\n");
    let Some(mut server) = Server::redis(&sandbox, "redis123") else { return };
    finds(&sandbox, "REDIS_PASSWORD", "weak-secret");
    for command in commands("A Redis password") {
        drop(server.typed(&sandbox, &command).run().code(0));
        if command.starts_with("docker compose up") {
            drop(server);
            let Some(recreated) = Server::redis(&sandbox, &value(&sandbox, "REDIS_PASSWORD")) else { return };
            server = recreated;
        }
    }
    is_finished(&sandbox, "REDIS_PASSWORD");
    assert!(server.redis_cli("redis123", "PING").contains("NOAUTH"));
}

#[test]
fn a_key_that_signs_tokens() {
    let sandbox = project("", "NODE_ENV=production\nJWT_SECRET=changeit\n");
    sandbox.file(".env", 0o600, "NODE_ENV=production\nJWT_SECRET=my-jwt-secret-key\n");
    let before = fs::read_to_string(sandbox.path(".env")).unwrap();
    for command in commands("A key that signs tokens") {
        drop(typed(&sandbox, sandbox.root(), &command).run().code(0));
    }
    is_finished(&sandbox, "JWT_SECRET");
    let after = fs::read_to_string(sandbox.path(".env")).unwrap();
    assert!(after != before && !after.contains("_PREVIOUS") && !after.contains("_NEXT"), "{after}");
}

#[test]
fn a_key_from_a_provider() {
    let sandbox = project("", "NODE_ENV=production\nSTRIPE_SECRET_KEY={token}\n");
    sandbox.file("new-key", 0o600, fill("{token2}\n"));
    for command in commands("A key from a provider") {
        drop(typed(&sandbox, sandbox.root(), &command).run().code(0));
    }
    is_finished(&sandbox, "STRIPE_SECRET_KEY");
    assert_eq!(value(&sandbox, "STRIPE_SECRET_KEY"), fill("{token2}"));
}
