//! `envward init`: from examples to filled env files that only their owner can read, in one go.
//!
//! Everything is read and planned before anything is written. Then the ignore files get their lines, so that no secret
//! ever lies where git or Docker would pick it up; then, under the directories' locks, the plan is made once more from
//! what is there now, and each file is written whole.

mod ask;
mod open_server;
mod owner;
mod prepare;
mod summary;
mod targets;

use std::io::Write;

use prepare::{Dirs, Ready};
use targets::Group;

use super::output;
use crate::cli::Init;
use crate::config::Config;
use crate::engine::fix::{self, Mended};
use crate::engine::locate::{self, Located};
use crate::engine::rotation;
use crate::env::names;
use crate::environment::Environment;
use crate::error::Error;
use crate::files::{Owner, Root};
use crate::path::RelPath;
use crate::policy::Status;
use crate::problem::Problem;
use crate::project::{Project, ProjectFile, Seen, role_of};
use crate::secret::mask::Mask;
use crate::system::System;
use crate::template::{Answers, SHIPPED};

/// The project that the files are made in.
struct Surroundings {
    located: Located,
    config: Config,
    project: Project,
    /// The example that is given, where its name says nothing.
    given: Option<Project>,
}

/// Runs it.
pub(super) fn run(args: &Init, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    if args.list {
        return list(out);
    }
    let owner = args.owner.as_deref().map(|owner| owner::parse(owner, system)).transpose()?;
    let around = Surroundings::load(args, system)?;
    let made = make(args, &around, owner, system, out);
    made.map_err(|error| mask(&[], &around, system).error(error))
}

fn make(
    args: &Init,
    around: &Surroundings,
    owner: Option<Owner>,
    system: &System,
    out: &mut dyn Write,
) -> Result<Status, Error> {
    let groups = targets::find(args, around, system)?;
    let preview = prepare::all(&groups, &Dirs::view(&groups)?, &Answers::new(), args.update, around)?;
    if !args.anew {
        rotation::none_in_use(&preview.iter().map(Ready::made).collect::<Vec<_>>(), "envward init --anew", system)?;
    }
    let hidden = mask(&preview, around, system);
    let answers = if args.ask { ask::all(&preview, &hidden)? } else { Answers::new() };
    let lines = shelter(&groups, around, &hidden, (args.dry_run, owner), system)?;
    let ready = match args.dry_run {
        true => preview,
        false => {
            drop(preview);
            let dirs = Dirs::lock(&groups)?;
            let ready = prepare::all(&groups, &dirs, &answers, args.update, around)?;
            ready.iter().try_for_each(|one| one.write(&dirs, owner))?;
            rotation::made(&ready.iter().map(Ready::made).collect::<Vec<_>>(), "init", system);
            ready
        }
    };
    let style = system.style;
    let screen = summary::Screen { dry_run: args.dry_run, is_given: owner.is_some(), style, around };
    output::text(&screen.text(&ready, &lines, system), &mask(&ready, around, system), out)?;
    // A line that is missing leaves a secret where git or Docker picks it up.
    // So may a repository that could not be asked.
    let is_sheltered = lines.iter().all(|line| line.not_fixed.is_none()) && around.located.problems.is_empty();
    Ok(if is_sheltered { Status::Clean } else { Status::Incomplete })
}

impl Surroundings {
    fn load(args: &Init, system: &System) -> Result<Self, Error> {
        let located = locate::project(args.path.as_deref(), system)?;
        let config = locate::configuration(&located.root, args.config.as_deref(), system)?;
        let load = |below: &RelPath, is_file| {
            Project::load(&located.root, below, is_file, &config, located.repository.as_ref())
        };
        let project = load(&RelPath::default(), false)?;
        let unknown = located.is_file && role_of(&located.below, &config).is_none();
        let given = if unknown { Some(load(&located.below, true)?) } else { None };
        Ok(Self { located, config, project, given })
    }

    /// The project's files, and the one that is given.
    fn files(&self) -> impl Iterator<Item = &ProjectFile> {
        let given = self.given.iter().flat_map(|given| &given.files).filter(|file| file.path == self.located.below);
        self.project.files.iter().chain(given)
    }

    /// The environment that the configuration or a file's name gives it.
    fn named(&self, path: &RelPath) -> Option<Environment> {
        let by_name = || names::environment_word(path.file_name()).and_then(Environment::from_word);
        self.config.environment_of(path).or_else(by_name)
    }

    /// Which deployment of its environment a file's name says: staging is as real as production, and no part of it.
    fn deployment(&self, path: &RelPath) -> &'static str {
        let word = names::environment_word(path.file_name()).unwrap_or_default().to_ascii_lowercase();
        match word.as_str() {
            "stage" | "staging" | "stg" => "staging",
            "preprod" | "pre-prod" | "preproduction" | "pre-production" => "preproduction",
            "preview" => "preview",
            _ => "",
        }
    }
}

/// Adds the lines to ignore files that the files to be written need.
fn shelter(
    groups: &[Group],
    around: &Surroundings,
    mask: &Mask,
    (dry_run, owner): (bool, Option<Owner>),
    system: &System,
) -> Result<Vec<Mended>, Error> {
    let (located, project) = (&around.located, &around.project);
    let paths: Vec<RelPath> =
        groups.iter().flat_map(|group| &group.targets).filter_map(|target| target.in_project.clone()).collect();
    let root = Root::open(&located.root).map_err(|error| Problem::io(RelPath::default(), &error))?;
    let mends = fix::missing_lines(&paths, project, located)?;
    Ok(mends.into_iter().map(|mend| mend.apply(&root, mask, (system.user, owner), dry_run)).collect())
}

/// What no name on the screen may show: every strong value of the project and of the files made.
fn mask(ready: &[Ready<'_>], around: &Surroundings, system: &System) -> Mask {
    let mut seen = Seen::new(&system.group);
    seen.project(&around.project, &around.config);
    for one in ready {
        seen.add(Some(&one.filled.document), &[]);
    }
    Mask::new(seen.into_values())
}

fn list(out: &mut dyn Write) -> Result<Status, Error> {
    let width = SHIPPED.iter().map(|one| one.name.len()).max().unwrap_or_default();
    for one in &SHIPPED {
        writeln!(out, "{:width$}  {}", one.name, one.about).map_err(|error| output::lost(&error))?;
    }
    writeln!(out, "\nto fill .env from one of them: envward init --template NAME")
        .map_err(|error| output::lost(&error))?;
    Ok(Status::Clean)
}
