//! By what a run is judged, as the command line says it.

use std::path::Path;

use jiff::civil::Date;

use crate::finding::Severity;
use crate::system::System;

/// The command, and the configuration, the day and the severity that were asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms<'a> {
    /// The command's name, as the report has it.
    pub(crate) command: &'static str,
    /// `--config`.
    pub(crate) config: Option<&'a Path>,
    /// `--as-of`.
    pub(crate) as_of: Option<Date>,
    /// `--fail-on`: the lowest severity that fails the run.
    pub(crate) fail_on: Severity,
}

impl Terms<'_> {
    /// The day that ages and ends are counted to.
    pub(crate) fn today(&self, system: &System) -> Date {
        self.as_of.unwrap_or(system.today)
    }
}
