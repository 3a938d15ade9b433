//! Hooks that were put in place, and that git does not run.

use std::path::{Path, PathBuf};

use super::call::Call;
use super::script::{ALL, Script};
use super::site::{self, Site};
use super::tool;
use crate::git::{HooksDir, Repository};
use crate::hook::installed::Found;

/// Why git does not run them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// `core.hooksPath` is empty: git runs no hook at all.
    EmptyPath,
    /// `core.hooksPath` names something that is no directory, such as `/dev/null`: git runs no hook at all.
    NoDirectory,
    /// `core.hooksPath` leads to another directory than the one in which they are.
    OtherDirectory,
    /// The file is not executable.
    NotExecutable,
    /// Another hook was written over ours.
    Replaced,
    /// Others of ours are there, and this one, which is not ours, does not call envward.
    NotCalling,
    /// Others of ours are there.
    Missing,
    /// A file of the project calls envward, and this clone has no hook that leads to it: the command that sets it up.
    NotSetUp(&'static str),
}

const UNSET: &str =
    "remove the setting, with --global if it is in your own configuration: git config --unset core.hooksPath";

impl Reason {
    /// What is wrong, and what to do.
    #[must_use]
    pub fn said(self) -> (&'static str, &'static str) {
        match self {
            Self::EmptyPath => ("core.hooksPath is empty, so git runs no hooks", UNSET),
            Self::NoDirectory => ("core.hooksPath does not name a directory, so git runs no hooks", UNSET),
            Self::OtherDirectory => {
                ("core.hooksPath names another directory, so git does not run envward's hooks", "envward hook install")
            }
            Self::NotExecutable => ("this hook is not executable, so git does not run it", "envward hook install"),
            Self::Replaced => ("another tool has replaced envward's hook", "envward hook install"),
            Self::NotCalling => ("this hook does not run envward", "see which line to add to it: envward hook status"),
            Self::Missing => ("envward's other hooks are installed, but this hook is missing", "envward hook install"),
            Self::NotSetUp(command) => ("this file calls envward, but this clone has no pre-commit hook", command),
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

impl Lapse {
    /// What is wrong with the hooks of a repository, by the configuration in files; `None` where the hooks are in force, and
    /// where nobody ever wanted them. What cannot be read is nobody's hook.
    #[must_use]
    pub fn of(repository: &Repository) -> Option<Self> {
        let HooksDir { dir, said_in } = repository.hooks_dir();
        let default = repository.common_dir().join("hooks");
        let here = dir.as_deref().filter(|dir| dir.parent().is_some());
        let in_force = here.map(|dir| Force::of(repository, dir)).unwrap_or_default();
        let lapsed = here.and_then(|dir| {
            let site = Site::of(repository, dir.to_path_buf());
            guards().find_map(|script| lapse(&site, script, in_force.is_any()))
        });
        let elsewhere = || {
            let is_wanted = here != Some(&*default) && Force::of(repository, &default).is_any();
            let reason = match here {
                None => Reason::EmptyPath,
                Some(dir) if site::is_no_directory(dir) => Reason::NoDirectory,
                Some(_) => Reason::OtherDirectory,
            };
            said_in.filter(|_| is_wanted && !in_force.is_any()).map(|place| Self { reason, place })
        };
        lapsed.or_else(elsewhere).or_else(|| not_set_up(repository, here))
    }
}

/// Before what git runs envward.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Force {
    /// Before a commit.
    pub commit: bool,
    /// Before a push.
    pub push: bool,
}

impl Force {
    /// By the hooks in a directory.
    fn of(repository: &Repository, dir: &Path) -> Self {
        let site = Site::of(repository, dir.to_path_buf());
        let mut force = Self::default();
        for script in guards().filter(|script| state(&site, script) == State::InForce) {
            match script.name {
                "pre-push" => force.push = true,
                "pre-commit" => force.commit = true,
                _ => {}
            }
        }
        force
    }

    fn is_any(self) -> bool {
        self.commit || self.push
    }

    /// The words for it; `None` where git runs envward before neither.
    #[must_use]
    pub fn said(self) -> Option<&'static str> {
        match (self.commit, self.push) {
            (true, true) => Some("git runs envward before each commit and each push"),
            (true, false) => Some("git runs envward before each commit, but not before a push"),
            (false, true) => Some("git runs envward before each push, but not before a commit"),
            (false, false) => None,
        }
    }
}

/// Before what git runs envward in a repository.
#[must_use]
pub fn force(repository: &Repository) -> Force {
    repository.hooks_dir().dir.map(|dir| Force::of(repository, &dir)).unwrap_or_default()
}

/// The file of somebody else's that `hook install` leaves as it is, and that must call envward before a commit.
#[must_use]
pub fn not_calling(repository: &Repository) -> Option<PathBuf> {
    let [pre_commit, ..] = &ALL;
    match Site::of(repository, repository.hooks_dir().dir?).found(pre_commit) {
        Ok(Found::Named(hook)) => Some(hook),
        _ => None,
    }
}

/// The line for that file; `program` is the word by which a shell finds envward.
#[must_use]
pub fn call_before_commit(file: PathBuf, program: &str) -> Call {
    let [pre_commit, ..] = &ALL;
    Call::new(pre_commit, file, program)
}

/// The program that our hooks in a repository start, where they name one.
#[must_use]
pub fn program(repository: &Repository) -> Option<PathBuf> {
    let site = Site::of(repository, repository.hooks_dir().dir?);
    guards().find_map(|script| match site.found(script) {
        Ok(Found::Ours(text)) => Script::program(&text),
        _ => None,
    })
}

fn guards() -> impl Iterator<Item = &'static Script> {
    ALL.iter().filter(|script| GUARDS.contains(&script.name))
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
    /// Somebody else's, which keeps its name.
    Named,
}

fn state(site: &Site<'_>, script: &Script) -> State {
    let place = site.place(script);
    match site.found(script) {
        Ok(Found::Ours(_) | Found::Calling | Found::Behind | Found::Through(_)) => match place.is_executable() {
            true => State::InForce,
            false => State::NotExecutable,
        },
        Ok(Found::Nothing | Found::Foreign | Found::Named(_)) if place.has_before() => State::Replaced,
        Ok(Found::Nothing | Found::NotWritten) => State::Absent,
        Ok(Found::Named(_)) => State::Named,
        _ => State::Foreign,
    }
}

/// What is wrong with one hook, in the directory in which git looks.
fn lapse(site: &Site<'_>, script: &Script, others_are_in_force: bool) -> Option<Lapse> {
    // Anyone who wants a check before a push alone has a choice; our own installation has all of them.
    let is_ours = || others_are_in_force && is_installed(site);
    let reason = match state(site, script) {
        State::NotExecutable => Reason::NotExecutable,
        State::Replaced => Reason::Replaced,
        State::Absent if is_ours() => Reason::Missing,
        State::Foreign if is_ours() => Reason::Replaced,
        State::Named if is_ours() => Reason::NotCalling,
        _ => return None,
    };
    Some(Lapse { reason, place: site.dir.join(script.name) })
}

/// Whether `hook install` was here, and not somebody's own call of envward.
fn is_installed(site: &Site<'_>) -> bool {
    ALL.iter().any(|script| matches!(site.found(script), Ok(Found::Ours(_))))
}

/// The file of the work tree that calls envward before a commit, where git has no hook then.
fn not_set_up(repository: &Repository, hooks: Option<&Path>) -> Option<Lapse> {
    let ([pre_commit, ..], top) = (&ALL, repository.workdir()?);
    if hooks.is_some_and(|dir| Site::of(repository, dir.to_path_buf()).place(pre_commit).is_executable()) {
        return None;
    }
    let (name, command) = tool::written_down(pre_commit, top)?;
    Some(Lapse { reason: Reason::NotSetUp(command), place: top.join(name) })
}
