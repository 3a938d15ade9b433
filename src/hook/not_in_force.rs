//! Hooks that were put in place, and that git does not run.

use std::path::{Path, PathBuf};

use super::script::{ALL, Script};
use crate::files::Root;
use crate::git::{HooksDir, Repository};
use crate::hook::installed::{Found, Place};
use crate::path::RelPath;

/// Why git does not run them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// `core.hooksPath` is empty: git runs no hook at all.
    EmptyPath,
    /// `core.hooksPath` leads to another directory than the one in which they are.
    OtherDirectory,
    /// The file is not executable.
    NotExecutable,
    /// Another hook was written over ours.
    Replaced,
    /// Others of ours are there.
    Missing,
    /// A file of the project calls envward, and this clone has no hook that leads to it.
    NotSetUp,
}

impl Reason {
    /// What is wrong, and what to do.
    #[must_use]
    pub fn said(self) -> (&'static str, &'static str) {
        match self {
            Self::EmptyPath => (
                "core.hooksPath is empty, so git runs no hooks",
                "remove the setting, with --global if it is in your own configuration: git config --unset core.hooksPath",
            ),
            Self::OtherDirectory => {
                ("core.hooksPath names another directory, so git does not run envward's hooks", "envward hook install")
            }
            Self::NotExecutable => ("this hook is not executable, so git does not run it", "envward hook install"),
            Self::Replaced => ("another tool has replaced envward's hook", "envward hook install"),
            Self::Missing => ("envward's other hooks are installed, but this hook is missing", "envward hook install"),
            Self::NotSetUp => (
                "this file calls envward, but this clone has no pre-commit hook",
                "install the project's hooks, or run: envward hook install",
            ),
        }
    }
}

/// Hooks that git does not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lapse {
    /// Why.
    pub reason: Reason,
    /// Where to look: the configuration file with `core.hooksPath`, else the hook, else the file that calls envward.
    pub place: PathBuf,
}

/// The hooks that judge what becomes public; the others only tell.
const GUARDS: [&str; 3] = ["pre-commit", "pre-merge-commit", "pre-push"];

/// Files of a project in which hooks are written down, to be set up in each clone.
const WRITTEN_DOWN: [&str; 7] = [
    ".husky/pre-commit",
    ".githooks/pre-commit",
    ".pre-commit-config.yaml",
    ".pre-commit-config.yml",
    "lefthook.yml",
    "lefthook.yaml",
    ".lefthook.yml",
];

impl Lapse {
    /// What is wrong with the hooks of a repository, by the configuration in files; `None` where the hooks are in force, and
    /// where nobody ever wanted them. What cannot be read is nobody's hook.
    #[must_use]
    pub fn of(repository: &Repository) -> Option<Self> {
        let HooksDir { dir, said_in } = repository.hooks_dir();
        let default = repository.common_dir().join("hooks");
        let guards = || ALL.iter().filter(|script| GUARDS.contains(&script.name));
        let here = dir.as_deref().filter(|dir| dir.parent().is_some());
        let is_in_force = here.is_some_and(|dir| guards().any(|script| state(dir, script) == State::InForce));
        let lapsed = here.and_then(|dir| guards().find_map(|script| lapse(dir, script, is_in_force)));
        let elsewhere = || {
            let is_wanted = here != Some(&*default) && guards().any(|script| state(&default, script) == State::InForce);
            let reason = if here.is_some() { Reason::OtherDirectory } else { Reason::EmptyPath };
            said_in.filter(|_| is_wanted && !is_in_force).map(|place| Self { reason, place })
        };
        lapsed.or_else(elsewhere).or_else(|| not_set_up(repository.workdir()?, here))
    }
}

/// Whether git runs envward in a repository before a commit or a push.
#[must_use]
pub fn is_in_force(repository: &Repository) -> bool {
    let dir = repository.hooks_dir().dir;
    let guards = || ALL.iter().filter(|script| GUARDS.contains(&script.name));
    dir.is_some_and(|dir| guards().any(|script| state(&dir, script) == State::InForce))
}

/// The program that our hooks in a repository start, where they name one.
#[must_use]
pub fn program(repository: &Repository) -> Option<PathBuf> {
    let dir = repository.hooks_dir().dir?;
    ALL.iter().filter(|script| GUARDS.contains(&script.name)).find_map(|script| {
        match Place::new(&dir, script).found(script) {
            Ok(Found::Ours(text)) => Script::program(&text),
            _ => None,
        }
    })
}

/// What is known of one hook in one directory.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// git runs it, and it is envward's or leads to it.
    InForce,
    /// It would, if git ran it.
    NotExecutable,
    /// Another one stands where ours was.
    Replaced,
    /// None, and no trace of one.
    Absent,
    /// Somebody else's.
    Foreign,
}

fn state(dir: &Path, script: &Script) -> State {
    let place = Place::new(dir, script);
    match place.found(script) {
        Ok(Found::Ours(_) | Found::Calling | Found::Behind) if place.is_executable() => State::InForce,
        Ok(Found::Ours(_) | Found::Calling | Found::Behind) => State::NotExecutable,
        Ok(Found::Nothing) if !place.has_before() => State::Absent,
        Ok(Found::Nothing | Found::Foreign | Found::Named(_)) if place.has_before() => State::Replaced,
        _ => State::Foreign,
    }
}

/// What is wrong with one hook, in the directory in which git looks.
fn lapse(dir: &Path, script: &Script, others_are_in_force: bool) -> Option<Lapse> {
    let reason = match state(dir, script) {
        State::NotExecutable => Reason::NotExecutable,
        State::Replaced => Reason::Replaced,
        // Anyone who wants a check before a push alone has a choice; our own installation has all of them.
        State::Absent if others_are_in_force && is_installed(dir) => Reason::Missing,
        _ => return None,
    };
    Some(Lapse { reason, place: dir.join(script.name) })
}

/// Whether `hook install` was here, and not somebody's own call of envward.
fn is_installed(dir: &Path) -> bool {
    ALL.iter().any(|script| matches!(Place::new(dir, script).found(script), Ok(Found::Ours(_))))
}

/// The file of the work tree that calls envward before a commit, where git has no hook then.
fn not_set_up(top: &Path, hooks: Option<&Path>) -> Option<Lapse> {
    let [pre_commit, ..] = &ALL;
    if hooks.is_some_and(|dir| Place::new(dir, pre_commit).is_executable()) {
        return None;
    }
    let root = Root::open(top).ok()?;
    let names_it = |line: &[u8]| matches!(line.trim_ascii(), b"- id: envward" | b"id: envward");
    let calls = |text: &[u8]| pre_commit.is_called_by(text) || text.split(|byte| *byte == b'\n').any(names_it);
    let is_caller = |name: &&str| root.read(&RelPath::from(*name)).ok().flatten().is_some_and(|text| calls(&text));
    let name = WRITTEN_DOWN.iter().find(|name| is_caller(name))?;
    Some(Lapse { reason: Reason::NotSetUp, place: top.join(name) })
}
