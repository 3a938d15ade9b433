//! What git did to the env files in use: to git an ignored file is expendable, and a pull, a switch or a reset replaces or
//! deletes it without a word. The ledger knows what stood there.

use std::collections::BTreeSet;
use std::path::Path;

use crate::config::Config;
use crate::engine::rotation;
use crate::ledger::{Book, Entry, FingerprintKey, Ledger as _, ValueState};
use crate::path::RelPath;
use crate::project::Project;
use crate::secret::mask::Mask;
use crate::system::System;

/// A line for each env file that the ledger knows and that git took, or put another one in the place of. Without a
/// ledger, or one that cannot be read, nothing is known; a hook does not stop for that.
pub(super) fn lines(
    config: &Config,
    project: &Project,
    is_tracked: &dyn Fn(&RelPath) -> bool,
    system: &System,
) -> Vec<String> {
    let root = &project.root;
    let mask = rotation::mask_of(project, config, system);
    let Some((book, fingerprints)) = book(root, config, &mask, system) else { return Vec::new() };
    let in_use: Vec<&Entry> = book.entries.iter().filter(|entry| entry.gone.is_none()).collect();
    let files: BTreeSet<&RelPath> = in_use.iter().map(|entry| &entry.file).collect();
    let line = |file: &RelPath| {
        let is_gone =
            file.under(root).symlink_metadata().is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound);
        let is_other = || in_use.iter().any(|entry| entry.file == *file && has_another(entry, project, &fingerprints));
        let what = match () {
            () if is_gone => "this file is gone; its secrets were in use",
            () if is_tracked(file) && is_other() => "git replaced this file; its secrets were in use",
            () => return None,
        };
        Some(mask.text(&format!("envward: {file}: {what}. To get the values back, see docs/hooks.md")))
    };
    files.into_iter().filter_map(line).collect()
}

fn book(root: &Path, config: &Config, mask: &Mask, system: &System) -> Option<(Book, FingerprintKey)> {
    let place = system.state.as_ref().filter(|place| place.dir.is_dir() && !place.is_inside(root))?;
    let (kept, fingerprints) = rotation::peek(place).ok()?;
    let name = rotation::name(root, config, mask).ok()?;
    Some((kept?.read(&name).ok()??, fingerprints))
}

/// Whether a key has another value than the ledger knows for the one in use.
fn has_another(entry: &Entry, project: &Project, fingerprints: &FingerprintKey) -> bool {
    let Some(kept) = entry.value(ValueState::Current).and_then(|held| held.fingerprint) else { return false };
    let file = project.files.iter().find(|file| file.path == entry.file && file.role.is_in_use());
    let Some(file) = file.filter(|file| file.document.is_some()) else { return false };
    let secret = file.secrets.iter().rfind(|secret| secret.key.as_ref() == Some(&entry.key));
    let seen = secret.and_then(|secret| fingerprints.fingerprint(&entry.key, &secret.value));
    seen.is_none_or(|seen| seen.is_comparable(&kept) && seen != kept)
}
