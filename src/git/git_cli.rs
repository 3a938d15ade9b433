//! The one place that runs git.
//!
//! Never to examine a repository: its configuration can name programs (`core.fsmonitor`, `gpg.program`, a partial clone's
//! `uploadpack`), and none of them may run because somebody looks at it. git makes the demo's repository, says what the
//! user's own configuration is, and for `hook install` and `hook status` where it looks for hooks.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::problem::{Problem, ProblemKind};

/// A path is shorter.
const OUTPUT_LIMIT: u64 = 64 << 10;
/// git answers in milliseconds; what takes this long waits for something that never comes.
const DEADLINE: Duration = Duration::from_secs(20);
/// How often it is asked whether it has ended.
const PAUSE: Duration = Duration::from_millis(2);

/// What git needs of the environment: where programs are, and whose configuration counts. Nothing else passes, and no
/// `GIT_` variable.
const KEPT: [&str; 3] = ["PATH", "HOME", "XDG_CONFIG_HOME"];

/// A git that executes nothing on behalf of a repository or of the surroundings.
#[expect(clippy::disallowed_methods, reason = "git is told the variables that it may have")]
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

/// Runs it to its end, or ends it at the deadline. Its exit status, and what it wrote.
fn run(mut command: Command) -> Result<(Option<i32>, Vec<u8>), Problem> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|_| failed())?;
    let read = |stdout| std::thread::Builder::new().spawn(move || all_of(stdout));
    let Some(Ok(output)) = child.stdout.take().map(read) else {
        drop(child.kill());
        drop(child.wait());
        return Err(failed());
    };
    let end = Instant::now() + DEADLINE;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status.code(),
            Ok(None) if Instant::now() < end => std::thread::sleep(PAUSE),
            _ => {
                drop(child.kill());
                drop(child.wait());
                return Err(failed());
            }
        }
    };
    let output = output.join().map_err(|_| failed())?;
    output.map(|output| (status, output)).map_err(|_| failed())
}

/// What it wrote; more than the limit is an error.
fn all_of(stream: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.take(OUTPUT_LIMIT + 1).read_to_end(&mut bytes)?;
    match u64::try_from(bytes.len()) {
        Ok(size) if size <= OUTPUT_LIMIT => Ok(bytes),
        _ => Err(io::ErrorKind::FileTooLarge.into()),
    }
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
    command.current_dir(dir).args(arguments);
    match run(command)? {
        (Some(0), _) => Ok(()),
        _ => Err(failed()),
    }
}

/// The version of the git that is found.
///
/// # Errors
/// git is missing, or it failed.
pub fn version() -> Result<Vec<u8>, Problem> {
    let mut command = hardened();
    command.arg("--version");
    let (status, output) = run(command)?;
    let version = output.trim_ascii().strip_prefix(b"git version ").filter(|_| status == Some(0));
    version.map(<[u8]>::to_vec).ok_or_else(failed)
}

/// Where git itself finds a file of its own (`hooks/pre-commit`), seen from `top`, the directory of a repository that was
/// opened: with the user's whole environment, for that counts, too. `rev-parse` reads the configuration and starts no
/// program that is there.
///
/// # Errors
/// git is missing, or it failed.
pub fn git_path(top: &Path, name: &str) -> Result<PathBuf, Problem> {
    let mut command = Command::new("git");
    command.arg("-C").arg(top).args(["rev-parse", "--git-path", name]);
    let (status, output) = run(command)?;
    let line = output.strip_suffix(b"\n").filter(|line| status == Some(0) && !line.is_empty());
    line.map(|line| PathBuf::from(OsStr::from_bytes(line))).ok_or_else(failed)
}

/// `init.templateDir` of the user's own configuration: the directory that git copies into new repositories.
///
/// # Errors
/// git is missing, or its configuration cannot be read.
pub fn template_dir() -> Result<Option<PathBuf>, Problem> {
    let mut command = users_config();
    command.args(["--path", "--null", "--get", "init.templateDir"]);
    let (status, output) = run(command)?;
    match status {
        Some(0) => {
            let path = output.strip_suffix(b"\0").unwrap_or(&output);
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
    match run(command)? {
        (Some(0), _) => Ok(()),
        _ => Err(Problem::whole(ProblemKind::UnreadableGitConfig)),
    }
}

/// Whether git can keep a setting in the user's own configuration: git puts another file in its place, and as root also
/// in the place of a device, such as the `/dev/null` that some name to have no configuration.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the variable that git obeys")]
pub fn users_config_is_a_file() -> bool {
    let file = std::env::var_os("GIT_CONFIG_GLOBAL");
    file.is_none_or(|file| std::fs::metadata(file).map_or(true, |found| found.is_file()))
}

/// git's question about the user's own configuration, wherever the user has it.
#[expect(clippy::disallowed_methods, reason = "git is told the variables that it may have")]
fn users_config() -> Command {
    let mut command = hardened();
    command.envs(std::env::var_os("GIT_CONFIG_GLOBAL").map(|file| ("GIT_CONFIG_GLOBAL", file)));
    command.args(["config", "--global"]);
    command
}

fn failed() -> Problem {
    Problem::whole(ProblemKind::GitFailed)
}
