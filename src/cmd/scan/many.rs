//! Many repositories: one report, a line of JSON for each, or one screen about all.

use std::io::Write;

use crate::cli::{Format, Scan, ScanFormat};
use crate::cmd::output::{self, lost};
use crate::engine::repositories::{One, Repositories};
use crate::engine::scan::Options;
use crate::error::Error;
use crate::policy::{Report, Status};
use crate::report;
use crate::secret::mask::Mask;
use crate::summary::Summary;
use crate::system::System;

/// Runs it.
pub(super) fn run(args: &Scan, options: &Options<'_>, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let repositories = Repositories::find(&args.paths, args.recursive, usize::from(args.jobs), options, system)?;
    match args.format {
        ScanFormat::Jsonl => lines(args, &repositories, out),
        ScanFormat::Of(format) if args.summary => summary(args, format, &repositories, system, out),
        ScanFormat::Of(format) => {
            let (report, values) = repositories.whole()?;
            output::report(report, &Mask::new(values), &system.directory, &args.output(format), system, out)
        }
    }
}

/// A report for each repository, written as soon as there is one.
fn lines(args: &Scan, repositories: &Repositories<'_>, out: &mut dyn Write) -> Result<Status, Error> {
    let mut status = Status::Clean;
    let mut write = |report: &Report| {
        status = status.max(report.status);
        // A line is written at once: several processes may write into one file.
        let mut line = Vec::new();
        let written = report::json::write_line(report, &mut line);
        written.and_then(|()| out.write_all(&line)).and_then(|()| out.flush()).map_err(|error| lost(&error))
    };
    repositories.each(|one| shown(args, repositories, one), |report| write(&report))?;
    if !repositories.problems.is_empty() {
        // About directories, and no repository.
        let mut report = Report { problems: repositories.problems.clone(), ..repositories.empty() };
        report.judge();
        write(&report)?;
    }
    Ok(output::exit(status, args.judging.exit_zero))
}

/// One screen about all of them.
fn summary(
    args: &Scan,
    format: Format,
    repositories: &Repositories<'_>,
    system: &System,
    out: &mut dyn Write,
) -> Result<Status, Error> {
    let mut summary = Summary::default();
    repositories.problems.iter().for_each(|problem| summary.add_problem(problem));
    let part = |one: One| {
        let name = one.name.clone();
        report::summary::part(&shown(args, repositories, one), &name)
    };
    repositories.each(part, |part| {
        let name = part.name.clone();
        summary.add(part).unwrap_or_else(|repeated| summary.add_unread(repeated.problem(name.as_str().into())));
        Ok(())
    })?;
    let day = repositories.empty().as_of;
    let written = match format {
        Format::Html => report::html::write_summary(&summary, "scan", day, out),
        Format::Json => report::summary::write_json(&summary, "scan", day, out),
        _ => report::summary::write_text(&summary, args.all, system.style, out),
    };
    written.map_err(|error| lost(&error))?;
    Ok(output::exit(summary.status(), args.judging.exit_zero))
}

/// The report of one of them, with what `--min-severity` leaves of it.
fn shown(args: &Scan, repositories: &Repositories<'_>, one: One) -> Report {
    let mut report = repositories.report(one);
    report.leave_out_below(args.judging.min_severity.into());
    report
}
