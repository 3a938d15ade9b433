//! `envward check`: one answer for a whole project.

use std::io::Write;

use super::output;
use crate::cli::{Check, Format};
use crate::engine::check::{self, Asked, Checked};
use crate::engine::fix::{Mended, plan, rewrite};
use crate::engine::locate;
use crate::engine::readers;
use crate::error::Error;
use crate::policy::Status;
use crate::system::System;

/// Runs it.
pub(super) fn run(args: &Check, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let mut located = locate::project(args.path.as_deref(), system)?;
    let config = locate::configuration(&located.root, args.output.judging.config.as_deref(), system)?;
    let asked = Asked {
        terms: output::terms("check", &args.output.judging),
        has_history: !args.no_history,
        is_named: args.path.is_some(),
    };
    if args.print_config {
        let project = check::load(&located, &config)?;
        let Checked { mask, .. } = check::one(&asked, &located, &config, &project, system);
        output::text(&config.to_string(), &mask, out)?;
        return Ok(Status::Clean);
    }
    if args.fixing.fix {
        let project = check::load(&located, &config)?;
        let Checked { report: before, mask, .. } = check::one(&asked, &located, &config, &project, system);
        let mut mended = plan::run(&before, &mask, &project, &located, args.fixing.dry_run, system)?;
        if args.rewrite_values {
            mended.splice(0..0, rewrite::run(&project, &located, args.fixing.dry_run)?);
        }
        output::mended(&mended, &mask, (args.fixing.dry_run, args.output.format == Format::Text), out)?;
        located.problems.extend(mended.iter().filter_map(Mended::problem));
    }
    let project = check::load(&located, &config)?;
    let Checked { mut report, mask, .. } = check::one(&asked, &located, &config, &project, system);
    if args.readers {
        let files = readers::of(&project, &located.below);
        if args.output.format == Format::Text {
            output::readers(&files, &mask, out)?;
        }
        report.readers = Some(files);
    }
    output::report(report, &mask, &located.root, &args.output, system, out)
}
