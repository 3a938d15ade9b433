//! The model.

use super::*;
use crate::finding::Severity;

fn part(name: &str, severities: &[Severity], problems: &[(&str, u64)]) -> Part {
    let mut part = Part::new(name.to_owned(), "scan", jiff::civil::date(2026, 6, 30));
    part.repository = Some(name.to_owned());
    for severity in severities {
        let title = format!("{name} {}", severity.word());
        part.found.add(*severity, || Reason { severity: *severity, check: "a-check".to_owned(), title, path: None });
    }
    part.problems = problems.iter().map(|(kind, count)| ((*kind).to_owned(), *count)).collect();
    part.status = match (problems, severities) {
        ([], []) => Status::Clean,
        ([], _) => Status::Findings,
        _ => Status::Incomplete,
    };
    part
}

fn of(parts: impl IntoIterator<Item = Part>) -> Summary {
    let mut summary = Summary::default();
    parts.into_iter().for_each(|part| summary.add(part).unwrap());
    summary
}

fn names(summary: &Summary) -> Vec<&str> {
    summary.lines().map(|line| line.name.as_str()).collect()
}

fn some() -> Vec<Part> {
    use Severity::{Critical, Error, Note, Warning};
    vec![
        part("clean", &[], &[]),
        part("two errors", &[Error, Error], &[]),
        part("b critical", &[Warning, Critical], &[]),
        part("a critical", &[Critical, Warning], &[]),
        part("notes", &[Note; 90], &[]),
        part("broken", &[], &[("corrupt-object", 7), ("broken-ref", 1)]),
        part("broken, too", &[Error], &[("broken-ref", 2)]),
    ]
}

#[test]
fn the_most_severe_come_first_in_whatever_order_they_were_added() {
    let mut parts = some();
    let expected = ["a critical", "b critical", "two errors", "broken, too", "notes", "broken"];
    for _ in 0..parts.len() {
        parts.rotate_left(1);
        let summary = of(parts.clone());
        assert_eq!(names(&summary), expected);
        assert_eq!(summary.counts, Counts { critical: 2, error: 3, warning: 2, note: 90 });
        assert_eq!(summary.repositories, Repositories { clean: 1, findings: 4, incomplete: 2 });
        assert_eq!((summary.with_findings, summary.status()), (5, Status::Incomplete));
        let of_kind = |count, reports, first: &str| OfKind { count, reports, first: first.to_owned() };
        assert_eq!(summary.problems["broken-ref"], of_kind(3, 2, "broken"));
        assert_eq!(summary.problems["corrupt-object"], of_kind(7, 1, "broken"));
    }
}

#[test]
fn the_reason_is_the_first_of_the_most_severe_findings() {
    let summary = of(some());
    let titles: Vec<_> =
        summary.lines().filter_map(|line| line.reason.as_ref()).map(|one| one.title.as_str()).collect();
    let expected =
        ["a critical critical", "b critical critical", "two errors error", "broken, too error", "notes note"];
    assert_eq!(titles, expected);
}

#[test]
fn of_many_repositories_only_the_most_severe_are_kept() {
    let all = u64::try_from(MOST_LINES).unwrap() + 500;
    let name = |number: u64| format!("{number:05}");
    let parts = (0..all).map(|number| part(&name(number), &[Severity::Error], &[]));
    let mut summary = of(parts);
    summary.add(part("zzz", &[Severity::Critical], &[])).unwrap();
    assert_eq!((names(&summary).len(), summary.left_out()), (MOST_LINES, 501));
    assert_eq!((names(&summary)[0], names(&summary)[1], names(&summary)[MOST_LINES - 1]), ("zzz", "00000", "00998"));
    assert_eq!((summary.counts.error, summary.with_findings), (all, all + 1));
}

#[test]
fn many_kinds_of_problems_are_no_endless_list() {
    let kinds: Vec<String> = (0..3 * MOST_KINDS).map(|number| format!("kind-{number}")).collect();
    let problems: Vec<(&str, u64)> = kinds.iter().map(|kind| (kind.as_str(), 1)).collect();
    let summary = of([part("hostile", &[], &problems)]);
    assert_eq!(summary.problems.len(), MOST_KINDS + 1);
    assert_eq!(summary.problems.values().map(|of| of.count).sum::<u64>(), 3 * MOST_KINDS as u64);
}

#[test]
fn a_second_report_of_a_repository_counts_nothing() {
    let mut summary = of(some());
    let before = (summary.counts, summary.repositories, summary.problems.clone());
    assert_eq!(summary.add(part("clean", &[Severity::Critical], &[("broken-ref", 1)])), Err(Repeated));
    assert_eq!((summary.counts, summary.repositories, summary.problems), before);
}

#[test]
fn nothing_that_was_not_examined_is_clean() {
    assert_eq!(of([part("a", &[], &[])]).status(), Status::Clean);
    let without_a_word = Part { status: Status::Incomplete, ..part("a", &[], &[]) };
    assert_eq!(of([without_a_word]).status(), Status::Incomplete);
    let mut unread = of([part("a", &[], &[])]);
    unread.add_unread(Problem::whole(ProblemKind::NoReport));
    assert_eq!(unread.status(), Status::Incomplete);
    let mut unsearched = of([part("a", &[], &[])]);
    unsearched.add_problem(&Problem::whole(ProblemKind::NoRepositories));
    assert_eq!((unsearched.status(), unsearched.is_silent()), (Status::Incomplete, false));
}

/// What is read of a text: the names of the parts, and the kinds of what is none.
fn readings(text: &[u8]) -> (Vec<String>, Vec<ProblemKind>) {
    let (mut names, mut kinds) = (Vec::new(), Vec::new());
    read(text, &"in".into(), &mut |_, reading| match reading {
        Reading::Part(part) => names.push(part.name),
        Reading::Unread(problem) => kinds.push(problem.kind),
    });
    (names, kinds)
}

fn written(name: &str) -> String {
    format!(
        "{{\"schema\":\"envward.report/1\",\"command\":\"scan\",\"repository\":\"{name}\",\"as_of\":\"2026-06-30\",\
         \"status\":\"findings\",\"findings\":[{{\"check\":\"a\",\"severity\":\"error\",\"title\":\"{{\\\"t\\\"}}\"}}],\
         \"problems\":[]}}"
    )
}

/// The report behind one that was cut off is read, wherever that was; and a part of a report is never a report.
#[test]
fn every_truncation_is_told_and_hides_nothing() {
    let line = written("one");
    let value: serde_json::Value = serde_json::from_str(&line).unwrap();
    for whole in [line.clone(), serde_json::to_string_pretty(&value).unwrap(), serde_json::to_string(&value).unwrap()] {
        for at in 1..whole.len() {
            let part = whole.get(..at).unwrap();
            let (names, kinds) = readings(format!("{part}\n{}\n", written("two")).as_bytes());
            assert_eq!((names, kinds.len()), (vec!["two".to_owned()], 1), "{part}");
            let (names, kinds) = readings(part.as_bytes());
            assert_eq!((names.len(), kinds.len()), (0, 1), "{part}");
        }
        let (names, kinds) = readings(format!("{whole}\n{}\n", written("two")).as_bytes());
        assert_eq!((names, kinds), (vec!["one".to_owned(), "two".to_owned()], vec![]));
    }
}

/// A changed byte makes it another report or none, and never hides the next one.
#[test]
fn every_changed_byte_is_harmless() {
    let whole = written("one");
    for at in 0..whole.len() {
        for byte in [b'{', b'}', b'"', b'\\', b'\n', 0, 0xff, b'9'] {
            let mut bytes = whole.clone().into_bytes();
            bytes[at] = byte;
            bytes.extend_from_slice(format!("\n{}\n", written("two")).as_bytes());
            let (names, _) = readings(&bytes);
            assert_eq!(names.last().map(String::as_str), Some("two"), "byte {at}: {byte}");
        }
    }
}
