//! A Dockerfile as it is built: with the context, the arguments and the target that a compose file gives it.

use std::num::NonZeroU32;

use crate::dockerfile::Dockerfile;
use crate::environment::Environment;
use crate::finding::Origin;
use crate::path::RelPath;
use crate::secret::Secret;

/// One Dockerfile, and how it is built. One that several services build in one way is one of these; built with another
/// target, or from another context, it is another.
#[derive(Debug)]
pub struct Build {
    /// The Dockerfile.
    pub path: RelPath,
    /// The directory that is sent to the builder: the one compose names, else the Dockerfile's own.
    pub context: RelPath,
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
    /// Where findings about it stand.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin::Worktree(self.path.clone())
    }
}
