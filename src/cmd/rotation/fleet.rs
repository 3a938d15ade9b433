//! `envward rotation status --from`: what all hosts reported.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::Path;

use crate::cli::rotation::{RotationFormat, Status as Args};
use crate::cmd::output::lost;
use crate::error::Error;
use crate::policy::Status;
use crate::report::fleet::{FleetReport, write_json, write_lines, write_table};
use crate::rotation::fleet::{NoFleet, read};
use crate::rotation::plus;
use crate::system::System;

/// Where the input comes from.
const QUERY_HINT: &str =
    "print it with psql: psql service=envward -c \"copy (select * from envward.fleet) to stdout csv header\"";

/// Runs it. It reads no project and no ledger.
pub(super) fn run(from: &Path, args: &Args, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    if args.format == RotationFormat::Html {
        return Err(Error::usage(
            "there is no page of the table of all hosts",
            "leave out --format, or use --format json",
        ));
    }
    let fleet = read(input(from, system)?).map_err(|why| match why {
        NoFleet::Empty => Error::blocked("there is no table: the input is empty", QUERY_HINT),
        NoFleet::Foreign => Error::blocked("the input is not the table of a fleet", QUERY_HINT),
    })?;
    let day = args.as_of.unwrap_or(system.today);
    let report = FleetReport::new(&fleet, day, plus(day, args.within.unwrap_or(0)));
    let status = match report.status() {
        Status::Findings if args.exit_zero => Status::Clean,
        status => status,
    };
    let written = match (args.format, args.due) {
        (RotationFormat::Json, only_due) => write_json(&report, report.status(), only_due, out),
        (_, true) => write_lines(&report, system.style, out),
        (_, false) => write_table(&report, system.style, out),
    };
    written.map_err(|error| lost(&error))?;
    Ok(status)
}

fn input(from: &Path, system: &System) -> Result<Box<dyn Read>, Error> {
    if from == Path::new("-") {
        return Ok(Box::new(std::io::stdin().lock()));
    }
    let file = File::open(system.directory.join(from));
    file.map(|file| Box::new(BufReader::new(file)) as Box<dyn Read>).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::NoSuchPath(from.to_path_buf()),
        _ => Error::io("read", from, &error),
    })
}
