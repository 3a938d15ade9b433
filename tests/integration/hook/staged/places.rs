//! Putting it in place.

use super::*;

#[test]
fn in_a_linked_work_tree() {
    let sandbox = guarded();
    drop(sandbox.envward(&["hook", "uninstall"]).code(0));
    sandbox.git(&["worktree", "add", "-q", "linked"]);
    drop(sandbox.envward(&["hook", "install", "linked"]).code(0));
    drop(sandbox.envward(&["hook", "status"]).code(0));
    sandbox.file("linked/.env", 0o600, fill(GOOD));
    sandbox.git_in("linked", &["add", "-f", ".env"]);
    let output = sandbox.git_command("linked", &["commit", "-m", "x"]).run().code(1);
    assert!((output.stdout + &output.stderr).contains("[env-file-staged]"));
    sandbox.git_in("linked", &["rm", "-q", "--cached", ".env"]);
    // The other work tree's index is another one.
    stage(&sandbox, ".env", GOOD);
    drop(sandbox.git_command("linked", &["commit", "-qm", "x", "--allow-empty"]).run().code(0));
}

#[test]
fn in_a_submodule() {
    let sandbox = Sandbox::new();
    for name in ["lib", "app"] {
        sandbox.git(&["init", "-q", name]);
        sandbox.git_in(name, &["commit", "-qm", "start", "--allow-empty"]);
    }
    sandbox.git_in("app", &["submodule", "--quiet", "add", "../lib", "lib"]);
    drop(sandbox.envward(&["hook", "install", "app/lib"]).code(0));
    assert!(sandbox.path("app/.git/modules/lib/hooks/pre-commit").exists());
    sandbox.file("app/lib/.env", 0o600, fill(GOOD));
    sandbox.git_in("app/lib", &["add", "-f", ".env"]);
    drop(sandbox.git_command("app/lib", &["commit", "-m", "x"]).run().code(1));
}

#[test]
fn with_hooks_path() {
    for path in ["tools/hooks", "$ABSOLUTE"] {
        let sandbox = guarded();
        drop(sandbox.envward(&["hook", "uninstall"]).code(0));
        let absolute = sandbox.root().join("tmp/hooks");
        let path = if path == "$ABSOLUTE" { absolute.to_str().unwrap() } else { path };
        sandbox.git(&["config", "core.hooksPath", path]);
        sandbox.mkdir("sub", 0o755);
        drop(sandbox.envward(&["hook", "install", "sub"]).code(0));
        assert!(sandbox.path(path).join("pre-commit").exists(), "{path}");
        assert!(!sandbox.path(".git/hooks/pre-commit").exists());
        stage(&sandbox, ".env", GOOD);
        is_stopped(&sandbox, "sub", &["commit", "-m", "x"]);
        drop(sandbox.envward(&["hook", "uninstall"]).code(0));
        assert!(!sandbox.path(path).join("pre-commit").exists(), "{path}");
    }
}

#[test]
fn a_missing_program_stops_and_says_so() {
    let sandbox = guarded();
    let hook = sandbox.path(".git/hooks/pre-commit");
    let text = fs::read_to_string(&hook).unwrap();
    sandbox.file(".git/hooks/pre-commit", 0o755, text.replace(env!("CARGO_BIN_EXE_envward"), "/nowhere/envward"));
    stage(&sandbox, "README", "changed\n");
    let text = is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    assert!(text.contains("/nowhere/envward") && text.contains("nothing was committed"), "{text}");
}

#[test]
fn the_hook_of_another_path_needs_nothing_on_path() {
    let sandbox = guarded();
    stage(&sandbox, ".env", GOOD);
    let output = sandbox.git_command("", &["commit", "-m", "x"]).env("PATH", "/usr/bin:/bin").run().code(1);
    assert!((output.stdout + &output.stderr).contains("[env-file-staged]"));
}

#[test]
fn outside_a_repository_there_is_nothing_to_install() {
    let sandbox = Sandbox::new();
    for verb in ["install", "uninstall", "status"] {
        let output = sandbox.envward(&["hook", verb]).code(2);
        assert!(output.stderr.contains("git repository"), "{}", output.stderr);
    }
}
