//! One project, as a summary tells it: how its secrets stand today, and how they stood before.

use std::path::Path;

use super::ledger;
use super::survey::{Options, Survey};
use crate::error::Error;
use crate::ledger::Ledger as _;
use crate::rotation::{Month, trend};
use crate::system::System;

/// Examines the project that a path is in. The ledger is read, and nothing is recorded.
pub(crate) fn examined(
    path: Option<&Path>,
    options: &Options<'_>,
    system: &System,
) -> Result<(Survey, Vec<Month>), Error> {
    let options = Options { config: options.config, as_of: options.as_of, accept_clock: false, is_read_only: true };
    let survey = Survey::of(path, &options, system)?;
    let (kept, _) = ledger::peek(&survey.place)?;
    let book = kept.map_or(Ok(None), |kept| kept.read(&survey.report.name));
    let book = book.map_err(|fault| ledger::failed(&survey.place, fault))?.unwrap_or_default();
    let day = options.as_of.unwrap_or(system.today);
    let months = trend(&book, &survey.report.statuses, day);
    Ok((survey, months))
}
