//! The commands that help most now, the most urgent first.

use std::collections::{BTreeMap, BTreeSet};

use super::{Hooks, Overview};
use crate::checks::git::{env_file_in_history, env_file_tracked, env_file_upstream};
use crate::checks::secret::{placeholder_secret, weak_secret};
use crate::env::Key;
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::path::RelPath;
use crate::policy::Report;
use crate::report::{next_step, wording};
use crate::rotation::steps::rotate;
use crate::rotation::{SecretStatus, Stage, Urgency};
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
    let mut exposed = exposed(report);
    // Who began to replace a secret is told how to go on.
    exposed.retain(|place, _| !is_begun(overview, *place));
    let candidates = [
        untrack(report),
        finish_untracking(report),
        replace_exposed(&exposed),
        finish_rotation(overview),
        see_problems(report),
        fix(report),
        fill(overview),
        replace_weak(overview, &exposed),
        replace_due(overview, &exposed),
        see_empty(overview),
        clean_history(report),
        install_hooks(&overview.hooks),
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

/// The secrets in use that git history has: all keys, also those of URLs that are replaced with another key.
pub(super) fn exposed_keys(report: &Report) -> BTreeSet<(&RelPath, &Key)> {
    let is_past = |one: &&Finding| wording::is_live(one) && one.severity == Severity::Critical;
    let found = report.findings.iter().filter(is_past);
    found.filter_map(|one| Some((in_use(one)?, one.key.as_ref()?))).collect()
}

fn exposed_by(finding: &Finding) -> Option<((&RelPath, &Key), &Finding)> {
    let path = in_use(finding).filter(|_| wording::is_live(finding))?;
    Some((wording::replaced_by(finding, path)?, finding))
}

/// The env file that contains the value now.
fn in_use(finding: &Finding) -> Option<&RelPath> {
    match finding.get("in_use") {
        Some(Fact::Path(path)) => Some(path),
        _ => None,
    }
}

/// What git tracks takes every new value to everyone who has a clone.
fn untrack(report: &Report) -> Option<Suggestion> {
    let is_filled = |one: &&Finding| one.severity >= Severity::Error && one.is_of(&env_file_tracked::CHECK);
    let mut tracked = report.findings.iter().filter(is_filled);
    let first = tracked.next()?;
    let (path, more) = (first.origin.path(), tracked.count());
    let why = match more {
        0 => format!("git tracks {path}: untrack it, so that the next commit does not publish new secrets"),
        1 => format!("git tracks {path} and one more env file: untrack them, so that no commit publishes new secrets"),
        more => format!(
            "git tracks {path} and {more} more env files: untrack them, so that no commit publishes new secrets"
        ),
    };
    Some(Suggestion::new(next_step::steps(&wording::help(first)).first()?.1?, why))
}

/// A file that was removed from git is removed for the others when the upstream branch has the commit.
fn finish_untracking(report: &Report) -> Option<Suggestion> {
    let found = report.findings.iter().find(|one| one.is_of(&env_file_upstream::CHECK))?;
    let help = wording::help(found);
    let (text, command) = next_step::steps(&help).into_iter().next()?;
    let path = found.origin.path();
    let why = match text {
        "" => format!("publish the removal of {path}, which the upstream branch still contains"),
        text => format!("{text}, because the upstream branch still contains {path}"),
    };
    Some(Suggestion::new(command?, why))
}

fn replace_exposed(exposed: &Exposed<'_>) -> Option<Suggestion> {
    let ((path, key), finding) = exposed.first_key_value()?;
    let why = match exposed.len() - 1 {
        0 => format!("replace {key}: its value is in git and in use"),
        1 => format!("replace {key}, then one more secret: their values are in git and in use"),
        more => format!("replace {key}, then {more} more secrets: their values are in git and in use"),
    };
    Some(Suggestion::new(replacement(finding, path, key), why))
}

/// The secrets whose replacement was begun and is not finished.
fn open_rotations<'a>(overview: &Overview<'a>) -> impl Iterator<Item = &'a SecretStatus> + use<'a> {
    let is_open = |one: &&SecretStatus| one.has_next || matches!(one.stage, Some(Stage::Promoted | Stage::Proven));
    overview.ages.into_iter().flatten().filter(is_open)
}

/// Whether somebody began to replace a secret.
fn is_begun(overview: &Overview<'_>, place: (&RelPath, &Key)) -> bool {
    open_rotations(overview).any(|one| (&one.file, &one.key) == place)
}

/// The next step of the first rotation that is not finished.
fn finish_rotation(overview: &Overview<'_>) -> Option<Suggestion> {
    let one = open_rotations(overview).next()?;
    let (path, key) = (overview.mask.path(&one.file), overview.mask.key(&one.key)?);
    let promote = format!("envward rotation promote {key} {}", for_shell(&path));
    Some(match one.stage {
        Some(Stage::Promoted | Stage::Proven) => {
            Suggestion::new(promote + " --confirm", format!("finish the rotation of {key}"))
        }
        _ => Suggestion::new(promote, format!("use the new value of {key}, once its server knows that value")),
    })
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

/// Placeholders. `init` fills in all of them, but only where there is a template; else each has its own command.
fn fill(overview: &Overview<'_>) -> Option<Suggestion> {
    let open = overview.report.findings.iter().filter(|one| one.is_of(&placeholder_secret::CHECK));
    let open: BTreeMap<_, &Finding> = open
        .filter(|one| one.severity >= Severity::Warning)
        .filter_map(|one| Some(((one.origin.path(), one.key.as_ref()?), one)))
        .collect();
    if overview.has_template && !open.is_empty() {
        let why = match (open.len(), open.first_key_value()?) {
            (1, ((_, key), _)) => format!("fill in {key}, which is still a placeholder"),
            (more, _) => format!("fill in {more} secrets that are still placeholders"),
        };
        return Some(Suggestion::new("envward init --ask", why));
    }
    // Only a person has the value that a provider issues.
    let mut made = open.iter().filter_map(|((_, key), one)| {
        let help = wording::help(one);
        Some((key, next_step::command(&help)?.to_owned()))
    });
    let (key, command) = made.next()?;
    Some(Suggestion::new(command, format!("fill in {key}, which is still a placeholder")))
}

/// Secrets that are empty: `check` says nothing about them, because a key may stay empty on purpose.
fn see_empty(overview: &Overview<'_>) -> Option<Suggestion> {
    let why = match overview.empty {
        [] => return None,
        [key] => format!("see what to fill in: {key} is empty"),
        [key, rest @ ..] => {
            let others = wording::count(rest.len() as u64, "more secret", "more secrets");
            format!("see what to fill in: {key} and {others} are empty")
        }
    };
    Some(Suggestion::new("envward preflight", why))
}

fn replace_weak(overview: &Overview<'_>, exposed: &Exposed<'_>) -> Option<Suggestion> {
    let weak = overview
        .report
        .findings
        .iter()
        .filter(|one| one.is_of(&weak_secret::CHECK) && one.severity >= Severity::Warning);
    let mut weak = weak.filter_map(|one| Some((one, (one.origin.path(), one.key.as_ref()?))));
    let (finding, (path, key)) = weak.find(|(_, place)| !exposed.contains_key(place) && !is_begun(overview, *place))?;
    Some(Suggestion::new(replacement(finding, path, key), format!("replace {key}: it is easy to guess")))
}

/// The command of a finding, which knows whether only a person can get the new value.
fn replacement(finding: &Finding, path: &RelPath, key: &Key) -> String {
    let help = wording::help(finding);
    next_step::command(&help).map_or_else(|| rotate(key, &for_shell(path), false), str::to_owned)
}

/// The most urgent secret that the report does not name as exposed already.
fn replace_due(overview: &Overview<'_>, exposed: &Exposed<'_>) -> Option<Suggestion> {
    let is_new = |one: &&SecretStatus| {
        let places = || [Some((&one.file, &one.key)), one.twin()].into_iter().flatten();
        one.snooze.is_none() && !places().any(|place| exposed.contains_key(&place) || is_begun(overview, place))
    };
    let ages = overview.ages?;
    let one = ages.iter().filter(|one| one.urgency.is_due()).find(is_new)?;
    // One command replaces both of two secrets with the same value.
    let twin = one.twin().and_then(|place| ages.iter().find(|other| (&other.file, &other.key) == place));
    let one = twin.filter(|twin| twin.urgency.is_due()).unwrap_or(one);
    let (path, key) = (overview.mask.path(&one.file), overview.mask.key(&one.key)?);
    let why = match one.urgency {
        Urgency::Exposed => format!("replace {key}, which is exposed"),
        urgency => format!("replace {key}, which is {} since {}", urgency.word(), one.soft_due),
    };
    Some(Suggestion::new(rotate(&key, &for_shell(&path), one.by_hand), why))
}

fn clean_history(report: &Report) -> Option<Suggestion> {
    // A note is about what contains no secret, or about what never left this machine.
    let mut grave = report.findings.iter().filter(|finding| finding.severity > Severity::Note);
    let is_past = |one: &Finding| matches!(one.origin, Origin::History { .. } | Origin::Message { .. });
    grave.find(|one| one.is_of(&env_file_in_history::CHECK) || wording::is_live(one) && is_past(one))?;
    Some(Suggestion::new("envward scan --advice", "see how to remove the secrets from git history"))
}

fn install_hooks(hooks: &Hooks) -> Option<Suggestion> {
    let install = |why: &str| Some(Suggestion::new("envward hook install", why));
    match hooks {
        Hooks::NotInstalled => install("stop secrets before each commit and push"),
        Hooks::NotCalling(_) => {
            Some(Suggestion::new("envward hook status", "see which lines to add, so that git stops secrets"))
        }
        Hooks::NotInForce(_, step) => {
            let steps = next_step::steps(step);
            let (text, command) = steps.first().copied().and_then(|(text, command)| Some((text, command?)))?;
            let why = if text.is_empty() { "let git run the hooks" } else { text };
            Some(Suggestion::new(command, why))
        }
        Hooks::NoRepository | Hooks::NotExamined | Hooks::InForce(_) => None,
    }
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
    let is_there = !overview.compose.is_empty() && overview.empty.is_empty();
    is_there.then(|| Suggestion::new("envward preflight", "check the compose files before you deploy them"))
}
