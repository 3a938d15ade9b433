//! Reading the repository's own files (refs, logs, the index, packs), which may be hostile: never a FIFO, never without
//! end.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

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
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0).saturating_add(1));
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The first bytes of a regular file, at most `count`.
pub(super) fn beginning(path: &Path, count: u64) -> io::Result<Vec<u8>> {
    let (file, _) = regular(path)?;
    let mut bytes = Vec::with_capacity(usize::try_from(count).unwrap_or(0));
    file.take(count).read_to_end(&mut bytes)?;
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

/// Whether an error says that there is nothing at that path.
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
