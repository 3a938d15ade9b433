//! What `scan --advice` says, typed as it is printed.

use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::listed::project;
use envward::checks::Step::{File, Git};

const GOOD: &str = "DB_PASSWORD={password}\n";

fn repository() -> Sandbox {
    project(&[File("README", 0o644, "a project\n"), Git("init"), Git("add ."), Git("commit -m start")])
}

/// The report and the commands of the advice.
fn advice(sandbox: &Sandbox) -> (String, Vec<String>) {
    let text = sandbox.envward(&["scan", "--advice"]).code(1).stdout;
    let (report, steps) = text.split_once("\nto clean up, do these steps in order\n").unwrap();
    let commands = steps.lines().filter_map(|line| line.trim_start().strip_prefix("$ ")).map(str::to_owned);
    (report.to_owned(), commands.collect())
}

fn run(sandbox: &Sandbox, line: &str) -> String {
    sandbox.shell(line).run().code(0).stdout
}

/// What somebody else issues comes on standard input, and the command says so.
#[test]
fn a_key_that_is_issued_is_replaced_from_standard_input() {
    let sandbox = repository();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\nSTRIPE_SECRET_KEY={token}\n"));
    sandbox.git(&["add", "-f", ".env"]);
    sandbox.git(&["commit", "--quiet", "--message", "leak"]);
    let expected =
        ["envward rotation rotate DB_PASSWORD .env", "envward rotation rotate STRIPE_SECRET_KEY .env --stdin"];
    let (_, commands) = advice(&sandbox);
    assert_eq!(commands[..2], expected);
    for args in [&["rotation", "status"][..], &["rotation", "status", "--due"]] {
        let text = sandbox.envward(args).code(1).stdout;
        assert!(expected.iter().all(|command| text.contains(command)), "{args:?}: {text}");
    }
}

/// A secret in the middle of three stashes.
#[test]
fn a_stash_is_found_and_dropped_and_the_others_stay() {
    for flag in ["--include-untracked", "--staged"] {
        let sandbox = repository();
        for text in ["one", "secret", "three"] {
            match text {
                "secret" => {
                    sandbox.file(".env", 0o600, fill(GOOD));
                    if flag == "--staged" {
                        sandbox.git(&["add", "-f", ".env"]);
                    }
                    sandbox.git(&["stash", "push", "--quiet", flag]);
                }
                _ => {
                    sandbox.file("README", 0o644, text);
                    sandbox.git(&["stash", "push", "--quiet", "--message", text]);
                }
            }
        }
        let (report, commands) = advice(&sandbox);
        let [find, drop, gc] = &commands[..] else { panic!("{commands:?}") };
        assert!(find.starts_with("git log -g --format='%gd %H %P' refs/stash | grep -e "), "{find}");
        assert!(report.contains("git log -g --format='%gd %H %P' refs/stash | grep "), "{report}");
        assert!(!report.contains("rewrite") && !report.contains("stash drop"), "{report}");
        let found = run(&sandbox, find);
        assert!(found.starts_with("stash@{1} ") && found.lines().count() == 1, "{found}");
        assert_eq!(drop, "git stash drop 'stash@{N}'");
        try_it(&sandbox, &drop.replace("{N}", "{1}"));
        try_it(&sandbox, gc);
        let left = sandbox.git(&["stash", "list"]);
        assert!(left.contains(": one") && left.contains(": three") && left.lines().count() == 2, "{left}");
        let clean = sandbox.envward(&["scan", "--advice"]).code(0).stdout;
        assert!(clean.contains("to clean up: nothing to do\n"), "{clean}");
    }
}

fn try_it(sandbox: &Sandbox, line: &str) {
    drop(run(sandbox, line));
}

/// No push took it anywhere: nothing is rewritten, and the stashes stay.
#[test]
fn a_reflog_is_cleaned_here() {
    let sandbox = repository();
    sandbox.file(".env", 0o600, fill(GOOD));
    sandbox.git(&["add", "-f", ".env"]);
    sandbox.git(&["commit", "--quiet", "--message", "leak"]);
    sandbox.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    for text in ["one", "two"] {
        sandbox.file("README", 0o644, text);
        sandbox.git(&["stash", "push", "--quiet"]);
    }
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password2}\n"));
    let (report, commands) = advice(&sandbox);
    assert!(report.contains("a reflog contains this file, but its secrets were replaced"), "{report}");
    let gc = "git -c gc.reflogExpireUnreachable=now gc --prune=now";
    assert!(report.contains(&format!("-> {gc}\n")), "{report}");
    assert_eq!(commands, [gc]);
    try_it(&sandbox, gc);
    assert_eq!(sandbox.git(&["stash", "list"]).lines().count(), 2);
    let clean = sandbox.envward(&["scan", "--advice"]).code(0).stdout;
    assert!(clean.contains("to clean up: nothing to do\n"), "{clean}");
}

#[test]
fn what_nothing_reaches_is_pruned() {
    let sandbox = repository();
    sandbox.file(".env", 0o600, fill(GOOD));
    sandbox.git(&["add", "-f", ".env"]);
    sandbox.git(&["commit", "--quiet", "--message", "leak"]);
    sandbox.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    sandbox.git(&["reflog", "expire", "--expire=now", "--all"]);
    std::fs::remove_file(sandbox.path(".git/ORIG_HEAD")).unwrap_or_default();
    let (report, commands) = advice(&sandbox);
    assert!(report.contains("git gc --prune=now\n"), "{report}");
    assert_eq!(commands, ["git gc --prune=now"]);
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password2}\n"));
    let (report, _) = advice(&sandbox);
    assert!(report.contains("git still stores this file (unreachable), but its secrets were"), "{report}");
    assert!(report.contains("-> git gc --prune=now\n"), "{report}");
}

/// git-filter-repo rewrites commits: what a tag alone holds goes with the tag.
#[test]
fn a_tag_of_a_tree_or_a_blob_is_removed() {
    let sandbox = repository();
    sandbox.file(".env", 0o600, fill(GOOD));
    let blob = sandbox.git(&["hash-object", "-w", ".env"]);
    sandbox.git(&["add", "-f", ".env"]);
    let tree = sandbox.git(&["write-tree"]);
    sandbox.git(&["rm", "-q", "--cached", ".env"]);
    std::fs::remove_file(sandbox.path(".env")).unwrap();
    sandbox.git(&["tag", "of-a-blob", &blob]);
    sandbox.git(&["tag", "-a", "-m", "x", "of/a-tree", &tree]);
    sandbox.git(&["clone", "--quiet", "--bare", ".", "../origin.git"]);
    sandbox.git(&["remote", "add", "origin", "../origin.git"]);
    let (_, commands) = advice(&sandbox);
    let expected = [
        "git tag -d of-a-blob",
        "git push --delete origin refs/tags/of-a-blob",
        "git tag -d of/a-tree",
        "git push --delete origin refs/tags/of/a-tree",
        "git gc --prune=now",
    ];
    assert_eq!(commands, expected);
    expected.iter().for_each(|line| try_it(&sandbox, line));
    let clean = sandbox.envward(&["scan", "--advice"]).code(0).stdout;
    assert!(clean.contains("to clean up: nothing to do\n"), "{clean}");
    assert_eq!(sandbox.git(&["ls-remote", "--tags", "origin"]), "");
}

/// Its commits are in its own repository, where its paths have no prefix.
#[test]
fn a_submodule_is_cleaned_in_its_own_repository() {
    let sandbox = repository();
    sandbox.git(&["init", "--quiet", "lib"]);
    sandbox.file("lib/conf/.env", 0o600, fill(GOOD));
    sandbox.git(&["-C", "lib", "add", "-f", "conf/.env"]);
    sandbox.git(&["-C", "lib", "commit", "--quiet", "--message", "leak"]);
    sandbox.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "./lib", "parts/the lib"]);
    std::fs::remove_dir_all(sandbox.path("lib")).unwrap();
    sandbox.git(&["commit", "--quiet", "--message", "submodule"]);
    let text = sandbox.envward(&["scan", "--advice"]).code(1).stdout;
    let (_, commands) = advice(&sandbox);
    assert!(text.contains("in the submodule parts/the lib: "), "{text}");
    assert_eq!(
        commands,
        [
            "envward rotation rotate DB_PASSWORD 'parts/the lib/conf/.env'",
            "git -C 'parts/the lib' rm --cached -f conf/.env",
            "envward check --fix",
            "git -C 'parts/the lib' add .gitignore",
            "git -C 'parts/the lib' commit -m 'untrack env files'",
            "git -C 'parts/the lib' push",
            "cd \"$(mktemp -d)\"",
            "git clone --mirror URL .",
            "git filter-repo --sensitive-data-removal --invert-paths --path=conf/.env",
            "git push --force --mirror origin",
            "cd -",
            "git -C 'parts/the lib' fetch --prune --tags --force",
            "git -C 'parts/the lib' reset --keep origin/main",
            "git -C 'parts/the lib' -c gc.reflogExpireUnreachable=now gc --prune=now",
            "envward scan"
        ]
    );
}

/// What was pushed nowhere needs no push with force, and nobody has to clone again.
#[test]
fn commits_that_no_remote_has_can_be_rewritten_here() {
    let sandbox = repository();
    let bare = sandbox.root().join("remote.git");
    let bare = bare.to_str().unwrap();
    sandbox.git(&["init", "--quiet", "--bare", bare]);
    sandbox.git(&["remote", "add", "origin", bare]);
    sandbox.git(&["push", "--quiet", "origin", "HEAD"]);
    sandbox.file(".env", 0o600, fill(GOOD));
    sandbox.git(&["add", "-f", ".env"]);
    sandbox.git(&["commit", "--quiet", "--message", "leak"]);
    let is_local = || {
        let text = sandbox.envward(&["scan", "--advice"]).code(1).stdout;
        text.split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .contains("No branch of a remote that this repository knows")
    };
    assert!(is_local());
    sandbox.git(&["push", "--quiet", "origin", "HEAD"]);
    assert!(!is_local());
}

/// No command replaces what stands in a compose file alone.
#[test]
fn a_secret_in_a_compose_file_is_a_step() {
    let sandbox = repository();
    let compose = "services:\n  db:\n    image: postgres:16.4\n    environment:\n      POSTGRES_PASSWORD: {password}\n";
    sandbox.file("compose.yaml", 0o644, fill(compose));
    sandbox.git(&["add", "."]);
    sandbox.git(&["commit", "--quiet", "--message", "compose"]);
    let text = sandbox.envward(&["scan", "--advice"]).code(1).stdout;
    let (_, steps) = text.split_once("\nto clean up, do these steps in order\n").unwrap();
    assert!(steps.contains("1. Replace the secrets in these files") && steps.contains("compose.yaml\n"), "{steps}");
}
