//! `docker compose`, as it is typed for a stack.

use std::path::Path;

use crate::docker::compose::Stack;
use crate::environment::Environment;
use crate::path::RelPath;
use crate::project::{Project, ReadPlace, Readers};
use crate::shell::for_shell;
use crate::system::System;

/// The command for a stack, up to the verb: with its files, unless Compose finds them by itself where one stands.
pub(super) fn command(stack: &Stack, root: &Path, system: &System) -> String {
    let base = stack.sources.first().map(|source| source.path.clone());
    let mut files: Vec<RelPath> = base.into_iter().chain([stack.named.clone()]).collect();
    files.dedup();
    if system.directory == stack.dir.under(root) && files.iter().all(is_usual) {
        return "docker compose".into();
    }
    let given = files.iter().map(|file| format!(" -f {}", shown(file, root, system)));
    format!("docker compose{}", given.collect::<String>())
}

/// A path of the project as a command takes it from where one stands.
pub(super) fn shown(file: &RelPath, root: &Path, system: &System) -> String {
    match root == system.directory {
        true => for_shell(file),
        false => for_shell(&RelPath::new(std::os::unix::ffi::OsStrExt::as_bytes(file.under(root).as_os_str()))),
    }
}

/// The commands that make every container again which has one of these secrets. `restart` would read no env file, and
/// Compose sees no change where a file is mounted or where only a value behind a variable of the host changed.
pub(super) fn recreate(project: &Project, places: &[ReadPlace], root: &Path, system: &System) -> Vec<String> {
    let all = gravest(project.readers(places), |readers| readers.stack);
    let command = |readers: &Readers<'_>| {
        let names: String =
            readers.services.iter().map(|name| format!(" {}", for_shell(&RelPath::from(*name)))).collect();
        format!("{} up -d --force-recreate{names}", command(readers.stack, root, system))
    };
    all.iter().map(command).collect()
}

/// Of the stacks that are one project of Compose, because they begin with the same file, the real thing alone.
pub(super) fn gravest<'a, T>(all: Vec<T>, stack: impl Fn(&T) -> &'a Stack) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for one in all {
        match kept.iter_mut().find(|known| is_one_project(stack(known), stack(&one))) {
            Some(known) if is_real(stack(&one)) || !is_real(stack(known)) => *known = one,
            Some(_) => {}
            None => kept.push(one),
        }
    }
    kept
}

fn is_real(stack: &Stack) -> bool {
    stack.environment == Environment::Production
}

/// Whether two stacks are the same containers with other files laid over.
pub(super) fn is_one_project(one: &Stack, other: &Stack) -> bool {
    let base = |stack: &Stack| stack.sources.first().map(|source| source.path.clone());
    one.dir == other.dir && base(one) == base(other)
}

/// Whether Compose finds a file of this name by itself.
fn is_usual(path: &RelPath) -> bool {
    let name = path.file_name();
    let stem = [b".yml".as_slice(), b".yaml"].iter().find_map(|end| name.strip_suffix(*end)).unwrap_or(name);
    matches!(stem, b"compose" | b"docker-compose" | b"compose.override" | b"docker-compose.override")
}
