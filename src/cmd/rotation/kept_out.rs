//! The files that a rotation keeps beside an env file, and what to do if git or an image would pick them up.

use std::collections::BTreeSet;

use super::pending;
use super::previous;
use super::rotate::Case;
use crate::cmd::output::wrapped;
use crate::engine::fix::{self, Mend};
use crate::error::Error;
use crate::path::RelPath;
use crate::project::GitView;
use crate::shell::for_shell;
use crate::system::System;

/// What is said before a rotation that would publish the new value, or could not be rolled back; nothing where neither is so.
pub(super) fn warning(case: &Case<'_>, system: &System) -> Result<String, Error> {
    let tracked = tracked(case, system);
    if !previous::is_picked_up(case.survey, case.status)? {
        return Ok(tracked);
    }
    let what = format!(
        "WARNING: this rotation could not be rolled back, because git or an image would pick up {}. Before you promote, \
         ignore such files:",
        previous::path(case.status)
    );
    Ok(tracked + &section(&what, &commands(case)?, system))
}

/// What is said of the files with the value that git tracks.
fn tracked(case: &Case<'_>, system: &System) -> String {
    let written: BTreeSet<&RelPath> = case.places.iter().map(|place| &place.file).chain([&case.status.file]).collect();
    let files = case.survey.project.files.iter().filter(|file| written.contains(&file.path));
    let tracked = files.filter(|file| file.git.is_some_and(GitView::is_published));
    let paths: Vec<String> = tracked.map(|file| case.survey.report.shell_path(&file.path)).collect();
    if paths.is_empty() {
        return String::new();
    }
    let paths = paths.join(" ");
    let what = format!(
        "WARNING: git tracks {paths}, so the next commit would publish the new value. Before you promote, untrack and ignore:"
    );
    let report = &case.survey.report;
    let root = if report.is_here { String::new() } else { format!(" {}", report.shell_path(&RelPath::default())) };
    // The second command ignores what the first one leaves untracked.
    section(&what, &[format!("git rm --cached -f {paths}"), format!("envward check --fix{root}")], system)
}

/// A text with commands below it.
pub(super) fn section(what: &str, commands: &[String], system: &System) -> String {
    let commands: String = commands.iter().map(|command| format!("  -> {command}\n")).collect();
    wrapped(what, system.style) + &commands
}

/// The commands that add the missing lines to the ignore files, for every key of this env file.
pub(super) fn commands(case: &Case<'_>) -> Result<Vec<String>, Error> {
    let paths = [pending::beside(case.status), previous::path(case.status)];
    let mut lines: Vec<(RelPath, Vec<String>)> = Vec::new();
    for mend in fix::missing_lines(&paths, &case.survey.project, &case.survey.located)? {
        let Mend::Line { file, line } = mend else { continue };
        let line = for_shell(&RelPath::from(of_every_key(&line, case).as_str()));
        match lines.iter_mut().find(|(known, _)| *known == file) {
            Some((_, lines)) => lines.push(line),
            None => lines.push((file, vec![line])),
        }
    }
    let command = |(file, lines): &(RelPath, Vec<String>)| {
        format!("printf '%s\\n' {} >> {}", lines.join(" "), case.survey.report.shell_path(file))
    };
    Ok(lines.iter().map(command).collect())
}

/// `/.env.DB_PASSWORD.previous` as `/.env.*.previous`.
fn of_every_key(line: &str, case: &Case<'_>) -> String {
    let key = format!(".{}.", case.status.key);
    match line.rsplit_once(&key) {
        Some((file, end)) => format!("{file}.*.{end}"),
        None => line.to_owned(),
    }
}
