//! Made.

use super::*;

#[test]
fn every_example_becomes_an_env_file() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.file("Dockerfile", 0o644, "FROM scratch\nCOPY . .\n");
    sandbox.file(".env.example", 0o644, "# app\nNODE_ENV=production\nPOSTGRES_PASSWORD=changeme\nJWT_SECRET=\nHOST=\n");
    sandbox.file("backend/.env.sample", 0o644, "JWT_SECRET=\nDATABASE_URL=postgres://app:changeme@db/app\n");
    let output = sandbox.envward(&["init"]).code(0);
    assert_unseen(&sandbox, &output.stdout, &[".env", "backend/.env"]);
    for said in [
        ".env: created from .env.example with mode 0600",
        "backend/.env: created from backend/.env.sample with mode 0600",
        "POSTGRES_PASSWORD  database password, 381 bits",
        "JWT_SECRET         JWT secret, 512 bits",
        "DATABASE_URL  contains the password of POSTGRES_PASSWORD",
        "empty, but not a secret\n    HOST",
        ".gitignore: new line /.env\n",
        ".gitignore: new line /backend/.env\n",
        ".dockerignore: new line backend/.env\n",
        "keeps its old password",
        "next: envward check",
    ] {
        assert!(output.stdout.contains(said), "{said:?} is not in:\n{}", output.stdout);
    }
    assert_eq!((mode(&sandbox, ".env"), mode(&sandbox, "backend/.env")), (0o600, 0o600));
    assert_eq!(value(&sandbox, ".env", "JWT_SECRET"), value(&sandbox, "backend/.env", "JWT_SECRET"));
    let password = value(&sandbox, ".env", "POSTGRES_PASSWORD");
    assert_eq!(value(&sandbox, "backend/.env", "DATABASE_URL"), format!("postgres://app:{password}@db/app"));
    sandbox.git(&["add", "--all"]);
    assert_eq!(sandbox.git(&["ls-files"]), ".dockerignore\n.env.example\n.gitignore\nDockerfile\nbackend/.env.sample");
    drop(sandbox.envward(&["check"]).code(0));
}

/// A URL is as old as the password that was made for it, and no younger than one that was there.
#[test]
fn the_age_of_every_value_that_is_made_is_known() {
    let sandbox = Sandbox::new();
    let example = "DB_PASSWORD=\nDATABASE_URL=postgres://app:changeme@db/app\nREDIS_PASSWORD=\n\
                   # envward: expand\nREDIS_URL=redis://:${REDIS_PASSWORD}@redis/0\nAMQP_URL=amqp://app:changeme@mq/\n";
    sandbox.file(".env.example", 0o644, example);
    let old = crate::common::fill::fill("POSTGRES_PASSWORD={password}\n");
    sandbox.file("old/.env", 0o600, &old);
    sandbox.file("old/.env.example", 0o644, "POSTGRES_PASSWORD=\nPOSTGRES_URL=postgres://old:changeme@db/old\n");
    drop(sandbox.envward(&["init", "--update"]).code(0));
    let status = sandbox.envward(&["rotation", "status", "--format=json"]).json();
    let secrets = status["secrets"].as_array().unwrap().iter();
    let known = secrets.filter(|one| one["age_basis"] == "rotated" && one["reason"].as_str().unwrap().contains("init"));
    let known: Vec<String> =
        known.map(|one| format!("{} {}", one["file"].as_str().unwrap(), one["key"].as_str().unwrap())).collect();
    let made =
        ["AMQP_URL", "DATABASE_URL", "DB_PASSWORD", "REDIS_PASSWORD", "REDIS_URL"].map(|key| format!(".env {key}"));
    assert_eq!(known, made, "{status:#}");
}

/// Each looks which lines are missing before any of them writes one.
#[test]
fn several_runs_at_once_write_a_line_once() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.file("Dockerfile", 0o644, "FROM scratch\nCOPY . .\n");
    for dir in ["a", "b", "c", "d", "e", "f"] {
        sandbox.file(format!("{dir}/.env.example"), 0o644, "JWT_SECRET=\n");
    }
    let start = || {
        let mut command = sandbox.command(&["init"]).into_command();
        command.stdout(std::process::Stdio::null()).spawn().unwrap()
    };
    let runs: Vec<_> = (0..8).map(|_| start()).collect();
    for mut run in runs {
        assert!(run.wait().unwrap().success());
    }
    for file in [".gitignore", ".dockerignore"] {
        let text = read(&sandbox, file);
        let lines: std::collections::BTreeSet<&str> = text.lines().collect();
        assert_eq!((lines.len(), text.lines().count()), (6, 6), "{file}: {text}");
    }
}

#[test]
fn a_second_run_changes_nothing_and_says_so() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.file(".env.example", 0o644, "JWT_SECRET=\nHOST=\n");
    sandbox.file("backend/.env.example", 0o644, "DB_PASSWORD=\n");
    drop(sandbox.envward(&["init"]).code(0));
    let before = state(&sandbox.path(""));
    let output = sandbox.envward(&["init"]).code(0);
    assert!(output.stdout.contains("nothing changed; no key is left to fill in"), "{}", output.stdout);
    assert!(output.stdout.contains(".env: nothing to do\n  kept\n    JWT_SECRET\n"), "{}", output.stdout);
    assert_eq!(state(&sandbox.path("")), before);
}

#[test]
fn a_dry_run_writes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.file(".env.example", 0o644, "JWT_SECRET=\nHOST=\n");
    sandbox.file("old/.env.example", 0o644, "JWT_SECRET=\n");
    sandbox.file("old/.env", 0o644, "JWT_SECRET=\n");
    let before = state(&sandbox.path(""));
    let output = sandbox.envward(&["init", "--dry-run"]).code(0);
    for said in [
        "would be created from",
        "would get a new value\n    JWT_SECRET",
        "would get a new line /.env",
        "nothing was written",
    ] {
        assert!(output.stdout.contains(said), "{said:?} is not in:\n{}", output.stdout);
    }
    assert_eq!(state(&sandbox.path("")), before);
}

#[test]
fn what_stands_there_is_kept_filled_and_made_private() {
    let sandbox = Sandbox::new();
    let example =
        "# envward: hex 32\nAPI_SIGNING=\nDB_PASSWORD=changeme\nREDIS_PASSWORD=\nNEW_SECRET=\n# a host\nHOST=\n";
    sandbox.file(".env.example", 0o644, example);
    sandbox.file(".env", 0o644, "REDIS_PASSWORD=redis # weak\nDB_PASSWORD=\nAPI_SIGNING=\nMINE=1");
    let output = sandbox.envward(&["init"]).code(0);
    let (made, signing) = (value(&sandbox, ".env", "DB_PASSWORD"), value(&sandbox, ".env", "API_SIGNING"));
    assert_eq!((made.len(), signing.len(), mode(&sandbox, ".env")), (64, 64, 0o600));
    assert_eq!(
        read(&sandbox, ".env"),
        format!("REDIS_PASSWORD=redis # weak\nDB_PASSWORD={made}\nAPI_SIGNING={signing}\nMINE=1")
    );
    for said in [
        ".env: filled; mode 0644 -> 0600",
        "kept, but easy to guess\n    REDIS_PASSWORD",
        "only in the template (to add them: envward init --update)\n    NEW_SECRET, HOST",
        "envward rotation rotate KEY FILE",
    ] {
        assert!(output.stdout.contains(said), "{said:?} is not in:\n{}", output.stdout);
    }
    let before = read(&sandbox, ".env");
    let output = sandbox.envward(&["init", "--update"]).code(0);
    assert!(output.stdout.contains("added from the template\n    NEW_SECRET, HOST"), "{}", output.stdout);
    let added = value(&sandbox, ".env", "NEW_SECRET");
    assert_eq!(added.len(), 64);
    assert_eq!(read(&sandbox, ".env"), format!("{before}\n\nNEW_SECRET={added}\n\n# a host\nHOST=\n"));
    // Only the mode.
    fs::set_permissions(sandbox.path(".env"), fs::Permissions::from_mode(0o640)).unwrap();
    let output = sandbox.envward(&["init"]).code(0);
    assert!(output.stdout.contains(".env: mode 0640 -> 0600; nothing else to do"), "{}", output.stdout);
    assert_eq!(mode(&sandbox, ".env"), 0o600);
}

/// A new password for a server that is started without one: its clients would be refused.
#[test]
fn a_server_that_asks_for_no_password() {
    let said = |redis: &str| {
        let sandbox = Sandbox::new();
        sandbox.file(".env.example", 0o644, "REDIS_HOST=cache\nREDIS_PASSWORD=null\n");
        sandbox.file("compose.yaml", 0o644, format!("services:\n  cache:\n{redis}"));
        let said = sandbox.envward(&["init"]).code(0).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("new values REDIS_PASSWORD"), "{said}");
        said
    };
    let open = "    image: redis:7.2.4\n    env_file: .env\n";
    let advice = "cache starts without a password, and refuses a client that sends REDIS_PASSWORD: give it \
                  `command: redis-server --requirepass ${REDIS_PASSWORD:?}` in compose.yaml";
    assert!(said(open).contains(advice), "{}", said(open));
    assert!(said("    image: valkey/valkey:8.0.1\n").contains("valkey-server --requirepass"));
    for asks in [
        "    image: redis:7.2.4\n    command: redis-server --requirepass ${REDIS_PASSWORD}\n",
        "    image: redis:7.2.4\n    command: [sh, -c, 'redis-server --requirepass \"$$REDIS_PASSWORD\"']\n    env_file: .env\n",
        "    image: redis:7.2.4\n    volumes: ['./redis.conf:/etc/redis.conf']\n    command: redis-server /etc/redis.conf\n",
        "    image: bitnami/redis:7.2.4\n    environment: [REDIS_PASSWORD]\n",
        "    image: postgres:15.5\n",
    ] {
        assert!(!said(asks).contains("without a password"), "{asks}: {}", said(asks));
    }
}
