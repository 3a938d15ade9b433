//! What other verbs say of places outside git.

use super::*;

const ELSEWHERE: &str = "live-value-elsewhere";

/// A file that `git add .` would stage is `check`'s business, too.
#[test]
fn check_finds_what_git_neither_tracks_nor_ignores() {
    let sandbox = project();
    sandbox.git(&["init"]);
    sandbox.file(".gitignore", 0o644, ".env\n*.log\nsecret/\n");
    for path in ["notes.txt", "deep/er/notes.txt", "app.log", "secret/x", "node_modules/a/x", "nested/x"] {
        sandbox.file(path, 0o600, format!("one\n{}\n", value()));
    }
    sandbox.git(&["init", "nested"]);
    sandbox.file("nested/.gitignore", 0o644, "x\n");
    sandbox.file("large.txt", 0o600, format!("{}{}", "x".repeat(1 << 20), value()));
    sandbox.git(&["add", ".gitignore"]);
    let of_check = |args: &[&str]| {
        let report = sandbox.envward(&[args, &["--format", "json"]].concat()).json();
        listed::findings(&report).into_iter().filter(|line| line.contains(ELSEWHERE)).collect::<Vec<_>>()
    };
    let expected = ["deep/er/notes.txt", "notes.txt"].map(|path| format!("error {ELSEWHERE} {path} DB_PASSWORD"));
    assert_eq!(of_check(&["check"]), expected);
    assert_eq!(of_check(&["check", "--no-history"]), expected);
    assert_eq!(of_check(&["check", "notes.txt"]), expected[1..]);
    // Neither a scan of git nor a deployment depends on it.
    assert_eq!(of_check(&["scan"]), NONE);
    let report = sandbox.envward(&["check", "--format", "json"]).json();
    let one = listed::the(&report, ELSEWHERE, "notes.txt");
    assert_eq!((&one["line"], &one["origin"]), (&2.into(), &"worktree".into()));
    // Once it is ignored, only `trace` names it.
    sandbox.file(".gitignore", 0o644, "*\n");
    assert_eq!(of_check(&["check"]), NONE);
}

/// The data of a service is often in the project, and ignored. It takes nothing from the number of files that are read.
#[test]
fn an_ignored_directory_of_many_files_hides_no_other_file() {
    let sandbox = project();
    sandbox.git(&["init"]);
    sandbox.file(".gitignore", 0o644, ".env\n/zz-data/\n");
    sandbox.file("aa/notes.txt", 0o600, value());
    let data = sandbox.path("zz-data");
    fs::create_dir(&data).unwrap();
    for number in 0..=20_000 {
        fs::write(data.join(number.to_string()), "").unwrap();
    }
    let report = sandbox.envward(&["check", "--format", "json"]).json();
    listed::the(&report, ELSEWHERE, "aa/notes.txt");
}

/// What rules hide that cannot be read is not known.
#[test]
fn ignore_rules_that_are_too_large_are_a_problem() {
    let sandbox = project();
    sandbox.git(&["init"]);
    sandbox.file(".gitignore", 0o644, ".env\n");
    sandbox.file("deep/notes.txt", 0o600, value());
    let rules = fs::File::create(sandbox.path("deep/.gitignore")).unwrap();
    rules.set_len((16 << 20) + 1).unwrap();
    let report = sandbox.envward(&["check", "--format", "json"]).code(2).json();
    assert_eq!(listed::problems(&report), ["oversized-git-file deep/.gitignore"]);
}

#[test]
fn rotation_status_counts_places_where_somebody_asks() {
    let sandbox = project();
    sandbox.file("a.txt", 0o600, value());
    outside(&sandbox, "home/.bash_history", value());
    let before = sandbox.envward(&["rotation", "status", "--format", "json"]).json();
    assert_eq!(before["secrets"][0]["other_places"], Value::Null);
    let report = sandbox.envward(&["rotation", "status", "--trace", "--format", "json"]).json();
    assert_eq!(report["secrets"][0]["other_places"], 2);
    let text = sandbox.envward(&["rotation", "status", "--trace"]).stdout;
    assert!(text.contains("DB_PASSWORD of .env is also in 2 other places\n"), "{text}");
    assert!(text.contains("-> see where, and what to do: envward trace\n"), "{text}");
    assert!(!sandbox.envward(&["rotation", "status"]).stdout.contains("other place"));
}

#[test]
fn incident_lists_the_places_to_clean() {
    let sandbox = project();
    sandbox.file("compose.yaml", 0o644, "services:\n  api:\n    image: api:1.0\n    env_file: .env\n");
    sandbox.file("logs/app.log", 0o600, value());
    let text = sandbox.envward(&["incident", "api", "--dry-run", "--trace"]).stdout;
    let (_, step) = text.split_once("clean other places\n").unwrap_or_else(|| panic!("{text}"));
    assert!(step.contains("- logs/app.log (") && step.contains("): DB_PASSWORD of .env\n"), "{step}");
    assert!(step.contains("   -> envward trace\n"), "{step}");
    assert!(!sandbox.envward(&["incident", "api", "--dry-run"]).stdout.contains("clean other places"));
}
