//! The compose files of the work tree: which of them are loaded together, and what for.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::compose::{Failure, FaultKind, Files, Location, Request, Stack, locate};
use crate::config::Config;
use crate::env::Document;
use crate::environment::Environment;
use crate::files::Root;
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::secret::Secret;

/// The names that Compose looks for, in its order, without `.yaml` and `.yml`; the override's behind them.
const BASES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const OVERRIDES: [&str; 4] =
    ["compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"];

/// Whether a file of this name is a compose file: `compose.yaml`, `docker-compose.prod.yml`, `dev.compose.yml`.
#[must_use]
pub fn is_compose_file(name: &[u8]) -> bool {
    let Ok(name) = std::str::from_utf8(name) else { return false };
    let name = name.to_ascii_lowercase();
    let Some(stem) = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml")) else { return false };
    let mut parts = stem.split(['.', '-', '_']);
    // One that is to be copied first is nobody's yet.
    let is_template = parts.clone().any(|part| matches!(part, "example" | "sample" | "template" | "tmpl" | "dist"));
    parts.any(|part| part == "compose") && !is_template
}

/// Loads every set of some compose files.
pub(super) fn stacks(root: &Root, files: &[RelPath], config: &Config, problems: &mut Vec<Problem>) -> Vec<Stack> {
    let mut by_dir: BTreeMap<RelPath, Vec<&RelPath>> = BTreeMap::new();
    for path in files {
        by_dir.entry(path.parent()).or_default().push(path);
    }
    let mut disk = Disk { root, problems, documents: BTreeMap::new() };
    let mut stacks = Vec::new();
    for (dir, paths) in by_dir {
        of_dir(&dir, &paths, config, &mut disk, &mut stacks);
    }
    stacks
}

fn of_dir(dir: &RelPath, paths: &[&RelPath], config: &Config, disk: &mut Disk<'_>, stacks: &mut Vec<Stack>) {
    let named = |names: &[&str]| -> Option<RelPath> {
        let path = names.iter().map(|name| dir.join(name.as_bytes())).find(|path| paths.contains(&path))?;
        Some(path)
    };
    let base = named(&BASES);
    let usual = compose_file(dir, disk).unwrap_or_else(|| base.iter().cloned().chain(named(&OVERRIDES)).collect());
    let first = stacks.len();
    let load = |files: Vec<RelPath>, disk: &mut Disk<'_>| {
        let environment = environment_of(&files, config);
        let request = Request { files, dir: dir.clone() };
        match Stack::load(&request, disk, environment) {
            Ok(stack) => Some(stack),
            Err(failure) => {
                disk.problems.push(problem(&failure));
                None
            }
        }
    };
    if !usual.is_empty() {
        stacks.extend(load(usual.clone(), disk));
    }
    for path in paths.iter().filter(|path| !usual.contains(path)) {
        // What lacks the images of its services is laid over the base; what has them all stands for itself.
        let Some(alone) = load(vec![(*path).clone()], disk) else { continue };
        if alone.services().next().is_none() {
            continue;
        }
        let over = base.clone().filter(|base| base != *path && alone.is_partial());
        stacks.push(match over.and_then(|base| load(vec![base, (*path).clone()], disk)) {
            Some(stack) => stack,
            None => alone,
        });
    }
    // Where the base has a production file of its own, without it the base is a developer's.
    let base = usual.first();
    let is_production = |stack: &Stack| {
        stack.environment == Environment::Production && stack.sources.first().map(|source| &source.path) == base
    };
    let Some((usual, others)) = stacks.get_mut(first..).and_then(<[Stack]>::split_first_mut) else { return };
    if others.iter().any(is_production) && said(&usual.named, config).is_none() {
        usual.environment = Environment::Development;
    }
}

/// `COMPOSE_FILE` of the directory's `.env`: Compose then asks for no other file.
fn compose_file(dir: &RelPath, disk: &mut Disk<'_>) -> Option<Vec<RelPath>> {
    let document = disk.variables(&dir.join(b".env"))?;
    let value = |name: &str| -> Option<String> {
        let index = document.places(name).last().copied()?;
        #[expect(clippy::disallowed_methods, reason = "names of compose files are no secret")]
        let value = document.assignments().get(index)?.value.expose();
        std::str::from_utf8(value).ok().filter(|value| !value.is_empty()).map(str::to_owned)
    };
    let separator = value("COMPOSE_PATH_SEPARATOR").unwrap_or_else(|| ":".into());
    let files = value("COMPOSE_FILE")?;
    let below = files.split(separator.as_str()).filter_map(|file| match locate(dir, file) {
        Location::Below(path) => Some(path),
        _ => None,
    });
    Some(below.collect())
}

/// What a stack is for: what the configuration says of its last file, else a word of its name or of a directory; else
/// it is the real thing.
fn environment_of(files: &[RelPath], config: &Config) -> Environment {
    files.last().and_then(|path| said(path, config)).unwrap_or(Environment::Production)
}

fn said(path: &RelPath, config: &Config) -> Option<Environment> {
    let text = String::from_utf8_lossy(path.as_bytes()).into_owned();
    let (dirs, name) = text.rsplit_once('/').unwrap_or(("", &text));
    let by_name = || name.split(['.', '-', '_']).find_map(Environment::from_word);
    let by_dir = || {
        dirs.rsplit('/').find_map(|dir| match dir {
            ".devcontainer" | "devenv" => Some(Environment::Development),
            // Of a longer name only what makes it less: `dev-postgres`, and not `live-chat`.
            dir => Environment::from_word(dir).or_else(|| {
                let mut words = dir.split(['.', '-', '_']).filter_map(Environment::from_word);
                words.find(|word| matches!(word, Environment::Development | Environment::Test))
            }),
        })
    };
    config.environment_of(path).or_else(by_name).or_else(by_dir)
}

fn problem(failure: &Failure) -> Problem {
    let kind = match failure.fault.kind {
        FaultKind::TooMuch => ProblemKind::TooLarge,
        _ => ProblemKind::BrokenCompose,
    };
    Problem::at(kind, failure.path.clone())
}

/// The files below the project root.
struct Disk<'a> {
    root: &'a Root,
    problems: &'a mut Vec<Problem>,
    documents: BTreeMap<RelPath, Option<Arc<Document>>>,
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
        ] {
            assert!(!is_compose_file(name.as_bytes()), "{name}");
        }
    }
}
