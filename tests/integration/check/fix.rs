//! `envward check --fix`: what it mends, what it leaves alone, and that a second run has nothing to do.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::common::Sandbox;
use crate::common::listed::{findings, project, report};
use envward::checks::Step::{File, Git, HardLink, Link};

const GOOD: &str = "DB_PASSWORD={password}\n";
const NONE: [&str; 0] = [];

#[test]
fn modes_are_set_and_nothing_else_of_the_file_changes() {
    let sandbox = project(&[
        File(".env", 0o644, GOOD),
        File("sub/.env.production", 0o666, "JWT_SECRET={hex64}\n"),
        File("stricter.env", 0o400, GOOD),
        File(".env.example", 0o644, "DB_PASSWORD=\n"),
        File("README", 0o666, "not an env file\n"),
    ]);
    let before = tree(sandbox.root());
    let output = sandbox.envward(&["check", "--fix"]).code(0);
    assert!(
        output.stdout.starts_with("fixed  .env: mode 0644 -> 0600\nfixed  sub/.env.production: mode 0666 -> 0600\n")
    );
    assert_eq!(
        changes(&before, &tree(sandbox.root())),
        ["project/.env: mode 600", "project/sub/.env.production: mode 600"]
    );
    assert_eq!(findings(&report(&sandbox, &["check"], 0)), NONE);
}

#[test]
fn a_missing_line_of_gitignore_is_added_once_and_git_agrees() {
    let sandbox = project(&[
        Git("init"),
        File(".env", 0o600, GOOD),
        File("a [b] *\\c?/.env", 0o600, GOOD),
        File("#x/.env", 0o600, GOOD),
        File("!y.env", 0o600, GOOD),
    ]);
    drop(sandbox.envward(&["check", "--fix"]).code(0));
    for name in [".env", "a [b] *\\c?/.env", "#x/.env", "!y.env"] {
        sandbox.git(&["check-ignore", "--quiet", name]);
    }
    let text = fs::read_to_string(sandbox.path(".gitignore")).unwrap();
    assert_eq!(text, "/!y.env\n/#x/.env\n/.env\n/a\\ \\[b]\\ \\*\\\\c\\?/.env\n");
    nothing_more_to_do(&sandbox);
}

#[test]
fn a_line_never_joins_the_last_one() {
    for (old, new) in [
        ("*.log", "*.log\n/.env\n"),
        ("*.log\n", "*.log\n/.env\n"),
        ("", "/.env\n"),
        ("*.log\r\n*.tmp", "*.log\r\n*.tmp\n/.env\n"),
    ] {
        let sandbox = project(&[Git("init"), File(".env", 0o600, GOOD)]);
        sandbox.file(".gitignore", 0o640, old);
        drop(sandbox.envward(&["check", "--fix"]).code(0));
        assert_eq!(fs::read_to_string(sandbox.path(".gitignore")).unwrap(), new);
        assert_eq!(mode_of(&sandbox, ".gitignore"), 0o640, "the file keeps its mode");
        assert_eq!(sandbox.git(&["check-ignore", ".env"]), ".env");
        nothing_more_to_do(&sandbox);
    }
}

#[test]
fn a_nested_repository_gets_the_line_itself() {
    let sandbox = project(&[
        Git("init"),
        File(".gitignore", 0o644, ".env\n"),
        Git("init lib"),
        File("lib/sub/.env", 0o600, GOOD),
    ]);
    drop(sandbox.envward(&["check", "--fix"]).code(0));
    assert_eq!(fs::read_to_string(sandbox.path("lib/.gitignore")).unwrap(), "/sub/.env\n");
    assert_eq!(fs::read_to_string(sandbox.path(".gitignore")).unwrap(), ".env\n");
    assert_eq!(sandbox.git_in("lib", &["check-ignore", "sub/.env"]), "sub/.env");
    nothing_more_to_do(&sandbox);
}

#[test]
fn a_project_below_the_top_of_a_repository_gets_the_line_in_its_own_root() {
    let sandbox =
        project(&[Git("init"), File("service/envward.toml", 0o644, ""), File("service/src/.env", 0o600, GOOD)]);
    drop(sandbox.envward(&["check", "service", "--fix"]).code(0));
    assert_eq!(sandbox.git(&["check-ignore", "service/src/.env"]), "service/src/.env");
}

#[test]
fn a_missing_line_of_dockerignore_is_added_once() {
    let sandbox = project(&[
        File("Dockerfile", 0o644, "FROM scratch\n"),
        File(".env", 0o600, GOOD),
        File("backend/.env", 0o600, GOOD),
    ]);
    drop(sandbox.envward(&["check", "--fix"]).code(0));
    assert_eq!(fs::read_to_string(sandbox.path(".dockerignore")).unwrap(), ".env\nbackend/.env\n");
    nothing_more_to_do(&sandbox);
}

#[test]
fn the_ignore_file_in_force_for_the_dockerfile_gets_the_line() {
    let sandbox = project(&[
        File("api.Dockerfile", 0o644, "FROM scratch\n"),
        File("api.Dockerfile.dockerignore", 0o644, "dist\n"),
        File(".dockerignore", 0o644, "**/.env\n"),
        File(".env", 0o600, GOOD),
    ]);
    drop(sandbox.envward(&["check", "--fix"]).code(0));
    assert_eq!(fs::read_to_string(sandbox.path("api.Dockerfile.dockerignore")).unwrap(), "dist\n.env\n");
    assert_eq!(fs::read_to_string(sandbox.path(".dockerignore")).unwrap(), "**/.env\n");
    nothing_more_to_do(&sandbox);
}

#[test]
fn everything_at_once_takes_one_run() {
    let sandbox = project(&[
        Git("init"),
        File("Dockerfile", 0o644, "FROM scratch\n"),
        File(".env", 0o644, GOOD),
        File("backend/.env.production", 0o666, "JWT_SECRET={hex64}\n"),
    ]);
    drop(sandbox.envward(&["check", "--fix"]).code(0));
    assert_eq!((mode_of(&sandbox, ".env"), mode_of(&sandbox, "backend/.env.production")), (0o600, 0o600));
    nothing_more_to_do(&sandbox);
}

#[test]
fn a_dry_run_says_the_same_and_touches_nothing() {
    let sandbox = project(&[
        Git("init"),
        File("Dockerfile", 0o644, "FROM scratch\n"),
        File(".gitignore", 0o644, "*.log"),
        File(".env", 0o644, GOOD),
        File("backend/.env", 0o600, GOOD),
    ]);
    let before = tree(sandbox.root());
    let shown = sandbox.envward(&["check", "--fix", "--dry-run"]).code(1).stdout;
    assert_eq!(changes(&before, &tree(sandbox.root())), NONE);
    let done = sandbox.envward(&["check", "--fix"]).code(0).stdout;
    let mends = |text: &str, word: &str| -> Vec<String> {
        text.lines().filter_map(|line| line.strip_prefix(word)).map(str::to_owned).collect()
    };
    let expected = [
        "  .env: mode 0644 -> 0600",
        "  .dockerignore: new line .env",
        "  .dockerignore: new line backend/.env",
        "  .gitignore: new line /.env",
        "  .gitignore: new line /backend/.env",
    ];
    let sorted = |mut lines: Vec<String>| {
        lines.sort();
        lines
    };
    assert_eq!(sorted(mends(&shown, "would fix")), sorted(expected.map(str::to_owned).to_vec()));
    assert_eq!(mends(&shown, "would fix"), mends(&done, "fixed"));
}

#[test]
fn dry_run_without_fix_is_a_mistake() {
    let sandbox = project(&[File(".env", 0o644, GOOD)]);
    let output = sandbox.envward(&["check", "--dry-run"]).code(2);
    assert!(output.stderr.contains("--fix"), "{}", output.stderr);
}

#[test]
fn a_second_name_is_left_alone() {
    let sandbox = project(&[File("notes.txt", 0o644, GOOD), HardLink(".env", "notes.txt")]);
    let before = tree(sandbox.root());
    let output = sandbox.envward(&["check", "--fix"]).code(1);
    assert!(output.stdout.starts_with("not fixed  .env: it has another owner or a second name"), "{}", output.stdout);
    assert_eq!(changes(&before, &tree(sandbox.root())), NONE);
}

#[test]
fn a_link_is_left_alone() {
    let sandbox = project(&[File("settings", 0o644, GOOD), Link(".env", "settings"), Link("out.env", "../outside")]);
    fs::write(sandbox.root().join("outside"), "X=1\n").unwrap();
    let before = tree(sandbox.root());
    let output = sandbox.envward(&["check", "--fix"]).code(2);
    assert!(output.stdout.starts_with("not fixed  .env: "), "{}", output.stdout);
    assert_eq!(changes(&before, &tree(sandbox.root())), NONE);
}

#[test]
fn a_linked_ignore_file_is_left_alone() {
    let sandbox = project(&[
        Git("init"),
        File(".env", 0o600, GOOD),
        File("rules", 0o644, "*.log\n"),
        Link(".gitignore", "rules"),
    ]);
    let before = tree(sandbox.root());
    let output = sandbox.envward(&["check", "--fix"]).code(1);
    assert!(output.stdout.starts_with("not fixed  .gitignore: "), "{}", output.stdout);
    assert_eq!(changes(&before, &tree(sandbox.root())), NONE);
}

#[test]
fn somebody_elses_file_is_left_alone() {
    let sandbox = project(&[File(".env", 0o644, GOOD)]);
    if std::os::unix::fs::chown(sandbox.path(".env"), Some(65_534), None).is_err() {
        return crate::common::skip_without_root("a file that somebody else owns");
    }
    let before = tree(sandbox.root());
    let output = sandbox.envward(&["check", "--fix"]).code(1);
    assert!(output.stdout.starts_with("not fixed  .env: it has another owner"), "{}", output.stdout);
    assert_eq!(changes(&before, &tree(sandbox.root())), NONE);
}

#[test]
fn what_is_ignored_is_not_mended() {
    let sandbox = project(&[
        File(".env", 0o644, GOOD),
        File("envward.toml", 0o644, "[[ignore]]\ncheck = \"env-file-mode\"\nreason = \"the backup group reads it\"\n"),
    ]);
    let before = tree(sandbox.root());
    drop(sandbox.envward(&["check", "--fix"]).code(0));
    assert_eq!(changes(&before, &tree(sandbox.root())), NONE);
}

#[test]
fn a_path_limits_what_is_mended() {
    let sandbox = project(&[File("a/.env", 0o644, GOOD), File("b/.env", 0o644, GOOD)]);
    drop(sandbox.envward(&["check", "a", "--fix"]).code(0));
    assert_eq!((mode_of(&sandbox, "a/.env"), mode_of(&sandbox, "b/.env")), (0o600, 0o644));
}

#[test]
fn with_json_the_report_alone_is_on_standard_output() {
    let sandbox = project(&[File(".env", 0o644, GOOD)]);
    let output = sandbox.envward(&["check", "--fix", "--format", "json"]).code(0);
    assert_eq!(findings(&output.json()), NONE);
    assert_eq!(output.stderr, "fixed  .env: mode 0644 -> 0600\n");
}

#[test]
fn the_index_and_the_history_are_not_touched() {
    let sandbox = project(&[
        Git("init"),
        File(".env", 0o644, GOOD),
        Git("add -f .env"),
        Git("commit -m add"),
        File("b.env", 0o600, GOOD),
    ]);
    let before = tree(&sandbox.path(".git"));
    drop(sandbox.envward(&["check", "--fix"]).code(1));
    assert_eq!(changes(&before, &tree(&sandbox.path(".git"))), NONE);
}

/// A run with nothing left to mend says so by silence, and changes nothing, not even a time.
#[track_caller]
fn nothing_more_to_do(sandbox: &Sandbox) {
    let before = tree(sandbox.root());
    let output = sandbox.envward(&["check", "--fix"]).code(0);
    assert!(!output.stdout.contains("fix"), "{}", output.stdout);
    assert_eq!(changes(&before, &tree(sandbox.root())), NONE);
}

fn mode_of(sandbox: &Sandbox, path: &str) -> u32 {
    fs::metadata(sandbox.path(path)).unwrap().permissions().mode() & 0o7777
}

/// What a file is: mode, inode, size and time, and its bytes.
#[derive(Debug, PartialEq, Eq)]
struct State {
    mode: u32,
    inode: u64,
    modified: (i64, i64),
    bytes: Vec<u8>,
}

fn tree(top: &Path) -> BTreeMap<PathBuf, State> {
    let entries = walkdir::WalkDir::new(top).into_iter().map(Result::unwrap);
    let state = |entry: walkdir::DirEntry| {
        let meta = entry.path().symlink_metadata().unwrap();
        let bytes = if meta.is_file() { fs::read(entry.path()).unwrap() } else { Vec::new() };
        let modified = (meta.mtime(), meta.mtime_nsec());
        (
            entry.path().strip_prefix(top).unwrap().to_owned(),
            State { mode: meta.mode() & 0o7777, inode: meta.ino(), modified, bytes },
        )
    };
    entries.map(state).collect()
}

fn changes(before: &BTreeMap<PathBuf, State>, after: &BTreeMap<PathBuf, State>) -> Vec<String> {
    let paths: std::collections::BTreeSet<&PathBuf> = before.keys().chain(after.keys()).collect();
    let change = |path: &&PathBuf| {
        let what = match (before.get(*path), after.get(*path)) {
            (Some(old), Some(new)) if old == new => return None,
            (Some(old), Some(new))
                if old.mode != new.mode
                    && (old.inode, old.modified, &old.bytes) == (new.inode, new.modified, &new.bytes) =>
            {
                format!("mode {:o}", new.mode)
            }
            (Some(_), Some(_)) => "changed".to_owned(),
            (None, _) => "new".to_owned(),
            (_, None) => "gone".to_owned(),
        };
        Some(format!("{}: {what}", path.display()))
    };
    paths.iter().filter_map(change).collect()
}
