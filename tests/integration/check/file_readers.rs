//! Who must be able to read a file that a container is given as it is: `--fix` takes it from nobody.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::listed::{findings, report};

/// A project in which a service of this shape is given `admin.txt` by `secrets:`, and has an env file.
fn project(service: &str, mode: u32) -> Sandbox {
    let sandbox = Sandbox::new();
    let compose = format!("services:\n  board: {{{service}}}\nsecrets:\n  admin: {{file: ./admin.txt}}\n");
    sandbox.file("compose.yaml", 0o644, compose);
    sandbox.file("admin.txt", mode, fill("{password}\n"));
    sandbox.file("board.env", 0o644, fill("ADMIN_PASSWORD={password2}\n"));
    sandbox
}

fn mode(sandbox: &Sandbox, name: &str) -> u32 {
    sandbox.path(name).metadata().unwrap().permissions().mode() & 0o7777
}

/// The modes of the secret and of the env file after `--fix`.
fn fixed(service: &str) -> (u32, u32) {
    let sandbox = project(service, 0o644);
    for verb in ["check", "preflight"] {
        drop(sandbox.envward(&[verb, "--fix"]));
    }
    (mode(&sandbox, "admin.txt"), mode(&sandbox, "board.env"))
}

#[test]
fn fix_takes_no_file_from_the_user_of_a_container() {
    for kept in [
        "image: 'acme/board:10.2.3', user: '472', secrets: [admin]",
        "image: 'acme/board:10.2.3', user: '472:0', secrets: [{source: admin, target: pw, mode: 0400}]",
        "image: 'acme/board:10.2.3', user: board, secrets: [admin]",
        "image: 'acme/board:10.2.3', secrets: [admin]",
        "image: 'acme/board:10.2.3', user: '472', volumes: ['./admin.txt:/run/pw:ro']",
        "image: 'postgres:15.5', user: '70', secrets: [admin]",
    ] {
        assert_eq!(fixed(kept), (0o644, 0o600), "{kept}");
    }
    let own = format!("image: 'acme/board:10.2.3', user: '{}', secrets: [admin]", nix::unistd::getuid().as_raw());
    for closed in [
        "image: 'acme/board:10.2.3', user: root, secrets: [admin]",
        "image: 'acme/board:10.2.3', user: '0:0', secrets: [admin]",
        "image: 'postgres:15.5', secrets: [admin]",
        "image: 'acme/board:10.2.3', user: '472', env_file: board.env",
        &own,
    ] {
        assert_eq!(fixed(closed), (0o600, 0o600), "{closed}");
    }
}

#[test]
fn fix_says_why_and_the_finding_says_how() {
    let sandbox = project("image: 'acme/board:10.2.3', user: '472', secrets: [admin]", 0o644);
    let said = sandbox.envward(&["check", "--fix"]).code(1).stdout;
    assert!(said.contains("the user of its container could no longer read it"), "{said}");
    assert!(said.contains("chown 472 admin.txt && chmod 600 admin.txt"), "{said}");
    let dry = sandbox.envward(&["check", "--fix", "--dry-run"]).stdout;
    assert!(!dry.contains("admin.txt: mode 0644 -> 0600"), "{dry}");
}

/// Needs root, who alone gives files away.
#[test]
fn what_was_given_to_that_user_is_right() {
    if !crate::common::own_uid_is_root() {
        return crate::common::skip_without_root("a file that another user owns");
    }
    let sandbox = project("image: 'acme/board:10.2.3', user: '472:473', env_file: board.env, secrets: [admin]", 0o644);
    let path = sandbox.path("admin.txt");
    drop(sandbox.envward(&["check", "--fix"]));
    let of = |found: Vec<String>| found.into_iter().filter(|one| one.contains("admin")).collect::<Vec<_>>();
    // Of that user, and closed; or of root, and open to that user's group alone.
    for (uid, gid, mode) in [(472, 0, 0o600), (0, 473, 0o640)] {
        std::os::unix::fs::chown(&path, Some(uid), Some(gid)).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(of(findings(&report(&sandbox, &["check"], 0))), [""; 0], "{uid}:{gid} {mode:o}");
    }
    for (uid, gid, mode) in [(471, 0, 0o600), (0, 0, 0o640)] {
        std::os::unix::fs::chown(&path, Some(uid), Some(gid)).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        assert_ne!(of(findings(&report(&sandbox, &["check"], 1))), [""; 0], "{uid}:{gid} {mode:o}");
    }
    assert_eq!(path.metadata().unwrap().uid(), 0);
}

#[test]
fn what_cannot_be_read_and_what_compose_ignores() {
    let found = |service: &str, mode: u32, check: &str| {
        let sandbox = project(service, mode);
        let report = sandbox.envward(&["preflight", "--format", "json"]).json();
        findings(&report).into_iter().filter(|one| one.contains(check)).count()
    };
    let unreadable = |service: &str, mode: u32| found(service, mode, "secret-file-unreadable");
    assert_eq!(unreadable("image: 'acme/board:10.2.3', user: '472', secrets: [admin]", 0o600), 1);
    assert_eq!(unreadable("image: 'acme/board:10.2.3', user: '472:473', secrets: [{source: admin}]", 0o640), 1);
    assert_eq!(
        unreadable("image: 'acme/board:10.2.3', user: '472', volumes: ['./admin.txt:/pw:ro'], secrets: []", 0o400),
        1
    );
    assert_eq!(unreadable("image: 'acme/board:10.2.3', user: '472', secrets: [admin]", 0o644), 0);
    assert_eq!(unreadable("image: 'acme/board:10.2.3', secrets: [admin]", 0o600), 0);
    assert_eq!(unreadable("image: 'acme/board:10.2.3', user: '472', env_file: board.env", 0o600), 0);
    let ignored =
        |item: &str| found(&format!("image: 'acme/board:10.2.3', secrets: [{item}]"), 0o600, "secret-options-ignored");
    for item in ["{source: admin, uid: '472'}", "{source: admin, gid: '0', mode: 0440}", "{source: admin, mode: 0400}"]
    {
        assert_eq!(ignored(item), 1, "{item}");
    }
    for item in ["admin", "{source: admin}", "{source: admin, target: pw}"] {
        assert_eq!(ignored(item), 0, "{item}");
    }
}

/// One command for one file, whichever check asks for it; and none where no command helps.
#[test]
fn what_is_said_of_one_file_agrees() {
    let helps = |sandbox: &Sandbox| -> Vec<String> {
        let report = sandbox.envward(&["preflight", "--format", "json"]).json();
        let all = report["findings"].as_array().unwrap().iter();
        let helps = all.map(|finding| finding["help"].as_str().unwrap());
        helps.filter(|help| help.contains("admin.txt")).map(str::to_owned).collect()
    };
    let two = "services:\n  a: {image: 'acme/a:1.2.3', user: '472', secrets: [admin]}\n  b: {image: 'acme/b:1.2.3', user: '473', secrets: [admin]}\nsecrets:\n  admin: {file: ./admin.txt}\n";
    let sandbox = project("image: 'acme/board:10.2.3'", 0o600);
    sandbox.file("compose.yaml", 0o644, two);
    let said = helps(&sandbox);
    assert!(said.iter().any(|help| help.starts_with("give each service its own copy of admin.txt")), "{said:?}");
    assert!(said.iter().all(|help| !help.contains("chown")), "{said:?}");
    if !crate::common::own_uid_is_root() {
        return crate::common::skip_without_root("a file that another user owns");
    }
    let sandbox = project("image: 'acme/board:10.2.3', user: '472', secrets: [admin]", 0o600);
    std::os::unix::fs::chown(sandbox.path("admin.txt"), Some(65_534), None).unwrap();
    let said = helps(&sandbox);
    assert!(said.len() >= 2 && said.iter().all(|help| help.contains("chown 472 admin.txt")), "{said:?}");
}

/// The user of the container, whom only the image knows: what was given to that user is right.
#[test]
fn an_id_that_only_an_image_knows_passes() {
    if !crate::common::own_uid_is_root() {
        return crate::common::skip_without_root("a file that another user owns");
    }
    let owners = |service: &str, uid: u32| {
        let sandbox = project(service, 0o600);
        std::os::unix::fs::chown(sandbox.path("admin.txt"), Some(uid), None).unwrap();
        let report = sandbox.envward(&["check", "--format", "json"]).json();
        findings(&report).into_iter().filter(|one| one.contains("env-file-owner")).count()
    };
    let mounted = "image: 'acme/board:10.2.3', secrets: [admin]";
    assert_eq!((owners(mounted, 64_321), owners(mounted, 65_534)), (0, 1));
    assert_eq!(owners("image: 'acme/board:10.2.3', env_file: admin.txt", 64_321), 1);
}
