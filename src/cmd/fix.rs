//! `envward check --fix`: modes to 0600, and lines in ignore files. Nothing else is ever changed, and nothing that a
//! finding does not name.

use std::io;

use super::locate::Located;
use crate::files::{self, Root};
use crate::finding::{Fact, Finding};
use crate::path::RelPath;
use crate::problem::{Cause, Problem};
use crate::report::Report;
use crate::report::mask::Mask;
use crate::report::wording::{docker_line, ignore_line};
use crate::source::Project;
use crate::system::System;

/// One thing that was mended, would be, or could not be.
#[derive(Debug)]
pub(super) struct Mended {
    /// The file that is changed.
    pub(super) path: RelPath,
    /// What is changed in it.
    pub(super) what: String,
    /// Why it was not.
    pub(super) refused: Option<&'static str>,
}

/// What is wrong with the mode, or what line is missing where.
enum Mend {
    Mode { path: RelPath, from: u32 },
    Line { file: RelPath, line: String },
}

/// Mends what a report names, or with `dry_run` says what it would mend.
pub(super) fn run(
    report: &Report,
    mask: &Mask,
    project: &Project,
    located: &Located,
    dry_run: bool,
    system: &System,
) -> Result<Vec<Mended>, Problem> {
    let root = Root::open(&located.root).map_err(|error| Problem::io(RelPath::default(), &error))?;
    // A link planted by another user must not let root change a file that is not the project's.
    let owner = if system.user == 0 { project.owner.unwrap_or(0) } else { system.user };
    let mends = report.findings.iter().filter_map(|finding| mend(finding, located));
    Ok(mends.map(|mend| mend.apply(&root, mask, owner, dry_run)).collect())
}

fn mend(finding: &Finding, located: &Located) -> Option<Mend> {
    let path = finding.origin.path().clone();
    match finding.check.id {
        "env-file-mode" => match finding.get("mode") {
            Some(Fact::Mode(from)) => Some(Mend::Mode { path, from: *from }),
            _ => None,
        },
        "env-file-not-ignored" => {
            let dir = repository_of(&path, located);
            let line = ignore_line(&path.strip_dir(&dir)?)?;
            Some(Mend::Line { file: dir.join(b".gitignore"), line })
        }
        "env-file-in-build-context" => match (finding.get("context"), finding.get("ignore_file")) {
            (Some(Fact::Path(dir)), Some(Fact::Path(file))) => {
                let dir = if dir.as_bytes() == b"." { RelPath::default() } else { dir.clone() };
                Some(Mend::Line { file: file.clone(), line: docker_line(&path.strip_dir(&dir)?)? })
            }
            _ => None,
        },
        _ => None,
    }
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
    fn apply(self, root: &Root, mask: &Mask, owner: u32, dry_run: bool) -> Mended {
        let (path, what, done) = match self {
            Self::Mode { path, from } => {
                let done = if dry_run { Ok(()) } else { files::set_mode(root, &path, 0o600, owner) };
                (path, format!("mode {from:04o} -> 0600"), done)
            }
            // A public file must not get a name with a secret in it.
            Self::Line { file, line } if mask.text(&line) != line => {
                let refused = Some("the name it would hold has a secret in it: rename the file");
                return Mended { path: file, what: String::new(), refused };
            }
            Self::Line { file, line } => {
                let done = if dry_run { Ok(()) } else { add_line(root, &file, &line) };
                (file, format!("new line {line}"), done)
            }
        };
        Mended { path, what, refused: done.err().map(|error| why(&error)) }
    }
}

fn add_line(root: &Root, path: &RelPath, line: &str) -> io::Result<()> {
    let full = path.under(root.path());
    let old = root.read(path).map_err(|problem| match problem.cause {
        Some(Cause(code)) => io::Error::from_raw_os_error(code),
        None => io::ErrorKind::InvalidInput.into(),
    })?;
    let mut text = old.unwrap_or_default();
    if text.last().is_some_and(|byte| *byte != b'\n') {
        text.push(b'\n');
    }
    text.extend_from_slice(line.as_bytes());
    text.push(b'\n');
    files::write_public(&full, &text)
}

fn why(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "it has another owner or a second name, or you may not",
        io::ErrorKind::AlreadyExists => "it is a symbolic link",
        io::ErrorKind::NotFound => "it is gone",
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only",
        io::ErrorKind::StorageFull => "the disk is full",
        _ => "the system refused",
    }
}
