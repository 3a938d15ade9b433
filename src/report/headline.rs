//! The first lines of a report: what was leaked and is still in use.

use super::wording::{named, several};
use crate::checks::git::{live_value_elsewhere, secret_still_live};
use crate::env::Key;
use crate::finding::{Fact, Finding, Severity};
use crate::git::CommitRef;
use crate::path::RelPath;
use crate::policy::Report;

/// More than these are counted.
const SHOWN: usize = 5;

/// `DB_PASSWORD of .env is the value committed in 3f2a91c on 2025-02-01`: each value once, by its first commit, those of
/// one file and one commit together.
pub(super) fn lines(report: &Report) -> Vec<String> {
    let mut leaks: Vec<Leak<'_>> = Vec::new();
    for leak in report.findings.iter().filter_map(leak) {
        match leaks.iter_mut().find(|known| (known.0, known.1) == (leak.0, leak.1)) {
            Some(known) if leak.2.is_before(known.2) => known.2 = leak.2,
            Some(_) => {}
            None => leaks.push(leak),
        }
    }
    let mut groups: Vec<(&RelPath, &CommitRef, Vec<&str>)> = Vec::new();
    for (key, path, commit) in leaks {
        let key = key.map_or("a key", Key::as_str);
        match groups.iter_mut().find(|group| group.0 == path && group.1.id == commit.id) {
            Some(group) => group.2.push(key),
            None => groups.push((path, commit, vec![key])),
        }
    }
    let line = |(path, commit, keys): &(&RelPath, &CommitRef, Vec<&str>)| {
        let are = if keys.len() == 1 { "is the value" } else { "are the values" };
        format!("{} of {path} {are} committed in {}", several(keys), named(commit))
    };
    let mut lines: Vec<String> = groups.iter().take(SHOWN).map(line).collect();
    let more: usize = groups.iter().skip(SHOWN).map(|group| group.2.len()).sum();
    if more > 0 {
        lines.push(format!("and {more} more of today's secrets {} in git", if more == 1 { "is" } else { "are" }));
    }
    lines
}

type Leak<'a> = (Option<&'a Key>, &'a RelPath, &'a CommitRef);

/// The key, the env file and the commit of a critical one.
fn leak(finding: &Finding) -> Option<Leak<'_>> {
    if !is_live(finding) || finding.severity < Severity::Critical {
        return None;
    }
    match (finding.get("in_use"), finding.get("commit")) {
        (Some(Fact::Path(path)), Some(Fact::Commit(commit))) => Some((finding.key.as_ref(), path, commit)),
        _ => None,
    }
}

/// Whether it is about a value that is in use and stands where it should not.
pub(super) fn is_live(finding: &Finding) -> bool {
    finding.is_of(&secret_still_live::CHECK) || finding.is_of(&live_value_elsewhere::CHECK)
}
