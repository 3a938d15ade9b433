//! Which tracked files of the work tree may have another content than the index says.

use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::time::UNIX_EPOCH;

use crate::git::index::entries::Content;
use crate::git::index::{Entry, Stamp};
use crate::git::object::tree;
use crate::git::{Index, Repository};
use crate::path::RelPath;
use crate::problem::Problem;

impl Repository {
    /// The tracked files that are in the work tree, but for those that were not written since the index knows their
    /// content. git's own rule: one that was written when the index was, or later, may have been written again at once.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn touched(&self, index: &Index) -> Result<Vec<RelPath>, Problem> {
        let Some(top) = self.workdir() else { return Ok(Vec::new()) };
        let since_epoch = |time: std::time::SystemTime| time.duration_since(UNIX_EPOCH).ok();
        let written = match &index.content {
            Content::File(file) => file.written().and_then(since_epoch),
            Content::Listed(_) => None,
        };
        let before = |(seconds, nanos): (u32, u32)| {
            written.is_some_and(|index| (u64::from(seconds), nanos) < (index.as_secs(), index.subsec_nanos()))
        };
        let mut touched: Vec<RelPath> = Vec::new();
        index.each(|entry: Entry<'_>| -> Result<(), Problem> {
            if !tree::is_regular_mode(entry.mode) || touched.last().is_some_and(|last| last.as_bytes() == entry.path) {
                return Ok(());
            }
            let path = top.join(std::ffi::OsStr::from_bytes(entry.path));
            let Some(meta) = path.symlink_metadata().ok().filter(std::fs::Metadata::is_file) else { return Ok(()) };
            let is_same = |stamp: Stamp| {
                let at = (u32::try_from(meta.mtime()), u32::try_from(meta.mtime_nsec()));
                before(stamp.written)
                    && at == (Ok(stamp.written.0), Ok(stamp.written.1))
                    && meta.len() & u64::from(u32::MAX) == u64::from(stamp.size)
            };
            if entry.stage != 0 || entry.intent_to_add || !entry.stamp.is_some_and(is_same) {
                touched.push(RelPath::new(entry.path));
            }
            Ok(())
        })?;
        Ok(touched)
    }
}
