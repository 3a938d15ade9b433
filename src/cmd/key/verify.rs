//! `envward key verify`: the checksum first, then the registry, then the hash.

use std::io::Write;
use std::path::Path;

use rand::rngs::SysRng;

use super::registry::Registry;
use super::{aside, input};
use crate::cli::key::Verify;
use crate::cmd::output::lost;
use crate::error::{Error, KeyFault};
use crate::ledger::{KeyRecord, KeyState};
use crate::policy::Status;
use crate::secret::Secret;
use crate::secret::apikey::{self, Id};
use crate::secret::keyhash::{self, Cost};
use crate::system::System;

/// What was found out.
struct Answer {
    is_match: bool,
    text: String,
    /// The hash that takes the old one's place, where that is due and was asked for.
    new_hash: Option<String>,
}

#[expect(clippy::disallowed_methods, reason = "the key is taken apart")]
pub(super) fn run(args: &Verify, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    // A hash that is made again here is never below OWASP's: nobody asked for less.
    let cost = super::cost(&args.params, false)?;
    let key = input::key(args.key_file.as_deref(), system)?;
    let id = match apikey::id_of(key.expose()) {
        Err(apikey::Fault::Checksum) => return Err(KeyFault::Key(apikey::Fault::Checksum).into()),
        id => id.ok(),
    };
    let answer = match &args.hash_file {
        Some(file) => in_file(&key, file, cost, args.rehash, system)?,
        None => in_registry(&key, &id.ok_or(KeyFault::NoId)?, cost, args, system)?,
    };
    if args.rehash {
        // Standard output is for the hash alone.
        aside(&format!("{}\n", answer.text));
        if let Some(hash) = &answer.new_hash {
            writeln!(out, "{hash}").map_err(|error| lost(&error))?;
        }
    } else {
        writeln!(out, "{}", answer.text).map_err(|error| lost(&error))?;
    }
    Ok(if answer.is_match { Status::Clean } else { Status::Findings })
}

fn in_file(key: &Secret, file: &Path, cost: Cost, rehash: bool, system: &System) -> Result<Answer, Error> {
    let hash = input::hash(file, system)?;
    if !matches(key, &hash)? {
        return Ok(no("the key does not belong to this hash"));
    }
    Ok(yes("match", key, &hash, cost, rehash)?)
}

fn in_registry(key: &Secret, id: &Id, cost: Cost, args: &Verify, system: &System) -> Result<Answer, Error> {
    let registry = Registry::peek(&args.whose, system)?;
    let keys = registry.keys()?;
    if keys.is_empty() {
        return Err(KeyFault::NoRegistry.into());
    }
    let Some(record) = keys.iter().find(|record| record.id == *id) else {
        return Ok(no("this project has no key with this id"));
    };
    // The hash before the state: only who has the key is told what became of it.
    if !matches(key, &record.hash)? {
        return Ok(no("the key with this id has another secret"));
    }
    match record.state(system.today) {
        KeyState::Revoked => return Ok(no(&format!("{id} was revoked{}", on(record.revoked)))),
        KeyState::Expired => return Ok(no(&format!("{id} expired; its last day was{}", day(record.expires)))),
        KeyState::Current => {}
    }
    let answer = yes(&format!("match: {id} ({})", record.name), key, &record.hash, cost, args.rehash)?;
    remember(registry, record, answer.new_hash.as_deref(), system)?;
    Ok(answer)
}

/// Takes the day down, and the new hash. A hash that cannot be kept is an error; the day is not worth one.
fn remember(registry: Registry, record: &KeyRecord, new: Option<&str>, system: &System) -> Result<(), Error> {
    if new.is_none() && record.verified == Some(system.today) {
        return Ok(());
    }
    let kept = registry.writable().and_then(|mut registry| {
        registry.change(&record.id, &mut |kept| {
            kept.verified = Some(system.today);
            if let (Some(new), true) = (new, kept.hash == record.hash) {
                kept.hash = new.to_owned();
            }
        })
    });
    match kept {
        Err(error) if new.is_none() => {
            aside(&format!("warning: the day of this verification was not recorded: {error}\n"));
        }
        other => other?,
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the hash takes bytes")]
fn matches(key: &Secret, hash: &str) -> Result<bool, KeyFault> {
    Ok(keyhash::verify(key.expose(), hash)?)
}

fn no(why: &str) -> Answer {
    Answer { is_match: false, text: format!("no match: {why}"), new_hash: None }
}

#[expect(clippy::disallowed_methods, reason = "the hash takes bytes")]
fn yes(text: &str, key: &Secret, hash: &str, cost: Cost, rehash: bool) -> Result<Answer, KeyFault> {
    let is_due = keyhash::needs_rehash(hash, cost)?;
    let new_hash = (is_due && rehash).then(|| keyhash::hash(key.expose(), cost, &mut SysRng)).transpose()?;
    let note = match (is_due, rehash) {
        (true, false) => {
            "\nits hash is cheaper than it should be; to replace the hash, run the command again with --rehash"
        }
        (true, true) => "; its hash was replaced",
        (false, true) => "; its hash is up to date",
        (false, false) => "",
    };
    Ok(Answer { is_match: true, text: format!("{text}{note}"), new_hash })
}

fn on(date: Option<jiff::civil::Date>) -> String {
    date.map(|date| format!(" on {date}")).unwrap_or_default()
}

fn day(date: Option<jiff::civil::Date>) -> String {
    date.map(|date| format!(" {date}")).unwrap_or_default()
}
