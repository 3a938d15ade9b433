//! What a check is given to judge.

use crate::check::Kind;
use crate::docker::compose::Stack;
use crate::docker::inspect::{Container, Image};
use crate::docker::scan_report::Scan;
use crate::env::names::Role;
use crate::leak::{Exposure, Found, StagedFile};
use crate::path::RelPath;
use crate::project::{Build, Deployment, Project, ProjectFile, Settings};

/// What a check is given.
pub enum Artifact<'a> {
    /// An env file, a copy or a template of the work tree.
    File(&'a ProjectFile),
    /// All of them.
    Project(&'a Project),
    /// An env file of the index.
    Staged(&'a StagedFile),
    /// An env file's path in the history.
    History(&'a Exposure),
    /// A value in use that stands somewhere else.
    Value(&'a Found),
    /// A set of compose files, and what it is deployed with.
    Compose(&'a Stack, &'a Deployment),
    /// A Dockerfile, and how it is built.
    Dockerfile(&'a Build),
    /// The settings of an env file or a service.
    Settings(&'a Settings),
    /// All of a project, on its way to a host.
    Deployment(&'a Deployment),
    /// A container.
    Container(&'a Container),
    /// An image, and how many days old it is.
    Image(&'a Image, u32),
    /// What a scanner found, and how it is called.
    Scan(&'a Scan, &'a RelPath),
}

impl Artifact<'_> {
    /// Which kind of thing it is.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::File(file) if file.role == Role::Template => Kind::Template,
            Self::File(_) => Kind::EnvFile,
            Self::Project(_) => Kind::Project,
            Self::Staged(_) => Kind::Staged,
            Self::History(_) => Kind::History,
            Self::Value(_) => Kind::Value,
            Self::Compose(..) => Kind::Compose,
            Self::Dockerfile(_) => Kind::Dockerfile,
            Self::Settings(_) => Kind::Settings,
            Self::Deployment(_) => Kind::Deployment,
            Self::Container(_) => Kind::Container,
            Self::Image(..) => Kind::Image,
            Self::Scan(..) => Kind::Scan,
        }
    }
}
