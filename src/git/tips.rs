//! Every place from which git keeps objects: refs, the HEADs of all work trees, stashes, reflogs, half-done operations.

use std::collections::BTreeSet;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::asked::Asked;
use super::refs::{self, Refs, Value};
use super::{Oid, Reach, read};
use crate::path::RelPath;
use crate::problem::Problem;

const LOG_LIMIT: u64 = 1 << 30;
const STATE_LIMIT: u64 = 64 << 20;

/// What half-done operations hold on to, beside the files in capitals (`ORIG_HEAD`, `FETCH_HEAD`, `MERGE_HEAD` …).
const STATE: [&str; 10] = [
    "rebase-merge/amend",
    "rebase-merge/autostash",
    "rebase-merge/onto",
    "rebase-merge/orig-head",
    "rebase-merge/stopped-sha",
    "rebase-apply/autostash",
    "rebase-apply/onto",
    "rebase-apply/orig-head",
    "sequencer/abort-safety",
    "sequencer/head",
];

/// The refs that each work tree has for itself (gitglossary, "per-worktree ref").
const OWN: [&[u8]; 3] = [b"refs/worktree/", b"refs/bisect/", b"refs/rewritten/"];

/// How a tip holds its object, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hold {
    /// A ref or HEAD: what it names must be there.
    Ref,
    /// `refs/stash`.
    Stash,
    /// An older stash: its log.
    OldStash,
    /// Another log, or a half-done operation.
    Log,
}

impl Hold {
    /// What it means for a commit, whichever tree has it now.
    pub(super) fn reach(self) -> Reach {
        match self {
            Self::Ref => Reach::Ref,
            Self::Stash | Self::OldStash => Reach::Stash,
            Self::Log => Reach::Reflog,
        }
    }
}

/// One object that something points at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tip {
    pub(super) id: Oid,
    pub(super) hold: Hold,
    /// The ref's full name; `HEAD` where it is detached.
    pub(super) name: Option<Vec<u8>>,
    /// Whether it is the HEAD of a work tree.
    pub(super) head: bool,
}

impl Tip {
    /// Whether git promises that the object is there. Logs outlive what `git gc` prunes.
    pub(super) fn is_promised(&self) -> bool {
        matches!(self.hold, Hold::Ref | Hold::Stash)
    }
}

/// All of them, sorted.
pub(super) fn read_all(common: &Path, problems: &mut Vec<Problem>) -> BTreeSet<Tip> {
    let mut all = refs::read_all(common, b"", problems);
    let dirs = git_dirs(common, problems);
    for (dir, prefix) in dirs.iter().skip(1) {
        all.extend(refs::read_all(dir, prefix, problems));
    }
    let mut tips: BTreeSet<Tip> = all.iter().filter_map(|(name, value)| ref_tip(&all, name, value)).collect();
    for (dir, prefix) in &dirs {
        tips.extend(head_tip(&all, dir, prefix, problems));
        logs(dir, prefix, &mut tips, problems);
        state(dir, prefix, &mut tips, problems);
    }
    tips
}

/// All of them, sorted, of a repository whose refs and logs only git reads. The first line of a log names what was there
/// before it; that is not known here, and counts as reached by nothing.
pub(super) fn ask_all(common: &Path, problems: &mut Vec<Problem>) -> BTreeSet<Tip> {
    let mut tips = BTreeSet::new();
    for (dir, prefix) in git_dirs(common, problems) {
        if let Err(problem) = ask(&dir, &prefix, &mut tips) {
            problems.push(problem);
        }
        state(&dir, &prefix, &mut tips, problems);
    }
    tips
}

fn ask(dir: &Path, prefix: &[u8], tips: &mut BTreeSet<Tip>) -> Result<(), Problem> {
    for (id, name, is_symbolic) in Asked::refs(dir)? {
        let is_shared = name.starts_with(b"refs/") && !OWN.iter().any(|own| name.starts_with(own));
        if name == b"HEAD" {
            let name = (!is_symbolic).then(|| [prefix, b"HEAD"].concat());
            tips.insert(Tip { id, hold: Hold::Ref, name, head: true });
        } else if !name.starts_with(b"refs/") {
            tips.extend(unnamed(id, Hold::Log));
        } else if prefix.is_empty() || !is_shared {
            let hold = if name == b"refs/stash" { Hold::Stash } else { Hold::Ref };
            tips.insert(Tip { id, hold, name: Some([prefix, &name].concat()), head: false });
        }
    }
    for name in Asked::logs(dir)? {
        let hold = if name == b"refs/stash" { Hold::OldStash } else { Hold::Log };
        tips.extend(Asked::log(dir, &name)?.into_iter().filter_map(|id| unnamed(id, hold)));
    }
    Ok(())
}

/// The common directory, and the git directory of each linked work tree, each with what goes before its names.
fn git_dirs(common: &Path, problems: &mut Vec<Problem>) -> Vec<(PathBuf, Vec<u8>)> {
    let mut dirs = vec![(common.to_path_buf(), Vec::new())];
    let worktrees = common.join("worktrees");
    match worktrees.read_dir() {
        Ok(entries) => {
            let mut names: Vec<_> =
                entries.flatten().filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name()).collect();
            names.sort();
            let named = |name: &std::ffi::OsString| [b"worktrees/", name.as_bytes(), b"/"].concat();
            dirs.extend(names.iter().map(|name| (worktrees.join(name), named(name))));
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => problems.push(Problem::io(RelPath::from("worktrees"), &error)),
    }
    dirs
}

fn ref_tip(all: &Refs, name: &[u8], value: &Value) -> Option<Tip> {
    let hold = if name == b"refs/stash" { Hold::Stash } else { Hold::Ref };
    Some(Tip { id: refs::resolve(all, value)?, hold, name: Some(name.to_vec()), head: false })
}

fn head_tip(all: &Refs, dir: &Path, prefix: &[u8], problems: &mut Vec<Problem>) -> Option<Tip> {
    let name = [prefix, b"HEAD"].concat();
    let value = match read::if_there(&dir.join("HEAD"), STATE_LIMIT).map(|text| text.as_deref().map(refs::value)) {
        Ok(Some(Some(value))) => value,
        Ok(None) => return None,
        Ok(Some(None)) | Err(_) => {
            problems.push(refs::broken(&name));
            return None;
        }
    };
    let name = matches!(value, Value::Id(_)).then_some(name);
    Some(Tip { id: refs::resolve(all, &value)?, hold: Hold::Ref, name, head: true })
}

/// Old and new ids of every line of every reflog.
fn logs(dir: &Path, prefix: &[u8], tips: &mut BTreeSet<Tip>, problems: &mut Vec<Problem>) {
    for name in refs::files_below(dir, "logs", problems) {
        if name.ends_with(b".lock") {
            continue;
        }
        let hold = if name == b"logs/refs/stash" { Hold::OldStash } else { Hold::Log };
        let path = dir.join(std::ffi::OsStr::from_bytes(&name));
        let Ok(text) = read::bounded(&path, LOG_LIMIT) else {
            problems.push(refs::broken(&[prefix, &name].concat()));
            continue;
        };
        let mut whole = true;
        for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let mut words = line.splitn(3, |byte| *byte == b' ').map(refs::leading_id);
            match (words.next().flatten(), words.next().flatten()) {
                (Some(old), Some(new)) => tips.extend([old, new].into_iter().filter_map(|id| unnamed(id, hold))),
                _ => whole = false,
            }
        }
        if !whole {
            problems.push(refs::broken(&[prefix, &name].concat()));
        }
    }
}

/// Ids at the beginning of lines in the files of half-done operations.
fn state(dir: &Path, prefix: &[u8], tips: &mut BTreeSet<Tip>, problems: &mut Vec<Problem>) {
    let is_capital = |name: &[u8]| name.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_');
    let names = dir.read_dir().into_iter().flatten().flatten().map(|entry| entry.file_name());
    let capitals = names.filter(|name| is_capital(name.as_bytes()) && name != "HEAD").map(PathBuf::from);
    for name in capitals.chain(STATE.iter().map(PathBuf::from)) {
        match read::if_there(&dir.join(&name), STATE_LIMIT) {
            Ok(text) => {
                let text = text.unwrap_or_default();
                let ids = text.split(|byte| *byte == b'\n').filter_map(refs::leading_id);
                tips.extend(ids.filter_map(|id| unnamed(id, Hold::Log)));
            }
            Err(_) => problems.push(refs::broken(&[prefix, name.as_os_str().as_bytes()].concat())),
        }
    }
}

fn unnamed(id: Oid, hold: Hold) -> Option<Tip> {
    (!id.is_zero()).then_some(Tip { id, hold, name: None, head: false })
}
