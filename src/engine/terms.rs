//! By what a run is judged, as the command line says it.

use std::path::Path;

use jiff::civil::Date;

use crate::finding::Severity;

/// The configuration, the day and the severity that were asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms<'a> {
    /// `--config`.
    pub(crate) config: Option<&'a Path>,
    /// `--as-of`.
    pub(crate) as_of: Option<Date>,
    /// `--fail-on`: the lowest severity that fails the run.
    pub(crate) fail_on: Severity,
}
