//! Live values out of names: a path, a branch or an author may hold one.

use memchr::memmem::Finder;

use super::{Excuse, Report};
use crate::finding::{CommitRef, Fact, Finding, Name, Origin};
use crate::path::RelPath;
use crate::problem::Problem;
use crate::secret::Secret;

/// What stands in the place of a value.
const MASK: &[u8] = b"[masked]";

/// Shorter values are words of ordinary names; masking them would make reports unreadable and hide nothing.
pub const SHORTEST: usize = 8;

/// The values that no name may show.
#[derive(Default)]
pub struct Mask(Vec<Secret>);

impl Mask {
    /// Of these values; those shorter than [`SHORTEST`] are left out.
    #[must_use]
    pub fn new(values: impl IntoIterator<Item = Secret>) -> Self {
        let mut values: Vec<Secret> = values.into_iter().filter(|value| value.is_at_least(SHORTEST)).collect();
        sort(&mut values);
        Self(values)
    }

    /// The bytes with every value replaced, in its plain form and in any case of letters.
    #[must_use]
    pub fn bytes(&self, bytes: &[u8]) -> Vec<u8> {
        self.0.iter().fold(bytes.to_vec(), replaced)
    }

    /// The same for text.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.bytes(text.as_bytes())).into_owned()
    }

    fn path(&self, path: &mut RelPath) {
        *path = RelPath::new(self.bytes(path.as_bytes()));
    }

    fn name(&self, name: &mut Name) {
        name.0 = self.bytes(&name.0);
    }

    fn commit(&self, commit: &mut CommitRef) {
        self.name(&mut commit.author);
    }

    fn finding(&self, finding: &mut Finding) {
        match &mut finding.origin {
            Origin::Worktree(path) | Origin::Index { path, .. } | Origin::History { path, .. } => self.path(path),
        }
        finding.facts.iter_mut().for_each(|(_, fact)| self.fact(fact));
    }

    fn fact(&self, fact: &mut Fact) {
        match fact {
            Fact::Path(path) | Fact::Place { path, .. } => self.path(path),
            Fact::Paths(paths) => paths.iter_mut().for_each(|path| self.path(path)),
            Fact::Name(name) => self.name(name),
            Fact::Names(names) => names.iter_mut().for_each(|name| self.name(name)),
            Fact::Commit(commit) => self.commit(commit),
            Fact::Number(_)
            | Fact::Flag(_)
            | Fact::Word(_)
            | Fact::Words(_)
            | Fact::Mode(_)
            | Fact::Line(_)
            | Fact::Lines(_)
            | Fact::Key(_)
            | Fact::Exposed(_)
            | Fact::None => {}
        }
    }

    fn excuse(&self, excuse: &mut Excuse) {
        self.path(&mut excuse.path);
        if let Some(reason) = &mut excuse.reason {
            *reason = self.text(reason);
        }
    }

    fn problem(&self, problem: &mut Problem) {
        if let Some(path) = &mut problem.path {
            self.path(path);
        }
    }
}

impl Report {
    /// The report with every value of the mask taken out of its names.
    #[must_use]
    pub fn masked(mut self, mask: &Mask) -> Self {
        self.findings.iter_mut().for_each(|finding| mask.finding(finding));
        for hidden in &mut self.hidden {
            mask.finding(&mut hidden.finding);
            mask.excuse(&mut hidden.by);
        }
        self.unused_ignores.iter_mut().for_each(|unused| mask.excuse(&mut unused.at));
        self.problems.iter_mut().for_each(|problem| mask.problem(problem));
        for accepted in &mut self.accepted {
            mask.problem(&mut accepted.problem);
            mask.excuse(&mut accepted.by);
        }
        self
    }
}

/// The longest first: a value that holds another one must go as a whole.
#[expect(clippy::disallowed_methods, reason = "lengths order the values; they stay in here")]
fn sort(values: &mut [Secret]) {
    values.sort_by_key(|value| std::cmp::Reverse(value.expose().len()));
}

#[expect(clippy::disallowed_methods, reason = "a value is looked for in a name, so that it can be taken out")]
fn replaced(bytes: Vec<u8>, value: &Secret) -> Vec<u8> {
    let value = zeroize::Zeroizing::new(value.expose().to_ascii_lowercase());
    let lower = bytes.to_ascii_lowercase();
    let finder = Finder::new(value.as_slice());
    let mut out = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for start in finder.find_iter(&lower) {
        out.extend_from_slice(bytes.get(from..start).unwrap_or_default());
        out.extend_from_slice(MASK);
        from = start + value.len();
    }
    if from == 0 {
        return bytes;
    }
    out.extend_from_slice(bytes.get(from..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_and_the_rest_stays() {
        let value = "Xy7".repeat(5);
        let mask = Mask::new([Secret::copy_of(value.as_bytes()), Secret::copy_of(b"short")]);
        assert_eq!(mask.text(&format!("a/{value}/{}.env", value.to_lowercase())), "a/[masked]/[masked].env");
        assert_eq!(mask.text("a/short/b"), "a/short/b");
    }

    #[test]
    fn the_longer_value_goes_as_a_whole() {
        let (short, long) = ("Xy7".repeat(4), "Xy7".repeat(4) + "tail");
        let mask = Mask::new([Secret::copy_of(short.as_bytes()), Secret::copy_of(long.as_bytes())]);
        assert_eq!(mask.text(&long), "[masked]");
    }
}
