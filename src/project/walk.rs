//! The walk over the work tree. It does not obey `.gitignore`: env files are usually ignored.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use crate::agents;
use crate::config::Config;
use crate::docker;
use crate::env::names::{self, Role};
use crate::path::RelPath;
use crate::problem::{Cause, Problem, ProblemKind};
use crate::project::file_role::Reading;
use crate::project::{checklist_evidence, compose_files, env_readers};
use crate::threads;

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
    /// Files that may show which programs read env files.
    pub(super) signs: Vec<RelPath>,
    /// Directories with a repository of their own (submodules, nested clones).
    pub(super) repositories: Vec<RelPath>,
    /// Folders and files of coding agents.
    pub(super) agents: Vec<RelPath>,
    /// How many files there are.
    pub(super) files: u64,
    /// Directories that could not be read.
    pub(super) problems: Vec<Problem>,
}

/// Lists what is below `root/below`. For one file its directory is listed, so that its neighbours (a template, an
/// ignore file) are known; whatever its name, it is an env file: somebody asked about it as one.
pub(super) fn list(root: &Path, below: &RelPath, is_file: bool, config: &Config) -> Listing {
    let (start, asked) = if is_file { (below.parent(), Some(below.clone())) } else { (below.clone(), None) };
    let walk = Walk { root, config, asked: asked.as_ref(), is_deep: !is_file };
    let parts = threads::spread(threads::count(), start, Listing::default, |listing, dir, more| {
        walk.directory(&dir, listing, more);
    });
    let mut listing = Listing::default();
    parts.into_iter().for_each(|part| listing.add(part));
    listing.sort();
    Listing { asked, ..listing }
}

/// What a walk is done by.
struct Walk<'a> {
    root: &'a Path,
    config: &'a Config,
    asked: Option<&'a RelPath>,
    /// Whether directories in the first one are entered.
    is_deep: bool,
}

impl Walk<'_> {
    /// Lists one directory; `more` gets those in it.
    fn directory(&self, dir: &RelPath, listing: &mut Listing, more: &mut Vec<RelPath>) {
        let full = dir.under(self.root);
        let entries = match std::fs::read_dir(&full) {
            Ok(entries) => entries,
            Err(error) => {
                self.note_repository(dir, listing);
                return listing.problems.push(problem(dir, &error));
            }
        };
        for entry in entries {
            let found = entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?.is_dir())));
            match found {
                Ok((name, is_dir)) => self.entry(dir, name.as_bytes(), is_dir, listing, more),
                Err(error) => listing.problems.push(problem(dir, &error)),
            }
        }
    }

    fn entry(&self, dir: &RelPath, name: &[u8], is_dir: bool, listing: &mut Listing, more: &mut Vec<RelPath>) {
        // `.git` is never entered; a directory or a file (submodule, linked work tree) of that name marks a repository.
        if name == b".git" && !dir.is_root() {
            listing.repositories.push(dir.clone());
        }
        if !is_dir {
            return listing.file(dir, name, self);
        }
        if name == b".git" || self.config.files.prune.iter().any(|pruned| name == pruned.as_bytes()) {
            return;
        }
        if self.is_deep && agents::is_folder(name) {
            listing.agents.push(dir.join(name));
        }
        match self.is_deep {
            true => more.push(dir.join(name)),
            false => self.note_repository(&dir.join(name), listing),
        }
    }

    /// Of a directory that is not listed.
    fn note_repository(&self, dir: &RelPath, listing: &mut Listing) {
        if !dir.is_root() && dir.under(self.root).join(".git").symlink_metadata().is_ok() {
            listing.repositories.push(dir.clone());
        }
    }
}

impl Listing {
    /// The directories with a `.env`, which Docker Compose takes variables from.
    pub(super) fn dirs_with_variables(&self) -> Vec<RelPath> {
        let own = self.candidates.iter().filter(|path| path.file_name() == b".env");
        own.map(RelPath::parent).collect()
    }

    fn file(&mut self, dir: &RelPath, name: &[u8], walk: &Walk<'_>) {
        self.files += 1;
        let path = dir.join(name);
        if docker::is_dockerfile(name) {
            self.dockerfiles.push(path.clone());
        }
        if compose_files::is_compose_file(name) {
            self.compose.push(path.clone());
        }
        if env_readers::is_sign(name) {
            self.signs.push(path.clone());
        }
        if checklist_evidence::is_pipeline(&path) {
            self.pipelines.push(path.clone());
        }
        if walk.is_deep && agents::is_noted(dir, name) {
            self.agents.push(path.clone());
        }
        if let Some(id) = checklist_evidence::of_name(name) {
            self.evidence.entry(id).or_default().insert(path.clone());
        }
        if walk.asked == Some(&path) || Reading::of(&path, walk.config, &BTreeMap::new()).is_some() {
            self.candidates.push(path);
        }
    }

    fn add(&mut self, mut part: Self) {
        self.candidates.append(&mut part.candidates);
        self.dockerfiles.append(&mut part.dockerfiles);
        self.compose.append(&mut part.compose);
        self.pipelines.append(&mut part.pipelines);
        self.signs.append(&mut part.signs);
        self.agents.append(&mut part.agents);
        self.repositories.append(&mut part.repositories);
        self.problems.append(&mut part.problems);
        for (id, files) in part.evidence {
            self.evidence.entry(id).or_default().extend(files);
        }
        self.files += part.files;
    }

    /// Threads list directories in any order.
    fn sort(&mut self) {
        for paths in [
            &mut self.candidates,
            &mut self.dockerfiles,
            &mut self.compose,
            &mut self.pipelines,
            &mut self.signs,
            &mut self.agents,
            &mut self.repositories,
        ] {
            paths.sort_unstable_by(in_order);
        }
        self.problems.sort();
    }
}

/// The order of a walk: directory by directory, the names in each by their bytes.
fn in_order(one: &RelPath, other: &RelPath) -> std::cmp::Ordering {
    let is_end = |byte: &u8| *byte == b'/';
    one.as_bytes().split(is_end).cmp(other.as_bytes().split(is_end))
}

/// The role of a path by the configuration's patterns, else by its name.
#[must_use]
pub fn role_of(path: &RelPath, config: &Config) -> Option<Role> {
    let native = Path::new(OsStr::from_bytes(path.as_bytes()));
    if config.files.templates.is_match(native) {
        return Some(Role::Template);
    }
    if config.files.extra.is_match(native) {
        return Some(Role::Env);
    }
    names::role(path.file_name())
}

fn problem(dir: &RelPath, error: &std::io::Error) -> Problem {
    let cause = error.raw_os_error().map(Cause::System);
    Problem { kind: ProblemKind::UnreadablePath, path: Some(dir.clone()), cause, spot: None }
}
