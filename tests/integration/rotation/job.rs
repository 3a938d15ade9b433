//! What others read: metrics, alert rules, a calendar, and the files of the daily job. Judged by promtool, systemd and
//! a shell.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::common::fill::fill;
use crate::common::ledger::let_pass;
use crate::common::{Output, Sandbox, own_file, skip};

const ENV: &str = "NODE_ENV=production\nDB_PASSWORD={password}\nJWT_SECRET={hex64}\n";

fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill(ENV));
    sandbox
}

/// Whether a program is here; where not, this test says so.
fn has(sandbox: &Sandbox, program: &str) -> bool {
    let is_here = sandbox.shell(&format!("command -v {program}")).run().code == 0;
    if !is_here {
        skip(&format!("{program} is not here"));
    }
    is_here
}

fn export(sandbox: &Sandbox, args: &[&str], code: i32) -> Output {
    sandbox.envward(&[&["rotation", "export", "--format"], args].concat()).code(code)
}

#[test]
fn prometheus_takes_the_metrics() {
    let sandbox = project();
    if !has(&sandbox, "promtool") {
        return;
    }
    // Names that need escaping, too.
    sandbox.file("a\"b\\c\nd/.env", 0o600, fill("API_KEY={token}\n"));
    for args in [&["prometheus"][..], &["prometheus", "--hide-names"]] {
        let metrics = export(&sandbox, args, 0).stdout;
        drop(sandbox.shell("promtool check metrics").stdin(&metrics).run().code(0));
        let count = |name: &str| metrics.lines().filter(|line| line.starts_with(&format!("{name}{{"))).count();
        assert_eq!((count("envward_secret_hard_due_timestamp_seconds"), count("envward_rotation_complete")), (3, 1));
        let names = ["DB_PASSWORD", ".env\"", "project=\"/"].map(|name| metrics.contains(name));
        assert_eq!(names, [args.len() == 1; 3], "{metrics}");
    }
}

#[test]
fn metrics_are_instants() {
    let sandbox = project();
    drop(sandbox.envward(&["rotation", "record", "DB_PASSWORD", "--at", "2026-01-01", "--reason", "x"]).code(0));
    let value = |metrics: &str, start: &str, key: &str| {
        let line = metrics.lines().find(|line| line.starts_with(start) && line.contains(key)).unwrap_or_default();
        line.rsplit(' ').next().unwrap().parse::<i64>().ok()
    };
    let metrics = export(&sandbox, &["prometheus"], 0).stdout;
    // `date -ud 2026-01-01 +%s`, and 90 and 180 days later.
    let expected = [
        ("envward_secret_since_timestamp_seconds", 1_767_225_600),
        ("envward_secret_soft_due_timestamp_seconds", 1_767_225_600 + 90 * 86_400),
        ("envward_secret_hard_due_timestamp_seconds", 1_767_225_600 + 180 * 86_400),
    ];
    for (name, seconds) in expected {
        assert_eq!(value(&metrics, name, "DB_PASSWORD"), Some(seconds), "{name}");
    }
    assert_eq!(value(&metrics, "envward_secret_exposed", "DB_PASSWORD"), Some(0));
    assert_eq!(value(&metrics, "envward_secret_snoozed", "DB_PASSWORD"), None);
    sandbox.git(&["init", "-q"]);
    sandbox.git(&["add", "-f", ".env"]);
    let metrics = export(&sandbox, &["prometheus"], 0).stdout;
    assert_eq!(value(&metrics, "envward_secret_exposed", "DB_PASSWORD"), Some(1));
}

#[test]
fn the_metrics_file_is_whole_and_readable() {
    let sandbox = project();
    fs::create_dir(sandbox.root().join("collector")).unwrap();
    let file = sandbox.root().join("collector/envward.prom");
    let name = file.to_str().unwrap();
    for _ in 0..2 {
        assert_eq!(export(&sandbox, &["prometheus", "--out", name], 0).normalized(), "");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o644);
        assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 1);
    }
    // Something that cannot be read: written, and said.
    let before = fs::read_to_string(&file).unwrap();
    sandbox.fifo(".env.production");
    let output = export(&sandbox, &["prometheus", "--out", name], 2);
    assert!(output.stderr.contains("not examined in "), "{}", output.stderr);
    let after = fs::read_to_string(&file).unwrap();
    assert!(before.contains("envward_rotation_complete{project=") && after.trim_end().ends_with("} 0"), "{after}");
    let output = export(&sandbox, &["prometheus", "--out", "metrics.txt"], 2);
    assert!(output.stderr.contains(".prom"), "{}", output.stderr);
}

#[test]
fn prometheus_takes_the_alert_rules_and_fires_them() {
    let sandbox = project();
    if !has(&sandbox, "promtool") {
        return;
    }
    sandbox.file("envward.rules.yml", 0o644, own_file("templates/envward.rules.yml"));
    sandbox.file("test.yml", 0o644, own_file("tests/vectors/envward.rules.test.yml"));
    drop(sandbox.shell("promtool check rules envward.rules.yml").run().code(0));
    drop(sandbox.shell("promtool test rules test.yml").run().code(0));
    // They ask for metrics that there are.
    let metrics = own_file("src/rotation/prometheus.rs");
    let rules = own_file("templates/envward.rules.yml");
    let words = rules.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    for name in words.filter(|word| word.starts_with("envward_")) {
        assert!(metrics.contains(&format!("\"{name}\"")), "{name}");
    }
}

#[test]
fn the_calendar_has_stable_ids_and_well_formed_lines() {
    let sandbox = project();
    sandbox.file("a,b;c/.env", 0o600, fill("API_KEY={token}\n"));
    let calendar = export(&sandbox, &["ical"], 0).stdout;
    let lines: Vec<&str> = calendar.split("\r\n").collect();
    assert!(!calendar.replace("\r\n", "").contains(['\r', '\n']) && lines.iter().all(|line| line.len() <= 75));
    let unfolded = calendar.replace("\r\n ", "");
    let count = |start: &str| unfolded.lines().filter(|line| line.starts_with(start)).count();
    for start in ["BEGIN:VEVENT", "END:VEVENT", "UID:", "DTSTAMP:", "DTSTART;VALUE=DATE:", "BEGIN:VALARM", "TRIGGER:"] {
        assert_eq!(count(start), 6, "{start}");
    }
    assert!(
        unfolded.contains("\r\nDESCRIPTION:envward rotation rotate API_KEY 'a\\,b\\;c/.env' --stdin\r\n"),
        "{unfolded}"
    );
    let ids = |calendar: &str| {
        let unfolded = calendar.replace("\r\n ", "");
        unfolded.lines().filter(|line| line.starts_with("UID:")).map(str::to_owned).collect::<Vec<_>>()
    };
    let before = ids(&calendar);
    let_pass(&sandbox, 10);
    assert_eq!(ids(&export(&sandbox, &["ical"], 0).stdout), before);
    let hidden = export(&sandbox, &["ical", "--hide-names"], 0).stdout;
    assert_eq!((ids(&hidden), hidden.contains("API_KEY")), (before, false));
}

/// An admin key has no file, and what replaces it is another command.
#[test]
fn admin_keys_are_exported_too() {
    let sandbox = project();
    let args = ["key", "new", "--prefix", "takumi_admin", "--name", "ops laptop", "--out", "../key"];
    let key = |more: &[&str]| {
        drop(sandbox.envward(&[&args[..], more].concat()).code(0));
        let key = fs::read_to_string(sandbox.path("../key")).unwrap();
        fs::remove_file(sandbox.path("../key")).unwrap();
        key.rsplit_once('_').unwrap().0.to_owned()
    };
    let old = key(&[]);
    let id = old.rsplit_once('_').unwrap().1;
    let new = key(&["--replaces", id]);

    let metrics = export(&sandbox, &["prometheus"], 0).stdout;
    for name in [&old, &new] {
        let labels = format!("environment=\"unknown\",key=\"{name}\",class=\"admin-api-key\"}}");
        assert_eq!(metrics.lines().filter(|line| line.contains(&labels)).count(), 4, "{metrics}");
    }
    if has(&sandbox, "promtool") {
        drop(sandbox.shell("promtool check metrics").stdin(&metrics).run().code(0));
    }
    let calendar = export(&sandbox, &["ical"], 0).stdout.replace("\r\n ", "");
    assert!(calendar.contains(&format!("SUMMARY:replace {new} of ")), "{calendar}");
    assert_eq!(calendar.matches(&format!("\r\nDESCRIPTION:envward key revoke {id}\r\n")).count(), 2, "{calendar}");
    for format in ["prometheus", "ical"] {
        let hidden = export(&sandbox, &[format, "--hide-names"], 0).stdout.replace("\r\n ", "");
        assert!(hidden.contains("admin-api-key") && !hidden.contains(id), "{hidden}");
    }

    // What was taken back is nobody's work any more.
    drop(sandbox.envward(&["key", "revoke", id]).code(0));
    assert!(!export(&sandbox, &["prometheus"], 0).stdout.contains(id));
}

// The job.

fn install(sandbox: &Sandbox, args: &[&str], code: i32) -> Output {
    fs::create_dir_all(sandbox.path("../units")).unwrap();
    sandbox.envward(&[&["rotation", "install", "--dir", "../units"], args].concat()).code(code)
}

fn unit(sandbox: &Sandbox, name: &str) -> String {
    fs::read_to_string(sandbox.path("../units").join(name)).unwrap()
}

/// Root runs no program that others can replace: a test's own is in a place where they can.
fn as_user() -> Vec<&'static str> {
    if nix::unistd::geteuid().is_root() { vec!["--user", "daemon"] } else { Vec::new() }
}

#[test]
fn systemd_takes_the_units() {
    let sandbox = project();
    if !has(&sandbox, "systemd-analyze") {
        return;
    }
    sandbox.file("my app $HOME 100%/.env", 0o600, fill(ENV));
    sandbox.file("my app $HOME 100%/envward.toml", 0o644, "");
    let user = as_user();
    let args = [&["--systemd", "--metrics", "/var/lib/x y/envward.prom", ".", "my app $HOME 100%"], &user[..]].concat();
    let output = install(&sandbox, &args, 0);
    assert!(output.stdout.contains("enable --now envward-rotation.timer"), "{}", output.stdout);
    let names = ["envward-rotation.service", "envward-rotation.timer", "envward-rotation-failed.service"];
    for name in names {
        let text = unit(&sandbox, name);
        assert!(!text.contains("@ENVWARD@") && !text.contains("@PROJECTS@") && !text.contains("@STATE"), "{text}");
        assert_eq!(fs::metadata(sandbox.path("../units").join(name)).unwrap().permissions().mode() & 0o777, 0o644);
        // Shown before it was written.
        assert!(text.lines().all(|line| output.stdout.contains(line)), "{}", output.stdout);
    }
    let paths: Vec<String> = names.iter().map(|name| format!("../units/{name}")).collect();
    let verified = sandbox.shell(&format!("systemd-analyze verify {}", paths.join(" "))).run();
    // Some hosts say more than that the units are fine; of ours there is nothing to say.
    let said: Vec<&str> = verified.stderr.lines().filter(|line| line.contains("envward")).collect();
    assert_eq!(said, [""; 0]);
    let service = unit(&sandbox, "envward-rotation.service");
    let start = service.lines().find(|line| line.starts_with("ExecStart=")).unwrap();
    assert!(start.ends_with("/my app $$HOME 100%%\""), "{start}");
    assert!(service.contains("/my app $HOME 100%%\""), "a list of paths: {service}");
}

#[test]
fn due_is_told_from_broken() {
    let sandbox = project();
    let args = [&["--systemd"], &as_user()[..]].concat();
    drop(install(&sandbox, &args, 0));
    let failed = unit(&sandbox, "envward-rotation-failed.service");
    let start = failed.lines().find_map(|line| line.strip_prefix("ExecStart=/bin/sh -c ")).unwrap();
    // As systemd reads it.
    let script = start.trim_matches('\'').replace("$$", "$");
    for (status, priority, says) in [("1", "<4>", "secrets are due"), ("2", "<3>", "broken (status 2)")] {
        let output = sandbox.shell(&script).env("MONITOR_EXIT_STATUS", status).run().code(0);
        assert!(output.stdout.starts_with(priority) && output.stdout.contains(says), "{}", output.stdout);
    }
    // An older systemd is asked.
    sandbox.file(
        "bin/systemctl",
        0o755,
        "#!/bin/sh\ncase \"$*\" in *ExecMainStatus*envward-rotation.service) echo 1 ;; esac\n",
    );
    let path = format!("{}:/usr/bin:/bin", sandbox.path("bin").display());
    let output = sandbox.shell(&script).env("PATH", &path).run().code(0);
    assert!(output.stdout.contains("secrets are due"), "{}", output.stdout);
}

#[test]
fn the_cron_line_runs_and_is_silent_until_something_is_due() {
    let sandbox = Sandbox::new();
    sandbox.file("it's 100% mine/.env", 0o600, fill(ENV));
    sandbox.file("it's 100% mine/envward.toml", 0o644, "");
    let args = [&["--cron", "it's 100% mine"], &as_user()[..]].concat();
    drop(install(&sandbox, &args, 0));
    let text = unit(&sandbox, "envward-rotation");
    let line = text.lines().last().unwrap();
    let fields = if nix::unistd::geteuid().is_root() { 6 } else { 5 };
    let command = line.splitn(fields + 1, ' ').last().unwrap();
    assert!(command.starts_with('/') && command.ends_with("\\% mine'"), "{line}");
    // As cron does: an escaped percent sign is one.
    let command = command.replace("\\%", "%");
    let run = |code: i32| sandbox.shell(&command).run().code(code).normalized();
    assert_eq!(run(0), "");
    let_pass(&sandbox, 200);
    assert!(run(1).contains("overdue since"));
}

#[test]
fn install_replaces_nothing_that_it_was_not_asked_to() {
    let sandbox = project();
    let user = as_user();
    let args = [&["--systemd"], &user[..]].concat();
    let output = install(&sandbox, &[&args[..], &["--dry-run"]].concat(), 0);
    assert!(output.stdout.ends_with("nothing was written (--dry-run)\n"), "{}", output.stdout);
    assert_eq!(fs::read_dir(sandbox.path("../units")).unwrap().count(), 0);
    drop(install(&sandbox, &args, 0));
    drop(install(&sandbox, &args, 0));
    // Another project: not in silence.
    sandbox.file("other/.env", 0o600, fill(ENV));
    sandbox.file("other/envward.toml", 0o644, "");
    let other = [&args[..], &["other"]].concat();
    let output = install(&sandbox, &other, 2);
    assert!(output.stderr.contains("--replace"), "{}", output.stderr);
    drop(install(&sandbox, &[&other[..], &["--replace"]].concat(), 0));
    assert!(unit(&sandbox, "envward-rotation.service").contains("/other"));
    // Somebody else's.
    fs::write(sandbox.path("../units/envward-rotation.timer"), "[Timer]\n").unwrap();
    drop(install(&sandbox, &[&args[..], &["--replace"]].concat(), 2));
    assert_eq!(unit(&sandbox, "envward-rotation.timer"), "[Timer]\n");
    assert!(unit(&sandbox, "envward-rotation.service").contains("/other"), "half of it was written");
    drop(install(&sandbox, &["--systemd", "--user", "no such user"], 2));
    drop(install(&sandbox, &[], 2));
}

#[test]
fn root_runs_no_program_that_others_can_replace() {
    if !nix::unistd::geteuid().is_root() {
        return crate::common::skip_without_root("a job that runs as root");
    }
    let sandbox = project();
    fs::copy(env!("CARGO_BIN_EXE_envward"), sandbox.path("envward")).unwrap();
    fs::set_permissions(sandbox.path(""), PermissionsExt::from_mode(0o777)).unwrap();
    fs::create_dir(sandbox.path("units")).unwrap();
    let output = sandbox.shell("./envward rotation install --systemd --user root --dir units").run().code(2);
    assert!(output.stderr.contains("others can replace"), "{}", output.stderr);
}
