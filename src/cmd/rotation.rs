//! `envward rotation`: how old each secret is, what is due, and its replacement.

mod ledger;
mod record;
mod status;
mod survey;

use std::io::Write;

use crate::cli::rotation::Rotation;
use crate::error::Error;
use crate::report::Status;
use crate::system::System;

/// Runs it.
pub(super) fn run(args: &Rotation, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    match args {
        Rotation::Status(args) => status::run(args, system, out),
        Rotation::Record(args) => record::record(args, system, out),
        Rotation::Snooze(args) => record::snooze(args, system, out),
    }
}
