//! The way out.

use super::*;

#[test]
fn output_that_cannot_be_written() {
    let sandbox = with_rest();
    for format in crate::common::canary::FORMATS {
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
