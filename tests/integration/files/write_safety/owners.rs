//! Modes and owners of what is written, whatever the umask, the access lists, and whoever runs it.

use std::os::unix::fs::chown;

use super::scene::{DEPLOY, assert_untouched, is_filled, tree};
use crate::common::{Sandbox, own_uid_is_root, set_access_list, skip, skip_without_root};

const INTO: &[&str] = &["generate", "hex", "--into", ".env", "KEY"];

#[test]
fn the_umask_does_not_matter() {
    for umask in ["000", "022", "077", "777"] {
        for args in ["generate hex --into .env KEY", "init"] {
            let sandbox = Sandbox::new();
            sandbox.file(".env.example", 0o644, "KEY_SECRET=\n");
            let line = format!("umask {umask} && exec {} {args}", env!("CARGO_BIN_EXE_envward"));
            let _ = sandbox.shell(&line).run().code(0);
            assert_eq!(tree(&sandbox)[".env"].mode, 0o600, "{umask} {args}");
        }
    }
}

#[test]
fn a_mode_gets_stricter_and_never_looser() {
    let modes = [(0o400, 0o400), (0o600, 0o600), (0o640, 0o600), (0o644, 0o600), (0o666, 0o600), (0o700, 0o600)];
    for (before, after) in [&modes[..], &[(0o4600, 0o600), (0o444, 0o600)]].concat() {
        for (args, text) in [(INTO, "KEY=\n"), (&["init"], "DB_PASSWORD=\n")] {
            let sandbox = Sandbox::new();
            sandbox.file(".env.example", 0o644, "DB_PASSWORD=\n");
            sandbox.file(".env", before, text);
            let _ = sandbox.envward(args).code(0);
            let tree = tree(&sandbox);
            assert_ne!(tree[".env"].text, text);
            assert_eq!(tree[".env"].mode, after, "{before:04o} {args:?}");
        }
    }
}

#[test]
fn an_access_list_lets_nobody_read() {
    let sandbox = Sandbox::new();
    if set_access_list(&sandbox.path(""), "system.posix_acl_default").is_err() {
        return skip("the file system of the temporary directory keeps no access lists");
    }
    let _ = sandbox.envward(INTO).code(0);
    sandbox.file("loose.env", 0o600, "KEY=\n");
    set_access_list(&sandbox.path("loose.env"), "system.posix_acl_access").unwrap();
    let _ = sandbox.envward(&["generate", "hex", "--into", "loose.env", "KEY"]).code(0);
    // The group's bits of a file with a list are the list's mask: nobody named in it gets more.
    let tree = tree(&sandbox);
    assert_eq!((tree[".env"].mode, tree["loose.env"].mode), (0o600, 0o600));

    if !own_uid_is_root() {
        return skip_without_root("that the user in the list cannot read");
    }
    // Until here: the list itself lets them read, and the way to the file is free.
    sandbox.file("control", 0o640, "control\n");
    let reads = |file: &str| {
        let line = format!("chmod 755 {0} . && setpriv --reuid 65534 cat {file}", sandbox.root().display());
        sandbox.shell(&line).run().code == 0
    };
    assert!(reads("control"), "the list has no effect here");
    assert!(!reads(".env") && !reads("loose.env"));
}

#[test]
fn root_writes_for_the_owner() {
    if !own_uid_is_root() {
        return skip_without_root("a file that somebody else owns");
    }
    for (args, text) in [(INTO, "KEY=\n"), (&["init"], "DB_PASSWORD=\n")] {
        let sandbox = Sandbox::new();
        sandbox.file(".env.example", 0o644, "DB_PASSWORD=\n");
        sandbox.file(".env", 0o644, text);
        chown(sandbox.path(".env"), Some(DEPLOY), Some(DEPLOY + 1)).unwrap();
        let _ = sandbox.envward(args).code(0);
        let tree = tree(&sandbox);
        assert_ne!(tree[".env"].text, text);
        assert_eq!((tree[".env"].owner, tree[".env"].mode), ((DEPLOY, DEPLOY + 1), 0o600));
    }
}

#[test]
fn root_gives_new_files_to_whom_it_is_told() {
    if !own_uid_is_root() {
        return skip_without_root("a file that somebody else owns");
    }
    let sandbox = Sandbox::new();
    for dir in ["", "backend/", "full/"] {
        sandbox.file(format!("{dir}.env.example"), 0o644, "DB_PASSWORD=\n");
    }
    sandbox.file("backend/.env", 0o600, "DB_PASSWORD=\n");
    sandbox.file("full/.env", 0o600, "DB_PASSWORD=kept-as-it-is\n");
    let _ = sandbox.envward(&["init", "--owner", "1234:1235"]).code(0);
    let tree = tree(&sandbox);
    for path in [".env", "backend/.env", "full/.env"] {
        assert_eq!((tree[path].owner, tree[path].mode), ((1234, 1235), 0o600), "{path}");
    }
    assert_eq!(tree["full/.env"].text, "DB_PASSWORD=kept-as-it-is\n");
}

/// In a directory such as `/tmp` anybody can put an empty `.env` there, and wait for root to fill it.
#[test]
fn root_fills_no_file_that_was_planted() {
    if !own_uid_is_root() {
        return skip_without_root("a file that somebody else owns");
    }
    let sandbox = Sandbox::new();
    sandbox.file(".env.example", 0o644, "DB_PASSWORD=\n");
    sandbox.file(".env", 0o600, "DB_PASSWORD=\n");
    chown(sandbox.path(".env"), Some(DEPLOY), Some(DEPLOY)).unwrap();
    sandbox.mkdir("", 0o1777);
    let before = tree(&sandbox);
    for args in [INTO, &["init"]] {
        let output = sandbox.envward(args).code(2);
        assert!(
            output.stderr.starts_with("error: .env: everyone can write to the directory of this file\n"),
            "{}",
            output.stderr
        );
        assert_untouched(&sandbox, &before, "planted");
    }
    // The directory's own owner could replace it in any case.
    chown(sandbox.path(""), Some(DEPLOY), Some(DEPLOY)).unwrap();
    let _ = sandbox.envward(INTO).code(0);
    assert_eq!(tree(&sandbox)[".env"].owner, (DEPLOY, DEPLOY));
}

#[test]
fn who_cannot_keep_the_owner_writes_nothing() {
    if !own_uid_is_root() {
        return skip_without_root("a file that somebody else owns");
    }
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o644, "KEY=\n");
    let before = tree(&sandbox);
    let place = sandbox.root().display();
    let line = |file: &str| {
        format!(
            "chmod 755 {place} && chown 1234:1234 . && exec setpriv --reuid 1234 --regid 1234 --clear-groups {} generate hex \
             --into {file} KEY",
            env!("CARGO_BIN_EXE_envward")
        )
    };
    let output = sandbox.shell(&line(".env")).run().code(2);
    assert_eq!(
        output.stderr,
        "error: .env: the owner of this file cannot be kept\n  hint: run envward as the owner of the file, or as root\n"
    );
    assert_untouched(&sandbox, &before, "another owner");
    // In the same place they can write what is theirs.
    let _ = sandbox.shell(&line("own.env")).run().code(0);
    let tree = tree(&sandbox);
    assert!(is_filled(&tree["own.env"].text, "KEY=<128>\n"));
    assert_eq!((tree["own.env"].owner, tree["own.env"].mode), ((1234, 1234), 0o600));
}
