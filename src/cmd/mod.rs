//! One file a verb: it wires parts together, and formats no finding.

mod check;
mod complete;
mod completions;
mod compose;
mod demo;
mod doctor;
mod explain;
mod generate;
mod hook;
mod incident;
mod init;
mod input;
mod inspect;
mod key;
mod man;
mod meant_verb;
mod output;
mod preflight;
mod project_summary;
mod replacements;
mod rotation;
mod scan;
mod status;
mod summary;
mod trace;

use crate::cli::{Cli, Command};
use crate::error::Error;
use crate::policy::Status;
use crate::system::System;
use std::io::Write;

pub use complete::complete;
pub use output::usage;

/// Does what the command line says, and tells what went wrong; the status that the program ends with.
pub fn main(cli: &Cli, out: &mut dyn Write, err: &mut dyn Write) -> Status {
    let system = match System::ask() {
        Ok(system) => System { style: output::style(cli.color, system.style), ..system },
        Err(error) => {
            output::hint(&error, err);
            return Status::Incomplete;
        }
    };
    let answer = run(cli, &system, out);
    let written = answer.and_then(|status| out.flush().map(|()| status).map_err(|error| output::lost(&error)));
    written.unwrap_or_else(|error| {
        // Who reads no more has seen enough.
        if !output::is_unread(&error) {
            output::complain(&error, cli, &system, out, err);
        }
        Status::Incomplete
    })
}

fn run(cli: &Cli, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    match &cli.command {
        Command::Status(args) => status::run(args, system, out),
        Command::Check(args) => check::run(args, system, out),
        Command::Scan(args) => scan::run(args, system, out),
        Command::Summary(args) => summary::run(args, system, out),
        Command::Trace(args) => trace::run(args, system, out),
        Command::Preflight(args) => preflight::run(args, system, out),
        Command::Init(args) => init::run(args, system, out),
        Command::Generate(make) => generate::run(make, system, out),
        Command::Explain(args) => explain::run(args, system.style, out),
        Command::Hook(hook) => hook::run(hook, system, out),
        Command::Key(key) => key::run(key, system, out),
        Command::Rotation(args) => rotation::run(args, system, out),
        Command::Incident(args) => incident::run(args, system, out),
        Command::Demo => demo::run(system, out),
        Command::Doctor(args) => doctor::run(args, system, out),
        Command::Completions(args) => completions::shell(args, out),
        Command::Man(args) => man::run(args, system, out),
    }
}
