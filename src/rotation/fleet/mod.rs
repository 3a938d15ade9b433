//! The table of a fleet: what a host sends into PostgreSQL, and what comes back for all hosts. Pure.
//!
//! ```text
//! Exported (each host) -> rows -> push -> SQL -> psql -> PostgreSQL -> psql -> CSV -> read -> Fleet -> status
//! ```
//!
//! The ledger of a host stays the truth: the table is a copy, and contains no value and no fingerprint.

mod push;
mod read;
mod row_on_day;
mod rows;
mod same;

pub use push::{Push, SCHEMA_VERSION, push, schema};
pub use read::{Fleet, FleetProblem, NoFleet, ReportOfHost, read};
pub use row_on_day::{FleetRow, Kind};
pub use rows::{Marks, Names};
pub use same::{Same, key_names, same};

/// A host's role has its name, and PostgreSQL cuts longer names.
pub const LONGEST_HOST: usize = 63;
