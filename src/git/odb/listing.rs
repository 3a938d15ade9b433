//! What lies in an object directory: packs with their indexes, loose objects.

use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::git::pack::file::PackFile;
use crate::git::pack::index::{self, Listing};
use crate::git::pack::{index_probe, midx};
use crate::git::{Oid, read};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};

/// A pack with what its index says.
pub(super) struct Found {
    pub(super) file: PackFile,
    pub(super) listing: Listing,
}

/// Whether an index of this size is sound.
type Probe = fn(&File, u64, usize) -> io::Result<bool>;

/// Something that was listed was gone when it was opened: git repacked, and everything must be listed again.
pub(super) struct Vanished;

/// The names of the packs in a directory, sorted.
pub(super) fn pack_names(dir: &Path, problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    let mut names: Vec<PathBuf> = entries(&dir.join("pack"), problems)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "pack"))
        .collect();
    names.sort();
    names
}

/// Opens the packs. One that no index knows is none to git, either.
pub(super) fn packs(
    dir: &Path,
    names: &[PathBuf],
    id_len: usize,
    problems: &mut Vec<Problem>,
) -> Result<Vec<Found>, Vanished> {
    let mut found = Vec::new();
    let mut shared = None;
    for name in names {
        let own = name.with_extension("idx");
        let listing = match text(&own, id_len, index_probe::is_sound) {
            Ok(Some(bytes)) => index::read(bytes, id_len),
            Ok(None) => {
                let shared = shared.get_or_insert_with(|| multi(dir, id_len, problems));
                match shared.iter_mut().find(|(known, _)| own.file_name().is_some_and(|own| own.as_bytes() == known)) {
                    Some((_, listing)) => Some(std::mem::take(listing)),
                    None => continue,
                }
            }
            Err(error) if is_damage(&error) => None,
            Err(error) => {
                problems.push(unreadable(&own, &error));
                continue;
            }
        };
        let Some(listing) = listing else {
            problems.push(corrupt(&own));
            continue;
        };
        match PackFile::open(name) {
            Ok(file) => {
                if !file.ends_with(&listing.checksum) {
                    problems.push(corrupt(name));
                }
                found.push(Found { file, listing });
            }
            Err(error) if read::is_absent(&error) => return Err(Vanished),
            Err(error) if is_damage(&error) => problems.push(corrupt(name)),
            Err(error) => problems.push(unreadable(name, &error)),
        }
    }
    Ok(found)
}

fn multi(dir: &Path, id_len: usize, problems: &mut Vec<Problem>) -> Vec<(Vec<u8>, Listing)> {
    let path = dir.join("pack/multi-pack-index");
    match text(&path, id_len, index_probe::is_sound_multi) {
        Ok(None) => Vec::new(),
        Ok(Some(bytes)) => midx::read(&bytes, id_len).unwrap_or_else(|| {
            problems.push(corrupt(&path));
            Vec::new()
        }),
        Err(error) => {
            problems.push(if is_damage(&error) { corrupt(&path) } else { unreadable(&path, &error) });
            Vec::new()
        }
    }
}

/// The whole of an index that a look into it finds sound; `None` where there is none.
fn text(path: &Path, id_len: usize, is_sound: Probe) -> io::Result<Option<Vec<u8>>> {
    let (file, size) = match read::regular(path) {
        Ok(opened) => opened,
        Err(error) if read::is_absent(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    if !is_sound(&file, size, id_len)? {
        return Err(io::ErrorKind::InvalidData.into());
    }
    read::rest(file, size).map(Some)
}

/// The ids of the loose objects, sorted.
pub(super) fn loose(dir: &Path, id_len: usize, problems: &mut Vec<Problem>) -> Vec<Oid> {
    let mut found = Vec::new();
    for first in 0..=255_u8 {
        let beginning = format!("{first:02x}");
        for path in entries(&dir.join(&beginning), problems) {
            let name = path.file_name().map(OsStrExt::as_bytes).unwrap_or_default();
            let id = Oid::from_hex(&[beginning.as_bytes(), name].concat());
            found.extend(id.filter(|id| id.as_bytes().len() == id_len));
        }
    }
    found.sort_unstable();
    found
}

/// What is in a directory; none where there is no such directory.
fn entries(dir: &Path, problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    match read::entries_if_there(dir) {
        Ok(entries) => entries.into_iter().map(|entry| entry.path()).collect(),
        Err(error) => {
            problems.push(unreadable(dir, &error));
            Vec::new()
        }
    }
}

fn is_damage(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
}

fn corrupt(path: &Path) -> Problem {
    Problem::at(ProblemKind::CorruptObject, named(path))
}

fn unreadable(path: &Path, error: &io::Error) -> Problem {
    read::problem(named(path), error, 0)
}

/// The last three parts: which object directory it was does not matter to git, either.
fn named(path: &Path) -> RelPath {
    let parts: Vec<_> = path.components().collect();
    let last: PathBuf = parts.iter().skip(parts.len().saturating_sub(3)).collect();
    RelPath::new(last.as_os_str().as_bytes())
}
