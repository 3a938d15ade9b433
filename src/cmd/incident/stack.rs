//! Which stack's service is meant, where several have one of that name.

use std::path::Path;

use crate::cmd::compose::{gravest, is_one_project};
use crate::docker::compose::Stack;
use crate::engine::locate::Located;
use crate::error::Error;
use crate::path::RelPath;
use crate::problem::ProblemKind;
use crate::project::Project;
use crate::secret::Secret;
use crate::system::System;
use crate::terminal::Prompt;
use crate::text::sanitize;

/// The stack that the commands are for, and all that are laid over the same files. `-f`, the path and the directory
/// that one is in decide, in this order; else a person does.
pub(super) fn choose<'a>(
    project: &'a Project,
    service: &str,
    (file, path): (Option<&Path>, Option<&Path>),
    located: &Located,
    system: &System,
) -> Result<(&'a Stack, Vec<&'a Stack>), Error> {
    // Who names the file of a stack that another one includes means that stack.
    let is_named = file.is_some() || project.stacks.iter().any(|stack| stack.named == located.below);
    let started: Vec<&Stack> = match is_named {
        true => project.stacks.iter().collect(),
        false => project.started().collect(),
    };
    let has: Vec<&Stack> = started.into_iter().filter(|stack| stack.service(service).is_some()).collect();
    if has.is_empty() {
        // The service may be in a compose file that could not be read.
        let unread = project.problems.iter().find(|problem| problem.kind == ProblemKind::BrokenCompose);
        return Err(unread.cloned().map_or(Error::NoSuchService, Error::from));
    }
    let asked: Vec<&Stack> = match (file, path) {
        (Some(file), _) => of_file(&has, file, located, system),
        (None, Some(_)) => near(&has, &located.below),
        (None, None) => {
            let here = RelPath::below(&located.root, &system.directory).unwrap_or_default();
            above(&has, &here).unwrap_or_else(|| has.clone())
        }
    };
    let left = gravest(asked, |stack| *stack);
    let chosen = match left.as_slice() {
        [] => return Err(Error::NoSuchService),
        [one] => *one,
        several => ask(several)?,
    };
    let family = has.into_iter().filter(|stack| is_one_project(stack, chosen)).collect();
    Ok((chosen, family))
}

/// The one whose last file is named, else those that have the file.
fn of_file<'a>(all: &[&'a Stack], file: &Path, located: &Located, system: &System) -> Vec<&'a Stack> {
    let full = system.directory.join(file);
    let full = full.canonicalize().unwrap_or(full);
    let Some(path) = RelPath::below(&located.root, &full) else { return Vec::new() };
    let is_last = |stack: &&&Stack| stack.named == path;
    let has = |stack: &&&Stack| stack.sources.iter().any(|source| source.path == path);
    match all.iter().copied().find(|stack| is_last(&stack)) {
        Some(stack) => vec![stack],
        None => all.iter().filter(has).copied().collect(),
    }
}

/// Those of a directory, else those below it, else those of the nearest directory above; of a compose file its own.
fn near<'a>(all: &[&'a Stack], path: &RelPath) -> Vec<&'a Stack> {
    let only = |is_it: &dyn Fn(&Stack) -> bool| -> Option<Vec<&'a Stack>> {
        let found: Vec<&Stack> = all.iter().copied().filter(|stack| is_it(stack)).collect();
        (!found.is_empty()).then_some(found)
    };
    only(&|stack| stack.named == *path)
        .or_else(|| only(&|stack| stack.dir == *path))
        .or_else(|| only(&|stack| stack.dir.strip_dir(path).is_some()))
        .or_else(|| above(all, path))
        .unwrap_or_default()
}

/// Those of the nearest directory upward that has any, as Compose looks for its files.
fn above<'a>(all: &[&'a Stack], path: &RelPath) -> Option<Vec<&'a Stack>> {
    let mut dir = path.clone();
    loop {
        let found: Vec<&Stack> = all.iter().copied().filter(|stack| stack.dir == dir).collect();
        if !found.is_empty() {
            return Some(found);
        }
        if dir.is_root() {
            return None;
        }
        dir = dir.parent();
    }
}

/// Asks at the terminal; without one nobody is guessed.
fn ask<'a>(several: &[&'a Stack]) -> Result<&'a Stack, Error> {
    let names: Vec<RelPath> = several.iter().map(|stack| stack.named.clone()).collect();
    let unclear = || Error::SeveralStacks(names.clone());
    let mut prompt = Prompt::open().map_err(|_| unclear())?;
    let list: String =
        names.iter().enumerate().map(|(at, name)| format!("{}. {}\n", at + 1, sanitize(name.as_bytes()))).collect();
    let answer = prompt.open_line(&format!("{list}which stack? [1-{}]", names.len())).map_err(|_| unclear())?;
    number(&answer).and_then(|at| several.get(at.checked_sub(1)?)).copied().ok_or_else(unclear)
}

#[expect(clippy::disallowed_methods, reason = "an answer, typed where it is seen")]
fn number(answer: &Secret) -> Option<usize> {
    std::str::from_utf8(answer.expose()).ok()?.trim().parse().ok()
}
