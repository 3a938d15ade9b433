//! Files.

use super::*;

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
