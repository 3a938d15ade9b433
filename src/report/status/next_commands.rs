//! The commands that help most now, the most urgent first.

use std::collections::{BTreeMap, BTreeSet};

use super::{Hooks, Overview};
use crate::checks::git::env_file_in_history;
use crate::checks::secret::{empty_secret, placeholder_secret, weak_secret};
use crate::env::Key;
use crate::finding::{Fact, Finding, Severity};
use crate::path::RelPath;
use crate::policy::Report;
use crate::report::{next_step, text, wording};
use crate::rotation::steps::rotate;
use crate::rotation::{SecretStatus, Urgency};
use crate::shell::for_shell;

/// More than these are no help.
const SHOWN: usize = 3;

/// A command, and what it is for.
pub(super) struct Suggestion {
    pub(super) command: String,
    pub(super) why: String,
}

impl Suggestion {
    fn new(command: impl Into<String>, why: impl Into<String>) -> Self {
        Self { command: command.into(), why: why.into() }
    }
}

/// At most three commands.
pub(super) fn next_commands(overview: &Overview<'_>) -> Vec<Suggestion> {
    let report = overview.report;
    let exposed = exposed(report);
    let candidates = [
        replace_exposed(&exposed),
        see_problems(report),
        fix(report),
        fill(report),
        replace_weak(report, &exposed),
        replace_due(overview, &exposed),
        clean_history(report),
        install_hooks(overview.hooks),
        see_findings(report),
        record_ages(overview),
        check_deployment(overview),
    ];
    candidates.into_iter().flatten().take(SHOWN).collect()
}

/// The secrets in use that git has, each once, with a finding about it.
type Exposed<'a> = BTreeMap<(&'a RelPath, &'a Key), &'a Finding>;

fn exposed(report: &Report) -> Exposed<'_> {
    report.findings.iter().filter(|one| one.severity == Severity::Critical).filter_map(exposed_by).collect()
}

fn exposed_by(finding: &Finding) -> Option<((&RelPath, &Key), &Finding)> {
    match finding.get("in_use") {
        Some(Fact::Path(path)) if text::is_live(finding) => Some(((path, wording::replaced_by(finding)?), finding)),
        _ => None,
    }
}

fn replace_exposed(exposed: &Exposed<'_>) -> Option<Suggestion> {
    let ((path, key), finding) = exposed.first_key_value()?;
    let why = match exposed.len() - 1 {
        0 => format!("replace {key}: its value is in git and in use"),
        1 => format!("replace {key}, then one more secret: their values are in git and in use"),
        more => format!("replace {key}, then {more} more secrets: their values are in git and in use"),
    };
    // The finding knows whether only a person can get the new value.
    let help = wording::help(finding);
    Some(Suggestion::new(
        next_step::command(&help).map_or_else(|| rotate(key, &for_shell(path), false), str::to_owned),
        why,
    ))
}

fn see_problems(report: &Report) -> Option<Suggestion> {
    let is_incomplete = !report.problems.is_empty();
    is_incomplete.then(|| Suggestion::new("envward check", "see what was not examined, and what to do about it"))
}

/// What `--fix` does, and how often.
fn fix(report: &Report) -> Option<Suggestion> {
    let count = report.findings.iter().filter(|finding| wording::is_fixable(finding)).count() as u64;
    let findings = wording::count(count, "finding", "findings");
    (count > 0).then(|| Suggestion::new("envward check --fix", format!("correct {findings}: file modes, ignore files")))
}

/// Secrets that are not filled in yet.
fn fill(report: &Report) -> Option<Suggestion> {
    let is_open = |one: &&Finding| one.is_of(&placeholder_secret::CHECK) || one.is_of(&empty_secret::CHECK);
    let open = report.findings.iter().filter(|one| one.severity >= Severity::Warning).filter(is_open);
    let keys: BTreeSet<_> = open.filter_map(|one| Some((one.origin.path(), one.key.as_ref()?))).collect();
    let why = match keys.len() {
        1 => format!("fill in {}", keys.first()?.1),
        more => format!("fill in {more} secrets that are empty or placeholders"),
    };
    (!keys.is_empty()).then(|| Suggestion::new("envward init --ask", why))
}

fn replace_weak(report: &Report, exposed: &Exposed<'_>) -> Option<Suggestion> {
    let weak = report.findings.iter().filter(|one| one.is_of(&weak_secret::CHECK) && one.severity >= Severity::Warning);
    let mut weak = weak.filter_map(|one| Some((one.origin.path(), one.key.as_ref()?)));
    let (path, key) = weak.find(|place| !exposed.contains_key(place))?;
    Some(Suggestion::new(rotate(key, &for_shell(path), false), format!("replace {key}: it is easy to guess")))
}

/// The most urgent secret that the report does not name as exposed already.
fn replace_due(overview: &Overview<'_>, exposed: &Exposed<'_>) -> Option<Suggestion> {
    let is_new = |one: &&SecretStatus| !exposed.contains_key(&(&one.file, &one.key)) && one.snooze.is_none();
    let one = overview.ages?.iter().filter(|one| one.urgency.is_due()).find(is_new)?;
    let (path, key) = (overview.mask.path(&one.file), overview.mask.key(&one.key)?);
    let why = match one.urgency {
        Urgency::Exposed => format!("replace {key}, which is exposed"),
        urgency => format!("replace {key}, which is {} since {}", urgency.word(), one.soft_due),
    };
    Some(Suggestion::new(rotate(&key, &for_shell(&path), one.by_hand), why))
}

fn clean_history(report: &Report) -> Option<Suggestion> {
    let is_it = |finding: &&Finding| finding.is_of(&env_file_in_history::CHECK) || text::is_live(finding);
    report.findings.iter().find(is_it)?;
    Some(Suggestion::new("envward scan --advice", "see how to remove the file from git history"))
}

fn install_hooks(hooks: Hooks) -> Option<Suggestion> {
    let why = match hooks {
        Hooks::NotInstalled => "stop secrets before each commit and push",
        Hooks::NotInForce => "put the hooks where git runs them",
        Hooks::NoRepository | Hooks::InForce => return None,
    };
    Some(Suggestion::new("envward hook install", why))
}

fn see_findings(report: &Report) -> Option<Suggestion> {
    let is_new = !report.findings.is_empty() && report.problems.is_empty();
    is_new.then(|| Suggestion::new("envward check", "see all that was found"))
}

fn record_ages(overview: &Overview<'_>) -> Option<Suggestion> {
    let is_new = overview.ages.is_none() && overview.report.examined.env_files > 0;
    is_new.then(|| Suggestion::new("envward rotation status", "start to record the ages of the secrets"))
}

fn check_deployment(overview: &Overview<'_>) -> Option<Suggestion> {
    let is_there = !overview.compose.is_empty();
    is_there.then(|| Suggestion::new("envward preflight", "check the compose files before you deploy them"))
}
