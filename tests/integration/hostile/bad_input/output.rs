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
    for arguments in [
        "check",
        "check --format json",
        "scan",
        "scan --summary",
        "scan --format jsonl",
        "summary x",
        "explain --all",
        "completions bash",
        "man",
        "--help",
    ] {
        // It is certain to be gone when a write fails.
        let wait = "trap '' PIPE; while echo x 2>/dev/null; do :; done";
        let line = format!("{{ {wait}; '{}' {arguments}; echo $? >&2; }} | true", env!("CARGO_BIN_EXE_envward"));
        let output = sandbox.shell(&line).run().code(0);
        assert!(output.stderr.ends_with("2\n"), "{arguments}: {}", output.stderr);
        assert!(!output.stderr.contains("broke at"), "{arguments}: {}", output.stderr);
    }
}

/// With too few descriptors or too little memory the answer is the whole one, or none: never a shorter one that looks whole.
#[test]
fn what_the_system_has_too_little_of() {
    let sandbox = with_rest();
    sandbox.git(&["init"]);
    sandbox.git(&["add", "--force", "."]);
    sandbox.git(&["commit", "-m", "add"]);
    for command in ["check", "scan", "preflight"] {
        let run = |limit: &str| {
            // The shell gives a signal a status.
            let line = format!("{limit}'{}' {command} --format json; exit $?", env!("CARGO_BIN_EXE_envward"));
            sandbox.shell(&line).run()
        };
        let whole = run("");
        assert_eq!(whole.code, 1);
        let mut incomplete = 0;
        for limit in [
            "ulimit -n 4; ",
            "ulimit -n 5; ",
            "ulimit -n 6; ",
            "ulimit -n 12; ",
            "ulimit -v 40000; ",
            "ulimit -v 200000; ",
        ] {
            let output = run(limit);
            assert!(!output.stderr.contains("panicked") && !output.stderr.contains("broke at"), "{}", output.stderr);
            match output.code {
                1 => assert_eq!(output.stdout, whole.stdout, "{command} {limit}"),
                0 => panic!("{command} {limit}: clean"),
                2 => incomplete += 1,
                // Ended by a signal: the loader's, or where no memory is left at all.
                _ => assert!(limit.contains("-v"), "{command} {limit}: {}: {}", output.code, output.stderr),
            }
        }
        assert!(incomplete > 0, "{command}: some limit is too low");
    }
}
