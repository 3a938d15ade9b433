//! Whether git runs the hooks that were put in place: what `check` says of the files, `hook status` of git's own answer.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use crate::common::{Output, Sandbox};

/// A repository with the hooks in place.
fn installed() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    drop(sandbox.envward(&["hook", "install"]).code(0));
    sandbox
}

/// What `check` says of the hooks: where, and what.
fn told(sandbox: &Sandbox) -> Vec<(String, String)> {
    let report = sandbox.envward(&["check", "--format=json"]).json();
    let found = report["findings"].as_array().unwrap().iter().filter(|one| one["check"] == "hooks-not-in-force");
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    found.map(|one| (text(&one["path"]), text(&one["title"]))).collect()
}

/// That is said, once, about this place; git does not run the hook, and its status says so, too.
#[track_caller]
fn is_told(sandbox: &Sandbox, place: &str, message: &str) {
    let told = told(sandbox);
    let [(path, said)] = &told[..] else { panic!("{told:?}") };
    assert_eq!(path, place);
    assert!(said.contains(message), "{said}");
    assert_ne!(status(sandbox).code, 0);
}

/// git's own answer, with the user's own configuration.
fn status(sandbox: &Sandbox) -> Output {
    let users = sandbox.root().join("home/.gitconfig");
    sandbox.command(&["hook", "status"]).env("GIT_CONFIG_GLOBAL", users.to_str().unwrap()).run()
}

#[track_caller]
fn is_in_force(sandbox: &Sandbox) {
    assert_eq!(told(sandbox), []);
    drop(status(sandbox).code(0));
}

#[test]
fn a_setting_that_leads_elsewhere() {
    let sandbox = installed();
    is_in_force(&sandbox);
    sandbox.git(&["config", "core.hooksPath", ""]);
    is_told(&sandbox, ".git/config", "core.hooksPath is empty");
    sandbox.git(&["config", "core.hooksPath", ".hooks"]);
    is_told(&sandbox, ".git/config", "another directory");
    drop(sandbox.envward(&["hook", "install"]).code(0));
    is_in_force(&sandbox);
}

/// The file that has the last word is named, wherever it is.
#[test]
fn a_setting_of_the_users_own() {
    let sandbox = installed();
    let home = sandbox.root().join("home");
    fs::write(home.join("company"), "[core]\nhooksPath = /opt/company/hooks\n").unwrap();
    let include = "[includeIf \"hasconfig:remote.*.url:https://git.example.com/**\"]\npath = company\n";
    fs::write(home.join(".gitconfig"), include).unwrap();
    is_in_force(&sandbox);
    sandbox.git(&["remote", "add", "origin", "https://git.example.com/shop/app.git"]);
    is_told(&sandbox, home.join("company").to_str().unwrap(), "another directory");
    let said = status(&sandbox).stdout.replace('\n', " ");
    assert!(said.starts_with("hooks in /opt/company/hooks (core.hooksPath in "), "{said}");
    sandbox.git(&["config", "core.hooksPath", ".git/hooks"]);
    is_in_force(&sandbox);
}

/// Only git itself knows it.
#[test]
fn a_setting_of_the_environment() {
    let sandbox = installed();
    let given = [("COUNT", "1"), ("KEY_0", "core.hooksPath"), ("VALUE_0", "/opt/hooks")];
    let status = given.iter().fold(sandbox.command(&["hook", "status"]), |command, (name, value)| {
        command.env(&format!("GIT_CONFIG_{name}"), value)
    });
    let said = status.run().code(1).stdout;
    assert!(said.starts_with("hooks in /opt/hooks (core.hooksPath from an environment variable):"), "{said}");
}

#[test]
fn a_hook_that_git_passes_over() {
    let sandbox = installed();
    fs::set_permissions(sandbox.path(".git/hooks/pre-push"), Permissions::from_mode(0o644)).unwrap();
    is_told(&sandbox, ".git/hooks/pre-push", "not executable");
    drop(sandbox.envward(&["hook", "install"]).code(0));
    is_in_force(&sandbox);
}

#[test]
fn a_hook_that_is_gone_or_another_tools() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.file(".git/hooks/pre-commit", 0o755, "#!/bin/sh\nexit 0\n");
    drop(sandbox.envward(&["hook", "install"]).code(0));
    is_in_force(&sandbox);
    fs::remove_file(sandbox.path(".git/hooks/pre-merge-commit")).unwrap();
    is_told(&sandbox, ".git/hooks/pre-merge-commit", "this hook is missing");
    drop(sandbox.envward(&["hook", "install"]).code(0));
    sandbox.file(".git/hooks/pre-commit", 0o755, "#!/bin/sh\n# written by another tool\nexit 0\n");
    is_told(&sandbox, ".git/hooks/pre-commit", "has replaced");
}

/// What a project wrote down for every clone.
#[test]
fn a_clone_in_which_nobody_set_the_hooks_up() {
    let texts = [
        (".husky/pre-commit", "envward hook run pre-commit\n"),
        (".pre-commit-config.yaml", "repos:\n  - repo: local\n    hooks:\n      - id: envward\n"),
        ("lefthook.yml", "pre-commit:\n  jobs:\n    - run: envward hook run pre-commit\n"),
    ];
    for (path, text) in texts {
        let sandbox = Sandbox::new();
        sandbox.git(&["init"]);
        sandbox.file(path, 0o644, text);
        is_told(&sandbox, path, "this clone has no pre-commit hook");
        // The tool's own hook leads there.
        sandbox.file(".git/hooks/pre-commit", 0o755, "#!/bin/sh\nexec some-tool run\n");
        assert_eq!(told(&sandbox), [], "{path}");
    }
}

/// A server that only deploys, and a choice of one's own.
#[test]
fn nobody_wanted_them() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    assert_eq!(told(&sandbox), []);
    sandbox.git(&["config", "core.hooksPath", ""]);
    assert_eq!(told(&sandbox), []);
    sandbox.git(&["config", "--unset", "core.hooksPath"]);
    sandbox.file(".git/hooks/pre-push", 0o755, "#!/bin/sh\nenvward hook run pre-push \"$@\" || exit\n");
    assert_eq!(told(&sandbox), []);
    sandbox.file(".pre-commit-config.yaml", 0o644, "repos: []\n# - id: envward\n#   id: envward-push\n");
    assert_eq!(told(&sandbox), []);
}

/// A hook is looked at, never run, and a pipe in its place holds nobody up.
#[test]
fn a_strange_thing_in_the_place_of_a_hook() {
    let sandbox = installed();
    fs::remove_file(sandbox.path(".git/hooks/pre-commit")).unwrap();
    sandbox.fifo(".git/hooks/pre-commit");
    drop(sandbox.envward(&["check"]).code(0));
}
