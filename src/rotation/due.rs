//! How each secret stands on a day.

use std::collections::HashMap;
use std::num::NonZeroU32;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::sighting::{Exposed, Sighting, Sightings};
use crate::env::Key;
use crate::environment::Environment;
use crate::git::CommitRef;
use crate::ledger::{Basis, Book, Entry, Fingerprint, Held, Proof, Snooze, ValueState};
use crate::path::RelPath;
use crate::rotation::days::{days, plus};
use crate::secret::class::{Class, Limits};

/// How urgent a secret's replacement is. The order is that of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// It leaked, or lies where others read it: at once.
    Exposed,
    /// Past its hard date.
    Overdue,
    /// Past its soft date, or a value that was replaced is in use again.
    Due,
    /// It may have changed unseen.
    Unknown,
    /// Nothing to do.
    Fresh,
}

impl Urgency {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Exposed => "exposed",
            Self::Overdue => "overdue",
            Self::Due => "due",
            Self::Unknown => "unknown",
            Self::Fresh => "fresh",
        }
    }

    /// Whether something is to be done.
    #[must_use]
    pub fn is_due(self) -> bool {
        self <= Self::Due
    }
}

/// How far the replacement of a secret is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The new value is written, and nothing proves that the old one is out of use.
    Promoted,
    /// Evidence showed that the old value is out of use.
    Proven,
    /// The rotation was confirmed.
    Retired,
}

impl Stage {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Promoted => "promoted",
            Self::Proven => "proven",
            Self::Retired => "retired",
        }
    }

    fn of(entry: &Entry) -> Option<Self> {
        let current = entry.value(ValueState::Current)?;
        match entry.value(ValueState::Retiring) {
            Some(_) if whole_proof(entry).is_some() => Some(Self::Proven),
            Some(_) => Some(Self::Promoted),
            None => {
                let is_rotated = current.rotated.is_some() && entry.value(ValueState::Retired).is_some();
                is_rotated.then_some(Self::Retired)
            }
        }
    }
}

/// What is worth knowing about a secret beside its age.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// git tracks its file.
    Tracked,
    /// A commit that a ref reaches holds the value.
    Committed(Option<CommitRef>),
    /// Somebody confirmed on this day that it leaked.
    Incident(Date),
    /// A value that was replaced is in use again.
    ChangedBack,
    /// Its fingerprint's key was lost: it may have changed unseen.
    Unsure,
    /// Its file could not be read this time.
    Unread,
    /// Its value is weak, so no fingerprint is kept and a change is not seen.
    Weak,
    /// Its file is open to others.
    Mode(u32),
    /// A forgotten copy holds it.
    Copy(RelPath),
    /// Another key of this environment has the same value.
    SameAs(RelPath, Key),
    /// A new value was made on this day and waits to be promoted.
    Pending(Date),
    /// The value before was replaced on this day and may still be accepted somewhere, unless there is a proof.
    Retiring(Date, Option<Proof>),
    /// Reminders are postponed.
    Snoozed(Snooze),
    /// What anyone who recorded the age said.
    Said(String),
}

/// One value of one secret, on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretStatus {
    /// The environment of the file.
    pub environment: Environment,
    /// The file.
    pub file: RelPath,
    /// The key.
    pub key: Key,
    /// Its line, where it was seen.
    pub line: Option<NonZeroU32>,
    /// The class.
    pub class: Class,
    /// Whether no new value can be made here, as far as it was seen.
    pub by_hand: bool,
    /// Whether a new value waits to be promoted.
    pub has_next: bool,
    /// Where this value is in its life.
    pub state: ValueState,
    /// Its fingerprint; `None` for a weak value.
    pub fingerprint: Option<Fingerprint>,
    /// Who looks after it.
    pub owner: Option<String>,
    /// The day from which its age is counted.
    pub since: Date,
    /// How that day is known.
    pub basis: Basis,
    /// Its age in days.
    pub age: u32,
    /// When it is due.
    pub limits: Limits,
    /// From this day on it should be replaced: at once for an exposed one.
    pub soft_due: Date,
    /// From this day on it must have been.
    pub hard_due: Date,
    /// What follows.
    pub urgency: Urgency,
    /// What else is known, the most severe first.
    pub reasons: Vec<Reason>,
    /// Reminders postponed.
    pub snooze: Option<Snooze>,
    /// The day of the last reminder.
    pub reminded: Option<Date>,
    /// How far its replacement is; `None` if envward did not replace it.
    pub stage: Option<Stage>,
    /// The day on which the value in use was written, if envward did that.
    pub promoted: Option<Date>,
    /// The proof that the value in use replaced the one before.
    pub proof: Option<Proof>,
    /// What evidence has shown so far; servers may still be missing.
    pub shown: Option<Proof>,
    /// The day on which the value stops being valid, if somebody recorded one.
    pub expires: Option<Date>,
    /// The day of the last check that saw it.
    pub last_seen: Date,
}

impl SecretStatus {
    /// Whether another key of the same environment stands for the same value and is shown in its place.
    #[must_use]
    pub fn twin(&self) -> Option<(&RelPath, &Key)> {
        self.reasons.iter().find_map(|reason| match reason {
            Reason::SameAs(file, key) => Some((file, key)),
            _ => None,
        })
    }
}

/// How the secrets stand on a day, the most urgent first. What is not there any more is left out; the day of the
/// exposure is today where no commit says it.
#[must_use]
pub fn statuses(book: &Book, seen: &Sightings, day: Date) -> Vec<SecretStatus> {
    let mut all = Vec::new();
    let places = seen.secrets.iter().rev().map(|secret| ((&secret.file, &secret.key), secret));
    let places: HashMap<(&RelPath, &Key), &Sighting> = places.collect();
    for entry in book.entries.iter().filter(|entry| entry.gone.is_none()) {
        let seen = places.get(&(&entry.file, &entry.key)).copied();
        for held in &entry.values {
            match held.state {
                ValueState::Current => all.push(current(entry, held, seen, day)),
                ValueState::Pending | ValueState::Retiring => all.push(bystander(entry, held, seen, day)),
                ValueState::Retired | ValueState::Abandoned => {}
            }
        }
    }
    all.sort_by(|one, other| order(one).cmp(&order(other)));
    all
}

/// By urgency; a rotation that is not finished before what is fresh.
fn order(status: &SecretStatus) -> (u8, Date, &RelPath, &Key) {
    let rank = match (status.state, status.urgency) {
        (ValueState::Current, Urgency::Exposed) => 0,
        (ValueState::Current, Urgency::Overdue) => 1,
        (ValueState::Current, Urgency::Due) => 2,
        (ValueState::Current, Urgency::Unknown) => 3,
        (ValueState::Pending, _) => 4,
        (ValueState::Retiring | ValueState::Retired | ValueState::Abandoned, _) => 5,
        (ValueState::Current, Urgency::Fresh) => 6,
    };
    (rank, status.hard_due, &status.file, &status.key)
}

fn current(entry: &Entry, held: &Held, seen: Option<&Sighting>, day: Date) -> SecretStatus {
    let exposed = exposed_on(held, seen, day);
    let (mut soft_due, mut hard_due) = (plus(held.since, entry.limits.soft), plus(held.since, entry.limits.hard));
    if let Some(exposed) = exposed {
        (soft_due, hard_due) = (soft_due.min(exposed), hard_due.min(exposed));
    }
    let is_back = is_changed_back(entry, held);
    let urgency = match () {
        () if exposed.is_some() => Urgency::Exposed,
        () if day >= hard_due => Urgency::Overdue,
        () if day >= soft_due || is_back => Urgency::Due,
        () if held.unsure => Urgency::Unknown,
        () => Urgency::Fresh,
    };
    let reasons = reasons(entry, held, seen, is_back);
    SecretStatus { soft_due, hard_due, urgency, reasons, ..plain(entry, held, seen, day) }
}

/// How many days a rotation may take: then somebody forgot its end, and the old value still opens what it opened.
pub(super) const UNFINISHED: u32 = 14;

/// A value that waits, or that was replaced: it is shown, and due where it stays so.
fn bystander(entry: &Entry, held: &Held, seen: Option<&Sighting>, day: Date) -> SecretStatus {
    // What was replaced is so since the value behind it came.
    let next = || entry.value(ValueState::Current).and_then(|current| current.rotated);
    let since = match held.state {
        ValueState::Retiring => next().or(held.rotated).unwrap_or(held.since),
        _ => held.rotated.unwrap_or(held.since),
    };
    let reason = match held.state {
        ValueState::Retiring => Reason::Retiring(since, whole_proof(entry)),
        _ => Reason::Pending(since),
    };
    let soft_due = plus(since, UNFINISHED);
    let urgency = if day >= soft_due { Urgency::Due } else { Urgency::Fresh };
    SecretStatus { reasons: vec![reason], soft_due, hard_due: soft_due, urgency, ..plain(entry, held, seen, day) }
}

/// The proof of the value in use, if no server is missing.
fn whole_proof(entry: &Entry) -> Option<Proof> {
    entry.value(ValueState::Current)?.proof.clone().filter(Proof::is_whole)
}

fn plain(entry: &Entry, held: &Held, seen: Option<&Sighting>, day: Date) -> SecretStatus {
    SecretStatus {
        environment: entry.environment,
        file: entry.file.clone(),
        key: entry.key.clone(),
        line: seen.map(|seen| seen.line),
        class: entry.class,
        by_hand: seen.is_some_and(|seen| seen.by_hand),
        has_next: entry.value(ValueState::Pending).is_some(),
        state: held.state,
        fingerprint: held.fingerprint,
        owner: entry.owner.clone(),
        since: held.since,
        basis: held.basis,
        age: days(held.since, day),
        limits: entry.limits,
        soft_due: plus(held.since, entry.limits.soft),
        hard_due: plus(held.since, entry.limits.hard),
        urgency: Urgency::Fresh,
        reasons: Vec::new(),
        snooze: entry.snooze.clone(),
        reminded: entry.reminded,
        stage: Stage::of(entry),
        promoted: entry.value(ValueState::Current).and_then(|current| current.rotated),
        proof: whole_proof(entry),
        shown: entry.value(ValueState::Current).and_then(|current| current.proof.clone()),
        expires: held.expires,
        last_seen: entry.last_seen,
    }
}

/// The first day on which the value is known to have been exposed; `None` where it is not.
fn exposed_on(held: &Held, seen: Option<&Sighting>, day: Date) -> Option<Date> {
    let seen = seen.and_then(|seen| seen.exposed.as_ref()).map(|exposed| match exposed {
        Exposed::Committed(Some(commit)) => TimeZone::UTC.to_datetime(commit.time).date().min(day),
        Exposed::Committed(None) | Exposed::Tracked => day,
    });
    seen.into_iter().chain(held.incident).min()
}

/// Whether another value came after this one, so that an old one is there again.
fn is_changed_back(entry: &Entry, held: &Held) -> bool {
    let after = entry.values.iter().skip_while(|other| *other != held).skip(1);
    after.into_iter().any(|other| !matches!(other.state, ValueState::Pending | ValueState::Abandoned))
}

fn reasons(entry: &Entry, held: &Held, seen: Option<&Sighting>, is_back: bool) -> Vec<Reason> {
    let mut reasons = Vec::new();
    reasons.extend(held.incident.map(Reason::Incident));
    reasons.extend(seen.and_then(|seen| seen.exposed.as_ref()).map(|exposed| match exposed {
        Exposed::Tracked => Reason::Tracked,
        Exposed::Committed(commit) => Reason::Committed(commit.clone()),
    }));
    reasons.extend(is_back.then_some(Reason::ChangedBack));
    reasons.extend(held.unsure.then_some(Reason::Unsure));
    reasons.extend(seen.is_none().then_some(Reason::Unread));
    reasons.extend(seen.into_iter().flat_map(|seen| seen.reasons.iter().cloned()));
    reasons.extend(entry.snooze.clone().map(Reason::Snoozed));
    reasons.extend(held.reason.clone().map(Reason::Said));
    reasons
}
