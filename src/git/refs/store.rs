//! Refs and reflogs asked for by name, wherever the repository keeps them.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::reftable::{self, Stack};
use crate::git::refs::{self, HOPS, OWN, Value};
use crate::git::{Oid, read};
use crate::path::RelPath;
use crate::problem::Problem;

/// The refs of one work tree of a repository.
pub(in crate::git) struct RefStore {
    git_dir: PathBuf,
    common_dir: PathBuf,
    id_len: usize,
    has_reftable: bool,
    packed: OnceLock<Vec<u8>>,
    shared: OnceLock<Stack>,
    own: OnceLock<Stack>,
}

impl RefStore {
    /// Of these directories; nothing is read yet.
    pub(in crate::git) fn new(git_dir: &Path, common_dir: &Path, id_len: usize, has_reftable: bool) -> Self {
        let (git_dir, common_dir) = (git_dir.to_path_buf(), common_dir.to_path_buf());
        let (packed, shared, own) = Default::default();
        Self { git_dir, common_dir, id_len, has_reftable, packed, shared, own }
    }

    /// HEAD's commit; `None` before the first one.
    ///
    /// # Errors
    /// A HEAD that is not there, cannot be read, or leads round and round.
    pub(in crate::git) fn head(&self) -> Result<Option<Oid>, Problem> {
        let head = self.value(b"HEAD")?.ok_or_else(|| refs::broken(b"HEAD"))?;
        self.follow(head)
    }

    /// The full name of the branch that HEAD names.
    ///
    /// # Errors
    /// As [`RefStore::head`].
    pub(in crate::git) fn branch(&self) -> Result<Option<Vec<u8>>, Problem> {
        Ok(match self.value(b"HEAD")? {
            Some(Value::Symbolic(name)) => Some(name),
            _ => None,
        })
    }

    /// What a ref of this full name stands for; `None` where there is no such ref, or it leads to none.
    ///
    /// # Errors
    /// A ref that cannot be read, or leads round and round.
    pub(in crate::git) fn id(&self, name: &[u8]) -> Result<Option<Oid>, Problem> {
        self.value(name)?.map_or(Ok(None), |value| self.follow(value))
    }

    /// The lines of a ref's log, the oldest first: the ids before and after.
    ///
    /// # Errors
    /// A log that cannot be read.
    pub(in crate::git) fn log(&self, name: &[u8]) -> Result<Vec<(Oid, Oid)>, Problem> {
        if self.has_reftable {
            let lines = self.stack(name)?.logs.iter().rev();
            return Ok(lines.filter(|(known, ..)| known == name).map(|(_, old, new)| (*old, *new)).collect());
        }
        let Some(text) = self.text(self.dir(name), &[b"logs/", name].concat(), read::REFS)? else {
            return Ok(Vec::new());
        };
        let (lines, _) = refs::log_lines(&text);
        Ok(lines)
    }

    fn follow(&self, mut value: Value) -> Result<Option<Oid>, Problem> {
        for _ in 0..=HOPS {
            let name = match value {
                Value::Id(id) => return Ok(Some(id)),
                Value::Symbolic(name) => name,
            };
            match self.value(&name)? {
                Some(next) => value = next,
                None => return Ok(None),
            }
        }
        Err(refs::broken(b"HEAD"))
    }

    fn value(&self, name: &[u8]) -> Result<Option<Value>, Problem> {
        if !is_sound(name) {
            return Ok(None);
        }
        // HEAD is a file beside reftables, too, but says nothing there.
        if self.has_reftable {
            return Ok(self.stack(name)?.refs.get(name).cloned());
        }
        match self.text(self.dir(name), name, read::REF)? {
            Some(text) => refs::value(&text).map(Some).ok_or_else(|| refs::broken(name)),
            None => Ok(refs::packed_value(self.packed()?, name)),
        }
    }

    /// The directory that keeps a ref: each work tree has some for itself.
    fn dir(&self, name: &[u8]) -> &Path {
        if self.is_own(name) { &self.git_dir } else { &self.common_dir }
    }

    fn is_own(&self, name: &[u8]) -> bool {
        !name.starts_with(b"refs/") || OWN.iter().any(|own| name.starts_with(own))
    }

    fn packed(&self) -> Result<&[u8], Problem> {
        if let Some(text) = self.packed.get() {
            return Ok(text);
        }
        let text = self.text(&self.common_dir, b"packed-refs", read::REFS)?.unwrap_or_default();
        Ok(self.packed.get_or_init(|| text))
    }

    fn stack(&self, name: &[u8]) -> Result<&Stack, Problem> {
        let (dir, cell) = if self.is_own(name) { (&self.git_dir, &self.own) } else { (&self.common_dir, &self.shared) };
        if let Some(stack) = cell.get() {
            return Ok(stack);
        }
        let stack = reftable::read(dir, self.id_len)?;
        Ok(cell.get_or_init(|| stack))
    }

    /// A directory in the place of a file is no ref: a part of other refs' names.
    fn text(&self, dir: &Path, name: &[u8], limit: u64) -> Result<Option<Vec<u8>>, Problem> {
        let path = dir.join(OsStr::from_bytes(name));
        match read::if_there(&path, limit) {
            Err(_) if path.is_dir() => Ok(None),
            answer => answer.map_err(|error| read::problem(RelPath::new(name), &error, limit)),
        }
    }
}

/// Whether a name can be a ref's: it does not lead out of the directory (git-check-ref-format).
fn is_sound(name: &[u8]) -> bool {
    let parts = || name.split(|byte| *byte == b'/');
    let is_part = |part: &[u8]| !part.is_empty() && !part.starts_with(b".") && !part.ends_with(b".lock");
    parts().all(is_part) && !name.iter().any(|byte| *byte < b' ' || *byte == 0x7f)
}
