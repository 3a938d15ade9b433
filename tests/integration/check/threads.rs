//! How many processors there are changes no report.

use crate::common::fill::fill;
use crate::common::{Sandbox, skip};

/// Bound to one processor, on which all is done by one thread.
const ALONE: &str = "taskset -c $(taskset -cp $$ | sed 's/.*: *//; s/[-,].*//')";

#[test]
fn one_processor_and_many_give_the_same_report() {
    let sandbox = Sandbox::new();
    if !sandbox.shell("taskset -V && test $(nproc) -gt 1").run().stdout.contains("taskset") {
        return skip("no taskset, or one processor");
    }
    sandbox.git(&["init", "-q"]);
    for number in 0..200 {
        let dir = format!("service{number}");
        sandbox.mkdir(&dir, 0o755);
        let text = match number % 4 {
            0 => fill("DB_PASSWORD={hex64}\n"),
            1 => "DB_PASSWORD=changeme\nDB_PASSWORD=\n".to_owned(),
            2 => fill(&format!("JWT_SECRET={{hex64}}\nN={number}\nNOT A LINE\n")),
            _ => "DB_PASSWORD=${OTHER}\n".to_owned(),
        };
        sandbox.file(format!("{dir}/.env"), if number % 3 == 0 { 0o644 } else { 0o600 }, text);
        let compose =
            format!("services:\n  app{number}:\n    image: app\n    env_file: .env\n    ports: ['{number}:80']\n");
        sandbox.file(format!("{dir}/compose.yaml"), 0o644, compose);
        if number % 50 == 0 {
            // What cannot be read is told where it stands, too.
            sandbox.fifo(format!("{dir}/.env.local"));
            sandbox.git(&["add", "-f", &format!("{dir}/.env")]);
            sandbox.git(&["commit", "-q", "-m", &format!("commit {number}")]);
        }
    }
    for command in ["check --format json", "check --all", "scan --format json", "preflight --format json"] {
        let run = |before: &str| {
            let line = format!("{before} {} {command}", env!("CARGO_BIN_EXE_envward"));
            let output = sandbox.shell(&line).run();
            assert!([1, 2].contains(&output.code) && output.stdout.contains("service50/.env"), "{line}: {output:?}");
            (output.code, output.stdout)
        };
        let alone = run(ALONE);
        for _ in 0..3 {
            assert_eq!(run(""), alone, "{command}");
        }
    }
}
