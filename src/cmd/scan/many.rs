//! Many repositories: one report, a line of JSON for each, or one screen about all.

use std::io::Write;

use crate::cli::{Format, Scan, ScanFormat};
use crate::cmd::output::{self, lost};
use crate::engine::repositories::{One, Record, Repositories};
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
    let repositories = if args.new { repositories.only_new()? } else { repositories };
    match args.format {
        ScanFormat::Jsonl => lines(args, &repositories, out),
        ScanFormat::Of(format) if args.summary => summary(args, format, &repositories, system, out),
        ScanFormat::Of(format) => whole(args, format, &repositories, system, out),
    }
}

/// One report about all of them.
fn whole(
    args: &Scan,
    format: Format,
    repositories: &Repositories<'_>,
    system: &System,
    out: &mut dyn Write,
) -> Result<Status, Error> {
    let (report, values, records) = repositories.whole()?;
    let is_text = args.new && format == Format::Text;
    let status = if is_text && report.findings.is_empty() && report.problems.is_empty() {
        Status::Clean
    } else {
        if is_text {
            writeln!(out, "new since the last complete scan\n").map_err(|error| lost(&error))?;
        }
        output::report(report, &Mask::new(values), &system.directory, &args.output(format), system, out)?
    };
    record(repositories, &records, status, out)
}

/// A report for each repository, written as soon as there is one.
fn lines(args: &Scan, repositories: &Repositories<'_>, out: &mut dyn Write) -> Result<Status, Error> {
    let mut status = Status::Clean;
    let mut write = |report: &Report| {
        // A line is written at once: several processes may write into one file.
        let mut line = Vec::new();
        let written = report::json::write_line(report, &mut line);
        written.and_then(|()| out.write_all(&line)).and_then(|()| out.flush()).map_err(|error| lost(&error))
    };
    repositories.each(
        |mut one| {
            let record = one.record.take();
            (shown(args, repositories, one), record)
        },
        |(report, record)| {
            write(&report)?;
            status = status.max(report.status).max(recorded(repositories, record.as_slice()));
            Ok(())
        },
    )?;
    if !repositories.problems.is_empty() {
        // About directories, and no repository.
        let mut report = Report { problems: repositories.problems.clone(), ..repositories.empty() };
        report.judge();
        write(&report)?;
        status = report.status;
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
    let (mut summary, mut records) = (Summary::default(), Vec::new());
    repositories.problems.iter().for_each(|problem| summary.add_problem(problem));
    let part = |mut one: One| {
        let record = one.record.take();
        (report::summary::part(&shown(args, repositories, one)), record)
    };
    repositories.each(part, |(part, record)| {
        summary.count(part);
        records.extend(record);
        Ok(())
    })?;
    let day = repositories.empty().as_of;
    let written = match format {
        Format::Html => report::html::write_summary(&summary, "scan", day, out),
        Format::Json => report::summary::write_json(&summary, "scan", day, out),
        _ if args.new && summary.is_silent() => Ok(()),
        _ => report::summary::write_text(&summary, args.all, system.style, out),
    };
    written.map_err(|error| lost(&error))?;
    record(repositories, &records, output::exit(summary.status(), args.judging.exit_zero), out)
}

/// Records what was told: after it was printed, for what nobody saw was not told. The status, if that was possible.
fn record(
    repositories: &Repositories<'_>,
    records: &[Record],
    status: Status,
    out: &mut dyn Write,
) -> Result<Status, Error> {
    out.flush().map_err(|error| lost(&error))?;
    Ok(status.max(recorded(repositories, records)))
}

/// Whether all of it was recorded. The report was printed already, so that standard error alone says it.
fn recorded(repositories: &Repositories<'_>, records: &[Record]) -> Status {
    // Where one cannot be written, the others are.
    let faults: Vec<Error> = records.iter().filter_map(|record| repositories.record(record).err()).collect();
    match faults.first() {
        None => Status::Clean,
        Some(first) => {
            output::hint(first, &mut std::io::stderr());
            Status::Incomplete
        }
    }
}

/// The report of one of them, with what `--min-severity` leaves of it.
fn shown(args: &Scan, repositories: &Repositories<'_>, one: One) -> Report {
    let mut report = repositories.report(one);
    report.leave_out_below(args.judging.min_severity.into());
    report
}
