//! One file a verb: it wires parts together, and formats no finding.

mod check;
mod completions;
mod demo;
mod explain;
mod fix;
mod hook;
mod locate;
mod output;
mod run;
mod scan;

use std::io::Write;

use crate::cli::{Cli, Command};
use crate::error::Error;
use crate::report::Status;
use crate::system::System;

pub use output::{complain, usage};

/// Does what the command line says.
///
/// # Errors
/// What ends the command before there is a report.
pub fn run(cli: &Cli, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    match &cli.command {
        Command::Check(args) => check::run(args, system, out),
        Command::Scan(args) => scan::run(args, system, out),
        Command::Explain(args) => explain::run(args, out),
        Command::Hook(hook) => hook::run(hook, system, out),
        Command::Demo(args) => demo::run(args, system, out),
        Command::Completions { shell } => completions::shell(*shell, out),
        Command::Man => completions::man(out),
    }
}
