//! Refs and reflogs in a reftable (gitformat-reftable): a stack of tables, of which the last word counts.

mod block;
pub(in crate::git) mod table;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::git::refs::{self, Refs, Value};
use crate::git::{Oid, read};
use crate::path::RelPath;
use crate::problem::Problem;

/// git keeps a handful; a stack that was never compacted has a table for each change.
const MOST: usize = 10_000;
/// git writes a new list and then takes away the old tables: after so many tries something else is wrong.
const TRIES: usize = 3;

/// What a stack says.
#[derive(Debug, Default)]
pub(in crate::git) struct Stack {
    /// By full name.
    pub(in crate::git) refs: Refs,
    /// The lines of each ref's log: the ids before and after.
    pub(in crate::git) logs: Vec<(Vec<u8>, Oid, Oid)>,
}

/// One table's word on a ref.
pub(in crate::git) enum Word {
    Is(Value),
    Deleted,
}

/// A line of a log is known by the ref's name and the number of the change.
pub(in crate::git) type LogKey = (Vec<u8>, u64);

/// Reads the stack of a git directory. No directory is an empty one.
///
/// # Errors
/// A table that is missing, larger than it may be, or not what it should be.
pub(in crate::git) fn read(git_dir: &Path, id_len: usize) -> Result<Stack, Problem> {
    let dir = git_dir.join("reftable");
    let mut answer = try_read(&dir, id_len);
    for _ in 1..TRIES {
        if answer.is_ok() {
            break;
        }
        answer = try_read(&dir, id_len);
    }
    answer
}

fn try_read(dir: &Path, id_len: usize) -> Result<Stack, Problem> {
    let Some(list) = text(dir, b"tables.list", read::LIST)? else { return Ok(Stack::default()) };
    let names: Vec<&[u8]> = list.split(|byte| *byte == b'\n').filter(|name| !name.is_empty()).collect();
    if names.len() > MOST {
        return Err(broken(b"tables.list"));
    }
    let mut stack = Stack::default();
    let mut logs: BTreeMap<LogKey, (Oid, Oid)> = BTreeMap::new();
    for name in names {
        // A path would lead elsewhere.
        if name.contains(&b'/') {
            return Err(broken(b"tables.list"));
        }
        let bytes = text(dir, name, read::REFS)?.ok_or_else(|| broken(name))?;
        let table = table::read(&bytes, id_len).ok_or_else(|| broken(name))?;
        for (name, word) in table.refs {
            match word {
                Word::Is(value) => drop(stack.refs.insert(name, value)),
                Word::Deleted => drop(stack.refs.remove(&name)),
            }
        }
        for (key, ids) in table.logs {
            match ids {
                Some(ids) => drop(logs.insert(key, ids)),
                None => drop(logs.remove(&key)),
            }
        }
    }
    stack.logs = logs.into_iter().map(|((name, _), (old, new))| (name, old, new)).collect();
    Ok(stack)
}

fn text(dir: &Path, name: &[u8], limit: u64) -> Result<Option<Vec<u8>>, Problem> {
    let shown = || RelPath::new([b"reftable/", name].concat());
    read::if_there(&dir.join(OsStr::from_bytes(name)), limit).map_err(|error| read::problem(shown(), &error, limit))
}

fn broken(name: &[u8]) -> Problem {
    refs::broken(&[b"reftable/", name].concat())
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test makes and damages repositories")]
mod tests;
