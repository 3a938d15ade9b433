//! The ledger in SQLite.
//!
//! The rollback journal, not the write-ahead log: one file, and beside it for the length of a transaction another one
//! that has the first one's mode. A process that dies leaves the journal; the next writer puts all back as it was.

mod keys;
mod load;
mod save;

use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior};

use super::book::Book;
use super::dir::{LEDGER, StateDir};
use super::fault::Fault;
use super::schema::{self, Kind};
use super::{Ledger, words};

/// How long another process may hold the ledger: its transactions take milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open ledger.
pub struct Sqlite {
    connection: Connection,
}

impl Sqlite {
    /// Opens it to read; `None` where there is none yet. What a writer left half written is put back as it was.
    ///
    /// # Errors
    /// It cannot be read, or it is not private.
    pub fn read_only(dir: &StateDir) -> Result<Option<Self>, Fault> {
        if !dir.has(LEDGER)? {
            return Ok(None);
        }
        match Self::read_by(dir, OpenFlags::SQLITE_OPEN_READ_ONLY) {
            // Where that cannot be written, either, it is still what has to be said.
            Err(Fault::Interrupted) => {
                Self::read_by(dir, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(|_| Fault::Interrupted)
            }
            other => other,
        }
    }

    fn read_by(dir: &StateDir, mode: OpenFlags) -> Result<Option<Self>, Fault> {
        let ledger = Self::connect(dir, mode)?;
        match schema::kind(&ledger.connection)? {
            Kind::Empty => Ok(None),
            Kind::Old => Err(Fault::Older),
            Kind::Ready => ledger.whole().map(Some),
        }
    }

    /// Opens it to write; makes it where there is none, and brings an older one up to this version.
    ///
    /// # Errors
    /// It cannot be read or written, or it is not private.
    pub fn open(dir: &StateDir) -> Result<Self, Fault> {
        // SQLite would make it with the umask's mode; the journal follows the mode that it finds.
        dir.reserve(LEDGER)?;
        if !dir.has(LEDGER)? {
            return Err(Fault::Refused);
        }
        let mut ledger = Self::connect(dir, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        match schema::kind(&ledger.connection)? {
            Kind::Ready => ledger.whole(),
            Kind::Empty | Kind::Old => {
                // The key is made after the ledger: where it is there already, what is empty now was filled once.
                schema::migrate(&mut ledger.connection, &|| Ok(dir.key()?.is_some()))?;
                Ok(ledger)
            }
        }
    }

    fn connect(dir: &StateDir, mode: OpenFlags) -> Result<Self, Fault> {
        let flags = mode | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
        let connection = Connection::open_with_flags(dir.path().join(LEDGER), flags)?;
        connection.busy_timeout(PATIENCE)?;
        // What is in the file is data: no trigger, view or function of it is run.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
        connection.pragma_update(None, "synchronous", "EXTRA")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        Ok(Self { connection })
    }

    /// This ledger, if no page of it is damaged. It is small: to look through all of it takes a millisecond.
    fn whole(self) -> Result<Self, Fault> {
        let answer: String = self.connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if answer == "ok" { Ok(self) } else { Err(Fault::Corrupt) }
    }
}

impl Ledger for Sqlite {
    fn read(&self, project: &str) -> Result<Option<Book>, Fault> {
        // One transaction, so that no writer gets between two questions.
        let transaction = self.connection.unchecked_transaction()?;
        let Some(id) = id_of(&transaction, project)? else { return Ok(None) };
        load::book(&transaction, id).map(Some)
    }

    fn update(&mut self, project: &str, work: &mut dyn FnMut(&mut Book)) -> Result<(), Fault> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let id = match id_of(&transaction, project)? {
            Some(id) => id,
            None => {
                transaction.execute("INSERT INTO project (name) VALUES (?1)", [project])?;
                transaction.last_insert_rowid()
            }
        };
        let mut book = load::book(&transaction, id)?;
        work(&mut book);
        save::book(&transaction, id, &mut book)?;
        transaction.commit()?;
        Ok(())
    }
}

fn id_of(connection: &Connection, project: &str) -> Result<Option<i64>, Fault> {
    let mut found = connection.prepare("SELECT id FROM project WHERE name = ?1")?;
    Ok(found.query_row([project], |row| row.get(0)).optional()?)
}

/// A word that is none of ours.
fn known<T>(found: Option<T>) -> Result<T, Fault> {
    found.ok_or(Fault::Corrupt)
}

/// `unknown` is a word of the ledger alone: nobody names a file so.
fn environment(word: &str) -> Option<crate::environment::Environment> {
    use crate::environment::Environment;
    let all = [Environment::Development, Environment::Test, Environment::Production, Environment::Unknown];
    all.into_iter().find(|environment| environment.word() == word)
}

#[cfg(test)]
mod tests;
