//! The hooks beside pre-commit, with real pushes, checkouts and rebases; and how all are put in place.
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::listed::project;
use envward::checks::Step::{File, Git};

const HOOKS: [&str; 6] = ["pre-commit", "pre-merge-commit", "pre-push", "post-checkout", "post-merge", "post-rewrite"];
const GOOD: &str = "DB_PASSWORD={password}\n";

/// A repository with a first commit, the hooks in place, and a remote that has that commit.
fn with_remote() -> Sandbox {
    let sandbox = project(&[Git("init"), File("README", 0o644, "hello\n"), Git("add ."), Git("commit -m start")]);
    sandbox.git(&["init", "-q", "--bare", "../remote.git"]);
    sandbox.git(&["remote", "add", "origin", "../remote.git"]);
    sandbox.git(&["push", "-q", "origin", "main"]);
    drop(sandbox.envward(&["hook", "install"]).code(0));
    sandbox
}

fn commit(sandbox: &Sandbox, path: &str, text: &str) {
    sandbox.file(path, 0o600, fill(text));
    sandbox.git(&["add", "-f", path]);
    sandbox.git(&["commit", "-qnm", path]);
}

/// Pushes, which must not work; what was said.
#[track_caller]
fn is_refused(sandbox: &Sandbox, args: &[&str]) -> String {
    let refs = || sandbox.git_command("", &["ls-remote", "../remote.git"]).run().stdout;
    let before = refs();
    let output = sandbox.git_command("", &[&["push", "-q"], args].concat()).run().code(1);
    assert_eq!(refs(), before, "nothing was pushed");
    let text = output.stdout + &output.stderr;
    assert!(text.lines().filter(|line| !line.starts_with("error: ")).count() <= 12, "{text}");
    text
}

#[track_caller]
fn pushes(sandbox: &Sandbox, args: &[&str]) -> String {
    let output = sandbox.git_command("", &[&["push", "-q"], args].concat()).run().code(0);
    output.stdout + &output.stderr
}

// Before a push.

#[test]
fn a_commit_that_went_past_the_other_hook() {
    let sandbox = with_remote();
    commit(&sandbox, ".env", GOOD);
    let text = is_refused(&sandbox, &["origin", "main"]);
    assert!(text.contains("[env-file-staged]") && text.contains("the push was stopped"), "{text}");
    // Taking it out afterwards does not take it out of the commit.
    sandbox.git(&["rm", "-q", "--cached", ".env"]);
    sandbox.git(&["commit", "-qm", "out"]);
    is_refused(&sandbox, &["origin", "main"]);
    sandbox.git(&["reset", "-q", "--soft", "HEAD~2"]);
    sandbox.git(&["commit", "-qm", "none", "--allow-empty"]);
    assert_eq!(pushes(&sandbox, &["origin", "main"]), "");
}

#[test]
fn cherry_pick_and_rebase_run_no_hook_before() {
    let sandbox = with_remote();
    sandbox.git(&["checkout", "-qb", "side"]);
    commit(&sandbox, ".env", GOOD);
    sandbox.git(&["checkout", "-q", "main"]);
    commit(&sandbox, "other", "x\n");
    sandbox.git(&["cherry-pick", "side"]);
    assert!(is_refused(&sandbox, &["origin", "main"]).contains(".env"));
    sandbox.git(&["reset", "-q", "--hard", "HEAD^"]);
    sandbox.git(&["checkout", "-q", "side"]);
    sandbox.git(&["rebase", "-q", "main"]);
    assert!(is_refused(&sandbox, &["origin", "side"]).contains(".env"));
}

#[test]
fn only_what_no_remote_has() {
    let sandbox = with_remote();
    commit(&sandbox, ".env", GOOD);
    sandbox.git(&["push", "-q", "--no-verify", "origin", "main"]);
    commit(&sandbox, "other", "x\n");
    assert_eq!(pushes(&sandbox, &["origin", "main"]), "");
    // Nor what another remote has.
    sandbox.git(&["init", "-q", "--bare", "../second.git"]);
    assert_eq!(pushes(&sandbox, &["../second.git", "main"]), "");
    assert_eq!(pushes(&sandbox, &["origin", "main"]), "", "nothing to push");
    assert_eq!(pushes(&sandbox, &["origin", "main:gone"]), "");
    assert_eq!(pushes(&sandbox, &["origin", ":gone"]), "", "a deletion");
    // It adds what was there under another value.
    commit(&sandbox, ".env", "DB_PASSWORD={password2}\n");
    assert!(is_refused(&sandbox, &["origin", "main"]).contains("new secrets"));
}

#[test]
fn tags_new_branches_and_a_first_push() {
    let sandbox = with_remote();
    sandbox.git(&["checkout", "-qb", "side"]);
    commit(&sandbox, "backend/.env", GOOD);
    sandbox.git(&["tag", "-m", "one", "v1"]);
    for push in ["v1", "side:refs/heads/new", "--all"] {
        assert!(is_refused(&sandbox, &["origin", push]).contains("[env-file-staged]"), "{push}");
    }
    sandbox.git(&["init", "-q", "--bare", "../empty.git"]);
    sandbox.git(&["update-ref", "-d", "refs/remotes/origin/main"]);
    let output = sandbox.git_command("", &["push", "-q", "../empty.git", "side"]).run().code(1);
    assert!(output.stdout.contains("backend/.env") || output.stderr.contains("backend/.env"));
}

#[test]
fn a_value_in_use_in_a_commit() {
    let sandbox = with_remote();
    let value = fill("{password}");
    sandbox.file(".env", 0o600, format!("DB_PASSWORD={value}\n"));
    commit(&sandbox, ".gitignore", ".env\n");
    commit(&sandbox, "notes", &format!("one\n{value}\n"));
    commit(&sandbox, "notes", "gone\n");
    let text = is_refused(&sandbox, &["origin", "main"]);
    assert!(text.contains("notes:2: DB_PASSWORD") && !text.contains(&value), "{text}");
    // Once replaced, it opens no door.
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password2}\n"));
    assert_eq!(pushes(&sandbox, &["origin", "main"]), "");
}

#[test]
fn a_merge_commit_is_asked_for_what_it_adds_itself() {
    let sandbox = with_remote();
    sandbox.git(&["checkout", "-qb", "side"]);
    commit(&sandbox, "a", "x\n");
    sandbox.git(&["checkout", "-q", "main"]);
    commit(&sandbox, "b", "x\n");
    sandbox.git(&["merge", "-q", "--no-commit", "side"]);
    sandbox.file("evil.env", 0o600, fill(GOOD));
    sandbox.git(&["add", "-f", "evil.env"]);
    sandbox.git(&["commit", "-qnm", "merge"]);
    assert!(is_refused(&sandbox, &["origin", "main"]).contains("evil.env"));
}

#[test]
fn a_committed_ignore_hides_it_before_a_push() {
    let sandbox = with_remote();
    commit(&sandbox, "fixture.env", GOOD);
    commit(
        &sandbox,
        "envward.toml",
        "[[ignore]]\ncheck = \"env-file-staged\"\npath = \"fixture.env\"\nreason = \"a fixture\"\n",
    );
    assert_eq!(pushes(&sandbox, &["origin", "main"]), "");
}

#[test]
fn what_cannot_be_examined_stops_a_push() {
    let sandbox = with_remote();
    commit(&sandbox, ".env.example", "JWT_SECRET=\n");
    let id = sandbox.git(&["rev-parse", "HEAD:.env.example"]);
    let object = sandbox.path(format!(".git/objects/{}/{}", &id[..2], &id[2..]));
    let bytes = fs::read(&object).unwrap();
    fs::remove_file(&object).unwrap();
    fs::write(&object, &bytes[..bytes.len() / 2]).unwrap();
    let output = sandbox.git_command("", &["push", "-q", "origin", "main"]).run().code(1);
    assert!((output.stdout + &output.stderr).contains(".env.example is corrupt"));
    for line in ["nonsense\n", "refs/heads/main xyz refs/heads/main 000\n"] {
        drop(sandbox.command(&["hook", "run", "pre-push", "origin", "url"]).stdin(line).run().code(2));
    }
}

#[test]
fn every_ref_of_a_push_is_judged_or_none() {
    let sandbox = with_remote();
    let head = sandbox.git(&["rev-parse", "HEAD"]);
    commit(&sandbox, ".env", GOOD);
    let (new, none) = (sandbox.git(&["rev-parse", "HEAD"]), "0".repeat(40));
    let clean = format!("refs/heads/x {head} refs/heads/x {none}\n");
    let run = |text: &str| sandbox.command(&["hook", "run", "pre-push", "origin", "url"]).stdin(text).run();
    drop(run(&clean.repeat(1000)).code(0));
    drop(run(&(clean.repeat(1000) + &clean.replace(&head, &new))).code(1));
    assert!(run(&clean.repeat(200_000)).code(2).stdout.contains("standard input"));
}

#[test]
fn without_lines_the_question_is_about_head() {
    let sandbox = with_remote();
    commit(&sandbox, ".env", GOOD);
    drop(sandbox.envward(&["hook", "run", "pre-push"]).code(1));
    let start = sandbox.git(&["rev-parse", "HEAD^"]);
    let command = sandbox.command(&["hook", "run", "pre-push"]).env("PRE_COMMIT_TO_REF", &start);
    drop(command.run().code(0));
    // Or about what the pre-commit framework names, which is not always an id.
    sandbox.git(&["checkout", "-q", "-b", "clean", &start]);
    drop(sandbox.envward(&["hook", "run", "pre-push"]).code(0));
    let command = sandbox.command(&["hook", "run", "pre-push"]).env("PRE_COMMIT_LOCAL_BRANCH", "refs/heads/main");
    drop(command.run().code(1));
    sandbox.file(".env", 0o600, fill(GOOD));
    let name = format!("refs/heads/{}", fill("{password}"));
    let command = sandbox.command(&["hook", "run", "pre-push"]).env("PRE_COMMIT_REMOTE_BRANCH", &name);
    assert!(command.run().code(1).stdout.contains("refs/heads/[masked]: DB_PASSWORD"));
}

#[test]
fn a_server_refuses_it() {
    let sandbox = project(&[Git("init"), File("README", 0o644, "hello\n"), Git("add ."), Git("commit -m start")]);
    sandbox.git(&["init", "-q", "--bare", "../remote.git"]);
    let script =
        crate::common::own_file("hooks/pre-receive").replace("/usr/local/bin/envward", env!("CARGO_BIN_EXE_envward"));
    sandbox.file("../remote.git/hooks/pre-receive", 0o755, script);
    assert_eq!(pushes(&sandbox, &["../remote.git", "main"]), "");
    sandbox.git(&["checkout", "-qb", "side"]);
    // An ignore that comes with the push does not count.
    sandbox.file("envward.toml", 0o644, "[[ignore]]\ncheck = \"env-file-staged\"\nreason = \"so there\"\n");
    sandbox.git(&["add", "envward.toml"]);
    commit(&sandbox, ".env", GOOD);
    let output = sandbox.git_command("", &["push", "-q", "../remote.git", "side:main"]).run().code(1);
    assert!(output.stderr.contains("[env-file-staged]") && output.stderr.contains("was refused"), "{}", output.stderr);
    assert_eq!(pushes(&sandbox, &["../remote.git", "main:again"]), "");
}

#[test]
fn a_value_in_use_in_messages_and_names() {
    let sandbox = with_remote();
    let value = fill("{password}");
    sandbox.file(".env", 0o600, format!("DB_PASSWORD={value}\n"));
    commit(&sandbox, ".gitignore", ".env\n");
    sandbox.git(&["push", "-q", "origin", "main"]);
    let refused = |push: &str, place: &str| {
        let text = is_refused(&sandbox, &["origin", push]);
        assert!(text.contains(&format!("{place}: DB_PASSWORD: its value in .env stands")), "{text}");
        assert!(!text.contains(&value), "{text}");
    };
    let message_of = |object: &str| format!("message of {}", &sandbox.git(&["rev-parse", object])[..7]);
    sandbox.git(&["commit", "-q", "--allow-empty", "-m", &format!("the new password is {value}")]);
    refused("main", &message_of("HEAD"));
    sandbox.git(&["commit", "-q", "--amend", "--allow-empty", "-m", "x", "--author", &format!("{value} <a@b>")]);
    refused("main", &message_of("HEAD"));
    sandbox.git(&["reset", "-q", "--hard", "HEAD^"]);
    sandbox.git(&["tag", "-m", &value, "v1"]);
    refused("v1", &message_of("v1"));
    let help = is_refused(&sandbox, &["origin", "v1"]);
    assert!(help.contains("git tag -d NAME") && !help.contains("--amend"), "{help}");
    refused(&format!("main:refs/heads/x-{value}"), "refs/heads/x-[masked]");
    // By whatever name it is called here.
    sandbox.git(&["branch", &value]);
    sandbox.git(&["tag", "-f", "-m", "one", "v1"]);
    assert_eq!(pushes(&sandbox, &["origin", &format!("{value}:other"), "v1"]), "");
}

#[test]
fn a_ref_that_leads_to_no_commit() {
    let sandbox = with_remote();
    let value = fill("{password}");
    sandbox.file(".env", 0o600, format!("DB_PASSWORD={value}\n"));
    sandbox.file("key", 0o644, "-----BEGIN PGP PUBLIC KEY BLOCK-----\n");
    sandbox.file("notes", 0o644, format!("see {value}\n"));
    for (name, file) in [("public", "key"), ("env", ".env"), ("notes", "notes")] {
        let blob = sandbox.git(&["hash-object", "-w", file]);
        sandbox.git(&["tag", name, &blob]);
        sandbox.git(&["tag", "-m", "x", &format!("noted-{name}"), &blob]);
    }
    sandbox.git(&["add", "-f", ".env", "key"]);
    let tree = sandbox.git(&["write-tree"]);
    sandbox.git(&["tag", "tree", &tree]);
    assert_eq!(pushes(&sandbox, &["origin", "public", "noted-public"]), "");
    for name in ["env", "noted-env"] {
        let text = is_refused(&sandbox, &["origin", name]);
        assert!(text.contains(&format!("refs/tags/{name}: an env file that a ref leads to")), "{text}");
    }
    for name in ["notes", "noted-notes"] {
        let text = is_refused(&sandbox, &["origin", name]);
        assert!(text.contains(&format!("refs/tags/{name}:1: DB_PASSWORD: its value in .env stands here")), "{text}");
    }
    assert!(is_refused(&sandbox, &["origin", "tree"]).contains(".env: an env file that a ref leads to"));
    // With a deletion beside it.
    assert_eq!(pushes(&sandbox, &["origin", "main:gone"]), "");
    assert!(is_refused(&sandbox, &["origin", ":gone", "env"]).contains("refs/tags/env"));
}

#[test]
fn both_hashes_and_both_kinds_of_refs() {
    for format in ["--object-format=sha256", "--ref-format=reftable"] {
        let sandbox = Sandbox::new();
        sandbox.git(&["init", "-q", "--bare", format, "../remote.git"]);
        sandbox.git(&["init", "-q", format]);
        sandbox.git(&["remote", "add", "origin", "../remote.git"]);
        drop(sandbox.envward(&["hook", "install"]).code(0));
        let value = fill("{password}");
        commit(&sandbox, ".gitignore", ".env\n");
        assert_eq!(pushes(&sandbox, &["origin", "main"]), "");
        sandbox.file(".env", 0o600, format!("DB_PASSWORD={value}\n"));
        sandbox.file("notes", 0o644, &value);
        sandbox.git(&["add", "notes"]);
        let stops = |name: &str| {
            let output = sandbox.git_command("", &["commit", "-qm", "x"]).run().code(1);
            assert!((output.stdout + &output.stderr).contains(name), "{format} {name}");
        };
        stops("notes:1: DB_PASSWORD");
        sandbox.git(&["rm", "-q", "--cached", "notes"]);
        sandbox.git(&["add", "-f", ".env"]);
        stops("[env-file-staged]");
        sandbox.git(&["commit", "-qnm", "x"]);
        assert!(is_refused(&sandbox, &["origin", "main"]).contains("[env-file-staged]"), "{format}");
        let script = crate::common::own_file("hooks/pre-receive");
        let script = script.replace("/usr/local/bin/envward", env!("CARGO_BIN_EXE_envward"));
        sandbox.file("../remote.git/hooks/pre-receive", 0o755, script);
        let output = sandbox.git_command("", &["push", "-q", "--no-verify", "origin", "main"]).run().code(1);
        assert!(output.stderr.contains("the push was refused"), "{format}: {}", output.stderr);
    }
}

// After git has written files.

#[test]
fn a_checkout_a_merge_and_a_rebase_name_loose_modes() {
    let sandbox = with_remote();
    commit(&sandbox, "backend/.env", GOOD);
    sandbox.git(&["checkout", "-qb", "side"]);
    commit(&sandbox, "backend/.env", "DB_PASSWORD={password2}\n");
    fs::set_permissions(sandbox.path("backend/.env"), Permissions::from_mode(0o600)).unwrap();
    // git gives it 0644.
    let said = |args: &[&str]| {
        let output = sandbox.git_command("", args).run().code(0);
        output.stdout + &output.stderr
    };
    for args in [&["checkout", "-q", "main"][..], &["merge", "-q", "side"], &["commit", "-q", "--amend", "-nm", "x"]] {
        let text = said(args);
        assert!(text.contains("chmod 600 backend/.env"), "{args:?}: {text}");
    }
    fs::set_permissions(sandbox.path("backend/.env"), Permissions::from_mode(0o600)).unwrap();
    assert_eq!(said(&["checkout", "-qb", "new"]), "");
}

#[test]
fn a_stash_that_was_popped() {
    let sandbox = with_remote();
    sandbox.file(".env", 0o600, fill(GOOD));
    sandbox.git(&["stash", "-q", "-u"]);
    sandbox.git(&["stash", "pop", "-q"]);
    assert_eq!(fs::metadata(sandbox.path(".env")).unwrap().permissions().mode() & 0o777, 0o644);
    // git runs no hook for it; the next one says it.
    let output = sandbox.git_command("", &["checkout", "-qb", "new"]).run().code(0);
    assert!((output.stdout + &output.stderr).contains("chmod 600 .env"));
}

#[test]
fn a_checkout_ends_as_git_ends_it() {
    let sandbox = with_remote();
    sandbox.file("envward.toml", 0o644, "[[ignroe]]\n");
    let output = sandbox.git_command("", &["checkout", "-qb", "new"]).run().code(0);
    assert!(output.stderr.contains("did you mean"), "{}", output.stderr);
    let hook = sandbox.path(".git/hooks/post-checkout");
    let text = fs::read_to_string(&hook).unwrap();
    fs::write(&hook, text.replace(env!("CARGO_BIN_EXE_envward"), "/nowhere/envward")).unwrap();
    let output = sandbox.git_command("", &["checkout", "-q", "main"]).run().code(0);
    assert!(output.stderr.contains("/nowhere/envward"), "{}", output.stderr);
}

// Putting them in place.

#[test]
fn install_status_uninstall() {
    let sandbox = project(&[Git("init")]);
    let path = |name: &str| sandbox.path(format!(".git/hooks/{name}"));
    let dir = sandbox.path(".git/hooks").display().to_string();
    let status = |code: i32, word: &str| {
        let output = sandbox.envward(&["hook", "status"]).code(code);
        let expected: String = HOOKS.iter().map(|name| format!("  {name:17} {word}\n")).collect();
        assert_eq!(output.stdout, format!("{dir}:\n{expected}"));
    };
    status(1, "not installed");
    assert_eq!(sandbox.envward(&["hook", "uninstall"]).code(0).stdout, "there is no hook to remove\n");
    let output = sandbox.envward(&["hook", "install"]).code(0);
    assert_eq!(output.stdout, format!("installed in {dir}: {}\n", HOOKS.join(", ")));
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
    status(1, "by another envward, or changed since: run `envward hook install`");
    drop(sandbox.envward(&["hook", "install"]).code(0));
    status(0, "installed");
    let output = sandbox.envward(&["hook", "uninstall"]).code(0);
    assert_eq!(output.stdout, format!("removed from {dir}: {}\n", HOOKS.join(", ")));
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
    assert!(output.stdout.contains("pre-push first runs the hook that was there"), "{}", output.stdout);
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
        sandbox.file(format!(".git/hooks/{name}"), 0o755, "#!/bin/sh\n");
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
        fs::write(&hook, "#!/usr/bin/env bash\n").unwrap();
    }
    drop(sandbox.envward(&["hook", "install"]).code(0));
    let output = sandbox.envward(&["hook", "status"]).code(0);
    assert!(output.stdout.contains("installed, behind pre-commit's"), "{}", output.stdout);
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
        assert!(output.stdout.contains(&format!("    envward hook run {name} \"$@\" || exit\n")), "{}", output.stdout);
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
    assert!(output.stdout.contains("/.husky/pre-push\n"), "{}", output.stdout);
    assert!(!sandbox.path(".husky/_/pre-commit.before-envward").exists());
}

#[test]
fn a_directory_of_the_work_tree() {
    let sandbox = project(&[Git("init"), Git("config core.hooksPath tools/hooks")]);
    let said = "this is a directory of the work tree: do not commit them";
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
    assert!(said.contains("envward: .env: git put another one in its place"), "{said}");
    assert!(said.contains("envward: .env.production: had secrets in use, and is gone"), "{said}");
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

#[test]
fn a_work_tree_with_its_git_directory_elsewhere() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q", "--bare", "../dotfiles"]);
    drop(sandbox.envward(&["hook", "install", "../dotfiles"]).code(0));
    let outside = ["--git-dir=../dotfiles", "--work-tree=."];
    let git = |args: &[&str]| sandbox.git_command("", &[&outside[..], args].concat()).run();
    let value = fill("{password}");
    sandbox.file(".env", 0o600, format!("DB_PASSWORD={value}\n"));
    sandbox.file("notes", 0o644, &value);
    drop(git(&["add", "notes"]).code(0));
    let output = git(&["commit", "-qm", "x"]).code(1);
    assert!((output.stdout + &output.stderr).contains("notes:1: DB_PASSWORD"));
    drop(git(&["rm", "-q", "--cached", "-f", "notes"]).code(0));
    drop(git(&["commit", "-qm", "x", "--allow-empty"]).code(0));
}
