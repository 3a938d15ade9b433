//! The file that `envward scan --advice --replacements` writes.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::engine::locate;
use crate::error::Error;
use crate::files::PrivateDir;
use crate::path::RelPath;
use crate::secret::Secret;
use crate::system::System;

/// Writes what git-filter-repo replaces values by, for its owner alone, over nothing, and where no `git add` takes it.
/// The file's whole path.
pub(super) fn write(file: &Path, text: &Secret, top: &Path, system: &System) -> Result<RelPath, Error> {
    let (root, name) = locate::parent(file, system)?;
    if RelPath::below(top, root.path()).is_some() {
        return Err(Error::blocked(
            "the file for the replacements would be in the work tree",
            "name a file outside the work tree: --replacements FILE",
        ));
    }
    let refused = |why| Error::Refused { path: file.to_path_buf(), why };
    let dir = PrivateDir::lock(&root, &RelPath::default()).map_err(refused)?;
    let whole = root.path().join(std::ffi::OsStr::from_bytes(&name));
    if whole.symlink_metadata().is_ok() {
        return Err(Error::blocked(
            "the file for the replacements exists already",
            "name a new file: --replacements FILE",
        ));
    }
    dir.write(&name, text, None, None).map_err(refused)?;
    Ok(RelPath::new(whole.as_os_str().as_bytes()))
}
