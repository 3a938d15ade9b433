//! What a check examines.

use crate::check::Kind;
use crate::docker::compose::Stack;
use crate::docker::inspect::{Container, Image};
use crate::docker::scan_report::Scan;
use crate::env::names::Role;
use crate::finding::Origin;
use crate::leak::{Exposure, Found, StagedFile, StagedText};
use crate::path::RelPath;
use crate::project::{Build, Deployment, Project, ProjectFile, Settings};
use crate::trace::{Sighting, Unsearched};

/// What a check examines.
pub enum Artifact<'a> {
    /// An env file, a copy or a template of the work tree.
    File(&'a ProjectFile),
    /// All files of the project.
    Project(&'a Project),
    /// An env file in the index.
    Staged(&'a StagedFile),
    /// A compose file or a Dockerfile in the index.
    StagedText(&'a StagedText),
    /// The path of an env file in git history.
    History(&'a Exposure),
    /// A value in use that is also in another place.
    Value(&'a Found),
    /// The compose files of a stack, and the deployment that it is part of.
    Compose(&'a Stack, &'a Deployment),
    /// A Dockerfile, and how it is built.
    Dockerfile(&'a Build),
    /// The settings of an env file or a service.
    Settings(&'a Settings),
    /// The whole project, before a deployment.
    Deployment(&'a Deployment),
    /// A container.
    Container(&'a Container),
    /// An image, and how many days old it is.
    Image(&'a Image, u32),
    /// The report of a scanner, and its name.
    Scan(&'a Scan, &'a RelPath),
    /// A place of a value in use, outside git.
    Traced(&'a Sighting),
    /// Places that were not searched.
    Unsearched(&'a Unsearched),
}

impl Artifact<'_> {
    /// The kind of this artifact.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::File(file) if file.role == Role::Template => Kind::Template,
            Self::File(_) => Kind::EnvFile,
            Self::Project(_) => Kind::Project,
            Self::Staged(_) => Kind::Staged,
            Self::StagedText(_) => Kind::StagedText,
            Self::History(_) => Kind::History,
            Self::Value(_) => Kind::Value,
            Self::Compose(..) => Kind::Compose,
            Self::Dockerfile(_) => Kind::Dockerfile,
            Self::Settings(_) => Kind::Settings,
            Self::Deployment(_) => Kind::Deployment,
            Self::Container(_) => Kind::Container,
            Self::Image(..) => Kind::Image,
            Self::Scan(..) => Kind::Scan,
            Self::Traced(sighting) => match sighting.origin {
                Origin::Process(_) => Kind::Process,
                Origin::Image(_) => Kind::SavedImage,
                Origin::Stream(_) => Kind::Stream,
                _ => Kind::Disk,
            },
            Self::Unsearched(_) => Kind::Disk,
        }
    }
}
