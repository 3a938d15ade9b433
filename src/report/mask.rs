//! Live values in names: a branch called after a token, a path with a password in it. Replaced before anything is
//! written.

use std::borrow::Cow;

use crate::env::Key;
use crate::finding::{ExposedKey, Fact, Finding, Origin};
use crate::git::CommitRef;
use crate::name::Name;
use crate::policy::{Accepted, FileReaders, Hidden, KeyReaders, Report, Suppression, UnusedIgnore};
use crate::problem::Problem;
use crate::secret::mask::Mask;

impl Mask {
    /// What is told beside a report.
    #[must_use]
    pub fn problems(&self, problems: Vec<Problem>) -> Vec<Problem> {
        problems.into_iter().map(|problem| self.problem(problem)).collect()
    }

    fn name(&self, name: &Name) -> Name {
        Name(self.apply(&name.0).into_owned())
    }

    pub(crate) fn key(&self, key: &Key) -> Option<Key> {
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
            Origin::Disk(path) => Origin::Disk(self.path(&path)),
            Origin::Process(path) => Origin::Process(self.path(&path)),
            Origin::Image(path) => Origin::Image(self.path(&path)),
            Origin::Stream(path) => Origin::Stream(self.path(&path)),
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

    fn file_readers(&self, file: FileReaders) -> FileReaders {
        let key = |key: KeyReaders| KeyReaders { key: key.key.and_then(|key| self.key(&key)), ..key };
        FileReaders {
            path: self.path(&file.path),
            used: file.used.into_iter().map(|(reader, seen, line)| (reader, self.path(&seen), line)).collect(),
            keys: file.keys.into_iter().map(key).collect(),
        }
    }

    fn excuse(&self, excuse: Suppression) -> Suppression {
        Suppression { path: self.path(&excuse.path), reason: excuse.reason.map(|reason| self.text(&reason)), ..excuse }
    }

    pub(crate) fn problem(&self, problem: Problem) -> Problem {
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
            repository: self.repository.map(|path| mask.path(&path)),
            readers: self.readers.map(|files| files.into_iter().map(|file| mask.file_readers(file)).collect()),
            ..self
        }
    }
}
