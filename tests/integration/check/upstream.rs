//! An env file that was removed from git here, and that the upstream branch still contains.

use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::listed::{findings, report, the};

fn pushed() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "--quiet", "--bare", "../origin.git"]);
    sandbox.git(&["init", "--quiet"]);
    sandbox.git(&["remote", "add", "origin", "../origin.git"]);
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox.git(&["add", "--force", ".env"]);
    sandbox.git(&["commit", "--quiet", "--message", "leak"]);
    sandbox.git(&["push", "--quiet", "--set-upstream", "origin", "main"]);
    sandbox
}

fn untrack(sandbox: &Sandbox) {
    sandbox.git(&["rm", "--quiet", "--cached", ".env"]);
    sandbox.file(".gitignore", 0o644, "/.env\n");
    sandbox.git(&["add", ".gitignore"]);
}

fn commit(sandbox: &Sandbox) {
    sandbox.git(&["commit", "--quiet", "--message", "untrack"]);
}

/// What is said of it, and what to do; `None` where nothing is said.
fn said(sandbox: &Sandbox) -> Option<(String, String)> {
    let report = report(sandbox, &["check"], 1);
    let is_said = findings(&report).contains(&"warning env-file-upstream .env".to_owned());
    let text = |finding: &serde_json::Value, name: &str| finding[name].as_str().unwrap().to_owned();
    is_said.then(|| the(&report, "env-file-upstream", ".env")).map(|one| (text(one, "title"), text(one, "help")))
}

/// The first command of the status.
fn first(sandbox: &Sandbox) -> String {
    let screen = sandbox.envward(&["status"]).code(1).stdout;
    screen.lines().find_map(|line| line.trim_start().strip_prefix("1. ")).unwrap().to_owned()
}

#[test]
fn each_moment_has_its_own_next_step() {
    let sandbox = pushed();
    assert_eq!(said(&sandbox), None);
    assert_eq!(first(&sandbox), "git rm --cached -f :/.env");

    untrack(&sandbox);
    let (what, help) = said(&sandbox).unwrap();
    assert_eq!(what, "the upstream branch still contains this file, and its removal is not committed yet");
    assert_eq!(help, "commit the removal: git commit; then git push");
    assert_eq!(first(&sandbox), "git commit");
    drop(sandbox.envward(&["hook", "run", "pre-commit"]).code(0));

    commit(&sandbox);
    let (what, help) = said(&sandbox).unwrap();
    assert_eq!(what, "the upstream branch still contains this file, because its removal is not pushed yet");
    assert_eq!(help, "git push");
    assert_eq!(first(&sandbox), "git push");

    sandbox.git(&["push", "--quiet"]);
    assert_eq!(said(&sandbox), None);
    assert!(first(&sandbox).starts_with("envward rotation rotate"), "{}", first(&sandbox));
}

/// A push would be refused, or go elsewhere, or publish more.
#[test]
fn a_push_is_advised_only_where_it_is_right() {
    // Somebody else pushed meanwhile.
    let sandbox = pushed();
    untrack(&sandbox);
    commit(&sandbox);
    let tree = sandbox.git(&["rev-parse", "origin/main^{tree}"]);
    let theirs = sandbox.git(&["commit-tree", "-m", "theirs", "-p", "origin/main", &tree]);
    sandbox.git(&["update-ref", "refs/remotes/origin/main", &theirs]);
    let (what, help) = said(&sandbox).unwrap();
    assert!(what.contains("the next pull replaces or deletes it") && !help.contains("git push"), "{what} {help}");

    // The branch has another name there.
    let sandbox = pushed();
    sandbox.git(&["branch", "--quiet", "-m", "work"]);
    untrack(&sandbox);
    commit(&sandbox);
    let (_, help) = said(&sandbox).unwrap();
    assert_eq!(help, "push the commit that removes the file to the upstream branch");

    // A commit in between has new secrets.
    let sandbox = pushed();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password2}\n"));
    sandbox.git(&["add", "--force", ".env"]);
    commit(&sandbox);
    untrack(&sandbox);
    commit(&sandbox);
    let (what, help) = said(&sandbox).unwrap();
    assert!(what.contains("a push would publish"), "{what}");
    assert_eq!(help, "put these commits into one before you push: git reset --soft @{u}; then git commit");
    sandbox.git(&["reset", "--quiet", "--soft", "@{u}"]);
    commit(&sandbox);
    assert_eq!(said(&sandbox).unwrap().1, "git push");
}
