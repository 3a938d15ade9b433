//! `envward preflight`: the gate before a deployment.

use std::io::Write;

use super::inspect;
use crate::cli::preflight::{Preflight, PreflightFormat};
use crate::cli::{Format, Output};
use crate::error::Error;
use crate::report::Status;
use crate::system::System;

/// Runs it.
pub(super) fn run(args: &Preflight, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    if let Some(file) = &args.inspect {
        return inspect::run(file, &flags(args), system, out);
    }
    Err(Error::Usage("preflight is not here yet"))
}

/// The flags of every command that reports. A checklist of running containers there is none.
fn flags(args: &Preflight) -> Output {
    let format = match args.format {
        PreflightFormat::Text | PreflightFormat::Checklist | PreflightFormat::Markdown => Format::Text,
        PreflightFormat::Json => Format::Json,
        PreflightFormat::Sarif => Format::Sarif,
        PreflightFormat::Github => Format::Github,
    };
    let Preflight { fail_on, exit_zero, as_of, color, .. } = *args;
    Output { format, fail_on, exit_zero, as_of, config: args.config.clone(), color }
}
