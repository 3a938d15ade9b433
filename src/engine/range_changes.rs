//! What some commits brought in and the history of env files does not tell, and the hook would have stopped: real secrets in
//! templates, compose files and Dockerfiles.

use std::collections::HashSet;

use super::run::Run;
use crate::checks::Artifact;
use crate::checks::git::{env_file_upstream, template_with_secret};
use crate::env::names::Role;
use crate::git::{Oid, Repository, Span, Staged};
use crate::leak::{Holder, StagedFile, StagedText};
use crate::problem::Problem;
use crate::project::Reading;

impl Run<'_> {
    /// The templates, compose files and Dockerfiles that the commits of a span add or change, each content at each path once.
    ///
    /// # Errors
    /// Commits that cannot be read.
    pub(crate) fn changes_of_span(&mut self, repository: &Repository, span: Span) -> Result<(), Problem> {
        let (config, mut seen) = (self.config, HashSet::new());
        let reading =
            |path: &_| Reading::of(path, config, self.project.named()).filter(|one| one.role == Role::Template);
        let mut found = Vec::new();
        for id in commits(repository, span)? {
            let (commit, mut entries) = repository.changes_of(id)?;
            entries.retain(|entry| {
                let counts = reading(&entry.path).is_some() || self.project.text_kind(&entry.path).is_some();
                counts && seen.insert((entry.path.clone(), entry.blob))
            });
            let holder = Holder::Commit(commit);
            for entry in &entries {
                if let Some(text) = self.text(repository, entry, &holder) {
                    self.judge(&Artifact::StagedText(&text), true, &mut found);
                }
            }
            for file in StagedFile::read(repository, entries, &holder, &reading, config, &mut self.outcome.problems) {
                self.ask_of_change(template_with_secret::run, &Artifact::Staged(&file), &mut found);
            }
        }
        self.outcome.findings.append(&mut found);
        Ok(())
    }

    /// The env files in use that the upstream branch has: a pull replaces them.
    pub(crate) fn overwritten_by_pull(&mut self) {
        let mut found = Vec::new();
        for file in &self.project.files {
            self.ask(env_file_upstream::run, &Artifact::File(file), &mut found);
        }
        self.outcome.findings.append(&mut found);
    }

    /// A compose file or a Dockerfile of a commit, with the secrets that it brings and that no env file has.
    fn text(&mut self, repository: &Repository, entry: &Staged, holder: &Holder) -> Option<StagedText> {
        let kind = self.project.text_kind(&entry.path);
        let read = StagedText::read(repository, entry, kind, holder, self.config, &mut self.outcome.problems);
        let mut text = read.unwrap_or_else(|problem| {
            self.outcome.problems.push(problem);
            None
        })?;
        text.forget(self.values(), &self.system.group);
        text.forget_old();
        text.text.secrets.iter().for_each(|secret| self.seen.value(&secret.value, false));
        Some(text)
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
