//! What is broken, hostile or not there: it is named, the rest is reported, the status is 2, and nothing hangs or runs.
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;
use std::path::Path;

use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::listed::{findings, problems, project, report, the};
use envward::checks::Step::{File, Git};
use serde_json::Value;

const GOOD: &str = "DB_PASSWORD={password}\n";
const NONE: [&str; 0] = [];

/// A file beside what is broken, whose finding must not get lost.
const REST: (&str, u32, &str) = ("rest/.env", 0o644, "REDIS_PASSWORD={password9}\n");
const REST_FOUND: &str = "error env-file-mode rest/.env";

fn with_rest() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file(REST.0, REST.1, fill(REST.2));
    sandbox
}

#[track_caller]
fn check(sandbox: &Sandbox, code: i32) -> Value {
    report(sandbox, &["check"], code)
}

#[track_caller]
fn scan(sandbox: &Sandbox, code: i32) -> Value {
    report(sandbox, &["scan"], code)
}

/// A repository in which `.env` was added and removed, and `prod.env` is still there.
fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    for (name, text) in [(".env", GOOD), ("prod.env", "JWT_SECRET={hex64}\n")] {
        sandbox.file(name, 0o600, fill(text));
        sandbox.git(&["add", "-f", name]);
        sandbox.git(&["commit", "-qm", "add"]);
    }
    sandbox.git(&["rm", "-q", ".env"]);
    sandbox.git(&["commit", "-qm", "remove"]);
    sandbox
}

fn object(sandbox: &Sandbox, spec: &str) -> (String, String) {
    let id = sandbox.git(&["rev-parse", spec]);
    let path = format!(".git/objects/{}/{}", &id[..2], &id[2..]);
    (id, path)
}

/// Changes bytes in the middle of a file of git's, which are read-only.
fn damage(sandbox: &Sandbox, path: &str) {
    let path = sandbox.path(path);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    bytes[middle + 1] ^= 0xff;
    fs::remove_file(&path).unwrap();
    fs::write(&path, bytes).unwrap();
}

// The command line.

#[test]
fn a_path_that_does_not_exist() {
    let sandbox = Sandbox::new();
    for command in ["check", "scan"] {
        let output = sandbox.envward(&[command, "no/such", "--format", "json"]).code(2);
        assert_eq!(problems(&output.json()), ["no-such-path"]);
        assert!(output.stderr.contains("no/such"), "{}", output.stderr);
    }
    let output = sandbox.envward(&["hook", "install", "no/such"]).code(2);
    assert!(output.stderr.contains("no/such"), "{}", output.stderr);
}

// Files.

#[test]
fn a_named_pipe() {
    let sandbox = with_rest();
    sandbox.fifo(".env");
    sandbox.fifo("sub.env");
    let report = check(&sandbox, 2);
    assert_eq!(problems(&report), ["not-a-file .env", "not-a-file sub.env"]);
    assert_eq!(findings(&report), [REST_FOUND]);
    assert!(report["problems"][0]["message"].as_str().unwrap().starts_with(".env "));
}

#[test]
fn a_named_pipe_in_the_place_of_another_file() {
    for name in ["Dockerfile.dockerignore", ".dockerignore", "envward.toml"] {
        let sandbox = with_rest();
        sandbox.file("Dockerfile", 0o644, "FROM scratch\n");
        sandbox.fifo(name);
        let report = check(&sandbox, 2);
        assert!(report["problems"][0]["message"].as_str().unwrap().starts_with(&format!("{name} ")), "{report}");
    }
}

#[test]
fn a_named_pipe_is_no_gitignore() {
    let sandbox = with_rest();
    sandbox.git(&["init", "-q"]);
    sandbox.fifo(".gitignore");
    assert_eq!(findings(&check(&sandbox, 1)), [REST_FOUND, "error env-file-not-ignored rest/.env"]);
}

#[test]
fn a_socket() {
    let sandbox = with_rest();
    let socket = UnixListener::bind(sandbox.path(".env")).unwrap();
    let report = check(&sandbox, 2);
    assert_eq!(
        (problems(&report), findings(&report)),
        (vec!["not-a-file .env".to_owned()], vec![REST_FOUND.to_owned()])
    );
    drop(socket);
}

#[test]
fn a_file_of_a_gibibyte_is_not_read() {
    let sandbox = with_rest();
    sandbox.file(".env", 0o644, "A=1\n");
    fs::OpenOptions::new().write(true).open(sandbox.path(".env")).unwrap().set_len(1 << 30).unwrap();
    let report = check(&sandbox, 2);
    assert_eq!(problems(&report), ["too-large .env"]);
    // What the descriptor says counts all the same.
    assert_eq!(findings(&report), ["error env-file-mode .env", REST_FOUND]);
}

#[test]
fn other_files_of_a_gibibyte_are_not_read() {
    for name in ["envward.toml", ".dockerignore", ".gitignore"] {
        let sandbox = with_rest();
        sandbox.git(&["init", "-q"]);
        sandbox.file("Dockerfile", 0o644, "FROM scratch\n");
        fs::File::create(sandbox.path(name)).unwrap().set_len(1 << 30).unwrap();
        let report = check(&sandbox, 2);
        assert!(report["problems"][0]["message"].as_str().unwrap().starts_with(&format!("{name} ")), "{report}");
    }
}

#[test]
fn an_unreadable_file_and_directory() {
    let sandbox = with_rest();
    sandbox.file(".env", 0o040, fill(GOOD));
    sandbox.file("shut/.env", 0o600, fill(GOOD));
    sandbox.mkdir("shut", 0o000);
    let Some(run) = sandbox.command_bound_by_modes(&["check", "--format=json"]) else {
        return crate::common::skip("root reads every file, and cannot give that up here");
    };
    let report = run.run().code(2).json();
    assert_eq!(problems(&report), ["unreadable-path .env", "unreadable-path shut"]);
    assert_eq!(findings(&report), ["error env-file-mode .env", REST_FOUND]);
    assert_eq!(report["problems"][0]["message"], ".env cannot be read: permission denied");
    sandbox.mkdir("shut", 0o755);
}

#[test]
fn an_unreadable_configuration() {
    let sandbox = with_rest();
    sandbox.file("envward.toml", 0o000, "");
    let Some(run) = sandbox.command_bound_by_modes(&["check"]) else {
        return crate::common::skip("root reads every file, and cannot give that up here");
    };
    let output = run.run().code(2);
    assert!(output.stderr.starts_with("error: envward.toml cannot be read"), "{}", output.stderr);
}

#[test]
fn names_that_are_not_utf_8() {
    let sandbox = with_rest();
    let bytes = b"caf\xe9/.env";
    sandbox.file(OsStr::from_bytes(bytes), 0o644, fill(GOOD));
    let report = check(&sandbox, 1);
    assert_eq!(findings(&report).len(), 2);
    let finding = &report["findings"].as_array().unwrap().iter().find(|one| one["path"] != "rest/.env").unwrap();
    assert_eq!(finding["path_hex"], "636166e92f2e656e76");
    assert!(finding["path"].as_str().unwrap().starts_with("caf"), "{finding}");
    // And fixed by their name.
    drop(sandbox.envward(&["check", "--fix"]).code(0));
    let mode = fs::metadata(sandbox.path(OsStr::from_bytes(bytes))).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn names_that_are_not_utf_8_in_git() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    sandbox.file(OsStr::from_bytes(b"caf\xe9/.env"), 0o600, fill(GOOD));
    sandbox.git(&["add", "-f", "."]);
    sandbox.git(&["commit", "-qm", "add"]);
    let report = check(&sandbox, 1);
    let all = report["findings"].as_array().unwrap();
    assert_eq!(all.len(), 3, "{:?}", findings(&report));
    assert!(all.iter().all(|finding| finding["path_hex"] == "636166e92f2e656e76"));
}

#[test]
fn what_is_no_text() {
    let sandbox = Sandbox::new();
    for (name, bytes) in [
        (".env", b"\0\0\0\0".as_slice()),
        ("a.env", b"\xff\xfeA\x00=\x001\x00\n\x00"),
        ("b.env", b"\xef\xbb\xbfA=1\n"),
        ("c.env", b"A=\xff\xff\n"),
        ("d.env", b"="),
        ("e.env", b"\r\r\r\n"),
        ("f.env", b"A=\"\n\n\n"),
        ("g.env", b""),
    ] {
        sandbox.file(name, 0o600, bytes);
    }
    let output = sandbox.envward(&["check", "--format", "json"]).code(2);
    assert!(output.stderr.is_empty(), "{output:?}");
    assert_eq!(problems(&output.json()), ["unknown-encoding .env"]);
    assert_eq!(output.json()["examined"]["env_files"], 8);
}

// Repositories.

#[test]
fn a_corrupt_blob_of_an_env_file() {
    let sandbox = repository();
    let (_, path) = object(&sandbox, "HEAD~2:.env");
    damage(&sandbox, &path);
    let report = scan(&sandbox, 2);
    assert_eq!(problems(&report), ["corrupt-object .env"]);
    // The path is reported, and what is not known is not called harmless.
    assert_eq!(the(&report, "env-file-in-history", ".env")["severity"], "error");
    assert_eq!(the(&report, "secret-still-live", "prod.env")["severity"], "critical");
}

#[test]
fn a_corrupt_commit_and_a_corrupt_tree() {
    for spec in ["HEAD~1", "HEAD~1^{tree}"] {
        let sandbox = repository();
        let (id, path) = object(&sandbox, spec);
        damage(&sandbox, &path);
        let report = scan(&sandbox, 2);
        assert_eq!(problems(&report), [format!("corrupt-object {id}")], "{spec}");
        the(&report, "env-file-tracked", "prod.env");
    }
}

/// libgit2 waits forever for the rest of such a file.
#[test]
fn an_object_that_was_cut_off() {
    for spec in ["HEAD", "HEAD~1", "HEAD^{tree}", "HEAD~1^{tree}", "HEAD:prod.env", "HEAD~2:.env"] {
        for command in [
            &["scan"][..],
            &["check"],
            &["scan", "--staged"],
            &["hook", "run", "pre-commit"],
            &["scan", "--range", "HEAD~2..HEAD"],
            &["scan", "--since-commit", "HEAD~2"],
        ] {
            let sandbox = repository();
            // Something is staged, so that HEAD's tree is asked for.
            sandbox.file("new.env", 0o600, fill(REST.2));
            sandbox.git(&["add", "-f", "new.env"]);
            let (id, path) = object(&sandbox, spec);
            let path = sandbox.path(path);
            let start = fs::read(&path).unwrap()[..20].to_vec();
            fs::remove_file(&path).unwrap();
            fs::write(&path, start).unwrap();
            let output = sandbox.envward(command);
            // What is not asked for is not missed.
            let is_unseen = match spec {
                "HEAD" | "HEAD^{tree}" | "HEAD:prod.env" => false,
                "HEAD~2:.env" => command.len() > 1,
                _ => command.contains(&"--staged") || command[0] == "hook",
            };
            let expected = if is_unseen { 1 } else { 2 };
            assert_eq!(output.code, expected, "{spec} {command:?}\n{}", output.stdout);
            let text = output.stdout + &output.stderr;
            assert!(
                expected == 1 || text.contains(&id) || text.contains(".env is corrupt"),
                "{spec} {command:?}\n{text}"
            );
        }
    }
}

#[test]
fn an_object_with_the_content_of_another() {
    let sandbox = repository();
    let (_, path) = object(&sandbox, "HEAD~2:.env");
    let (_, other) = object(&sandbox, "HEAD:prod.env");
    let bytes = fs::read(sandbox.path(other)).unwrap();
    fs::remove_file(sandbox.path(&path)).unwrap();
    fs::write(sandbox.path(&path), bytes).unwrap();
    assert_eq!(problems(&scan(&sandbox, 2)), ["corrupt-object .env"]);
}

#[test]
fn a_missing_object() {
    for (spec, is_blob) in [("HEAD~2:.env", true), ("HEAD~1", false), ("HEAD~1^{tree}", false)] {
        let sandbox = repository();
        let (id, path) = object(&sandbox, spec);
        fs::remove_file(sandbox.path(path)).unwrap();
        let report = scan(&sandbox, 2);
        let named = if is_blob { ".env".to_owned() } else { id };
        assert_eq!(problems(&report), [format!("missing-object {named}")], "{spec}");
        the(&report, "env-file-tracked", "prod.env");
    }
}

#[test]
fn a_damaged_pack() {
    let sandbox = repository();
    sandbox.git(&["gc", "--quiet"]);
    let packs = fs::read_dir(sandbox.path(".git/objects/pack")).unwrap().map(|entry| entry.unwrap().path());
    for pack in packs.filter(|path| path.extension().is_some_and(|end| end == "pack")) {
        let mut bytes = fs::read(&pack).unwrap();
        let end = bytes.len() - 20;
        bytes[12..end].iter_mut().for_each(|byte| *byte ^= 0x55);
        fs::remove_file(&pack).unwrap();
        fs::write(&pack, bytes).unwrap();
    }
    let report = scan(&sandbox, 2);
    assert!(problems(&report).iter().all(|line| line.starts_with("corrupt-object ")), "{:?}", problems(&report));
}

#[test]
fn a_broken_index() {
    for bytes in [b"".as_slice(), b"DIRC", b"DIRC\0\0\0\x02\0\0\0\x01", &[0xff; 200]] {
        let sandbox = repository();
        sandbox.file(".git/index", 0o644, bytes);
        let report = scan(&sandbox, 2);
        assert_eq!(problems(&report), ["broken-index"], "{bytes:?}");
        the(&report, "env-file-in-history", ".env");
        assert_eq!(problems(&report_of_staged(&sandbox)), ["broken-index"]);
        assert_eq!(problems(&check(&sandbox, 2)), ["broken-index"]);
    }
}

#[track_caller]
fn report_of_staged(sandbox: &Sandbox) -> Value {
    report(sandbox, &["scan", "--staged"], 2)
}

#[test]
fn a_broken_ref_and_a_broken_head() {
    for (file, text, named) in [
        (".git/refs/heads/side", "garbage\n", "refs/heads/side"),
        (".git/refs/heads/side", "", "refs/heads/side"),
        (".git/refs/tags/v1", "0123\n", "refs/tags/v1"),
        (".git/packed-refs", "nonsense\n", "packed-refs"),
        (".git/logs/HEAD", "nonsense\n", "logs/HEAD"),
    ] {
        let sandbox = repository();
        sandbox.file(file, 0o644, text);
        let report = scan(&sandbox, 2);
        assert_eq!(problems(&report), [format!("broken-ref {named}")], "{file}");
        the(&report, "env-file-in-history", ".env");
    }
}

#[test]
fn a_ref_to_nothing() {
    let sandbox = repository();
    let id = "0123456789abcdef0123456789abcdef01234567";
    sandbox.file(".git/refs/heads/side", 0o644, format!("{id}\n"));
    let report = scan(&sandbox, 2);
    assert_eq!(problems(&report), ["broken-ref refs/heads/side"]);
    the(&report, "env-file-in-history", ".env");
}

#[test]
fn a_git_file_that_points_nowhere() {
    let sandbox = with_rest();
    sandbox.file(".git", 0o644, "gitdir: /nowhere/at/all\n");
    for command in ["check", "scan"] {
        let report = report(&sandbox, &[command], 2);
        assert_eq!(problems(&report).len(), 1, "{:?}", problems(&report));
    }
    assert!(findings(&check(&sandbox, 2)).contains(&REST_FOUND.to_owned()));
}

#[test]
fn a_broken_nested_repository() {
    let sandbox = with_rest();
    sandbox.git(&["init", "-q"]);
    sandbox.file(".gitignore", 0o644, ".env\n");
    sandbox.file("lib/.env", 0o600, fill(GOOD));
    sandbox.file("lib/.git", 0o644, "gitdir: /nowhere/at/all\n");
    let report = check(&sandbox, 2);
    assert_eq!(problems(&report).len(), 1, "{:?}", problems(&report));
    assert!(findings(&report).contains(&REST_FOUND.to_owned()));
}

#[test]
fn a_foreign_owner() {
    let sandbox = repository();
    sandbox.file(REST.0, REST.1, fill(REST.2));
    for path in ["", ".git"] {
        if std::os::unix::fs::chown(sandbox.path(path), Some(65_534), None).is_err() {
            return crate::common::skip_without_root("a repository that somebody else owns");
        }
    }
    let report = scan(&sandbox, 2);
    assert_eq!((problems(&report), findings(&report)), (vec!["foreign-owner".to_owned()], vec![]));
    let report = check(&sandbox, 2);
    assert_eq!((problems(&report), findings(&report)), (vec!["foreign-owner".to_owned()], vec![REST_FOUND.to_owned()]));
}

#[test]
fn a_huge_committed_env_file() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    sandbox.file(".env", 0o600, fill(GOOD).repeat(6 << 20 >> 6));
    sandbox.git(&["add", "-f", ".env"]);
    sandbox.git(&["commit", "-qm", "add"]);
    sandbox.git(&["rm", "-q", ".env"]);
    sandbox.git(&["commit", "-qm", "remove"]);
    let report = scan(&sandbox, 2);
    assert_eq!(problems(&report), ["too-large .env"]);
    assert_eq!(findings(&report), ["error env-file-in-history .env"]);
}

#[test]
fn a_format_that_cannot_be_read() {
    let sandbox = with_rest();
    sandbox.git(&["init", "-q"]);
    sandbox.file(".gitignore", 0o644, ".env\n");
    sandbox.git(&["config", "core.repositoryFormatVersion", "1"]);
    sandbox.git(&["config", "extensions.of-tomorrow", "true"]);
    let report = check(&sandbox, 2);
    assert_eq!(problems(&report), ["unsupported-repository"]);
    assert_eq!(findings(&report), [REST_FOUND]);
}

#[test]
fn a_broken_git_configuration() {
    let sandbox = repository();
    sandbox.file(".git/config", 0o644, "[core\n");
    for command in ["check", "scan"] {
        assert_eq!(problems(&report(&sandbox, &[command], 2)).len(), 1);
    }
}

#[test]
fn a_broken_configuration_reports_nothing_else() {
    let sandbox = with_rest();
    for bytes in [b"[files\n".as_slice(), b"\xff\xfe", b"a = 1\n", b"ignore = [1]\n"] {
        sandbox.file("envward.toml", 0o644, bytes);
        let output = sandbox.envward(&["check", "--format", "json"]).code(2);
        assert_eq!(problems(&output.json()), ["configuration"]);
        assert!(output.stderr.starts_with("error: envward.toml"), "{}", output.stderr);
    }
    // A directory of that name is none.
    fs::remove_file(sandbox.path("envward.toml")).unwrap();
    sandbox.mkdir("envward.toml", 0o755);
    assert_eq!(findings(&check(&sandbox, 1)), [REST_FOUND]);
}

#[test]
fn a_repository_within_a_repository_within_many() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    let deep = "d/".repeat(400);
    sandbox.file(format!("{deep}.env"), 0o644, fill(GOOD));
    let report = report(&sandbox, &["check", "--no-history"], 1);
    assert_eq!(findings(&report).len(), 2, "{:?}", problems(&report));
}

// The way out.

#[test]
fn output_that_cannot_be_written() {
    let sandbox = with_rest();
    for format in ["text", "json", "sarif", "github"] {
        let line = format!("'{}' check --format {format} > /dev/full", env!("CARGO_BIN_EXE_envward"));
        let output = sandbox.shell(&line).run().code(2);
        assert!(!output.stderr.contains("broke") && !output.stderr.contains("panicked"), "{}", output.stderr);
        assert!(output.stderr.contains("error: "), "{format}: {}", output.stderr);
    }
}

#[test]
fn a_reader_that_is_gone() {
    let sandbox = with_rest();
    for arguments in ["check", "check --format json", "scan", "explain --all", "completions bash", "man", "--help"] {
        // It is certain to be gone when a write fails.
        let wait = "trap '' PIPE; while echo x 2>/dev/null; do :; done";
        let line = format!("{{ {wait}; '{}' {arguments}; echo $? >&2; }} | true", env!("CARGO_BIN_EXE_envward"));
        let output = sandbox.shell(&line).run().code(0);
        assert!(output.stderr.ends_with("2\n"), "{arguments}: {}", output.stderr);
        assert!(!output.stderr.contains("broke at"), "{arguments}: {}", output.stderr);
    }
}

// Nothing of a repository runs.

#[test]
fn no_command_of_the_configuration_runs() {
    // A split index is read by git itself.
    for split in [false, true] {
        let sandbox = repository();
        sandbox.file(".gitattributes", 0o644, "* filter=trap diff=trap merge=trap\n");
        sandbox.file("envward.toml", 0o644, "");
        if split {
            split_the_index(&sandbox);
        }
        // A missing object, which a partial clone would fetch.
        let (_, path) = object(&sandbox, "HEAD~2:.env");
        fs::remove_file(sandbox.path(path)).unwrap();
        let marker = sandbox.root().join("tmp/ran");
        set_traps(&sandbox, &marker);
        for args in [
            &["check"][..],
            &["check", "--fix"],
            &["scan"],
            &["scan", "--staged"],
            &["hook", "run", "pre-commit"],
            &["hook", "status"],
        ] {
            let output = sandbox.envward(args);
            assert!(!marker.exists(), "{args:?} (split: {split}) ran {}", fs::read_to_string(&marker).unwrap());
            assert!(!output.stdout.contains("did not answer"), "{output:?}");
        }
        // git itself runs them: the traps work.
        let _ = sandbox.git_command("", &["status"]).run();
        assert!(marker.exists());
    }
}

/// Makes every setting that names a command name one that leaves a mark.
fn set_traps(sandbox: &Sandbox, marker: &Path) {
    sandbox.file("trap", 0o755, format!("#!/bin/sh\necho \"$0 $*\" >> '{}'\n", marker.display()));
    for hook in ["pre-commit", "post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"] {
        sandbox.link(format!("traps/{hook}"), "../trap");
    }
    let trap = sandbox.path("trap").to_str().unwrap().to_owned();
    let config = format!(
        "[core]\n\trepositoryformatversion = 0\n\tfsmonitor = {trap}\n\thooksPath = {traps}\n\tpager = {trap}\n\
         \teditor = {trap}\n\tsshCommand = {trap}\n\taskPass = {trap}\n\tgitProxy = {trap}\n\
         \talternateRefsCommand = {trap}\n\
         [credential]\n\thelper = !{trap}\n\
         [diff]\n\texternal = {trap}\n[diff \"trap\"]\n\tcommand = {trap}\n\ttextconv = {trap}\n\
         [filter \"trap\"]\n\tclean = {trap}\n\tsmudge = {trap}\n\tprocess = {trap}\n\trequired = true\n\
         [merge \"trap\"]\n\tdriver = {trap}\n\
         [gpg]\n\tprogram = {trap}\n[log]\n\tshowSignature = true\n\
         [alias]\n\tls-files = !{trap}\n\trev-list = !{trap}\n\
         [protocol \"ext\"]\n\tallow = always\n\
         [remote \"origin\"]\n\turl = ext::{trap}\n\tuploadpack = {trap}\n\tpromisor = true\n\
         \tpartialclonefilter = blob:none\n",
        traps = sandbox.path("traps").display()
    );
    sandbox.file(".git/config", 0o644, config);
}

fn split_the_index(sandbox: &Sandbox) {
    let safe = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];
    sandbox.git(&[&safe[..], &["update-index", "--split-index"]].concat());
}

#[test]
fn a_split_index_is_examined() {
    let sandbox = project(&[Git("init"), File(".env", 0o600, GOOD), Git("add -f .env"), Git("commit -qm add")]);
    split_the_index(&sandbox);
    sandbox.file("prod.env", 0o600, fill("JWT_SECRET={hex64}\n"));
    sandbox.git(&["add", "-f", "prod.env"]);
    let report = report(&sandbox, &["scan", "--staged"], 1);
    assert_eq!(findings(&report), ["error env-file-staged prod.env", "note env-file-tracked .env"]);
    assert_eq!(problems(&report), NONE);
}

#[test]
fn a_split_index_is_read_without_git() {
    let sandbox = project(&[Git("init"), File(".env", 0o600, GOOD), Git("add -f .env"), Git("commit -qm add")]);
    split_the_index(&sandbox);
    let run = sandbox.command(&["scan", "--format=json"]).env("PATH", "/nowhere").run().code(1);
    assert_eq!(problems(&run.json()), NONE);
    the(&run.json(), "env-file-tracked", ".env");
    the(&run.json(), "env-file-in-history", ".env");
}

#[test]
fn permissions_of_the_place_are_put_back() {
    // A read-only project is examined all the same; what cannot be mended is said.
    let sandbox = project(&[Git("init"), File(".env", 0o600, GOOD)]);
    fs::set_permissions(sandbox.path(""), Permissions::from_mode(0o555)).unwrap();
    let Some(run) = sandbox.command_bound_by_modes(&["check", "--fix"]) else {
        return crate::common::skip("root writes everywhere, and cannot give that up here");
    };
    let output = run.run().code(1);
    assert!(output.stdout.starts_with("not fixed  .gitignore: "), "{}", output.stdout);
    fs::set_permissions(sandbox.path(""), Permissions::from_mode(0o755)).unwrap();
}

/// A mistake on the command line, whoever finds it.
#[test]
fn a_hint_names_the_verb_that_was_meant() {
    let sandbox = repository();
    let lines: [(&[&str], &str); 10] = [
        (&["check", "--nonsense-that-is-long"], "check"),
        (&["check", ".", "."], "check"),
        (&["scan", "--range", "main", "."], "scan"),
        (&["scan", "--advice", "--format=json"], "scan"),
        (&["init", "--template"], "init"),
        (&["key", "verify", "pasted"], "key verify"),
        (&["rotation", "record", "DB_PASSWORD", "--at", "2026-01-01", "--reason", ""], "rotation record"),
        (&["hook", "install", "--nonsense-that-is-long"], "hook install"),
        (&["generate", "hex", "--nonsense-that-is-long"], "generate hex"),
        (&["incident", "--exposed", "backend", "."], "incident"),
    ];
    for (args, verb) in lines {
        let stderr = sandbox.envward(args).code(2).stderr;
        assert!(stderr.contains(&format!("hint: see `envward {verb} --help`\n")), "{args:?}: {stderr}");
        let words: Vec<&str> = verb.split(' ').chain(["--help"]).collect();
        assert!(sandbox.envward(&words).code(0).stdout.contains(&format!("Usage: envward {verb}")));
    }
    let report = sandbox.envward(&["scan", "--range", "main", "--format=json"]).code(2).json();
    assert_eq!(report["problems"][0]["help"], "see `envward scan --help`");
    let stderr = sandbox.envward(&["nonsense-that-is-long"]).code(2).stderr;
    assert!(stderr.contains("hint: `envward help` shows the commands"), "{stderr}");
}

/// What has more keys than any honest file ends soon, and not as clean.
#[test]
fn an_env_file_with_too_many_keys() {
    for (count, code) in [(4096, 0), (4097, 2)] {
        let sandbox = Sandbox::new();
        let text: String = (0..count).map(|number| format!("K{number}={number}\n")).collect();
        sandbox.file(".env", 0o600, text);
        let output = sandbox.envward(&["check"]).code(code);
        assert_eq!(output.stdout.contains(".env is larger than envward reads"), code == 2, "{}", output.stdout);
    }
}
