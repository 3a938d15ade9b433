//! Refs: loose and packed files. Our own reader, because libgit2's iterator passes over what it cannot read.

pub(in crate::git) mod reach_kind;
pub(in crate::git) mod reftable;
pub(in crate::git) mod revision;
pub(in crate::git) mod store;
pub(in crate::git) mod tips;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::{Oid, read};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};

/// Symbolic refs that point at symbolic refs: git's own limit.
pub(super) const HOPS: usize = 5;

/// The refs that each work tree has for itself (gitglossary, "per-worktree ref").
pub(super) const OWN: [&[u8]; 3] = [b"refs/worktree/", b"refs/bisect/", b"refs/rewritten/"];

/// What a ref says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Id(Oid),
    Symbolic(Vec<u8>),
}

/// Refs by full name.
pub(super) type Refs = BTreeMap<Vec<u8>, Value>;

/// Reads a ref file's text.
pub(super) fn value(text: &[u8]) -> Option<Value> {
    if let Some(target) = text.strip_prefix(b"ref:") {
        return Some(Value::Symbolic(target.trim_ascii().to_vec()));
    }
    leading_id(text).filter(|id| !id.is_zero()).map(Value::Id)
}

/// The id that a line begins with.
pub(super) fn leading_id(line: &[u8]) -> Option<Oid> {
    let word = line.split(u8::is_ascii_whitespace).next()?;
    Oid::from_hex(word)
}

/// The refs of a git directory: what is packed, and over it what is loose. `prefix` goes before their names
/// (`worktrees/x/` for a linked work tree's own).
pub(super) fn read_all(dir: &Path, prefix: &[u8], problems: &mut Vec<Problem>) -> Refs {
    let mut refs = packed(&dir.join("packed-refs"), problems);
    for name in files_below(dir, "refs", problems) {
        if name.ends_with(b".lock") {
            continue;
        }
        let path = dir.join(OsStr::from_bytes(&name));
        let full = [prefix, &name].concat();
        match read::if_there(&path, read::REF).map(|text| text.as_deref().map(value)) {
            Ok(Some(Some(value))) => drop(refs.insert(full, value)),
            Ok(None) => {}
            Ok(Some(None)) => problems.push(broken(&full)),
            Err(error) => problems.push(read::problem(RelPath::new(full), &error, read::REF)),
        }
    }
    refs
}

/// Follows symbolic refs; `None` where they lead to no ref (an unborn branch, a deleted one): nothing is held there.
pub(super) fn resolve(refs: &Refs, value: &Value) -> Option<Oid> {
    let mut value = value;
    for _ in 0..=HOPS {
        match value {
            Value::Id(id) => return Some(*id),
            Value::Symbolic(name) => value = refs.get(name)?,
        }
    }
    None
}

fn packed(path: &Path, problems: &mut Vec<Problem>) -> Refs {
    let text = read::if_there(path, read::REFS).unwrap_or_else(|error| {
        problems.push(read::problem(RelPath::from("packed-refs"), &error, read::REFS));
        None
    });
    let text = text.unwrap_or_default();
    let (mut refs, mut whole) = (Vec::new(), true);
    for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        // `#` heads the file, `^` gives what the tag before it points at.
        if line.starts_with(b"#") || line.starts_with(b"^") {
            continue;
        }
        let name = line.iter().position(|byte| *byte == b' ').and_then(|at| line.get(at + 1..));
        match (leading_id(line), name) {
            (Some(id), Some(name)) if !id.is_zero() => refs.push((name.trim_ascii().to_vec(), Value::Id(id))),
            _ => whole = false,
        }
    }
    if !whole {
        problems.push(broken(b"packed-refs"));
    }
    // They are sorted already, mostly, and so need not be inserted one by one.
    refs.into_iter().collect()
}

/// What a text of packed refs says of one.
pub(super) fn packed_value(text: &[u8], name: &[u8]) -> Option<Value> {
    let line = text.split(|byte| *byte == b'\n').find(|line| {
        let at = line.iter().position(|byte| *byte == b' ').unwrap_or(line.len());
        !line.starts_with(b"#") && line.get(at + 1..).is_some_and(|known| known.trim_ascii() == name)
    })?;
    leading_id(line).filter(|id| !id.is_zero()).map(Value::Id)
}

/// The ids before and after, of each line of a log; and whether every line has both.
pub(super) fn log_lines(text: &[u8]) -> (Vec<(Oid, Oid)>, bool) {
    let (mut lines, mut is_whole) = (Vec::new(), true);
    for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let mut words = line.splitn(3, |byte| *byte == b' ').map(leading_id);
        match (words.next().flatten(), words.next().flatten()) {
            (Some(old), Some(new)) => lines.push((old, new)),
            _ => is_whole = false,
        }
    }
    (lines, is_whole)
}

/// The names (`top/…`) of all files below `dir/top`, sorted. Linked directories are not entered, and are a problem.
pub(super) fn files_below(dir: &Path, top: &str, problems: &mut Vec<Problem>) -> Vec<Vec<u8>> {
    let (mut files, mut waiting) = (Vec::new(), vec![top.as_bytes().to_vec()]);
    while let Some(name) = waiting.pop() {
        let entries = match dir.join(OsStr::from_bytes(&name)).read_dir() {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => {
                problems.push(Problem::io(RelPath::new(name), &error));
                continue;
            }
        };
        for entry in entries {
            let Ok(entry) = entry else {
                problems.push(broken(&name));
                continue;
            };
            let below = [&name, b"/".as_slice(), entry.file_name().as_bytes()].concat();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => waiting.push(below),
                Ok(kind) if kind.is_symlink() && entry.path().is_dir() => problems.push(broken(&below)),
                _ => files.push(below),
            }
        }
    }
    files.sort();
    files
}

/// The problem with this ref or log.
pub(super) fn broken(name: &[u8]) -> Problem {
    Problem::at(ProblemKind::BrokenRef, RelPath::new(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef01234567";

    #[test]
    fn values() {
        let id = Oid::from_hex(ID.as_bytes()).unwrap();
        assert_eq!(value(format!("{ID}\n").as_bytes()), Some(Value::Id(id)));
        assert_eq!(value(b"ref: refs/heads/a b\n"), Some(Value::Symbolic(b"refs/heads/a b".to_vec())));
        for broken in [b"".as_slice(), b"\n", b"0123\n", &[b'0'; 40]] {
            assert_eq!(value(broken), None);
        }
    }

    #[test]
    fn symbolic_refs_end() {
        let id = Oid::from_hex(ID.as_bytes()).unwrap();
        let to = |name: &str| Value::Symbolic(name.as_bytes().to_vec());
        let refs = Refs::from([
            (b"a".to_vec(), to("b")),
            (b"b".to_vec(), Value::Id(id)),
            (b"loop".to_vec(), to("loop")),
            (b"unborn".to_vec(), to("none")),
        ]);
        assert_eq!(resolve(&refs, &to("a")), Some(id));
        assert_eq!(resolve(&refs, &to("loop")), None);
        assert_eq!(resolve(&refs, &to("unborn")), None);
    }
}
