//! What is safe to fix: a mode, a line of an ignore file.

pub(crate) mod plan;
pub(crate) mod rewrite;

use super::locate::Located;
use crate::agents::Insertion;
use crate::files::{self, Owner, Refusal, Root};
use crate::git::{self, Repository};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::project::Project;
use crate::report::wording::{docker_line, ignore_line};
use crate::secret::mask::Mask;
use rustix::io::Errno;
use std::borrow::Cow;
use std::io;
use zeroize::Zeroizing;

/// One thing that was fixed, would be, or could not be.
#[derive(Clone, Debug)]
pub(crate) struct Mended {
    /// The file that is changed.
    pub(crate) path: RelPath,
    /// What is changed in it.
    pub(crate) what: String,
    /// Why it was not.
    pub(crate) not_fixed: Option<NotFixed>,
}

/// Why something was not fixed.
#[derive(Clone, Debug)]
pub(crate) enum NotFixed {
    /// envward does not change it.
    Refused(Cow<'static, str>),
    /// It could not be changed: the command did not do its work.
    Failed(Refusal),
}

impl Mended {
    /// What makes the run incomplete, if this was to be changed and could not be.
    pub(crate) fn problem(&self) -> Option<Problem> {
        match self.not_fixed {
            Some(NotFixed::Failed(Refusal::System(cause))) => {
                Some(Problem { cause, ..Problem::at(ProblemKind::NotFixed, self.path.clone()) })
            }
            Some(NotFixed::Failed(_)) => Some(Problem::at(ProblemKind::NotFixed, self.path.clone())),
            Some(NotFixed::Refused(_)) | None => None,
        }
    }
}

impl NotFixed {
    fn refused(why: impl Into<Cow<'static, str>>) -> Option<Self> {
        Some(Self::Refused(why.into()))
    }
}

impl std::fmt::Display for NotFixed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(why) => f.write_str(why),
            Self::Failed(why) => write!(f, "{why}; {}", why.hint()),
        }
    }
}

/// What is wrong with the mode, or what line is missing where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Mend {
    Mode {
        path: RelPath,
        from: u32,
    },
    Line {
        file: RelPath,
        line: String,
    },
    /// Rules in Claude Code's settings that deny these files, seen from the directory of the settings' folder.
    Entry {
        file: RelPath,
        paths: Vec<RelPath>,
    },
}

/// The line that makes git ignore a file, and where it belongs.
pub(crate) fn git_line(path: &RelPath, located: &Located) -> Option<Mend> {
    let dir = repository_of(path, located);
    let line = ignore_line(&path.strip_dir(&dir)?);
    Some(Mend::Line { file: dir.join(b".gitignore"), line })
}

/// The line that keeps a file out of a build context.
pub(crate) fn context_line(path: &RelPath, context: &RelPath, ignore_file: &RelPath) -> Option<Mend> {
    Some(Mend::Line { file: ignore_file.clone(), line: docker_line(&path.strip_dir(context)?) })
}

/// The lines that are missing for files that may not be there yet.
pub(crate) fn missing_lines(paths: &[RelPath], project: &Project, located: &Located) -> Result<Vec<Mend>, Problem> {
    let mut mends = Vec::new();
    for path in paths {
        if is_ignored(path, located)? == Some(false) {
            mends.extend(git_line(path, located));
        }
        for context in &project.contexts {
            let files = context.lets_through(path);
            mends.extend(files.into_iter().filter_map(|file| context_line(path, &context.dir, file)));
        }
    }
    Ok(mends)
}

/// Whether the innermost repository that a path is in ignores it; `None` outside of one. Of one that cannot be opened the
/// `.gitignore` files are read alone: a line too many does no harm.
fn is_ignored(path: &RelPath, located: &Located) -> Result<Option<bool>, Problem> {
    let dir = repository_of(path, located);
    let nested = if dir.is_root() { None } else { Repository::discover(&dir.under(&located.root))? };
    let Some(repository) = nested.as_ref().or(located.repository.as_ref()) else {
        let is_there = !located.problems.is_empty();
        return is_there.then(|| git::is_ignored_below(&located.root, path)).transpose();
    };
    let below = repository.workdir().and_then(|top| RelPath::below(top, &path.under(&located.root)));
    below.map(|below| repository.is_ignored(&below)).transpose()
}

/// The innermost repository that a file is in: its own `.gitignore` counts.
fn repository_of(path: &RelPath, located: &Located) -> RelPath {
    let mut dir = path.parent();
    while !dir.is_root() && dir.join(b".git").under(&located.root).symlink_metadata().is_err() {
        dir = dir.parent();
    }
    dir
}

impl Mend {
    /// Fixes it, or with `dry_run` says what that would be. A file whose mode is set is `owner`'s; one that is made for a
    /// line is given to `new`.
    pub(crate) fn apply(self, root: &Root, mask: &Mask, (owner, new): (u32, Option<Owner>), dry_run: bool) -> Mended {
        let (path, what, done) = match self {
            Self::Mode { path, from } => {
                let done = if dry_run { Ok(()) } else { files::set_mode(root, &path, 0o600, owner) };
                (path, format!("mode {from:04o} -> 0600"), done)
            }
            // A public file must not get a name with a secret in it.
            Self::Line { file, line } if mask.text(&line) != line => {
                let why = "the line would contain a secret from the name of the file: rename the file";
                return Mended { path: file, what: String::new(), not_fixed: NotFixed::refused(why) };
            }
            Self::Line { file, line } => {
                let done = if dry_run { Ok(()) } else { add_line(root, &file, &line, new) };
                (file, format!("new line {line}"), done)
            }
            Self::Entry { file, paths } => return add_rules(root, file, &paths, mask, new, dry_run),
        };
        Mended { path, what, not_fixed: done.err().map(|error| not_fixed(&error)) }
    }
}

/// Adds rules to settings, under the lock: what they are then decides, and what is not certain to be right is refused.
fn add_rules(root: &Root, file: RelPath, paths: &[RelPath], mask: &Mask, new: Option<Owner>, dry_run: bool) -> Mended {
    let refused = |file: RelPath, why: &'static str| Mended {
        path: file,
        what: String::new(),
        not_fixed: NotFixed::refused(why),
    };
    let Some(planned) =
        Insertion::of(None, paths).filter(|planned| planned.rules.iter().all(|one| mask.text(one) == *one))
    else {
        return refused(file, "the rule would contain a secret or a special character from a name: rename the file");
    };
    let what = format!("new in permissions.deny: {}", planned.rules.join(", "));
    let mut is_odd = false;
    let change = |text: Vec<u8>| {
        let text = Zeroizing::new(text);
        let done = Insertion::of(Some(text.as_slice()).filter(|text| !text.is_empty()), paths);
        is_odd = done.is_none();
        done.map(|done| done.text).filter(|new| *new != *text)
    };
    let done = if dry_run { Ok(()) } else { files::change_public(root, &file, new, change) };
    match done {
        Ok(()) if is_odd => refused(file, "it is no plain JSON any more: add the rule by hand"),
        done => Mended { path: file, what, not_fixed: done.err().map(|error| not_fixed(&error)) },
    }
}

fn add_line(root: &Root, path: &RelPath, line: &str, new: Option<Owner>) -> io::Result<()> {
    files::change_public(root, path, new, |mut text| {
        if decides(&text, line) {
            return None;
        }
        if text.last().is_some_and(|byte| *byte != b'\n') {
            text.push(b'\n');
        }
        text.extend_from_slice(line.as_bytes());
        text.push(b'\n');
        Some(text)
    })
}

/// Whether an ignore file has the line already, as another run has written it since this one looked; and behind it, where
/// the last match decides, no exception.
fn decides(text: &[u8], line: &str) -> bool {
    let lines = text.split(|byte| *byte == b'\n').rev();
    let lines = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines.take_while(|other| !other.starts_with(b"!")).any(|other| other == line.as_bytes())
}

fn not_fixed(error: &io::Error) -> NotFixed {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            NotFixed::Refused("it has another owner or a second name, or you have no right to change it".into())
        }
        io::ErrorKind::AlreadyExists => NotFixed::Refused("it is a symbolic link".into()),
        _ if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) => {
            NotFixed::Refused("it is a symbolic link".into())
        }
        _ => NotFixed::Failed(Refusal::of(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_there_is_not_written_again() {
        for (text, expected) in [
            ("/.env\n", true),
            ("/.env", true),
            ("/.env\r\nnode_modules\n", true),
            ("!/.env\n/.env\n", true),
            ("", false),
            ("/.env\n!/.env\n", false),
            ("/.env\n!.env*\n", false),
            ("/.env.local\n", false),
            ("a/.env\n", false),
            ("/.env \n", false),
        ] {
            assert_eq!(decides(text.as_bytes(), "/.env"), expected, "{text:?}");
        }
    }
}
