//! What a check is, and what it is given to judge.

use jiff::civil::Date;

use crate::config::Config;
use crate::docker::compose::Stack;
use crate::docker::inspect::{Container, Image};
use crate::docker::scan_report::Scan;
use crate::env::names::Role;
use crate::finding::{Finding, Severity};
use crate::leak::{Exposure, Found, StagedFile};
use crate::path::RelPath;
use crate::project::{Build, Project, ProjectFile, Settings};
use crate::rotation::Ages;
use crate::secret::GroupKey;

/// What a check looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One env file of the work tree.
    EnvFile,
    /// One committed template.
    Template,
    /// All files of the project together.
    Project,
    /// One entry of git's index.
    Staged,
    /// One path in git's history.
    History,
    /// One value in use that stands somewhere else.
    Value,
    /// One set of compose files; in `preflight`.
    Compose,
    /// One Dockerfile; in `preflight`.
    Dockerfile,
    /// The settings of one env file or one compose service; in `preflight`.
    Settings,
    /// Everything that is deployed together; in `preflight`.
    Deployment,
    /// One container that runs; in `preflight --inspect`.
    Container,
    /// One image of the host; in `preflight --inspect`.
    Image,
    /// What a scanner found in one image; in `preflight --scan-report`.
    Scan,
}

/// One step of an example project: documentation that is also run as a test.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// A file with a mode. `{hex64}`, `{password}`, `{token}` in the text stand for values made at run time: the same
    /// word is the same value within one example, `{password2}` is another.
    File(&'static str, u32, &'static str),
    /// A directory with a mode.
    Dir(&'static str, u32),
    /// A symbolic link at the first path to the second.
    Link(&'static str, &'static str),
    /// A hard link at the first path to the second.
    HardLink(&'static str, &'static str),
    /// A file removed.
    Remove(&'static str),
    /// A file given to the user of this number; needs root.
    Owner(&'static str, u32),
    /// A POSIX access list entry on a file, then masked by its mode again.
    Acl(&'static str),
    /// An envward command, words split at blanks (`envward` itself left out), in the project's root.
    Envward(&'static str),
    /// A git command, words split at blanks (`git` itself left out), in the project's root.
    Git(&'static str),
}

/// An example project, and what to run on it.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// What it shows, one line.
    pub about: &'static str,
    /// How to make it, in an empty directory.
    pub steps: &'static [Step],
}

/// A check: the value from which all else follows.
pub struct Check {
    /// kebab-case, names the fact; never changes once released.
    pub id: &'static str,
    /// One line.
    pub title: &'static str,
    /// Markdown, with the sections `## What it does`, `## Why it matters`, `## What to do`, `## Facts`.
    pub doc: &'static str,
    /// The usual severity; a finding may differ, and the documentation says when.
    pub severity: Severity,
    /// What it looks at.
    pub kinds: &'static [Kind],
    /// Projects in which it finds something.
    pub bad: &'static [Example],
    /// Projects in which it finds nothing.
    pub good: &'static [Example],
    /// The judgement. Pure: all that it may know is in its arguments.
    pub run: fn(&Artifact<'_>, &Context<'_>, &mut Vec<Finding>),
}

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
    /// A set of compose files.
    Compose(&'a Stack),
    /// A Dockerfile, and how it is built.
    Dockerfile(&'a Build),
    /// The settings of an env file or a service.
    Settings(&'a Settings),
    /// All of a project, on its way to a host.
    Deployment(&'a Project),
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
            Self::Compose(_) => Kind::Compose,
            Self::Dockerfile(_) => Kind::Dockerfile,
            Self::Settings(_) => Kind::Settings,
            Self::Deployment(_) => Kind::Deployment,
            Self::Container(_) => Kind::Container,
            Self::Image(..) => Kind::Image,
            Self::Scan(..) => Kind::Scan,
        }
    }
}

/// What a check may know besides.
pub struct Context<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// The project in the work tree; empty where there is none.
    pub project: &'a Project,
    /// Who runs envward.
    pub user: u32,
    /// Whether the question is what a commit would add, and not what there is.
    pub staged_only: bool,
    /// Groups equal values.
    pub group: &'a GroupKey,
    /// How old the secrets are; `None` where no ledger knows the project.
    pub ages: Option<&'a Ages>,
    /// The day ages are counted to.
    pub today: Date,
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}
