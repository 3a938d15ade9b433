//! `envward summary`.

use std::io::Write;

use super::project_summary::{self, Asked};
use crate::cli::summary::{SummaryArgs, SummaryFormat};
use crate::error::Error;
use crate::policy::Status;
use crate::system::System;

/// Runs it.
pub(super) fn run(args: &SummaryArgs, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let Some(path) = args.project.as_deref() else { return Ok(Status::Clean) };
    let is_page = args.format == SummaryFormat::Html;
    let asked = Asked { path, config: args.config.as_deref(), as_of: args.as_of, is_page };
    Ok(match project_summary::run(&asked, system, out)? {
        Status::Findings if args.exit_zero => Status::Clean,
        status => status,
    })
}
