//! `envward scan`: git repositories alone. The work tree is read only to know which secrets are in use.

mod many;

use std::io::Write;
use std::path::PathBuf;

use super::{output, replacements};
use crate::cli::{Format, Scan, ScanFormat};
use crate::engine::scan::{Depth, Options, Scanned, one};
use crate::error::Error;
use crate::policy::Status;
use crate::report;
use crate::secret::mask::Mask;
use crate::system::System;

/// Runs it.
pub(super) fn run(args: &Scan, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let options = Options {
        terms: output::terms("scan", &args.judging),
        live: &args.live,
        staged: args.staged,
        range: args.range.as_deref(),
        since: args.since_commit.as_deref(),
        replacements: args.replacements.is_some(),
        advice: args.advice,
    };
    match args.format {
        ScanFormat::Of(format) if !(args.recursive || args.paths.len() > 1 || args.summary || args.new) => {
            one_repository(args, format, &options, system, out)
        }
        _ => {
            is_for_many(args)?;
            many::run(args, &options, system, out)
        }
    }
}

fn one_repository(
    args: &Scan,
    format: Format,
    options: &Options<'_>,
    system: &System,
    out: &mut dyn Write,
) -> Result<Status, Error> {
    let path = args.paths.first().map(PathBuf::as_path);
    if args.advice && format != Format::Text {
        return Err(Error::usage("--advice prints text only", "leave out --format"));
    }
    let Scanned { report, values, root, replacements: text, more, .. } = one(path, options, Depth::Whole, system)?;
    let mask = Mask::new(values);
    let file = args.replacements.as_deref();
    let written = match (file, &text) {
        (Some(file), Some(text)) => Some(replacements::write(file, text, &root, system)?),
        _ => None,
    };
    let report = report.masked(&mask);
    let more = more.masked(&mask);
    let advice = args.advice.then(|| report::advice::text(&report, written.as_ref(), &more, system.style.width));
    let status = output::report(report, &mask, &root, &args.output(format), system, out)?;
    out.write_all(advice.unwrap_or_default().as_bytes()).map_err(|error| output::lost(&error))?;
    Ok(status)
}

/// What is about one repository, or has another format.
fn is_for_many(args: &Scan) -> Result<(), Error> {
    let one_repository = "name one path, and leave out --recursive and --format jsonl";
    match () {
        () if args.range.is_some() || args.since_commit.is_some() => {
            Err(Error::usage("--range and --since-commit are for one repository", one_repository))
        }
        () if args.advice && args.format == ScanFormat::Jsonl => {
            Err(Error::usage("--advice prints text only", "leave out --format"))
        }
        () if args.advice => Err(Error::usage("--advice is for one repository", one_repository)),
        () if args.summary && !matches!(args.format, ScanFormat::Of(Format::Text | Format::Json | Format::Html)) => {
            Err(Error::usage(
                "--summary prints text, JSON or a page",
                "leave out --format, or give --format json or --format html",
            ))
        }
        () => Ok(()),
    }
}
