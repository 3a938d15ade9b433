//! `rotation verify`: what proves that the old value is out of use, what does not, and what the ledger keeps.

use std::fs;

use serde_json::{Value, json};

use crate::common::fill::fill;
use crate::common::ledger::ledger;
use crate::common::{Output, Sandbox};

const COMPOSE: &str = "services:\n  api:\n    image: api:1.0.0\n    env_file: .env\n    secrets: [pw]\n\
                       secrets:\n  pw:\n    file: pw.txt\n";

/// A project whose password was promoted, with the old and the new value.
fn promoted() -> (Sandbox, String, String) {
    let sandbox = waiting();
    let old = fill("{password}");
    drop(sandbox.envward(&["rotation", "promote", "DB_PASSWORD", ".env"]).code(0));
    let text = fs::read_to_string(sandbox.path(".env")).unwrap();
    let new = text.lines().find_map(|line| line.strip_prefix("DB_PASSWORD=")).unwrap().to_owned();
    (sandbox, old, new)
}

fn waiting() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("compose.yaml", 0o644, COMPOSE);
    sandbox.file("pw.txt", 0o600, fill("{password}"));
    let env = "DB_USER=app\nDB_PASSWORD={password}\nDATABASE_URL=postgres://app:{password}@db/app\n";
    sandbox.file(".env", 0o600, fill(env));
    drop(sandbox.envward(&["rotation", "rotate", "DB_PASSWORD", ".env"]).code(0));
    sandbox
}

/// A container of the project, by what `docker inspect` prints of it.
fn container(sandbox: &Sandbox, name: &str, config: Value) -> Value {
    let root = sandbox.path("").display().to_string();
    let mut config = config;
    config["Labels"] = json!({
        "com.docker.compose.project": "shop",
        "com.docker.compose.service": "api",
        "com.docker.compose.project.working_dir": root.trim_end_matches('/'),
    });
    json!({"Name": format!("/{name}"), "State": {"Status": "running"}, "HostConfig": {}, "Config": config})
}

fn verify(sandbox: &Sandbox, flag: &str, evidence: &str) -> Output {
    sandbox.command(&["rotation", "verify", "DB_PASSWORD", ".env", flag]).stdin(evidence).run()
}

fn docker(sandbox: &Sandbox, containers: &[Value]) -> Output {
    verify(sandbox, "--docker", &Value::from(containers.to_vec()).to_string())
}

/// What a database shows that was told the value in use.
fn accepted(sandbox: &Sandbox) -> Output {
    let told = sandbox.envward(&["rotation", "rotate", "DB_PASSWORD", ".env", "--sql"]).code(0).stdout;
    let verifier = told.split('\'').nth(1).unwrap();
    verify(sandbox, "--postgres", &format!("app|{verifier}\n"))
}

/// `stage proven proof` of the key in use.
fn kept(sandbox: &Sandbox) -> String {
    let answer = sandbox.envward(&["rotation", "status", "--format", "json", "--exit-zero"]).code(0).json();
    let secrets = answer["secrets"].as_array().unwrap();
    let one = secrets.iter().find(|one| one["key"] == "DB_PASSWORD" && one["state"] == "current").unwrap();
    format!("{} {}", one["stage"].as_str().unwrap_or("-"), one["proof"].as_str().unwrap_or("-"))
}

#[test]
fn containers_with_the_old_the_new_and_another_value() {
    let (sandbox, old, new) = promoted();
    let api = |value: &str| {
        let env = [format!("DB_PASSWORD={value}"), format!("DATABASE_URL=postgres://app:{value}@db/app")];
        container(&sandbox, "api", json!({"Env": env}))
    };
    let cases = [
        (vec![api(&old)], 1, "still the old value:\n  api: DB_PASSWORD\n  api: DATABASE_URL\n"),
        (
            vec![api(&new), container(&sandbox, "w", json!({"Env": [format!("PGPASSWORD={old}")]}))],
            1,
            "  w: PGPASSWORD\n",
        ),
        (vec![api(&fill("{password3}"))], 2, "neither the new nor the old value:\n  api: DB_PASSWORD\n"),
        (
            vec![
                api(&new),
                container(&sandbox, "w", json!({"Cmd": ["serve", format!("--db=postgres://a:{old}@h/x")]})),
            ],
            1,
            "  w: its command\n",
        ),
        (vec![api(&new), container(&sandbox, "w", json!({"Entrypoint": [old.clone()]}))], 1, "  w: its entrypoint\n"),
        (
            vec![
                api(&new),
                container(&sandbox, "w", json!({"Healthcheck": {"Test": ["CMD-SHELL", format!("x {old}")]}})),
            ],
            1,
            "  w: its health check\n",
        ),
    ];
    for (containers, code, expected) in cases {
        let output = docker(&sandbox, &containers);
        assert_eq!(output.code, code, "{}{}", output.stdout, output.stderr);
        assert!(output.stdout.contains(expected), "{expected}\n{}", output.stdout);
        assert!(output.stdout.contains("not proven"), "{}", output.stdout);
        assert!(![&old, &new].iter().any(|value| output.stdout.contains(value.as_str())));
        assert_eq!(kept(&sandbox), "promoted -");
    }
    // A label of another tool can contain it, too.
    let mut labelled = api(&new);
    labelled["Config"]["Labels"]["traefik.auth"] = json!(format!("app:{old}"));
    assert!(docker(&sandbox, &[labelled]).code(1).stdout.contains("  api: its labels\n"));
    let output = docker(&sandbox, &[api(&new)]).code(0);
    assert!(output.stdout.contains("the new value:\n  api: DB_PASSWORD\n"), "{}", output.stdout);
    // Whether the database refuses the old password, no container shows.
    assert!(output.stdout.contains("not recorded: nothing proves that the server refuses"), "{}", output.stdout);
    assert_eq!(kept(&sandbox), "promoted -");
    let confirm = ["rotation", "promote", "DB_PASSWORD", ".env", "--confirm"];
    let refused = sandbox.envward(&confirm).code(1).stdout;
    assert!(refused.contains("not confirmed: nothing proves that the server refuses the old value"), "{refused}");
    let missing: Vec<&str> = refused.lines().filter(|line| line.contains("rotation verify")).collect();
    assert!(missing.len() == 1 && missing[0].ends_with("verify DB_PASSWORD .env --postgres"), "{refused}");
    drop(accepted(&sandbox).code(0));
    assert_eq!(kept(&sandbox), "proven postgres");
    drop(docker(&sandbox, &[api(&new)]).code(0));
    assert_eq!(kept(&sandbox), "proven postgres, docker");
    drop(sandbox.envward(&confirm).code(0));
    assert_eq!(kept(&sandbox), "retired postgres, docker");
}

/// A container sees the file that was there when it started.
#[test]
fn a_mounted_file() {
    let (sandbox, _, new) = promoted();
    let started = |at: &str| {
        let mut api = container(&sandbox, "api", json!({"Env": [format!("DB_PASSWORD={new}")]}));
        api["State"]["StartedAt"] = json!(at);
        let source = sandbox.path("pw.txt").display().to_string();
        api["Mounts"] = json!([{"Type": "bind", "Source": source, "Destination": "/run/secrets/pw", "RW": false}]);
        api
    };
    let output = docker(&sandbox, &[started("2020-01-01T00:00:00.123456789Z")]).code(1);
    assert!(output.stdout.contains("  api: the mounted file pw.txt\n"), "{}", output.stdout);
    drop(docker(&sandbox, &[started("2999-01-01T00:00:00Z")]).code(0));
}

#[test]
fn before_promote_the_new_value_is_the_one_that_waits() {
    let sandbox = waiting();
    let text = fs::read_to_string(sandbox.path(".env.DB_PASSWORD.pending")).unwrap();
    let new = text.trim().strip_prefix("DB_PASSWORD=").unwrap().to_owned();
    let digest = |value: &str| crate::common::leak::hex(&<sha2::Sha256 as sha2::Digest>::digest(value));
    let list = |value: &str| format!("user app on #{} ~* +@all\n", digest(value));
    drop(verify(&sandbox, "--redis", &list(&fill("{password}"))).code(1));
    let output = verify(&sandbox, "--redis", &list(&new)).code(0);
    assert!(output.stdout.contains("proven: what was examined"), "{}", output.stdout);
    // There is nothing to record yet.
    assert_eq!(kept(&sandbox), "- -");
}

#[test]
fn evidence_that_shows_nothing() {
    let (sandbox, old, _) = promoted();
    let other = json!([{"Name": "/blog", "State": {"Status": "running"}, "HostConfig": {}, "Config": {"Env": ["A=b"], "Labels":
        {"com.docker.compose.project.working_dir": "/srv/blog", "com.docker.compose.service": "blog"}}}]);
    let mut same_key = other.clone();
    same_key[0]["Config"]["Env"] = json!([format!("DB_PASSWORD={}", fill("{password3}"))]);
    let cut = container(&sandbox, "api", json!({"Env": [format!("DB_PASSWORD={old}")]})).to_string();
    for (flag, evidence, message) in [
        ("--docker", other.to_string(), "shows no container that uses this secret"),
        ("--docker", same_key.to_string(), "shows no container that uses this secret"),
        ("--docker", cut[..cut.len() - 9].to_owned(), "is not the output of `docker inspect`"),
        ("--docker", String::new(), "is not the output of `docker inspect`"),
        ("--docker", "[]".into(), "is not the output of `docker inspect`"),
        ("--postgres", "other|md5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n".into(), "does not contain every user"),
        ("--postgres", "app|\n".into(), "shows a user without a password"),
        ("--postgres", "app|{CRYPT}x\n".into(), "in a form that envward does not know"),
        ("--redis", "WRONGPASS invalid username-password pair\n".into(), "is not the output of ACL LIST"),
        ("--mysql", "ERROR 1045 (28000)\n".into(), "contains no row of mysql.user"),
        ("--argon2", "id,hash\n".into(), "contains no argon2id hash"),
    ] {
        let output = verify(&sandbox, flag, &evidence);
        assert_eq!(output.code, 2, "{flag} {evidence}: {}", output.stdout);
        assert!(output.stderr.contains(message) && output.stderr.contains("hint: "), "{flag}: {}", output.stderr);
        assert!(!output.stderr.contains(&old) && !output.stdout.contains(&old));
    }
    assert_eq!(kept(&sandbox), "promoted -");
    let usage = sandbox.command(&["rotation", "verify", "DB_PASSWORD", ".env"]).stdin("").run().code(2);
    assert!(usage.stderr.contains("--docker"), "{}", usage.stderr);
}

#[test]
fn without_a_proof_a_reason_is_needed() {
    let (sandbox, ..) = promoted();
    let confirm = |more: &[&str], code: i32| {
        let args = [&["rotation", "promote", "DB_PASSWORD", ".env", "--confirm"], more].concat();
        sandbox.envward(&args).code(code)
    };
    let output = confirm(&[], 1);
    for line in [
        "not confirmed: nothing proves that the server refuses the old value of",
        "  -> psql -X -v ON_ERROR_STOP=1 -d postgres -At -c \"select rolname, rolpassword from pg_authid\" | envward rotation verify DB_PASSWORD .env --postgres",
        "  -> envward rotation promote DB_PASSWORD .env --confirm --unproven REASON",
    ] {
        assert!(output.stdout.lines().any(|one| one == line), "{line}\n{}", output.stdout);
    }
    assert!(sandbox.path(".env.DB_PASSWORD.previous").exists());
    drop(confirm(&["--unproven", " "], 2));
    drop(confirm(&["--unproven", "the provider shows no logs"], 0));
    assert!(!sandbox.path(".env.DB_PASSWORD.previous").exists());
    let reason: String =
        ledger(&sandbox).query_row("SELECT reason FROM event WHERE what = 'confirmed'", [], |row| row.get(0)).unwrap();
    assert_eq!(reason, "the provider shows no logs");
    assert_eq!(kept(&sandbox), "retired -");
}

/// A rotation that nobody proved is named by `check` from the second day on, and in what others read.
#[test]
fn what_is_not_proven_is_named() {
    let (sandbox, _, new) = promoted();
    let found = |day: &str| -> Vec<String> {
        let report = sandbox.envward(&["check", "--format", "json", "--exit-zero", "--as-of", day]).json();
        let all = report["findings"].as_array().unwrap().iter().filter(|one| one["check"] == "rotation-unproven");
        all.map(|one| format!("{} {} {}", one["severity"].as_str().unwrap(), one["key"], one["help"])).collect()
    };
    let day = |days: i64| {
        let today = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
        today.saturating_add(jiff::Span::new().days(days)).to_string()
    };
    assert_eq!(found(&day(1)), [""; 0]);
    assert_eq!(found(&day(2)), ["warning \"DB_PASSWORD\" \"envward rotation promote DB_PASSWORD .env\""]);
    let metrics = || sandbox.envward(&["rotation", "export", "--format", "prometheus"]).code(0).stdout;
    let has = |text: &str, metric: &str| text.lines().any(|line| line.starts_with(&format!("{metric}{{")));
    let text = metrics();
    assert!(has(&text, "envward_secret_promoted_timestamp_seconds"), "{text}");
    assert!(!has(&text, "envward_secret_proven_timestamp_seconds"), "{text}");
    let calendar = sandbox.envward(&["rotation", "export", "--format", "ical"]).code(0).stdout;
    assert!(calendar.contains("SUMMARY:finish the rotation of DB_PASSWORD"), "{calendar}");
    let status = sandbox.envward(&["rotation", "status", "--exit-zero"]).code(0).stdout;
    assert!(status.contains("\npromoted, not proven\n"), "{status}");

    // The containers alone are no proof: the database may still accept the old password.
    drop(docker(&sandbox, &[container(&sandbox, "api", json!({"Env": [format!("DB_PASSWORD={new}")]}))]).code(0));
    assert_eq!(found(&day(2)).len(), 1);
    drop(accepted(&sandbox).code(0));
    assert_eq!(found(&day(2)), [""; 0]);
    assert!(has(&metrics(), "envward_secret_proven_timestamp_seconds"));
    let status = sandbox.envward(&["rotation", "status", "--exit-zero"]).code(0).stdout;
    assert!(status.contains("\nproven: confirm\n") && status.contains("(postgres)"), "{status}");
}

/// The next rotation of a secret begins when the last one has ended.
#[test]
fn two_rotations_at_once() {
    let (sandbox, ..) = promoted();
    let before = fs::read_to_string(sandbox.path(".env")).unwrap();
    let pending = ".env.DB_PASSWORD.pending";
    let refused = |args: &[&str]| {
        let args = [&["rotation"], args, &["DB_PASSWORD", ".env"]].concat();
        let output = sandbox.command(&args).stdin(&fill("{password4}")).run().code(2);
        assert!(output.stderr.contains("the last rotation of this secret is not finished"), "{}", output.stderr);
        for command in ["promote DB_PASSWORD .env --confirm", "rollback DB_PASSWORD .env"] {
            assert!(output.unwrapped().contains(command), "{}", output.stderr);
        }
        output
    };
    // No server is told a value that cannot be promoted.
    drop(refused(&["rotate", "--stdin", "--sql"]));
    assert!(!sandbox.path(pending).exists());
    // After a break-in one is made at once, and the steps begin with the last rotation.
    for args in [&["--dry-run"][..], &[], &[]] {
        let screen = sandbox.envward(&[&["rotation", "rotate", "DB_PASSWORD", ".env"], args].concat()).code(0).stdout;
        let commands: Vec<&str> =
            screen.lines().filter_map(|line| line.trim_start().strip_prefix("-> envward ")).collect();
        assert_eq!(
            commands,
            ["rotation promote DB_PASSWORD .env --confirm", "rotation rotate DB_PASSWORD .env"],
            "{screen}"
        );
        assert!(!screen.contains("PostgreSQL"), "{screen}");
        assert_eq!(sandbox.path(pending).exists(), args.is_empty());
    }
    for args in [&["rotate", "--sql"][..], &["rotate", "--redis"], &["promote"]] {
        let output = refused(args);
        assert!(!output.stdout.contains("ALTER ROLE") && !output.stdout.contains("ACL"), "{}", output.stdout);
    }
    assert_eq!(fs::read_to_string(sandbox.path(".env")).unwrap(), before);
    drop(sandbox.envward(&["rotation", "rotate", "DB_PASSWORD", ".env", "--abandon"]).code(0));
    // A server can be told the value in use again, and no third one is made.
    drop(sandbox.envward(&["rotation", "rotate", "DB_PASSWORD", ".env", "--sql"]).code(0));
    assert!(!sandbox.path(pending).exists());
}

/// A rotation can be ended, and the next one begun, also where somebody put another value into the file after `promote`.
#[test]
fn a_value_that_was_edited_after_promote() {
    let (sandbox, _, new) = promoted();
    for file in [".env", "pw.txt"] {
        let text = fs::read_to_string(sandbox.path(file)).unwrap();
        sandbox.file(file, 0o600, text.replace(&new, &fill("{password3}")));
    }
    let rotate = ["rotation", "rotate", "DB_PASSWORD", ".env"];
    let screen = sandbox.envward(&rotate).code(0).stdout;
    assert!(screen.contains("is not finished: finish it first"), "{screen}");
    let confirm = ["rotation", "promote", "DB_PASSWORD", ".env", "--confirm", "--unproven", "a test"];
    drop(sandbox.envward(&confirm).code(0));
    let screen = sandbox.envward(&rotate).code(0).stdout;
    assert!(screen.contains("Tell PostgreSQL"), "{screen}");
}

/// Without a compose file the units of systemd say who reads a file.
#[test]
fn the_units_that_read_a_file() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    let promote = |sandbox: &Sandbox| {
        drop(sandbox.envward(&["rotation", "rotate", "DB_PASSWORD", ".env"]).code(0));
        sandbox.envward(&["rotation", "promote", "DB_PASSWORD", ".env"]).code(0).stdout
    };
    let said = promote(&sandbox);
    assert!(said.contains("envward does not know which programs read these files"), "{said}");
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    let units = sandbox.root().join("home/.config/systemd/user/shop.service.d");
    fs::create_dir_all(&units).unwrap();
    let file = sandbox.path(".env");
    fs::write(units.join("env.conf"), format!("[Service]\nEnvironmentFile=-{}\n", file.display())).unwrap();
    let said = promote(&sandbox);
    assert!(said.contains("  -> systemctl --user restart shop.service\n"), "{said}");
}

/// Days in the ledger would be wrong, so nothing of a rotation goes on.
#[test]
fn a_clock_that_went_back() {
    let (sandbox, _, new) = promoted();
    ledger(&sandbox).execute("UPDATE project SET last_look = '2999-01-01'", []).unwrap();
    let before = fs::read_to_string(sandbox.path(".env")).unwrap();
    let evidence = json!([container(&sandbox, "api", json!({"Env": [format!("DB_PASSWORD={new}")]}))]).to_string();
    let confirm = ["rotation", "promote", "DB_PASSWORD", ".env", "--confirm", "--unproven", "x"];
    for output in [
        verify(&sandbox, "--docker", &evidence),
        sandbox.envward(&confirm),
        sandbox.envward(&["rotation", "rollback", "DB_PASSWORD", ".env"]),
    ] {
        assert_eq!(output.code, 2, "{}", output.stdout);
        assert!(
            output.stderr.contains("the clock went back") && output.stderr.contains("--accept-clock"),
            "{}",
            output.stderr
        );
    }
    assert_eq!(fs::read_to_string(sandbox.path(".env")).unwrap(), before);
}
