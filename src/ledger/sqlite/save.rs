//! From a book to rows.

use jiff::civil::Date;
use rusqlite::{Connection, params};

use crate::ledger::book::{Book, Entry, Event, ExpiryReminder, Held};
use crate::ledger::fault::Fault;

pub(super) fn book(connection: &Connection, project: i64, book: &mut Book) -> Result<(), Fault> {
    connection.execute("UPDATE project SET last_look = ?2 WHERE id = ?1", params![project, day(book.last_look)])?;
    for entry in &mut book.entries {
        let secret = self::entry(connection, project, entry)?;
        for value in &mut entry.values {
            held(connection, secret, value)?;
        }
    }
    for event in std::mem::take(&mut book.events) {
        self::event(connection, &book.entries, &event)?;
    }
    book.expiry_reminders.iter().try_for_each(|reminder| expiry_reminder(connection, project, reminder))
}

fn expiry_reminder(connection: &Connection, project: i64, reminder: &ExpiryReminder) -> Result<(), Fault> {
    let mut statement = connection.prepare(
        "INSERT INTO expiry_reminder (project, file, key, expires, day) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (project, file, key) DO UPDATE SET expires = ?4, day = ?5",
    )?;
    let (expires, day) = (reminder.expires.to_string(), reminder.day.to_string());
    statement.execute(params![project, reminder.file.as_bytes(), reminder.key.as_str(), expires, day])?;
    Ok(())
}

fn entry(connection: &Connection, project: i64, entry: &mut Entry) -> Result<i64, Fault> {
    let mut statement = connection.prepare(
        "INSERT INTO secret (id, project, environment, file, key, class, soft, hard, owner, first_seen, last_seen, gone,
            snooze_until, snooze_reason, reminded)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
         ON CONFLICT (id) DO UPDATE SET environment = ?3, file = ?4, class = ?6, soft = ?7, hard = ?8, owner = ?9,
            last_seen = ?11, gone = ?12, snooze_until = ?13, snooze_reason = ?14, reminded = ?15",
    )?;
    statement.execute(params![
        entry.id,
        project,
        entry.environment.word(),
        entry.file.as_bytes(),
        entry.key.as_str(),
        entry.class.word(),
        entry.limits.soft,
        entry.limits.hard,
        entry.owner,
        entry.first_seen.to_string(),
        entry.last_seen.to_string(),
        day(entry.gone),
        day(entry.snooze.as_ref().map(|snooze| snooze.until)),
        entry.snooze.as_ref().map(|snooze| &snooze.reason),
        day(entry.reminded),
    ])?;
    Ok(*entry.id.get_or_insert_with(|| connection.last_insert_rowid()))
}

fn held(connection: &Connection, secret: i64, value: &mut Held) -> Result<(), Fault> {
    let mut statement = connection.prepare(
        "INSERT INTO value (id, secret, state, mark_key, mark, since, basis, rotated_at, reason, by, unsure, judge, incident,
            proven, proof, expires)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
         ON CONFLICT (id) DO UPDATE SET state = ?3, mark_key = ?4, mark = ?5, since = ?6, basis = ?7, rotated_at = ?8,
            reason = ?9, by = ?10, unsure = ?11, judge = ?12, incident = ?13, proven = ?14, proof = ?15, expires = ?16",
    )?;
    statement.execute(params![
        value.id,
        secret,
        value.state.word(),
        value.fingerprint.as_ref().map(|fingerprint| fingerprint.key),
        value.fingerprint.as_ref().map(|fingerprint| fingerprint.bytes),
        value.since.to_string(),
        value.basis.word(),
        day(value.rotated),
        value.reason,
        value.by,
        value.unsure,
        value.judge,
        day(value.incident),
        day(value.proof.as_ref().map(|proof| proof.day)),
        value.proof.as_ref().map(|proof| &proof.kinds),
        day(value.expires),
    ])?;
    value.id.get_or_insert_with(|| connection.last_insert_rowid());
    Ok(())
}

fn event(connection: &Connection, entries: &[Entry], event: &Event) -> Result<(), Fault> {
    let Some(entry) = entries.get(event.entry) else { return Ok(()) };
    let value = event.value.and_then(|value| entry.values.get(value)).and_then(|value| value.id);
    let mut statement = connection
        .prepare("INSERT INTO event (at, secret, value, what, by, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    statement.execute(params![event.at.to_string(), entry.id, value, event.what.word(), event.by, event.reason])?;
    Ok(())
}

fn day(date: Option<Date>) -> Option<String> {
    date.map(|date| date.to_string())
}
