//! `envward rotation`: how old each secret is, what is due, and its replacement.

mod export;
mod install;
mod ledger;
mod record;
mod status;
mod survey;

use std::io::Write;

use jiff::civil::Date;

use super::locate::Located;
use crate::cli::rotation::Rotation;
use crate::config::Config;
use crate::error::Error;
use crate::ledger::Ledger as _;
use crate::problem::{Problem, ProblemKind};
use crate::report::Status;
use crate::rotation::{Ages, Look, sightings};
use crate::source::{Committed, Project};
use crate::system::System;

pub(super) use ledger::{failed, now, open as open_ledger, peek as peek_ledger, place};
pub(super) use survey::{mask_of, name as project_name};

/// Runs it.
pub(super) fn run(args: &Rotation, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    match args {
        Rotation::Status(args) => status::run(args, system, out),
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
    let unusable = || Problem::whole(ProblemKind::UnusableLedger);
    let Some(place) = system.state.as_ref().filter(|place| place.dir.symlink_metadata().is_ok()) else {
        return Ok(None);
    };
    if place.is_inside(&located.root) {
        return Err(unusable());
    }
    let (kept, marks) = ledger::peek(place).map_err(|_| unusable())?;
    let mask = survey::mask_of(project, system);
    let (Some(kept), Ok(name)) = (kept, survey::name(&located.root, config, &mask)) else { return Ok(None) };
    let Some(book) = kept.read(&name).map_err(|_| unusable())? else { return Ok(None) };
    let by = Look { config, marks: &marks, group: &system.group, mask: &mask, today: system.today };
    let seen = sightings(project, &Committed::default(), &by);
    Ok(Some(Ages::of(&book, &seen, &ledger::now(system), day)))
}
