//! `envward summary --project`: one project on one screen, or on one page.

use std::io::Write;
use std::path::Path;

use jiff::civil::Date;

use super::output::lost;
use crate::engine::rotation::project;
use crate::engine::rotation::survey::Options;
use crate::error::Error;
use crate::policy::Status;
use crate::report::html::write_project;
use crate::report::project_summary::{ProjectSummary, write_text};
use crate::system::System;

/// What was asked for.
pub(super) struct Asked<'a> {
    pub(super) path: &'a Path,
    pub(super) config: Option<&'a Path>,
    pub(super) as_of: Option<Date>,
    pub(super) is_page: bool,
}

/// Runs it. Nothing is recorded.
pub(super) fn run(asked: &Asked<'_>, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let options = Options { config: asked.config, as_of: asked.as_of, ..Options::default() };
    let (survey, months) = project::examined(Some(asked.path), &options, system)?;
    let summary = ProjectSummary::new(&survey.report, &months, asked.as_of.unwrap_or(system.today));
    let written = match asked.is_page {
        true => write_project(&summary, out),
        false => write_text(&summary, system.style, out),
    };
    written.map_err(|error| lost(&error))?;
    Ok(summary.status())
}
