//! `envward rotation`: how old each secret is, what is due, and its replacement.

mod before;
mod export;
mod expose;
mod files;
mod install;
mod ledger;
mod made;
mod means;
mod pending;
mod promote;
mod record;
mod remains;
mod replaced;
mod rotate;
mod status;
mod survey;

use std::io::Write;
use std::path::PathBuf;

use jiff::civil::Date;

use super::locate::Located;
use crate::cli::rotation::Rotation;
use crate::config::Config;
use crate::env::Key;
use crate::error::Error;
use crate::ledger::Ledger as _;
use crate::policy::Status;
use crate::problem::{Problem, ProblemKind};
use crate::rotation::{Ages, Look, sightings};
use crate::source::{Committed, Project};
use crate::system::System;

pub(super) use before::none_in_use;
pub(super) use expose::{Exposed, expose, exposed};
pub(super) use ledger::{failed, now, open as open_ledger, peek as peek_ledger, place};
pub(super) use replaced::Replaced;
pub(super) use survey::{mask_of, name as project_name};

/// Runs it.
pub(super) fn run(args: &Rotation, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    match args {
        Rotation::Status(args) => status::run(args, system, out),
        Rotation::Rotate(args) => rotate::run(args, system, out),
        Rotation::Promote(args) => promote::run(args, system, out),
        Rotation::Record(args) => record::record(args, system, out),
        Rotation::Snooze(args) => record::snooze(args, system, out),
        Rotation::Export(args) => export::run(args, system, out),
        Rotation::Install(args) => install::run(args, system, out),
    }
}

/// How old a project's secrets are, for `check`: nothing is written, and where no ledger knows the project there is no
/// answer.
pub(super) fn ages(
    located: &Located,
    config: &Config,
    project: &Project,
    day: Date,
    system: &System,
) -> Result<Option<Ages>, Problem> {
    let Some((kept, marks)) = ledger::existing(&located.root, system)? else { return Ok(None) };
    let mask = survey::mask_of(project, system);
    let Ok(name) = survey::name(&located.root, config, &mask) else { return Ok(None) };
    let unusable = |_| Problem::whole(ProblemKind::UnusableLedger);
    let Some(book) = kept.read(&name).map_err(unusable)? else { return Ok(None) };
    let by = Look { config, marks: &marks, group: &system.group, mask: &mask, today: system.today };
    let seen = sightings(project, &Committed::default(), &by);
    Ok(Some(Ages::of(&book, &seen, &ledger::now(system), day)))
}

/// Takes down that these keys of these env files (absolute paths) got a value just now from `what`. The files are
/// written already: where the ledger cannot be used that is said, and the command has not failed.
pub(super) fn made(files: &[(PathBuf, Vec<Key>)], what: &str, system: &System) {
    // Where there is to be no ledger, nothing is missing.
    if system.state.is_none() {
        return;
    }
    if let Err(error) = made::record(files, what, system) {
        let hint = error.hint();
        drop(writeln!(std::io::stderr(), "note: the age was not recorded: {error}\n  hint: {hint}"));
    }
}

/// A line that says what was done.
fn say(out: &mut dyn Write, text: &str) -> Result<Status, Error> {
    writeln!(out, "{text}").map_err(|error| super::output::lost(&error))?;
    Ok(Status::Clean)
}
