//! `envward scan`: git repositories alone. The work tree is read only to know which secrets are in use.

use std::io::Write;
use std::path::PathBuf;

use super::{output, replacements};
use crate::cli::{Format, Scan};
use crate::engine::repositories;
use crate::engine::scan::{Depth, Options, Scanned, one};
use crate::error::Error;
use crate::policy::Status;
use crate::report;
use crate::secret::mask::Mask;
use crate::system::System;

/// Runs it.
pub(super) fn run(args: &Scan, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let options = Options {
        terms: output::terms("scan", &args.output.judging),
        live: &args.live,
        staged: args.staged,
        range: args.range.as_deref(),
        since: args.since_commit.as_deref(),
        replacements: args.replacements.is_some(),
    };
    if args.recursive || args.paths.len() > 1 {
        if args.range.is_some() || args.since_commit.is_some() {
            return Err(Error::usage(
                "--range and --since-commit are for one repository",
                "name one path, and leave out --recursive",
            ));
        }
        if args.advice {
            return Err(Error::usage("--advice is for one repository", "name one path, and leave out --recursive"));
        }
        let (report, values) = repositories::scan(&args.paths, args.recursive, &options, system)?;
        return output::report(report, &Mask::new(values), &system.directory, &args.output, system, out);
    }
    let path = args.paths.first().map(PathBuf::as_path);
    if args.advice && args.output.format != Format::Text {
        return Err(Error::usage("--advice prints text only", "leave out --format"));
    }
    let Scanned { report, values, root, replacements: text, more } = one(path, &options, Depth::Whole, system)?;
    let mask = Mask::new(values);
    let file = args.replacements.as_deref();
    let written = match (file, &text) {
        (Some(file), Some(text)) => Some(replacements::write(file, text, &root, system)?),
        _ => None,
    };
    let report = report.masked(&mask);
    let advice = args.advice.then(|| report::advice::text(&report, written.as_ref(), &more, system.style.width));
    let status = output::report(report, &mask, &root, &args.output, system, out)?;
    out.write_all(advice.unwrap_or_default().as_bytes()).map_err(|error| output::lost(&error))?;
    Ok(status)
}
