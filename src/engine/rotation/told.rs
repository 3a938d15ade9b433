//! Records what a reminder told.

use super::ledger;
use crate::error::Error;
use crate::ledger::{Keys as _, Ledger as _, StatePlace};
use crate::rotation::Told;
use crate::system::System;

/// Records it in the ledger there. A project that the ledger does not know is left out.
pub(crate) fn mark_told(told: &Told, place: &StatePlace, system: &System) -> Result<(), Error> {
    let Some(day) = told.day() else { return Ok(()) };
    let projects: Vec<_> = told.projects.iter().filter(|project| !project.is_empty()).collect();
    if projects.is_empty() {
        return Ok(());
    }
    let failed = |fault| ledger::failed(place, fault);
    let (mut kept, _) = ledger::open(place)?;
    let now = ledger::now(system);
    for project in projects {
        if kept.read(&project.name).map_err(failed)?.is_some() {
            kept.update(&project.name, &mut |book| project.mark(book, day, &now)).map_err(failed)?;
        }
        if project.has_keys() {
            let mark = &mut |keys: &mut Vec<_>| project.mark_keys(keys, day, now.day);
            kept.update_keys(&project.name, mark).map_err(failed)?;
        }
    }
    Ok(())
}
