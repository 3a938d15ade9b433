//! `envward hook`: the pre-commit hook, put in place, taken out, run.

use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::output::{HOOK, lost};
use super::{locate, scan};
use crate::cli::{Color, FailOn, Format, Hook, HookName, Output, Scan};
use crate::error::Error;
use crate::files::{self, Root};
use crate::git::Repository;
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::report::Status;
use crate::system::System;
use crate::tty::sanitize;

/// The script, with a word where the program's path goes.
const SCRIPT: &str = include_str!("../../hooks/pre-commit");
const WORD: &str = "'@ENVWARD@'";
/// The line by which an installed hook is known as ours.
const MARK: &[u8] = b"# envward pre-commit:";
const NAME: &str = "pre-commit";

/// What stands where the hook belongs.
enum Found {
    Nothing,
    Ours,
    Foreign,
}

/// Runs it.
pub(super) fn run(hook: &Hook, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    match hook {
        Hook::Install { path } => install(path.as_deref(), system, out),
        Hook::Uninstall { path } => uninstall(path.as_deref(), system, out),
        Hook::Status { path } => status(path.as_deref(), system, out),
        Hook::Run { hook: HookName::PreCommit } => pre_commit(system, out),
    }
}

fn install(path: Option<&Path>, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let hook = place(path, system)?;
    if matches!(found(&hook)?, Found::Foreign) {
        return Err(Error::ForeignHook(hook));
    }
    let Some(dir) = hook.parent() else { return Err(Error::NoSuchPath(hook)) };
    std::fs::create_dir_all(dir).map_err(|error| Error::io("make", dir, &error))?;
    files::write_program(&hook, &script(&system.program)).map_err(|error| Error::io("write", &hook, &error))?;
    say(out, &format!("installed {}", shown(&hook)))
}

fn uninstall(path: Option<&Path>, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let hook = place(path, system)?;
    match found(&hook)? {
        Found::Foreign => Err(Error::ForeignHook(hook)),
        Found::Nothing => say(out, "there is no hook to remove"),
        Found::Ours => {
            std::fs::remove_file(&hook).map_err(|error| Error::io("remove", &hook, &error))?;
            say(out, &format!("removed {}", shown(&hook)))
        }
    }
}

/// Clean with the hook in place as this program would install it, findings else.
fn status(path: Option<&Path>, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let hook = place(path, system)?;
    let (answer, status) = match found(&hook)? {
        Found::Nothing => ("not installed", Status::Findings),
        Found::Foreign => ("another hook stands there", Status::Findings),
        Found::Ours if read(&hook)?.is_some_and(|text| text == script(&system.program)) => ("installed", Status::Clean),
        Found::Ours => ("installed by another envward, or changed since: run `envward hook install`", Status::Findings),
    };
    say(out, &format!("{}: {answer}", shown(&hook)))?;
    Ok(status)
}

/// What the installed hook runs. A change that touches no secret warns and passes.
fn pre_commit(system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let output = Output {
        format: Format::Text,
        fail_on: FailOn::Error,
        exit_zero: false,
        as_of: None,
        config: None,
        color: Color::Auto,
    };
    let args = Scan { paths: Vec::new(), recursive: false, staged: true, range: None, since_commit: None, output };
    scan::run_as(HOOK, &args, system, out)
}

/// Where git looks for the hook.
fn place(path: Option<&Path>, system: &System) -> Result<PathBuf, Error> {
    let (place, _) = locate::place(path, system)?;
    let repository = Repository::discover(&place)?.ok_or(Problem::whole(ProblemKind::NotARepository))?;
    Ok(repository.hooks_dir()?.join(NAME))
}

fn found(hook: &Path) -> Result<Found, Error> {
    if hook.symlink_metadata().is_err() {
        return Ok(Found::Nothing);
    }
    let is_link = hook.symlink_metadata().is_ok_and(|meta| meta.file_type().is_symlink());
    let text = if is_link { None } else { read(hook)? };
    let ours = text.is_some_and(|text| text.split(|byte| *byte == b'\n').any(|line| line.starts_with(MARK)));
    Ok(if ours { Found::Ours } else { Found::Foreign })
}

fn read(hook: &Path) -> Result<Option<Vec<u8>>, Error> {
    let Some(dir) = hook.parent() else { return Ok(None) };
    let root = Root::open(dir).map_err(|error| Error::io("open", dir, &error))?;
    Ok(root.read(&RelPath::from(NAME))?)
}

fn script(program: &Path) -> Vec<u8> {
    let mut script = Vec::with_capacity(SCRIPT.len() + program.as_os_str().len());
    let (before, after) = SCRIPT.split_once(WORD).unwrap_or((SCRIPT, ""));
    script.extend_from_slice(before.as_bytes());
    script.extend_from_slice(&quoted(program.as_os_str().as_bytes()));
    script.extend_from_slice(after.as_bytes());
    script
}

/// In single quotes, for a shell.
fn quoted(bytes: &[u8]) -> Vec<u8> {
    let mut quoted = vec![b'\''];
    for byte in bytes {
        match byte {
            b'\'' => quoted.extend_from_slice(b"'\\''"),
            _ => quoted.push(*byte),
        }
    }
    quoted.push(b'\'');
    quoted
}

fn shown(path: &Path) -> String {
    sanitize(path.as_os_str().as_bytes())
}

fn say(out: &mut dyn Write, text: &str) -> Result<Status, Error> {
    writeln!(out, "{text}").map_err(|error| lost(&error))?;
    Ok(Status::Clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_has_the_mark_and_the_word() {
        assert!(SCRIPT.lines().any(|line| line.as_bytes().starts_with(MARK)));
        assert_eq!(SCRIPT.matches(WORD).count(), 1);
        let script = script(Path::new("/opt/it's/envward"));
        assert!(String::from_utf8_lossy(&script).contains("envward='/opt/it'\\''s/envward'"));
    }
}
