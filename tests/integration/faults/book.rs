//! What the ledger says, read past envward, and whether the env files agree.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit as _, Mac as _};
use rusqlite::{Connection, OpenFlags};
use sha2::Sha256;

use super::world::World;
use crate::common::Sandbox;
use crate::common::ledger::state;

/// A value that the ledger knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub file: String,
    pub key: String,
    pub state: String,
    pub basis: String,
    pub since: String,
    mark: Option<Vec<u8>>,
}

impl Row {
    /// What two runs have in common.
    pub fn shape(&self) -> String {
        format!("{} {} {} {}", self.file, self.key, self.state, self.basis)
    }

    fn place(&self) -> (String, String) {
        (self.file.clone(), self.key.clone())
    }
}

/// All of a ledger; empty where there is none, or nothing in it yet.
#[derive(Clone, Default)]
pub struct Book {
    pub rows: Vec<Row>,
    /// The ids of admin keys that are valid.
    pub keys: Vec<String>,
}

impl Book {
    /// Reads it; an error where it is damaged.
    pub fn of(sandbox: &Sandbox) -> Result<Self, String> {
        let path = state(sandbox).join("ledger.sqlite");
        if !path.exists() {
            return Ok(Self::default());
        }
        let read = || -> rusqlite::Result<(String, Self)> {
            let ledger = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            let integrity = ledger.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
            let tables: u32 = ledger.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
            if tables == 0 {
                return Ok((integrity, Self::default()));
            }
            Ok((integrity, Self { rows: rows(&ledger)?, keys: keys(&ledger)? }))
        };
        match read() {
            Ok((integrity, book)) if integrity == "ok" => Ok(book),
            Ok((integrity, _)) => Err(format!("the ledger is damaged: {integrity}")),
            Err(error) => Err(format!("the ledger cannot be read: {error}")),
        }
    }

    pub fn shape(&self) -> Vec<String> {
        let mut all: Vec<String> = self.rows.iter().map(Row::shape).collect();
        all.sort();
        all
    }

    /// Which secrets are in which state, however their age is known.
    pub fn places(&self) -> Vec<String> {
        let mut all: Vec<String> =
            self.rows.iter().map(|row| format!("{} {} {}", row.file, row.key, row.state)).collect();
        all.sort();
        all
    }

    /// What is wrong between the ledger and the env files, and between the ledger now and before: the value in use is
    /// the one that the ledger calls current, and no value that is still the same is younger than it was.
    pub fn disagreement(&self, before: &Self, world: &World, master: Option<&[u8]>) -> Option<String> {
        let was: BTreeMap<_, _> =
            before.rows.iter().filter(|row| row.state == "current").map(|row| (row.place(), row)).collect();
        for row in self.rows.iter().filter(|row| row.state == "current") {
            let Some(mark) = &row.mark else { continue };
            let what = row.shape();
            if let (Some(value), Some(master)) = (value_of(world, &row.file, &row.key), master) {
                if *mark != fingerprint(master, &row.key, &value) {
                    return Some(format!("{what}: the env file has another value"));
                }
            }
            let old = was.get(&row.place());
            if old.is_some_and(|old| old.mark == row.mark && old.since < row.since) {
                return Some(format!("{what}: the age of an unchanged value was changed to {}", row.since));
            }
        }
        None
    }
}

fn rows(ledger: &Connection) -> rusqlite::Result<Vec<Row>> {
    let query = "SELECT secret.file, secret.key, value.state, value.basis, value.since, value.mark
                 FROM value JOIN secret ON secret.id = value.secret WHERE secret.gone IS NULL";
    let mut query = ledger.prepare(query)?;
    let found = query.query_map([], |row| {
        let file: Vec<u8> = row.get(0)?;
        let file = String::from_utf8(file).unwrap();
        let (key, state, basis, since) = (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
        Ok(Row { file, key, state, basis, since, mark: row.get(5)? })
    })?;
    found.collect()
}

fn keys(ledger: &Connection) -> rusqlite::Result<Vec<String>> {
    // An older ledger has none.
    let Ok(mut query) = ledger.prepare("SELECT id FROM api_key WHERE revoked IS NULL") else { return Ok(Vec::new()) };
    query.query_map([], |row| row.get(0))?.collect()
}

/// A value that no reader of env files disputes; `None` for every other one.
fn value_of(world: &World, file: &str, key: &str) -> Option<String> {
    let text = world.nodes.get(&format!("project/{file}"))?.text();
    let value = text.lines().rev().find_map(|line| line.strip_prefix(&format!("{key}=")))?;
    let value = value.split_once(" #").map_or(value, |(value, _)| value);
    value.bytes().all(|byte| byte.is_ascii_alphanumeric()).then(|| value.to_owned())
}

/// As docs/rotation.md and the source say: HMAC-SHA256 of the framed name and the value, under a key derived from the
/// key file.
fn fingerprint(master: &[u8], key: &str, value: &str) -> Vec<u8> {
    let hmac = |key: &[u8], parts: &[&[u8]]| -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
    };
    let values = hmac(master, &[b"envward: fingerprints of values"]);
    let length = (key.len() as u64).to_be_bytes();
    hmac(&values, &[&length, key.as_bytes(), value.as_bytes()])[..16].to_vec()
}
