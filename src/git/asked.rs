//! What git says of a repository that libgit2 cannot open: SHA-256 ids, refs in a reftable.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use super::child::{self, Answer};
use super::means::Setting;
use super::{Oid, refs};
use crate::problem::{Problem, ProblemKind};

/// Where such a repository is.
pub(super) struct Asked {
    pub(super) git_dir: PathBuf,
    pub(super) common_dir: PathBuf,
    pub(super) workdir: Option<PathBuf>,
    /// 20 or 32 bytes.
    pub(super) id_len: usize,
    /// Whether refs and reflogs are in a reftable, and not in files.
    pub(super) has_reftable: bool,
}

impl Asked {
    /// The repository that a directory is in. git's own owner check is kept: it looks for the repository itself.
    pub(super) fn discover(start: &Path) -> Result<Self, Problem> {
        let place = [OsStr::new("-C"), start.as_os_str()];
        let answer = child::ask(&place, &["rev-parse", "--absolute-git-dir"])?;
        if !answer.is_success() {
            let kind = if answer.is_foreign { ProblemKind::ForeignOwner } else { ProblemKind::UnsupportedRepository };
            return Err(Problem::whole(kind));
        }
        let top = child::ask(&place, &["rev-parse", "--show-toplevel"])?;
        let mut asked = Self::of_git_dir(&path(answer))?;
        // Asked from inside `.git` it names none.
        let beside = asked.git_dir.parent().filter(|_| asked.git_dir.ends_with(".git")).map(Path::to_path_buf);
        asked.workdir = if top.is_success() { Some(path(top)) } else { beside };
        Ok(asked)
    }

    /// The repository of which this is the git directory, as a bare one.
    pub(super) fn of_git_dir(git_dir: &Path) -> Result<Self, Problem> {
        let (git_dir, common_dir) = (git_dir.to_path_buf(), git_dir.to_path_buf());
        let mut asked = Self { git_dir, common_dir, workdir: None, id_len: 20, has_reftable: false };
        let unsupported = || Problem::whole(ProblemKind::UnsupportedRepository);
        let format = asked.answer(&["rev-parse", "--show-object-format"])?.ok_or_else(unsupported)?;
        asked.id_len = match format.trim_ascii() {
            b"sha1" => 20,
            b"sha256" => 32,
            _ => return Err(unsupported()),
        };
        let common = asked.answer(&["rev-parse", "--path-format=absolute", "--git-common-dir"])?;
        asked.common_dir = PathBuf::from(OsString::from_vec(line(common.ok_or_else(unsupported)?)));
        let storage = asked.setting(&["--get", "extensions.refStorage"])?.unwrap_or_default();
        asked.has_reftable = match storage.trim_ascii() {
            b"" | b"files" => false,
            b"reftable" => true,
            _ => return Err(unsupported()),
        };
        Ok(asked)
    }

    /// What git wrote; `None` where it says no (status 1).
    fn answer(&self, arguments: &[&str]) -> Result<Option<Vec<u8>>, Problem> {
        yes_or_no(self.ask(arguments)?)
    }

    /// The same, of its settings.
    fn setting(&self, arguments: &[&str]) -> Result<Option<Vec<u8>>, Problem> {
        yes_or_no(child::ask_config(&self.git_dir, arguments)?)
    }

    fn ask(&self, arguments: &[&str]) -> Result<Answer, Problem> {
        child::ask(&[&child::joined("--git-dir=", self.git_dir.as_os_str())], arguments)
    }

    /// A path of the configuration, `~/` expanded.
    pub(super) fn path(&self, name: &str) -> Result<Option<PathBuf>, Problem> {
        let answer = self.setting(&["--type=path", "--get", name])?;
        Ok(answer.map(|path| PathBuf::from(OsString::from_vec(line(path)))))
    }

    /// Whether a setting is there and true.
    pub(super) fn is_true(&self, name: &str) -> Result<bool, Problem> {
        Ok(self.setting(&["--type=bool", "--get", name])?.is_some_and(|word| line(word) == b"true"))
    }

    /// All settings; one without a value is true.
    pub(super) fn settings(&self) -> Result<Vec<Setting>, Problem> {
        let list = self.setting(&["--list", "-z"])?.unwrap_or_default();
        let setting = |entry: &[u8]| match entry.iter().position(|byte| *byte == b'\n') {
            Some(end) => {
                (entry.get(..end).unwrap_or_default().to_vec(), entry.get(end + 1..).unwrap_or_default().to_vec())
            }
            None => (entry.to_vec(), b"true".to_vec()),
        };
        Ok(list.split(|byte| *byte == 0).filter(|entry| !entry.is_empty()).map(setting).collect())
    }

    /// HEAD's commit; `None` before the first one.
    pub(super) fn head(&self) -> Result<Option<Oid>, Problem> {
        if let Some(id) = self.answer(&["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])? {
            return refs::leading_id(&id).map(Some).ok_or_else(|| refs::broken(b"HEAD"));
        }
        // Unborn, where it names a branch; broken else.
        let named = self.answer(&["symbolic-ref", "--quiet", "HEAD"])?;
        named.map(|_| None).ok_or_else(|| refs::broken(b"HEAD"))
    }

    /// The commit that a name stands for.
    pub(super) fn resolve(&self, spec: &str) -> Result<Oid, Problem> {
        resolve(&self.git_dir, spec)
    }

    /// The refs of this git directory: id, full name, and whether it is a symbolic one.
    pub(super) fn refs(git_dir: &Path) -> Result<Vec<(Oid, Vec<u8>, bool)>, Problem> {
        let place = [child::joined("--git-dir=", git_dir.as_os_str())];
        let format = "--format=%(objectname) %(refname)%00%(symref)";
        let all = child::ask(&place, &["for-each-ref", "--include-root-refs", format])?;
        let failed = || Problem::whole(ProblemKind::GitFailed);
        if !all.is_success() {
            return Err(failed());
        }
        let parsed = all.output.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(|line| {
            let end = line.iter().position(|byte| *byte == 0)?;
            let (before, symbolic) = (line.get(..end)?, line.get(end + 1..)?);
            let space = before.iter().position(|byte| *byte == b' ')?;
            Some((refs::leading_id(before)?, before.get(space + 1..)?.to_vec(), !symbolic.is_empty()))
        });
        parsed.map(|parsed| parsed.ok_or_else(failed)).collect()
    }

    /// The names of all refs that have a log in this git directory.
    pub(super) fn logs(git_dir: &Path) -> Result<Vec<Vec<u8>>, Problem> {
        let place = [child::joined("--git-dir=", git_dir.as_os_str())];
        let answer = child::ask(&place, &["reflog", "list"])?;
        match answer.is_success() {
            true => {
                Ok(answer.output.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(Vec::from).collect())
            }
            false => Err(Problem::whole(ProblemKind::GitFailed)),
        }
    }

    /// What stands in a log, the newest first.
    pub(super) fn log(git_dir: &Path, name: &[u8]) -> Result<Vec<Oid>, Problem> {
        let place = [child::joined("--git-dir=", git_dir.as_os_str())];
        let broken = || refs::broken(&[b"logs/", name].concat());
        let name = std::str::from_utf8(name).map_err(|_| broken())?;
        let answer = child::ask(&place, &["reflog", "show", "--no-abbrev", "--format=%H", name, "--"])?;
        match answer.is_success() {
            true => Ok(answer.output.split(|byte| *byte == b'\n').filter_map(refs::leading_id).collect()),
            false => Err(broken()),
        }
    }
}

/// The commit that a name stands for, in the repository of this git directory.
pub(super) fn resolve(git_dir: &Path, spec: &str) -> Result<Oid, Problem> {
    let full = format!("{spec}^{{commit}}");
    let place = [child::joined("--git-dir=", git_dir.as_os_str())];
    let answer = child::ask(&place, &["rev-parse", "--verify", "--quiet", "--end-of-options", &full])?;
    let id = refs::leading_id(&answer.output).filter(|_| answer.is_success());
    id.ok_or_else(|| refs::broken(spec.as_bytes()))
}

fn yes_or_no(answer: Answer) -> Result<Option<Vec<u8>>, Problem> {
    match answer.status {
        Some(0) => Ok(Some(answer.output)),
        Some(1) => Ok(None),
        _ => Err(Problem::whole(ProblemKind::GitFailed)),
    }
}

fn path(answer: Answer) -> PathBuf {
    PathBuf::from(OsString::from_vec(line(answer.output)))
}

/// Without the newline that git adds.
fn line(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
    }
    bytes
}
