//! The registry of admin keys in SQLite.

use jiff::civil::Date;
use rusqlite::{Connection, Row, TransactionBehavior, params};

use super::{Sqlite, id_of, known};
use crate::ledger::fault::Fault;
use crate::ledger::keys::{KeyRecord, Keys};
use crate::secret::apikey::{Id, Prefix};
use crate::secret::keyhash::LONGEST;

impl Keys for Sqlite {
    fn keys(&self, project: &str) -> Result<Vec<KeyRecord>, Fault> {
        let transaction = self.connection.unchecked_transaction()?;
        id_of(&transaction, project)?.map_or(Ok(Vec::new()), |id| load(&transaction, id))
    }

    fn update_keys(&mut self, project: &str, work: &mut dyn FnMut(&mut Vec<KeyRecord>)) -> Result<(), Fault> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let project = match id_of(&transaction, project)? {
            Some(id) => id,
            None => {
                transaction.execute("INSERT INTO project (name) VALUES (?1)", [project])?;
                transaction.last_insert_rowid()
            }
        };
        let before = load(&transaction, project)?;
        let mut keys = before.clone();
        work(&mut keys);
        for key in keys.iter().filter(|key| !before.contains(key)) {
            save(&transaction, project, key)?;
        }
        transaction.commit()?;
        Ok(())
    }
}

fn load(connection: &Connection, project: i64) -> Result<Vec<KeyRecord>, Fault> {
    let mut statement = connection.prepare(
        "SELECT id, prefix, name, hash, made_at, by, expires, verified, revoked, reason, replaced_by, reminded
         FROM api_key WHERE project = ?1 ORDER BY made_at, rowid",
    )?;
    let mut rows = statement.query([project])?;
    let mut keys = Vec::new();
    while let Some(row) = rows.next()? {
        keys.push(record(row)?);
    }
    Ok(keys)
}

/// Whatever does not fit makes the ledger corrupt; but a hash is only as long as one may be, and judged where it is
/// used.
fn record(row: &Row<'_>) -> Result<KeyRecord, Fault> {
    let text = |column: usize| row.get::<_, String>(column);
    let hash = text(3)?;
    if hash.len() > LONGEST {
        return Err(Fault::Corrupt);
    }
    Ok(KeyRecord {
        id: known(Id::new(&text(0)?))?,
        prefix: Prefix::new(&text(1)?).map_err(|_| Fault::Corrupt)?,
        name: text(2)?,
        hash,
        made: text(4)?.parse().map_err(|_| Fault::Corrupt)?,
        by: text(5)?,
        expires: day(row, 6)?,
        verified: day(row, 7)?,
        revoked: day(row, 8)?,
        reason: row.get(9)?,
        replaced_by: row.get::<_, Option<String>>(10)?.map(|id| known(Id::new(&id))).transpose()?,
        reminded: day(row, 11)?,
    })
}

fn save(connection: &Connection, project: i64, key: &KeyRecord) -> Result<(), Fault> {
    let day = |date: Option<Date>| date.map(|date| date.to_string());
    // What a key was made with never changes but its hash, which is made again; a key of another project is left alone.
    let changed = connection.execute(
        "INSERT INTO api_key (id, project, prefix, name, hash, made_at, by, expires, verified, revoked, reason,
            replaced_by, reminded)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (id) DO UPDATE SET hash = ?5, expires = ?8, verified = ?9, revoked = ?10, reason = ?11,
            replaced_by = ?12, reminded = ?13 WHERE project = ?2",
        params![
            key.id.as_str(),
            project,
            key.prefix.as_str(),
            key.name,
            key.hash,
            key.made.to_string(),
            key.by,
            day(key.expires),
            day(key.verified),
            day(key.revoked),
            key.reason,
            key.replaced_by.as_ref().map(Id::as_str),
            day(key.reminded),
        ],
    )?;
    if changed == 1 { Ok(()) } else { Err(Fault::Corrupt) }
}

fn day(row: &Row<'_>, column: usize) -> Result<Option<Date>, Fault> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| text.parse().map_err(|_| Fault::Corrupt)).transpose()
}

#[cfg(test)]
mod tests;
