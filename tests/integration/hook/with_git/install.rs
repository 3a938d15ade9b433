//! Putting them in place.

use super::*;

#[test]
fn install_status_uninstall() {
    let sandbox = project(&[Git("init")]);
    let path = |name: &str| sandbox.path(format!(".git/hooks/{name}"));
    let dir = sandbox.path(".git/hooks").display().to_string();
    let status = |code: i32, word: &str| {
        let output = sandbox.envward(&["hook", "status"]).code(code);
        let expected: String = HOOKS.iter().map(|name| format!("  {name:17} {word}\n")).collect();
        let next = if code == 1 { "to install the hooks: envward hook install\n" } else { "" };
        assert_eq!(output.stdout, format!("hooks in {dir}:\n{expected}{next}"));
    };
    status(1, "not installed");
    assert_eq!(
        sandbox.envward(&["hook", "uninstall"]).code(0).stdout,
        "envward has no hook here: nothing was removed\n"
    );
    let output = sandbox.envward(&["hook", "install"]).code(0);
    assert_eq!(output.stdout.replace("\n  ", " "), format!("hooks installed in {dir}: {}\n", HOOKS.join(", ")));
    status(0, "installed");
    let first = HOOKS.map(|name| fs::read(path(name)).unwrap());
    for name in HOOKS {
        assert_eq!(fs::metadata(path(name)).unwrap().permissions().mode() & 0o777, 0o755);
    }
    drop(sandbox.envward(&["hook", "install"]).code(0));
    assert_eq!(HOOKS.map(|name| fs::read(path(name)).unwrap()), first);
    for name in HOOKS {
        fs::write(path(name), [fs::read(path(name)).unwrap(), b"# more\n".to_vec()].concat()).unwrap();
    }
    status(1, "from another envward, or changed");
    drop(sandbox.envward(&["hook", "install"]).code(0));
    status(0, "installed");
    let output = sandbox.envward(&["hook", "uninstall"]).code(0);
    assert_eq!(output.stdout.replace("\n  ", " "), format!("hooks removed from {dir}: {}\n", HOOKS.join(", ")));
    status(1, "not installed");
}

#[test]
fn another_hook_goes_on_being_run() {
    let log = "#!/bin/sh\necho \"${0#*hooks/} $# $(cat)\" >> \"$LOG\"\nexit ${FAIL:-0}\n";
    let sandbox = with_remote();
    drop(sandbox.envward(&["hook", "uninstall"]).code(0));
    for name in HOOKS {
        sandbox.file(format!(".git/hooks/{name}"), 0o755, log);
    }
    let output = sandbox.envward(&["hook", "install"]).code(0);
    assert!(output.stdout.contains("pre-push runs the existing hook first"), "{}", output.stdout);
    drop(sandbox.envward(&["hook", "status"]).code(0));
    drop(sandbox.envward(&["hook", "install"]).code(0));
    let file = sandbox.root().join("tmp/log");
    let run = |args: &[&str], fail: &str| {
        let _ = fs::remove_file(&file);
        let command = sandbox.git_command("", args).env("LOG", file.to_str().unwrap()).env("FAIL", fail);
        let output = command.run();
        (output.code, fs::read_to_string(&file).unwrap_or_default(), output.stdout + &output.stderr)
    };
    sandbox.file("new", 0o644, "x");
    sandbox.git(&["add", "new"]);
    assert_eq!(run(&["commit", "-qm", "x"], "3").0, 1, "its refusal counts");
    assert_eq!(run(&["commit", "-qm", "x"], "0").1, "pre-commit.before-envward 0 \n");
    let head = sandbox.git(&["rev-parse", "HEAD"]);
    assert_eq!(run(&["push", "-q", "origin", "main"], "3").0, 1);
    let (code, said, _) = run(&["push", "-q", "origin", "main"], "0");
    assert!(
        code == 0 && said.starts_with("pre-push.before-envward 2 refs/heads/main ") && said.contains(&head),
        "{said}"
    );
    let (code, said, _) = run(&["checkout", "-qb", "more"], "3");
    assert!(code == 1 && said.starts_with("post-checkout.before-envward 3"), "git passes its status on: {code} {said}");
    // Ours still judges.
    sandbox.file(".env", 0o600, fill(GOOD));
    sandbox.git(&["add", "-f", ".env"]);
    let (code, said, text) = run(&["commit", "-qm", "x"], "0");
    assert!(code == 1 && !said.is_empty() && text.contains("[env-file-staged]"));
    drop(sandbox.envward(&["hook", "uninstall"]).code(0));
    for name in HOOKS {
        assert_eq!(fs::read_to_string(sandbox.path(format!(".git/hooks/{name}"))).unwrap(), log);
        assert!(!sandbox.path(format!(".git/hooks/{name}.before-envward")).exists());
    }
}

#[test]
fn what_another_hook_stages_is_judged() {
    let sandbox = with_remote();
    drop(sandbox.envward(&["hook", "uninstall"]).code(0));
    sandbox.file(".git/hooks/pre-commit", 0o755, "#!/bin/sh\ngit add -f .env\n");
    drop(sandbox.envward(&["hook", "install"]).code(0));
    sandbox.file(".env", 0o600, fill(GOOD));
    drop(sandbox.git_command("", &["commit", "-qm", "x", "--allow-empty"]).run().code(1));
}

#[test]
fn a_hook_that_git_does_not_run_is_kept_and_not_run() {
    for what in ["link", "dangling link", "not executable"] {
        let sandbox = project(&[Git("init"), File("shared", 0o755, "#!/bin/sh\necho ran\n")]);
        let hook = sandbox.path(".git/hooks/pre-commit");
        match what {
            "link" => sandbox.link(".git/hooks/pre-commit", "../../shared"),
            "dangling link" => sandbox.link(".git/hooks/pre-commit", "../../nowhere"),
            _ => sandbox.file(".git/hooks/pre-commit", 0o644, "#!/bin/sh\necho ran\n"),
        }
        drop(sandbox.envward(&["hook", "install"]).code(0));
        let output = sandbox.git_command("", &["commit", "-qm", "x", "--allow-empty"]).run().code(0);
        assert_eq!((output.stdout + &output.stderr).contains("ran"), what == "link", "{what}");
        drop(sandbox.envward(&["hook", "uninstall"]).code(0));
        assert_eq!(hook.is_symlink(), what.ends_with("link"), "{what}");
        assert_eq!(fs::read_to_string(sandbox.path("shared")).unwrap(), "#!/bin/sh\necho ran\n");
    }
}

#[test]
fn two_other_hooks_are_one_too_many() {
    let sandbox = project(&[Git("init")]);
    for name in ["pre-commit", "pre-commit.before-envward"] {
        sandbox.file(format!(".git/hooks/{name}"), 0o755, format!("#!/bin/sh\n# {name}\n"));
    }
    let output = sandbox.envward(&["hook", "install"]).code(2);
    assert!(output.stderr.contains("pre-commit.before-envward"), "{}", output.stderr);
    assert!(!sandbox.path(".git/hooks/pre-push").exists(), "nothing was installed");
}

#[test]
fn a_hook_that_calls_envward_is_left_as_it_is() {
    let sandbox = project(&[Git("init")]);
    let text = "#!/bin/sh\nenvward hook run pre-commit || exit 1\n";
    sandbox.file(".git/hooks/pre-commit", 0o755, text);
    sandbox.file(".git/hooks/pre-push", 0o755, "#!/usr/bin/env bash\n# pre-commit's\n");
    drop(sandbox.envward(&["hook", "install"]).code(0));
    assert_eq!(fs::read_to_string(sandbox.path(".git/hooks/pre-commit")).unwrap(), text);
    // The pre-commit framework moves what it finds to `.legacy`, and runs it.
    for name in ["post-merge", "pre-merge-commit"] {
        let hook = sandbox.path(format!(".git/hooks/{name}"));
        fs::rename(&hook, hook.with_extension("legacy")).unwrap();
        sandbox.file(&hook, 0o755, "#!/usr/bin/env bash\n");
    }
    drop(sandbox.envward(&["hook", "install"]).code(0));
    let output = sandbox.envward(&["hook", "status"]).code(0);
    assert!(output.stdout.contains("installed; the pre-commit framework runs it"), "{}", output.stdout);
    assert!(!sandbox.path(".git/hooks/post-merge.before-envward").exists());
}

#[test]
fn a_hook_that_goes_by_its_own_name_is_left_as_it_is() {
    let sandbox = project(&[Git("init"), File("dispatch", 0o755, "#!/bin/sh\nexec run-hook ${0##*/}\n")]);
    let text = "#!/bin/sh\nhook=$(basename \"$0\")\n";
    sandbox.file(".git/hooks/pre-commit", 0o755, text);
    sandbox.link(".git/hooks/pre-push", "../../dispatch");
    let output = sandbox.envward(&["hook", "install"]).code(1);
    for name in ["pre-commit", "pre-push"] {
        let program = env!("CARGO_BIN_EXE_envward");
        assert!(output.stdout.contains(&format!("  {program} hook run {name} \"$@\" || exit\n")), "{}", output.stdout);
        assert!(!output.stdout.contains("create"), "{}", output.stdout);
    }
    assert_eq!(fs::read_to_string(sandbox.path(".git/hooks/pre-commit")).unwrap(), text);
    assert!(sandbox.path(".git/hooks/pre-push").is_symlink());
    assert!(sandbox.path(".git/hooks/post-merge").exists());
    drop(sandbox.envward(&["hook", "status"]).code(1));
}

#[test]
fn husky_calls_what_stands_one_directory_up() {
    let sandbox = project(&[Git("init"), Git("config core.hooksPath .husky/_")]);
    for name in HOOKS {
        sandbox.file(format!(".husky/_/{name}"), 0o755, "#!/usr/bin/env sh\n. \"$(dirname \"$0\")/h\"\n");
        sandbox.file(format!(".husky/{name}"), 0o644, format!("envward hook run {name}\n"));
    }
    drop(sandbox.envward(&["hook", "status"]).code(0));
    fs::remove_file(sandbox.path(".husky/pre-push")).unwrap();
    let output = sandbox.envward(&["hook", "install"]).code(1);
    assert!(output.stdout.contains("/.husky/pre-push with this line:\n"), "{}", output.stdout);
    assert!(!sandbox.path(".husky/_/pre-commit.before-envward").exists());
}

#[test]
fn a_directory_of_the_work_tree() {
    let sandbox = project(&[Git("init"), Git("config core.hooksPath tools/hooks")]);
    let said = "do not commit these hooks: they are in the work tree";
    assert!(sandbox.envward(&["hook", "install"]).code(0).stdout.contains(said));
    assert!(sandbox.path("tools/hooks/pre-push").exists());
    drop(sandbox.envward(&["hook", "status"]).code(0));
    sandbox.file(".gitignore", 0o644, "/tools/hooks/\n");
    assert!(!sandbox.envward(&["hook", "install"]).code(0).stdout.contains(said));
    let plain = project(&[Git("init")]);
    assert!(!plain.envward(&["hook", "install"]).code(0).stdout.contains(said));
}

/// A hook counts where git would run it.
#[test]
fn a_hook_that_git_does_not_run() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = project(&[Git("init")]);
    drop(sandbox.envward(&["hook", "install"]).code(0));
    for name in ["pre-push", "post-merge", "pre-commit"] {
        let path = sandbox.path(format!(".git/hooks/{name}"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(sandbox.envward(&["hook", "status"]).code(1).stdout.contains("not executable"));
        drop(sandbox.envward(&["hook", "install"]).code(0));
        drop(sandbox.envward(&["hook", "status"]).code(0));
    }
    // Set to nothing, in the repository, in an included file, and on a line without a value's end.
    sandbox.file("empty.inc", 0o644, "[core]\n\thooksPath = \"\"\n");
    for setting in ["core.hooksPath=", "include.path=../empty.inc"] {
        let (key, value) = setting.split_once('=').unwrap();
        sandbox.git(&["config", key, value]);
        let output = sandbox.envward(&["hook", "status"]).code(2);
        assert!(output.stderr.contains("core.hooksPath is empty"), "{}", output.stderr);
        drop(sandbox.envward(&["hook", "install"]).code(2));
        sandbox.git(&["config", "--unset", key]);
    }
    drop(sandbox.envward(&["hook", "status"]).code(0));
}

/// What git took away or replaced, and what it did not.
#[test]
fn an_env_file_that_git_took() {
    let sandbox = project(&[Git("init"), File("README", 0o644, "hello\n"), Git("add ."), Git("commit -m start")]);
    let run = |hook: &str| sandbox.envward(&["hook", "run", hook]).code(0);
    sandbox.file(".gitignore", 0o644, ".env*\n");
    sandbox.file(".env", 0o600, crate::common::fill::fill("DB_PASSWORD={password}\n"));
    sandbox.file(".env.production", 0o600, crate::common::fill::fill("JWT_SECRET={hex64}\n"));
    drop(sandbox.envward(&["rotation", "status"]).code(0));
    for hook in ["post-checkout", "post-merge", "post-rewrite"] {
        assert_eq!(run(hook).stdout, "", "{hook}");
    }
    // A value that a person changed is no word of git's.
    sandbox.file(".env", 0o600, crate::common::fill::fill("DB_PASSWORD={password2}\n"));
    assert_eq!(run("post-merge").stdout, "");
    fs::remove_file(sandbox.path(".env.production")).unwrap();
    sandbox.git(&["add", "-f", ".env"]);
    let said = run("post-merge").stdout;
    assert!(said.contains("envward: .env: git replaced this file; its secrets were in use"), "{said}");
    assert!(said.contains("envward: .env.production: this file is gone; its secrets were in use"), "{said}");
}

/// What the workflow runs, in a checkout as GitHub makes it: HEAD is the merge of the pull request.
#[test]
fn the_workflow_for_github() {
    let workflow = crate::common::own_file("hooks/github-actions.yml");
    let commands: Vec<&str> =
        workflow.lines().filter_map(|line| line.split_once("run: ")).map(|(_, command)| command).collect();
    let asked: Vec<&&str> = commands.iter().filter(|command| command.starts_with("envward ")).collect();
    assert_eq!(asked.len(), 2, "{commands:?}");
    for leaks in [false, true] {
        let sandbox = project(&[Git("init"), File("README", 0o644, "hello\n"), Git("add ."), Git("commit -m start")]);
        sandbox.git(&["checkout", "-qb", "side"]);
        commit(&sandbox, if leaks { ".env" } else { "more" }, GOOD);
        if leaks {
            let leak = sandbox.git(&["rev-parse", "HEAD"]);
            sandbox.git(&["rm", "-q", ".env"]);
            let ignore = format!("check = \"env-file-in-history\"\nreason = \"so there\"\nthrough = \"{leak}\"\n");
            sandbox.file("envward.toml", 0o644, format!("[[ignore]]\n{ignore}"));
            sandbox.git(&["add", "envward.toml"]);
            sandbox.git(&["commit", "-qm", "out"]);
        }
        sandbox.git(&["checkout", "-q", "--detach", "main"]);
        sandbox.git(&["merge", "-q", "--no-ff", "-m", "pull request", "side"]);
        // A range is judged by the configuration at its beginning.
        for (command, expected) in asked.iter().zip([i32::from(leaks), 0]) {
            let words: Vec<&str> = command.split(' ').skip(1).collect();
            let output = sandbox.envward(&words).code(expected);
            assert_eq!(output.stdout.contains("::error"), expected == 1, "{command}: {}", output.stdout);
        }
    }
}

#[test]
fn for_every_new_repository() {
    let sandbox = Sandbox::new();
    let config = sandbox.root().join("home/.gitconfig");
    let config = config.to_str().unwrap();
    let envward = |args: &[&str]| sandbox.command(args).env("GIT_CONFIG_GLOBAL", config).run();
    drop(envward(&["hook", "status", "--global"]).code(1));
    drop(envward(&["hook", "install", "--global"]).code(0));
    drop(envward(&["hook", "status", "--global"]).code(0));
    let template = sandbox.root().join("home/.config/git/template");
    assert!(fs::read_to_string(config).unwrap().contains(template.to_str().unwrap()));
    let git = |dir: &str, args: &[&str]| {
        sandbox.shell(&format!("git {}", args.join(" "))).dir(dir).env("GIT_CONFIG_GLOBAL", config).run()
    };
    drop(git("", &["init", "-q", "fresh"]).code(0));
    assert!(sandbox.path("fresh/.git/info/exclude").exists());
    sandbox.file("fresh/.env", 0o600, fill(GOOD));
    drop(git("fresh", &["add", "-f", ".env"]).code(0));
    let who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
    let output = git("fresh", &[&who[..], &["commit", "-qm", "x"]].concat()).code(1);
    assert!((output.stdout + &output.stderr).contains("[env-file-staged]"));
    // A template that the user has is used.
    let own = sandbox.root().join("own");
    fs::write(config, format!("[init]\n\ttemplateDir = {}\n", own.display())).unwrap();
    drop(envward(&["hook", "install", "--global"]).code(0));
    assert!(own.join("hooks/pre-push").exists());
    drop(envward(&["hook", "uninstall", "--global"]).code(0));
    assert!(!own.join("hooks/pre-push").exists());
}

/// git, run by root, puts a file in the place of the device. The one here is the test's own.
#[test]
fn a_global_configuration_that_is_a_device_stays_one() {
    if !own_uid_is_root() {
        return skip_without_root("a device in the place of the global configuration");
    }
    let sandbox = Sandbox::new();
    let device = sandbox.root().join("home/null");
    let null = nix::sys::stat::makedev(1, 3);
    let mode = nix::sys::stat::Mode::from_bits_truncate(0o666);
    nix::sys::stat::mknod(&device, nix::sys::stat::SFlag::S_IFCHR, mode, null).unwrap();
    let install = sandbox.command(&["hook", "install", "--global"]);
    let output = install.env("GIT_CONFIG_GLOBAL", device.to_str().unwrap()).run().code(2);
    assert!(output.stderr.contains("GIT_CONFIG_GLOBAL"), "{}", output.stderr);
    assert!(!fs::metadata(&device).unwrap().is_file());
}

#[test]
fn a_work_tree_with_its_git_directory_elsewhere() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q", "--bare", "../dotfiles"]);
    for verb in ["install", "status"] {
        let said = sandbox.envward(&["hook", verb, "../dotfiles"]).code(0).stdout;
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("this is a bare repository: a push to it runs none of these hooks"), "{said}");
    }
    let outside = ["--git-dir=../dotfiles", "--work-tree=."];
    let git = |args: &[&str]| sandbox.git_command("", &[&outside[..], args].concat()).run();
    let value = fill("{password}");
    sandbox.file(".env", 0o600, format!("DB_PASSWORD={value}\n"));
    sandbox.file("notes", 0o644, &value);
    drop(git(&["add", "notes"]).code(0));
    let output = git(&["commit", "-qm", "x"]).code(1);
    assert!((output.stdout + &output.stderr).contains("notes:1: this file contains the value of DB_PASSWORD"));
    drop(git(&["rm", "-q", "--cached", "-f", "notes"]).code(0));
    drop(git(&["commit", "-qm", "x", "--allow-empty"]).code(0));
}
