//! Standard input: an image, a journal, a dump, whatever another program writes.

use super::budget::Earning;
use super::file::{of_value, told};
use super::places::PlaceKind;
use super::sighting::{Sighting, Trouble};
use super::walk::Worker;
use crate::finding::Origin;
use crate::guard::guarded;
use crate::path::RelPath;
use crate::terminal::StandardInput;

/// How standard input is named on the command line.
pub(super) const NAME: &str = "-";

/// Searches it to its end.
pub(super) fn search(worker: &mut Worker<'_>) {
    let name = || RelPath::from(NAME);
    worker.searcher.budget.renew();
    let budget = worker.searcher.budget.clone();
    let mut reader = Earning { inner: StandardInput, budget, error: None };
    let searcher = &mut worker.searcher;
    let found = match guarded(Some(&name()), || searcher.file(&mut reader)) {
        Ok(found) => found,
        Err(fault) => return worker.tally.faults.push(fault),
    };
    if let Some(error) = reader.error {
        let code = error.raw_os_error().unwrap_or_default();
        worker.tally.trouble(true, Trouble::Unreadable(code), name());
    }
    if found.is_partly && !worker.watch.is_stopped() {
        worker.tally.trouble(true, Trouble::Archive, name());
    }
    worker.watch.searched(usize::from(!found.hits.is_empty()));
    let values = worker.walk.asked.values;
    let one = |hit: &super::searcher::Hit| {
        let known = of_value(values, hit.value, hit.form, Origin::Stream(name()))?;
        Some(Sighting { kind: PlaceKind::Stream, ..known })
    };
    worker.tally.sightings.extend(told(found.hits, &one, &|_| Origin::Image(name())));
}
