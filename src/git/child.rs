//! The one place that runs git.
//!
//! Only for what libgit2 cannot read. A repository's configuration can name programs (`core.fsmonitor`, hooks, a
//! partial clone's `uploadpack`): none of them may run because somebody looks at it.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{IndexEntry, Oid};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};

const OUTPUT_LIMIT: u64 = 1 << 30;

/// What git needs of the environment: where programs are, and whose configuration counts. Nothing else passes, and no
/// `GIT_` variable.
const KEPT: [&str; 3] = ["PATH", "HOME", "XDG_CONFIG_HOME"];

/// A git that executes nothing on behalf of a repository or of the surroundings.
fn hardened() -> Command {
    let mut command = Command::new("git");
    command.env_clear().envs(KEPT.iter().filter_map(|name| Some((*name, std::env::var_os(name)?))));
    command.envs([
        ("GIT_ALLOW_PROTOCOL", ""),
        ("GIT_NO_LAZY_FETCH", "1"),
        ("GIT_NO_REPLACE_OBJECTS", "1"),
        ("GIT_OPTIONAL_LOCKS", "0"),
        ("GIT_TERMINAL_PROMPT", "0"),
        ("LC_ALL", "C"),
    ]);
    command.args(["--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]);
    command
}

/// Runs git in a git directory and gives what it wrote.
fn git(git_dir: &Path, index: Option<&Path>, arguments: &[&str]) -> Result<Vec<u8>, Problem> {
    let mut command = hardened();
    if let Some(index) = index {
        command.env("GIT_INDEX_FILE", index);
    }
    command.arg(joined("--git-dir=", git_dir.as_os_str())).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|_| failed())?;
    let mut output = Vec::new();
    let read = match child.stdout.take() {
        Some(stdout) => stdout.take(OUTPUT_LIMIT + 1).read_to_end(&mut output).is_ok(),
        None => false,
    };
    let is_whole = read && u64::try_from(output.len()).is_ok_and(|size| size <= OUTPUT_LIMIT);
    if !is_whole {
        // It may wait for a reader; the pipe is closed, and it is ended here.
        drop(child.kill());
    }
    match child.wait() {
        Ok(status) if status.success() && is_whole => Ok(output),
        _ => Err(failed()),
    }
}

/// The entries of an index that only git reads: a split or a sparse one (it writes the left-out directories' files out).
pub(super) fn index(git_dir: &Path, index: Option<&Path>) -> Result<Vec<IndexEntry>, Problem> {
    let output = git(git_dir, index, &["ls-files", "--stage", "-z"])?;
    let lines = output.split(|byte| *byte == 0).filter(|line| !line.is_empty());
    lines.map(|line| listed(line).ok_or_else(failed)).collect()
}

/// The paths that a commit of the index would change; what is only meant to be added is none of them.
pub(super) fn staged_paths(git_dir: &Path, index: Option<&Path>) -> Result<HashSet<RelPath>, Problem> {
    let plain = ["--no-ext-diff", "--no-textconv", "--no-renames", "--ignore-submodules=all"];
    let output = git(git_dir, index, &[&["diff", "--cached", "--name-only", "-z"][..], &plain].concat())?;
    Ok(output.split(|byte| *byte == 0).filter(|path| !path.is_empty()).map(RelPath::new).collect())
}

/// `mode SP id SP stage TAB path`.
fn listed(line: &[u8]) -> Option<IndexEntry> {
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let text = std::str::from_utf8(line.get(..tab)?).ok()?;
    let mut words = text.split(' ');
    let mode = u32::from_str_radix(words.next()?, 8).ok()?;
    let blob = Oid::from_hex(words.next()?.as_bytes())?;
    let stage = words.next()?.parse().ok()?;
    let path = RelPath::new(line.get(tab + 1..)?);
    Some(IndexEntry { path, blob, mode, stage, intent_to_add: false })
}

/// Runs git in a throwaway directory of our own, to make a repository there; nobody's configuration counts, and a
/// commit is made at this time (RFC 3339).
///
/// # Errors
/// git is missing, or it failed.
pub fn make(dir: &Path, time: &str, arguments: &[&str]) -> Result<(), Problem> {
    let mut command = hardened();
    command.envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")]);
    command.envs([("GIT_AUTHOR_DATE", time), ("GIT_COMMITTER_DATE", time)]);
    command.args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"]);
    command.current_dir(dir).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        _ => Err(failed()),
    }
}

/// `init.templateDir` of the user's own configuration: the directory that git copies into new repositories.
///
/// # Errors
/// git is missing, or its configuration cannot be read.
pub fn template_dir() -> Result<Option<PathBuf>, Problem> {
    let mut command = users_config();
    command.args(["--path", "--null", "--get", "init.templateDir"]);
    let output = command.output().map_err(|_| failed())?;
    match output.status.code() {
        Some(0) => {
            let path = output.stdout.strip_suffix(b"\0").unwrap_or(&output.stdout);
            Ok((!path.is_empty()).then(|| PathBuf::from(OsStr::from_bytes(path))))
        }
        Some(1) => Ok(None),
        _ => Err(Problem::whole(ProblemKind::UnreadableGitConfig)),
    }
}

/// Sets it.
///
/// # Errors
/// git is missing, or its configuration cannot be written.
pub fn set_template_dir(dir: &Path) -> Result<(), Problem> {
    let mut command = users_config();
    command.arg("init.templateDir").arg(dir);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        _ => Err(Problem::whole(ProblemKind::UnreadableGitConfig)),
    }
}

/// git's question about the user's own configuration, wherever the user has it.
fn users_config() -> Command {
    let mut command = hardened();
    command.envs(std::env::var_os("GIT_CONFIG_GLOBAL").map(|file| ("GIT_CONFIG_GLOBAL", file)));
    command.args(["config", "--global"]).stdin(Stdio::null()).stderr(Stdio::null());
    command
}

fn joined(option: &str, value: &OsStr) -> OsString {
    let mut joined = OsString::from(option);
    joined.push(value);
    joined
}

fn failed() -> Problem {
    Problem::whole(ProblemKind::GitFailed)
}
