//! How old each secret is, and what follows. Pure: the day is a parameter, and nothing here opens a file.
//!
//! ```text
//! Project + history -> Sighting -+
//!                                +-> look -> Book (kept) -> SecretStatus -> status | due | reminders | export | checks
//! Book (ledger) -----------------+            \-> Surprise
//! ```

pub mod address;
mod ages;
mod change;
pub mod channel;
mod clock;
mod days;
mod due;
pub mod evidence;
mod expiry;
mod export;
pub mod fleet;
mod ical;
mod keys;
mod known;
pub mod mariadb_hash;
mod owner;
mod prometheus;
mod record_look;
mod remind;
pub mod scram;
mod sighting;
pub mod steps;
#[cfg(test)]
mod tests;
mod told;
mod trend;
mod twins;
pub mod units;
pub mod value_places;
pub mod whole_file;

/// How the name of a file ends in which a new value waits for its turn: `.env.DB_PASSWORD.pending`.
pub const PENDING: &[u8] = b".pending";
/// How the name of a file ends that contains what `promote` changed, until it is confirmed: `.env.DB_PASSWORD.previous`.
pub const PREVIOUS_VALUES: &[u8] = b".previous";
pub use crate::env::names::NEXT;

pub use ages::Ages;
pub use change::{Made, abandon, confirm, is_another_than_at_pending, made, pend, promote, prove, roll_back, unmake};
pub use clock::accept_clock;
pub use days::{days, plus};
pub use due::{Reason, SecretStatus, Stage, Urgency, statuses};
pub use expiry::{ExpiryStatus, Nearness, expiries};
pub use export::Exported;
pub use ical::ical;
pub use keys::{KeyStatus, key_statuses};
pub use owner::{Owner, beside, credential, host_of, user_of, user_place};
pub use prometheus::prometheus;
pub use record_look::{Surprise, look, vanished};
pub use remind::is_to_be_reminded;
pub use sighting::{Exposed, Look, Sighting, Sightings, base_of, sightings};
pub use told::{Told, ToldOf};
pub use trend::{Month, trend};
