//! git's configuration, by our own reader: libgit2 and git wait for ever on a pipe in the place of a file, and git obeys
//! what it reads.
//!
//! The levels, the last word counts: the system, the user (two places), the repository, the work tree.

mod condition;
pub(super) mod syntax;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::condition::Subject;
use self::syntax::Line;
use super::read;
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};

/// Includes in includes: git's own limit.
const DEEPEST: usize = 10;
/// More files than this are no honest configuration.
const MOST: usize = 1000;

/// The user's own places.
#[derive(Clone, Debug, Default)]
pub(super) struct Home {
    /// `HOME`.
    pub(super) home: Option<PathBuf>,
    /// The directory of git's files: `XDG_CONFIG_HOME/git`, else `HOME/.config/git`.
    pub(super) git: Option<PathBuf>,
}

impl Home {
    /// Of anyone who runs this.
    #[expect(clippy::disallowed_methods, reason = "git's own places go by them")]
    pub(super) fn of_user() -> Self {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let home = set("HOME");
        let config = set("XDG_CONFIG_HOME").or_else(|| home.as_ref().map(|home| home.join(".config")));
        Self { home, git: config.map(|config| config.join("git")) }
    }

    /// The user's own files, in the order in which git reads them.
    fn files(&self) -> impl Iterator<Item = PathBuf> {
        let system = Some(PathBuf::from("/etc/gitconfig"));
        let git = self.git.as_ref().map(|git| git.join("config"));
        [system, git, self.home.as_ref().map(|home| home.join(".gitconfig"))].into_iter().flatten()
    }

    /// A path with `~/` or `~user/` at its beginning written out; `None` where there is no such home.
    pub(super) fn expand(&self, path: &[u8]) -> Option<Vec<u8>> {
        let Some(rest) = path.strip_prefix(b"~") else { return Some(path.to_vec()) };
        let end = rest.iter().position(|byte| *byte == b'/').unwrap_or(rest.len());
        let (user, tail) = rest.split_at_checked(end)?;
        let home = match user {
            b"" => self.home.clone()?,
            user => nix::unistd::User::from_name(std::str::from_utf8(user).ok()?).ok()??.dir,
        };
        Some([home.as_os_str().as_bytes(), tail].concat())
    }
}

/// A setting, and the file that says it.
#[derive(Clone, Debug)]
struct Said {
    line: Line,
    file: Arc<Path>,
}

/// What a repository's configuration says.
#[derive(Debug, Default)]
pub(super) struct Config {
    settings: Vec<Said>,
    home: Home,
}

impl Config {
    /// Reads it: of the user, and of the repository of these directories. Every file is opened without waiting, those of
    /// includes whose condition is not met, too: another reader may judge the condition otherwise.
    ///
    /// # Errors
    /// A file that cannot be read, is no regular file or too large, or that git would refuse.
    pub(super) fn read(git_dir: &Path, common_dir: &Path, home: Home) -> Result<Self, Problem> {
        let resolved = git_dir.canonicalize().unwrap_or_else(|_| git_dir.to_path_buf());
        let branch = branch(git_dir);
        let subject = Subject { git_dir: &resolved, branch: branch.as_deref(), remotes: None, home: &home };
        let (settings, asks) = load(git_dir, common_dir, &subject)?;
        if !asks {
            return Ok(Self { settings, home });
        }
        let is_address = |line: &Line| line.name.starts_with(b"remote.") && line.name.ends_with(b".url");
        let lines = settings.into_iter().map(|said| said.line);
        let remotes: Vec<_> = lines.filter(is_address).filter_map(|line| line.value).collect();
        let (settings, _) = load(git_dir, common_dir, &Subject { remotes: Some(&remotes), ..subject })?;
        Ok(Self { settings, home })
    }

    /// The user's alone.
    ///
    /// # Errors
    /// As [`Config::read`].
    pub(super) fn of_user(home: Home) -> Result<Self, Problem> {
        let subject = Subject { git_dir: Path::new("/"), branch: None, remotes: None, home: &home };
        let mut load = Load::new(&subject);
        for file in home.files() {
            load.file(&file, true, 0)?;
        }
        let settings = load.settings;
        Ok(Self { settings, home })
    }

    /// The last word on a setting: nothing said, said without a value, or the value.
    fn last(&self, name: &str) -> Option<Option<&[u8]>> {
        self.last_said(name).map(|said| said.line.value.as_deref())
    }

    fn last_said(&self, name: &str) -> Option<&Said> {
        self.settings.iter().rev().find(|said| said.line.name == name.as_bytes())
    }

    /// The file that has the last word on a setting.
    pub(super) fn said_in(&self, name: &str) -> Option<&Path> {
        self.last_said(name).map(|said| &*said.file)
    }

    /// The settings, the first one first.
    pub(super) fn lines(&self) -> impl Iterator<Item = &Line> {
        self.settings.iter().map(|said| &said.line)
    }

    /// A setting's value; an empty one where it is only named.
    pub(super) fn value(&self, name: &str) -> Option<&[u8]> {
        self.last(name).map(Option::unwrap_or_default)
    }

    /// Every value that a setting has, the first one first.
    pub(super) fn values(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.lines().filter(move |line| line.name == name.as_bytes()).filter_map(|line| line.value.as_deref())
    }

    /// Whether a setting is there and true.
    pub(super) fn is_true(&self, name: &str) -> bool {
        self.last(name).is_some_and(is_true)
    }

    /// A path, `~/` expanded. An empty one is none.
    pub(super) fn path(&self, name: &str) -> Option<PathBuf> {
        let path = self.value(name).filter(|path| !path.is_empty())?;
        self.home.expand(path).map(|path| PathBuf::from(OsStr::from_bytes(&path)))
    }

    /// The names of the settings below one (`extensions.`), without it.
    pub(super) fn below<'a>(&'a self, section: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.lines().filter_map(|line| line.name.strip_prefix(section.as_bytes()))
    }

    /// Whether objects are missing on purpose: a remote that promises them.
    pub(super) fn has_promisor(&self) -> bool {
        self.lines().any(|Line { name, value }| {
            let of_remote = name.starts_with(b"remote.");
            name == b"extensions.partialclone"
                || of_remote && name.ends_with(b".partialclonefilter")
                || of_remote && name.ends_with(b".promisor") && is_true(value.as_deref())
        })
    }

    /// The user's places.
    pub(super) fn home(&self) -> &Home {
        &self.home
    }
}

/// A setting without a value is true; a number is, unless it is 0.
fn is_true(value: Option<&[u8]>) -> bool {
    let Some(value) = value else { return true };
    let is = |words: &[&[u8]]| words.iter().any(|word| value.eq_ignore_ascii_case(word));
    let number = std::str::from_utf8(value).ok().and_then(|text| text.trim().parse::<i64>().ok());
    is(&[b"true", b"yes", b"on"]) || number.is_some_and(|number| number != 0)
}

/// The branch that HEAD names. What is wrong with HEAD is told where it is read.
fn branch(git_dir: &Path) -> Option<Vec<u8>> {
    let text = read::if_there(&git_dir.join("HEAD"), read::REF).ok()??;
    text.strip_prefix(b"ref:")?.trim_ascii().strip_prefix(b"refs/heads/").map(<[u8]>::to_vec)
}

/// All levels; and whether a condition asks about remotes.
fn load(git_dir: &Path, common_dir: &Path, subject: &Subject<'_>) -> Result<(Vec<Said>, bool), Problem> {
    let mut load = Load::new(subject);
    for file in subject.home.files() {
        load.file(&file, true, 0)?;
    }
    let own = load.settings.len();
    load.file(&common_dir.join("config"), true, 0)?;
    // Only the repository's own word counts here; git looks at the file itself then.
    let of_repository = load.settings.get(own..).unwrap_or_default();
    let has_own = of_repository.iter().rev().find(|said| said.line.name == b"extensions.worktreeconfig");
    let is_active = has_own.is_some_and(|said| is_true(said.line.value.as_deref()));
    load.file(&git_dir.join("config.worktree"), is_active, 0)?;
    Ok((load.settings, load.asks_for_remotes))
}

/// Files being read.
struct Load<'a> {
    subject: &'a Subject<'a>,
    settings: Vec<Said>,
    count: usize,
    asks_for_remotes: bool,
}

impl<'a> Load<'a> {
    fn new(subject: &'a Subject<'a>) -> Self {
        Self { subject, settings: Vec::new(), count: 0, asks_for_remotes: false }
    }

    /// One file, and what it includes. Of one that is not `active` nothing is taken over, and what it holds is no fault.
    fn file(&mut self, path: &Path, active: bool, depth: usize) -> Result<(), Problem> {
        self.count += 1;
        if self.count > MOST {
            return Err(unreadable());
        }
        let text = match read::if_there(path, read::CONFIG) {
            Ok(Some(text)) => text,
            Ok(None) => return Ok(()),
            // Nobody may read it: without a word of it nothing hangs.
            Err(_)
                if !active
                    && read::regular(path).is_err_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied) =>
            {
                return Ok(());
            }
            Err(error) => return Err(read::problem(shown(path), &error, read::CONFIG)),
        };
        let lines = match syntax::parse(&text) {
            Some(lines) => lines,
            None if active => return Err(unreadable()),
            None => return Ok(()),
        };
        let said_in: Arc<Path> = Arc::from(path);
        for line in lines {
            let include = self.include(&line, path);
            if active {
                self.settings.push(Said { line, file: Arc::clone(&said_in) });
            }
            let Some((file, is_met)) = include else { continue };
            match (depth < DEEPEST, active && is_met) {
                (true, is_active) => self.file(&file, is_active, depth + 1)?,
                (false, true) => return Err(unreadable()),
                (false, false) => {}
            }
        }
        Ok(())
    }

    /// The file that a line includes, and whether its condition is met.
    fn include(&mut self, line: &Line, file: &Path) -> Option<(PathBuf, bool)> {
        let rest = line.name.strip_prefix(b"include")?;
        let beside = file.parent().unwrap_or(Path::new("/"));
        let is_met = match rest {
            b".path" => true,
            rest => {
                let condition = rest.strip_prefix(b"if.")?.strip_suffix(b".path")?;
                self.asks_for_remotes |= condition.starts_with(b"hasconfig:");
                self.subject.meets(condition, beside)
            }
        };
        let path = self.subject.home.expand(line.value.as_deref().filter(|path| !path.is_empty())?)?;
        Some((beside.join(OsStr::from_bytes(&path)), is_met))
    }
}

fn shown(path: &Path) -> RelPath {
    RelPath::new(path.as_os_str().as_bytes())
}

/// The problem with the configuration.
pub(super) fn unreadable() -> Problem {
    Problem::whole(ProblemKind::UnreadableGitConfig)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test makes configurations")]
mod tests;
pub(in crate::git) mod upstream;
