//! Which env files are made, and from which examples.

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::Surroundings;
use crate::cli::Init;
use crate::engine::locate;
use crate::env::Document;
use crate::env::names::{self, Role};
use crate::environment::Environment;
use crate::error::Error;
use crate::files::Root;
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::project::ProjectFile;
use crate::secret::Secret;
use crate::system::System;
use crate::template::{SHIPPED, Shipped};

/// One env file to be made.
pub(super) struct Target {
    /// What it is called on the screen.
    pub(super) shown: PathBuf,
    /// What its example is called.
    pub(super) example_shown: PathBuf,
    /// Its example.
    pub(super) example: Document,
    /// Its directory.
    pub(super) dir: Root,
    /// Its name there.
    pub(super) name: Vec<u8>,
    /// Where it is in the project, if it is.
    pub(super) in_project: Option<RelPath>,
}

/// The files of one environment: a key of one name has one value in all of them.
pub(super) struct Group {
    pub(super) environment: Environment,
    /// Which deployment of it the names say.
    pub(super) deployment: &'static str,
    /// Whether the names of all of them say nothing: `.env`, `backend/.env`.
    pub(super) is_plain: bool,
    pub(super) targets: Vec<Target>,
}

/// The files that are asked for, by environment.
pub(super) fn find(args: &Init, around: &Surroundings, system: &System) -> Result<Vec<Group>, Error> {
    if let Some(name) = &args.template {
        let shipped = SHIPPED.iter().find(|one| one.name == name).ok_or(Error::NoSuchTemplate)?;
        return Ok(vec![from_shipped(shipped, args, around, system)?]);
    }
    let examples = examples(args, around);
    if examples.is_empty() {
        let place = args.path.clone().unwrap_or_else(|| PathBuf::from("."));
        return Err(Error::NoExample(place, args.environment.map(Environment::from)));
    }
    if let (Some(output), [one, other, ..]) = (&args.output, examples.as_slice()) {
        return Err(Error::TwoExamples(shown(one, around, system), shown(other, around, system), output.clone()));
    }
    let mut groups: BTreeMap<Place, Vec<Target>> = BTreeMap::new();
    let all_plain = examples.iter().all(|file| around.named(&file.path).is_none());
    for file in examples {
        let target = Target::of(file, args, around, system)?;
        let place = match (args.environment, around.named(&file.path)) {
            (Some(asked), _) => (all_plain, asked.into(), around.deployment(&file.path)),
            (None, Some(named)) => (false, named, around.deployment(&file.path)),
            (None, None) => (true, file.environment, ""),
        };
        groups.entry(place).or_default().push(target);
    }
    join_silent(&mut groups);
    let group = |((is_plain, environment, deployment), targets)| Group { environment, deployment, is_plain, targets };
    let groups: Vec<Group> = groups.into_iter().map(group).collect();
    match twins(&groups) {
        Some((one, other)) => {
            Err(Error::TwoExamples(one.example_shown.clone(), other.example_shown.clone(), one.shown.clone()))
        }
        None => Ok(groups),
    }
}

/// Whether the names say nothing, the environment, and which deployment of it.
type Place = (bool, Environment, &'static str);

/// Plain files of which only some set NODE_ENV or the like are of one deployment. Where they set different ones, those
/// that set none stay by themselves.
fn join_silent(groups: &mut BTreeMap<Place, Vec<Target>>) {
    const SILENT: Place = (true, Environment::Unknown, "");
    let loud: Vec<Place> = groups.keys().filter(|place| place.0 && **place != SILENT).copied().collect();
    let [place] = loud.as_slice() else { return };
    let silent = groups.remove(&SILENT).unwrap_or_default();
    groups.entry(*place).or_default().extend(silent);
}

/// Two targets that are the same file.
fn twins(groups: &[Group]) -> Option<(&Target, &Target)> {
    let all: Vec<&Target> = groups.iter().flat_map(|group| &group.targets).collect();
    let is_same = |one: &Target, other: &Target| one.name == other.name && one.dir.path() == other.dir.path();
    all.iter().enumerate().find_map(|(at, one)| {
        let other = all.get(at + 1..)?.iter().find(|other| is_same(one, other))?;
        Some((*one, *other))
    })
}

/// The examples that are asked for: one that is named, else those below the directory, of an environment where the
/// directory that they are in has any of it.
fn examples<'a>(args: &Init, around: &'a Surroundings) -> Vec<&'a ProjectFile> {
    let located = &around.located;
    if located.is_file {
        return around.files().filter(|file| file.path == located.below).collect();
    }
    let is_example = |file: &&ProjectFile| {
        let inside = file.path.strip_dir(&located.below).is_some();
        let role = file.role == Role::Template && file.link.is_none();
        inside && role && (args.output.is_some() || names::env_file_of(file.path.file_name()).is_some())
    };
    let all: Vec<&ProjectFile> = around.project.files.iter().filter(is_example).collect();
    let Some(wanted) = args.environment.map(Environment::from) else { return all };
    let named = |file: &ProjectFile| around.project.environment_by_name(file);
    let fits = |file: &&&ProjectFile| match named(file) {
        Some(environment) => environment == wanted,
        None => !all.iter().any(|other| other.path.parent() == file.path.parent() && named(other) == Some(wanted)),
    };
    all.iter().filter(fits).copied().collect()
}

impl Target {
    fn of(file: &ProjectFile, args: &Init, around: &Surroundings, system: &System) -> Result<Self, Error> {
        let Some(document) = &file.document else {
            let why = around.project.problems.iter().find(|problem| problem.path.as_ref() == Some(&file.path));
            let why = why.cloned().unwrap_or_else(|| Problem::at(ProblemKind::UnreadablePath, file.path.clone()));
            return Err(why.into());
        };
        let example_shown = shown(file, around, system);
        let output = match (&args.output, names::env_file_of(file.path.file_name())) {
            (Some(output), _) => output.clone(),
            (None, Some(name)) => {
                let path = file.path.parent().join(&name);
                relative(&path.under(&around.located.root), system)
            }
            (None, None) => {
                return Err(Error::usage(
                    "the name of this template does not say which env file to write",
                    "name the env file: --output FILE",
                ));
            }
        };
        Self::at(output, example_shown, again(document), around, system)
    }

    fn at(
        output: PathBuf,
        example_shown: PathBuf,
        example: Document,
        around: &Surroundings,
        system: &System,
    ) -> Result<Self, Error> {
        let (dir, name) = locate::parent(&output, system)?;
        if names::role(&name) == Some(Role::Template) {
            let fault = crate::template::Fault::Example;
            return Err(Error::EnvFile { path: output, line: None, fault });
        }
        let full = dir.path().join(std::ffi::OsStr::from_bytes(&name));
        let in_project = RelPath::below(&around.located.root, &full);
        Ok(Self { shown: output, example_shown, example, dir, name, in_project })
    }
}

/// What envward brings goes to `.env` in the directory that is named, else in the current one.
fn from_shipped(shipped: &Shipped, args: &Init, around: &Surroundings, system: &System) -> Result<Group, Error> {
    let (place, is_file) = locate::place(args.path.as_deref(), system)?;
    if is_file {
        return Err(Error::usage(
            "--template goes with a directory, and this is a file",
            "such as `envward init --template production DIRECTORY`",
        ));
    }
    let output = args.output.clone().unwrap_or_else(|| relative(&place.join(".env"), system));
    let example = Document::parse(Secret::copy_of(shipped.text.as_bytes()));
    let target = Target::at(output, PathBuf::from(shipped.file), example, around, system)?;
    let named = target.in_project.as_ref().and_then(|path| around.named(path));
    let environment = named.unwrap_or(shipped.environment);
    let deployment = target.in_project.as_ref().map_or("", |path| around.deployment(path));
    Ok(Group { environment, deployment, is_plain: named.is_none(), targets: vec![target] })
}

fn shown(file: &ProjectFile, around: &Surroundings, system: &System) -> PathBuf {
    relative(&file.path.under(&around.located.root), system)
}

/// As seen from the current directory, where it is below that.
fn relative(path: &Path, system: &System) -> PathBuf {
    path.strip_prefix(&system.directory).unwrap_or(path).to_path_buf()
}

/// The same document once more.
#[expect(clippy::disallowed_methods, reason = "an example's text is read a second time")]
pub(super) fn again(document: &Document) -> Document {
    Document::parse(Secret::copy_of(document.text().expose()))
}
