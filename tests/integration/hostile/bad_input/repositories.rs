//! Repositories.

use super::*;

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
