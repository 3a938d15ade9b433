//! Ages, from the real binary: what is known, what is due, what a look may write, and what stops it.

use std::fs::{self, FileTimes};
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, SystemTime};

use crate::common::fill::fill;
use crate::common::ledger::{ledger, let_pass, state};
use crate::common::schema::validate;
use crate::common::{Output, Sandbox};
use serde_json::Value;

const SCHEMA: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rotation.schema.json"));
const ENV: &str = "NODE_ENV=production\nDB_PASSWORD={password}\nJWT_SECRET={hex64}\n";

fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill(ENV));
    sandbox
}

/// Validated against the schema.
#[track_caller]
fn status(sandbox: &Sandbox, args: &[&str], code: i32) -> Value {
    let args = [&["rotation", "status", "--format", "json"], args].concat();
    valid(&sandbox.envward(&args).code(code))
}

#[track_caller]
fn valid(output: &Output) -> Value {
    validate(SCHEMA, &output.stdout)
}

/// `key state urgency age basis`, in the answer's order.
fn rows(answer: &Value) -> Vec<String> {
    let row = |one: &Value| {
        let word = |name: &str| one[name].as_str().unwrap().to_owned();
        format!("{} {} {} {} {}", word("key"), word("state"), word("urgency"), one["age_days"], word("age_basis"))
    };
    answer["secrets"].as_array().unwrap().iter().map(row).collect()
}

fn written_days_ago(sandbox: &Sandbox, path: &str, days: u64) {
    let time = SystemTime::now() - Duration::from_secs(days * 86_400);
    let file = fs::File::options().write(true).open(sandbox.path(path)).unwrap();
    file.set_times(FileTimes::new().set_modified(time)).unwrap();
}

// The first look.

#[test]
fn the_first_look_needs_no_preparation_and_makes_a_private_ledger() {
    let sandbox = project();
    written_days_ago(&sandbox, ".env", 30);
    let answer = status(&sandbox, &[], 0);
    let expected = ["DB_PASSWORD current fresh 30 file time", "JWT_SECRET current fresh 30 file time"];
    assert_eq!(rows(&answer), expected);
    for (name, mode) in [("", 0o700), ("ledger.sqlite", 0o600), ("fingerprint.key", 0o600)] {
        let found = fs::metadata(state(&sandbox).join(name)).unwrap().permissions().mode() & 0o7777;
        assert_eq!(found, mode, "{name}");
    }
    assert_eq!(fs::read_dir(state(&sandbox)).unwrap().count(), 2);
    assert_eq!(answer["projects"][0]["ledger"], state(&sandbox).to_str().unwrap());
}

#[test]
fn an_age_from_the_commit_that_first_held_the_value() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    // The first commits are of 2026-01-05. The value came with the second one, and the file was committed again since.
    for (key, other) in [("password-old", "1"), ("password", "2"), ("password", "3")] {
        sandbox.file(".env", 0o600, fill(&format!("DB_PASSWORD={{{key}}}\nOTHER={other}\n")));
        sandbox.git(&["add", "-f", ".env"]);
        let day = ["2025-03-01", "2025-04-01", "2025-05-01"][other.parse::<usize>().unwrap() - 1];
        let commit = sandbox.git_command("", &["commit", "-qm", "change"]);
        drop(commit.env("GIT_COMMITTER_DATE", &format!("{day}T09:00:00Z")).run().code(0));
    }
    sandbox.git(&["rm", "-q", "--cached", ".env"]);
    sandbox.git(&["commit", "-qm", "remove"]);
    let answer = status(&sandbox, &[], 1);
    let secret = &answer["secrets"][0];
    assert_eq!((&secret["since"], &secret["age_basis"]), (&"2025-04-01".into(), &"git history".into()));
    // And it is exposed since then.
    assert_eq!((&secret["urgency"], &secret["hard_due"]), (&"exposed".into(), &"2025-04-01".into()));
    assert!(secret["reason"].as_str().unwrap().starts_with("committed in "), "{secret}");
    // Another value is not.
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password-new}\n"));
    assert_eq!(status(&sandbox, &[], 0)["secrets"][0]["urgency"], "fresh");
}

/// Also where it stands in another file, or in a message.
#[test]
fn a_value_that_was_committed_elsewhere_is_exposed() {
    for (file, message) in [("run {password}\n", "add"), ("echo\n", "try {password}")] {
        let sandbox = Sandbox::new();
        sandbox.git(&["init"]);
        sandbox.file(".git/info/exclude", 0o644, ".env\n");
        sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
        sandbox.file("deploy.sh", 0o755, fill(file));
        sandbox.git(&["add", "deploy.sh"]);
        sandbox.git(&["commit", "-qm", &fill(message)]);
        let answer = status(&sandbox, &[], 1);
        let secret = &answer["secrets"][0];
        assert_eq!((&secret["urgency"], &secret["hard_due"]), (&"exposed".into(), &"2026-01-05".into()), "{file}");
        assert!(secret["reason"].as_str().unwrap().starts_with("committed in "), "{secret}");
        sandbox.file(".env", 0o600, fill("DB_PASSWORD={password-new}\n"));
        assert_eq!(status(&sandbox, &[], 0)["secrets"][0]["urgency"], "fresh", "{file}");
    }
}

#[test]
fn tracked_is_exposed_and_a_loose_mode_is_only_said() {
    let sandbox = project();
    sandbox.git(&["init"]);
    sandbox.git(&["add", "-f", ".env"]);
    let answer = status(&sandbox, &[], 1);
    assert_eq!(answer["secrets"][0]["urgency"], "exposed");
    sandbox.git(&["rm", "-q", "--cached", ".env"]);
    fs::set_permissions(sandbox.path(".env"), PermissionsExt::from_mode(0o644)).unwrap();
    sandbox.file(".env.bak", 0o600, fill(ENV));
    let answer = status(&sandbox, &[], 0);
    let reason = "open to others (mode 0644); also in the copy .env.bak";
    assert_eq!((&answer["secrets"][0]["urgency"], &answer["secrets"][0]["reason"]), (&"fresh".into(), &reason.into()));
    fs::set_permissions(sandbox.path(".env"), PermissionsExt::from_mode(0o600)).unwrap();
    fs::remove_file(sandbox.path(".env.bak")).unwrap();
    assert_eq!(status(&sandbox, &[], 0)["secrets"][0]["reason"], Value::Null);
}

#[test]
fn without_git_history_it_says_so_and_goes_on() {
    let sandbox = project();
    sandbox.git(&["init", "-q"]);
    sandbox.file("README", 0o644, "");
    sandbox.git(&["add", "README"]);
    sandbox.git(&["commit", "-qm", "start"]);
    let head = sandbox.git(&["rev-parse", "HEAD"]);
    fs::remove_file(sandbox.path(format!(".git/objects/{}/{}", &head[..2], &head[2..]))).unwrap();
    let answer = status(&sandbox, &[], 0);
    assert_eq!((answer["limits"][0]["kind"].as_str(), rows(&answer).len()), (Some("broken-ref"), 2));
    let text = sandbox.envward(&["rotation", "status"]).code(0).stdout;
    assert!(text.contains("without git's history: "), "{text}");
    // A job is not mailed about it every day.
    assert_eq!(sandbox.envward(&["rotation", "status", "--remind"]).code(0).normalized(), "");
}

#[test]
fn an_env_file_that_cannot_be_read_is_incomplete_and_keeps_its_age() {
    let sandbox = project();
    status(&sandbox, &[], 0);
    let_pass(&sandbox, 10);
    fs::rename(sandbox.path(".env"), sandbox.path("kept")).unwrap();
    sandbox.fifo(".env");
    let answer = status(&sandbox, &[], 2);
    assert_eq!(answer["problems"][0]["kind"], "not-a-file");
    assert_eq!(rows(&answer)[0], "DB_PASSWORD current fresh 10 file time");
    for how in ["--due", "--remind"] {
        let output = sandbox.envward(&["rotation", "status", how]).code(2);
        assert!(output.stdout.contains("not examined: .env is not a regular file"), "{}", output.stdout);
    }
    fs::remove_file(sandbox.path(".env")).unwrap();
    fs::rename(sandbox.path("kept"), sandbox.path(".env")).unwrap();
    assert_eq!(rows(&status(&sandbox, &[], 0))[0], "DB_PASSWORD current fresh 10 file time");
}

// What follows.

#[test]
fn a_change_is_seen_and_counts_from_the_look_before() {
    let sandbox = project();
    status(&sandbox, &[], 0);
    let_pass(&sandbox, 100);
    assert_eq!(rows(&status(&sandbox, &[], 1))[0], "DB_PASSWORD current due 100 file time");
    let_pass(&sandbox, 5);
    sandbox.file(".env", 0o600, fill(&ENV.replace("{password}", "{password2}")));
    let answer = status(&sandbox, &[], 1);
    assert!(rows(&answer).contains(&"DB_PASSWORD current fresh 5 observed".to_owned()), "{answer:#}");
    // Back to the first one: as old as it is, and due.
    sandbox.file(".env", 0o600, fill(ENV));
    let answer = status(&sandbox, &[], 1);
    assert!(rows(&answer).contains(&"DB_PASSWORD current due 105 file time".to_owned()), "{answer:#}");
    assert!(answer["secrets"][0]["reason"].as_str().unwrap().contains("replaced is in use again"), "{answer:#}");
    // Somebody says that this is right.
    let today = answer["as_of"].as_str().unwrap();
    drop(sandbox.envward(&["rotation", "record", "DB_PASSWORD", "--at", today, "--reason", "restored"]).code(0));
    let answer = status(&sandbox, &[], 1);
    assert!(rows(&answer).contains(&"DB_PASSWORD current fresh 0 declared".to_owned()), "{answer:#}");
}

#[test]
fn due_is_silent_until_something_is() {
    let sandbox = project();
    assert_eq!(sandbox.envward(&["rotation", "status", "--due"]).code(0).normalized(), "");
    let_pass(&sandbox, 80);
    assert_eq!(sandbox.envward(&["rotation", "status", "--due", "--within", "9d"]).code(0).normalized(), "");
    let output = sandbox.envward(&["rotation", "status", "--due", "--within", "2w"]).code(1);
    assert_eq!(output.stdout.lines().filter(|line| line.contains("due on")).count(), 2, "{}", output.stdout);
    let_pass(&sandbox, 10);
    for _ in 0..2 {
        let output = sandbox.envward(&["rotation", "status", "--due"]).code(1);
        let lines: Vec<&str> = output.stdout.lines().collect();
        assert_eq!(lines.len(), 4, "{}", output.stdout);
        assert!(lines[0].starts_with("DB_PASSWORD in .env: 90 days old, due since "), "{}", lines[0]);
        assert_eq!(lines[1], "  -> envward rotation rotate DB_PASSWORD .env");
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{}", output.stdout);
    }
    let output = sandbox.command(&["rotation", "status", "--due", "project"]).dir("..").run().code(1);
    let command = format!("  -> envward rotation rotate DB_PASSWORD {}", sandbox.path(".env").display());
    assert!(output.stdout.lines().any(|line| line == command), "{}", output.stdout);
    drop(sandbox.envward(&["rotation", "status", "--due", "--exit-zero"]).code(0));
}

#[test]
fn the_reminder_comes_once_then_weekly_then_daily() {
    let sandbox = project();
    let remind = |expected: i32| {
        let output = sandbox.envward(&["rotation", "status", "--remind"]).code(expected);
        assert_eq!(output.stdout.is_empty(), expected == 0, "{}", output.stdout);
    };
    remind(0);
    let_pass(&sandbox, 90);
    remind(1);
    remind(0);
    let_pass(&sandbox, 6);
    remind(0);
    let_pass(&sandbox, 1);
    remind(1);
    let_pass(&sandbox, 83);
    for _ in 0..3 {
        remind(1);
        remind(0);
        let_pass(&sandbox, 1);
    }
    let today: jiff::civil::Date = status(&sandbox, &[], 1)["as_of"].as_str().unwrap().parse().unwrap();
    let until = |days: i64| (today + jiff::Span::new().days(days)).to_string();
    for key in ["DB_PASSWORD", "JWT_SECRET"] {
        drop(sandbox.envward(&["rotation", "snooze", key, "--until", &until(3), "--reason", "the move"]).code(0));
    }
    remind(0);
    // It is still due, and shown.
    let output = sandbox.envward(&["rotation", "status"]).code(1);
    assert!(output.stdout.contains(": the move"), "{}", output.stdout);
    let_pass(&sandbox, 4);
    remind(1);
}

#[test]
fn a_day_to_come_is_only_thought() {
    let sandbox = project();
    let answer = status(&sandbox, &["--as-of", "2099-01-01"], 1);
    assert_eq!(answer["secrets"][0]["urgency"], "overdue");
    assert!(!state(&sandbox).exists(), "a future look made a ledger");
    status(&sandbox, &[], 0);
    let before = fs::read(state(&sandbox).join("ledger.sqlite")).unwrap();
    status(&sandbox, &["--as-of", "2099-01-01"], 1);
    status(&sandbox, &["--as-of", "2001-01-01"], 0);
    assert_eq!(fs::read(state(&sandbox).join("ledger.sqlite")).unwrap(), before);
    let output = sandbox.envward(&["rotation", "status", "--remind", "--as-of", "2099-01-01"]).code(2);
    assert!(output.stderr.contains("excludes"), "{}", output.stderr);
}

#[test]
fn a_clock_that_went_back_is_a_finding_and_writes_nothing() {
    let sandbox = project();
    status(&sandbox, &[], 0);
    ledger(&sandbox).execute("UPDATE project SET last_look = date(last_look, '+10 days')", []).unwrap();
    let before = fs::read(state(&sandbox).join("ledger.sqlite")).unwrap();
    let answer = status(&sandbox, &[], 1);
    assert_eq!(
        (&answer["findings"][0]["kind"], rows(&answer)[0].as_str()),
        (&"clock-back".into(), "DB_PASSWORD current fresh 10 file time")
    );
    let output = sandbox.envward(&["rotation", "status", "--due"]).code(1);
    assert!(output.stdout.starts_with("ledger: the clock went back"), "{}", output.stdout);
    assert_eq!(fs::read(state(&sandbox).join("ledger.sqlite")).unwrap(), before);
}

#[test]
fn a_lost_key_is_a_finding_and_nothing_is_fresh_by_it() {
    let sandbox = project();
    status(&sandbox, &[], 0);
    let_pass(&sandbox, 30);
    fs::remove_file(state(&sandbox).join("fingerprint.key")).unwrap();
    // `check` sees it, and makes no key.
    let report = sandbox.envward(&["check", "--format", "json"]).code(0).json();
    let found: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|one| one["check"].as_str().unwrap()).collect();
    assert_eq!(found, ["rotation-unknown", "rotation-unknown"]);
    assert!(!state(&sandbox).join("fingerprint.key").exists());
    sandbox.file(".env", 0o600, fill(&ENV.replace("{password}", "{password2}")));
    let answer = status(&sandbox, &[], 1);
    assert_eq!(answer["findings"][0]["kind"], "key-lost");
    let expected = ["DB_PASSWORD current unknown 30 file time", "JWT_SECRET current unknown 30 file time"];
    assert_eq!(rows(&answer), expected);
    // Said once; the doubt stays.
    assert_eq!(rows(&status(&sandbox, &[], 0)), expected);
}

#[test]
fn several_projects_in_one_run() {
    let sandbox = Sandbox::new();
    for name in ["one", "two"] {
        sandbox.file(format!("{name}/.env"), 0o600, fill(ENV));
        sandbox.file(format!("{name}/envward.toml"), 0o644, format!("[project]\nname = \"{name}\"\n"));
    }
    let answer = status(&sandbox, &["one", "two/.env"], 0);
    let projects: Vec<&str> =
        answer["secrets"].as_array().unwrap().iter().map(|secret| secret["project"].as_str().unwrap()).collect();
    assert_eq!(projects, ["one", "one", "two", "two"]);
    // A project is known by its name, wherever it lies.
    let_pass(&sandbox, 20);
    fs::rename(sandbox.path("one"), sandbox.path("moved")).unwrap();
    assert_eq!(rows(&status(&sandbox, &["moved"], 0))[0], "DB_PASSWORD current fresh 20 file time");
}

#[test]
fn record_says_what_the_files_do_not() {
    let sandbox = project();
    let record = |args: &[&str], code: i32| sandbox.envward(&[&["rotation", "record"], args].concat()).code(code);
    let args = ["DB_PASSWORD", ".env", "--at", "2020-02-03", "--reason", "the wiki", "--owner", "ops"];
    assert_eq!(record(&args, 0).stdout, "recorded: since 2020-02-03\n");
    let answer = status(&sandbox, &[], 1);
    let secret = &answer["secrets"][0];
    assert_eq!((&secret["since"], &secret["age_basis"]), (&"2020-02-03".into(), &"declared".into()));
    assert_eq!((&secret["reason"], &secret["owner"]), (&"the wiki".into(), &"ops".into()));
    let events: Vec<String> = {
        let ledger = ledger(&sandbox);
        let mut statement = ledger.prepare("SELECT what FROM event ORDER BY id").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    assert_eq!(events, ["first seen", "first seen", "declared"]);
    drop(record(&["DB_PASSWORD", "--at", "2099-01-01", "--reason", "x"], 2));
    drop(record(&["NO_SUCH_KEY", "--at", "2020-01-01", "--reason", "x"], 2));
    drop(record(&["DB_PASSWORD", "--at", "2020-01-01", "--reason", " "], 2));
    sandbox.file("worker/.env", 0o600, fill("DB_PASSWORD={password3}\n"));
    let output = record(&["DB_PASSWORD", "--at", "2020-01-01", "--reason", "x"], 2);
    assert!(output.stderr.contains("several env files"), "{}", output.stderr);
    drop(record(&["DB_PASSWORD", "worker/.env", "--at", "2020-01-01", "--reason", "x"], 0));
    // A reason is kept: it must not be a value.
    let output = record(&["DB_PASSWORD", ".env", "--at", "2020-01-01", "--reason", &fill("it was {password}")], 2);
    assert!(output.stderr.contains("holds a secret"), "{}", output.stderr);
}

#[test]
fn check_knows_the_ages_and_writes_nothing() {
    let sandbox = project();
    let check = |code: i32| {
        let report = sandbox.envward(&["check", "--format", "json"]).code(code).json();
        let ids = |one: &Value| format!("{} {}", one["severity"].as_str().unwrap(), one["check"].as_str().unwrap());
        report["findings"].as_array().unwrap().iter().map(ids).collect::<Vec<_>>()
    };
    assert_eq!(check(0), [""; 0]);
    assert!(!state(&sandbox).exists(), "check made a ledger");
    status(&sandbox, &[], 0);
    let_pass(&sandbox, 90);
    let before = fs::read(state(&sandbox).join("ledger.sqlite")).unwrap();
    assert_eq!(check(1), ["warning rotation-due", "warning rotation-due"]);
    assert_eq!(fs::read(state(&sandbox).join("ledger.sqlite")).unwrap(), before);
    let_pass(&sandbox, 90);
    assert_eq!(check(1), ["error rotation-overdue", "error rotation-overdue"]);
    // A ledger that cannot be used is no clean answer.
    fs::write(state(&sandbox).join("ledger.sqlite"), "x".repeat(5000)).unwrap();
    let report = sandbox.envward(&["check", "--format", "json"]).code(2).json();
    assert_eq!(report["problems"][0]["kind"], "unusable-ledger");
}

#[test]
fn dummies_of_tests_and_references_are_no_secrets() {
    let sandbox = Sandbox::new();
    sandbox.file(".env.test", 0o600, "DB_PASSWORD=postgres\n");
    sandbox.file(
        ".env",
        0o600,
        fill("DB_PASSWORD={password}\nPGPASSWORD=${DB_PASSWORD}\nSMTP_PASSWORD=changeme\nAPI_KEY=\n"),
    );
    assert_eq!(rows(&status(&sandbox, &[], 0)).len(), 1);
}

#[test]
fn every_screen_fits() {
    let sandbox = project();
    let long = "STRIPE_WEBHOOK_SIGNING_SECRET_OF_THE_PRODUCTION_ENVIRONMENT";
    sandbox.file(
        "a/rather/deep/directory/.env.production",
        0o644,
        fill(&format!("{long}={{token}}\nDB_PASSWORD=short1\n")),
    );
    let first = sandbox.envward(&["rotation", "status"]).code(0).stdout;
    let_pass(&sandbox, 120);
    for text in [first, sandbox.envward(&["rotation", "status"]).code(1).stdout] {
        // A command is copied in one piece.
        let is_wide =
            |line: &&str| line.chars().count() > 80 && !line.contains("-> envward") && !line.starts_with("ledger ");
        assert_eq!(text.lines().find(is_wide), None, "{text}");
    }
}

// What stops it.

#[test]
fn the_ledger_is_never_inside_the_project() {
    let sandbox = project();
    for place in ["state", ".git/state"] {
        for command in [&["rotation", "status"][..], &["rotation", "status", "--as-of", "2099-01-01"]] {
            let run = sandbox.command(command).env("ENVWARD_STATE_DIR", sandbox.path(place).to_str().unwrap());
            let output = run.run().code(2);
            assert!(output.stderr.contains("lies inside the project"), "{}", output.stderr);
        }
        assert!(!sandbox.path(place).exists());
    }
    // The state of a user whose home is the project is.
    let run = sandbox.command(&["rotation", "status"]).env("ENVWARD_STATE_DIR", "");
    if !nix::unistd::geteuid().is_root() {
        let home = sandbox.path("").to_str().unwrap().to_owned();
        drop(run.env("HOME", &home).run().code(0));
        assert!(sandbox.path(".local/state/envward/ledger.sqlite").exists());
    }
}

#[test]
fn a_ledger_that_cannot_be_used_is_an_error_and_stays_as_it_is() {
    type Damage<'a> = &'a dyn Fn(&Sandbox);
    let damage: [(&str, Damage<'_>, &str); 5] = [
        (
            "corrupt",
            &|sandbox| fs::write(state(sandbox).join("ledger.sqlite"), "x".repeat(5000)).unwrap(),
            "is damaged",
        ),
        ("cut off", &|sandbox| fs::write(state(sandbox).join("ledger.sqlite"), "").unwrap(), "is damaged"),
        ("newer", &|sandbox| ledger(sandbox).pragma_update(None, "user_version", 99).unwrap(), "later version"),
        (
            "loose",
            &|sandbox| {
                fs::set_permissions(state(sandbox), PermissionsExt::from_mode(0o755)).unwrap();
            },
            "open to others (mode 0755)",
        ),
        ("bad key", &|sandbox| fs::write(state(sandbox).join("fingerprint.key"), "short").unwrap(), "size of a key"),
    ];
    for (name, damage, message) in damage {
        let sandbox = project();
        status(&sandbox, &[], 0);
        damage(&sandbox);
        let files = ["ledger.sqlite", "fingerprint.key"].map(|name| fs::read(state(&sandbox).join(name)).unwrap());
        for command in [
            &["rotation", "status"][..],
            &["rotation", "status", "--due"],
            &["rotation", "record", "DB_PASSWORD", "--at", "2020-01-01", "--reason", "x"],
        ] {
            let output = sandbox.envward(command).code(2);
            assert!(output.stderr.contains(message) && output.stderr.contains("hint: "), "{name}: {}", output.stderr);
        }
        let answer = valid(&sandbox.envward(&["rotation", "status", "--format", "json"]).code(2));
        assert_eq!(
            (&answer["status"], &answer["problems"][0]["kind"]),
            (&"incomplete".into(), &"ledger".into()),
            "{name}"
        );
        let after = ["ledger.sqlite", "fingerprint.key"].map(|name| fs::read(state(&sandbox).join(name)).unwrap());
        assert_eq!(files, after, "{name}");
    }
}

#[test]
fn a_full_disk_loses_nothing() {
    let sandbox = project();
    status(&sandbox, &[], 0);
    let before = fs::read(state(&sandbox).join("ledger.sqlite")).unwrap();
    // The file may not grow, and the signal that says so is ignored: a write then fails as on a full disk.
    let keys: String = (0..400).map(|number| fill(&format!("KEY_{number}_PASSWORD={{password{number}}}\n"))).collect();
    sandbox.file("more/.env", 0o600, keys);
    let blocks = before.len() / 512 + 16;
    let line = format!("trap '' XFSZ; ulimit -f {blocks}; exec {} rotation status", env!("CARGO_BIN_EXE_envward"));
    let output = sandbox.shell(&line).run().code(2);
    assert!(output.stderr.starts_with("error: the rotation ledger in "), "{}", output.stderr);
    assert_eq!(rows(&status(&sandbox, &[".env"], 0)).len(), 2);
    assert_eq!(rows(&status(&sandbox, &[], 0)).len(), 402);
}

#[test]
fn the_demo_knows_no_ledger() {
    let sandbox = Sandbox::new();
    fs::create_dir_all(state(&sandbox)).unwrap();
    fs::set_permissions(state(&sandbox), fs::Permissions::from_mode(0o700)).unwrap();
    fs::write(state(&sandbox).join("ledger.sqlite"), "x".repeat(5000)).unwrap();
    let screen = sandbox.envward(&["demo"]).code(0).stdout;
    assert!(screen.contains("5 critical") && !screen.contains("not examined"), "{screen}");
}

#[test]
fn many_writers_at_once_lose_nothing() {
    let sandbox = Sandbox::new();
    let keys: Vec<String> = (0..8).map(|number| format!("KEY_{number}_PASSWORD")).collect();
    let text: String = keys
        .iter()
        .map(|key| fill(&format!("{key}={{password-{}}}\n", key.to_lowercase().replace('_', "-"))))
        .collect();
    sandbox.file(".env", 0o600, text);
    let (root, state) = (sandbox.path(""), state(&sandbox));
    let runs: Vec<_> = keys
        .iter()
        .map(|key| {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_envward"));
            command.args(["rotation", "record", key, "--at", "2020-01-01", "--reason", "x"]);
            command.current_dir(&root).env("ENVWARD_STATE_DIR", &state).stdout(std::process::Stdio::null());
            command.spawn().unwrap()
        })
        .collect();
    for mut run in runs {
        assert!(run.wait().unwrap().success());
    }
    let answer = status(&sandbox, &[], 1);
    assert_eq!(
        rows(&answer).iter().filter(|row| row.contains("overdue") && row.ends_with("declared")).count(),
        8,
        "{answer:#}"
    );
}
