//! How a file is read: by what its name, its directory or a compose file says that it is.

use std::collections::BTreeMap;

use super::named_files;
use super::secrets::{FoundSecret, commented_in, is_open, secrets_of};
use super::walk::role_of;
use crate::config::Config;
use crate::env::Document;
use crate::env::names::{self, Role};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::project::env_text;
use crate::project::named_files::Named;
use crate::secret::Secret;

/// The most assignments of an env file that are judged. The largest of public projects have some hundreds; what is said of
/// each is compared with others, so that many more would take minutes.
const MOST: usize = 4096;

/// What a file is, and how its text is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading<'a> {
    /// What it is.
    pub role: Role,
    /// Whether only its content can say so.
    pub is_doubtful: bool,
    /// The name of the secret that all of it is.
    pub secret: Option<&'a str>,
}

impl<'a> Reading<'a> {
    /// Assignments, without a doubt.
    #[must_use]
    pub const fn plain(role: Role) -> Self {
        Self { role, is_doubtful: false, secret: None }
    }

    /// What a path of a project is, which names some files in its compose files; `None` for what is no env file.
    #[must_use]
    pub fn of(path: &RelPath, config: &Config, named: &'a BTreeMap<RelPath, Named>) -> Option<Self> {
        let role = role_of(path, config);
        let by_name = || match role {
            Some(role) => Some(Self::plain(role)),
            None => names::doubt(path.as_bytes()).map(|role| Self { is_doubtful: true, ..Self::plain(role) }),
        };
        match named.get(path) {
            Some(Named::Secret(name)) => Some(Self { secret: Some(name), ..Self::plain(role.unwrap_or(Role::Env)) }),
            Some(Named::EnvFile { .. }) => Some(Self::plain(role.unwrap_or(Role::Env))),
            Some(Named::Text) => by_name().or(Some(Self { is_doubtful: true, ..Self::plain(Role::Env) })),
            None => by_name(),
        }
    }

    /// What is in the text of a file. What cannot be judged is a problem.
    #[must_use]
    pub(crate) fn read(&self, path: &RelPath, text: Secret, config: &Config, problems: &mut Vec<Problem>) -> Content {
        if let Some(name) = self.secret {
            // It has no assignments, and all of it was read.
            let secrets = named_files::secret_of(name, &text, config).into_iter().collect();
            let document = Document::parse(Secret::default());
            return Content::Read(Text { document, role: self.role, secrets, commented: Vec::new() });
        }
        let document = Document::parse(text);
        if document.assignments().len() > MOST {
            let is_problem = !self.is_doubtful;
            problems.extend(is_problem.then(|| Problem::at(ProblemKind::TooLarge, path.clone())));
            return if is_problem { Content::Unread } else { Content::Other };
        }
        let secrets = secrets_of(&document, config);
        let commented = commented_in(&document, config);
        if self.is_doubtful && !env_text::is_env_file(&document, &secrets) {
            return Content::Other;
        }
        if self.role == Role::Encrypted && !is_open(&document, secrets.iter().chain(&commented)) {
            return Content::Sealed;
        }
        // A copy may be an editor's own format, of which the readable lines count.
        if !document.is_read() && self.role != Role::Copy {
            problems.push(document.encoding().problem(path.clone()));
            return Content::Unread;
        }
        let role = if self.role == Role::Encrypted { Role::Env } else { self.role };
        Content::Read(Text { document, role, secrets, commented })
    }
}

/// What is in a file.
#[derive(Debug)]
pub(crate) enum Content {
    /// A text that was read.
    Read(Text),
    /// Ciphertext, as its name says.
    Sealed,
    /// It is not opened, or cannot be judged: then a problem says so.
    Unread,
    /// No env file: a symbolic link, or a text that its name alone made doubtful.
    Other,
}

impl Content {
    /// The text, where it was read.
    pub(crate) fn text(self) -> Option<Text> {
        match self {
            Self::Read(text) => Some(text),
            Self::Sealed | Self::Unread | Self::Other => None,
        }
    }
}

/// A text that was read as an env file.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) document: Document,
    /// What it is, now that it was read: what is called ciphertext and is none is an env file.
    pub(crate) role: Role,
    /// Its secrets.
    pub(crate) secrets: Vec<FoundSecret>,
    /// Those that a `#` switches off.
    pub(crate) commented: Vec<FoundSecret>,
}

impl Text {
    /// Both: whatever somebody finds who opens the file.
    pub(crate) fn into_all(self) -> (Document, Vec<FoundSecret>) {
        let mut all = self.secrets;
        all.extend(self.commented);
        (self.document, all)
    }
}
