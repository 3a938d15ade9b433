//! Reads reports (`envward.report/1`) that envward wrote here or elsewhere. What it reads may be anything: each report is
//! read within limits, and of one that is none, or not whole, only that is told.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{BufRead, BufReader};

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error, IgnoredAny, SeqAccess, Visitor};

use super::input::{Bounded, Input, Stop};
use super::part::{Found, Part, Reason, Sums};
use crate::finding::Severity;
use crate::path::RelPath;
use crate::policy::{Examined, Status};
use crate::problem::{Cause, Problem, ProblemKind};

const SCHEMA: &str = "envward.report/1";
/// The schema, without its version.
const FAMILY: &str = "envward.report/";
/// A report with findings of more repositories is none that envward writes.
const MOST_REPOSITORIES: usize = 10_000;

/// What came of an input, piece by piece.
#[derive(Debug, PartialEq, Eq)]
pub enum Reading {
    /// A report, or of one of several repositories the part of one of them.
    Part(Box<Part>),
    /// Something that is no whole report.
    Unread(Problem),
}

/// Reads all reports of an input; `name` is what it is called.
pub fn read(source: impl BufRead, name: &RelPath, take: &mut dyn FnMut(RelPath, Reading)) {
    let mut input = Input::new(source);
    let mut count = 0_u64;
    loop {
        let at = match input.next() {
            Ok(Some(at)) => at,
            Ok(None) => break,
            Err(error) => return take(name.clone(), Reading::Unread(Problem::io(name.clone(), &error))),
        };
        count += 1;
        let (line, is_report) = at;
        let place = match line {
            1 => name.clone(),
            line => RelPath::new([name.as_bytes(), format!(" line {line}").as_bytes()].concat()),
        };
        let found = match is_report {
            true => report(&mut input, &place),
            false => Err(problem(ProblemKind::NoReport, &place)),
        };
        match found {
            Ok(parts) => parts.into_iter().for_each(|part| take(place.clone(), Reading::Part(Box::new(part)))),
            Err(problem) => take(place, Reading::Unread(problem)),
        }
        if let Err(error) = input.skip() {
            return take(name.clone(), Reading::Unread(Problem::io(name.clone(), &error)));
        }
    }
    if count == 0 {
        take(name.clone(), Reading::Unread(problem(ProblemKind::EmptyReport, name)));
    }
}

fn problem(kind: ProblemKind, at: &RelPath) -> Problem {
    Problem::at(kind, at.clone())
}

/// The report that begins here.
fn report<R: BufRead>(input: &mut Input<R>, place: &RelPath) -> Result<Vec<Part>, Problem> {
    let mut bounded = input.report();
    // It reads byte by byte.
    let mut json = serde_json::Deserializer::from_reader(BufReader::new(&mut bounded));
    let parsed = Report::deserialize(&mut json).and_then(|report| json.end().map(|()| report));
    match (parsed, bounded.stop) {
        (_, Some(Stop::TooLarge)) => Err(problem(ProblemKind::TooLarge, place)),
        (_, Some(Stop::Unread(code))) => {
            Err(Problem { cause: code.map(Cause::System), ..problem(ProblemKind::UnreadablePath, place) })
        }
        (Ok(report), None) => report.parts(place),
        // What a later version writes need not fit; what is left of one that was cut off says what it was.
        (Err(_), None) => Err(problem(unlike(&bounded), place)),
    }
}

/// What a text is that does not fit.
fn unlike<R: BufRead>(bounded: &Bounded<'_, R>) -> ProblemKind {
    match (bounded.names(format!("{SCHEMA}\"").as_bytes()), bounded.names(FAMILY.as_bytes())) {
        (true, _) => ProblemKind::CutReport,
        (false, true) => ProblemKind::NewerReport,
        (false, false) => ProblemKind::NoReport,
    }
}

/// What a summary needs of a report; whatever else it has is passed over.
#[derive(Deserialize)]
struct Report {
    schema: String,
    command: String,
    as_of: String,
    status: String,
    repository: Option<String>,
    #[serde(default)]
    only_new: bool,
    findings: Findings,
    #[serde(default)]
    not_shown: u64,
    #[serde(default)]
    hidden: Count,
    problems: Kinds,
    #[serde(default)]
    accepted: Count,
    #[serde(default)]
    examined: Examined,
}

impl Report {
    /// The part of each repository that it is about.
    fn parts(self, place: &RelPath) -> Result<Vec<Part>, Problem> {
        match self.schema.strip_prefix(FAMILY) {
            Some("1") => {}
            Some(version) if version.parse::<u32>().is_ok() => return Err(problem(ProblemKind::NewerReport, place)),
            _ => return Err(problem(ProblemKind::NoReport, place)),
        }
        let (Ok(as_of), Some(status)) = (self.as_of.parse::<Date>(), status(&self.status)) else {
            return Err(problem(ProblemKind::CutReport, place));
        };
        if self.findings.too_many || self.problems.too_many {
            return Err(problem(ProblemKind::TooLarge, place));
        }
        let Self { command, repository, only_new, findings, problems, .. } = self;
        let sums = Sums {
            hidden: self.hidden.0,
            accepted: self.accepted.0,
            not_shown: self.not_shown,
            examined: self.examined,
        };
        let name = repository.clone().unwrap_or_else(|| place.to_string());
        let part = Part { only_new, ..Part::new(name, &command, as_of) };
        let mut parts = Vec::new();
        let mut whole = Part { repository, status, problems: problems.counts, sums, ..part.clone() };
        for (of, found) in findings.repositories {
            match of.filter(|_| whole.repository.is_none()) {
                None => whole.found += found,
                Some(of) => {
                    let status = if status == Status::Clean { Status::Clean } else { Status::Findings };
                    parts.push(Part { name: of.clone(), repository: Some(of), status, found, ..part.clone() });
                }
            }
        }
        // A report of several repositories has something to say of its own where something was not examined.
        if parts.is_empty() || whole.found.counts.all() > 0 || status == Status::Incomplete {
            parts.push(whole);
        } else if let Some(first) = parts.first_mut() {
            first.sums = sums;
        }
        Ok(parts)
    }
}

fn status(word: &str) -> Option<Status> {
    [Status::Clean, Status::Findings, Status::Incomplete].into_iter().find(|status| status.word() == word)
}

fn severity(word: &str) -> Option<Severity> {
    let all = [Severity::Note, Severity::Warning, Severity::Error, Severity::Critical];
    all.into_iter().find(|severity| severity.word() == word)
}

/// The findings, counted as they are read.
#[derive(Default)]
struct Findings {
    repositories: BTreeMap<Option<String>, Found>,
    too_many: bool,
}

#[derive(Deserialize)]
struct Finding {
    check: String,
    severity: String,
    title: String,
    repository: Option<String>,
    path: Option<String>,
}

impl Findings {
    fn add<E: Error>(&mut self, finding: Finding) -> Result<(), E> {
        let severity = severity(&finding.severity).ok_or_else(|| E::custom("no severity"))?;
        let Finding { check, title, repository, path, .. } = finding;
        if self.repositories.len() >= MOST_REPOSITORIES && !self.repositories.contains_key(&repository) {
            self.too_many = true;
            return Ok(());
        }
        let found = self.repositories.entry(repository).or_default();
        found.add(severity, || Reason { severity, check, title, path });
        Ok(())
    }
}

/// How many problems there are of each kind.
#[derive(Default)]
struct Kinds {
    counts: BTreeMap<String, u64>,
    too_many: bool,
}

#[derive(Deserialize)]
struct Kind {
    kind: String,
}

/// How long a list is.
#[derive(Default)]
struct Count(u64);

/// A list of which nothing is kept but what is counted.
trait Fold: Default {
    type Item: DeserializeOwned;

    fn fold<E: Error>(&mut self, item: Self::Item) -> Result<(), E>;
}

impl Fold for Findings {
    type Item = Finding;

    fn fold<E: Error>(&mut self, item: Finding) -> Result<(), E> {
        self.add(item)
    }
}

impl Fold for Kinds {
    type Item = Kind;

    fn fold<E: Error>(&mut self, item: Kind) -> Result<(), E> {
        self.too_many |= self.counts.len() >= MOST_REPOSITORIES && !self.counts.contains_key(&item.kind);
        if !self.too_many {
            *self.counts.entry(item.kind).or_default() += 1;
        }
        Ok(())
    }
}

impl Fold for Count {
    type Item = IgnoredAny;

    fn fold<E: Error>(&mut self, _: IgnoredAny) -> Result<(), E> {
        self.0 += 1;
        Ok(())
    }
}

struct Folding<T>(T);

impl<'de, T: Fold> Visitor<'de> for Folding<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<T, A::Error> {
        while let Some(item) = items.next_element()? {
            self.0.fold(item)?;
        }
        Ok(self.0)
    }
}

macro_rules! folded {
    ($($list:ty)*) => {
        $(impl<'de> Deserialize<'de> for $list {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_seq(Folding(Self::default()))
            }
        })*
    };
}

folded! { Findings Kinds Count }
