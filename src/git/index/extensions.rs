//! Where the extensions of an index begin, told from the file's end. Entries have no length of their own: else one would
//! have to step over all of them first.

use std::fs::File;
use std::iter::successors;
use std::os::unix::fs::FileExt as _;

use memchr::memmem;

use super::{HEADER, IndexFault};

/// How much of the end is examined, and then how much: a directory takes some thirty bytes of the `TREE` extension.
const WINDOWS: [u64; 2] = [64 << 10, 4 << 20];

/// Where the extensions seem to begin that end at `end`; `None` where nothing looks like them. Whether it is right is seen
/// when the entries were read: they must end there.
pub(super) fn guess(file: &File, end: u64) -> Result<Option<u64>, IndexFault> {
    for window in WINDOWS {
        let start = end.saturating_sub(window).max(HEADER as u64);
        let mut bytes = vec![0; usize::try_from(end.saturating_sub(start)).unwrap_or(0)];
        file.read_exact_at(&mut bytes, start).map_err(|_| IndexFault::Broken)?;
        if let Some(at) = first(&bytes) {
            return Ok(Some(start + at as u64));
        }
    }
    Ok(None)
}

/// `TREE` and what git writes before it.
fn first(bytes: &[u8]) -> Option<usize> {
    let tree = memmem::find_iter(bytes, b"TREE").find(|at| is_chain(bytes, *at))?;
    let ending = |name: &[u8], end: usize| memmem::find_iter(bytes, name).find(|at| behind(bytes, *at) == Some(end));
    let before = |next: &usize| ending(b"link", *next).or_else(|| ending(b"IEOT", *next));
    successors(Some(tree), before).last()
}

/// Whether one extension follows another from here to the end.
fn is_chain(bytes: &[u8], at: usize) -> bool {
    let ends = successors(Some(at), |at| if *at < bytes.len() { behind(bytes, *at) } else { None });
    ends.last() == Some(bytes.len())
}

/// Where the extension ends that starts here.
fn behind(bytes: &[u8], at: usize) -> Option<usize> {
    let [name @ .., a, b, c, d] = bytes.get(at..)?.first_chunk::<8>()?;
    let size = usize::try_from(u32::from_be_bytes([*a, *b, *c, *d])).ok()?;
    let end = at.checked_add(8)?.checked_add(size)?;
    (name.iter().all(u8::is_ascii_alphabetic) && end <= bytes.len()).then_some(end)
}
