//! After the rewriting: the steps of `scan --advice` in the clone at hand, typed as they are printed.

use std::fs;
use std::path::Path;

use crate::common::Sandbox;
use crate::common::fill::fill;

/// What git-filter-repo does to `.env`, by what git has itself; it leaves the old refs, which a mirror must not push.
const FILTER: &str = "FILTER_BRANCH_SQUELCH_WARNING=1 git filter-branch -f --index-filter 'git rm -q --cached --ignore-unmatch .env' --tag-name-filter cat \
                      -- --all >/dev/null 2>&1; git for-each-ref --format='delete %(refname)' refs/original | git \
                      update-ref --stdin";

/// A clone of `../origin.git`, in which `.env` was committed and pushed, with a branch beside.
fn cloned() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "--quiet", "--bare", "../origin.git"]);
    sandbox.git(&["init", "--quiet"]);
    sandbox.git(&["remote", "add", "origin", "../origin.git"]);
    commit(&sandbox, "README", "one\n");
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox.git(&["add", "--force", ".env"]);
    commit(&sandbox, "README", "two\n");
    sandbox.git(&["tag", "v1"]);
    sandbox.git(&["checkout", "--quiet", "-b", "feature"]);
    commit(&sandbox, "part", "part\n");
    sandbox.git(&["push", "--quiet", "--set-upstream", "origin", "main", "feature", "v1"]);
    sandbox.git(&["branch", "--quiet", "beside"]);
    commit(&sandbox, "own", "own\n");
    sandbox.git(&["branch", "--quiet", "old", "HEAD~2"]);
    sandbox.git(&["checkout", "--quiet", "main"]);
    sandbox
}

fn commit(sandbox: &Sandbox, path: &str, text: &str) {
    sandbox.file(path, 0o644, text);
    sandbox.git(&["add", path]);
    sandbox.git(&["commit", "--quiet", "--message", path]);
}

fn untrack(sandbox: &Sandbox) {
    sandbox.git(&["rm", "--quiet", "--cached", ".env"]);
    commit(sandbox, ".gitignore", "/.env\n");
}

/// The commands of the advice, without those that replace the secrets.
fn advice(sandbox: &Sandbox) -> Vec<String> {
    let text = sandbox.envward(&["scan", "--advice"]).code(1).stdout;
    let (_, steps) = text.split_once("\nto clean up, do these steps in order\n").unwrap();
    let commands = steps.lines().filter_map(|line| line.trim_start().strip_prefix("$ "));
    commands.filter(|line| !line.starts_with("envward rotation ")).map(str::to_owned).collect()
}

/// Types the commands one by one in one shell; after each the env file must be what it was.
fn walk(sandbox: &Sandbox, commands: &[String]) -> String {
    let origin = sandbox.root().join("origin.git");
    let envward = Path::new(env!("CARGO_BIN_EXE_envward")).parent().unwrap();
    let (path, here) = (std::env::var("PATH").unwrap(), sandbox.path("").canonicalize().unwrap());
    let guard = format!("cmp {}/.env {}/kept", here.display(), sandbox.root().display());
    // It reports what is still wrong, too.
    let typed = |line: &String| line.replace("envward check --fix", "envward check --fix || test $? = 1");
    let typed: String = commands.iter().map(|line| format!("{}\n{guard}\n", typed(line))).collect();
    let typed = typed.replace("URL", origin.to_str().unwrap()).replace("{N}", "{0}");
    let identity = ["GIT_AUTHOR", "GIT_COMMITTER"].map(|who| format!("{who}_NAME=Ada {who}_EMAIL=ada@example.com"));
    fs::copy(sandbox.path(".env"), sandbox.root().join("kept")).unwrap();
    let script = format!("set -e; export {}\n{typed}", identity.join(" "));
    sandbox.shell(&script).env("PATH", &format!("{}:{path}", envward.display())).run().code(0).stdout
}

/// The commands with git's own filter in the place of git-filter-repo.
fn with_own_filter(commands: &[String]) -> Vec<String> {
    let is_filter = |line: &String| line.starts_with("git filter-repo ");
    assert_eq!(commands.iter().filter(|line| is_filter(line)).count(), 1, "{commands:?}");
    commands.iter().map(|line| if is_filter(line) { FILTER.to_owned() } else { line.clone() }).collect()
}

fn assert_clean(sandbox: &Sandbox) {
    let text = sandbox.envward(&["scan", "--advice"]).code(0).stdout;
    assert!(text.contains("to clean up: nothing to do\n"), "{text}");
    assert_eq!(sandbox.git(&["log", "--all", "--format=%h", "--", ".env"]), "");
}

#[test]
fn the_whole_way_ends_with_a_clean_clone() {
    let sandbox = cloned();
    untrack(&sandbox);
    sandbox.git(&["push", "--quiet"]);
    sandbox.file("README", 0o644, "put aside\n");
    sandbox.git(&["stash", "push", "--quiet"]);
    let commands = advice(&sandbox);
    assert!(!commands.iter().any(|line| line.contains("rm --cached")), "{commands:?}");
    drop(walk(&sandbox, &with_own_filter(&commands)));
    assert_clean(&sandbox);
    for branch in ["main", "feature"] {
        let behind = sandbox.git(&["rev-list", &format!("{branch}..origin/{branch}")]);
        assert_eq!(behind, "", "{branch}");
    }
    assert_eq!(sandbox.git(&["log", "--format=%s", "feature", "--not", "--remotes"]), "own");
    assert_eq!(sandbox.git(&["rev-parse", "beside"]), sandbox.git(&["rev-parse", "origin/feature"]));
    assert_eq!(sandbox.git(&["stash", "list"]), "");
    // What was put aside is in the work tree, and nothing else is changed.
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "M  README");
    assert_eq!(sandbox.git(&["worktree", "list"]).lines().count(), 1);
}

/// The rewriting would take a file that git tracks out of the work tree, too.
#[test]
fn an_env_file_that_git_tracks_survives() {
    let sandbox = cloned();
    let commands = advice(&sandbox);
    assert_eq!(
        commands[..5],
        [
            "git rm --cached -f .env",
            "envward check --fix",
            "git add .gitignore",
            "git commit -m 'untrack env files'",
            "git push"
        ]
    );
    drop(walk(&sandbox, &with_own_filter(&commands)));
    assert_clean(&sandbox);
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "");
}

/// Another person rewrote the history: here there is nothing to rewrite, and only the old commits have to go.
#[test]
fn what_a_remote_has_no_more_is_not_rewritten_again() {
    for is_untracked in [true, false] {
        let sandbox = cloned();
        if is_untracked {
            untrack(&sandbox);
            sandbox.git(&["push", "--quiet"]);
        }
        sandbox.git(&["tag", "mine"]);
        sandbox.git(&["-C", "../origin.git", "config", "core.logAllRefUpdates", "false"]);
        drop(sandbox.shell(&format!("cd ../origin.git; {FILTER}")).run().code(0));
        sandbox.git(&["fetch", "--quiet", "--prune"]);
        let text = sandbox.envward(&["scan", "--advice"]).code(1).unwrapped();
        assert!(text.contains("The remote has the new history already"), "{text}");
        let commands = advice(&sandbox);
        assert!(!commands.iter().any(|line| line.contains("filter-repo") || line.contains("push")), "{commands:?}");
        assert_eq!(commands[0], "git fetch --prune --tags --force");
        assert!(commands[1].starts_with("git tag -d $(git tag --contains "), "{commands:?}");
        drop(walk(&sandbox, &commands));
        assert_clean(&sandbox);
        assert_eq!(sandbox.git(&["tag"]), "v1");
    }
}

#[test]
fn branches_in_other_work_trees_and_of_nobody() {
    let sandbox = cloned();
    untrack(&sandbox);
    sandbox.git(&["push", "--quiet"]);
    sandbox.git(&["worktree", "add", "--quiet", "../linked tree", "beside"]);
    let commands = advice(&sandbox);
    let linked = sandbox.root().join("linked tree").canonicalize().unwrap();
    let expected = format!("git -C '{}' reset --keep origin/feature", linked.display());
    assert!(commands.contains(&expected), "{commands:?}");
    // It has no commit of its own, and no branch of the remote was there.
    sandbox.git(&["push", "--quiet", "origin", ":feature"]);
    sandbox.git(&["update-ref", "-d", "refs/remotes/origin/feature"]);
    assert!(!advice(&sandbox).iter().any(|line| line.contains("branch -f beside")), "{commands:?}");
}
