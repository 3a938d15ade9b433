//! The rows of one project: its secrets, its admin keys and its expiry dates.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;

use super::row_on_day::Kind;
use crate::env::Key;
use crate::ledger::{FingerprintKey, ValueState};
use crate::path::RelPath;
use crate::rotation::due::{Reason, SecretStatus};
use crate::rotation::export::{Expiring, Exported};
use crate::rotation::keys::KeyStatus;
use crate::secret::class::Class;

/// The marks of one project's values in use, by their places.
pub type Marks = BTreeMap<(RelPath, Key), String>;

/// A day, written as PostgreSQL and people read it.
pub(super) struct Day(Date);

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Whether rows name projects, files and keys.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// The key of the names that say nothing.
    pub fingerprints: &'a FingerprintKey,
    /// Whether such a name stands for each real one.
    pub are_hidden: bool,
}

/// One row, as the database takes it.
#[derive(Serialize)]
pub(super) struct Row {
    pub(super) kind: &'static str,
    pub(super) file: String,
    pub(super) key: String,
    state: &'static str,
    environment: &'static str,
    class: Option<&'static str>,
    age_basis: Option<&'static str>,
    since: Option<Day>,
    rotated: Option<Day>,
    soft_due: Option<Day>,
    hard_due: Option<Day>,
    expires: Option<Day>,
    expires_source: Option<&'static str>,
    exposed: bool,
    exposed_why: Option<String>,
    remarks: Option<String>,
    proven: Option<Day>,
    snoozed_until: Option<Day>,
    last_seen: Option<Day>,
    mark: Option<String>,
}

impl Names<'_> {
    /// The name of a project in the table.
    pub(super) fn project(&self, name: &str) -> String {
        match self.are_hidden {
            true => self.fingerprints.hidden(&[b"project", name.as_bytes()]),
            false => name.to_owned(),
        }
    }

    fn place(&self, file: String, key: String, id: &str) -> (String, String) {
        if self.are_hidden { (String::new(), id.to_owned()) } else { (file, key) }
    }
}

/// All rows of a project. No two have the same place: the database would refuse the report.
pub(super) fn rows(project: &Exported<'_>, marks: &Marks, names: Names<'_>) -> Vec<Row> {
    let mut expiring: BTreeMap<String, Expiring> =
        project.expiring(names.fingerprints).into_iter().map(|one| (one.id.clone(), one)).collect();
    let mut rows = Vec::new();
    for status in &project.statuses {
        let id = project.id_of(status, names.fingerprints);
        let is_current = status.state == ValueState::Current;
        let expires = if is_current { expiring.remove(&id) } else { None };
        let mark = marks.get(&(status.file.clone(), status.key.clone())).filter(|_| is_current);
        rows.push(secret(
            status,
            expires.as_ref(),
            mark,
            names.place(status.file.to_string(), status.key.to_string(), &id),
        ));
    }
    rows.extend(project.keys.iter().map(|key| {
        let (name, id) = project.name_and_id_of(key, names.fingerprints);
        admin_key(key, names.place(String::new(), name, &id))
    }));
    // Those of keys that are no secrets, and of secrets whose name must not be written down.
    rows.extend(
        expiring.into_values().map(|one| expiry(&one, names.place(one.file.clone(), one.key.clone(), &one.id))),
    );
    with_own_places(&mut rows);
    rows
}

/// Two names that differ in bytes which cannot be shown look alike: the later one gets a number.
fn with_own_places(rows: &mut [Row]) {
    let mut taken = BTreeSet::new();
    for row in rows {
        let (key, mut number) = (row.key.clone(), 1_u32);
        while !taken.insert((row.kind, row.file.clone(), row.key.clone(), row.state)) {
            number += 1;
            row.key = format!("{key} ({number})");
        }
    }
}

fn secret(status: &SecretStatus, expires: Option<&Expiring>, mark: Option<&String>, place: (String, String)) -> Row {
    let is_current = status.state == ValueState::Current;
    let exposed: Vec<&str> = status.reasons.iter().filter_map(exposure).collect();
    let remarks: Vec<&str> = status.reasons.iter().filter_map(remark).collect();
    Row {
        kind: Kind::Secret.word(),
        file: place.0,
        key: place.1,
        state: status.state.word(),
        environment: status.environment.word(),
        class: Some(status.class.word()),
        age_basis: Some(status.basis.word()),
        since: Some(Day(status.since)),
        rotated: status.promoted.filter(|_| is_current).map(Day),
        soft_due: Some(Day(status.soft_due)),
        hard_due: Some(Day(status.hard_due)),
        expires: expires.map(|one| Day(one.day)),
        expires_source: expires.map(|one| one.source),
        exposed: !exposed.is_empty(),
        exposed_why: listed(&exposed),
        remarks: listed(&remarks),
        proven: status.proof.as_ref().map(|proof| Day(proof.day)),
        snoozed_until: status.snooze.as_ref().map(|snooze| Day(snooze.until)),
        last_seen: Some(Day(status.last_seen)),
        mark: mark.cloned(),
    }
}

fn admin_key(key: &KeyStatus, place: (String, String)) -> Row {
    Row {
        kind: Kind::AdminKey.word(),
        class: Some(Class::AdminApiKey.word()),
        age_basis: Some(crate::ledger::Basis::Rotated.word()),
        since: Some(Day(key.since)),
        soft_due: Some(Day(key.soft_due)),
        hard_due: Some(Day(key.hard_due)),
        expires: key.expires.map(Day),
        ..empty(place, "unknown")
    }
}

fn expiry(one: &Expiring, place: (String, String)) -> Row {
    let (expires, expires_source) = (Some(Day(one.day)), Some(one.source));
    Row { kind: Kind::Expiry.word(), expires, expires_source, ..empty(place, one.environment) }
}

fn empty((file, key): (String, String), environment: &'static str) -> Row {
    Row {
        kind: Kind::Secret.word(),
        file,
        key,
        state: ValueState::Current.word(),
        environment,
        class: None,
        age_basis: None,
        since: None,
        rotated: None,
        soft_due: None,
        hard_due: None,
        expires: None,
        expires_source: None,
        exposed: false,
        exposed_why: None,
        remarks: None,
        proven: None,
        snoozed_until: None,
        last_seen: None,
        mark: None,
    }
}

/// A closed word: commits and people stay on the host.
fn exposure(reason: &Reason) -> Option<&'static str> {
    match reason {
        Reason::Tracked => Some("tracked"),
        Reason::Committed(_) => Some("committed"),
        Reason::Incident(_) => Some("incident"),
        _ => None,
    }
}

fn remark(reason: &Reason) -> Option<&'static str> {
    match reason {
        Reason::ChangedBack => Some(super::row_on_day::CHANGED_BACK),
        Reason::Unsure => Some(super::row_on_day::UNSURE),
        Reason::Unread => Some("unread"),
        Reason::Weak => Some("weak"),
        Reason::Mode(_) => Some("mode"),
        Reason::Copy(_) => Some("copy"),
        Reason::SameAs(..) => Some("same-value"),
        _ => None,
    }
}

fn listed(words: &[&str]) -> Option<String> {
    let mut kept: Vec<&str> = Vec::new();
    words.iter().for_each(|word| {
        if !kept.contains(word) {
            kept.push(word);
        }
    });
    (!kept.is_empty()).then(|| kept.join(","))
}
