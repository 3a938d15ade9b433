//! `envward generate`: one secret, to standard output or into one key of an env file.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rand::rngs::SysRng;

use super::output::lost;
use crate::cli::{Generate, To};
use crate::config::Config;
use crate::engine::locate::parent;
use crate::engine::{readers, rotation};
use crate::env::names::{self, Role};
use crate::env::{Document, EditError, Key};
use crate::error::Error;
use crate::files::{PrivateDir, Root};
use crate::git::Repository;
use crate::path::RelPath;
use crate::policy::Status;
use crate::secret::Secret;
use crate::secret::generate::{Alphabet, LEAST_BITS, LONGEST, Recipe};
use crate::shell::for_shell;
use crate::system::System;
use crate::template::{self, Fault};
use crate::terminal;
use crate::text::sanitize;

/// The most values in one run: one is meant, a batch is thinkable, and a slip of the finger should end.
const MOST: usize = 10_000;

/// Runs it.
pub(super) fn run(make: &Generate, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let (recipe, to) = match make {
        Generate::Hex { bytes, to } => (Recipe::hex(*bytes), to),
        Generate::Password { length, alphabet, to } => (Recipe::new(Alphabet::from(*alphabet), *length), to),
    };
    let recipe = recipe.ok_or(Error::TooLong(LONGEST))?;
    if recipe.bits() < LEAST_BITS && !to.allow_weak {
        return Err(Error::WeakValue(recipe.bits()));
    }
    match to.into.as_deref() {
        Some([file, key]) => into(file, key, recipe, to, system, out),
        Some(_) => Err(Error::usage("--into takes a file and a key", "such as --into .env DB_PASSWORD")),
        None => print(recipe, to.count, out),
    }
}

fn print(recipe: Recipe, count: usize, out: &mut dyn Write) -> Result<Status, Error> {
    if !(1..=MOST).contains(&count) {
        return Err(Error::usage("--count takes a number from 1 to 10000", "such as --count 10"));
    }
    out.flush().map_err(|error| lost(&error))?;
    for _ in 0..count {
        let value = recipe.make(&mut SysRng).map_err(|_| Error::Random)?;
        terminal::hand_over(&value).map_err(|error| lost(&error))?;
    }
    Ok(Status::Clean)
}

fn into(
    file: &Path,
    key: &Path,
    recipe: Recipe,
    to: &To,
    system: &System,
    out: &mut dyn Write,
) -> Result<Status, Error> {
    let broken = |line, fault| Error::EnvFile { path: file.to_path_buf(), line, fault };
    let key = Key::everywhere(key.as_os_str().as_bytes()).ok_or_else(|| broken(None, Fault::BadKey))?;
    let (root, name) = parent(file, system)?;
    if matches!(names::role(&name), Some(Role::Template)) {
        return Err(broken(None, Fault::Example));
    }
    let refused = |why| Error::Refused { path: file.to_path_buf(), why };
    let whole = root.path().join(OsStr::from_bytes(&name));
    // Before the lock, which others wait for: the whole project is examined.
    let none_in_use = match to.replace {
        true => Ok(()),
        false => rotation::none_in_use(&[(whole.clone(), vec![key.clone()])], "envward generate … --replace", system),
    };
    let project = readers::project_of(&whole, system)?;
    let dir = PrivateDir::lock(&root, &RelPath::default()).map_err(refused)?;
    let (text, held) = match dir.read(&name).map_err(refused)? {
        Some((text, held)) => (text, Some(held)),
        None => (Secret::default(), None),
    };
    let document = Document::parse(text);
    let value = recipe.make(&mut SysRng).map_err(|_| Error::Random)?;
    let edited = put(&document, &key, &value, to.replace).map_err(|(line, fault)| broken(line, fault))?;
    if let Some((project, path)) = &project {
        let names = [key.as_str().as_bytes()];
        let read_back = project.read_back(path, (&document, &edited), &names);
        read_back.map_err(|error| broken(None, Fault::from(error)))?;
    }
    none_in_use?;
    dir.write(&name, edited.text(), held.as_ref(), None).map_err(refused)?;
    rotation::made(&[(whole, vec![key.clone()])], "generate", system);
    let shown = sanitize(file.as_os_str().as_bytes());
    let mut done = format!("{key} in {shown}: new value, {} bits\n", recipe.bits());
    match care_of_git(&root, &name) {
        GitCare::Tracks => {
            done += &format!(
                "warning: git tracks {shown}, so the next commit may publish the new value; to untrack it: git rm --cached -f {}\n",
                for_shell(&RelPath::new(file.as_os_str().as_bytes()))
            );
        }
        GitCare::WouldAdd => {
            done += &format!("git does not ignore {shown}; to add it to .gitignore: envward check --fix\n");
        }
        GitCare::Ignores => {}
    }
    out.write_all(done.as_bytes()).map_err(|error| lost(&error))?;
    Ok(Status::Clean)
}

/// What git does with a file that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GitCare {
    /// Nothing, or nobody can say: then `check` says it.
    Ignores,
    /// `git add .` takes it.
    WouldAdd,
    /// `git commit -a` takes every change of it.
    Tracks,
}

/// What git does with this file.
pub(super) fn care_of_git(dir: &Root, name: &[u8]) -> GitCare {
    let Ok(Some(repository)) = Repository::discover(dir.path()) else { return GitCare::Ignores };
    let Some(below) = repository.workdir().and_then(|top| RelPath::below(top, dir.path())) else {
        return GitCare::Ignores;
    };
    let path = below.join(name);
    if repository.index(None).is_ok_and(|index| index.iter().any(|entry| entry.path == path)) {
        return GitCare::Tracks;
    }
    match repository.is_ignored(&path) {
        Ok(false) => GitCare::WouldAdd,
        Ok(true) | Err(_) => GitCare::Ignores,
    }
}

type Located = (Option<std::num::NonZeroU32>, Fault);

/// The file with the value behind its key, which is added where it is not there.
fn put(document: &Document, key: &Key, value: &Secret, replace: bool) -> Result<Document, Located> {
    if document.cipher().is_some() {
        return Err((None, Fault::Encrypted));
    }
    let places = document.places(key.as_str());
    let unreadable = |line| move |error: EditError| (line, Fault::from(error));
    match places.as_slice() {
        [] => document.append(key.as_str(), value).map_err(unreadable(None)),
        [index] => {
            let Some(assignment) = document.assignments().get(*index) else { return Err((None, Fault::NotReadBack)) };
            let open = template::state(document, assignment, &Config::default()).is_open();
            if !open && !replace {
                return Err((Some(assignment.line), Fault::Filled(Some(key.clone()))));
            }
            template::put(document, *index, value).map_err(unreadable(Some(assignment.line)))
        }
        [_, again, ..] => {
            let line = document.assignments().get(*again).map(|one| one.line);
            Err((line, Fault::Twice(Some(key.clone()))))
        }
    }
}
