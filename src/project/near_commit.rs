//! The env files near what a commit touches: at the root, beside templates and compose files, above the changed files,
//! and where the configuration says. A hook has no time to walk a work tree.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use globset::Glob;

use super::walk::role_of;
use crate::config::Config;
use crate::env::names::{self, Role};
use crate::files::Root;
use crate::git::{Change, Staged};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::project::env_file::ProjectFile;
use crate::project::file_role::Reading;
use crate::project::load::Project;
use crate::project::{compose_files, named_files};

/// `[files] extra` may lead into no more directories than these.
const MOST: usize = 1000;

/// Which paths of an index count by their names, asked for each of a hundred thousand.
pub struct Watch<'a> {
    config: &'a Config,
    has_patterns: bool,
}

impl<'a> Watch<'a> {
    /// By this configuration.
    #[must_use]
    pub fn new(config: &'a Config) -> Self {
        Self { config, has_patterns: !(config.files.extra.is_empty() && config.files.templates.is_empty()) }
    }

    /// Whether a path is an env file's, a template's or a compose file's.
    #[must_use]
    pub fn sees(&self, path: &[u8]) -> bool {
        let start = memchr::memrchr(b'/', path).map_or(0, |at| at + 1);
        let name = path.get(start..).unwrap_or(path);
        is_compose(name)
            || names::role(name).is_some()
            || self.has_patterns && role_of(&RelPath::new(path), self.config).is_some()
    }
}

/// `compose.yaml`, `docker-compose.prod.yml`.
fn is_compose(name: &[u8]) -> bool {
    let may_be = name.ends_with(b".yml") || name.ends_with(b".yaml");
    may_be && compose_files::is_compose_file(name)
}

impl Project {
    /// Reads the env files near some entries of an index, and the files that compose files among them name; those that
    /// are not there any more are none. Templates are not read, and the project is no more than its env files.
    ///
    /// # Errors
    /// A root that cannot be opened.
    pub fn nearby<'a>(
        root: &Path,
        entries: impl Iterator<Item = &'a Staged>,
        config: &Config,
    ) -> Result<Self, Problem> {
        let opened = Root::open(root).map_err(|error| Problem::io(RelPath::default(), &error))?;
        let owner = opened.owner();
        let mut project = Self { root: root.to_path_buf(), owner, ..Self::default() };
        let entries: Vec<&Staged> = entries.collect();
        // What is wrong in a compose file is for `preflight` to tell, and no reason to stop a commit.
        let asked = compose_files::Asked { files: &compose_files(&entries), ..compose_files::Asked::default() };
        let mut problems = Vec::new();
        let stacks = compose_files::stacks(&opened, &asked, config, &mut problems);
        project.problems.extend(problems.into_iter().filter(|one| one.kind == ProblemKind::UnreadablePath));
        let named = named_files::named(&stacks);
        let mut paths: BTreeSet<RelPath> = named.keys().cloned().collect();
        for dir in directories(root, &entries, config) {
            paths.extend(listed(root, &dir, config, &mut project.problems));
        }
        for path in &paths {
            let Some(reading) = Reading::of(path, config, &named) else { continue };
            project.files.extend(ProjectFile::open(&opened, path, reading, config, &mut project.problems));
        }
        project.parts = compose_files::parts(&stacks);
        project.named = named.into();
        // It was listed a moment ago; what is gone now has no values that are in use.
        project.problems.retain(|problem| problem.kind != ProblemKind::VanishedFile);
        Ok(project)
    }
}

fn compose_files(entries: &[&Staged]) -> Vec<RelPath> {
    let paths = entries.iter().map(|entry| &entry.path);
    paths.filter(|path| is_compose(path.file_name())).cloned().collect()
}

fn directories(root: &Path, entries: &[&Staged], config: &Config) -> BTreeSet<RelPath> {
    let mut dirs = BTreeSet::from([RelPath::default()]);
    for entry in entries {
        let mut dir = entry.path.parent();
        // What did not change is here for its name.
        if entry.change == Change::Unchanged {
            dirs.insert(dir);
            continue;
        }
        while dirs.insert(dir.clone()) {
            dir = dir.parent();
        }
    }
    for pattern in config.files.written.get("extra").into_iter().flatten() {
        dirs.extend(expanded(root, pattern));
    }
    dirs.retain(|dir| !dir.as_bytes().split(|byte| *byte == b'/').any(|part| is_pruned(part, config)));
    dirs
}

fn is_pruned(part: &[u8], config: &Config) -> bool {
    config.files.prune.iter().any(|pruned| pruned.as_bytes() == part)
}

/// The directories in which files of a pattern can be; `**` stands for no directory here.
fn expanded(root: &Path, pattern: &str) -> Vec<RelPath> {
    let Some((above, _)) = pattern.rsplit_once('/') else { return Vec::new() };
    let mut dirs = vec![RelPath::default()];
    for part in above.split('/').filter(|part| !matches!(*part, "" | "." | "**")) {
        dirs = match Glob::new(part) {
            Ok(glob) if part.contains(['*', '?', '[', '{']) => {
                let matcher = glob.compile_matcher();
                dirs.iter()
                    .flat_map(|dir| names_in(root, dir, &|name| matcher.is_match(OsStr::from_bytes(name))))
                    .collect()
            }
            _ => dirs.iter().map(|dir| dir.join(part.as_bytes())).collect(),
        };
        dirs.truncate(MOST);
    }
    dirs
}

fn names_in(root: &Path, dir: &RelPath, is_asked: &dyn Fn(&[u8]) -> bool) -> Vec<RelPath> {
    let entries = dir.under(root).read_dir().into_iter().flatten().flatten();
    let dirs = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|entry| entry.file_name());
    dirs.filter(|name| is_asked(name.as_bytes())).map(|name| dir.join(name.as_bytes())).collect()
}

/// The env files in a directory, and copies of them.
fn listed(root: &Path, dir: &RelPath, config: &Config, problems: &mut Vec<Problem>) -> Vec<RelPath> {
    let listed: std::io::Result<Vec<_>> = dir.under(root).read_dir().and_then(Iterator::collect);
    let entries = match listed {
        Ok(entries) => entries,
        Err(error) => {
            let problem = Problem::io(dir.clone(), &error);
            let is_none = matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory);
            problems.extend((!is_none).then_some(problem));
            return Vec::new();
        }
    };
    let paths = entries.into_iter().map(|entry| dir.join(entry.file_name().as_bytes()));
    let is_private = |path: &RelPath| matches!(role_of(path, config), Some(Role::Env | Role::Copy | Role::Keys));
    paths.filter(is_private).collect()
}
