//! Itself.

use super::*;

#[test]
fn the_test_itself_finds_a_leak() {
    let marker = marker();
    let sandbox = Sandbox::new();
    plain(&sandbox, marker.value());
    // git in envward's place: it prints what it is asked to, and writes it to a file.
    sandbox.git(&["add", "--all"]);
    let cases: [(&[&str], i32, &[&str]); 4] = [
        (&["show", ":.env"], 0, &["plain in standard output"]),
        (&["show", marker.value()], 128, &["plain in standard error"]),
        (&["config", "some.key", marker.value()], 0, &["written to $SANDBOX/project/.git/config"]),
        (&["status"], 0, &[]),
    ];
    for (args, status, expected) in cases {
        let (output, leaks) = observe(&marker, &sandbox, sandbox.git_command("", args));
        assert_eq!(leaks, expected);
        assert_eq!(unexpected(&output, Some(status)), None);
    }
}
