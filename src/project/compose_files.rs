//! The compose files of the work tree: which of them are loaded together, and what for.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::num::NonZeroU32;
use std::sync::Arc;

use crate::config::Config;
use crate::docker::compose::{Defined, Failure, FaultKind, Files, ProjectRoot, Request, Stack};
use crate::env::Document;
use crate::environment::Environment;
use crate::files::Root;
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind, Spot};
use crate::project::compose_file_variable::{Chosen, chosen};
use crate::secret::Secret;

/// The names that Compose looks for, in its order, without `.yaml` and `.yml`; the override's behind them.
const BASES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const OVERRIDES: [&str; 4] =
    ["compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"];

/// Whether a file of this name is a compose file: `compose.yaml`, `docker-compose.prod.yml`, `dev.compose.yml`, and
/// Swarm's `docker-stack.yml`.
#[must_use]
pub fn is_compose_file(name: &[u8]) -> bool {
    // Every name of a work tree passes here: most leave at once, without a copy.
    if !ends_with(name, b".yml") && !ends_with(name, b".yaml") {
        return false;
    }
    let Ok(name) = std::str::from_utf8(name) else { return false };
    let name = name.to_ascii_lowercase();
    let Some(stem) = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml")) else { return false };
    let parts: Vec<&str> = stem.split(['.', '-', '_']).collect();
    let is_stack = matches!(parts.as_slice(), ["docker", "stack" | "swarm", ..]);
    // One that is to be copied first is nobody's yet, and some are another tool's.
    let is_none = |part: &&str| matches!(*part, "example" | "sample" | "template" | "tmpl" | "dist" | "rancher");
    (is_stack || parts.contains(&"compose")) && !parts.iter().any(is_none)
}

/// All files that some stacks are made of: also what they extend and include.
pub(super) fn parts(stacks: &[Stack]) -> BTreeSet<RelPath> {
    stacks.iter().flat_map(|stack| &stack.sources).map(|source| source.path.clone()).collect()
}

/// Whether a name has this ending, in letters of either case.
pub(super) fn ends_with(name: &[u8], ending: &[u8]) -> bool {
    let start = name.len().checked_sub(ending.len());
    start.and_then(|start| name.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(ending))
}

/// What compose files are looked for by.
#[derive(Debug, Default)]
pub(super) struct Asked<'a> {
    /// Files that a name says to be compose files.
    pub(super) files: &'a [RelPath],
    /// Directories with a `.env`, which may name more.
    pub(super) dirs: Vec<RelPath>,
    /// The files that somebody gave to be taken together, whatever their names.
    pub(super) given: &'a [RelPath],
}

/// A set of files, loaded.
struct Set {
    stack: Stack,
    files: Vec<RelPath>,
    sense: Sense,
}

/// Whether a set has to make sense as it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sense {
    /// It is what Compose starts: somebody named its files, or they have the usual names at the root.
    Alone,
    /// It may be a part that is always named together with others: what it lacks, other sets of the project may define.
    InProject,
    /// It may be one that belongs over others that are not known.
    OverOthers,
}

/// Loads every set of some compose files.
pub(super) fn stacks(root: &Root, asked: &Asked<'_>, config: &Config, problems: &mut Vec<Problem>) -> Vec<Stack> {
    let mut by_dir: BTreeMap<RelPath, Vec<&RelPath>> = asked.dirs.iter().map(|dir| (dir.clone(), Vec::new())).collect();
    for path in asked.files {
        by_dir.entry(path.parent()).or_default().push(path);
    }
    let mut disk = Disk { root, place: ProjectRoot::of(root.path()), problems, documents: BTreeMap::new() };
    let chosen: BTreeMap<&RelPath, Chosen> = by_dir
        .keys()
        .filter_map(|dir| Some((dir, chosen(dir, &disk.place.clone(), disk.variables(&dir.join(b".env"))?.as_ref())?)))
        .collect();
    // What another directory's `.env` names is that directory's.
    let claims = chosen.iter().flat_map(|(dir, chosen)| chosen.files.iter().map(|path| (path, *dir)));
    let claims: BTreeMap<&RelPath, &RelPath> = claims.collect();
    let is_elsewhere = |dir: &RelPath, path: &RelPath| claims.get(path).is_some_and(|other| *other != dir);
    let mut sets = Vec::new();
    if !asked.given.is_empty() {
        let dir = asked.given.first().map(RelPath::parent).unwrap_or_default();
        let environment = environment_of(asked.given, config);
        sets.extend(disk.set(asked.given.to_vec(), &dir, (environment, Sense::Alone)));
    }
    for (dir, paths) in &by_dir {
        let paths: Vec<&RelPath> = paths.iter().copied().filter(|path| !is_elsewhere(dir, path)).collect();
        of_dir(dir, &paths, chosen.get(dir), config, &mut disk, &mut sets);
    }
    judge(&sets, disk.problems);
    sets.into_iter().map(|set| set.stack).collect()
}

/// The sets that Compose would refuse for what they name. What another set includes need not make sense alone.
fn judge(sets: &[Set], problems: &mut Vec<Problem>) {
    let included = |set: &'_ Set| -> Vec<RelPath> {
        let sources = set.stack.sources.iter().map(|source| source.path.clone());
        sources.filter(|path| !set.files.contains(path)).collect()
    };
    let included: HashSet<RelPath> = sets.iter().flat_map(included).collect();
    let together = Defined::of(sets.iter().map(|set| &set.stack));
    for set in sets.iter().filter(|set| !set.files.iter().all(|file| included.contains(file))) {
        let failure = set.stack.consistent().err();
        let counts = match set.sense {
            Sense::Alone => true,
            Sense::InProject => failure.is_some() && set.stack.consistent_with(&together).is_err(),
            Sense::OverOthers => false,
        };
        problems.extend(failure.filter(|_| counts).map(|failure| problem(&failure)));
    }
}

fn of_dir(
    dir: &RelPath,
    paths: &[&RelPath],
    chosen: Option<&Chosen>,
    config: &Config,
    disk: &mut Disk<'_>,
    sets: &mut Vec<Set>,
) {
    let named = |names: &[&str]| -> Option<RelPath> {
        names.iter().map(|name| dir.join(name.as_bytes())).find(|path| paths.contains(&path))
    };
    let base = named(&BASES);
    let usual = match chosen {
        Some(chosen) => chosen.files.clone(),
        None => base.iter().cloned().chain(base.as_ref().and_then(|_| named(&OVERRIDES))).collect(),
    };
    if let Some(line) = chosen.and_then(|chosen| chosen.outside) {
        disk.problems.push(outside(dir.join(b".env"), line));
    }
    let first = sets.len();
    if !usual.is_empty() {
        let environment = match chosen {
            // It is what runs here, whatever the files are called.
            Some(chosen) => said_here(&usual, dir, config).or(chosen.environment).unwrap_or(Environment::Production),
            None => environment_of(&usual, config),
        };
        let sense = match chosen {
            Some(chosen) if chosen.outside.is_some() => Sense::OverOthers,
            None if !dir.is_root() => Sense::InProject,
            _ => Sense::Alone,
        };
        sets.extend(disk.set(usual.clone(), dir, (environment, sense)));
    }
    for path in paths.iter().copied().filter(|path| !usual.contains(path)) {
        sets.extend(disk.extra(path, base.as_ref().filter(|base| *base != path), config));
    }
    // Where the base has a production file of its own, without it the base is a developer's.
    let is_production = |set: &Set| {
        said(&set.stack.named, config) == Some(Environment::Production) && set.files.first() == usual.first()
    };
    let Some((usual, others)) = sets.get_mut(first..).and_then(<[Set]>::split_first_mut) else { return };
    if chosen.is_none() && others.iter().any(is_production) && said(&usual.stack.named, config).is_none() {
        usual.stack.environment = Environment::Development;
    }
}

/// What a stack is for: what the configuration says of its last file, else a word of its name or of a directory; else
/// it is the real thing.
pub(super) fn environment_of(files: &[RelPath], config: &Config) -> Environment {
    files.last().and_then(|path| said(path, config)).unwrap_or(Environment::Production)
}

fn said(path: &RelPath, config: &Config) -> Option<Environment> {
    let name = String::from_utf8_lossy(path.file_name()).into_owned();
    let by_name = || name.split(['.', '-', '_']).find_map(Environment::from_word);
    config.environment_of(path).or_else(by_name).or_else(|| Environment::of_directories(&path.parent()))
}

/// What the configuration says of a set, or a directory's name of where it is started.
fn said_here(files: &[RelPath], dir: &RelPath, config: &Config) -> Option<Environment> {
    files.last().and_then(|path| config.environment_of(path)).or_else(|| Environment::of_directories(dir))
}

/// That a file uses one outside of the project.
pub(super) fn outside(path: RelPath, line: NonZeroU32) -> Problem {
    let spot = Spot { line: Some(line), what: "a path outside the project", word: None };
    Problem { spot: Some(spot), ..Problem::at(ProblemKind::OutsideFile, path) }
}

pub(super) fn problem(failure: &Failure) -> Problem {
    let kind = match failure.fault.kind {
        FaultKind::TooMuch => ProblemKind::TooLarge,
        _ => ProblemKind::BrokenCompose,
    };
    let (what, word) = failure.fault.kind.words();
    let spot = Spot { line: failure.fault.line, what, word };
    Problem { spot: Some(spot), ..Problem::at(kind, failure.path.clone()) }
}

/// The files below the project root.
struct Disk<'a> {
    root: &'a Root,
    place: ProjectRoot,
    problems: &'a mut Vec<Problem>,
    documents: BTreeMap<RelPath, Option<Arc<Document>>>,
}

impl Disk<'_> {
    /// Some files together, started from a directory; `None` where they cannot be loaded, and a problem says why.
    fn set(&mut self, files: Vec<RelPath>, dir: &RelPath, (environment, sense): (Environment, Sense)) -> Option<Set> {
        let request = Request {
            files: files.clone(),
            dir: files.first()?.parent(),
            env_files: vec![dir.join(b".env")],
            root: self.place.clone(),
        };
        match Stack::load(&request, self, environment) {
            Ok(stack) => Some(Set { stack, files, sense }),
            Err(failure) => {
                self.problems.push(problem(&failure));
                None
            }
        }
    }

    /// A file that Compose takes only where it is named: over the base where it makes no sense without it, else alone.
    fn extra(&mut self, path: &RelPath, base: Option<&RelPath>, config: &Config) -> Option<Set> {
        let environment = environment_of(std::slice::from_ref(path), config);
        let alone = self.set(vec![path.clone()], &path.parent(), (environment, Sense::OverOthers))?;
        alone.stack.services().next()?;
        match base {
            Some(base) if alone.stack.is_partial() || alone.stack.consistent().is_err() => Some(
                self.set(vec![base.clone(), path.clone()], &path.parent(), (environment, Sense::OverOthers))
                    .unwrap_or(alone),
            ),
            Some(_) => Some(alone),
            None if alone.stack.is_partial() => Some(alone),
            None => Some(Set { sense: Sense::InProject, ..alone }),
        }
    }
}

impl Files for Disk<'_> {
    fn read(&mut self, path: &RelPath) -> Option<Vec<u8>> {
        match self.root.read(path) {
            Ok(bytes) => bytes,
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        }
    }

    fn variables(&mut self, path: &RelPath) -> Option<Arc<Document>> {
        if let Some(known) = self.documents.get(path) {
            return known.clone();
        }
        // One that cannot be read is an env file by its name, and reported as one.
        let bytes = self.root.read(path).ok().flatten();
        let document = bytes.map(|bytes| Arc::new(Document::parse(Secret::new(bytes))));
        self.documents.insert(path.clone(), document.clone());
        document
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compose_names() {
        let files = [
            "compose.yaml",
            "docker-compose.yml",
            "docker-compose.prod.yml",
            "docker-compose-dev.yaml",
            "dev.compose.yml",
            "compose_test.yml",
            "docker-stack.yml",
            "docker-swarm.prod.yaml",
        ];
        for name in files {
            assert!(is_compose_file(name.as_bytes()), "{name}");
        }
        for name in [
            "decompose.yml",
            "compose.json",
            "docker-compose.yml.example",
            "composer.yml",
            "compose",
            "compose.example.yml",
            "rancher-compose.yml",
            "stack.yaml",
        ] {
            assert!(!is_compose_file(name.as_bytes()), "{name}");
        }
    }
}
