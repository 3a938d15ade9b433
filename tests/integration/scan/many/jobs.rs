//! `--jobs`.

use super::*;

/// What is printed does not depend on how many repositories are scanned at once; of lines, the order does.
#[test]
fn the_answer_does_not_depend_on_the_jobs() {
    let sandbox = mirrors();
    // Another work tree of one repository: which of them is examined whole is decided by their order alone.
    sandbox.git(&["clone", "-q", "mirrors/api.git", "mirrors/work"]);
    sandbox.git_in("mirrors/work", &["worktree", "add", "-q", "../linked"]);
    for format in [&["--format", "json"][..], &["--format", "text"], &["--summary"], &["--summary", "--format", "json"]]
    {
        let run = |jobs: &str| {
            let args = [&["scan", "--recursive", "mirrors", "--jobs", jobs], format].concat();
            sandbox.envward(&args).code(2).stdout
        };
        let alone = run("1");
        assert!(!alone.is_empty());
        for jobs in ["2", "3", "200"] {
            assert_eq!(run(jobs), alone, "{format:?} {jobs}");
        }
    }
    let lines = |jobs: &str| {
        let args = ["scan", "--recursive", "mirrors", "--format", "jsonl", "--jobs", jobs];
        let output = sandbox.envward(&args).code(2);
        let mut lines: Vec<String> = output.stdout.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(lines("1"), lines("3"));
}

#[test]
fn there_is_at_least_one_job() {
    let sandbox = mirrors();
    for jobs in ["0", "-1", "x", "257"] {
        assert!(sandbox.envward(&["scan", &format!("--jobs={jobs}")]).code(2).stderr.contains("--jobs"), "{jobs}");
    }
}

#[test]
fn a_reader_that_is_gone_ends_all_jobs() {
    let sandbox = mirrors();
    let wait = "trap '' PIPE; while echo x 2>/dev/null; do :; done";
    let own = env!("CARGO_BIN_EXE_envward");
    let line = format!("{{ {wait}; '{own}' scan --recursive mirrors --jobs 3 --format jsonl; echo $? >&2; }} | true");
    let output = sandbox.shell(&line).run().code(0);
    assert!(output.stderr.ends_with("2\n") && !output.stderr.contains("broke at"), "{}", output.stderr);
}
