//! What another program printed, on standard input.

use std::io::Read;

use zeroize::Zeroizing;

use crate::error::Error;
use crate::files::READ_LIMIT;
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};

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
