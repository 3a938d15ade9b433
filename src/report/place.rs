//! Where the formats of other programs show a finding: each of them wants a file of the checkout and a line, and
//! something by which it knows the finding again.

use std::collections::HashMap;
use std::num::NonZeroU32;

use sha2::{Digest, Sha256};

use super::wording;
use crate::check::Check;
use crate::env::Key;
use crate::finding::{Fact, Finding, Origin};
use crate::path::RelPath;
use crate::problem::Problem;

/// What the whole project is shown at.
const PROJECT: &str = "envward.toml";
/// What a container without a known file is shown at.
const CONTAINERS: &str = "compose.yaml";
/// What a message, a ref and an object of git without a known file are shown at.
const REPOSITORY: &str = ".gitignore";

/// The file of the checkout that a finding is shown at: its own, else the one to change.
///
/// A container, a commit message and the project itself are no files. Code scanning drops a result whose place is none.
pub(in crate::report) fn file(finding: &Finding) -> RelPath {
    own_file(finding).unwrap_or_else(|| {
        let in_use = match finding.get("in_use") {
            Some(Fact::Path(file)) => in_checkout(finding, file),
            _ => None,
        };
        let other = match &finding.origin {
            Origin::Runtime(_) => CONTAINERS.into(),
            origin if origin.has_no_path() => origin.path().join(REPOSITORY.as_bytes()),
            _ => PROJECT.into(),
        };
        in_use.or_else(|| in_checkout(finding, &other)).unwrap_or(other)
    })
}

/// The file that the finding is about, where there is one that a checkout can have.
fn own_file(finding: &Finding) -> Option<RelPath> {
    let is_no_file =
        matches!(finding.origin, Origin::Runtime(_) | Origin::Process(_) | Origin::Image(_) | Origin::Stream(_));
    let is_file = !is_no_file && !finding.origin.has_no_path();
    is_file.then(|| in_checkout(finding, finding.origin.path())).flatten()
}

/// A path of the finding's repository as the checkout has it. A repository outside is a checkout of its own.
fn in_checkout(finding: &Finding, path: &RelPath) -> Option<RelPath> {
    let below = finding.repository.iter().map(|repository| repository.join(path.as_bytes()));
    let mut candidates = below.chain([path.clone()]).map(|path| without_dots(&path));
    candidates.find(is_file)
}

fn without_dots(path: &RelPath) -> RelPath {
    let parts = path.as_bytes().split(|byte| *byte == b'/').filter(|part| *part != b".");
    RelPath::new(parts.collect::<Vec<_>>().join(&b'/'))
}

/// The file of the checkout that a problem is shown at.
#[must_use]
pub(in crate::report) fn file_of_problem(problem: &Problem) -> RelPath {
    problem.path.clone().filter(is_file).unwrap_or_else(|| PROJECT.into())
}

/// Whether a checkout can have this file. None has `.git`, and none has what is outside.
fn is_file(path: &RelPath) -> bool {
    let mut parts = path.as_bytes().split(|byte| *byte == b'/');
    !path.is_root() && parts.all(|part| !matches!(part, b"" | b"." | b".." | b".git"))
}

/// The line. What concerns the whole file is shown at its first line.
#[must_use]
pub(in crate::report) fn line(finding: &Finding) -> NonZeroU32 {
    finding.line.filter(|_| !is_elsewhere(finding)).unwrap_or(NonZeroU32::MIN)
}

/// What is wrong and what to do, in one line: with the place where the file does not say it.
#[must_use]
pub(in crate::report) fn message(finding: &Finding) -> String {
    let text = format!("{} -> {}", wording::what(finding), wording::help(finding));
    match is_elsewhere(finding) {
        true => format!("{}: {text}", finding.place()),
        false => text,
    }
}

/// Whether the finding is about something other than the file it is shown at.
#[must_use]
pub(in crate::report) fn is_elsewhere(finding: &Finding) -> bool {
    own_file(finding).is_none()
}

/// The documentation of a check.
#[must_use]
pub(in crate::report) fn url(check: &Check) -> String {
    format!("{}/blob/main/docs/checks.md#{}", env!("CARGO_PKG_REPOSITORY"), check.id)
}

/// Tells findings apart, and knows each again in the next report.
#[derive(Default)]
pub(in crate::report) struct Fingerprints(HashMap<String, u32>);

impl Fingerprints {
    /// The fingerprint of the next finding. Stable over runs and lines: it is made of the check, the origin, the path (or
    /// the object that has none), the key and the service. Several alike are counted.
    pub(in crate::report) fn of(&mut self, finding: &Finding) -> String {
        let key = finding.key.as_ref().map(Key::as_str).unwrap_or_default();
        let pathless = finding.origin.has_no_path().then(|| finding.origin.to_string());
        let service = match finding.get("service") {
            Some(Fact::Name(name)) => Some(name.0.as_slice()),
            _ => None,
        };
        let path = finding.path();
        let parts = [finding.check.id.as_bytes(), finding.origin.word().as_bytes(), path.as_bytes(), key.as_bytes()];
        self.counted(hash(parts.into_iter().chain(pathless.as_deref().map(str::as_bytes)).chain(service)))
    }

    /// The fingerprint of a problem.
    pub(in crate::report) fn of_problem(&mut self, problem: &Problem) -> String {
        let path = problem.path.clone().unwrap_or_default();
        self.counted(hash([b"problem".as_slice(), problem.kind.word().as_bytes(), path.as_bytes()].into_iter()))
    }

    fn counted(&mut self, hash: String) -> String {
        let count = self.0.entry(hash.clone()).and_modify(|count| *count += 1).or_insert(1);
        if *count == 1 { hash } else { format!("{hash}:{count}") }
    }
}

/// 16 bytes in hexadecimal.
fn hash<'a>(parts: impl Iterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkout_has_no_git_directory_and_nothing_outside() {
        for path in ["", ".", "/etc/hooks", "../x", "a/../x", ".git/hooks/pre-commit", "sub/.git/config", "a//b"] {
            assert!(!is_file(&path.into()), "{path}");
        }
        for path in [".env", ".gitignore", "a/.env", "a/.github/x"] {
            assert!(is_file(&path.into()), "{path}");
        }
    }
}
