//! Where a value still stands of which the ledger has the fingerprint alone.

use super::rotate::Case;
use crate::env::Key;
use crate::env::names::PREVIOUS;
use crate::ledger::{Fingerprint, FingerprintKey, ValueState};
use crate::path::RelPath;
use crate::rotation::address::{addresses, decoded};
use crate::secret::Secret;
use crate::secret::class::behind_user;

/// The value before, and where it still stands.
#[derive(Default)]
pub(super) struct Remains {
    /// The files, and under which key, or on which line.
    pub(super) places: Vec<(RelPath, String)>,
    /// The value, where it was found: no output may show it.
    pub(super) value: Option<Secret>,
}

/// Looks for the value before in the files of the project. Of a weak one there is no fingerprint, and inside another text
/// than an address it is not seen.
pub(super) fn find(case: &Case<'_>, fingerprints: &FingerprintKey) -> Remains {
    let Some(old) = retiring(case) else { return Remains::default() };
    let value = std::cell::RefCell::new(None);
    let is_old = |text: &[u8]| {
        let Some(found) = marked(text, &case.status.key, old, fingerprints) else { return false };
        value.replace(Some(found));
        true
    };
    let mut found = Vec::new();
    for file in case.survey.project.files.iter().filter(|file| file.role.is_in_use()) {
        for secret in file.secrets.iter().filter(|secret| secret.is_file()) {
            found.extend(is_old(open(&secret.value)).then(|| (file.path.clone(), "the whole file".to_owned())));
        }
        for (_, assignment) in file.assignments() {
            let is_kept = assignment.key.as_ref().is_some_and(|key| key.as_str().ends_with(PREVIOUS));
            if !is_kept && is_old(open(&assignment.value)) {
                let name = assignment.key.as_ref().map_or_else(|| format!("line {}", assignment.line), Key::to_string);
                found.push((file.path.clone(), name));
            }
        }
    }
    let literals = case.survey.project.literals(&|_, text| is_old(text));
    found.extend(literals.into_iter().map(|one| (one.path, format!("line {}", one.line))));
    Remains { places: found, value: value.into_inner() }
}

/// The fingerprint of the value before.
fn retiring(case: &Case<'_>) -> Option<Fingerprint> {
    case.values().find(|one| one.state == ValueState::Retiring)?.fingerprint
}

/// Whether a text is the value before, or an address with it as its password.
pub(super) fn matcher<'a>(case: &'a Case<'_>, fingerprints: &'a FingerprintKey) -> impl Fn(&[u8]) -> bool + 'a {
    let old = retiring(case);
    move |text| old.is_some_and(|old| marked(text, &case.status.key, old, fingerprints).is_some())
}

/// The text, or the password in it of an address or behind a user, that has this fingerprint.
fn marked(text: &[u8], key: &Key, old: Fingerprint, fingerprints: &FingerprintKey) -> Option<Secret> {
    let passwords = addresses(text).into_iter().filter_map(|address| decoded(text, &address));
    let behind = ["BASIC_AUTH", "NEO4J_AUTH"].into_iter().filter_map(|name| text.get(behind_user(name, text)?));
    let passwords = passwords.map(|password| Secret::copy_of(&password)).chain(behind.map(Secret::copy_of));
    let all = std::iter::once(Secret::copy_of(text)).chain(passwords);
    all.into_iter().find(|one| fingerprints.fingerprint(key, one) == Some(old))
}

#[expect(clippy::disallowed_methods, reason = "fingerprinted")]
fn open(secret: &Secret) -> &[u8] {
    secret.expose()
}
