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
const ERRORS_LIMIT: u64 = 1 << 20;

/// What git needs of the environment: where programs are, and whose configuration counts. Nothing else passes, and no
/// `GIT_` variable.
const KEPT: [&str; 3] = ["PATH", "HOME", "XDG_CONFIG_HOME"];

/// A git that executes nothing on behalf of a repository or of the surroundings.
fn hardened() -> Command {
    let mut command = bare();
    command.args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]);
    command
}

/// The same, but for its settings: what it is asked about them must not be our own.
#[expect(clippy::disallowed_methods, reason = "git is told the variables that it may have")]
fn bare() -> Command {
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
    command.arg("--no-pager");
    command
}

/// What git answered.
pub(super) struct Answer {
    /// Its exit status.
    pub(super) status: Option<i32>,
    /// What it wrote.
    pub(super) output: Vec<u8>,
    /// Whether it refused because another user owns the repository.
    pub(super) is_foreign: bool,
}

impl Answer {
    /// Whether it ended well.
    pub(super) fn is_success(&self) -> bool {
        self.status == Some(0)
    }
}

/// Runs git with `place` (`--git-dir=…`, or `-C` and a directory) before its command.
pub(super) fn ask(place: &[impl AsRef<OsStr>], arguments: &[&str]) -> Result<Answer, Problem> {
    let mut command = hardened();
    command.args(place).args(arguments);
    run(command)
}

/// Runs `git config`, which starts neither hooks nor a monitor.
pub(super) fn ask_config(git_dir: &Path, arguments: &[&str]) -> Result<Answer, Problem> {
    let mut command = bare();
    command.arg(joined("--git-dir=", git_dir.as_os_str())).arg("config").args(arguments);
    run(command)
}

fn run(mut command: Command) -> Result<Answer, Problem> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|_| failed())?;
    // Both at once, so that it never waits for a reader.
    let errors = child.stderr.take().map(|stderr| std::thread::spawn(move || all_of(stderr, ERRORS_LIMIT)));
    let output = child.stdout.take().and_then(|stdout| all_of(stdout, OUTPUT_LIMIT));
    if output.is_none() {
        // Its pipe is closed, and it is ended here.
        drop(child.kill());
    }
    let status = child.wait().map_err(|_| failed())?.code();
    let errors = errors.and_then(|errors| errors.join().ok().flatten()).unwrap_or_default();
    let is_foreign = memchr::memmem::find(&errors, b"dubious ownership").is_some();
    Ok(Answer { status, output: output.ok_or_else(failed)?, is_foreign })
}

/// What can be read; `None` where it is more than `limit` bytes, or broke off.
fn all_of(stream: impl Read, limit: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.take(limit + 1).read_to_end(&mut bytes).ok()?;
    u64::try_from(bytes.len()).is_ok_and(|size| size <= limit).then_some(bytes)
}

/// The entries of an index that only git reads: a split or a sparse one (it writes the left-out directories' files out).
pub(super) fn index(git_dir: &Path, index: Option<&Path>) -> Result<Vec<IndexEntry>, Problem> {
    let output = of_index(git_dir, index, &["ls-files", "--stage", "-z"])?;
    let lines = output.split(|byte| *byte == 0).filter(|line| !line.is_empty());
    lines.map(|line| listed(line).ok_or_else(failed)).collect()
}

/// The paths that a commit of the index would change; what is only meant to be added is none of them.
pub(super) fn staged_paths(git_dir: &Path, index: Option<&Path>) -> Result<HashSet<RelPath>, Problem> {
    let plain = ["--no-ext-diff", "--no-textconv", "--no-renames", "--ignore-submodules=all"];
    let output = of_index(git_dir, index, &[&["diff", "--cached", "--name-only", "-z"][..], &plain].concat())?;
    Ok(output.split(|byte| *byte == 0).filter(|path| !path.is_empty()).map(RelPath::new).collect())
}

/// What git says of an index.
fn of_index(git_dir: &Path, index: Option<&Path>, arguments: &[&str]) -> Result<Vec<u8>, Problem> {
    let mut command = hardened();
    if let Some(index) = index {
        command.env("GIT_INDEX_FILE", index);
    }
    command.arg(joined("--git-dir=", git_dir.as_os_str())).args(arguments);
    let answer = run(command)?;
    if answer.is_success() { Ok(answer.output) } else { Err(failed()) }
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
#[expect(clippy::disallowed_methods, reason = "git is told the variables that it may have")]
fn users_config() -> Command {
    let mut command = hardened();
    command.envs(std::env::var_os("GIT_CONFIG_GLOBAL").map(|file| ("GIT_CONFIG_GLOBAL", file)));
    command.args(["config", "--global"]).stdin(Stdio::null()).stderr(Stdio::null());
    command
}

/// An option with its value.
pub(super) fn joined(option: &str, value: &OsStr) -> OsString {
    let mut joined = OsString::from(option);
    joined.push(value);
    joined
}

fn failed() -> Problem {
    Problem::whole(ProblemKind::GitFailed)
}
