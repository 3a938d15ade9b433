//! `--format jsonl`.

use super::*;

#[test]
fn a_whole_report_for_each_repository() {
    let sandbox = mirrors();
    let output = sandbox.envward(&["scan", "--recursive", "mirrors", "--format", "jsonl"]).code(2);
    let reports = reports(&output.stdout);
    let told: Vec<(String, String, Vec<String>, Vec<String>)> = reports
        .iter()
        .map(|one| {
            let word = |name: &str| one[name].as_str().unwrap().to_owned();
            (word("repository"), word("status"), findings(one), problems(one))
        })
        .collect();
    let of = |name: &str, status: &str, found: &[&str], problems: &[&str]| {
        let list = |list: &[&str]| list.iter().map(|line| (*line).to_owned()).collect();
        (format!("mirrors/{name}.git"), status.to_owned(), list(found), list(problems))
    };
    assert_eq!(
        told,
        [
            of("api", "findings", &["error env-file-in-history 0.env", "error env-file-in-history 1.env"], &[]),
            of("broken", "incomplete", &[], &["broken-ref mirrors/broken.git/refs/heads/x"]),
            of("clean", "clean", &[], &[]),
            of("odd", "incomplete", &["error env-file-in-history 0.env"], &["broken-ref mirrors/odd.git/refs/heads/x"]),
            of("web", "findings", &["error env-file-in-history 0.env"], &[]),
            of("zero", "clean", &[], &[]),
        ]
    );
    let place = &reports[0]["findings"][0]["repository"];
    assert_eq!(place, "mirrors/api.git");
    let exit_zero = sandbox.envward(&["scan", "mirrors/api.git", "mirrors/web.git", "--format=jsonl", "--exit-zero"]);
    assert_eq!(exit_zero.code(0).stdout.lines().count(), 2);
}

/// The lines say what the one report about all says.
#[test]
fn the_lines_are_the_one_report_in_parts() {
    let sandbox = mirrors();
    let whole = sandbox.envward(&["scan", "--recursive", "mirrors", "--format", "json"]).code(2).json();
    let lines = sandbox.envward(&["scan", "--recursive", "mirrors", "--format", "jsonl"]).code(2);
    let reports = reports(&lines.stdout);
    for list in ["findings", "problems", "hidden", "accepted", "unused_ignores"] {
        let parts: Vec<Value> = reports.iter().flat_map(|one| one[list].as_array().unwrap().clone()).collect();
        assert_eq!(Value::from(parts), whole[list], "{list}");
    }
    let commits: u64 = reports.iter().map(|one| one["examined"]["commits"].as_u64().unwrap()).sum();
    assert_eq!(whole["examined"]["commits"], commits);
}

#[test]
fn what_is_no_repository_and_what_cannot_be_searched() {
    let sandbox = mirrors();
    sandbox.mkdir("nothing", 0o755);
    let output = sandbox.envward(&["scan", "mirrors/api.git", "nothing", "nowhere", "--format", "jsonl"]).code(2);
    let told: Vec<_> = reports(&output.stdout).iter().map(|one| (one["repository"].clone(), problems(one))).collect();
    let of = |name: &str, problem: &str| (Value::from(name), vec![problem.to_owned()]);
    assert_eq!(told[0].1, [""; 0]);
    assert_eq!(told[1..], [of("nothing", "not-a-repository nothing"), of("nowhere", "unreadable-path nowhere")]);
    let output = sandbox.envward(&["scan", "--recursive", "mirrors", "nothing", "--format", "jsonl"]).code(2);
    let last = output.stdout.lines().last().unwrap();
    let last = validate(REPORT, last);
    assert_eq!((&last["repository"], problems(&last)), (&Value::Null, vec!["no-repositories nothing".to_owned()]));
}

/// A reader does not wait for the repositories that come later.
#[test]
fn a_line_is_there_as_soon_as_its_repository_was_scanned() {
    use std::io::{BufRead as _, BufReader, Read as _};
    let sandbox = mirrors();
    let mut command = sandbox.command(&["scan", "--recursive", "mirrors", "--format", "jsonl"]).into_command();
    let mut child = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::with_capacity(1, child.stdout.take().unwrap());
    let mut first = String::new();
    lines.read_line(&mut first).unwrap();
    assert_eq!(validate(REPORT, &first)["repository"], "mirrors/api.git");
    let mut rest = String::new();
    lines.read_to_string(&mut rest).unwrap();
    assert_eq!((rest.lines().count(), child.wait().unwrap().code()), (5, Some(2)));
}

#[test]
fn a_mistake_is_a_line_too() {
    let sandbox = mirrors();
    for args in [
        &["scan", "--format", "jsonl", "--range", "a..b"][..],
        &["scan", "--format", "jsonl", "--as-of", "x"],
        &["scan", "--format=jsonl", "--jobs", "0"],
        &["scan", "--recursive", "nowhere", "--format=jsonl"],
    ] {
        let output = sandbox.envward(args).code(2);
        assert_eq!(output.stdout.lines().count(), 1, "{}", output.stdout);
        assert_eq!(validate(REPORT, &output.stdout)["status"], "incomplete");
    }
    // Other commands have no lines.
    assert!(sandbox.envward(&["check", "--format", "jsonl"]).code(2).stderr.contains("--format"));
}

/// The example of docs/many-repositories.md with xargs, as it is written there.
#[test]
fn the_example_with_xargs_works() {
    let page = crate::common::own_file("docs/many-repositories.md");
    let block = page.split("```sh\n").find(|block| block.contains("xargs -0")).unwrap();
    let script = block.split("```").next().unwrap();
    let sandbox = mirrors();
    // One that needs a quoted name.
    mirror(&sandbox, "a b'c", &[]);
    let bin = std::path::Path::new(env!("CARGO_BIN_EXE_envward")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let shown = sandbox.shell(script).env("PATH", &path).run().code(2).stdout;
    std::fs::remove_dir_all(sandbox.path("work")).unwrap();
    assert_eq!(shown, sandbox.envward(&["scan", "--recursive", "mirrors", "--summary"]).code(2).stdout);
    assert_eq!(std::fs::read_dir(sandbox.path("night")).unwrap().count(), 7);
    let machines = page.split("```sh\n").find(|block| block.contains("split --number")).unwrap();
    let machines = machines.split("```").next().unwrap();
    sandbox.file("repositories.txt", 0o644, EVERY.map(|name| format!("mirrors/{name}.git\n")).concat());
    for machine in ["1", "2"] {
        let run = sandbox.shell(machines).env("PATH", &path).env("MACHINE", machine).env("MACHINES", "2");
        assert_eq!(run.run().code, 123);
    }
    let lines =
        ["1", "2"].map(|machine| std::fs::read_to_string(sandbox.path(format!("night/{machine}.jsonl"))).unwrap());
    assert_eq!(lines.map(|lines| reports(&lines).len()), [3, 3]);
}

/// A command for one of several repositories changes no other one, wherever it is typed.
#[test]
fn commands_are_for_the_repository_of_their_finding() {
    let sandbox = Sandbox::new();
    for name in [".", "a b", "c"] {
        sandbox.git(&["init", "-q", name]);
        sandbox.file(format!("{name}/.env"), 0o600, fill("DB_PASSWORD={password}\n"));
        sandbox.git_in(name, &["add", "-f", ".env"]);
        sandbox.git_in(name, &["commit", "-qm", "add"]);
    }
    let report = sandbox.envward(&["scan", "a b", "c", "--format", "json"]).code(1).json();
    let helps = report["findings"].as_array().unwrap().iter().map(|one| one["help"].as_str().unwrap());
    let helps: Vec<&str> = helps.filter(|help| help.contains("git ") || help.contains("--advice")).collect();
    for dir in ["'a b'", "c"] {
        assert!(helps.iter().any(|help| help.contains(&format!("git -C {dir} rm --cached -f :/.env"))), "{helps:?}");
        assert!(helps.iter().any(|help| help.ends_with(&format!("envward scan --advice {dir}"))), "{helps:?}");
    }
    let alone = sandbox.envward(&["scan", "--format", "json"]).code(1).stdout;
    assert!(alone.contains("git rm --cached -f :/.env") && !alone.contains("git -C"), "{alone}");
}
