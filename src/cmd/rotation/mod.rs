//! `envward rotation`: how old each secret is, what is due, and its replacement.

mod asked_server;
mod confirm;
mod decryption_key;
mod export;
mod files;
mod fleet;
mod fleet_key;
mod install;
mod kept_out;
mod multiline;
mod notify;
mod other_role;
mod pending;
mod previous;
mod promote;
mod ready;
pub(super) mod record;
mod remaining_places;
mod restart;
mod rollback;
mod rotate;
mod screen;
mod servers;
mod status;
mod tell;
mod verify;
mod who_to_tell;
mod whole_file;

use crate::cli::rotation::Rotation;
use crate::cmd::output::{lost, wrapped};
use crate::error::Error;
use crate::policy::Status;
use crate::system::System;
use crate::terminal::Style;
use std::io::Write;

/// Runs it.
pub(super) fn run(args: &Rotation, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    match args {
        Rotation::Status(args) => status::run(args, system, out),
        Rotation::Rotate(args) => rotate::run(args, system, out),
        Rotation::Promote(args) => promote::run(args, system, out),
        Rotation::Verify(args) => verify::run(args, system, out),
        Rotation::Rollback(args) => rollback::run(args, system, out),
        Rotation::Record(args) => record::record(args, system, out),
        Rotation::Snooze(args) => record::snooze(args, system, out),
        Rotation::Export(args) => export::run(args, system, out),
        Rotation::Install(args) => install::run(args, system, out),
    }
}

/// Lines that say what was done.
fn say(out: &mut dyn Write, text: &str, style: Style) -> Result<Status, Error> {
    out.write_all(wrapped(text, style).as_bytes()).map_err(|error| lost(&error))?;
    Ok(Status::Clean)
}
