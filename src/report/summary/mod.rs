//! Many reports on one screen, as text and JSON (`envward.summary/1`).

mod json;
pub(super) mod text;

pub use json::{write as write_json, write_error};
pub use text::write as write_text;

use super::json::{file_of, path_text};
use super::wording;
use crate::policy::Report;
use crate::summary::{Part, Reason, Sums};

/// What a summary takes of the report of a repository, as it would take it of the JSON. Masked before.
#[must_use]
pub fn part(report: &Report) -> Part {
    let name = report.repository.as_ref().map(path_text).unwrap_or_default();
    let mut part = Part {
        repository: Some(name.clone()),
        only_new: report.only_new,
        status: report.status,
        sums: Sums {
            hidden: report.hidden.len() as u64,
            accepted: report.accepted.len() as u64,
            not_shown: report.below.as_ref().map_or(0, |below| below.all() as u64),
            examined: report.examined,
        },
        ..Part::new(name, report.command, report.as_of)
    };
    for finding in &report.findings {
        part.found.add(finding.severity, || Reason {
            severity: finding.severity,
            check: finding.check.id.to_owned(),
            title: wording::what(finding),
            path: file_of(finding).map(path_text),
        });
    }
    for problem in &report.problems {
        *part.problems.entry(problem.kind.word().to_owned()).or_default() += 1;
    }
    part
}
