//! Live values in names: a branch called after a token, a path with a password in it. Replaced before anything is
//! written, in every form a value commonly takes.

mod error;
mod forms;
#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "the definition compares bytes")]
mod oracle;

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::env::Key;
use crate::finding::{ExposedKey, Fact, Finding, Origin};
use crate::git::CommitRef;
use crate::name::Name;
use crate::path::RelPath;
use crate::policy::{Accepted, Excuse, Hidden, Report, UnusedIgnore};
use crate::problem::Problem;
use crate::secret::Secret;

const MASK: &[u8] = b"[masked]";

/// The live values that no output may hold.
pub struct Mask {
    values: Vec<Secret>,
    /// Made when something is first looked at that could hold a value: most runs of a hook say nothing.
    forms: OnceLock<forms::Forms>,
}

/// Shorter values are words of ordinary names: to mask them would make reports unreadable and hide nothing.
pub const SHORTEST: usize = 8;

impl Mask {
    /// Hides these values; those shorter than [`SHORTEST`] stay.
    #[must_use]
    pub fn new(values: Vec<Secret>) -> Self {
        let mut values = values;
        values.retain(|value| value.is_at_least(SHORTEST));
        Self { values, forms: OnceLock::new() }
    }

    /// `bytes` with every value replaced, in every form that the search finds, and in upper or lower case.
    #[must_use]
    pub fn apply<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        if self.values.is_empty() || bytes.is_empty() {
            return Cow::Borrowed(bytes);
        }
        let forms = self.forms.get_or_init(|| forms::Forms::of(&self.values));
        let mut out: Option<Vec<u8>> = None;
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let length = forms.length_at(rest);
            if length > 0 {
                out.get_or_insert_with(|| bytes.get(..at).unwrap_or_default().to_vec()).extend_from_slice(MASK);
            } else if let Some(out) = &mut out {
                out.extend(rest.first());
            }
            at += length.max(1);
        }
        out.map_or(Cow::Borrowed(bytes), Cow::Owned)
    }

    /// The same for text.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.apply(text.as_bytes())).into_owned()
    }

    /// What is told beside a report.
    #[must_use]
    pub fn problems(&self, problems: Vec<Problem>) -> Vec<Problem> {
        problems.into_iter().map(|problem| self.problem(problem)).collect()
    }

    /// Whether a text holds none of the values.
    #[must_use]
    pub fn is_free(&self, text: &str) -> bool {
        matches!(self.apply(text.as_bytes()), Cow::Borrowed(_))
    }

    /// Whether something was replaced in a path of a masked report.
    #[must_use]
    pub fn is_in(path: &RelPath) -> bool {
        memchr::memmem::find(path.as_bytes(), MASK).is_some()
    }

    /// A path without the values.
    #[must_use]
    pub fn path(&self, path: &RelPath) -> RelPath {
        RelPath::new(self.apply(path.as_bytes()))
    }

    fn name(&self, name: &Name) -> Name {
        Name(self.apply(&name.0).into_owned())
    }

    fn key(&self, key: &Key) -> Option<Key> {
        matches!(self.apply(key.as_str().as_bytes()), Cow::Borrowed(_)).then(|| key.clone())
    }

    fn commit(&self, commit: &CommitRef) -> CommitRef {
        CommitRef { author: self.name(&commit.author), ..commit.clone() }
    }

    fn exposed(&self, exposed: &ExposedKey) -> ExposedKey {
        ExposedKey { key: exposed.key.as_ref().and_then(|key| self.key(key)), ..exposed.clone() }
    }

    fn fact(&self, fact: Fact) -> Fact {
        match fact {
            Fact::Path(path) => Fact::Path(self.path(&path)),
            Fact::Paths(paths) => Fact::Paths(paths.iter().map(|path| self.path(path)).collect()),
            Fact::Key(key) => self.key(&key).map_or(Fact::None, Fact::Key),
            Fact::Place { path, key, line } => {
                Fact::Place { path: self.path(&path), key: key.and_then(|key| self.key(&key)), line }
            }
            Fact::Name(name) => Fact::Name(self.name(&name)),
            Fact::Names(names) => Fact::Names(names.iter().map(|name| self.name(name)).collect()),
            Fact::Commit(commit) => Fact::Commit(self.commit(&commit)),
            Fact::Exposed(keys) => Fact::Exposed(keys.iter().map(|key| self.exposed(key)).collect()),
            Fact::Number(_)
            | Fact::Flag(_)
            | Fact::Word(_)
            | Fact::Words(_)
            | Fact::Mode(_)
            | Fact::Line(_)
            | Fact::Lines(_)
            | Fact::Day(_)
            | Fact::None => fact,
        }
    }

    fn origin(&self, origin: Origin) -> Origin {
        match origin {
            Origin::Worktree(path) => Origin::Worktree(self.path(&path)),
            Origin::Index { path, blob } => Origin::Index { path: self.path(&path), blob },
            Origin::Commit { path, blob } => Origin::Commit { path: self.path(&path), blob },
            Origin::History { path, object } => Origin::History { path: self.path(&path), object },
            Origin::Object { dir, blob } => Origin::Object { dir: self.path(&dir), blob },
            Origin::Message { dir, object } => Origin::Message { dir: self.path(&dir), object },
            Origin::Ref { dir, name } => Origin::Ref { dir: self.path(&dir), name: self.name(&name) },
            Origin::Runtime(name) => Origin::Runtime(self.path(&name)),
        }
    }

    fn finding(&self, finding: Finding) -> Finding {
        Finding {
            origin: self.origin(finding.origin),
            repository: finding.repository.map(|path| self.path(&path)),
            key: finding.key.and_then(|key| self.key(&key)),
            facts: finding.facts.into_iter().map(|(name, fact)| (name, self.fact(fact))).collect(),
            ..finding
        }
    }

    fn excuse(&self, excuse: Excuse) -> Excuse {
        Excuse { path: self.path(&excuse.path), reason: excuse.reason.map(|reason| self.text(&reason)), ..excuse }
    }

    fn problem(&self, problem: Problem) -> Problem {
        Problem { path: problem.path.map(|path| self.path(&path)), ..problem }
    }
}

impl Report {
    /// This report with the live values in its names replaced.
    #[must_use]
    pub fn masked(self, mask: &Mask) -> Self {
        Self {
            findings: self.findings.into_iter().map(|finding| mask.finding(finding)).collect(),
            hidden: self
                .hidden
                .into_iter()
                .map(|hidden| Hidden { finding: mask.finding(hidden.finding), by: mask.excuse(hidden.by) })
                .collect(),
            unused_ignores: self
                .unused_ignores
                .into_iter()
                .map(|unused| UnusedIgnore { check: mask.text(&unused.check), at: mask.excuse(unused.at) })
                .collect(),
            problems: self.problems.into_iter().map(|problem| mask.problem(problem)).collect(),
            accepted: self
                .accepted
                .into_iter()
                .map(|accepted| Accepted { problem: mask.problem(accepted.problem), by: mask.excuse(accepted.by) })
                .collect(),
            ..self
        }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test looks for values in what is masked")]
mod tests;
