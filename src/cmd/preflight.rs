//! `envward preflight`: the gate before a deployment.

use std::io::Write;

use crate::cli::preflight::Preflight;
use crate::error::Error;
use crate::report::Status;
use crate::system::System;

/// Runs it.
pub(super) fn run(_: &Preflight, _: &System, _: &mut dyn Write) -> Result<Status, Error> {
    Err(Error::Usage("preflight is not here yet"))
}
