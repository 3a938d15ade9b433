//! What a reminder told, by names and dates: recorded when it was printed, or when the outbox says that it reached
//! somebody.

use std::fmt::Write as _;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::expiry::ExpiryStatus;
use super::keys::KeyStatus;
use crate::env::Key;
use crate::ledger::{Book, ExpiryReminder, KeyRecord, Places, What, When};
use crate::path::RelPath;
use crate::rotation::due::SecretStatus;
use crate::secret::mask::Mask;

const SCHEMA: &str = "envward.receipt/1";

/// What one reminder told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    schema: String,
    day: String,
    /// The projects that it was about.
    pub projects: Vec<ToldOf>,
}

/// What it told of one project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldOf {
    /// The project's name in the ledger.
    pub name: String,
    secrets: Vec<Place>,
    expiries: Vec<(Place, String)>,
    /// The ids of the admin keys.
    keys: Vec<String>,
}

/// A key of a file. The path is in hexadecimal digits, for it need not be text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    file: String,
    key: String,
}

impl Place {
    fn of(file: &RelPath, key: &Key) -> Self {
        let hexadecimal = file.as_bytes().iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        Self { file: hexadecimal, key: key.as_str().to_owned() }
    }

    /// `None` for what no receipt of envward's has.
    fn read(&self) -> Option<(RelPath, Key)> {
        let digits = self.file.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
        let bytes = digits
            .map(|pair| u8::from_str_radix(pair.filter(|pair| pair.len() == 2)?, 16).ok())
            .collect::<Option<Vec<u8>>>()?;
        Some((RelPath::new(bytes), Key::printable(self.key.as_bytes())?))
    }
}

impl Told {
    /// On this day, of these projects.
    #[must_use]
    pub fn new(day: Date, projects: Vec<ToldOf>) -> Self {
        Self { schema: SCHEMA.to_owned(), day: day.to_string(), projects }
    }

    /// A receipt; `None` for what is none.
    #[must_use]
    pub fn read(text: &[u8]) -> Option<Self> {
        let told: Self = serde_json::from_slice(text).ok()?;
        (told.schema == SCHEMA && told.day().is_some()).then_some(told)
    }

    /// As a receipt.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The day of the reminder.
    #[must_use]
    pub fn day(&self) -> Option<Date> {
        self.day.parse().ok()
    }
}

impl ToldOf {
    /// The secrets, expiry dates and admin keys that were shown. What has a name that must not be written down is told
    /// again every day.
    #[must_use]
    pub fn new(name: &str, secrets: &[&SecretStatus], dates: &[ExpiryStatus], keys: &[KeyStatus], mask: &Mask) -> Self {
        let secrets = secrets.iter().map(|one| Place::of(&one.file, &one.key)).collect();
        let is_free = |file: &RelPath, key: &Key| mask.is_free(&file.to_string()) && mask.is_free(key.as_str());
        let expiry = |one: &ExpiryStatus| {
            let key = one.date.key.as_ref().filter(|key| is_free(&one.date.file, key))?;
            Some((Place::of(&one.date.file, key), one.date.day.to_string()))
        };
        let expiries = dates.iter().filter_map(expiry).collect();
        let keys = keys.iter().map(|key| key.id.as_str().to_owned()).collect();
        Self { name: name.to_owned(), secrets, expiries, keys }
    }

    /// Whether it told nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.secrets.is_empty() && self.expiries.is_empty() && self.keys.is_empty()
    }

    /// Whether it told of admin keys.
    #[must_use]
    pub fn has_keys(&self) -> bool {
        !self.keys.is_empty()
    }

    /// Records the secrets and dates as told on `day`. What the book does not know any more is left out.
    pub fn mark(&self, book: &mut Book, day: Date, now: &When) {
        let places = Places::of(book);
        for (file, key) in self.secrets.iter().filter_map(Place::read) {
            let Some(index) = places.find(&file, &key) else { continue };
            if let Some(entry) = book.entries.get_mut(index) {
                entry.reminded = later(entry.reminded, day, now.day);
                book.note(index, None, What::Reminded, now, None);
            }
        }
        for (place, expires) in &self.expiries {
            let (Some((file, key)), Ok(expires)) = (place.read(), expires.parse()) else { continue };
            book.reminded_of_expiry(ExpiryReminder { file, key, expires, day });
        }
    }

    /// The same of the admin keys.
    pub fn mark_keys(&self, keys: &mut [KeyRecord], day: Date, today: Date) {
        for key in keys.iter_mut().filter(|key| self.keys.iter().any(|id| id == key.id.as_str())) {
            key.reminded = later(key.reminded, day, today);
        }
    }
}

/// The later day of two; a day in the future is none.
fn later(known: Option<Date>, day: Date, today: Date) -> Option<Date> {
    known.filter(|known| *known <= today).max(Some(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_says_what_was_told() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        let (file, key) = (RelPath::new(b"a\xff\n/.env".to_vec()), Key::printable(b"DB_PASSWORD").unwrap());
        let one = ToldOf {
            name: "app".into(),
            secrets: vec![Place::of(&file, &key)],
            expiries: vec![(Place::of(&file, &key), "2027-03-01".into())],
            keys: vec!["aaaaaaaaaa".into()],
        };
        assert_eq!(one.secrets.first().unwrap().read(), Some((file, key)));
        let told = Told::new(date("2026-11-29"), vec![one]);
        assert_eq!(Told::read(told.text().as_bytes()), Some(told.clone()));
        assert_eq!(told.day(), Some(date("2026-11-29")));
        for bad in ["", "{}", "[]", &told.text().replace("receipt/1", "receipt/2"), &told.text().replace("-29", "-31")]
        {
            assert_eq!(Told::read(bad.as_bytes()), None, "{bad}");
        }
        for place in [("4", "A"), ("4g", "A"), ("é", "A"), ("41", "A=1")] {
            assert_eq!(Place { file: place.0.into(), key: place.1.into() }.read(), None, "{place:?}");
        }
    }

    #[test]
    fn an_older_receipt_changes_nothing() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        let (one, two, three) = (date("2026-11-01"), date("2026-11-02"), date("2026-11-03"));
        assert_eq!(later(None, one, two), Some(one));
        assert_eq!(later(Some(two), one, three), Some(two));
        assert_eq!(later(Some(one), two, three), Some(two));
        assert_eq!(later(Some(three), one, two), Some(one));
    }
}
