//! The pre-commit hook, with real commits: what it stops, what it lets pass, and how it is put in place.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::use_debug,
    missing_docs,
    unreachable_pub,
    dead_code,
    reason = "a test harness fails by panicking"
)]

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use common::fill::fill;
use common::listed::{findings, problems, project, report, the};
use common::{Output, Sandbox};
use envward::checks::Step::{File, Git};

const GOOD: &str = "DB_PASSWORD={password}\n";
const NONE: [&str; 0] = [];

/// A repository with a first commit, and the hook in place.
fn guarded() -> Sandbox {
    let sandbox = project(&[Git("init"), File("README", 0o644, "hello\n"), Git("add ."), Git("commit -m start")]);
    drop(sandbox.envward(&["hook", "install"]).code(0));
    sandbox
}

/// The same with an env file that was committed before.
fn tracked() -> Sandbox {
    let sandbox = guarded();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\nPORT=1\n"));
    sandbox.git(&["add", "-f", ".env"]);
    sandbox.git(&["commit", "--quiet", "--no-verify", "-m", "old"]);
    sandbox
}

fn stage(sandbox: &Sandbox, path: &str, text: &str) {
    sandbox.file(path, 0o600, fill(text));
    sandbox.git(&["add", "-f", path]);
}

/// Runs git, and what must not work does not: no new commit, and a message that says why. The message.
#[track_caller]
fn is_stopped(sandbox: &Sandbox, dir: &str, args: &[&str]) -> String {
    let head = || sandbox.git_command("", &["rev-parse", "--quiet", "--verify", "HEAD"]).run().stdout;
    let before = head();
    let output = sandbox.git_command(dir, args).run().code(1);
    assert_eq!(head(), before, "no commit was made");
    let text = output.stdout + &output.stderr;
    assert!(text.lines().count() <= 25, "{text}");
    text
}

#[track_caller]
fn passes(sandbox: &Sandbox, args: &[&str]) -> Output {
    let count = || sandbox.git_command("", &["rev-list", "--count", "HEAD"]).run().stdout.trim().to_owned();
    let before = count();
    let output = sandbox.git_command("", args).run().code(0);
    assert!(args.contains(&"--amend") || count() != before, "a commit was made");
    output
}

// What is stopped.

#[test]
fn an_added_env_file() {
    let sandbox = guarded();
    stage(&sandbox, "config/.env", GOOD);
    let text = is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    assert!(text.contains("config/.env") && text.contains("git rm --cached -f config/.env"), "{text}");
    assert!(text.contains("[env-file-staged]"), "{text}");
    assert!(!text.contains(&fill("{password}")), "{text}");
    // The way on that it names is one.
    sandbox.git(&["rm", "--quiet", "--cached", "config/.env"]);
    drop(passes(&sandbox, &["commit", "-qm", "x", "--allow-empty"]));
}

#[test]
fn the_first_commit() {
    let sandbox = project(&[Git("init")]);
    drop(sandbox.envward(&["hook", "install"]).code(0));
    stage(&sandbox, ".env", GOOD);
    stage(&sandbox, "README", "hello\n");
    let text = is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    assert!(text.contains("git rm --cached -f .env"), "{text}");
    sandbox.git(&["rm", "--quiet", "--cached", ".env"]);
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

#[test]
fn from_a_subdirectory() {
    let sandbox = guarded();
    stage(&sandbox, ".env", GOOD);
    sandbox.mkdir("deep/er", 0o755);
    assert!(is_stopped(&sandbox, "deep/er", &["commit", "-m", "x"]).contains("[env-file-staged]"));
}

#[test]
fn commit_all_and_commit_of_a_path() {
    for args in
        [&["commit", "-am", "x"][..], &["commit", "-m", "x", "--", ".env"], &["commit", "-m", "x", "-i", ".env"]]
    {
        let sandbox = tracked();
        sandbox.file(".env", 0o600, fill("DB_PASSWORD={password2}\n"));
        let text = is_stopped(&sandbox, "", args);
        assert!(text.contains("new secrets"), "{args:?}: {text}");
    }
}

#[test]
fn commit_of_another_path_leaves_what_is_staged_alone() {
    let sandbox = guarded();
    stage(&sandbox, ".env", GOOD);
    sandbox.file("README", 0o644, "changed\n");
    drop(passes(&sandbox, &["commit", "-qm", "x", "--", "README"]));
    assert_eq!(sandbox.git(&["diff", "--cached", "--name-only"]), ".env");
    is_stopped(&sandbox, "", &["commit", "-m", "x"]);
}

#[test]
fn from_a_subdirectory_of_a_path() {
    let sandbox = tracked();
    stage(&sandbox, "sub/prod.env", "A=1\n");
    sandbox.git(&["commit", "--quiet", "--no-verify", "-m", "old"]);
    sandbox.file("sub/prod.env", 0o600, fill(GOOD));
    assert!(is_stopped(&sandbox, "sub", &["commit", "-m", "x", "--", "prod.env"]).contains("sub/prod.env"));
}

#[test]
fn a_rename() {
    let sandbox = tracked();
    sandbox.git(&["mv", ".env", "prod.env"]);
    let text = is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    assert!(text.contains("git rm --cached -f prod.env"), "{text}");
}

#[test]
fn a_rename_from_an_ordinary_name() {
    let sandbox = guarded();
    stage(&sandbox, "settings.txt", GOOD);
    drop(passes(&sandbox, &["commit", "-qm", "settings"]));
    sandbox.git(&["mv", "settings.txt", ".env"]);
    is_stopped(&sandbox, "", &["commit", "-m", "x"]);
}

#[test]
fn an_amend_that_adds_it() {
    let sandbox = guarded();
    stage(&sandbox, ".env", GOOD);
    is_stopped(&sandbox, "", &["commit", "--amend", "--no-edit"]);
}

#[test]
fn an_amend_that_takes_it_out_passes() {
    let sandbox = tracked();
    sandbox.git(&["rm", "--quiet", "--cached", ".env"]);
    drop(passes(&sandbox, &["commit", "--quiet", "--amend", "--no-edit", "--allow-empty"]));
    assert_eq!(sandbox.git(&["ls-tree", "--name-only", "HEAD"]), "README");
}

#[test]
fn a_template_with_a_real_secret() {
    let sandbox = guarded();
    stage(&sandbox, ".env.example", "JWT_SECRET={hex64}\n");
    let text = is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    assert!(text.contains("[template-with-secret]") && text.contains(".env.example"), "{text}");
    stage(&sandbox, ".env.example", "JWT_SECRET=changeme\n");
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

#[test]
fn copies_archives_and_the_keys_of_dotenvx() {
    for name in [".env.bak", ".env.zip", ".env.keys", "backend/.envrc"] {
        let sandbox = guarded();
        stage(&sandbox, name, GOOD);
        assert!(is_stopped(&sandbox, "", &["commit", "-m", "x"]).contains(name), "{name}");
    }
}

#[test]
fn many_files_make_no_long_message() {
    let sandbox = guarded();
    for number in 0..30 {
        sandbox.file(format!("service{number}/.env"), 0o600, fill(&format!("DB_PASSWORD={{password{number}}}\n")));
    }
    sandbox.git(&["add", "-f", "."]);
    let output = sandbox.git_command("", &["commit", "-m", "x"]).run().code(1);
    assert!(output.stderr.lines().count() <= 12, "{}", output.stderr);
    assert!(output.stderr.contains("and 26 more"), "{}", output.stderr);
}

// What passes.

#[test]
fn taking_it_out_of_git() {
    let sandbox = tracked();
    sandbox.git(&["rm", "--quiet", "--cached", ".env"]);
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

#[test]
fn an_ignored_file_in_the_work_tree() {
    let sandbox = guarded();
    sandbox.file(".env", 0o600, fill(GOOD));
    stage(&sandbox, ".gitignore", ".env\n");
    assert_eq!(findings(&report(&sandbox, &["scan", "--staged"], 0)), NONE);
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

#[test]
fn a_tracked_one_that_does_not_change_is_a_note() {
    let sandbox = tracked();
    stage(&sandbox, "README", "changed\n");
    assert_eq!(findings(&report(&sandbox, &["scan", "--staged"], 0)), ["note env-file-tracked .env"]);
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

#[test]
fn a_change_of_no_secret_is_a_warning_and_passes() {
    let sandbox = tracked();
    stage(&sandbox, ".env", "DB_PASSWORD={password}\nPORT=2\n");
    let report = report(&sandbox, &["scan", "--staged"], 1);
    assert_eq!(findings(&report), ["warning env-file-staged .env"]);
    let facts = &the(&report, "env-file-staged", ".env")["facts"];
    assert_eq!((&facts["change"], &facts["secrets"]), (&"modified".into(), &0.into()));
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

#[test]
fn what_is_only_meant_to_be_added() {
    let sandbox = guarded();
    sandbox.file(".env", 0o600, fill(GOOD));
    sandbox.git(&["add", "-f", "--intent-to-add", ".env"]);
    stage(&sandbox, "README", "changed\n");
    assert_eq!(findings(&report(&sandbox, &["scan", "--staged"], 0)), NONE);
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
    assert_eq!(sandbox.git(&["ls-tree", "--name-only", "HEAD"]), "README");
    // With -a it is added.
    is_stopped(&sandbox, "", &["commit", "-am", "x"]);
}

#[test]
fn no_verify_is_gits_own_way_past() {
    let sandbox = guarded();
    stage(&sandbox, ".env", GOOD);
    drop(passes(&sandbox, &["commit", "-qm", "x", "--no-verify"]));
}

// The index counts, and not the work tree.

#[test]
fn staged_bad_and_good_since() {
    let sandbox = guarded();
    stage(&sandbox, ".env.example", "JWT_SECRET={hex64}\n");
    sandbox.file(".env.example", 0o644, "JWT_SECRET=\n");
    stage(&sandbox, ".env", GOOD);
    fs::remove_file(sandbox.path(".env")).unwrap();
    let report = report(&sandbox, &["scan", "--staged"], 1);
    assert_eq!(findings(&report), ["error env-file-staged .env", "error template-with-secret .env.example JWT_SECRET"]);
    is_stopped(&sandbox, "", &["commit", "-m", "x"]);
}

#[test]
fn staged_good_and_bad_since() {
    let sandbox = guarded();
    stage(&sandbox, ".env.example", "JWT_SECRET=\n");
    sandbox.file(".env.example", 0o644, fill("JWT_SECRET={hex64}\n"));
    sandbox.file(".env", 0o600, fill(GOOD));
    assert_eq!(findings(&report(&sandbox, &["scan", "--staged"], 0)), NONE);
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

#[test]
fn a_conflict_shows_every_side() {
    let sandbox = tracked();
    sandbox.git(&["checkout", "-qb", "side"]);
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password2}\n"));
    sandbox.git(&["commit", "-qam", "side", "--no-verify"]);
    sandbox.git(&["checkout", "-q", "main"]);
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password3}\n"));
    sandbox.git(&["commit", "-qam", "main", "--no-verify"]);
    drop(sandbox.git_command("", &["merge", "--quiet", "side"]).run().code(1));
    assert!(!findings(&report(&sandbox, &["scan", "--staged"], 1)).is_empty());
}

#[test]
fn only_a_staged_configuration_counts() {
    let ignore = "[[ignore]]\ncheck = \"env-file-staged\"\npath = \".env\"\nreason = \"a fixture\"\n";
    let sandbox = guarded();
    stage(&sandbox, ".env", GOOD);
    sandbox.file("envward.toml", 0o644, ignore);
    is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    sandbox.git(&["add", "envward.toml"]);
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

#[test]
fn a_broken_staged_configuration_stops() {
    let sandbox = guarded();
    stage(&sandbox, "envward.toml", "[[ignroe]]\n");
    sandbox.file("envward.toml", 0o644, "");
    let output = sandbox.git_command("", &["commit", "-m", "x"]).run().code(1);
    assert!(output.stderr.contains("envward.toml:1") && output.stderr.contains("did you mean `ignore`?"), "{output:?}");
}

#[test]
fn what_cannot_be_examined_stops() {
    let sandbox = guarded();
    stage(&sandbox, ".env.example", "JWT_SECRET=\n");
    let id = sandbox.git(&["rev-parse", ":.env.example"]);
    fs::remove_file(sandbox.path(format!(".git/objects/{}/{}", &id[..2], &id[2..]))).unwrap();
    let report = report(&sandbox, &["scan", "--staged"], 2);
    assert_eq!(problems(&report), ["missing-object .env.example"]);
    let hook = sandbox.envward(&["hook", "run", "pre-commit"]).code(2);
    assert!(hook.stdout.contains(".env.example"), "{}", hook.stdout);
}

// Putting it in place.

#[test]
fn install_status_uninstall() {
    let sandbox = project(&[Git("init")]);
    let hook = sandbox.path(".git/hooks/pre-commit");
    let status = |code: i32, word: &str| {
        let output = sandbox.envward(&["hook", "status"]).code(code);
        assert!(output.stdout.ends_with(&format!(": {word}\n")), "{}", output.stdout);
    };
    status(1, "not installed");
    assert_eq!(sandbox.envward(&["hook", "uninstall"]).code(0).stdout, "there is no hook to remove\n");
    let output = sandbox.envward(&["hook", "install"]).code(0);
    assert_eq!(output.stdout, format!("installed {}\n", hook.display()));
    assert_eq!(fs::metadata(&hook).unwrap().permissions().mode() & 0o777, 0o755);
    status(0, "installed");
    let first = fs::read(&hook).unwrap();
    drop(sandbox.envward(&["hook", "install"]).code(0));
    assert_eq!(fs::read(&hook).unwrap(), first);
    fs::write(&hook, [&first[..], b"# more\n"].concat()).unwrap();
    status(1, "installed by another envward, or changed since: run `envward hook install`");
    drop(sandbox.envward(&["hook", "install"]).code(0));
    status(0, "installed");
    assert_eq!(sandbox.envward(&["hook", "uninstall"]).code(0).stdout, format!("removed {}\n", hook.display()));
    status(1, "not installed");
    assert!(!hook.exists());
}

#[test]
fn another_hook_is_never_touched() {
    let sandbox = project(&[Git("init"), File("shared-hook", 0o755, "#!/bin/sh\n# envward pre-commit: not it\n")]);
    fs::create_dir_all(sandbox.path(".git/hooks")).unwrap();
    let foreign = "#!/bin/sh\nexit 0\n";
    for what in ["file", "link", "dangling link"] {
        let _ = fs::remove_file(sandbox.path(".git/hooks/pre-commit"));
        match what {
            "file" => sandbox.file(".git/hooks/pre-commit", 0o755, foreign),
            "link" => sandbox.link(".git/hooks/pre-commit", "../../shared-hook"),
            _ => sandbox.link(".git/hooks/pre-commit", "../../nowhere"),
        }
        for verb in ["install", "uninstall"] {
            let output = sandbox.envward(&["hook", verb]).code(2);
            assert!(output.stderr.contains("envward hook run pre-commit"), "{what} {verb}: {}", output.stderr);
        }
        let output = sandbox.envward(&["hook", "status"]).code(1);
        assert!(output.stdout.ends_with(": another hook stands there\n"), "{}", output.stdout);
        assert!(sandbox.path(".git/hooks/pre-commit").symlink_metadata().is_ok());
        if what == "file" {
            assert_eq!(fs::read_to_string(sandbox.path(".git/hooks/pre-commit")).unwrap(), foreign);
        }
    }
    assert!(fs::read_to_string(sandbox.path("shared-hook")).unwrap().ends_with("not it\n"));
}

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
