//! What a server takes: a push excuses neither itself nor a later one.

use super::scene::leak;
use crate::common::{Sandbox, own_file};

/// Excuses env files that are staged, and calls every file a template.
const EXCUSE: &str = "[[ignore]]\ncheck = \"env-file-staged\"\nreason = \"so there\"\n\n[files]\ntemplates = [\"*\"]\n";
const ONE_EXCUSE: &str = "[[ignore]]\ncheck = \"env-file-staged\"\nreason = \"so there\"\n";

/// A server that has `main`, guarded by the hook, and a clone of it: the project.
fn server() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q", "--bare", "../server.git"]);
    sandbox.git(&["init", "-q"]);
    sandbox.git(&["commit", "-q", "--allow-empty", "-m", "base"]);
    sandbox.git(&["remote", "add", "origin", "../server.git"]);
    sandbox.git(&["push", "-q", "origin", "main"]);
    let script = own_file("hooks/pre-receive").replace("/usr/local/bin/envward", env!("CARGO_BIN_EXE_envward"));
    sandbox.file("../server.git/hooks/pre-receive", 0o755, script);
    sandbox
}

fn commit(sandbox: &Sandbox, path: &str, text: impl AsRef<[u8]>) {
    sandbox.file(path, 0o600, text);
    sandbox.git(&["add", "-f", path]);
    sandbox.git(&["commit", "-qm", path]);
}

fn pushes(sandbox: &Sandbox, args: &[&str]) -> bool {
    sandbox.git_command("", &[&["push", "-q", "origin"], args].concat()).run().code == 0
}

/// Whether any ref of the server leads to a commit with the env file.
fn has_leak(sandbox: &Sandbox) -> bool {
    !sandbox.git_in("../server.git", &["log", "--all", "--format=%H", "--", ".env"]).is_empty()
}

/// How the excuse comes to the server first: each push of a row by itself.
const WAYS: [(&str, &[&[&str]]); 6] = [
    ("a branch", &[&["excuse:evil"], &["leak:evil"], &["leak:main"]]),
    ("a branch, then main beside it", &[&["excuse:evil"], &["leak:evil", "leak:main"]]),
    ("a tag", &[&["excuse:refs/tags/evil"], &["+leak:refs/tags/evil"], &["leak:main"]]),
    ("a ref of no kind", &[&["excuse:refs/pull/7/head"], &["leak:refs/pull/7/head"], &["leak:main"]]),
    ("two branches at once", &[&["excuse:a"], &["leak:a", "leak:b"]]),
    ("a branch that is deleted again", &[&["excuse:a", "excuse:b"], &["leak:a", ":b"], &["leak:main"]]),
];

#[test]
fn an_excuse_on_another_branch_counts_for_nothing() {
    let mut faults = Vec::new();
    for excuse in [EXCUSE, ONE_EXCUSE] {
        for (way, rounds) in WAYS {
            let sandbox = server();
            sandbox.git(&["checkout", "-q", "-b", "excuse"]);
            commit(&sandbox, "envward.toml", excuse);
            sandbox.git(&["checkout", "-q", "-b", "leak"]);
            commit(&sandbox, ".env", leak("pushed"));
            let taken: Vec<bool> = rounds.iter().map(|push| pushes(&sandbox, push)).collect();
            if has_leak(&sandbox) {
                faults.push(format!("{way}: the leak is on the server; the pushes were taken: {taken:?}"));
            }
        }
    }
    super::scene::assert_none(&faults);
}

/// The server's own configuration, at its HEAD, does count: for a push to any branch.
#[test]
fn what_the_server_has_at_its_head_excuses() {
    let sandbox = server();
    commit(&sandbox, "envward.toml", ONE_EXCUSE);
    assert!(pushes(&sandbox, &["main"]));
    sandbox.git(&["checkout", "-q", "-b", "side"]);
    commit(&sandbox, ".env", leak("excused"));
    assert!(pushes(&sandbox, &["side"]));
}

/// Without a configuration on the server a push is judged without one.
#[test]
fn a_first_push_excuses_nothing() {
    let sandbox = server();
    sandbox.git(&["update-ref", "-d", "HEAD"]);
    sandbox.git_in("../server.git", &["update-ref", "-d", "refs/heads/main"]);
    commit(&sandbox, "envward.toml", ONE_EXCUSE);
    commit(&sandbox, ".env", leak("first"));
    for refs in [&["main"][..], &["main~1:refs/heads/a", "main"], &["main:refs/heads/other"]] {
        assert!(!pushes(&sandbox, refs), "{refs:?}");
    }
    assert!(!has_leak(&sandbox));
}
