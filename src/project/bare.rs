//! The compose files of a repository without a work tree: they say which of its files are env files.

use std::sync::Arc;

use crate::docker::compose::{Files, Request, Stack};
use crate::env::Document;
use crate::environment::Environment;
use crate::files::READ_LIMIT;
use crate::git::{Oid, PathHistory, Question, Reach, Repository};
use crate::path::RelPath;
use crate::problem::Problem;
use crate::project::compose_files::is_compose_file;
use crate::project::load::Project;
use crate::project::named_files;
use crate::secret::Secret;
use crate::terminal::progress::Progress;

impl Project {
    /// A project without files, which knows what the compose files name that refs reach, in all their versions. One that
    /// cannot be understood names nothing.
    #[must_use]
    pub fn bare(repository: &Repository) -> Self {
        let progress = Progress::default();
        let question = Question {
            wanted: &|path| is_compose_file(path.file_name()),
            follows: &|_| false,
            shaped: &|_| false,
            sought: None,
            span: None,
            progress: &progress,
        };
        // What cannot be read there is a problem of the scan itself, which reads the same commits and trees.
        let paths = repository.history(&question).paths;
        let head = repository.head().ok().flatten();
        let mut project = Self::default();
        for path in &paths {
            project.name_all(repository, head, path);
        }
        project
    }

    fn name_all(&mut self, repository: &Repository, head: Option<Oid>, history: &PathHistory) {
        for version in history.blobs.iter().filter(|blob| blob.reach <= Reach::Ref) {
            let mut files =
                Committed { repository, head, problems: &mut self.problems, this: (&history.path, version.id) };
            let request =
                Request { files: vec![history.path.clone()], dir: history.path.parent(), ..Request::default() };
            if let Ok(stack) = Stack::load(&request, &mut files, Environment::Unknown) {
                self.named.extend(named_files::named(&[stack]));
            }
        }
    }
}

/// One version of a compose file, and beside it what HEAD has.
struct Committed<'a> {
    repository: &'a Repository,
    head: Option<Oid>,
    problems: &'a mut Vec<Problem>,
    this: (&'a RelPath, Oid),
}

impl Committed<'_> {
    fn text(&mut self, path: &RelPath) -> Option<Secret> {
        let at_head = || self.repository.at_commit(self.head?, path).ok().flatten();
        let blob = if path == self.this.0 { self.this.1 } else { at_head()? };
        match self.repository.blob(blob, READ_LIMIT) {
            Ok(text) => Some(text),
            Err(problem) => {
                self.problems.push(Problem { path: Some(path.clone()), ..problem });
                None
            }
        }
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
