//! Rotation state: which secret was seen when, under which fingerprint. Names, days, fingerprints; no values.
//!
//! ```text
//! StateDir (0700, outside the project) -> FingerprintKey   (its key file)
//!                                      -> Sqlite    : Ledger -> Book -> rotation (pure)
//!                                      -> Scans     : what the last complete scan of each repository found
//! ```
//!
//! A [`Book`] is all that is known of one project. What is concluded from it is `rotation`'s business.

mod book;
mod book_index;
mod dir;
mod fault;
mod fingerprint;
mod keys;
mod mark;
mod scans;
mod schema;
mod sqlite;
mod words;

pub use book::{Basis, Book, Entry, Event, ExpiryReminder, Held, Proof, Snooze, ValueState, What, When};
pub use book_index::Places;
pub use dir::{StateDir, StatePlace};
pub use fault::Fault;
pub use fingerprint::{Fingerprint, FingerprintKey};
pub use keys::{KeyRecord, KeyState, Keys};
pub use mark::{FleetKey, LEAST_FLEET_KEY, NoFleetKey};
pub use scans::{FindingMark, FindingMarks, LastScan, Scans};
pub use sqlite::Sqlite;

/// Where books are kept. Every method is one transaction.
pub trait Ledger: Keys {
    /// What is known of a project; `None` where nothing is.
    ///
    /// # Errors
    /// What is kept cannot be read.
    fn read(&self, project: &str) -> Result<Option<Book>, Fault>;

    /// Changes what is known of a project; an empty book where nothing is. No other writer gets between what `work`
    /// sees and what it leaves, and where it fails, or anything else does, all stays as it was.
    ///
    /// # Errors
    /// What is kept cannot be read or written.
    fn update(&mut self, project: &str, work: &mut dyn FnMut(&mut Book)) -> Result<(), Fault>;
}
