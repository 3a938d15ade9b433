//! What `envward incident` asks of the ledger: what is exposed, and that something leaked.

use std::path::Path;

use super::plan::{By, Item};
use crate::cmd::rotation::record::LONGEST_TEXT;
use crate::engine::rotation::survey::{Options, Survey};
use crate::env::Key;
use crate::error::Error;
use crate::ledger::ValueState;
use crate::path::RelPath;
use crate::problem::Problem;
use crate::project::Named;
use crate::report::rotation::listed;
use crate::rotation::{NEXT, SecretStatus, Urgency};
use crate::secret::mask::Mask;
use crate::system::System;

const LOOK: Options<'_> = Options { config: None, as_of: None, accept_clock: false, is_read_only: false };

/// What is exposed.
pub(crate) struct Exposed {
    /// The secrets in use.
    pub(crate) items: Vec<Item>,
    /// What no output may show.
    pub(crate) mask: Mask,
    /// Why one may be missing.
    pub(crate) problems: Vec<Problem>,
}

/// The secrets in use that are exposed.
pub(crate) fn exposed(path: Option<&Path>, system: &System) -> Result<Exposed, Error> {
    let survey = Survey::of(path, &LOOK, system)?;
    let is_exposed = |one: &&SecretStatus| one.urgency == Urgency::Exposed && one.state == ValueState::Current;
    let item = |one: &SecretStatus| Item {
        file: one.file.clone(),
        key: Some(one.key.clone()),
        line: None,
        class: one.class,
        why: listed(one),
        by: match survey.project.named().get(&one.file) {
            Some(Named::Secret(_)) => By::Rotate { by_hand: false, waits: false },
            _ if survey.report.is_said_of_twin(one) => By::Another,
            _ => By::Rotate { by_hand: one.by_hand, waits: waits(one, &survey) },
        },
    };
    let items = survey.asked().filter(is_exposed).map(item).collect();
    let problems = [survey.report.problems, survey.report.limits].concat();
    Ok(Exposed { items, mask: survey.report.mask, problems })
}

/// Whether a new value waits in the same file, which leaked with it.
fn waits(status: &SecretStatus, survey: &Survey) -> bool {
    let next = format!("{}{NEXT}", status.key);
    survey.project.files.iter().any(|file| file.path == status.file && file.has_value(&next))
}

/// Records that these secrets leaked, all in one transaction; how many were, and how many the ledger does not know.
pub(crate) fn expose(
    secrets: &[(RelPath, Key)],
    path: Option<&Path>,
    reason: &str,
    system: &System,
) -> Result<(usize, usize), Error> {
    if reason.trim().is_empty() || reason.len() > LONGEST_TEXT {
        return Err(Error::usage("a reason is one line of 1 to 200 characters", "such as --reason 'laptop stolen'"));
    }
    let survey = Survey::of(path, &LOOK, system)?;
    if survey.report.mask.text(reason) != reason {
        return Err(Error::SecretInText);
    }
    let mut known = 0;
    survey.update(system, &mut |book, _, now| {
        known = secrets.iter().filter_map(|(file, key)| book.incident(file, key, now, reason)).count();
    })?;
    Ok((known, secrets.len() - known))
}
