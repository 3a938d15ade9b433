//! `envward key`: admin API keys, from the day they are made until they are revoked.

mod export;
mod hash;
mod input;
mod list;
mod new;
pub(super) mod registry;
mod revoke;
mod sql;
mod verify;

use std::io::{self, Write};

use crate::cli::key::{Key, Params};
use crate::error::{Error, KeyFault};
use crate::policy::Status;
use crate::secret::apikey::{self, Id};
use crate::secret::keyhash::Cost;
use crate::system::System;
use crate::text::is_unsafe;

/// Runs it.
pub(super) fn run(key: &Key, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    match key {
        Key::New(args) => new::run(args, system, out),
        Key::Hash(args) => hash::run(args, system, out),
        Key::Verify(args) => verify::run(args, system, out),
        Key::List(args) => list::run(args, system, out),
        Key::Revoke(args) => revoke::run(args, system, out),
        Key::Export(args) => export::run(args, system, out),
    }
}

/// The cost that was asked for, not below OWASP's without an explicit yes.
fn cost(params: &Params, allow_weak: bool) -> Result<Cost, KeyFault> {
    let cost = params.params.as_deref().map_or(Ok(Cost::DEFAULT), Cost::parse)?;
    if cost.is_weak() && !allow_weak { Err(KeyFault::WeakCost) } else { Ok(cost) }
}

/// A text that lists and exports show.
fn label(text: &str) -> Result<String, KeyFault> {
    let fits = (1..=100).contains(&text.chars().count()) && !text.trim().is_empty();
    let is_plain = fits && !text.chars().any(is_unsafe);
    // A key that was pasted in the name's place would be listed for ever.
    let is_key = text.split_whitespace().any(|word| apikey::is_one(word.as_bytes()));
    if is_plain && !is_key { Ok(text.to_owned()) } else { Err(KeyFault::BadText) }
}

/// An id, alone or behind its prefix, as `key list` shows it.
fn id(text: &str) -> Result<Id, KeyFault> {
    Id::new(text.rsplit('_').next().unwrap_or(text)).ok_or(KeyFault::BadId)
}

/// Says something beside the answer.
fn aside(text: &str) {
    // Where not even this can be written, the exit status still says what counts.
    drop(io::stderr().write_all(text.as_bytes()));
}
