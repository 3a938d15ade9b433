//! Reading the repository's own files (refs, logs, the index, packs), which may be hostile: never a FIFO, never without
//! end.

use std::fs::{DirEntry, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::path::RelPath;
use crate::problem::{Cause, Problem, ProblemKind};

/// A ref, HEAD, `commondir`, `gitdir`, a `.git` file: one line. Linux takes paths of 4,096 bytes.
pub(super) const REF: u64 = 4 << 10;
/// One file of the configuration.
pub(super) const CONFIG: u64 = 4 << 20;
/// A list of commits, paths or rules: `shallow`, grafts, alternates, `info/exclude`, a `.gitignore`, `FETCH_HEAD`.
pub(super) const LIST: u64 = 16 << 20;
/// `packed-refs`, a reflog, a reftable: some three million lines.
pub(super) const REFS: u64 = 256 << 20;
/// git's index: ten million files.
pub(super) const INDEX: u64 = 1 << 30;

/// A regular file, opened, and its size. A link is followed, as git does: what is read is parsed and never shown.
pub(super) fn regular(path: &Path) -> io::Result<(File, u64)> {
    let flags = nix::libc::O_NONBLOCK | nix::libc::O_NOCTTY;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_file() { Ok((file, metadata.len())) } else { Err(io::ErrorKind::InvalidInput.into()) }
}

/// A regular file's bytes.
pub(super) fn bounded(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let (file, size) = regular(path)?;
    if size > limit {
        return Err(io::Error::from(io::ErrorKind::FileTooLarge));
    }
    rest(file, size)
}

/// The bytes of a file of this size. What was written to it since is left out.
pub(super) fn rest(file: File, size: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0).saturating_add(1));
    file.take(size).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A regular file's bytes; `None` where there is no such file.
pub(super) fn if_there(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    match bounded(path, limit) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What is in a directory: all of it, or an error.
pub(super) fn entries(dir: &Path) -> io::Result<Vec<DirEntry>> {
    dir.read_dir()?.collect()
}

/// What is in a directory, where there is one.
pub(super) fn entries_if_there(dir: &Path) -> io::Result<Vec<DirEntry>> {
    match entries(dir) {
        Err(error) if is_absent(&error) => Ok(Vec::new()),
        listed => listed,
    }
}

/// What it is that a file could not be read.
pub(super) fn problem(path: RelPath, error: &io::Error, limit: u64) -> Problem {
    match error.kind() {
        io::ErrorKind::FileTooLarge => {
            Problem { cause: Some(Cause::Limit(limit)), ..Problem::at(ProblemKind::OversizedGitFile, path) }
        }
        io::ErrorKind::InvalidInput => Problem::at(ProblemKind::NotAFile, path),
        _ => Problem::io(path, error),
    }
}

/// Whether an error says that there is nothing at that path.
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
