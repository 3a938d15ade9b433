//! All that is known of one project.

use jiff::Timestamp;
use jiff::civil::Date;

use super::Fingerprint;
pub use super::words::{Basis, ValueState, What};
use crate::env::Key;
use crate::environment::Environment;
use crate::path::RelPath;
use crate::secret::class::Class;
use crate::secret::class::Limits;
use crate::work;

/// Reminders postponed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snooze {
    /// The last day of silence.
    pub until: Date,
    /// Why.
    pub reason: String,
}

/// Who did something, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// The day, in UTC.
    pub day: Date,
    /// The instant.
    pub at: Timestamp,
    /// The user.
    pub by: String,
}

/// Evidence showed that a value is in use, and that the value before it is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The day of the first evidence.
    pub day: Date,
    /// What kinds of evidence, in the order in which they came: `docker, postgres`. Where several servers have the value,
    /// each by its name, also those that are missing: `postgres app-db, missing postgres auth-db`.
    pub kinds: String,
}

/// What is written before a server that has not shown yet that it refuses the old value.
const MISSING: &str = "missing ";

impl Proof {
    /// Whether no server is missing.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.kinds.split(SEPARATOR).any(|one| one.starts_with(MISSING))
    }

    /// Whether this evidence came.
    #[must_use]
    pub fn has(&self, shown: &str) -> bool {
        self.kinds.split(SEPARATOR).any(|one| one == shown)
    }

    /// Adds evidence that came, and says which is missing now.
    pub fn add(&mut self, shown: &str, missing: &[String]) {
        let known = self.kinds.split(SEPARATOR).filter(|one| !one.is_empty() && !one.starts_with(MISSING));
        let mut all: Vec<String> = known.map(str::to_owned).collect();
        if all.iter().all(|one| one != shown) {
            all.push(shown.to_owned());
        }
        all.extend(missing.iter().map(|one| format!("{MISSING}{one}")));
        self.kinds = all.join(SEPARATOR);
    }
}

/// What stands between the kinds of a proof.
const SEPARATOR: &str = ", ";

/// One value that a secret has, had or will have. Not the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its row; `None` for a new one.
    pub(super) id: Option<i64>,
    /// Where it is in its life.
    pub state: ValueState,
    /// Its fingerprint; `None` for a weak value.
    pub fingerprint: Option<Fingerprint>,
    /// The day from which its age is counted.
    pub since: Date,
    /// How that day is known.
    pub basis: Basis,
    /// The day on which envward put it to use.
    pub rotated: Option<Date>,
    /// What anyone who recorded it said.
    pub reason: Option<String>,
    /// Who recorded it.
    pub by: String,
    /// Whether it may have changed unseen, because the fingerprint's key was lost.
    pub unsure: bool,
    /// The version of envward that judged it: another one may call the same value weak or not.
    pub judge: String,
    /// The first day on which somebody confirmed that it leaked.
    pub incident: Option<Date>,
    /// The proof that it replaced the value before.
    pub proof: Option<Proof>,
    /// The day on which it stops being valid, if somebody recorded one.
    pub expires: Option<Date>,
}

impl Held {
    /// A value in this state, counted from `since`.
    #[must_use]
    pub fn new(state: ValueState, fingerprint: Option<Fingerprint>, (since, basis): (Date, Basis), by: &str) -> Self {
        Self {
            id: None,
            state,
            fingerprint,
            since,
            basis,
            rotated: None,
            reason: None,
            by: by.to_owned(),
            unsure: false,
            judge: env!("CARGO_PKG_VERSION").to_owned(),
            incident: None,
            proof: None,
            expires: None,
        }
    }
}

/// One secret of the project: a key of an env file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its row; `None` for a new one.
    pub(super) id: Option<i64>,
    /// The environment of its file.
    pub environment: Environment,
    /// The file, below the project root.
    pub file: RelPath,
    /// The key.
    pub key: Key,
    /// Its class.
    pub class: Class,
    /// When it is due, by the configuration at the last look.
    pub limits: Limits,
    /// Who looks after it.
    pub owner: Option<String>,
    /// The day of the first look that saw it.
    pub first_seen: Date,
    /// The day of the last look that saw it.
    pub last_seen: Date,
    /// The day of the look that did not see it any more.
    pub gone: Option<Date>,
    /// Reminders postponed.
    pub snooze: Option<Snooze>,
    /// The day of the last reminder.
    pub reminded: Option<Date>,
    /// Its values, the oldest first.
    pub values: Vec<Held>,
}

impl Entry {
    /// A secret seen for the first time, without a value yet.
    #[must_use]
    pub fn new(place: (Environment, RelPath, Key), class: Class, limits: Limits, day: Date) -> Self {
        let (environment, file, key) = place;
        Self {
            id: None,
            environment,
            file,
            key,
            class,
            limits,
            owner: None,
            first_seen: day,
            last_seen: day,
            gone: None,
            snooze: None,
            reminded: None,
            values: Vec::new(),
        }
    }

    /// The newest value in this state.
    #[must_use]
    pub fn value(&self, state: ValueState) -> Option<&Held> {
        self.values.iter().rfind(|value| value.state == state)
    }

    /// The same, to be changed.
    #[must_use]
    pub fn value_mut(&mut self, state: ValueState) -> Option<&mut Held> {
        self.values.iter_mut().rfind(|value| value.state == state)
    }
}

/// Something that happened, to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The entry, by its place in [`Book::entries`].
    pub entry: usize,
    /// The value, by its place in [`Entry::values`].
    pub value: Option<usize>,
    /// What.
    pub what: What,
    /// When, and who.
    pub at: Timestamp,
    /// The user.
    pub by: String,
    /// What they said.
    pub reason: Option<String>,
}

/// The last reminder of an expiry date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpiryReminder {
    /// The file, below the project root.
    pub file: RelPath,
    /// The key.
    pub key: Key,
    /// The date. A reminder of another one does not count.
    pub expires: Date,
    /// The day of the reminder.
    pub day: Date,
}

/// All that is known of one project. Entries and values are changed and added, never taken out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// The day of the last look; `None` before the first.
    pub last_look: Option<Date>,
    /// The secrets.
    pub entries: Vec<Entry>,
    /// The last reminder of each expiry date.
    pub expiry_reminders: Vec<ExpiryReminder>,
    /// What happened since the book was read.
    pub events: Vec<Event>,
}

impl Book {
    /// Writes down that something happened to an entry, or to its newest value in a state.
    pub fn note(&mut self, entry: usize, state: Option<ValueState>, what: What, when: &When, reason: Option<&str>) {
        let values = self.entries.get(entry).map(|entry| entry.values.as_slice()).unwrap_or_default();
        let value = state.and_then(|state| values.iter().rposition(|value| value.state == state));
        let reason = reason.map(str::to_owned);
        self.events.push(Event { entry, value, what, at: when.at, by: when.by.clone(), reason });
    }

    /// Records that somebody was reminded of an expiry date. An earlier day than the recorded one changes nothing.
    pub fn reminded_of_expiry(&mut self, reminder: ExpiryReminder) {
        let is_its = |known: &&mut ExpiryReminder| known.file == reminder.file && known.key == reminder.key;
        match self.expiry_reminders.iter_mut().find(is_its) {
            Some(known) if known.expires == reminder.expires => known.day = known.day.max(reminder.day),
            Some(known) => *known = reminder,
            None => self.expiry_reminders.push(reminder),
        }
    }

    /// The place of an entry in the book; [`super::Places`] answers many times.
    #[must_use]
    pub fn find(&self, file: &RelPath, key: &Key) -> Option<usize> {
        self.entries.iter().position(|entry| {
            work::step();
            entry.file == *file && entry.key == *key
        })
    }

    /// Takes a leak of the current value down: from now on it is exposed, until it is replaced. `None` where there is
    /// no such secret.
    #[must_use]
    pub fn incident(&mut self, file: &RelPath, key: &Key, when: &When, reason: &str) -> Option<()> {
        let index = self.find(file, key)?;
        let value = self.entries.get_mut(index)?.value_mut(ValueState::Current)?;
        value.incident = value.incident.or(Some(when.day));
        self.note(index, Some(ValueState::Current), What::Incident, when, Some(reason));
        Some(())
    }
}
