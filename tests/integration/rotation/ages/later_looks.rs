//! What follows.

use super::*;

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
    assert!(
        answer["secrets"][0]["reason"].as_str().unwrap().contains("a replaced value is in use again"),
        "{answer:#}"
    );
    let screen = sandbox.envward(&["rotation", "status"]).code(1).stdout;
    let row = screen.lines().find(|line| line.starts_with("  DB_PASSWORD ")).unwrap();
    assert_eq!(row.split_whitespace().rev().nth(1), Some("now"), "{screen}");
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
    assert!(output.stderr.contains("--remind cannot be used with --as-of"), "{}", output.stderr);
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
    assert_eq!(record(&args, 0).stdout, "recorded: the secret has its value since 2020-02-03\n");
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
    assert!(output.stderr.contains("that text contains a secret of this project"), "{}", output.stderr);
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
