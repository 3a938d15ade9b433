//! Literal secrets in the compose files and Dockerfiles that git tracks: who can read the repository can read them.

use super::mount::Mount;
use super::run::Run;
use crate::checks::Artifact;
use crate::git::IndexEntry;
use crate::leak::{Holder, StagedText};
use crate::path::RelPath;
use crate::problem::Problem;

impl Run<'_> {
    /// Judges the compose files and Dockerfiles among the entries of an index, each by itself. Values in use are left out:
    /// another check tells them.
    ///
    /// # Errors
    /// A HEAD that cannot be read.
    pub(crate) fn tracked_texts(&mut self, mount: &Mount<'_>, index: &[IndexEntry]) -> Result<(), Problem> {
        let kind = |path: &RelPath| self.project.text_kind(&mount.path(path)?);
        let counts = |entry: &&IndexEntry| kind(&entry.path).is_some();
        let wanted: Vec<IndexEntry> = index.iter().filter(counts).cloned().collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let (mut found, mut problems) = (Vec::new(), Vec::new());
        for entry in mount.repository.compare(wanted)? {
            let kind = mount.path(&entry.path).and_then(|path| self.project.text_kind(&path));
            match StagedText::read(mount.repository, &entry, kind, &Holder::Index, self.config, &mut problems) {
                Ok(Some(mut text)) => {
                    text.forget(self.values(), &self.system.group);
                    text.text.secrets.iter().for_each(|secret| self.seen.value(&secret.value, false));
                    text.entry.path = mount.path(&entry.path).unwrap_or(entry.path);
                    self.judge(&Artifact::StagedText(&text), false, &mut found);
                }
                Ok(None) => {}
                Err(problem) => problems.push(problem),
            }
        }
        self.outcome.findings.append(&mut found);
        for problem in problems.into_iter().map(|problem| mount.problem(problem)) {
            // The same file of the work tree was told before.
            let is_same = |told: &Problem| (told.kind, &told.path) == (problem.kind, &problem.path);
            if !self.outcome.problems.iter().any(is_same) {
                self.outcome.problems.push(problem);
            }
        }
        Ok(())
    }
}
