//! A Dockerfile as it is built: with the context, the arguments and the target that a compose file gives it.

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::Arc;

use crate::config::Config;
use crate::docker::dockerfile::ignore::DockerIgnore;
use crate::docker::dockerfile::{Base, Dockerfile, Stage, find};
use crate::docker::image::Reference;
use crate::environment::Environment;
use crate::files::Root;
use crate::finding::Origin;
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::project::build_context::ignore_of;
use crate::secret::Secret;

/// One Dockerfile, and how it is built. One that several services build in one way is one of these; built with another
/// target, or from another context, it is another.
#[derive(Debug)]
pub struct Build {
    /// The Dockerfile, or the compose file that holds it.
    pub path: RelPath,
    /// The directory that is sent to the builder: the one compose names, else the Dockerfile's own.
    pub context: Sent,
    /// The contexts that it knows by a name.
    pub named: Vec<Named>,
    /// The images that the project builds itself, by their plain names.
    pub own: Arc<BTreeSet<String>>,
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

/// A directory that is sent to the builder.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// The directory; `None` where it is not below the project root.
    pub dir: Option<RelPath>,
    /// The ignore file in force, and where it stands or would stand.
    pub ignore: (RelPath, DockerIgnore),
}

impl Sent {
    /// A file of the project as the builder gets it; `None` where it does not.
    #[must_use]
    pub fn below(&self, path: &RelPath) -> Option<RelPath> {
        path.strip_dir(self.dir.as_ref()?)
    }
}

/// A context that a build knows by a name besides its own.
#[derive(Clone, Debug)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The compose file that says so.
    pub path: RelPath,
    /// The line there.
    pub line: NonZeroU32,
    /// What it is.
    pub what: Other,
}

/// What a named context is.
#[derive(Clone, Debug)]
pub enum Other {
    /// An image of somebody else's.
    Image(String),
    /// An image that the project builds.
    Own,
    /// Files of a directory.
    Files(Sent),
}

impl Named {
    fn base(&self) -> Base {
        match &self.what {
            Other::Image(image) => Base::Image(image.clone()),
            Other::Own => Base::Own,
            // A directory is a stage's files.
            Other::Files(_) => Base::Scratch,
        }
    }
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
        let file = Self::parse(&bytes, path, problems);
        let mut build = Self::of(path.clone(), file);
        build.context = Sent { dir: Some(context.clone()), ignore: ignore_of(root, Some(path), context, problems) };
        build.environment = config.environment_of(path).unwrap_or_else(|| build.says());
        Some(build)
    }

    /// The text of a Dockerfile by itself; of what Docker refuses a problem is told.
    #[must_use]
    pub(super) fn as_written(path: &RelPath, bytes: &[u8], config: &Config, problems: &mut Vec<Problem>) -> Self {
        let build = Self::of(path.clone(), Self::parse(bytes, path, problems));
        let environment = config.environment_of(path).unwrap_or_else(|| build.says());
        Self { environment, ..build }
    }

    /// One that is built with nothing.
    pub(super) fn of(path: RelPath, file: Dockerfile) -> Self {
        Self {
            path,
            context: Sent::default(),
            named: Vec::new(),
            own: Arc::default(),
            file,
            environment: Environment::Production,
            args: Vec::new(),
            target: None,
            services: Vec::new(),
        }
    }

    /// Reads the text of one; of what Docker refuses a problem is told.
    pub(super) fn parse(bytes: &[u8], path: &RelPath, problems: &mut Vec<Problem>) -> Dockerfile {
        let file = Dockerfile::parse(bytes);
        if !file.builds() || !file.faults.is_empty() {
            problems.push(Problem::at(ProblemKind::BrokenDockerfile, path.clone()));
        }
        file
    }

    /// What it is for, by a word of its name (`Dockerfile.dev`), a directory (`docker/development/Dockerfile`) or its last
    /// stage's name; else production: what nothing says otherwise of is deployed.
    fn says(&self) -> Environment {
        let word = |text: &str| text.split(['.', '-', '_']).find_map(Environment::from_word);
        let name = String::from_utf8_lossy(self.path.file_name()).into_owned();
        let (stages, image) = self.stages();
        let stage = image.and_then(|at| stages.get(at)).and_then(|stage| stage.name).and_then(word);
        let by_directory = Environment::of_directories(&self.path.parent());
        word(&name).or(by_directory).or(stage).unwrap_or(Environment::Production)
    }

    /// Its stages, and which of them is the image; `None` where the target is none of them, or there is no stage.
    #[must_use]
    pub fn stages(&self) -> (Vec<Stage<'_>>, Option<usize>) {
        let mut stages = self.file.stages(&self.args);
        stages.iter_mut().for_each(|stage| self.resolve(stage));
        let image = match &self.target {
            Some(target) => find(&stages, target),
            None => stages.len().checked_sub(1),
        };
        (stages, image)
    }

    /// A named context goes before a stage and before an image of its name; source:
    /// <https://docs.docker.com/reference/cli/docker/buildx/build/#build-context>.
    fn resolve(&self, stage: &mut Stage<'_>) {
        if let Some(named) = stage.name.and_then(|name| self.named(name)) {
            let mut other = Stage::new(stage.line, stage.name, named.base(), None);
            other.from = std::mem::take(&mut stage.from);
            *stage = other;
        } else if let Some(named) = self.named(&stage.from) {
            stage.rebase(named.base());
        } else if matches!(&stage.base, Base::Image(image) if self.is_own(image)) {
            stage.rebase(Base::Own);
        }
    }

    /// The context of this name; an image's name also stands for its tag `latest`.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Named> {
        let same = |known: &str| {
            let (known, asked) = (Reference::of(known), Reference::of(name));
            known.plain_name() == asked.plain_name()
                && known.tag.unwrap_or("latest") == asked.tag.unwrap_or("latest")
                && known.digest == asked.digest
        };
        self.named.iter().find(|one| same(&one.name))
    }

    /// Whether the project builds an image of this name.
    #[must_use]
    pub fn is_own(&self, image: &str) -> bool {
        self.own.contains(&Reference::of(image).plain_name())
    }

    /// The directory that a COPY takes files from: a context; `None` for an image and a stage.
    #[must_use]
    pub fn sent(&self, from: Option<&str>) -> Option<&Sent> {
        let Some(from) = from else { return Some(&self.context) };
        match &self.named(from)?.what {
            Other::Files(sent) => Some(sent),
            _ => None,
        }
    }

    /// The places of the stages that are in the image or that it takes files from, itself included.
    #[must_use]
    pub fn used(stages: &[Stage<'_>], image: usize) -> Vec<usize> {
        let mut used = vec![image];
        let mut next = 0;
        while let Some(stage) = used.get(next).and_then(|at| stages.get(*at)) {
            let from = stage.sources().filter_map(|(_, from)| find(stages, from));
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
