//! Whether `promote` would take a new value, asked before anything is told of it: a database that has a password which no
//! file gets refuses every connection.

use super::promote::is_unfinished;
use super::rotate::Case;
use crate::error::Error;
use crate::rotation::is_another_than_at_pending;
use crate::rotation::value_places::Form;
use crate::secret::Secret;
use crate::system::System;

/// Refuses a new value as long as the last rotation is not finished, and one that was made for another value than the one
/// in use. `waiting` is `None` where the new value is still to be made.
pub(super) fn admits(case: &Case<'_>, waiting: Option<&Secret>, system: &System) -> Result<(), Error> {
    if waiting.is_some_and(|waiting| waiting.ct_eq(&case.found.value)) {
        // A run that was killed wrote it already.
        return Ok(());
    }
    let at = case.at();
    if is_unfinished(case) {
        return Err(Error::blocked_here(
            "the last rotation of this secret is not finished",
            format!("finish it: envward rotation promote {at} --confirm; or undo it: envward rotation rollback {at}"),
        ));
    }
    if waiting.is_some() && is_edited(case, system)? {
        return Err(Error::blocked_here(
            "somebody changed the current value after the new value was made",
            format!(
                "write the same value into all files that use it, then make another new value: envward rotation rotate \
                 {at} --abandon && envward rotation rotate {at}"
            ),
        ));
    }
    Ok(())
}

/// Refuses where a place can only be changed by hand.
pub(super) fn has_no_place_by_hand(case: &Case<'_>) -> Result<(), Error> {
    match case.places.iter().any(|place| place.form == Form::ByHand) {
        true => Err(Error::blocked_here(
            "one of the places contains the current value in an expression",
            format!("change that place by hand first: `envward rotation rotate {} --dry-run` shows it", case.at()),
        )),
        false => Ok(()),
    }
}

/// Whether the value in use came after the value that waits.
fn is_edited(case: &Case<'_>, system: &System) -> Result<bool, Error> {
    let mut is_edited = false;
    case.survey.update_secret(case.status, system, &mut |book, index, _| {
        is_edited = book.entries.get(index).is_some_and(is_another_than_at_pending);
    })?;
    Ok(is_edited)
}
