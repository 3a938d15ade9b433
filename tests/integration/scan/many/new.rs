//! `--new`: only what came since the last complete scan on this host.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use super::*;

/// The findings that are told of the one repository `r`, with its end.
#[track_caller]
fn told(sandbox: &Sandbox, code: i32) -> Vec<String> {
    let output = sandbox.envward(&["scan", "--new", "r", "--format", "json"]).code(code);
    let report = validate(REPORT, &output.stdout);
    assert_eq!(report["only_new"], true);
    findings(&report)
}

/// A work tree with a branch that has an env file in its history.
fn leaky() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q", "r"]);
    sandbox.git_in("r", &["commit", "-q", "--allow-empty", "-m", "start"]);
    commit(&sandbox, "a.env", "DB_PASSWORD={password}\n");
    sandbox.git_in("r", &["rm", "-q", "a.env"]);
    sandbox.git_in("r", &["commit", "-qm", "remove"]);
    sandbox
}

fn commit(sandbox: &Sandbox, path: &str, text: &str) {
    sandbox.file(format!("r/{path}"), 0o600, fill(text));
    sandbox.git_in("r", &["add", "-f", path]);
    sandbox.git_in("r", &["commit", "-qm", "change"]);
}

const OLD: &str = "error env-file-in-history a.env";

#[test]
fn the_first_scan_tells_all_and_the_next_ones_what_came_since() {
    let sandbox = leaky();
    assert_eq!(told(&sandbox, 1), [OLD]);
    assert_eq!(told(&sandbox, 0), [""; 0]);
    commit(&sandbox, "README", "nothing\n");
    assert_eq!(told(&sandbox, 0), [""; 0]);
    commit(&sandbox, "b.env", "JWT_SECRET={hex64}\n");
    let new = told(&sandbox, 1);
    assert!(new.contains(&"error env-file-tracked b.env".to_owned()) && !new.contains(&OLD.to_owned()), "{new:?}");
    assert_eq!(told(&sandbox, 0), [""; 0]);
    // Another secret in a file that is known.
    commit(&sandbox, "b.env", "JWT_SECRET={hex64-2}\n");
    assert!(told(&sandbox, 1).iter().any(|line| line.ends_with(" b.env")));
    assert_eq!(told(&sandbox, 0), [""; 0]);
}

/// A job in which nothing happened sends no mail.
#[test]
fn where_nothing_is_new_text_is_silent() {
    let sandbox = leaky();
    sandbox.git(&["init", "-q", "other"]);
    for args in [&["scan", "--new", "r", "other"][..], &["scan", "--new", "r", "other", "--summary"]] {
        let state = if args.contains(&"--summary") { "two" } else { "one" };
        let state = sandbox.root().join(state);
        let run = || sandbox.command(args).env("ENVWARD_STATE_DIR", state.to_str().unwrap()).run();
        let first = run().code(1);
        assert!(
            first.stdout.contains("new") && first.stdout.contains("this file is in git history"),
            "{}",
            first.stdout
        );
        assert!(first.stdout.lines().all(|line| line.chars().count() <= 80), "{}", first.stdout);
        let second = run().code(0);
        assert_eq!((second.stdout, second.stderr), (String::new(), String::new()), "{args:?}");
    }
    // For a program there is an answer all the same.
    let lines = sandbox.envward(&["scan", "--new", "r", "other", "--format", "jsonl"]).code(1).stdout;
    assert_eq!(reports(&lines).iter().map(|one| findings(one).len()).collect::<Vec<_>>(), [0, 1]);
    let lines = sandbox.envward(&["scan", "--new", "r", "other", "--format", "jsonl"]).code(0).stdout;
    let statuses: Vec<_> = reports(&lines).iter().map(|one| (one["status"].clone(), one["only_new"].clone())).collect();
    assert_eq!(statuses, [("clean".into(), true.into()), ("clean".into(), true.into())]);
    sandbox.file("night.jsonl", 0o600, lines);
    let shown = sandbox.envward(&["summary", "night.jsonl"]).code(0).stdout;
    assert_eq!(shown, "no new finding\nexamined 2 repositories, 3 commits\n");
}

#[test]
fn a_new_hiding_place_of_a_known_secret_is_new() {
    let sandbox = leaky();
    let id = sandbox.git_in("r", &["rev-parse", "HEAD~1"]);
    assert_eq!(told(&sandbox, 1), [OLD]);
    // One branch more is no new place: a mirror gets some every day.
    sandbox.git_in("r", &["branch", "feature"]);
    assert_eq!(told(&sandbox, 0), [""; 0]);
    for (what, place) in [
        ("a tag", &["tag", "v1", &id][..]),
        ("a pull request", &["update-ref", "refs/pull/1/head", &id]),
        // The file is in a tip again.
        ("a commit that restores it", &["revert", "--no-edit", "HEAD"]),
        // Main is what it was before the leak, and other refs still have it.
        ("a force-push", &["reset", "-q", "--hard", "HEAD~3"]),
    ] {
        sandbox.git_in("r", place);
        let new = told(&sandbox, 1);
        assert!(new.iter().any(|line| line.ends_with("a.env")), "{what}: {new:?}");
        assert_eq!(told(&sandbox, 0), [""; 0], "{what}");
    }
    for refs in ["refs/heads/feature", "refs/tags/v1", "refs/pull/1/head"] {
        sandbox.git_in("r", &["update-ref", "-d", refs]);
    }
    assert_eq!(told(&sandbox, 1), ["warning env-file-in-history a.env"], "only a reflog has it");
    assert_eq!(told(&sandbox, 0), [""; 0]);
    sandbox.git_in("r", &["reflog", "expire", "--expire=now", "--all"]);
    let _ = fs::remove_file(sandbox.path("r/.git/ORIG_HEAD"));
    assert_eq!(told(&sandbox, 1), ["warning env-file-in-history a.env"], "no ref reaches it");
    assert_eq!(told(&sandbox, 0), [""; 0]);
    // In a stash it was never before.
    sandbox.file("r/a.env", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox.git_in("r", &["add", "-f", "a.env"]);
    sandbox.git_in("r", &["stash", "-q"]);
    assert_eq!(told(&sandbox, 1), ["warning env-file-in-history a.env"], "a stash has it");
    assert_eq!(told(&sandbox, 0), [""; 0]);
}

/// What becomes worse is new, and what becomes better is not.
#[test]
fn a_secret_that_is_in_use_again_is_new() {
    let sandbox = leaky();
    assert_eq!(told(&sandbox, 1), [OLD]);
    sandbox.file("r/a.env", 0o600, fill("DB_PASSWORD={password2}\n"));
    assert_eq!(told(&sandbox, 0), [""; 0], "replaced");
    sandbox.file("r/a.env", 0o600, fill("DB_PASSWORD={password}\n"));
    let new = told(&sandbox, 1);
    assert!(new.contains(&"critical secret-still-live a.env DB_PASSWORD".to_owned()), "{new:?}");
    assert_eq!(told(&sandbox, 0), [""; 0]);
}

#[test]
fn an_incomplete_scan_moves_nothing() {
    let sandbox = leaky();
    assert_eq!(told(&sandbox, 1), [OLD]);
    commit(&sandbox, "b.env", "JWT_SECRET={hex64}\n");
    sandbox.file("r/.git/refs/heads/x", 0o644, "x");
    let new = told(&sandbox, 2);
    assert!(!new.is_empty() && !new.contains(&OLD.to_owned()));
    assert_eq!(told(&sandbox, 2), new);
    fs::remove_file(sandbox.path("r/.git/refs/heads/x")).unwrap();
    assert_eq!(told(&sandbox, 1), new);
    assert_eq!(told(&sandbox, 0), [""; 0]);
}

/// What nobody could read was not told.
#[test]
fn an_answer_that_is_lost_moves_nothing() {
    let sandbox = leaky();
    for format in ["text", "json", "jsonl", "text --summary", "json --summary"] {
        let own = env!("CARGO_BIN_EXE_envward");
        let line = format!("'{own}' scan --new r --format {format} > /dev/full");
        assert!(sandbox.shell(&line).run().code(2).stderr.contains("error: "), "{format}");
    }
    // A day that is still to come leaves nothing, either.
    let later = sandbox.envward(&["scan", "--new", "r", "--as-of", "2999-01-01"]).code(1);
    assert!(later.stdout.contains("this file is in git history"));
    assert_eq!(told(&sandbox, 1), [OLD]);
    assert_eq!(told(&sandbox, 0), [""; 0]);
}

#[test]
fn an_ignore_that_ends_makes_a_finding_new() {
    let sandbox = Sandbox::new();
    mirror(&sandbox, "api", &["DB_PASSWORD={password}\n"]);
    let head = sandbox.git_in("work/api", &["rev-parse", "HEAD"]);
    let ignore = "[[ignore]]\ncheck = \"env-file-in-history\"\nreason = \"known\"\nuntil = 2026-06-10\n";
    sandbox.file("work/api/envward.toml", 0o644, format!("{ignore}through = \"{head}\"\n"));
    sandbox.git_in("work/api", &["add", "."]);
    sandbox.git_in("work/api", &["commit", "-qm", "ignore"]);
    sandbox.git_in("work/api", &["push", "-q", "../../mirrors/api.git", "main"]);
    std::thread::sleep(Duration::from_millis(2100));
    let run = |day: &str, code: i32| {
        let args = ["scan", "--new", "mirrors/api.git", "--format", "jsonl", "--as-of", day];
        let report = validate(REPORT, &sandbox.envward(&args).code(code).stdout);
        (findings(&report), report["examined"]["objects"] != 0)
    };
    assert_eq!(run("2026-06-01", 0), (vec![], true));
    assert_eq!(run("2026-06-10", 0), (vec![], false));
    assert!(run("2026-06-11", 1).0.contains(&"error env-file-in-history 0.env".to_owned()));
    assert_eq!(run("2026-06-12", 0).0, [""; 0]);
}

/// Of a mirror in which nothing changed no object is read.
#[test]
fn what_did_not_change_is_not_read_again() {
    let sandbox = mirrors();
    std::thread::sleep(Duration::from_millis(2100));
    let run = |args: &[&str]| {
        let all = [&["scan", "--new", "--recursive", "mirrors", "--format", "jsonl"], args].concat();
        let reports = reports(&sandbox.envward(&all).stdout);
        let read = reports.iter().filter(|one| one["examined"]["objects"] != 0);
        read.map(|one| one["repository"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let all = EVERY.map(|name| format!("mirrors/{name}.git"));
    let incomplete = ["mirrors/broken.git", "mirrors/odd.git"];
    assert_eq!(run(&[]), all);
    // What could not be wholly read is read again each time.
    assert_eq!(run(&[]), incomplete);
    assert_eq!(run(&["--jobs", "3"]), incomplete);
    sandbox.git(&["-C", "mirrors/web.git", "update-ref", "refs/heads/more", "HEAD"]);
    std::thread::sleep(Duration::from_millis(2100));
    assert_eq!(run(&[]), ["mirrors/broken.git", "mirrors/odd.git", "mirrors/web.git"]);
    // Other options find other things.
    sandbox.file("live.env", 0o600, fill("API_TOKEN={token}\n"));
    assert_eq!(run(&["--live", "live.env"]), all);
    assert_eq!(run(&["--live", "live.env"]), all);
    sandbox.file("own.toml", 0o644, "");
    assert_eq!(run(&["--config", "own.toml"]), all);
    assert_eq!(run(&["--config", "own.toml"]), incomplete);
    sandbox.file("own.toml", 0o644, "[files]\nextra = [\"x\"]\n");
    assert_eq!(run(&["--config", "own.toml"]), all);
    assert_eq!(run(&[]), incomplete);
}

#[test]
fn the_state_is_private_and_must_be_usable() {
    let sandbox = leaky();
    assert_eq!(told(&sandbox, 1), [OLD]);
    let state = sandbox.root().join("state");
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(&state) {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o077, 0, "{}", entry.path().display());
        if entry.file_type().is_file() && entry.path().starts_with(state.join("scans")) {
            files.push(entry.into_path());
        }
    }
    assert_eq!(files.len(), 1, "{files:?}");
    fs::set_permissions(&files[0], fs::Permissions::from_mode(0o644)).unwrap();
    let output = sandbox.envward(&["scan", "--new", "r", "--format", "json"]).code(2).json();
    assert_eq!((findings(&output), problems(&output)), (vec![OLD.to_owned()], vec!["unusable-state r".to_owned()]));
    fs::set_permissions(&files[0], fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(told(&sandbox, 0), [""; 0]);
    // A state that is lost hides nothing.
    fs::write(&files[0], "damaged").unwrap();
    assert_eq!(told(&sandbox, 1), [OLD]);
    let off = sandbox.command(&["scan", "--new", "r"]).env("ENVWARD_STATE_DIR", "/dev/null").run().code(2);
    assert!(off.stderr.contains("the ledger is disabled"), "{}", off.stderr);
    let inside = sandbox.path("r/state");
    let inside = sandbox.command(&["scan", "--new", "r"]).env("ENVWARD_STATE_DIR", inside.to_str().unwrap()).run();
    assert!(inside.code(2).stdout.contains("the state of earlier scans cannot be used"));
}

/// The ledger is not begun by a scan, and does not take the key of scans for its own.
#[test]
fn the_ledger_is_another_thing() {
    let sandbox = leaky();
    sandbox.file("r/.env", 0o600, fill("DB_PASSWORD={password2}\n"));
    assert_eq!(told(&sandbox, 1), ["warning env-file-in-history a.env"]);
    assert!(!sandbox.root().join("state/ledger.sqlite").exists());
    let _ = sandbox.command(&["rotation", "status"]).dir("r").run().code(0);
    assert_eq!(told(&sandbox, 0), [""; 0]);
}

/// Twenty jobs over the same mirrors at once: each tells what it should, and the next one is silent.
#[test]
fn runs_at_once() {
    let sandbox = mirrors();
    let scan = ["scan", "--new", "mirrors/api.git", "mirrors/web.git", "mirrors/zero.git", "--format", "jsonl"];
    let runs: Vec<_> = (0..20)
        .map(|_| {
            let mut command = sandbox.command(&scan).into_command();
            command.stdout(std::process::Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for run in runs {
        let output = run.wait_with_output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let found: usize = reports(&text).iter().map(|one| findings(one).len()).sum();
        assert!(matches!((output.status.code(), found), (Some(1), 1..=3) | (Some(0), 0)), "{found}: {text}");
    }
    assert!(reports(&sandbox.envward(&scan).code(0).stdout).iter().all(|one| findings(one).is_empty()));
}
