//! The walk over the work tree. It does not obey `.gitignore`: env files are usually ignored.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use walkdir::{DirEntry, WalkDir};

use crate::config::Config;
use crate::docker;
use crate::env::names::{self, Role};
use crate::path::RelPath;
use crate::problem::{Cause, Problem, ProblemKind};
use crate::project::file_role::Reading;
use crate::project::{checklist_evidence, compose_files};

/// What the walk saw, in the order of the paths.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Files by a name, or by a pattern of the configuration, that says env file, or may say so.
    pub(super) candidates: Vec<RelPath>,
    /// The one file that was asked about, as an env file.
    pub(super) asked: Option<RelPath>,
    /// Dockerfiles.
    pub(super) dockerfiles: Vec<RelPath>,
    /// Compose files.
    pub(super) compose: Vec<RelPath>,
    /// What CI runs.
    pub(super) pipelines: Vec<RelPath>,
    /// The attestations that a file's name shows to be true, with the files.
    pub(super) evidence: BTreeMap<&'static str, BTreeSet<RelPath>>,
    /// Directories with a repository of their own (submodules, nested clones).
    pub(super) repositories: Vec<RelPath>,
    /// How many files there are.
    pub(super) files: u64,
    /// Directories that could not be read.
    pub(super) problems: Vec<Problem>,
}

/// Lists what is below `root/below`. For one file its directory is listed, so that its neighbours (a template, an
/// ignore file) are known; whatever its name, it is an env file: somebody asked about it as one.
pub(super) fn list(root: &Path, below: &RelPath, is_file: bool, config: &Config) -> Listing {
    let mut listing = Listing::default();
    let (start, depth) = if is_file { (below.parent(), 1) } else { (below.clone(), usize::MAX) };
    if is_file {
        listing.asked = Some(below.clone());
    }
    let walk = WalkDir::new(start.under(root)).max_depth(depth).sort_by_file_name().follow_links(false).into_iter();
    for entry in walk.filter_entry(|entry| enters(entry, config)) {
        match entry {
            Ok(entry) => listing.see(root, &entry, config),
            Err(error) => listing.problems.push(problem(root, &error)),
        }
    }
    listing
}

impl Listing {
    /// The directories with a `.env`, which Docker Compose takes variables from.
    pub(super) fn dirs_with_variables(&self) -> Vec<RelPath> {
        let own = self.candidates.iter().filter(|path| path.file_name() == b".env");
        own.map(RelPath::parent).collect()
    }

    fn see(&mut self, root: &Path, entry: &DirEntry, config: &Config) {
        let Some(path) = RelPath::below(root, entry.path()) else { return };
        if entry.file_type().is_dir() {
            // `.git` is never entered; a directory or a file (submodule, linked work tree) of that name marks one.
            if !path.is_root() && entry.path().join(".git").symlink_metadata().is_ok() {
                self.repositories.push(path);
            }
            return;
        }
        self.files += 1;
        if docker::is_dockerfile(path.file_name()) {
            self.dockerfiles.push(path.clone());
        }
        if compose_files::is_compose_file(path.file_name()) {
            self.compose.push(path.clone());
        }
        if checklist_evidence::is_pipeline(&path) {
            self.pipelines.push(path.clone());
        }
        if let Some(id) = checklist_evidence::of_name(path.file_name()) {
            self.evidence.entry(id).or_default().insert(path.clone());
        }
        if self.asked.as_ref() == Some(&path) || Reading::of(&path, config, &BTreeMap::new()).is_some() {
            self.candidates.push(path);
        }
    }
}

/// The role of a path by the configuration's patterns, else by its name.
#[must_use]
pub fn role_of(path: &RelPath, config: &Config) -> Option<Role> {
    let native = path.under(Path::new(""));
    if config.files.templates.is_match(&native) {
        return Some(Role::Template);
    }
    if config.files.extra.is_match(&native) {
        return Some(Role::Env);
    }
    names::role(path.file_name())
}

fn enters(entry: &DirEntry, config: &Config) -> bool {
    if entry.depth() == 0 || !entry.file_type().is_dir() {
        return true;
    }
    let name = entry.file_name();
    name != ".git" && !config.files.prune.iter().any(|pruned| name == pruned.as_str())
}

fn problem(root: &Path, error: &walkdir::Error) -> Problem {
    let path = error.path().and_then(|path| RelPath::below(root, path));
    let cause = error.io_error().and_then(std::io::Error::raw_os_error).map(Cause::System);
    Problem { kind: ProblemKind::UnreadablePath, path, cause, spot: None }
}
