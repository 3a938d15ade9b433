//! What a reader made of an env file.

use std::collections::HashMap;
use std::num::NonZeroU32;

use super::buffer::Buffer;
use crate::secret::Secret;

/// What a reader sees under a key.
#[derive(Debug)]
pub enum Sight {
    /// This value.
    Value(Secret),
    /// A value that depends on the machine, or on what a command prints.
    Varies,
    /// Nothing.
    Absent,
}

/// Where a reader stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The line.
    pub line: NonZeroU32,
    /// Whether what stands above that line counts.
    pub keeps: bool,
}

#[derive(Debug)]
struct Seen {
    sight: Sight,
    executes: bool,
}

/// What a reader made of an env file.
#[derive(Debug, Default)]
pub struct Reading {
    seen: HashMap<Vec<u8>, Seen>,
    /// Where it stops, if it does.
    pub stop: Option<Stop>,
    /// The first line that runs a command.
    pub runs: Option<NonZeroU32>,
}

impl Reading {
    /// A file that is refused because of what stands at `at`.
    pub(super) fn refusal(text: &[u8], at: usize) -> Self {
        Self { stop: Some(Stop { line: super::line_of(text, at), keeps: false }), ..Self::default() }
    }

    pub(super) fn set(&mut self, key: &[u8], value: &[u8]) {
        self.put_sight(key, Sight::Value(Secret::copy_of(value)), false);
    }

    pub(super) fn put(&mut self, key: &[u8], value: Buffer) {
        self.put_sight(key, Sight::Value(value.into_secret()), false);
    }

    pub(super) fn put_sight(&mut self, key: &[u8], sight: Sight, executes: bool) {
        self.seen.insert(key.to_vec(), Seen { sight, executes });
    }

    /// Notes that the line of a key runs a command, and leaves the value.
    pub(super) fn mark(&mut self, key: &[u8]) {
        self.seen.entry(key.to_vec()).or_insert(Seen { sight: Sight::Absent, executes: true }).executes = true;
    }

    pub(super) fn remove(&mut self, key: &[u8]) {
        self.seen.remove(key);
    }

    /// Cuts each value at its first zero byte.
    #[expect(clippy::disallowed_methods, reason = "looks for a zero byte")]
    pub(super) fn cut_at_zero(&mut self) {
        for seen in self.seen.values_mut() {
            let Sight::Value(value) = &seen.sight else { continue };
            if let Some(end) = memchr::memchr(0, value.expose()) {
                seen.sight = Sight::Value(Secret::copy_of(value.expose().get(..end).unwrap_or_default()));
            }
        }
    }

    /// What it sees under a key; `None` where nothing was ever said of it.
    #[must_use]
    pub fn sight(&self, key: &[u8]) -> Option<&Sight> {
        self.seen.get(key).map(|seen| &seen.sight)
    }

    /// Whether reading this key runs a command.
    #[must_use]
    pub fn executes(&self, key: &[u8]) -> bool {
        self.seen.get(key).is_some_and(|seen| seen.executes)
    }

    /// The value of a key, where there is one that is known.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "readers look values up, and readings are compared")]
    pub fn get(&self, key: &[u8]) -> Option<&[u8]> {
        match self.sight(key)? {
            Sight::Value(value) => Some(value.expose()),
            Sight::Varies | Sight::Absent => None,
        }
    }

    /// Whether nothing of the file counts.
    #[must_use]
    pub fn refuses(&self) -> bool {
        self.stop.is_some_and(|stop| !stop.keeps)
    }

    /// The keys that have a value, or one that varies.
    pub fn keys(&self) -> impl Iterator<Item = &[u8]> {
        let is_there = |seen: &&Seen| !matches!(seen.sight, Sight::Absent);
        self.seen.iter().filter(move |(_, seen)| is_there(seen)).map(|(key, _)| key.as_slice())
    }
}
