//! Guided rotation: the new value waits, is put to use everywhere, and the old one ends; whatever kills it on the way.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::common::fill::fill;
use crate::common::ledger::state;
use crate::common::{Output, Sandbox};

const ENV: &str = "# the app\nNODE_ENV=production\nDB_USER=app\nDB_PASSWORD={password} # ours\n\
                   DATABASE_URL=postgres://app:{password}@db:5432/app\nJWT_SECRET={hex64}\n";
const WORKER: &str = "APP_ENV=production\nexport QUEUE_DB_PASS='{password}'\nOTHER=x\n";
const PENDING: &str = ".env.DB_PASSWORD.pending";

fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill(ENV));
    sandbox.file("worker/.env", 0o600, fill(WORKER));
    sandbox
}

fn rotation(sandbox: &Sandbox, args: &[&str], code: i32) -> Output {
    sandbox.envward(&[&["rotation"], args].concat()).code(code)
}

fn read(sandbox: &Sandbox, path: &str) -> String {
    fs::read_to_string(sandbox.path(path)).unwrap()
}

/// The value behind a key of an env file.
fn value(sandbox: &Sandbox, path: &str, key: &str) -> String {
    let text = read(sandbox, path);
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{key}=")));
    line.unwrap_or_else(|| panic!("{path} has no {key}")).split(' ').next().unwrap().to_owned()
}

/// `key state basis` of every secret, in the order of the table.
fn states(sandbox: &Sandbox) -> Vec<String> {
    let answer = sandbox.envward(&["rotation", "status", "--format", "json", "--exit-zero"]).code(0).json();
    let row = |one: &serde_json::Value| {
        let word = |name: &str| one[name].as_str().unwrap().to_owned();
        format!("{} {} {}", word("key"), word("state"), word("age_basis"))
    };
    let mut rows: Vec<String> = answer["secrets"].as_array().unwrap().iter().map(row).collect();
    rows.sort();
    rows
}

#[test]
fn a_password_in_all_its_places() {
    let sandbox = project();
    sandbox.file(".env.test", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox.file(".env.bak", 0o600, fill(ENV));
    let before = (read(&sandbox, ".env"), read(&sandbox, "worker/.env"));
    let dry = rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env", "--dry-run"], 0);
    assert!(!sandbox.path(PENDING).exists() && dry.stdout.contains("would wait in"), "{}", dry.stdout);

    let output = rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0);
    let new = value(&sandbox, PENDING, "DB_PASSWORD");
    let old = fill("{password}");
    assert_eq!((new.len(), new == old, &before.0), (64, false, &read(&sandbox, ".env")));
    let meta = fs::metadata(sandbox.path(PENDING)).unwrap();
    assert_eq!(meta.permissions().mode() & 0o7777, 0o600);
    for line in [
        "  .env: DB_PASSWORD",
        "  .env: DATABASE_URL (in a URL)",
        "  worker/.env: QUEUE_DB_PASS",
        "  .env.bak (a copy: remove it)",
        "  .env.test (test)",
        "     -> envward rotation rotate DB_PASSWORD .env --sql | psql -X -v ON_ERROR_STOP=1 -d postgres",
        "     -> envward rotation promote DB_PASSWORD .env",
        "     -> envward rotation promote DB_PASSWORD .env --confirm",
    ] {
        assert!(output.stdout.lines().any(|one| one == line), "{line}\n{}", output.stdout);
    }
    assert!(output.stdout.lines().all(|line| line.chars().count() <= 80 || line.contains("-> ")), "{}", output.stdout);
    assert!(states(&sandbox).contains(&"DB_PASSWORD pending rotated".to_owned()), "{:?}", states(&sandbox));
    // Again: the same value, made once.
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
    assert_eq!(value(&sandbox, PENDING, "DB_PASSWORD"), new);

    let promoted = rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0);
    assert!(promoted.stdout.contains("3 places replaced"), "{}", promoted.stdout);
    // Every other byte is as it was.
    assert_eq!(read(&sandbox, ".env"), before.0.replace(&old, &new));
    assert_eq!(read(&sandbox, "worker/.env"), before.1.replace(&old, &new));
    assert!(!sandbox.path(PENDING).exists());
    assert_eq!(value(&sandbox, ".env.test", "DB_PASSWORD"), old, "another environment");
    let expected = [
        "DATABASE_URL current rotated",
        "DB_PASSWORD current file time",
        "DB_PASSWORD current rotated",
        "DB_PASSWORD retiring file time",
        "JWT_SECRET current file time",
        "QUEUE_DB_PASS current rotated",
    ];
    assert_eq!(states(&sandbox), expected);

    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
    let refused = rotation(&sandbox, &["promote", "DB_PASSWORD", ".env", "--confirm"], 1);
    assert!(refused.stdout.contains("  .env.test: DB_PASSWORD\n"), "{}", refused.stdout);
    sandbox.file(".env.test", 0o600, fill("DB_PASSWORD={password2}\n"));
    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env", "--confirm"], 0));
    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env", "--confirm"], 2));
    assert_eq!(states(&sandbox).iter().filter(|row| row.contains("retiring")).count(), 0);
    for output in [output, promoted] {
        let all = output.stdout + &output.stderr;
        assert!(!all.contains(&old[..8]) && !all.contains(&new[..8]), "a value was printed");
    }
}

#[test]
fn a_signing_key_overlaps() {
    let sandbox = project();
    sandbox.file("worker/.env", 0o600, fill("NODE_ENV=production\nJWT_SECRET={hex64}\n"));
    drop(rotation(&sandbox, &["rotate", "JWT_SECRET", ".env"], 0));
    let (old, new) = (fill("{hex64}"), value(&sandbox, ".env", "JWT_SECRET_NEXT"));
    assert_eq!((new.len(), value(&sandbox, ".env", "JWT_SECRET")), (128, old.clone()));
    // The next one is a state of the key, and no secret of its own.
    assert_eq!(states(&sandbox).iter().filter(|row| row.starts_with("JWT_SECRET")).count(), 3);
    drop(rotation(&sandbox, &["promote", "JWT_SECRET", ".env"], 0));
    for path in [".env", "worker/.env"] {
        assert_eq!(value(&sandbox, path, "JWT_SECRET"), new);
        assert_eq!(value(&sandbox, path, "JWT_SECRET_PREVIOUS"), old);
        assert!(!read(&sandbox, path).contains("_NEXT"));
    }
    drop(rotation(&sandbox, &["promote", "JWT_SECRET", ".env", "--confirm"], 0));
    assert_eq!(read(&sandbox, ".env"), fill(ENV).replace(&old, &new));
    assert!(!read(&sandbox, "worker/.env").contains("_PREVIOUS"));
}

#[test]
fn what_git_or_an_image_would_pick_up_waits_in_the_file_itself() {
    type Prepare<'a> = &'a dyn Fn(&Sandbox);
    let cases: [(&str, Prepare<'_>); 2] = [
        ("git", &|sandbox| {
            sandbox.git(&["init", "-q"]);
            sandbox.file(".gitignore", 0o644, "/.env\n/worker/.env\n");
        }),
        ("an image", &|sandbox| {
            sandbox.file("Dockerfile", 0o644, "FROM scratch\n");
            sandbox.file(".dockerignore", 0o644, ".env\nworker\n");
        }),
    ];
    for (name, prepare) in cases {
        let sandbox = project();
        prepare(&sandbox);
        drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
        assert!(!sandbox.path(PENDING).exists(), "{name}");
        let new = value(&sandbox, ".env", "DB_PASSWORD_NEXT");
        drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
        assert_eq!(read(&sandbox, ".env"), fill(ENV).replace(&fill("{password}"), &new), "{name}");
    }
    let sandbox = project();
    sandbox.git(&["init", "-q"]);
    sandbox.file(".gitignore", 0o644, ".env*\n");
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
    assert!(sandbox.path(PENDING).exists());
    // `check` does not say that it should be removed.
    let report = sandbox.envward(&["check", "--format", "json", "--exit-zero"]).code(0).json();
    let found: Vec<&serde_json::Value> =
        report["findings"].as_array().unwrap().iter().filter(|one| one["path"] == PENDING).collect();
    assert_eq!((found.len(), &found[0]["help"]), (1, &"envward rotation status".into()));
}

/// No statement for PostgreSQL where the env file says another database.
#[test]
fn a_password_of_mysql_or_mariadb() {
    for beside in [
        "DB_CONNECTION=mysql\n",
        "DB_ENGINE=django.db.backends.mysql\n",
        "DB_TYPE=mariadb\n",
        "DB_PORT=3306\n",
        "DATABASE_URL=mysql://app:{password}@db/app\n",
    ] {
        let sandbox = Sandbox::new();
        sandbox.file(".env", 0o600, fill(&format!("NODE_ENV=production\nDB_PASSWORD={{password}}\n{beside}")));
        let which = ["rotation", "rotate", "DB_PASSWORD", ".env"];
        let text = sandbox.envward(&[&which[..], &["--dry-run"]].concat()).code(0).stdout;
        assert!(text.contains("tell the database") && text.contains("ALTER USER"), "{beside}{text}");
        assert!(!text.contains("psql") && !text.contains("--sql"), "{beside}{text}");
        let refused = sandbox.envward(&[&which[..], &["--sql"]].concat()).code(2);
        assert!(refused.stderr.contains("MySQL"), "{}", refused.stderr);
    }
    for beside in ["DB_CONNECTION=pgsql\nDB_PORT=3306\n", "DB_PORT=5432\n", "OTHER_CONNECTION=mysql\n"] {
        let sandbox = Sandbox::new();
        sandbox.file(".env", 0o600, fill(&format!("NODE_ENV=production\nDB_PASSWORD={{password}}\n{beside}")));
        let text = sandbox.envward(&["rotation", "rotate", "DB_PASSWORD", ".env", "--dry-run"]).code(0).stdout;
        assert!(text.contains("psql"), "{beside}{text}");
    }
}

#[test]
fn what_somebody_else_issues_comes_on_standard_input() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill("NODE_ENV=production\nSTRIPE_SECRET_KEY={token}\n"));
    let which = ["rotation", "rotate", "STRIPE_SECRET_KEY"];
    let output = sandbox.envward(&which).code(2);
    assert!(output.stderr.contains("--stdin"), "{}", output.stderr);
    let (old, new) = (fill("{token}"), fill("{token-new}"));
    for (text, message) in [
        (String::new(), "is empty"),
        ("\n".into(), "is empty"),
        (format!("{new}\n{new}\n"), "several lines"),
        ("changeme\n".into(), "could be guessed"),
        (old.clone(), "the old value"),
    ] {
        let output = sandbox.command(&[&which[..], &["--stdin"]].concat()).stdin(&text).run().code(2);
        assert!(output.stderr.contains(message), "{text:?}: {}", output.stderr);
    }
    drop(sandbox.command(&[&which[..], &["--stdin"]].concat()).stdin(&format!("{new}\r\n")).run().code(0));
    drop(sandbox.command(&[&which[..], &["--stdin"]].concat()).stdin(&new).run().code(2));
    drop(rotation(&sandbox, &["promote", "STRIPE_SECRET_KEY"], 0));
    assert_eq!(value(&sandbox, ".env", "STRIPE_SECRET_KEY"), new);
}

#[test]
fn given_up() {
    let sandbox = project();
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env", "--abandon"], 2));
    for key in ["DB_PASSWORD", "JWT_SECRET"] {
        drop(rotation(&sandbox, &["rotate", key, ".env"], 0));
        drop(rotation(&sandbox, &["rotate", key, ".env", "--abandon"], 0));
        drop(rotation(&sandbox, &["promote", key, ".env"], 2));
    }
    assert_eq!((read(&sandbox, ".env"), sandbox.path(PENDING).exists()), (fill(ENV), false));
    assert!(states(&sandbox).iter().all(|row| row.ends_with(" current file time")), "{:?}", states(&sandbox));
    // And another time from the start.
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
}

#[test]
fn nothing_is_changed_where_not_everything_can_be() {
    // An expression around the value.
    let sandbox = project();
    let text = fill(ENV) + &fill("DSN=\"{password} $UNSET_NAME\"\n");
    sandbox.file(".env", 0o600, &text);
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
    let output = rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 2);
    assert!(output.stderr.contains("by hand"), "{}", output.stderr);
    assert_eq!((read(&sandbox, ".env"), read(&sandbox, "worker/.env")), (text, fill(WORKER)));
    // A file that could not be read may hold the value, too.
    let sandbox = project();
    sandbox.fifo("api.env");
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 2));
    assert!(!sandbox.path(PENDING).exists());
    // A link in a file's place.
    let sandbox = project();
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
    fs::rename(sandbox.path("worker/.env"), sandbox.path("worker/real")).unwrap();
    sandbox.link("worker/.env", "real");
    let output = rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 2);
    assert!(output.stderr.contains("symbolic link"), "{}", output.stderr);
    assert_eq!(read(&sandbox, ".env"), fill(ENV));
}

#[test]
fn the_files_keep_mode_and_owner() {
    let sandbox = project();
    fs::set_permissions(sandbox.path("worker/.env"), fs::Permissions::from_mode(0o400)).unwrap();
    if nix::unistd::geteuid().is_root() {
        for path in ["", ".env", "worker", "worker/.env"] {
            std::os::unix::fs::chown(sandbox.path(path), Some(1), Some(1)).unwrap();
        }
    }
    let owner =
        |path: &str| fs::metadata(sandbox.path(path)).map(|meta| (meta.uid(), meta.gid(), meta.mode() & 0o7777));
    let before = [".env", "worker/.env"].map(|path| owner(path).unwrap());
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
    assert_eq!(owner(PENDING).unwrap(), before[0]);
    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
    assert_eq!([".env", "worker/.env"].map(|path| owner(path).unwrap()), before);
}

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
    assert!(none(&["rotation", "status"]).code(2).stderr.contains("has no place"));
    // A ledger that cannot be used is said, and the value is made all the same.
    fs::write(state(&sandbox).join("ledger.sqlite"), "x".repeat(5000)).unwrap();
    let output = sandbox.envward(&["generate", "hex", "--into", ".env", "API_KEY"]).code(0);
    assert!(output.stderr.starts_with("note: the age was not recorded: "), "{}", output.stderr);
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

// Killed on the way.

/// The new value is in all places and in no file beside, and the ledger says so.
fn assert_done(sandbox: &Sandbox, new: &str, how: &str) {
    let old = fill("{password}");
    for (path, text) in [(".env", fill(ENV)), ("worker/.env", fill(WORKER))] {
        assert_eq!(read(sandbox, path), text.replace(&old, new), "{how}: {path}");
    }
    let names: Vec<String> =
        fs::read_dir(sandbox.path("")).unwrap().map(|one| one.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.iter().all(|name| [".env", "worker"].contains(&name.as_str())), "{how}: {names:?}");
    let rows: Vec<String> = states(sandbox).into_iter().filter(|row| row.starts_with("DB_PASSWORD")).collect();
    assert_eq!(rows, ["DB_PASSWORD current rotated", "DB_PASSWORD retiring file time"], "{how}");
}

#[test]
fn each_state_between_can_be_gone_on_from() {
    // Before the ledger knows of the new value.
    let sandbox = project();
    drop(rotation(&sandbox, &["status"], 0));
    let ledger = fs::read(state(&sandbox).join("ledger.sqlite")).unwrap();
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
    let new = value(&sandbox, PENDING, "DB_PASSWORD");
    let pending = read(&sandbox, PENDING);
    fs::write(state(&sandbox).join("ledger.sqlite"), &ledger).unwrap();
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
    assert_eq!(value(&sandbox, PENDING, "DB_PASSWORD"), new);
    let ledger = fs::read(state(&sandbox).join("ledger.sqlite")).unwrap();
    // Behind the first file.
    sandbox.file("worker/.env", 0o600, fill(WORKER).replace(&fill("{password}"), &new));
    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
    assert_done(&sandbox, &new, "behind the first file");
    // Behind the last file, before the ledger.
    fs::write(state(&sandbox).join("ledger.sqlite"), &ledger).unwrap();
    sandbox.file(PENDING, 0o600, &pending);
    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
    assert_done(&sandbox, &new, "behind the last file");
    // Behind the ledger.
    sandbox.file(PENDING, 0o600, &pending);
    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
    assert_done(&sandbox, &new, "behind the ledger");
    // The file with the value is gone, and so is what the ledger heard of its use.
    fs::write(state(&sandbox).join("ledger.sqlite"), &ledger).unwrap();
    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
    assert_done(&sandbox, &new, "without the file");
}

#[test]
fn killed_anywhere_it_can_be_done_again() {
    for round in 0..24 {
        let sandbox = project();
        for verb in ["rotate", "promote"] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_envward"));
            command.args(["rotation", verb, "DB_PASSWORD", ".env"]).current_dir(sandbox.path(""));
            command.env_clear().env("ENVWARD_STATE_DIR", state(&sandbox));
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            // From the start to past the end of a run, in steps that are no multiple of anything.
            std::thread::sleep(Duration::from_micros(700 * round * (round + 7) / 7));
            child.kill().unwrap();
            child.wait().unwrap();
            // Whatever it left: private, readable, and each file old or new.
            for path in [".env", "worker/.env", PENDING] {
                let Ok(meta) = fs::metadata(sandbox.path(path)) else { continue };
                assert_eq!(meta.permissions().mode() & 0o077, 0, "{path}");
            }
            let lines = [".env", "worker/.env"].map(|path| read(&sandbox, path).lines().count());
            assert_eq!(lines, [6, 3]);
            drop(rotation(&sandbox, &["status"], 0));
        }
        drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
        let new = value(&sandbox, PENDING, "DB_PASSWORD");
        drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
        assert_eq!(value(&sandbox, ".env", "DB_PASSWORD"), new);
        assert!(!sandbox.path(PENDING).exists());
        let leftover = |one: fs::DirEntry| one.file_name().to_str().unwrap().contains("envward-");
        assert!(!fs::read_dir(sandbox.path("")).unwrap().any(|one| leftover(one.unwrap())));
    }
}
