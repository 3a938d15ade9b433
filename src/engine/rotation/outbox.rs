//! The outbox: reminders that wait to be sent, in a private directory beside the ledger.
//!
//! ```text
//! envward writes    ID.receipt ID.head ID.short ID.json, and ID.txt last
//! the script sends  ID.sent-1 for each channel that has it; at the first, ID.receipt becomes ID.told
//! envward marks     what ID.told says, in the ledger, and removes it
//! ```
//!
//! Killed anywhere between, a reminder comes twice. None is recorded as told that no channel has.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{ledger, told};
use crate::engine::locate;
use crate::error::Error;
use crate::files::{PrivateDir, Refusal, Root};
use crate::ledger::{StateDir, StatePlace};
use crate::path::RelPath;
use crate::report::rotation::Message;
use crate::rotation::Told;
use crate::rotation::units::OUTBOX;
use crate::secret::Secret;
use crate::system::System;

/// After so many days a channel that fails does not get an old reminder any more.
const LONGEST: i64 = 14;

/// An open outbox. Nobody else writes a reminder into it meanwhile.
pub(crate) struct Outbox {
    place: StatePlace,
    dir: PrivateDir,
    names: BTreeMap<String, BTreeSet<String>>,
}

impl Outbox {
    /// Opens the outbox beside the ledger of a project, and makes it where there is none.
    pub(crate) fn open(path: Option<&Path>, system: &System) -> Result<Self, Error> {
        // That a project is gone is something to tell, too.
        let located = locate::project(path, system);
        let place = located.map_or_else(|_| ledger::any_place(system), |located| ledger::place(&located.root, system));
        let place = place?.clone();
        let path = place.dir.join(OUTBOX);
        let failed = |fault| ledger::failed(&place, fault);
        StateDir::make(&place.dir).map_err(failed)?;
        StateDir::make(&path).map_err(failed)?;
        let root = Root::open(&path).map_err(|error| Error::io("open", &path, &error))?;
        let refused = |why: Refusal| Error::Refused { path: path.clone(), why };
        let dir = PrivateDir::lock(&root, &RelPath::default()).map_err(refused)?;
        let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for name in dir.names().map_err(refused)? {
            // What is not of a reminder is left alone.
            let Some((id, ending)) = name.split_once('.').filter(|(id, _)| is_id(id)) else { continue };
            names.entry(id.to_owned()).or_default().insert(ending.to_owned());
        }
        Ok(Self { place, dir, names })
    }

    /// Records what was told since the last run, and removes what is not to be sent any more: reminders that nobody
    /// has, for today's says the same again, and old ones.
    pub(crate) fn settle(&mut self, system: &System) -> Result<(), Error> {
        let oldest = id(system.now.checked_sub(jiff::SignedDuration::from_hours(24 * LONGEST)).unwrap_or(system.now));
        let now = id(system.now);
        for (id, endings) in std::mem::take(&mut self.names) {
            if endings.contains("told") {
                self.mark(&format!("{id}.told"), system)?;
            }
            let has_text = endings.contains("txt");
            let is_sent = endings.contains("told") || endings.iter().any(|ending| ending.starts_with("sent-"));
            // One of a day to come is of a clock that was wrong.
            if has_text && is_sent && (&oldest..=&now).contains(&&id) {
                continue;
            }
            // The text first: without it the rest is nothing.
            let rest = endings.iter().filter(|ending| !matches!(ending.as_str(), "txt" | "told"));
            for ending in has_text.then(|| "txt".to_owned()).iter().chain(rest) {
                self.remove(&format!("{id}.{ending}"))?;
            }
        }
        Ok(())
    }

    #[expect(clippy::disallowed_methods, reason = "a receipt has names and dates")]
    fn mark(&self, name: &str, system: &System) -> Result<(), Error> {
        let receipt = self.dir.read(name.as_bytes()).map_err(|why| self.refused(why))?;
        if let Some(told) = receipt.and_then(|(text, _)| Told::read(text.expose())) {
            told::mark_told(&told, &self.place, system)?;
        }
        self.remove(name)
    }

    /// Puts a reminder in, with the receipt of what it tells.
    pub(crate) fn put(&self, message: &Message, told: Option<&Told>, system: &System) -> Result<(), Error> {
        let priority = if message.is_urgent { "high" } else { "default" };
        let head = format!("{}\n{priority}\n", message.title);
        let receipt = told.map(|told| ("receipt", told.text()));
        let rest =
            [("head", head), ("short", message.short()), ("json", message.json()), ("txt", message.text.clone())];
        for (ending, text) in receipt.into_iter().chain(rest) {
            let name = format!("{}.{ending}", id(system.now));
            let held = self.dir.read(name.as_bytes()).map_err(|why| self.refused(why))?.map(|(_, held)| held);
            let text = Secret::new(text.into_bytes());
            self.dir.write(name.as_bytes(), &text, held.as_ref(), None).map_err(|why| self.refused(why))?;
        }
        Ok(())
    }

    /// Puts in that the reminder does not work.
    pub(crate) fn put_failure(&self, error: &Error, system: &System) -> Result<(), Error> {
        let message = Message::of_failure(&error.to_string(), &error.hint(), &system.host);
        self.put(&message, None, system)
    }

    fn remove(&self, name: &str) -> Result<(), Error> {
        self.dir.remove(name.as_bytes()).map_err(|why| self.refused(why))
    }

    fn refused(&self, why: Refusal) -> Error {
        Error::Refused { path: self.place.dir.join(OUTBOX), why }
    }
}

/// The id of a reminder: the instant, so that the oldest is sent first.
fn id(now: jiff::Timestamp) -> String {
    format!("{}{:03}Z", now.strftime("%Y%m%dT%H%M%S"), now.as_millisecond().rem_euclid(1000))
}

fn is_id(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 19 && bytes.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'T' | b'Z'))
}
