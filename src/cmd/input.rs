//! What another program printed, on standard input; and a private file that an option names.

use std::io::Read;
use std::path::Path;

use zeroize::Zeroizing;

use crate::engine::locate::parent;
use crate::error::Error;
use crate::files::{PrivateDir, READ_LIMIT};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::secret::Secret;
use crate::system::System;

/// All of it, bounded: it may contain secrets, and come from a hostile host.
///
/// # Errors
/// It cannot be read. That it is too large is a problem, which a report shows.
pub(super) fn evidence() -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut bytes = Zeroizing::new(Vec::new());
    let mut input = std::io::stdin().lock().take(READ_LIMIT + 1);
    input.read_to_end(&mut bytes).map_err(|error| Error::io("read", "standard input", &error))?;
    match bytes.len() as u64 > READ_LIMIT {
        true => Err(Problem::at(ProblemKind::TooLarge, RelPath::from("standard input")).into()),
        false => Ok(bytes),
    }
}

/// A private file's content and its mode; no link is followed at its end.
pub(super) fn private_file(file: &Path, system: &System) -> Result<(Secret, u32), Error> {
    let (root, name) = parent(file, system)?;
    let refused = |why| Error::Refused { path: file.to_path_buf(), why };
    let dir = PrivateDir::view(&root, &RelPath::default()).map_err(refused)?;
    let (text, held) = dir.read(&name).map_err(refused)?.ok_or_else(|| Error::NoSuchPath(file.to_path_buf()))?;
    Ok((text, held.mode))
}
