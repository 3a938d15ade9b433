//! From rows to a book. Whatever does not fit makes the ledger corrupt: a wrong age must not look like a right one.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rusqlite::{Connection, Row};

use super::words::{Basis, ValueState};
use super::{environment, known};
use crate::env::Key;
use crate::ledger::book::{Book, Entry, ExpiryReminder, Held, Proof, Snooze};
use crate::ledger::fault::Fault;
use crate::ledger::fingerprint::Fingerprint;
use crate::path::RelPath;
use crate::secret::class::{Class, Limits};

pub(super) fn book(connection: &Connection, project: i64) -> Result<Book, Fault> {
    let last_look: Option<String> =
        connection.query_row("SELECT last_look FROM project WHERE id = ?1", [project], |row| row.get(0))?;
    let mut values = values(connection, project)?;
    let mut statement = connection.prepare(
        "SELECT id, environment, file, key, class, soft, hard, owner, first_seen, last_seen, gone, snooze_until,
            snooze_reason, reminded
         FROM secret WHERE project = ?1 ORDER BY id",
    )?;
    let mut rows = statement.query([project])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        entries.push(Entry { values: values.remove(&id).unwrap_or_default(), ..entry(row, id)? });
    }
    let expiry_reminders = expiry_reminders(connection, project)?;
    Ok(Book { last_look: last_look.as_deref().map(day).transpose()?, entries, expiry_reminders, events: Vec::new() })
}

fn expiry_reminders(connection: &Connection, project: i64) -> Result<Vec<ExpiryReminder>, Fault> {
    let mut statement = connection
        .prepare("SELECT file, key, expires, day FROM expiry_reminder WHERE project = ?1 ORDER BY file, key")?;
    let mut rows = statement.query([project])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(ExpiryReminder {
            file: RelPath::new(row.get::<_, Vec<u8>>(0)?),
            key: known(Key::printable(text(row, 1)?.as_bytes()))?,
            expires: day(&text(row, 2)?)?,
            day: day(&text(row, 3)?)?,
        });
    }
    Ok(found)
}

fn entry(row: &Row<'_>, id: i64) -> Result<Entry, Fault> {
    let limits = Limits { soft: row.get(5)?, hard: row.get(6)? };
    let snooze = match (optional_day(row, 11)?, row.get::<_, Option<String>>(12)?) {
        (Some(until), Some(reason)) => Some(Snooze { until, reason }),
        _ => None,
    };
    let place = (
        known(environment(&text(row, 1)?))?,
        RelPath::new(row.get::<_, Vec<u8>>(2)?),
        known(Key::printable(text(row, 3)?.as_bytes()))?,
    );
    let entry = Entry::new(place, known(Class::from_word(&text(row, 4)?))?, limits, day(&text(row, 8)?)?);
    Ok(Entry {
        id: Some(id),
        owner: row.get(7)?,
        last_seen: day(&text(row, 9)?)?,
        gone: optional_day(row, 10)?,
        snooze,
        reminded: optional_day(row, 13)?,
        ..entry
    })
}

/// The values of a project's secrets, by secret, the oldest first.
fn values(connection: &Connection, project: i64) -> Result<BTreeMap<i64, Vec<Held>>, Fault> {
    let mut statement = connection.prepare(
        "SELECT value.id, value.secret, state, mark_key, mark, since, basis, rotated_at, reason, by, unsure, judge, incident,
            proven, proof, expires
         FROM value JOIN secret ON secret.id = value.secret WHERE project = ?1 ORDER BY value.id",
    )?;
    let mut rows = statement.query([project])?;
    let mut values: BTreeMap<i64, Vec<Held>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let of_secret = values.entry(row.get(1)?).or_default();
        let value = held(row)?;
        let is_second = |state| value.state == state && of_secret.iter().any(|known| known.state == state);
        if is_second(ValueState::Current) || is_second(ValueState::Pending) {
            return Err(Fault::Corrupt);
        }
        of_secret.push(value);
    }
    Ok(values)
}

fn held(row: &Row<'_>) -> Result<Held, Fault> {
    let fingerprint = match (row.get::<_, Option<[u8; 8]>>(3)?, row.get::<_, Option<[u8; 16]>>(4)?) {
        (Some(key), Some(bytes)) => Some(Fingerprint { key, bytes }),
        (None, None) => None,
        _ => return Err(Fault::Corrupt),
    };
    Ok(Held {
        id: Some(row.get(0)?),
        state: known(ValueState::from_word(&text(row, 2)?))?,
        fingerprint,
        since: day(&text(row, 5)?)?,
        basis: known(Basis::from_word(&text(row, 6)?))?,
        rotated: optional_day(row, 7)?,
        reason: row.get(8)?,
        by: row.get(9)?,
        unsure: row.get(10)?,
        judge: row.get(11)?,
        incident: optional_day(row, 12)?,
        proof: match (optional_day(row, 13)?, row.get(14)?) {
            (Some(day), Some(kinds)) => Some(Proof { day, kinds }),
            (None, None) => None,
            _ => return Err(Fault::Corrupt),
        },
        expires: optional_day(row, 15)?,
    })
}

fn text(row: &Row<'_>, column: usize) -> Result<String, Fault> {
    Ok(row.get(column)?)
}

fn optional_day(row: &Row<'_>, column: usize) -> Result<Option<Date>, Fault> {
    row.get::<_, Option<String>>(column)?.as_deref().map(day).transpose()
}

fn day(text: &str) -> Result<Date, Fault> {
    text.parse().map_err(|_| Fault::Corrupt)
}
