//! A Dockerfile as it is built: with the context, the arguments and the target that a compose file gives it.

use std::num::NonZeroU32;

use super::docker::ignore_of;
use crate::compose::{Entry, Node, Service, Stack};
use crate::config::Config;
use crate::dockerfile::ignore::DockerIgnore;
use crate::dockerfile::{Base, Dockerfile, Stage, find};
use crate::environment::Environment;
use crate::files::Root;
use crate::finding::Origin;
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::secret::Secret;

/// One Dockerfile, and how it is built. One that several services build in one way is one of these; built with another
/// target, or from another context, it is another.
#[derive(Debug)]
pub struct Build {
    /// The Dockerfile.
    pub path: RelPath,
    /// The directory that is sent to the builder: the one compose names, else the Dockerfile's own.
    pub context: RelPath,
    /// The ignore file in force, and where it stands or would stand.
    pub ignore: (RelPath, DockerIgnore),
    /// Its content.
    pub file: Dockerfile,
    /// What the image is for.
    pub environment: Environment,
    /// `build.args` after interpolation, in the order of the compose file; `None` for one that takes the value of the
    /// builder's own environment.
    pub args: Vec<(String, Option<Secret>)>,
    /// `build.target`: the stage that is the image; the last one where nothing says.
    pub target: Option<String>,
    /// The compose services that run the image; none for a Dockerfile that no compose file names.
    pub services: Vec<BuildService>,
}

/// What a compose service that runs the image sets over it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildService {
    /// The compose file.
    pub path: RelPath,
    /// The service's line there.
    pub line: NonZeroU32,
    /// `user:`, after interpolation.
    pub user: Option<String>,
    /// `init:`.
    pub init: bool,
    /// Whether it has an `entrypoint:` of its own.
    pub entrypoint: bool,
    /// Whether it has a `command:` of its own.
    pub command: bool,
    /// Whether it has a health check of its own, or says that there is none.
    pub healthcheck: bool,
    /// Whether it runs once and ends (a target of `service_completed_successfully`).
    pub one_shot: bool,
}

impl Build {
    /// Reads a Dockerfile, as `docker build` with this context and nothing else builds it; `None` where there is none,
    /// or it could not be read, and then a problem says so. `context` is its own directory where nothing says otherwise.
    #[must_use]
    pub fn load(
        root: &Root,
        path: &RelPath,
        context: &RelPath,
        config: &Config,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        let bytes = match root.read(path) {
            Ok(bytes) => bytes?,
            Err(problem) => {
                problems.push(problem);
                return None;
            }
        };
        let file = Dockerfile::parse(&bytes);
        if !file.builds() || !file.faults.is_empty() {
            problems.push(Problem::at(ProblemKind::BrokenDockerfile, path.clone()));
        }
        Some(Self {
            path: path.clone(),
            context: context.clone(),
            ignore: ignore_of(root, path, context, problems),
            file,
            environment: environment_of(path, config),
            args: Vec::new(),
            target: None,
            services: Vec::new(),
        })
    }

    /// Its stages, and which of them is the image; `None` where the target is none of them, or there is no stage.
    #[must_use]
    pub fn stages(&self) -> (Vec<Stage<'_>>, Option<usize>) {
        let stages = self.file.stages(&self.args);
        let image = match &self.target {
            Some(target) => find(&stages, target),
            None => stages.len().checked_sub(1),
        };
        (stages, image)
    }

    /// The places of the stages that are in the image or that it takes files from, itself included.
    #[must_use]
    pub fn used(stages: &[Stage<'_>], image: usize) -> Vec<usize> {
        let mut used = vec![image];
        let mut next = 0;
        while let Some(stage) = used.get(next).and_then(|at| stages.get(*at)) {
            let from = stage.copies.iter().filter_map(|copy| find(stages, copy.what.from.as_deref()?));
            let base = match stage.base {
                Base::Stage(at) => Some(at),
                _ => None,
            };
            let new: Vec<usize> = from.chain(base).filter(|at| !used.contains(at)).collect();
            used.extend(new);
            next += 1;
        }
        used
    }

    /// Whether the image says how to ask for its health; `None` where the image that it is made from may.
    #[must_use]
    pub fn has_healthcheck(&self) -> Option<bool> {
        let (stages, image) = self.stages();
        let stage = stages.get(image?)?;
        match (&stage.healthcheck, &stage.base) {
            (Some(check), _) => Some(check.what.is_some()),
            (None, Base::Scratch) => Some(false),
            (None, _) => None,
        }
    }

    /// Whether every service that runs it ends by itself.
    #[must_use]
    pub fn is_one_shot(&self) -> bool {
        !self.services.is_empty() && self.services.iter().all(|service| service.one_shot)
    }

    /// Where findings about it stand.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin::Worktree(self.path.clone())
    }
}

/// The Dockerfiles as they are built: by the services of each stack, in their ways; those that no stack builds by
/// themselves.
pub(super) fn builds(
    root: &Root,
    listed: &[RelPath],
    stacks: &[Stack],
    config: &Config,
    problems: &mut Vec<Problem>,
) -> Vec<Build> {
    let mut builds: Vec<Build> = Vec::new();
    for service in stacks.iter().flat_map(Stack::services) {
        let Some((context, path)) = service.build() else { continue };
        let target = service.text(&["build", "target"]).filter(|target| !target.is_empty()).map(str::to_owned);
        let environment = service.stack.environment;
        let same = |known: &&mut Build| {
            (&known.path, &known.context, &known.target, known.environment) == (&path, &context, &target, environment)
        };
        let as_service = of_service(&service);
        if let Some(known) = builds.iter_mut().find(same) {
            known.services.push(as_service);
            continue;
        }
        let Some(build) = Build::load(root, &path, &context, config, problems) else { continue };
        let args = args_of(&service);
        builds.push(Build { environment, args, target, services: vec![as_service], ..build });
    }
    for path in listed {
        if builds.iter().all(|known| known.path != *path) {
            builds.extend(Build::load(root, path, &path.parent(), config, problems));
        }
    }
    builds
}

fn of_service(service: &Service<'_>) -> BuildService {
    let place = service.place();
    BuildService {
        path: service.stack.path(place),
        line: place.line,
        user: service.text(&["user"]).map(str::to_owned),
        init: service.at(&["init"]).is_some_and(Node::is_true),
        entrypoint: service.at(&["entrypoint"]).is_some(),
        command: service.at(&["command"]).is_some(),
        healthcheck: service.at(&["healthcheck"]).is_some(),
        one_shot: service.is_one_shot(),
    }
}

fn args_of(service: &Service<'_>) -> Vec<(String, Option<Secret>)> {
    let args = service.at(&["build", "args"]).map(Node::entries).unwrap_or_default();
    let value = |entry: &Entry| entry.node.text().map(|text| Secret::copy_of(text.as_bytes()));
    args.iter().map(|entry| (entry.key.as_str().to_owned(), value(entry))).collect()
}

/// By the configuration, else by a word of the name (`Dockerfile.dev`, `test.Dockerfile`), else production: what nothing
/// says otherwise of is deployed.
fn environment_of(path: &RelPath, config: &Config) -> Environment {
    let name = String::from_utf8_lossy(path.file_name()).into_owned();
    let word = || name.split(['.', '-', '_']).find_map(Environment::from_word);
    config.environment_of(path).or_else(word).unwrap_or(Environment::Production)
}
