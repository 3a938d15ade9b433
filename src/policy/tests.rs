use std::num::NonZeroU32;

use globset::Glob;

use super::*;
use crate::problem::ProblemKind;

const DAY: Date = Date::constant(2027, 3, 1);

fn accepting(problem: ProblemKind, path: &str, until: Option<Date>) -> Config {
    let path = Some(Glob::new(path).unwrap().compile_matcher());
    let accept = Accept { problem, path, reason: "known".to_owned(), until, line: NonZeroU32::MIN };
    Config { accepts: vec![accept], ..Config::default() }
}

/// The configuration belongs to the repository, which must not be able to declare itself clean.
#[test]
fn an_accepted_problem_is_of_its_kind_at_its_path_until_its_day() {
    use ProblemKind::{CorruptObject, NotAFile, UnreadablePath};
    for (accepted, path, until, is_open) in [
        (UnreadablePath, "data/**", None, false),
        (UnreadablePath, "data/**", Some(DAY), false),
        (UnreadablePath, "data/**", Some(DAY.yesterday().unwrap()), true),
        (UnreadablePath, "other/**", None, true),
        (NotAFile, "data/**", None, true),
    ] {
        let problem = Problem::at(UnreadablePath, RelPath::from("data/.env"));
        let open = open_problems(vec![problem], &accepting(accepted, path, until), DAY);
        assert_eq!(!open.is_empty(), is_open, "{accepted:?} {path} {until:?}");
    }
    let corrupt = Problem::at(CorruptObject, RelPath::from("data/.env"));
    let open = open_problems(vec![corrupt.clone(), corrupt], &accepting(CorruptObject, "**", None), DAY);
    assert_eq!(open.len(), 1, "told once, and not accepted");
}

fn finding(severity: Severity, path: &str) -> Finding {
    let origin = Origin::Worktree(RelPath::from(path));
    Finding::new(&unused_ignore::CHECK, origin, "what", "help").severity(severity)
}

fn report(findings: Vec<Finding>) -> Report {
    let config = Config::default();
    let policy =
        ReportPolicy { config: &config, today: DAY, command: "check", fail_on: Severity::Error, covers: &|_, _| false };
    policy.report(Outcome { findings, ..Outcome::default() })
}

#[test]
fn what_is_found_twice_is_told_once_and_what_differs_twice() {
    let one = || finding(Severity::Warning, "a");
    let differ = [
        finding(Severity::Critical, "b"),
        one(),
        Finding { origin: Origin::Disk(RelPath::from("a")), ..one() },
        one().fact("mode", Fact::Mode(0o644)),
    ];
    let again = differ.iter().map(|finding| vec![finding.clone(); 2]);
    let paths: Vec<String> = report(again.flatten().collect()).findings.iter().map(Finding::place).collect();
    assert_eq!(paths, ["b", "a", "a", "a"]);
}

#[test]
fn what_is_not_shown_is_counted_and_decides_all_the_same() {
    let severities = [Severity::Note, Severity::Warning, Severity::Warning, Severity::Error];
    let mut report = report(severities.iter().map(|severity| finding(*severity, "a")).collect());
    assert_eq!((report.status, report.findings.len()), (Status::Findings, 3));
    report.leave_out_below(Severity::Critical);
    let below = report.below.clone().unwrap();
    assert_eq!((below.all(), below.count(Severity::Warning), below.count(Severity::Critical)), (3, 1, 0));
    assert_eq!((report.status, report.findings.len()), (Status::Findings, 0));
    report.leave_out_below(Severity::Note);
    assert_eq!(report.below, None);
}

/// Paths are then below the root of all repositories, and the status is the repository's own.
#[test]
fn a_report_of_one_of_several_repositories() {
    let (repository, at) = (RelPath::from("apps/api"), || Suppression {
        path: RelPath::from("envward.toml"),
        line: Some(NonZeroU32::MIN),
        reason: None,
        until: None,
    });
    let part = || Report {
        status: Status::Incomplete,
        only_new: true,
        findings: vec![finding(Severity::Note, "a")],
        hidden: vec![Hidden { finding: finding(Severity::Note, "b"), by: at() }],
        unused_ignores: vec![UnusedIgnore { check: "c".to_owned(), at: at() }],
        problems: vec![Problem::at(ProblemKind::NotAFile, RelPath::from("p"))],
        examined: Examined { commits: 2, ..Examined::default() },
        ..Report::empty("scan", DAY, Severity::Error)
    };
    let one = part().of_one(&repository);
    assert_eq!((one.repository.as_ref(), one.status, one.only_new), (Some(&repository), Status::Incomplete, true));
    assert_eq!(
        (one.findings[0].place().as_str(), one.hidden[0].finding.place().as_str()),
        ("apps/api/a", "apps/api/b")
    );
    for by in [&one.hidden[0].by, &one.unused_ignores[0].at] {
        assert_eq!((by.path.as_bytes(), by.line), (b"apps/api/envward.toml".as_slice(), Some(NonZeroU32::MIN)));
    }
    assert_eq!(one.problems[0].path, Some(RelPath::from("apps/api/p")));
    let mut all = part();
    all.add(&repository, part());
    assert_eq!((all.findings.len(), all.problems.len(), all.examined.commits), (2, 2, 4));
}

#[test]
fn an_ignore_that_hides_nothing_is_told_at_its_line() {
    let (line, glob) = (NonZeroU32::new(7).unwrap(), |path: &str| Some(Glob::new(path).unwrap().compile_matcher()));
    let ignore = |path: &str, until| Ignore {
        check: unused_ignore::CHECK.id,
        path: glob(path),
        key: None,
        through: None,
        reason: "known".to_owned(),
        until,
        line,
    };
    for (path, until, whole, hidden, told) in [
        ("a", None, true, 1, 0),
        ("a", Some(DAY), true, 1, 0),
        ("a", Some(DAY.yesterday().unwrap()), true, 0, 1),
        ("b", None, true, 0, 1),
        ("b", None, false, 0, 0),
    ] {
        let config = Config { ignores: vec![ignore(path, until)], ..Config::default() };
        let fail_on = Severity::Error;
        let policy = ReportPolicy { config: &config, today: DAY, command: "check", fail_on, covers: &|_, _| false };
        let kinds = vec![Kind::Project];
        let outcome = Outcome { findings: vec![finding(Severity::Note, "a")], kinds, whole, ..Outcome::default() };
        let report = policy.report(outcome);
        let lines: Vec<_> = report.findings.iter().filter_map(|finding| finding.line).collect();
        let counts = (report.hidden.len(), report.unused_ignores.len(), lines);
        assert_eq!(counts, (hidden, told, vec![line; told]), "{path} {until:?} {whole}");
    }
}

/// What is found twice is told once; of what a check says of one place nothing is left out.
#[test]
fn the_same_is_told_once() {
    let other = Finding { what: "another", ..finding(Severity::Note, "a") };
    let findings =
        vec![finding(Severity::Note, "a"), other, finding(Severity::Note, "a"), finding(Severity::Note, "b")];
    let config = Config::default();
    let policy = ReportPolicy {
        config: &config,
        today: DAY,
        command: "check",
        fail_on: Severity::Warning,
        covers: &|_, _| false,
    };
    let report = policy.report(Outcome { findings, ..Outcome::default() });
    assert_eq!(report.findings.len(), 3, "{:?}", report.findings);
}
