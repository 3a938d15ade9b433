//! Beside hooks of other tools, and of the project's own: what the screens say to do is done here as they say it, and then
//! git runs envward, and every screen says so.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::common::fill::fill;
use crate::common::{Output, Sandbox};

const HOOKS: [&str; 6] = ["pre-commit", "pre-merge-commit", "pre-push", "post-checkout", "post-merge", "post-rewrite"];

/// A repository with a first commit and an ignored env file.
fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    sandbox.file(".gitignore", 0o644, ".env\n");
    sandbox.git(&["add", "."]);
    sandbox.git(&["commit", "-qm", "start"]);
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox
}

/// The PATH of a user who installed envward.
fn path() -> String {
    let envward = Path::new(env!("CARGO_BIN_EXE_envward")).parent().unwrap();
    format!("{}:{}", envward.display(), std::env::var("PATH").unwrap())
}

fn envward(sandbox: &Sandbox, args: &[&str]) -> Output {
    sandbox.command(args).env("PATH", &path()).run()
}

fn git(sandbox: &Sandbox, args: &[&str]) -> Output {
    sandbox.git_command("", args).env("PATH", &path()).run()
}

fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// husky's own hooks, as version 9 writes them.
fn husky(sandbox: &Sandbox) {
    let call = "#!/usr/bin/env sh\nn=$(basename \"$0\")\ns=$(dirname \"$(dirname \"$0\")\")/$n\n[ ! -f \"$s\" ] && exit 0\nsh -e \"$s\" \"$@\"\n";
    sandbox.file(".husky/_/.gitignore", 0o644, "*");
    sandbox.file(".husky/_/h", 0o644, call);
    for name in HOOKS {
        sandbox.file(format!(".husky/_/{name}"), 0o755, "#!/usr/bin/env sh\n. \"$(dirname \"$0\")/h\"");
    }
    sandbox.git(&["config", "core.hooksPath", ".husky/_"]);
}

/// What a screen says to do by hand: how, the file, and the line.
fn by_hand(text: &str) -> Vec<(String, String, String)> {
    let (mut said, mut found) = (String::new(), Vec::new());
    for line in text.lines() {
        match line.strip_prefix("  ") {
            Some(call) if line.contains("envward hook run ") => {
                let at = said.find('/').unwrap();
                let word = said[at..].split([' ', ',', ':']).next().unwrap();
                found.push((said.split(' ').next().unwrap().to_owned(), word.to_owned(), call.to_owned()));
                said.clear();
            }
            Some(_) => said.clear(),
            None => said = format!("{said} {line}").trim_start().to_owned(),
        }
    }
    found
}

/// Does it.
fn obey(text: &str) -> usize {
    let all = by_hand(text);
    for (how, file, line) in &all {
        let before = fs::read_to_string(file).ok();
        assert_eq!(how == "create", before.is_none(), "{file}: {text}");
        let text = match before.as_deref().and_then(|text| text.split_once('\n')) {
            Some((first, rest)) if first.starts_with("#!") => format!("{first}\n{line}\n{rest}"),
            _ => format!("{line}\n{}", before.unwrap_or_default()),
        };
        fs::write(file, text).unwrap();
    }
    all.len()
}

/// Every screen says that git runs envward, and a secret gets into no commit.
#[track_caller]
fn is_in_force(sandbox: &Sandbox) {
    let said = envward(sandbox, &["hook", "status"]).code(0).stdout;
    assert!(!said.contains("without envward") && !said.contains("not installed"), "{said}");
    for verb in ["status", "doctor"] {
        let said = envward(sandbox, &[verb]).stdout;
        assert!(said.contains("git runs envward before each commit and each push"), "{verb}: {said}");
        assert!(!said.contains("hook install"), "{verb}: {said}");
    }
    sandbox.file("notes", 0o644, fill("{password}\n"));
    sandbox.git(&["add", "notes"]);
    let output = git(sandbox, &["commit", "-qm", "x"]);
    let text = output.stdout + &output.stderr;
    assert!(output.code != 0 && text.contains("[live-value-elsewhere]"), "{text}");
    sandbox.git(&["rm", "-qf", "notes"]);
    drop(git(sandbox, &["commit", "-qm", "x", "--allow-empty"]).code(0));
}

/// No screen sends a person to a command that then sends the person back.
#[track_caller]
fn names_the_file(sandbox: &Sandbox, file: &str) {
    let said = envward(sandbox, &["status"]).stdout;
    assert!(said.contains(file) && said.contains("1. envward hook status") && !said.contains("hook install"), "{said}");
    let said = envward(sandbox, &["doctor"]).stdout;
    assert!(said.contains(file) && !said.contains("hook install"), "{said}");
    assert!(said.contains("envward hook run pre-commit \"$@\" || exit"), "{said}");
}

#[test]
fn husky_from_the_first_screen_to_a_refused_commit() {
    for own in [None, Some("npm test\n"), Some("#!/usr/bin/env sh\n. \"$(dirname -- \"$0\")/_/husky.sh\"\n\n:\n")] {
        let sandbox = repository();
        husky(&sandbox);
        let own = own.map(|own| own.replace("npm test", ":"));
        own.iter().for_each(|own| sandbox.file(".husky/pre-commit", 0o644, own));
        sandbox.file(".husky/_/husky.sh", 0o644, "");
        names_the_file(&sandbox, ".husky/pre-commit");
        let status = envward(&sandbox, &["hook", "status"]).code(1).stdout;
        let install = envward(&sandbox, &["hook", "install"]).code(1).stdout;
        assert!(!install.contains("every repository") && !status.contains("hook install"), "{status}{install}");
        assert_eq!(by_hand(&status), by_hand(&install));
        assert!(!sandbox.path(".husky/_/pre-commit.before-envward").exists());
        assert_eq!(obey(&install), 6, "{install}");
        is_in_force(&sandbox);
        // git passes on the status of a hook that can undo nothing.
        sandbox.file("envward.toml", 0o644, "nonsense");
        drop(git(&sandbox, &["switch", "-qc", "side"]).code(0));
        fs::remove_file(sandbox.path("envward.toml")).unwrap();
        let said = envward(&sandbox, &["hook", "uninstall"]).code(0).stdout;
        assert!(said.contains("still run envward") && said.contains("/.husky/pre-commit\n"), "{said}");
    }
}

/// Its hooks are ignored, so a new work tree has none.
#[test]
fn husky_has_not_written_its_hooks() {
    let sandbox = repository();
    husky(&sandbox);
    obey(&envward(&sandbox, &["hook", "install"]).code(1).stdout);
    sandbox.git(&["add", ".husky"]);
    drop(git(&sandbox, &["commit", "-qm", "hooks"]).code(0));
    sandbox.git(&["worktree", "add", "-q", "../linked"]);
    let linked = sandbox.root().join("linked");
    for verb in ["status", "install"] {
        let said = envward(&sandbox, &["hook", verb, linked.to_str().unwrap()]).code(1).stdout;
        assert!(said.ends_with("  npx husky\n"), "{said}");
    }
    assert!(!linked.join(".husky/_").exists());
    for verb in ["status", "doctor"] {
        let said = envward(&sandbox, &[verb, linked.to_str().unwrap()]).stdout;
        assert!(said.contains("npx husky") && !said.contains("hook install"), "{said}");
    }
}

/// The hooks of a project are in a directory that git tracks.
#[test]
fn a_hook_of_the_project_keeps_its_name() {
    let sandbox = repository();
    let pre_push = "#!/bin/sh\nprintf '%s\\n' \"$refs\" > ../seen\n";
    sandbox.file(".githooks/pre-commit", 0o755, "#!/bin/sh\necho own >&2\n");
    sandbox.file(".githooks/pre-push", 0o755, pre_push.replace("printf", ": git lfs pre-push \"$@\"\nprintf"));
    sandbox.file(".githooks/post-merge", 0o755, "#!/usr/bin/env python3\nprint('own')\n");
    sandbox.git(&["add", "."]);
    sandbox.git(&["commit", "-qm", "hooks"]);
    sandbox.git(&["config", "core.hooksPath", ".githooks"]);
    names_the_file(&sandbox, ".githooks/pre-commit");
    let said = envward(&sandbox, &["hook", "install"]).code(1).stdout;
    assert_eq!(
        sandbox.git(&["status", "--short", "--untracked-files=no"]),
        "",
        "no hook of the project changed: {said}"
    );
    let calls = by_hand(&said);
    assert_eq!(calls.len(), 3, "{said}");
    assert!(calls.iter().any(|(how, file, line)| how == "make"
        && file.ends_with("post-merge")
        && line == "envward hook run post-merge"));
    sandbox.file(
        ".githooks/post-merge",
        0o755,
        "#!/usr/bin/env python3\nimport subprocess\nsubprocess.call(['envward', 'hook', 'run', 'post-merge'])\n",
    );
    obey(&said.replace("make ", "add "));
    sandbox.file(
        ".githooks/post-merge",
        0o755,
        "#!/usr/bin/env python3\nimport subprocess\nsubprocess.call(['envward', 'hook', 'run', 'post-merge'])\n",
    );
    is_in_force(&sandbox);
    // Both see what is pushed.
    sandbox.git(&["init", "-q", "--bare", "../remote.git"]);
    drop(git(&sandbox, &["push", "-q", "../remote.git", "main"]).code(0));
    let seen = fs::read_to_string(sandbox.path("../seen")).unwrap();
    assert!(seen.starts_with("refs/heads/main "), "{seen}");
    sandbox.file("notes", 0o644, fill("{password}\n"));
    sandbox.git(&["add", "notes"]);
    sandbox.git(&["commit", "-qnm", "x"]);
    drop(git(&sandbox, &["push", "-q", "../remote.git", "main"]).code(1));
    // git does not run it then, and `install` does not change it.
    fs::set_permissions(sandbox.path(".githooks/pre-commit"), Permissions::from_mode(0o644)).unwrap();
    for verb in ["status", "install"] {
        let said = envward(&sandbox, &["hook", verb]).code(1).stdout;
        let command = said.lines().find_map(|line| line.strip_prefix("  chmod ")).unwrap();
        drop(sandbox.shell(&format!("chmod {command}")).run().code(0));
        drop(envward(&sandbox, &["hook", "status"]).code(0));
        fs::set_permissions(sandbox.path(".githooks/pre-commit"), Permissions::from_mode(0o644)).unwrap();
    }
}

/// Without envward on the PATH the line has its path.
#[test]
fn a_line_that_works_without_a_path() {
    let sandbox = repository();
    husky(&sandbox);
    let said = sandbox.envward(&["hook", "install"]).code(1).stdout;
    assert!(said.contains("envward is not on your PATH"), "{said}");
    let program = env!("CARGO_BIN_EXE_envward");
    assert!(said.contains(&format!("  {program} hook run pre-commit \"$@\" || exit\n")), "{said}");
    // husky finds a package of the project.
    sandbox.file("node_modules/.bin/envward", 0o755, "#!/bin/sh\n");
    let said = sandbox.envward(&["hook", "install"]).code(1).stdout;
    assert!(said.contains("  envward hook run pre-commit \"$@\" || exit\n"), "{said}");
}

/// What lefthook and simple-git-hooks do when they write their hooks again.
#[test]
fn a_tool_that_writes_its_hook_again() {
    for mark in ["call_lefthook run pre-commit", "[ \"$SKIP_SIMPLE_GIT_HOOKS\" = 1 ]"] {
        let sandbox = repository();
        let write = |version: u8| {
            let _ = fs::remove_file(sandbox.path(".git/hooks/pre-commit"));
            sandbox.file(".git/hooks/pre-commit", 0o755, format!("#!/bin/sh\n# {version}\n: {mark}\n"));
        };
        write(1);
        let said = envward(&sandbox, &["hook", "install"]).code(0).stdout;
        assert!(said.contains("writes its hooks again, without envward"), "{said}");
        is_in_force(&sandbox);
        write(2);
        for verb in ["status", "doctor"] {
            let said = unwrapped(&envward(&sandbox, &[verb]).stdout);
            assert!(said.contains("another tool has replaced") && said.contains("envward hook install"), "{said}");
        }
        drop(envward(&sandbox, &["hook", "install"]).code(0));
        is_in_force(&sandbox);
        let kept = fs::read_to_string(sandbox.path(".git/hooks/pre-commit.before-envward")).unwrap();
        assert!(kept.contains("# 2"), "{kept}");
    }
}

/// One that was there after ours, and keeps nothing of it.
#[test]
fn another_hook_in_the_place_of_ours() {
    let sandbox = repository();
    drop(envward(&sandbox, &["hook", "install"]).code(0));
    sandbox.file(".git/hooks/pre-commit", 0o755, "#!/bin/sh\n:\n");
    for verb in ["status", "doctor"] {
        let said = unwrapped(&envward(&sandbox, &[verb]).stdout);
        assert!(said.contains(".git/hooks/pre-commit: another tool has replaced envward's hook"), "{verb}: {said}");
    }
    drop(envward(&sandbox, &["hook", "install"]).code(0));
    is_in_force(&sandbox);
}

/// The hook of the tool calls what the file of the project says.
#[test]
fn the_configuration_of_a_tool_calls_envward() {
    let lefthook = "pre-commit:\n  jobs:\n    - run: envward hook run pre-commit\npre-push:\n  jobs:\n    - run: envward hook run pre-push {0}\n";
    let pre_commit = "repos:\n  - repo: x\n    hooks:\n      - id: envward\n      - id: envward-push\n";
    let table = [
        ("lefthook.yml", lefthook, "#!/bin/sh\ncall_lefthook run \"HOOK\" \"$@\"\n"),
        (
            ".pre-commit-config.yaml",
            pre_commit,
            "#!/usr/bin/env bash\n# File generated by pre-commit: https://pre-commit.com\n",
        ),
    ];
    for (file, text, hook) in table {
        let sandbox = repository();
        for name in ["pre-commit", "pre-push"] {
            sandbox.file(format!(".git/hooks/{name}"), 0o755, hook.replace("HOOK", name));
        }
        let said = envward(&sandbox, &["hook", "status"]).code(1).stdout;
        assert!(said.contains("  pre-commit        another hook, without envward\n"), "{said}");
        sandbox.file(file, 0o644, text);
        let said = envward(&sandbox, &["hook", "status"]).code(1).stdout;
        for name in ["pre-commit", "pre-push"] {
            assert!(said.contains(&format!("  {name:17} runs envward, by {file}\n")), "{said}");
        }
        for verb in ["status", "doctor"] {
            let said = envward(&sandbox, &[verb]).stdout;
            assert!(said.contains("git runs envward before each commit and each push"), "{verb}: {said}");
        }
        let said = envward(&sandbox, &["hook", "install"]).code(0).stdout;
        assert!(said.contains(&format!("pre-commit already runs envward, by {file}: not changed")), "{said}");
        drop(envward(&sandbox, &["hook", "status"]).code(0));
    }
}

/// Somebody wants one of the two.
#[test]
fn before_a_push_only() {
    let sandbox = repository();
    sandbox.file(".git/hooks/pre-push", 0o755, "#!/bin/sh\nenvward hook run pre-push \"$@\" || exit\n");
    for verb in ["status", "doctor"] {
        let said = envward(&sandbox, &[verb]).stdout;
        assert!(said.contains("git runs envward before each push, but not before a commit"), "{verb}: {said}");
    }
}

#[test]
fn a_link_to_a_script_of_the_project() {
    let sandbox = repository();
    sandbox.file("tools/check", 0o755, "#!/bin/sh\nenvward hook run pre-commit || exit\n");
    sandbox.link(".git/hooks/pre-commit", "../../tools/check");
    let said = envward(&sandbox, &["hook", "install"]).code(0).stdout;
    assert!(said.contains("pre-commit already runs envward"), "{said}");
    is_in_force(&sandbox);
}

/// Who wants no hooks at all writes so, and git takes it for a directory without hooks.
#[test]
fn a_path_that_is_no_directory() {
    let sandbox = repository();
    drop(envward(&sandbox, &["hook", "install"]).code(0));
    sandbox.git(&["config", "core.hooksPath", "/dev/null"]);
    for verb in ["status", "doctor", "check"] {
        let said = envward(&sandbox, &[verb]).stdout;
        let said = unwrapped(&said);
        assert!(said.contains("core.hooksPath does not name a directory, so git runs no hooks"), "{verb}: {said}");
        assert!(!said.contains("hook install"), "{verb}: {said}");
    }
    for verb in ["status", "install"] {
        let said = envward(&sandbox, &["hook", verb]).code(2).stderr;
        let command = said.lines().find_map(|line| line.trim().strip_prefix("git config ")).unwrap();
        drop(sandbox.shell(&format!("git config {command}")).run().code(0));
        is_in_force(&sandbox);
        sandbox.git(&["config", "core.hooksPath", "/dev/null"]);
    }
}

/// Whose hooks they are: a directory of one repository, or of all.
#[test]
fn whose_directory_it_is() {
    let shared = |path: &str| {
        let sandbox = repository();
        sandbox.git(&["config", "core.hooksPath", path]);
        let said = envward(&sandbox, &["hook", "install"]).code(0).stdout;
        let said = unwrapped(&said);
        is_in_force(&sandbox);
        said.contains("they run in every repository that uses this directory")
    };
    let own = Sandbox::new();
    let elsewhere = own.path("hooks");
    assert!(shared(elsewhere.to_str().unwrap()) && shared("../hooks"));
    for path in [".git/other", "hooks/own", ".git/hooks"] {
        assert!(!shared(path), "{path}");
    }
    // The main work tree's, seen from a linked one.
    let sandbox = repository();
    sandbox.git(&["config", "core.hooksPath", sandbox.path("own").to_str().unwrap()]);
    sandbox.git(&["worktree", "add", "-q", "../linked"]);
    let linked = sandbox.root().join("linked");
    let said = envward(&sandbox, &["hook", "install", linked.to_str().unwrap()]).code(0).stdout;
    assert!(!said.contains("every repository"), "{said}");
    is_in_force(&sandbox);
}
