//! `envward rotation export`.

use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::status::paths;
use crate::cli::rotation::{Export, ExportFormat};
use crate::cmd::output::lost;
use crate::engine::rotation::ledger;
use crate::engine::rotation::survey::{Options, Survey};
use crate::error::Error;
use crate::files;
use crate::policy::Status;
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
    let options = Options { config: args.config.as_deref(), ..Options::default() };
    let surveys: Vec<Survey> =
        paths(&args.paths).into_iter().map(|path| Survey::of(path, &options, system)).collect::<Result<_, _>>()?;
    let exported: Vec<Exported<'_>> = surveys.iter().map(exported).collect();
    let Some(first) = surveys.first() else { return Ok(Status::Clean) };
    let fingerprints = ledger::fingerprints(&first.place)?;
    let text = match args.format {
        ExportFormat::Prometheus => prometheus(&exported, system.now, &fingerprints, args.hide_names),
        ExportFormat::Ical => ical(&exported, system.now, &fingerprints, args.hide_names),
    };
    match &args.out {
        None => out.write_all(text.as_bytes()).map_err(|error| lost(&error))?,
        Some(file) => write(file, &text, system)?,
    }
    problems(&surveys)
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
