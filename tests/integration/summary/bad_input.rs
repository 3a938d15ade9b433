//! What is no report: it is named, the rest is shown, and the status is 2.

use super::*;
use crate::common::canary::marker;

/// What is told of inputs that could not be read: kind and path.
fn unread(summary: &Value) -> Vec<String> {
    let of = |one: &Value| format!("{} {}", one["kind"].as_str().unwrap(), one["path"].as_str().unwrap());
    summary["unread"].as_array().unwrap().iter().map(of).collect()
}

/// The lines of two repositories, one of them with findings.
fn two(sandbox: &Sandbox) -> [String; 2] {
    let scan = |path: &str| sandbox.envward(&["scan", path, "--format", "jsonl"]).stdout;
    [scan("mirrors/api.git"), scan("mirrors/zero.git")]
}

#[track_caller]
fn is_told(sandbox: &Sandbox, text: impl AsRef<[u8]>, expected: &[&str], repositories: u64) {
    sandbox.file("in.jsonl", 0o600, text);
    let summary = json(sandbox, &["in.jsonl"], 2);
    assert_eq!(
        (unread(&summary), summary["repositories"]["all"].as_u64()),
        (expected.iter().map(|line| (*line).to_owned()).collect(), Some(repositories))
    );
}

#[test]
fn what_is_no_report_hides_nothing_of_the_rest() {
    let sandbox = mirrors();
    let [api, zero] = two(&sandbox);
    let half = &api[..api.len() / 2];
    let newer = zero.replace("report/1", "report/2");
    for (text, expected, repositories) in [
        (String::new(), "empty-report in.jsonl", 0),
        (" \n\n".into(), "empty-report in.jsonl", 0),
        (format!("text\n{api}{zero}"), "no-report in.jsonl", 2),
        (format!("{api}text\n{zero}"), "cut-report in.jsonl", 1),
        (format!("{{}}\n{api}{zero}"), "no-report in.jsonl", 2),
        (format!("{{\"schema\":\"envward.fleet/1\"}}\n{api}{zero}"), "no-report in.jsonl", 2),
        (format!("{api}{newer}"), "newer-report in.jsonl line 2", 1),
        (format!("{api}{{\"schema\":\"envward.report/12\",\"findings\":7}}\n"), "newer-report in.jsonl line 2", 1),
        (format!("{half}\n{zero}"), "cut-report in.jsonl", 1),
        (format!("{zero}{half}"), "cut-report in.jsonl line 2", 1),
        // Cut off without a line break: the report behind it on the same line is lost, too, and the next one is not.
        (format!("{half}{zero}{api}"), "cut-report in.jsonl", 1),
        (format!("{api}{zero}{api}"), "repeated-report in.jsonl line 3", 2),
        (format!("{api}{}", zero.replace("clean\"", "fine\"")), "cut-report in.jsonl line 2", 1),
        (format!("{zero}{}", api.replace("\"error\"", "\"terrible\"")), "cut-report in.jsonl line 2", 1),
        (format!("{api}{}", zero.replace("\"findings\":[]", "\"findings\":{}")), "cut-report in.jsonl line 2", 1),
        (format!("{api}{}", zero.replace("as_of\":\"2", "as_of\":\"x")), "cut-report in.jsonl line 2", 1),
    ] {
        is_told(&sandbox, &text, &[expected], repositories);
    }
    // Pretty, and cut off anywhere.
    let pretty = sandbox.envward(&["scan", "mirrors/api.git", "--format", "json"]).code(1).stdout;
    for at in [pretty.len() / 3, pretty.len() / 2, pretty.len() - 3] {
        is_told(&sandbox, format!("{}\n{zero}", &pretty[..at]), &["cut-report in.jsonl"], 1);
    }
}

#[test]
fn the_first_report_of_a_repository_counts() {
    let sandbox = mirrors();
    let [api, _] = two(&sandbox);
    sandbox.file("a.jsonl", 0o600, &api);
    sandbox.file("b.jsonl", 0o600, api.replace("\"error\"", "\"critical\""));
    let summary = json(&sandbox, &["a.jsonl", "b.jsonl"], 2);
    assert_eq!(
        (unread(&summary), &summary["findings"]["error"]),
        (vec!["repeated-report b.jsonl".to_owned()], &2.into())
    );
    let text = sandbox.envward(&["summary", "a.jsonl", "b.jsonl"]).code(2).stdout;
    let said = "  b.jsonl is a second report of the same repository, and was not counted\n";
    assert!(text.contains(said) && text.contains("  mirrors/api.git: 2 errors\n"), "{text}");
}

#[test]
fn files_that_cannot_be_read() {
    let sandbox = mirrors();
    let [api, _] = two(&sandbox);
    sandbox.file("a.jsonl", 0o600, &api);
    sandbox.mkdir("directory", 0o755);
    let summary = json(&sandbox, &["nowhere", "directory", "a.jsonl"], 2);
    assert_eq!(unread(&summary), ["unreadable-path nowhere", "unreadable-path directory"]);
    assert_eq!(summary["findings"]["error"], 2);
    assert!(sandbox.envward(&["summary"]).code(2).stderr.contains("FILE"));
}

/// What somebody made to use up memory or to stop the parser.
#[test]
fn hostile_input_is_bounded() {
    let sandbox = mirrors();
    let [api, zero] = two(&sandbox);
    let deep = format!("{{\"schema\":\"envward.report/1\",\"x\":{}", "[".repeat(100_000));
    is_told(&sandbox, format!("{deep}\n{zero}"), &["cut-report in.jsonl"], 1);
    let long = zero.replace("mirrors/zero.git", &"x".repeat(70_000));
    is_told(&sandbox, format!("{long}{api}"), &["too-large in.jsonl"], 1);
    let bytes = [b"\xff\xfe{\0".as_slice(), &[0; 10_000], b"\n", zero.as_bytes()].concat();
    is_told(&sandbox, bytes, &["no-report in.jsonl"], 1);
    let numbers = zero.replace("\"commits\":1", "\"commits\":18446744073709551615");
    let other = numbers.replace("zero", "other");
    sandbox.file("in.jsonl", 0o600, numbers + &other);
    assert_eq!(json(&sandbox, &["in.jsonl"], 0)["examined"]["commits"], u64::MAX);
    let words: String = (0..500).map(|number| format!("{{\"kind\":\"k{number}\"}},")).collect();
    let kinds = zero.replace("\"problems\":[]", &format!("\"problems\":[{}]", words.trim_end_matches(',')));
    sandbox.file("in.jsonl", 0o600, kinds);
    let summary = json(&sandbox, &["in.jsonl"], 2);
    assert!(summary["problems"].as_array().unwrap().len() <= 201);
    let many: String = (0..300).map(|number| format!("{{\"schema\":\"{number}\"}}\n")).collect();
    sandbox.file("in.jsonl", 0o600, many);
    let summary = json(&sandbox, &["in.jsonl"], 2);
    assert_eq!((summary["unread"].as_array().unwrap().len(), &summary["unread_count"]), (100, &300.into()));
    assert!(sandbox.envward(&["summary", "in.jsonl"]).code(2).stdout.lines().count() <= 24);
}

/// Names come from other machines.
#[test]
fn names_cannot_move_the_terminal() {
    let sandbox = mirrors();
    let [api, _] = two(&sandbox);
    let name = "\\u001b[2J\\n\\u202ex".to_owned() + &"y".repeat(200);
    let text =
        api.replace("mirrors/api.git", &name).replace("this file", "\\u001b]0;title\\u0007").replace("0.env", &name);
    sandbox.file("in.jsonl", 0o600, text);
    let screen = sandbox.envward(&["summary", "in.jsonl"]).code(1).stdout;
    assert!(!screen.chars().any(|one| (one.is_control() && one != '\n') || one == '\u{202e}'), "{screen:?}");
    let is_command = |line: &str| line.starts_with("-> see one: envward scan ");
    assert!(screen.lines().all(|line| line.chars().count() <= 80 || is_command(line)), "{screen}");
    let json = sandbox.envward(&["summary", "in.jsonl", "--format", "json"]).code(1).stdout;
    assert!(!json.chars().any(|one| (one.is_control() && one != '\n') || one == '\u{202e}'), "{json:?}");
}

/// What is no report is never shown: it may be an env file.
#[test]
fn nothing_of_what_is_no_report_is_shown() {
    let sandbox = Sandbox::new();
    let marker = marker();
    let value = marker.value();
    for text in [
        format!("DB_PASSWORD={value}\n"),
        format!("{{\"schema\":\"envward.report/1\",\"status\":\"{value}\",\"{value}\":1}}\n"),
        format!("{{\"schema\":\"{value}\"}}\n"),
        format!("{{\"schema\":\"envward.report/1\",\"command\":\"{value}"),
        format!("{{{value}}}\n"),
    ] {
        sandbox.file(".env", 0o600, text);
        for format in ["text", "json"] {
            let output = sandbox.envward(&["summary", "--format", format, ".env"]).code(2);
            assert_eq!(
                marker.find(output.stdout.as_bytes()).or(marker.find(output.stderr.as_bytes())),
                None,
                "{format}"
            );
        }
    }
}

#[test]
fn a_mistake_on_the_command_line_is_told_in_the_schema_of_the_command() {
    let sandbox = Sandbox::new();
    for (args, schema) in [
        (&["summary", "--format", "json", "--bogus"][..], "envward.summary/1"),
        (&["scan", "--summary", "--format", "json", "--bogus"], "envward.summary/1"),
        (&["scan", "--format", "json", "--bogus"], "envward.report/1"),
    ] {
        let told: Value = serde_json::from_str(&sandbox.envward(args).code(2).stdout).unwrap();
        assert_eq!(told["schema"], schema, "{args:?}");
    }
}
