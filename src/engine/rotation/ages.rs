//! How old the secrets of a project are, and what was made just now.

use std::io::Write as _;
use std::path::PathBuf;

use jiff::civil::Date;

use super::{ledger, survey};
use crate::config::Config;
use crate::engine::locate::Located;
use crate::engine::rotation::record_made;
use crate::env::Key;
use crate::leak::Committed;
use crate::ledger::Ledger as _;
use crate::problem::{Problem, ProblemKind};
use crate::project::Project;
use crate::rotation::{Ages, Look, sightings};
use crate::secret::mask::Mask;
use crate::system::System;

/// How old a project's secrets are, for `check`: nothing is written, and where no ledger knows the project there is no
/// answer.
pub(crate) fn ages(
    located: &Located,
    config: &Config,
    project: &Project,
    day: Date,
    system: &System,
) -> Result<Option<Ages>, Problem> {
    let Some((kept, fingerprints)) = ledger::existing(&located.root, system)? else {
        return Ok(None);
    };
    // A name that holds a secret is in no ledger.
    let Ok(name) = survey::name(&located.root, config, &Mask::new(Vec::new())) else { return Ok(None) };
    let unusable = |_| Problem::whole(ProblemKind::UnusableLedger);
    let Some(book) = kept.read(&name).map_err(unusable)? else { return Ok(None) };
    let mask = survey::mask_of(project, config, system);
    let by = Look { config, fingerprints: &fingerprints, group: &system.group, mask: &mask, today: system.today };
    let seen = sightings(project, &Committed::default(), &by);
    Ok(Some(Ages::of(&book, &seen, &ledger::now(system), day)))
}

/// Records that these keys of these env files (absolute paths) got a value just now from `what`. The files are
/// written already: where the ledger cannot be used that is said, and the command has not failed.
pub(crate) fn made(files: &[(PathBuf, Vec<Key>)], what: &str, system: &System) {
    // Where there is to be no ledger, nothing is missing.
    if system.state.is_none() {
        return;
    }
    if let Err(error) = record_made::record(files, what, system) {
        // The hint of the error is for one who can run the command again: here that would be a second new value.
        let hint = "the new value is in place; when the cause is gone, record it: envward rotation status";
        drop(writeln!(std::io::stderr(), "note: the age was not recorded: {error}\n  hint: {hint}"));
    }
}
