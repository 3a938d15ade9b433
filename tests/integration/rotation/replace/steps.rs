//! Steps.

use base64ct::{Base64, Encoding};

use super::*;

#[test]
fn redis_is_told_a_hash() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill("NODE_ENV=production\nREDIS_PASSWORD={password}\n"));
    let output = rotation(&sandbox, &["rotate", "REDIS_PASSWORD", "--redis"], 0);
    let new = value(&sandbox, ".env.REDIS_PASSWORD.pending", "REDIS_PASSWORD");
    let digest = crate::common::leak::hex(&<sha2::Sha256 as sha2::Digest>::digest(new.as_bytes()));
    assert_eq!(output.stdout, format!("ACL SETUSER default #{digest}\n"));
}

#[test]
fn redis_is_told_whose_password_it_is() {
    for (text, key, user) in [
        ("REDIS_URL=redis://app:{password}@h:6379/0\n", "REDIS_URL", "app"),
        ("REDIS_URL=redis://:{password}@h:6379/0\n", "REDIS_URL", "default"),
        ("REDIS_USER=worker\nREDIS_PASSWORD={password}\n", "REDIS_PASSWORD", "worker"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.file(".env", 0o600, fill(text));
        let output = rotation(&sandbox, &["rotate", key, "--redis"], 0);
        assert!(output.stdout.starts_with(&format!("ACL SETUSER {user} #")), "{text}: {}", output.stdout);
        let steps = rotation(&sandbox, &["rotate", key, "--dry-run"], 0).stdout.replace("\n         ", " ");
        assert_eq!(steps.contains(&format!("redis-cli --user {user}")), user != "default", "{steps}");
    }
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill("REDIS_URL=redis://a%20b:{password}@h/0\n"));
    let output = rotation(&sandbox, &["rotate", "REDIS_URL", "--redis"], 2);
    assert!(output.stderr.contains("--role NAME"), "{}", output.stderr);
    // A value waits already: the role is whose password it is, and takes no turn.
    let output = rotation(&sandbox, &["rotate", "REDIS_URL", "--redis", "--role", "worker"], 0);
    assert!(output.stdout.starts_with("ACL SETUSER worker #"), "{}", output.stdout);
}

#[test]
fn the_statement_goes_to_standard_output_or_a_private_file() {
    let sandbox = project();
    let output = rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env", "--sql"], 0);
    let new = value(&sandbox, PENDING, "DB_PASSWORD");
    assert!(output.stdout.starts_with("ALTER ROLE \"app\" PASSWORD 'SCRAM-SHA-256$4096:"), "{}", output.stdout);
    assert!(output.stdout.ends_with("';\n") && output.stdout.lines().count() == 1 && !output.stdout.contains(&new));
    let args = ["rotate", "DB_PASSWORD", ".env", "--sql", "--role", "it\"s", "--out", "role.sql"];
    drop(rotation(&sandbox, &args, 0));
    assert!(read(&sandbox, "role.sql").starts_with("ALTER ROLE \"it\"\"s\" PASSWORD "));
    assert_eq!(fs::metadata(sandbox.path("role.sql")).unwrap().permissions().mode() & 0o7777, 0o600);
    let output = rotation(&sandbox, &args, 2);
    assert!(output.stderr.contains("role.sql"), "{}", output.stderr);
    // Without a URL and a key beside it, nobody is guessed.
    sandbox.file(".env", 0o600, fill("NODE_ENV=production\nADMIN_DB_PASSWORD={password4}\n"));
    let output = rotation(&sandbox, &["rotate", "ADMIN_DB_PASSWORD", ".env", "--sql"], 2);
    assert!(output.stderr.contains("--role"), "{}", output.stderr);
}

#[test]
fn what_init_and_generate_make_has_its_age_from_the_first_day() {
    let sandbox = Sandbox::new();
    sandbox.file(".env.example", 0o644, "NODE_ENV=production\nDB_PASSWORD=\nSTRIPE_SECRET_KEY=\n");
    drop(sandbox.envward(&["init"]).code(0));
    drop(sandbox.envward(&["generate", "hex", "--bytes", "64", "--into", ".env", "JWT_SECRET"]).code(0));
    assert_eq!(states(&sandbox), ["DB_PASSWORD current rotated", "JWT_SECRET current rotated"]);
    // Another value, also made here: the age starts anew, and nothing was observed.
    drop(sandbox.envward(&["generate", "password", "--into", ".env", "DB_PASSWORD", "--replace"]).code(0));
    assert_eq!(states(&sandbox), ["DB_PASSWORD current rotated", "JWT_SECRET current rotated"]);
    let reasons: Vec<String> = {
        let ledger = crate::common::ledger::ledger(&sandbox);
        let mut statement = ledger.prepare("SELECT reason FROM event WHERE what = 'made' ORDER BY id").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    assert_eq!(reasons, ["init", "generate", "generate"]);
    // Where there is to be none, none is missed.
    let none = |args: &[&str]| sandbox.command(args).env("ENVWARD_STATE_DIR", "/dev/null").run();
    let output = none(&["generate", "hex", "--into", ".env", "SESSION_SECRET"]).code(0);
    assert_eq!(output.stderr, "");
    assert!(none(&["rotation", "status"]).code(2).stderr.contains("is disabled"));
    // A ledger that cannot be used is said, and the value is made all the same.
    fs::write(state(&sandbox).join("ledger.sqlite"), "x".repeat(5000)).unwrap();
    let output = sandbox.envward(&["generate", "hex", "--into", ".env", "API_KEY"]).code(0);
    assert!(output.stderr.starts_with("note: the age was not recorded: "), "{}", output.stderr);
    // To run the command again would make a second new value.
    assert!(
        output.stderr.contains("the new value is in place") && !output.stderr.contains("again"),
        "{}",
        output.stderr
    );
    assert!(read(&sandbox, ".env").contains("\nAPI_KEY="));
}

/// The server of the project is told in its container, as its own user; what reads the value is made anew.
#[test]
fn the_steps_are_for_the_servers_of_the_project() {
    let cases = [
        (
            "  db:\n    image: postgres:15.5\n    environment:\n      POSTGRES_USER: it\n      POSTGRES_PASSWORD: ${DB_PASSWORD}\n",
            "DB_PASSWORD={password}\n",
            "--sql | docker compose exec -T db psql -X -v ON_ERROR_STOP=1 -U it -d postgres",
        ),
        (
            "  pg:\n    image: postgis/postgis:15-3.4\n    environment:\n      - POSTGRES_PASSWORD_FILE=/run/secrets/p\n    secrets: [p]\nsecrets:\n  p:\n    file: p.txt\n",
            "DB_PASSWORD={password}\n",
            "--sql | docker compose exec -T pg psql -X -v ON_ERROR_STOP=1 -U postgres -d postgres",
        ),
        (
            "  cache:\n    image: valkey/valkey:8.0.1\n    command: valkey-server --requirepass ${DB_PASSWORD}\n",
            "DB_PASSWORD={password}\n",
            "docker compose exec -T -e REDISCLI_AUTH cache redis-cli",
        ),
    ];
    for (service, env, step) in cases {
        let sandbox = Sandbox::new();
        let api = "  api:\n    image: api:1.0.0\n    env_file: .env\n  web:\n    image: web:1.0.0\n";
        sandbox.file("compose.yaml", 0o644, format!("services:\n{api}{service}"));
        sandbox.file(".env", 0o600, fill(env));
        sandbox.file("p.txt", 0o600, fill("{password}"));
        let text = rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0).stdout;
        assert!(text.lines().any(|line| line.contains("-> envward") && line.ends_with(step)), "{step}\n{text}");
        let up = text.lines().find(|line| line.contains("docker compose up -d")).unwrap();
        assert!(up.contains(" api") && !up.contains(" web"), "{up}");
    }
    // Where nothing says whose password it is, psql gets a statement that fails.
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    let output = rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env", "--sql"], 2);
    assert!(output.stdout.starts_with("DO $$ BEGIN RAISE EXCEPTION"), "{}", output.stdout);
}

/// A rotation whose end was forgotten is named after two weeks.
#[test]
fn the_end_of_a_rotation_is_asked_for() {
    for (verbs, left) in [(&["rotate"][..], "pending"), (&["rotate", "promote"], "retiring")] {
        let sandbox = project();
        verbs.iter().for_each(|verb| drop(rotation(&sandbox, &[verb, "DB_PASSWORD", ".env"], 0)));
        let on = |days: i64, code: i32| {
            let today = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
            let day = today.saturating_add(jiff::Span::new().days(days)).to_string();
            rotation(&sandbox, &["status", "--due", "--as-of", &day], code).stdout
        };
        assert_eq!(on(12, 0), "", "{left}");
        let said = on(15, 1);
        assert!(said.contains("DB_PASSWORD in .env") && said.contains("promote DB_PASSWORD .env"), "{left}: {said}");
    }
}

/// Every way in which a service reads a file, and the files of the stack where Compose does not find them by itself.
#[test]
fn what_is_recreated() {
    for (name, service, rest, expected) in [
        ("compose.yaml", "env_file: .env", "", "docker compose up -d --force-recreate api"),
        ("compose.yaml", "environment: ['PW=${DB_PASSWORD}']", "", "docker compose up -d --force-recreate api"),
        ("compose.yaml", "environment: [DB_PASSWORD]", "", "docker compose up -d --force-recreate api"),
        (
            "compose.yaml",
            "configs: [app]",
            "configs:\n  app:\n    file: .env\n",
            "docker compose up -d --force-recreate api",
        ),
        ("compose.yaml", "volumes: ['./.env:/app/.env:ro']", "", "docker compose up -d --force-recreate api"),
        ("compose.yaml", "profiles: [work]\n    env_file: .env", "", "docker compose up -d --force-recreate api"),
        ("compose.prod.yaml", "env_file: .env", "", "docker compose -f compose.prod.yaml up -d --force-recreate api"),
    ] {
        let sandbox = Sandbox::new();
        let web = "  web:\n    image: web:1.0.0\n";
        sandbox.file(name, 0o644, format!("services:\n  api:\n    image: api:1.0.0\n    {service}\n{web}{rest}"));
        sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
        drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
        let said = rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0).stdout;
        assert!(said.lines().any(|line| line == format!("  -> {expected}")), "{service}: {said}");
    }
}

/// Who told the database already gets the command that undoes it, and it sets the value that is in use.
#[test]
fn a_discarded_value_is_taken_back_from_the_server() {
    let sandbox = project();
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env", "--sql"], 0));
    let said = rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env", "--abandon"], 0).stdout;
    let undo = "  -> envward rotation rollback DB_PASSWORD .env --sql | psql -X -v ON_ERROR_STOP=1 -d postgres";
    assert!(said.lines().any(|line| line == undo), "{said}");
    let statement = rotation(&sandbox, &["rollback", "DB_PASSWORD", ".env", "--sql"], 0).stdout;
    let verifier = statement.split('\'').nth(1).unwrap();
    let salt = Base64::decode_vec(verifier.split([':', '$']).nth(2).unwrap()).unwrap().try_into().unwrap();
    let current = envward::secret::Secret::copy_of(fill("{password}").as_bytes());
    assert_eq!(envward::rotation::scram::verifier(&current, &salt, 4096).as_deref(), Some(verifier));
}

/// What `rollback` reads is no copy to be deleted, also where the ledger that knew the rotation is gone.
#[test]
fn nobody_is_told_to_delete_what_a_rollback_needs() {
    let sandbox = project();
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
    fs::remove_dir_all(state(&sandbox)).unwrap();
    let said = rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0).stdout;
    assert!(sandbox.path(PREVIOUS).exists() && !said.contains(PREVIOUS), "{said}");
    // A copy that somebody made is named.
    sandbox.file(".env.bak", 0o600, read(&sandbox, ".env"));
    let said = rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0).stdout;
    assert!(said.contains("WARNING: .env.bak has it too"), "{said}");
}

/// The new value was made for another value: the places of that one would be left, and the server would know it already.
#[test]
fn a_value_that_was_edited_after_rotate() {
    let sandbox = project();
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
    let before = read(&sandbox, ".env");
    let url = fill("DATABASE_URL=postgres://app:{password}@db:5432/app");
    let edited = before.replacen(&fill("{password}"), &fill("{password3}"), 1);
    assert!(edited.contains(&url));
    sandbox.file(".env", 0o600, &edited);
    for args in [&["promote"][..], &["rotate"], &["rotate", "--sql"], &["promote"]] {
        let output = rotation(&sandbox, &[args, &["DB_PASSWORD", ".env"]].concat(), 2);
        assert!(output.stderr.contains("somebody changed the current value after"), "{}", output.stderr);
        assert!(output.unwrapped().contains("rotate DB_PASSWORD .env --abandon"), "{}", output.stderr);
        assert!(!output.stdout.contains("ALTER ROLE"), "{}", output.stdout);
        assert_eq!(read(&sandbox, ".env"), edited);
    }
    // Whoever takes the edit back can go on.
    sandbox.file(".env", 0o600, &before);
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env", "--sql"], 0));
    let said = rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0).stdout;
    assert!(said.contains("(3 places)"), "{said}");
}

/// Somebody at a terminal is asked for the new value, which the screen does not show.
#[test]
fn a_new_value_is_typed_without_being_shown() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill("STRIPE_SECRET_KEY={token}\n"));
    let new = fill("{token2}");
    let args = ["rotation", "rotate", "STRIPE_SECRET_KEY", ".env", "--stdin"];
    let screen =
        crate::common::terminal::talk(&sandbox, &args, &[("new value of STRIPE_SECRET_KEY, not shown: ", &new)]);
    assert!(!screen.contains(&new), "the value is on the screen");
    assert_eq!(value(&sandbox, ".env.STRIPE_SECRET_KEY.pending", "STRIPE_SECRET_KEY"), new);
}
