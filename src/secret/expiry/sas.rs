//! Azure's shared access signatures: `sv=…&se=2027-03-01T00:00:00Z&sig=…`, alone, in a URL or in a connection string; and
//! those of its message services, whose `se` is a number of seconds.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// A signature is an HMAC-SHA256 in base64: 44 characters, more where they are percent-encoded.
const SIGNATURE: usize = 40;

/// The end of the signature that ends first, in seconds; `None` where there is none.
pub(super) fn of(value: &[u8]) -> Option<i64> {
    // Nearly all values leave here.
    memchr::memmem::find(value, b"sig=")?;
    let text = std::str::from_utf8(value).ok()?;
    text.split(['?', ';', ' ', ',', '"', '\'']).filter_map(of_query).min()
}

/// The end that one query says. Azure's have a version or a resource beside the signature.
fn of_query(query: &str) -> Option<i64> {
    let get = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        // In a connection string the name of the setting comes first: `SharedAccessSignature=sv=…`.
        pairs.find_map(|(key, value)| match value.split_once('=') {
            Some((inner, value)) if key == "SharedAccessSignature" => (inner == name).then_some(value),
            _ => (key == name).then_some(value),
        })
    };
    let is_signed = get("sig").is_some_and(|signature| signature.len() >= SIGNATURE);
    let is_azures = get("sv").or_else(|| get("sr")).is_some();
    let end = get("se").filter(|_| is_signed && is_azures)?;
    instant(&end.replace("%3A", ":").replace("%3a", ":").replace("%2B", "+").replace("%2b", "+"))
}

/// An instant as Azure takes it: a day, a day and a time with or without seconds, or seconds since 1970.
fn instant(text: &str) -> Option<i64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    let at_midnight = |day: Date| TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok();
    let in_utc = |text: &str| TimeZone::UTC.to_timestamp(text.strip_suffix('Z')?.parse::<DateTime>().ok()?).ok();
    let found = text.parse::<Timestamp>().ok().or_else(|| in_utc(text));
    found.or_else(|| at_midnight(day_alone(text)?)).map(Timestamp::as_second)
}

fn day_alone(text: &str) -> Option<Date> {
    (text.len() == "2027-03-01".len()).then(|| text.parse().ok()).flatten()
}
