//! `envward rotation export`.

use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::fleet_key;
use super::status::paths;
use crate::cli::rotation::{Export, ExportFormat};
use crate::cmd::output::lost;
use crate::engine::rotation::ledger;
use crate::engine::rotation::survey::{Options, Survey};
use crate::error::Error;
use crate::files;
use crate::ledger::FingerprintKey;
use crate::policy::Status;
use crate::rotation::fleet::{self, Names, Push};
use crate::rotation::{Exported, ical, prometheus};
use crate::system::System;
use crate::text::sanitize;

/// Runs it. Something that is due is no finding of an export.
pub(super) fn run(args: &Export, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    if let Some(file) = &args.out {
        let is_prom = file.extension().is_some_and(|extension| extension == "prom");
        if args.format == ExportFormat::Prometheus && !is_prom {
            return Err(Error::usage(
                "the name of the file in --out does not end in .prom",
                "such as --out envward.prom: the Prometheus collector reads no other files",
            ));
        }
    }
    is_of_sql(args)?;
    if args.schema {
        return written(args, &fleet::schema(), system, out).map(|()| Status::Clean);
    }
    let options = Options { config: args.config.as_deref(), ..Options::default() };
    let surveys: Vec<Survey> =
        paths(&args.paths).into_iter().map(|path| Survey::of(path, &options, system)).collect::<Result<_, _>>()?;
    let Some(first) = surveys.first() else { return Ok(Status::Clean) };
    let fingerprints = ledger::fingerprints(&first.place)?;
    let exported = || surveys.iter().map(exported).collect::<Vec<_>>();
    let text = match args.format {
        ExportFormat::Prometheus => prometheus(&exported(), system.now, &fingerprints, args.hide_names),
        ExportFormat::Ical => ical(&exported(), system.now, &fingerprints, args.hide_names),
        ExportFormat::Sql => sql(args, &surveys, &fingerprints, system)?,
    };
    written(args, &text, system, out)?;
    problems(&surveys)
}

/// Some options say nothing about the other formats.
fn is_of_sql(args: &Export) -> Result<(), Error> {
    let has_option = args.schema || args.host.is_some() || args.fleet_key.is_some();
    match has_option && args.format != ExportFormat::Sql {
        true => Err(Error::usage(
            "--schema, --host and --fleet-key are about the table of a fleet",
            "use them with --format sql",
        )),
        false => Ok(()),
    }
}

/// The report of this host for the table of the fleet.
fn sql(args: &Export, surveys: &[Survey], fingerprints: &FingerprintKey, system: &System) -> Result<String, Error> {
    let host = args.host.as_deref().unwrap_or(&system.host);
    if host.is_empty() || host.len() > fleet::LONGEST_HOST {
        return Err(Error::blocked(
            "the name of this host has no or more than 63 bytes, and PostgreSQL cuts longer names of roles",
            "give the name of its role: --host NAME",
        ));
    }
    let key = args.fleet_key.as_deref().map(|file| fleet_key::read(file, system)).transpose()?;
    let projects: Vec<_> =
        surveys.iter().map(|survey| (whole(survey), fleet_key::marks(survey, key.as_ref()))).collect();
    let names = Names { fingerprints, are_hidden: args.hide_names };
    Ok(fleet::push(&projects, &Push { host, now: system.now, names }))
}

/// All of a project, whatever part of it was asked for: what is not in a report counts as gone.
fn whole(survey: &Survey) -> Exported<'_> {
    Exported {
        statuses: survey.report.statuses.iter().collect(),
        keys: survey.report.keys.iter().collect(),
        expiries: survey.report.expiries.iter().collect(),
        ..exported(survey)
    }
}

fn written(args: &Export, text: &str, system: &System, out: &mut dyn Write) -> Result<(), Error> {
    match &args.out {
        None => out.write_all(text.as_bytes()).map_err(|error| lost(&error)),
        Some(file) => write(file, text, system),
    }
}

fn exported(survey: &Survey) -> Exported<'_> {
    Exported {
        project: &survey.report.name,
        statuses: survey.asked().collect(),
        keys: survey.asked_keys().collect(),
        expiries: survey.asked_expiries().collect(),
        is_complete: survey.report.problems.is_empty(),
    }
}

fn write(file: &Path, text: &str, system: &System) -> Result<(), Error> {
    let full = system.directory.join(file);
    files::write_public(&full, text.as_bytes()).map_err(|error| Error::io("write", file, &error))
}

/// What was written says that something is missing; so does the status, and standard error says what.
fn problems(surveys: &[Survey]) -> Result<Status, Error> {
    let mut status = Status::Clean;
    for survey in surveys {
        if let Some(problem) = survey.report.problems.first() {
            let name = survey.report.mask.text(&sanitize(survey.report.root.as_os_str().as_bytes()));
            let message = survey.report.mask.text(&problem.to_string());
            let line = format!("not examined in {name}: {message}\n");
            std::io::stderr().write_all(line.as_bytes()).map_err(|error| lost(&error))?;
            status = Status::Incomplete;
        }
    }
    Ok(status)
}
