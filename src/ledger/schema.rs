//! The tables, and how an older ledger becomes one of this version.

use rusqlite::{Connection, TransactionBehavior};

use super::fault::Fault;

/// `Envw`: SQLite's `application_id`, by which a ledger is told from another database.
const APPLICATION: i32 = 0x456e_7677;

/// Each step brings a ledger from the version of its place to the next. Steps are added, never changed.
const STEPS: [&str; 4] = [
    // 0 -> 1
    "CREATE TABLE project (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        last_look TEXT
    ) STRICT;
    CREATE TABLE secret (
        id INTEGER PRIMARY KEY,
        project INTEGER NOT NULL REFERENCES project (id),
        environment TEXT NOT NULL,
        file BLOB NOT NULL,
        key TEXT NOT NULL,
        class TEXT NOT NULL,
        soft INTEGER NOT NULL,
        hard INTEGER NOT NULL,
        owner TEXT,
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        gone TEXT,
        snooze_until TEXT,
        snooze_reason TEXT,
        reminded TEXT
    ) STRICT;
    CREATE INDEX secret_of_project ON secret (project);
    CREATE TABLE value (
        id INTEGER PRIMARY KEY,
        secret INTEGER NOT NULL REFERENCES secret (id),
        state TEXT NOT NULL,
        mark_key BLOB CHECK (length(mark_key) = 8),
        mark BLOB CHECK (length(mark) = 16),
        since TEXT NOT NULL,
        basis TEXT NOT NULL,
        rotated_at TEXT,
        reason TEXT,
        by TEXT NOT NULL,
        unsure INTEGER NOT NULL,
        judge TEXT NOT NULL,
        incident TEXT
    ) STRICT;
    CREATE INDEX value_of_secret ON value (secret);
    CREATE TABLE event (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        secret INTEGER NOT NULL REFERENCES secret (id),
        value INTEGER REFERENCES value (id),
        what TEXT NOT NULL,
        by TEXT NOT NULL,
        reason TEXT
    ) STRICT;
    CREATE INDEX event_of_secret ON event (secret);",
    // 1 -> 2
    "CREATE TABLE api_key (
        id TEXT NOT NULL PRIMARY KEY,
        project INTEGER NOT NULL REFERENCES project (id),
        prefix TEXT NOT NULL,
        name TEXT NOT NULL,
        hash TEXT NOT NULL,
        made_at TEXT NOT NULL,
        by TEXT NOT NULL,
        expires TEXT,
        verified TEXT,
        revoked TEXT,
        reason TEXT,
        replaced_by TEXT REFERENCES api_key (id) DEFERRABLE INITIALLY DEFERRED,
        reminded TEXT
    ) STRICT;
    CREATE INDEX api_key_of_project ON api_key (project);",
    // 2 -> 3
    "ALTER TABLE value ADD COLUMN expires TEXT;
    CREATE TABLE expiry_reminder (
        project INTEGER NOT NULL REFERENCES project (id),
        file BLOB NOT NULL,
        key TEXT NOT NULL,
        expires TEXT NOT NULL,
        day TEXT NOT NULL,
        PRIMARY KEY (project, file, key)
    ) STRICT;",
    // 3 -> 4
    "ALTER TABLE value ADD COLUMN proven TEXT;
    ALTER TABLE value ADD COLUMN proof TEXT;",
];

/// What a database is.
pub(super) enum Kind {
    /// An empty file: made, and not filled yet.
    Empty,
    /// A ledger of this version.
    Ready,
    /// A ledger of an earlier version.
    Old,
}

/// What is there.
pub(super) fn kind(connection: &Connection) -> Result<Kind, Fault> {
    // Another process may fill it between two questions, and half of each answer looks like damage.
    let _snapshot = connection.is_autocommit().then(|| connection.unchecked_transaction()).transpose()?;
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let (application, version) = (number("application_id")?, number("user_version")?);
    let is_empty = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))? == 0;
    match usize::try_from(version) {
        Ok(0) if is_empty && application == 0 => Ok(Kind::Empty),
        _ if application != i64::from(APPLICATION) => Err(Fault::Corrupt),
        Ok(version) if version == STEPS.len() => Ok(Kind::Ready),
        Ok(version) if version > STEPS.len() => Err(Fault::Newer),
        Ok(_) => Ok(Kind::Old),
        Err(_) => Err(Fault::Corrupt),
    }
}

/// Brings the database to this version, all steps or none. An empty one that `was_filled` once is a lost one, and not
/// begun again.
pub(super) fn migrate(connection: &mut Connection, was_filled: &dyn Fn() -> Result<bool, Fault>) -> Result<(), Fault> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    match kind(&transaction)? {
        // Another process was faster.
        Kind::Ready => return Ok(()),
        Kind::Empty if was_filled()? => return Err(Fault::Corrupt),
        Kind::Empty | Kind::Old => {}
    }
    let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for step in STEPS.iter().skip(usize::try_from(version).unwrap_or(usize::MAX)) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", i64::try_from(STEPS.len()).unwrap_or(i64::MAX))?;
    transaction.commit()?;
    Ok(())
}

/// Undoes all steps after a version, so that a test has a ledger of that version with rows in it.
#[cfg(test)]
pub(super) fn downgrade(connection: &Connection, version: usize) {
    const UNDO: [&str; STEPS.len() - 1] = [
        "DROP TABLE api_key",
        "DROP TABLE expiry_reminder; ALTER TABLE value DROP COLUMN expires",
        "ALTER TABLE value DROP COLUMN proven; ALTER TABLE value DROP COLUMN proof",
    ];
    UNDO.iter().skip(version - 1).rev().for_each(|undo| connection.execute_batch(undo).unwrap());
    connection.pragma_update(None, "user_version", i64::try_from(version).unwrap()).unwrap();
}
