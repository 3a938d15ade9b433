//! A finding as marks, by which the next scan knows what of it is new.
//!
//! One mark for what the finding is: its check, its place, and the facts that tell one from another. Others for what can
//! get worse about it: a higher severity, a hiding place that it had not, a key that is in use again. What gets better adds
//! no mark, so that it is not new.

use crate::env::Key;
use crate::finding::{ExposedKey, Fact, Finding, KeyState, Origin, Severity};
use crate::ledger::{FindingMark, Scans};

/// The marks of a finding, each once.
pub(super) fn of(finding: &Finding, scans: &Scans) -> Vec<FindingMark> {
    let own = own(finding, scans);
    let mark = |what: &str, of: &[u8]| scans.mark(&[&own, what.as_bytes(), of]);
    let severities = [Severity::Note, Severity::Warning, Severity::Error, Severity::Critical];
    let reached = severities.into_iter().filter(|severity| *severity <= finding.severity);
    let mut marks: Vec<FindingMark> = reached.map(|severity| mark("severity", severity.word().as_bytes())).collect();
    for (name, fact) in &finding.facts {
        match (*name, fact) {
            ("refs", Fact::Names(refs)) => marks.extend(refs.iter().map(|name| mark("refs", namespace(&name.0)))),
            ("reach" | "filled", Fact::Word(word)) => marks.push(mark(name, word.as_bytes())),
            // The tip of a ref has the file: again, where it was removed before.
            ("removed", Fact::None) => marks.push(mark("removed", b"")),
            (_, Fact::Exposed(keys)) => keys.iter().for_each(|key| {
                let name = key.key.as_ref().map(Key::as_str).unwrap_or_default();
                marks.extend(levels(key).iter().map(|level| scans.mark(&[&own, name.as_bytes(), level])));
            }),
            _ => {}
        }
    }
    marks.sort_unstable();
    marks.dedup();
    marks
}

/// What the finding is. A line moves when another one is added, so that it is left out, as it is in SARIF; of what is in the
/// index the history has every content.
fn own(finding: &Finding, scans: &Scans) -> FindingMark {
    let object = match &finding.origin {
        Origin::Index { .. } => None,
        origin => origin.object(),
    };
    let place = match &finding.origin {
        Origin::Ref { name, .. } => name.0.clone(),
        _ => Vec::new(),
    };
    let facts: Vec<Vec<u8>> = finding.facts.iter().filter_map(|(name, fact)| telling(name, fact)).collect();
    let key = finding.key.as_ref().map(Key::as_str).unwrap_or_default();
    let object = object.map(|id| id.to_string()).unwrap_or_default();
    let parts = [
        finding.check.id.as_bytes(),
        finding.origin.word().as_bytes(),
        finding.origin.path().as_bytes(),
        &place,
        key.as_bytes(),
        object.as_bytes(),
    ];
    scans.mark(&parts.into_iter().chain(facts.iter().map(Vec::as_slice)).collect::<Vec<_>>())
}

/// A fact that tells one finding from another. Those of which [`of`] makes marks of their own do not.
fn telling(name: &str, fact: &Fact) -> Option<Vec<u8>> {
    let value = match fact {
        Fact::Exposed(_) | Fact::Line(_) | Fact::Lines(_) => return None,
        _ if matches!(name, "refs" | "reach" | "filled" | "removed" | "offset") => return None,
        Fact::Commit(commit) => commit.id.to_string(),
        Fact::Place { path, key, .. } => format!("{path} {key:?}"),
        fact => format!("{fact:?}"),
    };
    Some(format!("{name}={value}").into_bytes())
}

/// What kind of ref holds something. A branch more is no new hiding place; the first tag, stash or pull request is.
fn namespace(name: &[u8]) -> &[u8] {
    let mut slashes = memchr::memchr_iter(b'/', name);
    let end = slashes.nth(1).unwrap_or(name.len());
    name.get(..end).unwrap_or_default()
}

/// How bad it is that a key is exposed, with everything that is less bad.
fn levels(key: &ExposedKey) -> &'static [&'static [u8]] {
    match key.state {
        KeyState::Live | KeyState::Reused => &[b"filled", b"open", b"live"],
        KeyState::Unknown => &[b"filled", b"open"],
        KeyState::Replaced => &[b"filled"],
        KeyState::Placeholder | KeyState::Empty => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refs_of_one_kind_are_one_hiding_place() {
        for (name, kind) in [
            ("refs/heads/main", "refs/heads"),
            ("refs/heads/a/b", "refs/heads"),
            ("refs/pull/7/head", "refs/pull"),
            ("refs/stash", "refs/stash"),
            ("HEAD", "HEAD"),
        ] {
            assert_eq!(namespace(name.as_bytes()), kind.as_bytes());
        }
    }
}
