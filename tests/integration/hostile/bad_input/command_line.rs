//! The command line.

use super::*;

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
