//! Whether `promote` would take a new value, asked before a server is told of it: a database that has a password which no
//! file gets refuses every connection.

use super::promote::is_unfinished;
use super::rotate::Case;
use crate::error::Error;
use crate::rotation::is_another_than_at_pending;
use crate::rotation::steps::Step;
use crate::rotation::value_places::Form;
use crate::secret::Secret;
use crate::system::System;

/// Refuses a new value as long as the last rotation is not finished, and one that does not fit. `waiting` is `None` where
/// the new value is still to be made.
pub(super) fn admits(case: &Case<'_>, waiting: Option<&Secret>, system: &System) -> Result<(), Error> {
    if is_early(case, waiting) {
        let at = case.at();
        return Err(Error::blocked_here(
            "the last rotation of this secret is not finished",
            format!("finish it: envward rotation promote {at} --confirm; or undo it: envward rotation rollback {at}"),
        ));
    }
    fits(case, waiting, system)
}

/// Whether the last rotation has to be finished first. A new value can be made before, after a break-in.
pub(super) fn is_early(case: &Case<'_>, waiting: Option<&Secret>) -> bool {
    is_unfinished(case) && !is_written(case, waiting)
}

/// The steps while the last rotation is not finished: nobody is told the new value yet.
pub(super) fn first_steps(case: &Case<'_>) -> Vec<Step> {
    let at = case.at();
    let finish = format!("envward rotation promote {at} --confirm");
    let again = format!("envward rotation rotate {at}");
    vec![
        ("The last rotation of this secret is not finished: finish it first".to_owned(), vec![finish]),
        ("Then see the steps for the new value. Tell nobody that value before".to_owned(), vec![again]),
    ]
}

/// Refuses a new value that was made for another value than the one in use.
pub(super) fn fits(case: &Case<'_>, waiting: Option<&Secret>, system: &System) -> Result<(), Error> {
    if waiting.is_some() && !is_written(case, waiting) && is_edited(case, system)? {
        let at = case.at();
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

/// Whether a run that was killed wrote the new value already.
fn is_written(case: &Case<'_>, waiting: Option<&Secret>) -> bool {
    waiting.is_some_and(|waiting| waiting.ct_eq(&case.found.value))
}

/// Whether the value in use came after the value that waits.
fn is_edited(case: &Case<'_>, system: &System) -> Result<bool, Error> {
    let mut is_edited = false;
    case.survey.update_secret(case.status, system, &mut |book, index, _| {
        is_edited = book.entries.get(index).is_some_and(is_another_than_at_pending);
    })?;
    Ok(is_edited)
}
