//! Before a push.

use super::*;

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
    assert!(text.contains("notes:2: this file contains the value of DB_PASSWORD") && !text.contains(&value), "{text}");
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
    assert!(command.run().code(1).stdout.contains("refs/heads/[masked]: this name contains the value of DB_PASSWORD"));
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
        let unwrapped = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(unwrapped.contains(place), "{text}");
        assert!(unwrapped.contains(" contains the value of DB_PASSWORD from .env"), "{text}");
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
        assert!(text.contains(&format!("refs/tags/{name}: a ref points directly to this env file")), "{text}");
    }
    for name in ["notes", "noted-notes"] {
        let text = is_refused(&sandbox, &["origin", name]);
        assert!(text.contains(&format!("refs/tags/{name}:1: this file contains the value of DB_PASSWORD")), "{text}");
    }
    assert!(is_refused(&sandbox, &["origin", "tree"]).contains(".env: a ref points directly to this env file"));
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
        stops("notes:1: this file contains the value of DB_PASSWORD");
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

/// The command behind the count shows all, one by one.
#[test]
fn all_that_a_push_would_bring() {
    let many = |sandbox: &Sandbox| {
        for number in 0..9 {
            sandbox.file(format!("s{number}/.env"), 0o600, fill(&format!("DB_PASSWORD={{password-{number}}}\n")));
        }
        sandbox.git(&["add", "-f", "."]);
        sandbox.git(&["commit", "-qnm", "many"]);
    };
    let shows_all = |sandbox: &Sandbox, text: &str| {
        let (_, command) =
            text.lines().find_map(|line| line.strip_prefix("  and ")?.split_once(" more: envward ")).unwrap();
        let words: Vec<&str> = command.split(' ').collect();
        let shown = sandbox.envward(&words).code(1).stdout;
        for number in 0..9 {
            assert!(shown.contains(&format!("s{number}/.env\n")), "{command}: {shown}");
        }
        command.to_owned()
    };
    let sandbox = with_remote();
    sandbox.git(&["checkout", "-qb", "other"]);
    many(&sandbox);
    sandbox.git(&["checkout", "-q", "main"]);
    let text = is_refused(&sandbox, &["origin", "other"]);
    let command = shows_all(&sandbox, &text);
    assert!(command.starts_with("scan --range ") && command.ends_with("..other --all"), "{command}");
    // Of several refs at once, and to an empty place.
    sandbox.git(&["checkout", "-qb", "third"]);
    let text = is_refused(&sandbox, &["origin", "other", "third"]);
    assert_eq!(shows_all(&sandbox, &text), "scan --all");
    let staged = with_remote();
    for number in 0..9 {
        staged.file(format!("s{number}/.env"), 0o600, fill(&format!("DB_PASSWORD={{password-{number}}}\n")));
    }
    staged.git(&["add", "-f", "."]);
    let output = staged.git_command("", &["commit", "-qm", "x"]).run().code(1);
    assert_eq!(shows_all(&staged, &output.stderr), "scan --staged --all");
}
