//! The key that the hosts of a fleet share: a private file, or a credential of systemd.

use std::collections::BTreeMap;
use std::path::Path;

use crate::cmd::input::private_file;
use crate::engine::rotation::survey::Survey;
use crate::error::Error;
use crate::ledger::{FleetKey, NoFleetKey};
use crate::rotation::fleet::Marks;
use crate::system::System;

/// Reads it. A key that others can read is refused: with it they could find out whether they know a value.
pub(super) fn read(file: &Path, system: &System) -> Result<FleetKey, Error> {
    let (text, mode) = private_file(file, system)?;
    // systemd lets the user of the service read a credential by an access list, which shows in the bits of the group.
    let place = |path: &Path| system.directory.join(path).canonicalize().ok();
    let is_credential = system.credentials.as_deref().and_then(place).is_some_and(|dir| {
        let full = system.directory.join(file);
        full.parent().and_then(place) == Some(dir)
    });
    let forbidden = if is_credential { 0o007 } else { 0o077 };
    if mode & forbidden != 0 {
        return Err(Error::blocked(
            "other users can read the fleet key",
            "make the file private, and run the command again: chmod 600 FILE",
        ));
    }
    FleetKey::new(&text).map_err(|why| match why {
        NoFleetKey::Short => Error::blocked(
            "the fleet key has less than 32 bytes",
            "make one, and copy it to every host: (umask 077; envward generate hex > FILE)",
        ),
        NoFleetKey::Weak => Error::blocked(
            "the fleet key is easy to guess",
            "make one, and copy it to every host: (umask 077; envward generate hex > FILE)",
        ),
    })
}

/// The marks of a project's values in use. Of a key that stands several times the last assignment counts.
pub(super) fn marks(survey: &Survey, key: Option<&FleetKey>) -> Marks {
    let mut marks = BTreeMap::new();
    let Some(fleet_key) = key else { return marks };
    for file in &survey.project.files {
        for secret in file.in_use().filter(|secret| secret.is_filled()) {
            if let (Some(key), Some(mark)) = (&secret.key, fleet_key.mark(&secret.value)) {
                marks.insert((file.path.clone(), key.clone()), mark);
            }
        }
    }
    marks
}
