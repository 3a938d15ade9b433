//! What some commits brought in and the history of env files does not tell: templates with real secrets in them, which
//! the hook would have stopped.

use std::collections::HashSet;

use super::run::Run;
use crate::checks::Artifact;
use crate::checks::git::template_with_secret;
use crate::env::names::Role;
use crate::git::{Oid, Repository, Span};
use crate::leak::{Holder, StagedFile};
use crate::problem::Problem;
use crate::project::Reading;

impl Run<'_> {
    /// The templates that the commits of a span add or change, each content at each path once.
    ///
    /// # Errors
    /// Commits that cannot be read.
    pub(crate) fn templates(&mut self, repository: &Repository, span: Span) -> Result<(), Problem> {
        let (config, mut seen) = (self.config, HashSet::new());
        let reading =
            |path: &_| Reading::of(path, config, self.project.named()).filter(|one| one.role == Role::Template);
        let mut found = Vec::new();
        for id in commits(repository, span)? {
            let (commit, mut entries) = repository.changes_of(id)?;
            entries.retain(|entry| reading(&entry.path).is_some() && seen.insert((entry.path.clone(), entry.blob)));
            let holder = Holder::Commit(commit);
            for file in StagedFile::read(repository, entries, &holder, &reading, config, &mut self.outcome.problems) {
                self.ask_of_change(template_with_secret::run, &Artifact::Staged(&file), &mut found);
            }
        }
        self.outcome.findings.append(&mut found);
        Ok(())
    }
}

/// The oldest first.
fn commits(repository: &Repository, span: Span) -> Result<Vec<Oid>, Problem> {
    let between = |tips: &[Oid], known: Oid| Ok(repository.outgoing(tips, &[known])?.commits);
    match span {
        Span::Since(known) => between(&repository.ref_tips()?, known),
        Span::Between(known, tip) => between(&[tip], known),
        Span::Apart(one, other) => Ok([between(&[one], other)?, between(&[other], one)?].concat()),
    }
}
