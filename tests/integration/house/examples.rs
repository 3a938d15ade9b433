//! Every example of every check, on the real binary: what the documentation shows is what happens.

use crate::common::{Sandbox, TODAY};
use envward::check::{Check, Example, Kind, Severity, Step};
use envward::checks;
use serde_json::Value;

#[test]
fn every_example_is_judged_as_documented() {
    let mut wrong = Vec::new();
    for check in checks::ALL.iter() {
        for (is_bad, examples) in [(true, check.bad), (false, check.good)] {
            for example in examples {
                if let Some(what) = judge(check, example, is_bad) {
                    let name = if is_bad { "bad" } else { "good" };
                    wrong.push(format!("{}: {name} example, {}: {what}", check.id, example.about));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} examples are wrong\n\n{}", wrong.len(), wrong.join("\n\n"));
}

/// What is wrong with the judgement of an example. A bad one is found by one of the check's commands at least; a good
/// one by none, and everything of it can be examined.
fn judge(check: &Check, example: &Example, is_bad: bool) -> Option<String> {
    let sandbox = Sandbox::new();
    if !sandbox.run_steps(example.steps) {
        return None;
    }
    let mut found = Vec::new();
    for command in commands(check, example) {
        let run = sandbox.command(&[command, &["--format", "json", "--as-of", &day(example)]].concat());
        let input = std::fs::read(sandbox.path("standard-input")).unwrap_or_default();
        let output = run.stdin_bytes(input).run();
        let Ok(report) = serde_json::from_str::<Value>(&output.stdout) else {
            return Some(format!("`{}` printed no report\n{}{}", command.join(" "), output.stdout, output.stderr));
        };
        if report["schema"] != "envward.report/1" {
            return Some(format!("the schema is {}", report["schema"]));
        }
        if !is_bad && output.code == 2 {
            return Some(format!("not everything could be examined: {:#}", report["problems"]));
        }
        if let Some(graver) = graver(&report) {
            return Some(graver);
        }
        found.extend(ids(&report));
    }
    let is_found = found.iter().any(|id| id == check.id);
    (is_found != is_bad).then(|| format!("found {found:?}"))
}

/// The day for which an example is judged.
fn day(example: &Example) -> String {
    let later = example.steps.iter().find_map(|step| match step {
        Step::Later(days) => Some(i64::from(*days)),
        _ => None,
    });
    let today = || jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
    later.map_or_else(|| TODAY.to_owned(), |days| today().saturating_add(jiff::Span::new().days(days)).to_string())
}

/// A finding that is more severe than its check's documentation says at most.
fn graver(report: &Value) -> Option<String> {
    let words = [Severity::Note, Severity::Warning, Severity::Error, Severity::Critical].map(Severity::word);
    report["findings"].as_array()?.iter().find_map(|finding| {
        let (id, severity) = (finding["check"].as_str()?, finding["severity"].as_str()?);
        let most = checks::find(id)?.severity.word();
        let place = |word| words.iter().position(|known| *known == word);
        (place(severity) > place(most)).then(|| format!("{id} is {severity} here, and {most} at most"))
    })
}

fn commands(check: &Check, example: &Example) -> Vec<&'static [&'static str]> {
    let staged: &[&str] = &["scan", "--staged"];
    let in_git = example.steps.iter().any(|step| matches!(step, Step::Git(_)));
    let has_staged = check.kinds.iter().any(|kind| matches!(kind, Kind::Staged | Kind::Value)) && in_git;
    let deployed = [Kind::Compose, Kind::Dockerfile, Kind::Settings, Kind::Deployment];
    let is_deployed = check.kinds.iter().any(|kind| deployed.contains(kind));
    let inspect: &[&str] = &["preflight", "--inspect", "inspect.json"];
    let is_running = check.kinds.iter().any(|kind| matches!(kind, Kind::Container | Kind::Image));
    let scanned: &[&str] = &["preflight", "--scan-report", "scan.json"];
    let is_scan = check.kinds.contains(&Kind::Scan);
    let is_of = |kind| check.kinds.contains(&kind);
    let traced = [Kind::Disk, Kind::Process, Kind::SavedImage, Kind::Stream];
    let is_checked = !is_deployed && !is_running && !is_scan && !traced.into_iter().any(is_of);
    [
        (is_checked, &["check"][..]),
        (is_deployed, &["preflight"]),
        (is_running, inspect),
        (is_scan, scanned),
        (has_staged, staged),
        (is_of(Kind::Disk), &["trace"]),
        (is_of(Kind::Process), &["trace", "--processes", ".env"]),
        (is_of(Kind::SavedImage), &["trace", "image.tar"]),
        (is_of(Kind::Stream), &["trace", "-"]),
    ]
    .into_iter()
    .filter(|(is_wanted, _)| *is_wanted)
    .map(|(_, command)| command)
    .collect()
}

fn ids(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().expect("a list of findings");
    findings.iter().map(|finding| finding["check"].as_str().expect("a check's id").to_owned()).collect()
}
