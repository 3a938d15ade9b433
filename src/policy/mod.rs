//! From findings to the report: the only place that hides, accepts or ranks.

mod report;

use crate::check::Kind;
use crate::checks;
use crate::checks::env_file::unused_ignore;
use crate::config::{Accept, Config, Ignore, matches};
use crate::env::Key;
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::git::Oid;
use crate::path::RelPath;
use crate::problem::Problem;
use jiff::civil::Date;

pub use report::{
    Accepted, Below, Examined, FileReaders, Hidden, KeyReaders, Report, Status, Suppression, UnusedIgnore,
};

/// Everything that a command found out.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What the checks found.
    pub findings: Vec<Finding>,
    /// What could not be examined.
    pub problems: Vec<Problem>,
    /// The ignores written in env files.
    pub inline: Vec<Inline>,
    /// How much was examined.
    pub examined: Examined,
    /// The kinds of artifacts that were examined; ignores of other checks cannot be judged.
    pub kinds: Vec<Kind>,
    /// Whether the whole project was examined, and not a part of it.
    pub whole: bool,
}

/// `# envward: ignore[check-id] reason` above an assignment.
#[derive(Clone, Debug)]
pub struct Inline {
    /// The file.
    pub path: RelPath,
    /// The assignment's line.
    pub line: std::num::NonZeroU32,
    /// The assignment's key.
    pub key: Option<Key>,
    /// The comment's line.
    pub at: std::num::NonZeroU32,
    /// The check that it names, as written.
    pub check: String,
    /// Whether it gives a reason.
    pub has_reason: bool,
}

/// By what an outcome becomes a report.
pub struct ReportPolicy<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// Today, or `--as-of`.
    pub today: Date,
    /// The command's name.
    pub command: &'static str,
    /// The least severity that counts.
    pub fail_on: Severity,
    /// Whether a commit is the named one (`through`) or an ancestor of it.
    pub covers: &'a dyn Fn(&str, Oid) -> bool,
}

impl ReportPolicy<'_> {
    /// The report.
    #[must_use]
    pub fn report(&self, outcome: Outcome) -> Report {
        let Outcome { findings, problems, inline, examined, kinds, whole } = outcome;
        let (problems, accepted) = accept(problems, self.config, self.today);
        let mut used = Used { ignores: vec![false; self.config.ignores.len()], inline: vec![false; inline.len()] };
        let (mut shown, mut hidden) = (Vec::new(), Vec::new());
        for finding in findings {
            match self.excuse(&finding, &inline, &mut used) {
                Some(by) => hidden.push(Hidden { finding, by }),
                None => shown.push(finding),
            }
        }
        let mut unused_ignores = Vec::new();
        if problems.is_empty() && whole {
            self.unused(&used, &inline, &kinds, &mut shown, &mut unused_ignores);
        }
        sort(&mut shown);
        hidden.sort_by(|a, b| order(&a.finding).cmp(&order(&b.finding)));
        let mut report = Report {
            command: self.command,
            repository: None,
            only_new: false,
            as_of: self.today,
            status: Status::Clean,
            findings: shown,
            hidden,
            unused_ignores,
            problems,
            accepted,
            examined,
            fail_on: self.fail_on,
            below: None,
            readers: None,
        };
        report.judge();
        report
    }

    fn excuse(&self, finding: &Finding, inline: &[Inline], used: &mut Used) -> Option<Suppression> {
        if let Some(index) = self.config.ignores.iter().position(|ignore| self.ignores(ignore, finding)) {
            let (ignore, mark) = (self.config.ignores.get(index)?, used.ignores.get_mut(index)?);
            *mark = true;
            return Some(self.ignore_excuse(ignore));
        }
        let index = inline.iter().position(|inline| covers(inline, finding))?;
        let (inline, mark) = (inline.get(index)?, used.inline.get_mut(index)?);
        *mark = true;
        Some(inline_excuse(inline))
    }

    fn ignores(&self, ignore: &Ignore, finding: &Finding) -> bool {
        let key = finding.key.as_ref().map(Key::as_str);
        ignore.check == finding.check.id
            && is_in_force(ignore.until, self.today)
            && ignore.path.as_ref().is_none_or(|glob| matches(glob, finding.origin.path()))
            && ignore.key.as_deref().is_none_or(|wanted| Some(wanted) == key)
            && self.covers_commit(ignore, finding)
    }

    /// A finding in history is hidden only up to the commit that the ignore names.
    fn covers_commit(&self, ignore: &Ignore, finding: &Finding) -> bool {
        if !matches!(finding.origin, Origin::History { .. } | Origin::Object { .. } | Origin::Message { .. }) {
            return true;
        }
        let commit = finding.get("last_changed").or_else(|| finding.get("commit"));
        match (ignore.through.as_deref(), commit) {
            (Some(through), Some(Fact::Commit(commit))) => (self.covers)(through, commit.id),
            _ => false,
        }
    }

    fn unused(
        &self,
        used: &Used,
        inline: &[Inline],
        kinds: &[Kind],
        shown: &mut Vec<Finding>,
        list: &mut Vec<UnusedIgnore>,
    ) {
        let ran = |id: &str| checks::find(id).is_none_or(|check| check.kinds.iter().any(|kind| kinds.contains(kind)));
        for (ignore, used) in self.config.ignores.iter().zip(&used.ignores) {
            if *used || !ran(ignore.check) {
                continue;
            }
            let what = match is_in_force(ignore.until, self.today) {
                true => "an ignore of {check} hides nothing",
                false => "an ignore of {check} has expired",
            };
            let at = self.ignore_excuse(ignore);
            shown.push(unused(&at, what, Fact::Word(ignore.check)));
            list.push(UnusedIgnore { check: ignore.check.to_owned(), at });
        }
        for (inline, used) in inline.iter().zip(&used.inline) {
            if *used || !ran(&inline.check) {
                continue;
            }
            let known = checks::find(&inline.check).map(|check| check.id);
            let what = match known {
                _ if !inline.has_reason => "an ignore without a reason has no effect",
                None => "an ignore names a check that does not exist",
                Some(_) => "an ignore of {check} hides nothing",
            };
            let at = inline_excuse(inline);
            shown.push(unused(&at, what, known.map_or(Fact::None, Fact::Word)));
            list.push(UnusedIgnore { check: known.unwrap_or_default().to_owned(), at });
        }
    }

    fn ignore_excuse(&self, ignore: &Ignore) -> Suppression {
        Suppression {
            path: self.config.source.clone().unwrap_or_default(),
            line: Some(ignore.line),
            reason: Some(ignore.reason.clone()),
            until: ignore.until,
        }
    }
}

/// The problems that the configuration does not accept on a day.
#[must_use]
pub fn open_problems(problems: Vec<Problem>, config: &Config, today: Date) -> Vec<Problem> {
    accept(problems, config, today).0
}

fn accept(mut problems: Vec<Problem>, config: &Config, today: Date) -> (Vec<Problem>, Vec<Accepted>) {
    problems.sort();
    problems.dedup();
    let (mut open, mut accepted) = (Vec::new(), Vec::new());
    for problem in problems {
        match config.accepts.iter().find(|accept| accepts(accept, &problem, today)) {
            Some(accept) => accepted.push(Accepted { problem, by: accept_excuse(accept, config) }),
            None => open.push(problem),
        }
    }
    (open, accepted)
}

fn accepts(accept: &Accept, problem: &Problem, today: Date) -> bool {
    let root = RelPath::default();
    let path = problem.path.as_ref().unwrap_or(&root);
    accept.problem == problem.kind
        && problem.kind.is_acceptable()
        && is_in_force(accept.until, today)
        && accept.path.as_ref().is_none_or(|glob| matches(glob, path))
}

fn is_in_force(until: Option<Date>, today: Date) -> bool {
    until.is_none_or(|until| today <= until)
}

fn accept_excuse(accept: &Accept, config: &Config) -> Suppression {
    Suppression {
        path: config.source.clone().unwrap_or_default(),
        line: Some(accept.line),
        reason: Some(accept.reason.clone()),
        until: accept.until,
    }
}

struct Used {
    ignores: Vec<bool>,
    inline: Vec<bool>,
}

fn covers(inline: &Inline, finding: &Finding) -> bool {
    let here = matches!(&finding.origin, Origin::Worktree(path) if *path == inline.path);
    here && inline.has_reason && finding.line == Some(inline.line) && inline.check == finding.check.id
}

fn inline_excuse(inline: &Inline) -> Suppression {
    // The reason's text stays in the env file: what is there is not printed.
    Suppression { path: inline.path.clone(), line: Some(inline.at), reason: None, until: None }
}

fn unused(at: &Suppression, what: &'static str, check: Fact) -> Finding {
    let origin = Origin::Worktree(at.path.clone());
    let finding = Finding::new(&unused_ignore::CHECK, origin, what, "remove or correct the ignore: {path} line {line}");
    Finding { line: at.line, ..finding }.fact("check", check)
}

/// The most severe first, then by path, line, check and key: the order of every report.
fn sort(findings: &mut Vec<Finding>) {
    // A check may say several things of one place.
    findings.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.what.cmp(b.what)));
    let is_same = |a: &Finding, b: &Finding| a.what == b.what && a.origin == b.origin && a.facts == b.facts;
    findings.dedup_by(|a, b| order(a) == order(b) && is_same(a, b));
}

type Order<'a> = (
    std::cmp::Reverse<Severity>,
    &'a RelPath,
    Option<std::num::NonZeroU32>,
    &'static str,
    Option<&'a Key>,
    Option<Oid>,
);

fn order(finding: &Finding) -> Order<'_> {
    let (path, key, object) = (finding.origin.path(), finding.key.as_ref(), finding.origin.object());
    (std::cmp::Reverse(finding.severity), path, finding.line, finding.check.id, key, object)
}

#[cfg(test)]
mod tests;
