//! The files as they will be.

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;

use rand::rngs::SysRng;

use super::Surroundings;
use super::targets::{Group, Target, again};
use crate::env::names::Role;
use crate::env::{Document, Key};
use crate::environment::Environment;
use crate::error::Error;
use crate::files::{self, Held, Owner, PrivateDir, Refusal};
use crate::path::RelPath;
use crate::project::ProjectFile;
use crate::template::{Answers, Broken, Done, Fault, Filled, Plan, Source, Unfilled, fill};

/// The directories that the files are in, each opened once: a lock is not shared by two openings.
pub(super) struct Dirs(BTreeMap<PathBuf, PrivateDir>);

impl Dirs {
    /// To look only.
    pub(super) fn view(groups: &[Group]) -> Result<Self, Error> {
        Self::open(groups, PrivateDir::view)
    }

    /// To write. In the order of their paths, so that two runs never wait for each other.
    pub(super) fn lock(groups: &[Group]) -> Result<Self, Error> {
        Self::open(groups, PrivateDir::lock)
    }

    fn open(
        groups: &[Group],
        open: impl Fn(&files::Root, &RelPath) -> Result<PrivateDir, Refusal>,
    ) -> Result<Self, Error> {
        let targets = groups.iter().flat_map(|group| &group.targets);
        let sorted: BTreeMap<PathBuf, &Target> =
            targets.map(|target| (target.dir.path().to_path_buf(), target)).collect();
        let mut dirs = BTreeMap::new();
        for (path, target) in sorted {
            let dir = open(&target.dir, &RelPath::default()).map_err(|why| target.refused(why))?;
            dirs.insert(path, dir);
        }
        Ok(Self(dirs))
    }

    fn of(&self, target: &Target) -> Result<&PrivateDir, Error> {
        self.0.get(target.dir.path()).ok_or_else(|| target.refused(Refusal::Changed))
    }
}

/// One file, ready to be written.
pub(super) struct Ready<'a> {
    pub(super) target: &'a Target,
    /// What is there; `None` for a new file.
    pub(super) held: Option<Held>,
    pub(super) filled: Filled,
    /// Whether its content differs from what is there.
    pub(super) changed: bool,
    /// Keys of the example that were added.
    pub(super) added: Vec<Option<Key>>,
    /// Keys of the example that it has not.
    pub(super) missing: Vec<Option<Key>>,
}

impl Target {
    fn refused(&self, why: Refusal) -> Error {
        Error::Refused { path: self.shown.clone(), why }
    }
}

/// Reads, plans and fills all files. Nothing is written.
pub(super) fn all<'a>(
    groups: &'a [Group],
    dirs: &Dirs,
    answers: &Answers,
    update: bool,
    around: &Surroundings,
) -> Result<Vec<Ready<'a>>, Error> {
    let mut ready = Vec::new();
    for group in groups {
        let mut opened = Vec::with_capacity(group.targets.len());
        for target in &group.targets {
            opened.push(Opened::read(target, dirs, update)?);
        }
        let (sources, rest): (Vec<_>, Vec<_>) = opened.into_iter().map(Opened::split).unzip();
        let plan = Plan::new(&sources, &others(group, around), &around.config);
        let plan = plan.map_err(|broken| group.broken(broken))?;
        let filled = fill(plan, sources, answers, &around.config, &mut SysRng).map_err(|error| match error {
            Unfilled::Random(_) => Error::Random,
            Unfilled::Fault(source, line, fault) => {
                group.broken(Broken { source, in_example: false, line: Some(line), fault })
            }
        })?;
        for ((target, rest), filled) in group.targets.iter().zip(rest).zip(filled) {
            let Rest { held, added, missing } = rest;
            let done = filled.done.iter().any(|(_, done)| *done != Done::Left);
            let changed = held.is_none() || done || !added.is_empty();
            read_back(target, &filled, around)?;
            if changed {
                // Now, while nothing is written, and not after the first file.
                dirs.of(target)?.admits(held.as_ref()).map_err(|why| target.refused(why))?;
            }
            ready.push(Ready { target, held, filled, changed, added, missing });
        }
    }
    Ok(ready)
}

/// Whether the programs that read the file read back what was filled in.
fn read_back(target: &Target, filled: &Filled, around: &Surroundings) -> Result<(), Error> {
    let Some(path) = &target.in_project else { return Ok(()) };
    let before = again(&target.example);
    let names: Vec<&[u8]> = filled.made.iter().map(String::as_bytes).collect();
    around.project.read_back(path, (&before, &filled.document), &names).map_err(|error| Error::EnvFile {
        path: target.shown.clone(),
        line: None,
        fault: error.into(),
    })
}

/// A file as it is there, or its example.
struct Opened<'a> {
    source: Source<'a>,
    rest: Rest,
}

struct Rest {
    held: Option<Held>,
    added: Vec<Option<Key>>,
    missing: Vec<Option<Key>>,
}

impl<'a> Opened<'a> {
    fn read(target: &'a Target, dirs: &Dirs, update: bool) -> Result<Self, Error> {
        let example = &target.example;
        let Some((text, held)) = dirs.of(target)?.read(&target.name).map_err(|why| target.refused(why))? else {
            let source = Source { base: again(example), fresh_from: 0, example };
            return Ok(Self { source, rest: Rest { held: None, added: Vec::new(), missing: Vec::new() } });
        };
        let mut base = Document::parse(text);
        let fresh_from = base.assignments().len();
        let missing = base.lacks(example);
        let keys = missing.iter().filter_map(|index| example.assignments().get(*index)).map(|one| one.key.clone());
        let keys: Vec<Option<Key>> = keys.collect();
        let (mut added, mut missing_keys) = (Vec::new(), keys);
        // A file that cannot be read whole is refused by the plan.
        if update && base.refusal().is_none() && example.refusal().is_none() {
            for index in &missing {
                let fault = Error::EnvFile { path: target.shown.clone(), line: None, fault: Fault::NotReadBack };
                base = base.append_from(example, *index).map_err(|_| fault)?;
            }
            added = std::mem::take(&mut missing_keys);
        }
        let rest = Rest { held: Some(held), added, missing: missing_keys };
        Ok(Self { source: Source { base, fresh_from, example }, rest })
    }

    fn split(self) -> (Source<'a>, Rest) {
        (self.source, self.rest)
    }
}

impl Group {
    fn broken(&self, broken: Broken) -> Error {
        let Broken { source, in_example, line, fault } = broken;
        let target = self.targets.get(source);
        let path = target.map(|target| if in_example { &target.example_shown } else { &target.shown });
        Error::EnvFile { path: path.cloned().unwrap_or_default(), line, fault }
    }
}

/// The other env files of the environment: what they have, the new ones get.
fn others<'a>(group: &Group, around: &'a Surroundings) -> Vec<&'a Document> {
    let is_target = |file: &ProjectFile| group.targets.iter().any(|one| one.in_project.as_ref() == Some(&file.path));
    let is_same = |file: &ProjectFile| match around.named(&file.path) {
        Some(named) => named == group.environment && around.deployment(&file.path) == group.deployment,
        // Plain files are of one host, unless they say that they are not.
        None => {
            let says = [file.environment, group.environment];
            let agree = says.contains(&Environment::Unknown) || file.environment == group.environment;
            if group.is_plain { agree } else { file.environment == group.environment }
        }
    };
    let fits =
        |file: &&ProjectFile| file.role == Role::Env && is_same(file) && !is_target(file) && !file.is_ciphertext();
    around.project.files.iter().filter(fits).filter_map(|file| file.document.as_ref()).collect()
}

impl Ready<'_> {
    /// Writes the file, if there is something to write: its content, its mode, its owner.
    pub(super) fn write(&self, dirs: &Dirs, owner: Option<Owner>) -> Result<(), Error> {
        let refused = |why| self.target.refused(why);
        let moves = |held: &Held| owner.is_some_and(|owner| owner != held.owner);
        if self.changed || self.held.as_ref().is_some_and(moves) {
            let dir = dirs.of(self.target)?;
            let text = self.filled.document.text();
            return dir.write(&self.target.name, text, self.held.as_ref(), owner).map_err(refused);
        }
        match &self.held {
            Some(held) if self.is_loose() => {
                let name = RelPath::new(self.target.name.as_slice());
                let set = files::set_mode(&self.target.dir, &name, 0o600, held.owner.uid);
                set.map_err(|error| refused(error.into()))
            }
            _ => Ok(()),
        }
    }

    /// The file, and the keys for which values were made, URLs with them.
    pub(super) fn made(&self) -> (PathBuf, Vec<Key>) {
        let made = self.filled.done.iter().filter(|(step, _)| self.filled.made.contains(&step.name));
        let path = self.target.dir.path().join(std::ffi::OsStr::from_bytes(&self.target.name));
        (path, made.filter_map(|(step, _)| step.key.clone()).collect())
    }

    /// Whether others can read what is there.
    pub(super) fn is_loose(&self) -> bool {
        self.held.as_ref().is_some_and(|held| held.mode & !0o600 != 0)
    }
}
