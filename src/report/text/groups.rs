//! Findings of many files that say the same are one group: a person reads it once.

use std::collections::{BTreeSet, HashMap};
use std::io::{self, Write};

use crate::check::Kind;
use crate::finding::{Finding, Origin};
use crate::path::RelPath;
use crate::report::wording::{self, count};
use crate::terminal::{Ink, Style};
use crate::text::wrap;

/// So many places of a group are named; fewer are no group.
const SHOWN: usize = 3;
/// What is in place of a file's name in an advice for many files.
const FILE: &str = "FILE";

/// A part of the report below one heading: a file, or the files of which the same is said.
pub(in crate::report) struct Section<'a> {
    /// The places, each once.
    pub(in crate::report) places: Vec<String>,
    /// What is said: for each entry one finding of each place, the first place first.
    pub(in crate::report) findings: Vec<Vec<&'a Finding>>,
}

/// The findings by file, and the groups of those that say the same of more files than are worth naming each. A section
/// comes where its most severe finding comes. What `is_alone` belongs to no group.
pub(in crate::report) fn sections<'a>(
    findings: &[&'a Finding],
    is_alone: &dyn Fn(&Finding) -> bool,
) -> Vec<Section<'a>> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    let mut known: HashMap<Vec<String>, usize> = HashMap::new();
    for findings in grouped(findings, is_alone) {
        let places: Vec<String> = findings.iter().map(|finding| finding.place()).collect();
        let at = *known.entry(places.clone()).or_insert(sections.len());
        match sections.get_mut(at) {
            Some(section) => section.findings.push(findings),
            None => sections.push(Section { places, findings: vec![findings] }),
        }
    }
    sections
}

/// Each finding alone, or one of each place that says the same, in the order of their first ones.
fn grouped<'a>(findings: &[&'a Finding], is_alone: &dyn Fn(&Finding) -> bool) -> Vec<Vec<&'a Finding>> {
    let mut alike: HashMap<Message, Vec<usize>> = HashMap::new();
    for (at, finding) in findings.iter().enumerate().filter(|(_, finding)| !is_alone(finding)) {
        alike.entry(Message::of(finding)).or_default().push(at);
    }
    let mut groups: Vec<Vec<&Finding>> = findings.iter().map(|finding| vec![*finding]).collect();
    for members in alike.into_values().filter(|members| members.len() > SHOWN) {
        let mut places = BTreeSet::new();
        let mut all: Vec<&Finding> = members.iter().filter_map(|at| findings.get(*at)).copied().collect();
        all.retain(|finding| places.insert(finding.place()));
        if all.len() > SHOWN {
            let mut all = Some(all);
            for at in members {
                if let Some(group) = groups.get_mut(at) {
                    *group = all.take().unwrap_or_default();
                }
            }
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

/// What a finding says, whatever the name of its file.
#[derive(PartialEq, Eq, Hash)]
struct Message {
    check: &'static str,
    severity: &'static str,
    what: String,
    help: String,
}

impl Message {
    fn of(finding: &Finding) -> Self {
        let nameless = nameless(finding);
        let (what, help) = (wording::what(&nameless), wording::help(&nameless));
        Self { check: finding.check.id, severity: finding.severity.word(), what, help }
    }
}

/// The same finding of a file without a name.
fn nameless(finding: &Finding) -> Finding {
    Finding { origin: Origin::Worktree(RelPath::from(FILE)), repository: None, ..finding.clone() }
}

/// What to do about a whole group. What `--fix` fixes needs no command for each file.
pub(in crate::report) fn help(finding: &Finding, command: &str) -> String {
    match wording::is_fixable(finding) {
        true if ["check", "preflight"].contains(&command) => format!("envward {command} --fix"),
        _ => wording::help(&nameless(finding)),
    }
}

impl Section<'_> {
    fn first(&self) -> Option<&Finding> {
        self.findings.first().and_then(|group| group.first()).copied()
    }

    /// Whether it is about several places.
    pub(in crate::report) fn is_group(&self) -> bool {
        self.places.len() > 1
    }

    /// The line above it.
    pub(super) fn heading(&self, style: Style, out: &mut dyn Write) -> io::Result<()> {
        let name = if self.is_group() { self.named() } else { self.name() };
        wrap(&name, style.width).iter().try_for_each(|line| writeln!(out, "{}", style.set(Ink::Bold, line)))
    }

    /// Its place, or how many places it is about.
    pub(in crate::report) fn name(&self) -> String {
        let place = self.places.first().map(String::as_str).unwrap_or_default();
        match self.first().map(|finding| (finding.check.kinds, finding.path().is_root())) {
            _ if self.is_group() => self.counted(),
            Some(([Kind::Container], _)) => format!("container {place}"),
            Some(([Kind::Image | Kind::Scan], _)) => format!("image {place}"),
            Some(([Kind::Deployment], true)) => "the project".to_owned(),
            _ => place.to_owned(),
        }
    }

    /// `40 files`.
    fn counted(&self) -> String {
        let findings = || self.findings.first().into_iter().flatten();
        let number = self.places.len() as u64;
        let places = match self.first().map(|finding| finding.check.kinds) {
            Some([Kind::Container]) => count(number, "container", "containers"),
            Some([Kind::Image | Kind::Scan]) => count(number, "image", "images"),
            _ if findings().all(|finding| !finding.origin.has_no_path()) => count(number, "file", "files"),
            _ => count(number, "place", "places"),
        };
        let repositories: BTreeSet<_> = findings().filter_map(|finding| finding.repository.as_ref()).collect();
        let of = match repositories.len() {
            0 | 1 => String::new(),
            many => format!(" in {many} repositories"),
        };
        places + &of
    }

    /// `40 files: svc1/.env, svc2/.env, svc3/.env and 37 more`.
    fn named(&self) -> String {
        let shown: Vec<&str> = self.places.iter().take(SHOWN).map(String::as_str).collect();
        let more = self.places.len().saturating_sub(SHOWN);
        format!("{}: {} and {more} more (--all lists them)", self.counted(), shown.join(", "))
    }
}
