//! The engines' ways to write numbers and days.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// `12.34%` as 12; `None` for `--`.
pub(super) fn percent(text: &str) -> Option<u64> {
    let number = text.trim().strip_suffix('%')?;
    let whole = number.split('.').next()?;
    whole.parse().ok()
}

/// Builders that make the same bytes each time write a day of long ago.
const FIRST: i16 = 2000;

/// The day of a moment: RFC 3339, `2024-01-02 03:04:05 +0000 UTC`, or seconds; `None` for one that says nothing.
pub(super) fn day(value: &serde_json::Value) -> Option<Date> {
    let time = match (value.as_str(), value.as_i64()) {
        (Some(text), _) => match text.parse::<Timestamp>() {
            Ok(time) => time,
            Err(_) => return text.get(..10)?.parse().ok().filter(|day: &Date| day.year() >= FIRST),
        },
        (None, seconds) => Timestamp::from_second(seconds?).ok()?,
    };
    Some(TimeZone::UTC.to_datetime(time).date()).filter(|day| day.year() >= FIRST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        let day = |json: &str| day(&serde_json::from_str(json).unwrap()).map(|day| day.to_string());
        for json in ["\"2024-01-02T03:04:05.6Z\"", "\"2024-01-02 03:04:05 +0100 CET\"", "1704164645"] {
            assert_eq!(day(json), Some("2024-01-02".to_owned()), "{json}");
        }
        for json in ["\"0001-01-01T00:00:00Z\"", "\"1980-01-01T00:00:01Z\"", "0", "null", "\"N/A\"", "\"2 weeks ago\""]
        {
            assert_eq!(day(json), None, "{json}");
        }
    }
}
