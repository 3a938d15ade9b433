//! `envward summary`: many reports on one screen, or one project.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use super::output::{self, lost};
use super::project_summary::{self, Asked};
use crate::cli::{SummaryArgs, SummaryFormat};
use crate::error::Error;
use crate::path::RelPath;
use crate::policy::Status;
use crate::problem::Problem;
use crate::report;
use crate::summary::{Reading, Summary, read};
use crate::system::System;

/// Runs it. It reads no repository, and what it cannot read hides nothing of the rest.
pub(super) fn run(args: &SummaryArgs, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    if let Some(path) = &args.project {
        let is_page = match args.format {
            SummaryFormat::Text => false,
            SummaryFormat::Html => true,
            SummaryFormat::Json => {
                let hint = "for a program: envward rotation status --format json";
                return Err(Error::usage("--project prints text or a page", hint));
            }
        };
        let asked = Asked { path, config: args.config.as_deref(), as_of: args.as_of, is_page };
        return Ok(output::exit(project_summary::run(&asked, system, out)?, args.exit_zero));
    }
    let mut summary = Summary::default();
    for file in &args.files {
        let (name, source) = if file == Path::new("-") {
            (RelPath::from("standard input"), Ok(Box::new(std::io::stdin().lock()) as Box<dyn BufRead>))
        } else {
            (RelPath::new(file.as_os_str().as_bytes()), open(file, system))
        };
        match source {
            Ok(source) => read(source, &name, &mut |place, reading| add(&mut summary, place, reading)),
            Err(error) => summary.add_unread(unreadable(name, &error)),
        }
    }
    let written = match args.format {
        SummaryFormat::Json => report::summary::write_json(&summary, "summary", system.today, out),
        SummaryFormat::Html => report::html::write_summary(&summary, "summary", system.today, out),
        SummaryFormat::Text => report::summary::write_text(&summary, args.all, system.style, out),
    };
    written.map_err(|error| lost(&error))?;
    Ok(output::exit(summary.status(), args.exit_zero))
}

fn add(summary: &mut Summary, place: RelPath, reading: Reading) {
    match reading {
        Reading::Part(part) => {
            if let Err(repeated) = summary.add(*part) {
                summary.add_unread(repeated.problem(place));
            }
        }
        Reading::Unread(problem) => summary.add_unread(problem),
    }
}

fn open(file: &Path, system: &System) -> std::io::Result<Box<dyn BufRead>> {
    Ok(Box::new(BufReader::new(File::open(system.directory.join(file))?)))
}

/// A file that somebody named did not vanish: it is not there.
fn unreadable(name: RelPath, error: &std::io::Error) -> Problem {
    Problem { kind: crate::problem::ProblemKind::UnreadablePath, ..Problem::io(name, error) }
}
