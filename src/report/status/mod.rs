//! Where a project stands, on one screen: what is worst, what is due, what was not examined, and what to type next.

mod next_commands;

use std::io::{self, Write};

use jiff::civil::Date;

use super::{text, wording};
use crate::env::Key;
use crate::path::RelPath;
use crate::policy::Report;
use crate::rotation::{SecretStatus, Urgency};
use crate::secret::mask::Mask;
use crate::terminal::{Ink, Style};
use crate::text::wrap;
use next_commands::{exposed_keys, next_commands};

/// Where the text of a line starts: the longest word in front, and two blanks.
const INDENT: usize = 14;

/// All that the screen shows. The report and the names are masked already.
pub struct Overview<'a> {
    /// What a check found.
    pub report: &'a Report,
    /// What git runs before a commit.
    pub hooks: Hooks,
    /// The secrets in use of which the ledger knows the age; `None` where no ledger knows the project.
    pub ages: Option<&'a [SecretStatus]>,
    /// Whether `init` has a template to work from.
    pub has_template: bool,
    /// The secrets that are empty outside development and test.
    pub empty: &'a [Key],
    /// The compose files.
    pub compose: &'a [RelPath],
    /// Takes values out of the names of `ages`.
    pub mask: &'a Mask,
}

/// Whether git runs envward before a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hooks {
    /// There is no git repository.
    NoRepository,
    /// There is one that could not be examined.
    NotExamined,
    /// Nobody put them in place.
    NotInstalled,
    /// This file of somebody else's belongs to the hook that git runs, and does not run envward.
    NotCalling(String),
    /// They are there, and git does not run them: why, and what to do.
    NotInForce(String, &'static str),
    /// git runs them: before what.
    InForce(&'static str),
}

/// Writes the screen; `root` is the project's, where one does not stand in it.
///
/// # Errors
/// Those of `out`.
pub fn write(overview: &Overview<'_>, root: Option<&str>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    if let Some(root) = root {
        let text = format!("paths and commands are for {root}");
        wrap(&text, style.width).iter().try_for_each(|line| writeln!(out, "{line}"))?;
        writeln!(out)?;
    }
    let report = overview.report;
    let (found, exposed) = text::summary(report, style);
    line("found", &found, style, out)?;
    line("worst", &worst(report, &exposed), style, out)?;
    line("hooks", &hooks(&overview.hooks), style, out)?;
    line("rotation", &rotation(overview), style, out)?;
    if !overview.compose.is_empty() {
        let files = wording::several(overview.compose);
        line("deployment", &format!("not part of this: envward preflight examines {files}"), style, out)?;
    }
    for problem in report.problems.iter().take(SHOWN) {
        line("not examined", &problem.to_string(), style, out)?;
    }
    writeln!(out)?;
    let steps = next_commands(overview);
    if steps.is_empty() {
        return writeln!(out, "there is nothing to do");
    }
    writeln!(out, "{}", style.set(Ink::Bold, "next"))?;
    for (index, step) in steps.iter().enumerate() {
        writeln!(out, "  {}. {}", index + 1, step.command)?;
        for part in wrap(&step.why, style.width.saturating_sub(5)) {
            writeln!(out, "     {part}")?;
        }
    }
    Ok(())
}

/// More problems than these are in the report of `check`.
const SHOWN: usize = 3;

fn line(word: &str, text: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut word = word;
    if text.is_empty() {
        return Ok(());
    }
    for part in wrap(text, style.width.saturating_sub(INDENT)) {
        writeln!(out, "{word:INDENT$}{part}")?;
        word = "";
    }
    Ok(())
}

/// What is exposed and in use, else the most severe finding.
fn worst(report: &Report, exposed: &[String]) -> String {
    match (exposed, report.findings.first()) {
        ([], None) => String::new(),
        ([], Some(finding)) => format!("{}: {}", finding.place(), wording::what(finding)),
        ([one], _) => one.clone(),
        ([first, ..], _) => format!("{first}; `envward check` shows all"),
    }
}

fn hooks(hooks: &Hooks) -> String {
    match hooks {
        Hooks::NoRepository => "none: this is not a git repository".to_owned(),
        Hooks::NotExamined => "not known: the repository could not be examined".to_owned(),
        Hooks::NotInstalled => "not installed: nothing stops the commit of a secret".to_owned(),
        Hooks::NotCalling(file) => format!("{file} does not run envward: nothing stops the commit of a secret"),
        Hooks::NotInForce(why, _) => why.clone(),
        Hooks::InForce(said) => (*said).to_owned(),
    }
}

/// How many secrets are due. The ages know nothing of git history: what it contains the report says.
fn rotation(overview: &Overview<'_>) -> String {
    let ages = overview.ages.unwrap_or_default();
    let mut exposed = exposed_keys(overview.report);
    exposed.extend(ages.iter().filter(|one| one.urgency == Urgency::Exposed).map(|one| (&one.file, &one.key)));
    let rest: Vec<&SecretStatus> = ages.iter().filter(|one| !exposed.contains(&(&one.file, &one.key))).collect();
    let count = |urgency| rest.iter().filter(|one| one.urgency == urgency).count();
    let urgent = [
        (exposed.len(), Urgency::Exposed),
        (count(Urgency::Overdue), Urgency::Overdue),
        (count(Urgency::Due), Urgency::Due),
    ];
    let mut parts: Vec<String> = urgent
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, urgency)| format!("{} {}", wording::count(number as u64, "secret", "secrets"), urgency.word()))
        .collect();
    if overview.ages.is_none() {
        parts.push("no ages are recorded yet".to_owned());
    } else if parts.is_empty() {
        parts.push("no secret is due".to_owned());
    }
    let next: Option<Date> = rest.iter().filter(|one| one.urgency == Urgency::Fresh).map(|one| one.soft_due).min();
    parts.extend(next.map(|day| format!("next on {day}")));
    parts.join(", ")
}
