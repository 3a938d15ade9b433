//! Objects in files of their own: `type SP size NUL content`, deflated.

use std::fs::File;
use std::io::{Read, Take};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::git::object::kind::Kind;
use crate::git::object::read::Fault;
use crate::git::pack::inflate::{self, Inflater, Part};
use crate::git::{Oid, read};

/// The header is at most `commit`, a blank, twenty digits and a NUL.
const HEADER: usize = 32;
/// This much of a file holds the header, deflated.
const START: u64 = 4 << 10;
/// A file is read in pieces of this size: a whole one would need its memory once more.
const PIECE: u64 = 256 << 10;
/// What deflating can add to an object, at the worst (zlib's `compressBound`), generously.
const SLACK: u64 = 1 << 20;

/// The type and size that a file claims to have.
pub(super) fn header(path: &Path) -> Result<(Kind, u64), Fault> {
    let Start { kind, size, .. } = Deflated::open(path, START)?.start()?;
    Ok((kind, size))
}

/// The whole object, of at most `limit` bytes.
pub(in crate::git) fn object(path: &Path, limit: u64) -> Result<(Kind, Vec<u8>), Fault> {
    let mut file = Deflated::open(path, PIECE)?;
    let Start { kind, size, content: beginning } = file.start()?;
    if size > limit {
        return Err(Fault::TooLarge);
    }
    if file.length > size.saturating_add(size / 8 + SLACK) {
        return Err(Fault::Corrupt);
    }
    let size = usize::try_from(size).map_err(|_| Fault::TooLarge)?;
    let mut content = Vec::with_capacity(inflate::room(file.length, size));
    content.extend_from_slice(&beginning);
    file.inflate(size, &mut content)?;
    Ok((kind, content))
}

/// A file that is inflated piece by piece.
struct Deflated {
    file: Take<File>,
    length: u64,
    /// The piece that was read last.
    piece: Zeroizing<Vec<u8>>,
    /// How much of it is inflated.
    used: usize,
    inflater: Inflater,
}

/// What a file says in its first bytes.
struct Start {
    kind: Kind,
    size: u64,
    /// The few bytes of the content that were inflated with the header.
    content: Zeroizing<Vec<u8>>,
}

impl Deflated {
    fn open(path: &Path, piece: u64) -> Result<Self, Fault> {
        let (file, length) = read::regular(path).map_err(|error| fault(&error))?;
        let piece = Vec::with_capacity(usize::try_from(length.min(piece)).unwrap_or(0));
        let (file, piece) = (file.take(length), Zeroizing::new(piece));
        let mut deflated = Self { file, length, piece, used: 0, inflater: Inflater::new() };
        deflated.next()?;
        Ok(deflated)
    }

    /// Reads the next piece. Whether there is one.
    fn next(&mut self) -> Result<bool, Fault> {
        self.used = 0;
        self.piece.clear();
        let room = self.piece.capacity() as u64;
        let count = self.file.by_ref().take(room).read_to_end(&mut self.piece).map_err(|error| fault(&error))?;
        Ok(count > 0)
    }

    fn start(&mut self) -> Result<Start, Fault> {
        let mut out = Zeroizing::new(Vec::with_capacity(HEADER));
        self.used = self.inflater.peek(&self.piece, &mut out)?;
        let (kind, size, header) = parse(&out)?;
        out.drain(..header);
        Ok(Start { kind, size, content: out })
    }

    /// The rest of the content, behind its start. It must end where the file ends.
    fn inflate(&mut self, size: usize, content: &mut Vec<u8>) -> Result<(), Fault> {
        loop {
            let input = self.piece.get(self.used..).unwrap_or_default();
            let Part { used, is_done } = self.inflater.feed(input, size, content)?;
            self.used += used;
            match (self.used == self.piece.len(), is_done) {
                (false, _) => return Err(Fault::Corrupt),
                (true, true) => return if self.next()? { Err(Fault::Corrupt) } else { Ok(()) },
                (true, false) if self.next()? => {}
                (true, false) => return Err(Fault::Corrupt),
            }
        }
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
