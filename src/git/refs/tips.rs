//! Every place from which git keeps objects: refs, the HEADs of all work trees, stashes, reflogs, half-done operations.

use std::collections::BTreeSet;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::reftable;
use crate::git::refs::{self, OWN, Refs, Value};
use crate::git::{Oid, Reach, read};
use crate::path::RelPath;
use crate::problem::Problem;

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

/// How a tip holds its object, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::git) enum Hold {
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
    pub(in crate::git) fn reach(self) -> Reach {
        match self {
            Self::Ref => Reach::Ref,
            Self::Stash | Self::OldStash => Reach::Stash,
            Self::Log => Reach::Reflog,
        }
    }
}

/// One object that something points at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::git) struct Tip {
    pub(in crate::git) id: Oid,
    pub(in crate::git) hold: Hold,
    /// The ref's full name; `HEAD` where it is detached.
    pub(in crate::git) name: Option<Vec<u8>>,
    /// Whether it is the HEAD of a work tree.
    pub(in crate::git) head: bool,
}

impl Tip {
    /// Whether git promises that the object is there. Logs outlive what `git gc` prunes.
    pub(in crate::git) fn is_promised(&self) -> bool {
        matches!(self.hold, Hold::Ref | Hold::Stash)
    }
}

/// All of them, sorted.
pub(in crate::git) fn read_all(common: &Path, problems: &mut Vec<Problem>) -> BTreeSet<Tip> {
    let mut all = refs::read_all(common, b"", problems);
    let dirs = git_dirs(common, problems);
    for (dir, prefix) in dirs.iter().skip(1) {
        all.extend(refs::read_all(dir, prefix, problems));
    }
    let heads: Vec<Tip> = dirs.iter().filter_map(|(dir, prefix)| head_tip(&all, dir, prefix, problems)).collect();
    let mut tips = ref_tips(all);
    tips.extend(heads);
    for (dir, prefix) in &dirs {
        logs(dir, prefix, &mut tips, problems);
        state(dir, prefix, &mut tips, problems);
    }
    tips
}

/// All of them, sorted, of a repository that keeps refs and logs in reftables.
pub(in crate::git) fn read_tables(common: &Path, id_len: usize, problems: &mut Vec<Problem>) -> BTreeSet<Tip> {
    let (mut all, mut tips, mut heads) = (Refs::new(), BTreeSet::new(), Vec::new());
    for (dir, prefix) in git_dirs(common, problems) {
        let stack = match reftable::read(&dir, id_len) {
            Ok(stack) => stack,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        for (name, value) in stack.refs {
            let is_shared = name.starts_with(b"refs/") && !OWN.iter().any(|own| name.starts_with(own));
            if !name.starts_with(b"refs/") {
                heads.push((prefix.clone(), name, value));
            } else if prefix.is_empty() || !is_shared {
                all.insert([prefix.as_slice(), &name].concat(), value);
            }
        }
        for (name, old, new) in stack.logs {
            let hold = if name == b"refs/stash" { Hold::OldStash } else { Hold::Log };
            tips.extend([old, new].into_iter().filter_map(|id| unnamed(id, hold)));
        }
        state(&dir, &prefix, &mut tips, problems);
    }
    for (prefix, name, value) in heads {
        let Some(id) = refs::resolve(&all, &value) else { continue };
        if name == b"HEAD" {
            let name = matches!(value, Value::Id(_)).then(|| [prefix.as_slice(), b"HEAD"].concat());
            tips.insert(Tip { id, hold: Hold::Ref, name, head: true });
        } else {
            tips.extend(unnamed(id, Hold::Log));
        }
    }
    tips.append(&mut ref_tips(all));
    tips
}

/// The common directory, and the git directory of each linked work tree, each with what goes before its names.
pub(in crate::git) fn git_dirs(common: &Path, problems: &mut Vec<Problem>) -> Vec<(PathBuf, Vec<u8>)> {
    let mut dirs = vec![(common.to_path_buf(), Vec::new())];
    let worktrees = common.join("worktrees");
    match read::entries_if_there(&worktrees) {
        Ok(entries) => {
            let entries = entries.into_iter().filter(|entry| entry.path().is_dir());
            let mut names: Vec<_> = entries.map(|entry| entry.file_name()).collect();
            names.sort();
            let named = |name: &std::ffi::OsString| [b"worktrees/", name.as_bytes(), b"/"].concat();
            dirs.extend(names.iter().map(|name| (worktrees.join(name), named(name))));
        }
        Err(error) => problems.push(Problem::io(RelPath::from("worktrees"), &error)),
    }
    dirs
}

/// What refs point at. There may be a million, so that no name is copied.
fn ref_tips(all: Refs) -> BTreeSet<Tip> {
    let is_symbolic = |(_, value): &(_, &Value)| matches!(value, Value::Symbolic(_));
    let symbolic = all.iter().filter(is_symbolic);
    let symbolic: Vec<Tip> =
        symbolic.filter_map(|(name, value)| Some(ref_tip(name.clone(), refs::resolve(&all, value)?))).collect();
    let direct = all.into_iter().filter_map(|(name, value)| match value {
        Value::Id(id) => Some(ref_tip(name, id)),
        Value::Symbolic(_) => None,
    });
    direct.chain(symbolic).collect()
}

fn ref_tip(name: Vec<u8>, id: Oid) -> Tip {
    let hold = if name == b"refs/stash" { Hold::Stash } else { Hold::Ref };
    Tip { id, hold, name: Some(name), head: false }
}

fn head_tip(all: &Refs, dir: &Path, prefix: &[u8], problems: &mut Vec<Problem>) -> Option<Tip> {
    let name = [prefix, b"HEAD"].concat();
    let value = match read::if_there(&dir.join("HEAD"), read::REF).map(|text| text.as_deref().map(refs::value)) {
        Ok(Some(Some(value))) => value,
        Ok(None) => return None,
        Ok(Some(None)) => {
            problems.push(refs::broken(&name));
            return None;
        }
        Err(error) => {
            problems.push(read::problem(RelPath::new(name), &error, read::REF));
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
        let full = [prefix, &name].concat();
        let text = match read::bounded(&path, read::REFS) {
            Ok(text) => text,
            Err(error) => {
                problems.push(read::problem(RelPath::new(full), &error, read::REFS));
                continue;
            }
        };
        let (lines, is_whole) = refs::log_lines(&text);
        tips.extend(lines.into_iter().flat_map(|(old, new)| [old, new]).filter_map(|id| unnamed(id, hold)));
        if !is_whole {
            problems.push(refs::broken(&full));
        }
    }
}

/// Ids at the beginning of lines in the files of half-done operations.
fn state(dir: &Path, prefix: &[u8], tips: &mut BTreeSet<Tip>, problems: &mut Vec<Problem>) {
    let is_capital = |name: &[u8]| name.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_');
    let entries = read::entries(dir).unwrap_or_else(|error| {
        problems.push(Problem::io(RelPath::new(prefix), &error));
        Vec::new()
    });
    let names = entries.into_iter().map(|entry| entry.file_name());
    let capitals = names.filter(|name| is_capital(name.as_bytes()) && name != "HEAD").map(PathBuf::from);
    for name in capitals.chain(STATE.iter().map(PathBuf::from)) {
        match read::if_there(&dir.join(&name), read::LIST) {
            Ok(text) => {
                let text = text.unwrap_or_default();
                let ids = text.split(|byte| *byte == b'\n').filter_map(refs::leading_id);
                tips.extend(ids.filter_map(|id| unnamed(id, Hold::Log)));
            }
            // git keeps no state in a directory of that name.
            Err(_) if dir.join(&name).is_dir() => {}
            Err(error) => {
                let shown = RelPath::new([prefix, name.as_os_str().as_bytes()].concat());
                problems.push(read::problem(shown, &error, read::LIST));
            }
        }
    }
}

fn unnamed(id: Oid, hold: Hold) -> Option<Tip> {
    (!id.is_zero()).then_some(Tip { id, hold, name: None, head: false })
}
