//! Objects in files of their own: `type SP size NUL content`, deflated.

use std::path::{Path, PathBuf};

use crate::git::object::kind::Kind;
use crate::git::object::read::Fault;
use crate::git::pack::inflate::{Inflater, Part};
use crate::git::{Oid, read};

/// The header is at most `commit`, a blank, twenty digits and a NUL.
const HEADER: usize = 32;
/// This much of a file holds the header, deflated.
const START: u64 = 4096;
/// What deflating can add to an object, at the worst (zlib's `compressBound`), generously.
const SLACK: u64 = 1 << 20;

/// The type and size that a file claims to have.
pub(super) fn header(path: &Path) -> Result<(Kind, u64), Fault> {
    let bytes = read::beginning(path, START).map_err(|error| fault(&error))?;
    parse(&beginning(&bytes)?).map(|(kind, size, _)| (kind, size))
}

/// The whole object, of at most `limit` bytes.
pub(in crate::git) fn object(path: &Path, limit: u64) -> Result<(Kind, Vec<u8>), Fault> {
    let (kind, size) = header(path)?;
    if size > limit {
        return Err(Fault::TooLarge);
    }
    let bytes = read::bounded(path, size.saturating_add(size / 8 + SLACK)).map_err(|error| fault(&error))?;
    let (_, _, header) = parse(&beginning(&bytes)?)?;
    let whole = usize::try_from(size).ok().and_then(|size| size.checked_add(header)).ok_or(Fault::TooLarge)?;
    let (mut inflater, mut content) = (Inflater::new(), Vec::new());
    inflater.begin(whole, &mut content);
    match inflater.feed(&bytes, whole, &mut content)? {
        Part { is_done: true, used } if used == bytes.len() => {
            content.drain(..header);
            Ok((kind, content))
        }
        _ => Err(Fault::Corrupt),
    }
}

/// The object of this id, verified, out of a file in one of these directories; `None` where none has one.
pub(in crate::git) fn find(directories: &[PathBuf], id: Oid, limit: u64) -> Option<Result<(Kind, Vec<u8>), Fault>> {
    let mut found = None;
    for dir in directories {
        match object(&path(dir, id), limit) {
            Err(Fault::Missing) => {}
            Ok((kind, content)) if Oid::of(kind, &content, id.as_bytes().len()) == Some(id) => {
                return Some(Ok((kind, content)));
            }
            Ok(_) => found = Some(Err(Fault::Corrupt)),
            Err(fault) => found = Some(Err(fault)),
        }
    }
    found
}

/// Where an object's file is.
pub(super) fn path(dir: &Path, id: Oid) -> PathBuf {
    let hex = id.to_string();
    let (beginning, rest) = hex.split_at_checked(2).unwrap_or_default();
    dir.join(beginning).join(rest)
}

fn beginning(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::with_capacity(HEADER);
    Inflater::new().peek(bytes, &mut out)?;
    Ok(out)
}

/// Type, size, and the header's own length.
fn parse(bytes: &[u8]) -> Result<(Kind, u64, usize), Fault> {
    let nul = memchr::memchr(0, bytes).ok_or(Fault::Corrupt)?;
    let text = bytes.get(..nul).and_then(|header| std::str::from_utf8(header).ok()).ok_or(Fault::Corrupt)?;
    let (word, size) = text.split_once(' ').ok_or(Fault::Corrupt)?;
    let kind = Kind::from_word(word).ok_or(Fault::Corrupt)?;
    // `parse` would take a plus sign, too.
    let is_number = !size.is_empty() && size.bytes().all(|digit| digit.is_ascii_digit());
    let size = size.parse().ok().filter(|_| is_number).ok_or(Fault::Corrupt)?;
    Ok((kind, size, nul + 1))
}

fn fault(error: &std::io::Error) -> Fault {
    if read::is_absent(error) { Fault::Missing } else { Fault::Corrupt }
}
