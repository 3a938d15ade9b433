//! How old each secret is, and what follows. Pure: the day is a parameter, and nothing here opens a file.
//!
//! ```text
//! Project + history -> Sighting -+
//!                                +-> look -> Book (kept) -> Standing -> status | due | reminders | export | checks
//! Book (ledger) -----------------+            \-> Surprise
//! ```

pub mod address;
mod age;
mod ages;
mod change;
mod clock;
mod export;
mod ical;
mod keys;
mod known;
mod look;
pub mod native;
mod owner;
pub mod places;
mod prometheus;
mod remind;
pub mod scram;
mod sighting;
mod standing;
pub mod steps;
pub mod units;

#[cfg(test)]
mod tests;

/// How the name of a file ends in which a new value waits for its turn: `.env.DB_PASSWORD.pending`.
pub const PENDING: &[u8] = b".pending";
/// Under `KEY_NEXT` a new value waits for its turn.
pub const NEXT: &str = "_NEXT";

pub use age::{days, plus};
pub use ages::Ages;
pub use change::{Made, abandon, confirm, made, pend, promote};
pub use clock::accept_clock;
pub use export::Exported;
pub use ical::ical;
pub use keys::{KeyStanding, key_standings};
pub use look::{Surprise, look, vanished};
pub use owner::{Owner, beside, credential, user_of};
pub use prometheus::prometheus;
pub use remind::is_to_be_reminded;
pub use sighting::{Exposed, Look, Sighting, Sightings, base_of, sightings};
pub use standing::{Reason, Standing, Urgency, standings};
