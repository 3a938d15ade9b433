//! What another program printed, on standard input; and a private file that an option names.

use std::path::Path;

use zeroize::Zeroizing;

use crate::engine::locate::parent;
use crate::error::Error;
use crate::files::{PrivateDir, READ_LIMIT};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::secret::Secret;
use crate::system::System;
use crate::terminal::{self, LONGEST_LINE};

/// All of it, bounded: it may contain secrets, and come from a hostile host.
///
/// # Errors
/// It cannot be read. That it is too large is a problem, which a report shows.
pub(super) fn evidence() -> Result<Zeroizing<Vec<u8>>, Error> {
    let limit = usize::try_from(READ_LIMIT).unwrap_or(usize::MAX - 1);
    let bytes = piped(limit + 1)?;
    match bytes.len() > limit {
        true => Err(Problem::at(ProblemKind::TooLarge, RelPath::from("standard input")).into()),
        false => Ok(bytes),
    }
}

/// What is piped in where one line is expected: a key, a value, an address.
pub(super) fn line() -> Result<Secret, Error> {
    Ok(Secret::copy_of(&piped(LONGEST_LINE)?))
}

/// Standard input, up to so many bytes.
pub(super) fn piped(most: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
    terminal::standard_input(most).map_err(|error| Error::io("read", "standard input", &error))
}

/// A private file's content and its mode; no link is followed at its end.
pub(super) fn private_file(file: &Path, system: &System) -> Result<(Secret, u32), Error> {
    let (root, name) = parent(file, system)?;
    let refused = |why| Error::Refused { path: file.to_path_buf(), why };
    let dir = PrivateDir::view(&root, &RelPath::default()).map_err(refused)?;
    let (text, held) = dir.read(&name).map_err(refused)?.ok_or_else(|| Error::NoSuchPath(file.to_path_buf()))?;
    Ok((text, held.mode))
}
