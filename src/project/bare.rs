//! The compose files of a repository without a work tree: they say which of its files are env files.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::Config;
use crate::docker::compose::{Files, Request, Stack};
use crate::env::Document;
use crate::environment::Environment;
use crate::files::READ_LIMIT;
use crate::git::{Oid, PathHistory, Question, Reach, Repository};
use crate::path::RelPath;
use crate::project::Reading;
use crate::project::compose_files::is_compose_file;
use crate::project::load::Project;
use crate::project::named_files;
use crate::secret::Secret;
use crate::terminal::progress::Progress;

impl Project {
    /// Whether a repository without a work tree was not asked yet for its compose files.
    #[must_use]
    pub fn awaits_names(&self, repository: &Repository) -> bool {
        repository.workdir().is_none() && self.named.get().is_none()
    }

    /// Whether a file that a history holds may be a compose file.
    #[must_use]
    pub fn may_name_files(path: &RelPath) -> bool {
        is_compose_file(path.file_name())
    }

    /// Asks the history of a repository without a work tree for its compose files alone, where not all of it is examined:
    /// one that no commit changes names files, too.
    pub fn find_names(&self, repository: &Repository) {
        let progress = Progress::default();
        let question = Question {
            wanted: &Self::may_name_files,
            beside: None,
            follows: &|_| false,
            shaped: &|_| false,
            sought: None,
            span: None,
            progress: &progress,
        };
        // What cannot be read there is a problem of the scan itself, which reads the same commits and trees.
        self.take_names(repository, &repository.history(&question).paths);
    }

    /// Takes what the compose files name that refs reach, in all their versions. One that cannot be understood names
    /// nothing.
    pub fn take_names(&self, repository: &Repository, compose_files: &[PathHistory]) {
        let head = repository.head().ok().flatten();
        let stacks = compose_files.iter().flat_map(|file| versions(repository, head, file));
        let mut named = BTreeMap::new();
        stacks.for_each(|stack| named.extend(named_files::named(&[stack])));
        // A second answer is the same as the first.
        let _ = self.named.set(named);
    }

    /// Whether a file that is named is something else than its name says.
    #[must_use]
    pub fn names_tell_more(&self, config: &Config) -> bool {
        let by_name = BTreeMap::new();
        let is_told = |path| Reading::of(path, config, self.named()) != Reading::of(path, config, &by_name);
        self.named().keys().any(is_told)
    }
}

/// What each version of a compose file defines.
fn versions(repository: &Repository, head: Option<Oid>, file: &PathHistory) -> impl Iterator<Item = Stack> {
    file.blobs.iter().filter(|blob| blob.reach <= Reach::Ref).filter_map(move |version| {
        let mut files = Committed { repository, head, this: (&file.path, version.id) };
        let request = Request { files: vec![file.path.clone()], dir: file.path.parent(), ..Request::default() };
        Stack::load(&request, &mut files, Environment::Unknown).ok()
    })
}

/// One version of a compose file, and beside it what HEAD has.
struct Committed<'a> {
    repository: &'a Repository,
    head: Option<Oid>,
    this: (&'a RelPath, Oid),
}

impl Committed<'_> {
    fn text(&self, path: &RelPath) -> Option<Secret> {
        let at_head = || self.repository.at_commit(self.head?, path).ok().flatten();
        let blob = if path == self.this.0 { self.this.1 } else { at_head()? };
        self.repository.blob(blob, READ_LIMIT).ok()
    }
}

impl Files for Committed<'_> {
    #[expect(clippy::disallowed_methods, reason = "the compose reader takes bytes")]
    fn read(&mut self, path: &RelPath) -> Option<Vec<u8>> {
        self.text(path).map(|text| text.expose().to_vec())
    }

    fn variables(&mut self, path: &RelPath) -> Option<Arc<Document>> {
        self.text(path).map(|text| Arc::new(Document::parse(text)))
    }
}
