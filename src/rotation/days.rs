//! Days and limits.

use jiff::ToSpan;
use jiff::civil::Date;

/// The days from one to another; none where the other is earlier: no age is negative.
#[must_use]
pub fn days(from: Date, to: Date) -> u32 {
    u32::try_from((to - from).get_days()).unwrap_or(0)
}

/// A day, and so many days later; the last day there is where that is past it.
#[must_use]
pub fn plus(day: Date, days: u32) -> Date {
    day.saturating_add(i64::from(days).days())
}
