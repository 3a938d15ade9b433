//! When somebody is reminded: once at the soft date, weekly until the hard date, daily after it. A reminder that repeats
//! itself daily for three months is muted, and then nobody reads the one that matters.

use jiff::civil::Date;

use crate::ledger::ValueState;
use crate::rotation::days::days;
use crate::rotation::due::{SecretStatus, Urgency};

const WEEK: u32 = 7;

/// Whether to remind of a secret on this day, or of a rotation whose end was forgotten. What is exposed is past its hard date, and no snooze covers it: it was
/// postponed for its age.
#[must_use]
pub fn is_to_be_reminded(status: &SecretStatus, day: Date) -> bool {
    if matches!(status.state, ValueState::Retired | ValueState::Abandoned) || !status.urgency.is_due() {
        return false;
    }
    let is_exposed = status.urgency == Urgency::Exposed;
    if status.snooze.as_ref().is_some_and(|snooze| day <= snooze.until) && !is_exposed {
        return false;
    }
    // A reminder before the soft date was one of the value before.
    let last = status.reminded.filter(|last| *last >= status.soft_due || is_exposed);
    let pause = if status.urgency <= Urgency::Overdue { 1 } else { WEEK };
    last.is_none_or(|last| days(last, day) >= pause || last > day)
}
