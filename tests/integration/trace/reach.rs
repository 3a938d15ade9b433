//! Who can read a place decides how severe it is.

use super::*;
use crate::common::{own_uid_is_root, set_access_list, skip_without_root};

/// A project below a directory that everybody can pass.
fn open_project() -> Sandbox {
    let sandbox = project();
    set_mode(sandbox.root(), 0o755);
    sandbox
}

#[track_caller]
fn judged(sandbox: &Sandbox, path: &str) -> (String, String) {
    let report = sandbox.envward(&["trace", path, "--format", "json"]).json();
    let one = &report["findings"][0];
    (one["severity"].as_str().unwrap().to_owned(), one["facts"]["reach"].as_str().unwrap().to_owned())
}

fn pair(one: &str, other: &str) -> (String, String) {
    (one.to_owned(), other.to_owned())
}

#[test]
fn by_the_mode_and_every_directory_above() {
    let sandbox = open_project();
    let private = if own_uid_is_root() { pair("note", "root") } else { pair("warning", "owner") };
    for (path, mode) in [("open", 0o644), ("private", 0o600), ("d/open", 0o644)] {
        sandbox.file(path, mode, value());
    }
    assert_eq!(judged(&sandbox, "open"), pair("critical", "everyone"));
    assert_eq!(judged(&sandbox, "private"), private);
    sandbox.mkdir("d", 0o755);
    assert_eq!(judged(&sandbox, "d/open"), pair("critical", "everyone"));
    sandbox.mkdir("d", 0o711);
    assert_eq!(judged(&sandbox, "d/open"), pair("critical", "everyone"));
    sandbox.mkdir("d", 0o700);
    assert_eq!(judged(&sandbox, "d/open"), private);
    set_mode(sandbox.root(), 0o700);
    assert_eq!(judged(&sandbox, "open"), private);
}

#[test]
fn a_web_root_is_everybodys_whatever_its_mode() {
    let sandbox = project();
    sandbox.file("public_html/dump.sql", 0o600, value());
    assert_eq!(judged(&sandbox, "public_html/dump.sql"), pair("critical", "web"));
}

#[test]
fn an_access_list_lets_another_account_read() {
    let sandbox = open_project();
    sandbox.file("listed", 0o600, value());
    if set_access_list(&sandbox.path("listed"), "system.posix_acl_access").is_err() {
        return crate::common::skip("the file system of the temporary directory keeps no access lists");
    }
    assert_eq!(judged(&sandbox, "listed"), pair("error", "other-user"));
}

#[test]
fn groups_and_other_owners() {
    if !own_uid_is_root() {
        return skip_without_root("files of other accounts");
    }
    let sandbox = open_project();
    let give = |path: &str, user: u32, group: u32| {
        std::os::unix::fs::chown(sandbox.path(path), Some(user), Some(group)).unwrap();
    };
    for path in ["of-group", "of-roots-group", "of-other"] {
        sandbox.file(path, 0o640, value());
    }
    give("of-group", 0, 54_321);
    assert_eq!(judged(&sandbox, "of-group"), pair("error", "group"));
    give("of-roots-group", 0, 0);
    assert_eq!(judged(&sandbox, "of-roots-group"), pair("note", "root"));
    give("of-other", 54_321, 0);
    set_mode(&sandbox.path("of-other"), 0o600);
    assert_eq!(judged(&sandbox, "of-other"), pair("error", "other-user"));
    // A project of another account: what that account alone reads is its owner's.
    give("", 54_321, 54_321);
    assert_eq!(judged(&sandbox, "of-other"), pair("warning", "owner"));
}
