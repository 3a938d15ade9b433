//! The day on which a value stops being valid, as far as the value itself says it: a signed token, a certificate, a
//! shared access signature. Read without a network and without a key, so nothing here is verified.

mod certificate;
mod sas;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::secret::class;

pub use certificate::end as end_of_certificate;
pub(crate) use certificate::{is_broken, of_text as of_certificates};

/// What of a value says the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// `exp` of a JSON Web Token (RFC 7519).
    Token,
    /// `se` of an Azure shared access signature.
    Signature,
    /// `notAfter` of an X.509 certificate (RFC 5280): of `count` certificates the one that ends first.
    Certificate {
        /// Its place, from 1.
        number: usize,
        /// How many there are.
        count: usize,
    },
}

/// Dates before this one are no dates of a value in use: `exp` is 0 where a token has no end.
const FIRST: Date = Date::constant(2000, 1, 1);

/// The earliest day that a value says, in UTC; `None` where it says none.
#[must_use]
pub fn of_value(value: &[u8]) -> Option<(Date, Part)> {
    let value = value.trim_ascii();
    let token = || day(class::token_end(value)?).map(|day| (day, Part::Token));
    let signature = || sas::of(value).and_then(day).map(|day| (day, Part::Signature));
    token().or_else(signature).or_else(|| certificate::of_text(value))
}

/// The day of an instant in seconds. An instant in milliseconds lies tens of thousands of years ahead for anybody who
/// reads it as the standards say, so it is none.
fn day(seconds: i64) -> Option<Date> {
    let day = TimeZone::UTC.to_datetime(Timestamp::from_second(seconds).ok()?).date();
    (day >= FIRST).then_some(day)
}

#[cfg(test)]
mod tests;
