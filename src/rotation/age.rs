//! Days and limits.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::class::Class;
use crate::ledger::Limits;

/// When a secret of this class is due, and overdue, in days of age. 90 to 180 days is the window of the deployment
/// checklist; cloud benchmarks ask for 90. A key that encrypts stored data costs a re-encryption, and NIST SP 800-57
/// part 1 (5.3.6) allows up to two years: 180 and 365.
#[must_use]
pub fn default_limits(class: Class) -> Limits {
    match class {
        Class::EncryptionKey => Limits { soft: 180, hard: 365 },
        _ => Limits { soft: 90, hard: 180 },
    }
}

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
