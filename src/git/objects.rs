//! Where objects come from, and what is in a commit, a tag, a tree.
//!
//! The parsers are our own: libgit2's grafts (`info/grafts`) would hide parents, and its trees refuse what git reads.

use std::collections::HashMap;

use jiff::Timestamp;

use super::Oid;
use crate::git::{CommitRef, Order};
use crate::name::Name;
use crate::problem::{Problem, ProblemKind};

/// The type of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Commit,
    Tree,
    Blob,
    Tag,
}

impl Kind {
    /// The word before an object's content.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Commit => "commit",
            Self::Tree => "tree",
            Self::Blob => "blob",
            Self::Tag => "tag",
        }
    }

    /// The type of this word.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        [Self::Commit, Self::Tree, Self::Blob, Self::Tag].into_iter().find(|kind| kind.word() == word)
    }
}

/// Why an object could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Fault {
    Missing,
    Corrupt,
    /// Larger than the reader takes.
    TooLarge,
}

impl Fault {
    /// The problem with the object of this id.
    pub(super) fn at(self, id: Oid) -> Problem {
        let kind = match self {
            Self::Missing => ProblemKind::MissingObject,
            Self::Corrupt => ProblemKind::CorruptObject,
            Self::TooLarge => ProblemKind::TooLarge,
        };
        Problem::at(kind, id.to_string().as_str().into())
    }
}

/// An object store. Attribution reads through this alone, so that another reader can serve it.
pub(super) trait Objects {
    /// An object's type and content, its id verified.
    fn read(&self, id: Oid) -> Result<(Kind, Vec<u8>), Fault>;

    /// The content of an object that must be of this type.
    fn read_as(&self, id: Oid, kind: Kind) -> Result<Vec<u8>, Fault> {
        match self.read(id)? {
            (found, content) if found == kind => Ok(content),
            _ => Err(Fault::Corrupt),
        }
    }

    /// The tree of this commit.
    fn tree_of(&self, commit: Oid) -> Result<Oid, Fault> {
        let content = self.read_as(commit, Kind::Commit)?;
        Commit::parse(&content).map(|commit| commit.tree).ok_or(Fault::Corrupt)
    }

    /// How a report names this commit.
    fn named(&self, commit: Oid) -> Result<CommitRef, Fault> {
        let content = self.read_as(commit, Kind::Commit)?;
        Commit::parse(&content).map(|read| read.named(commit)).ok_or(Fault::Corrupt)
    }
}

/// What envward needs of a commit.
pub(super) struct Commit<'a> {
    pub(super) tree: Oid,
    pub(super) parents: Vec<Oid>,
    /// The committer's time, in seconds.
    pub(super) time: i64,
    /// The author's name, without the address.
    pub(super) author: &'a [u8],
}

impl<'a> Commit<'a> {
    /// Reads a commit; `None` where it has no tree or a parent that is no id. A broken author or time is an empty one.
    pub(super) fn parse(content: &'a [u8]) -> Option<Self> {
        let mut lines = Lines(content);
        let tree = Oid::from_hex(lines.next()?.strip_prefix(b"tree ")?)?;
        let mut commit = Self { tree, parents: Vec::new(), time: 0, author: &[] };
        for line in lines.take_while(|line| !line.is_empty()) {
            if let Some(parent) = line.strip_prefix(b"parent ") {
                commit.parents.push(Oid::from_hex(parent)?);
            } else if let Some(author) = line.strip_prefix(b"author ") {
                commit.author = name_of(author);
            } else if let Some(committer) = line.strip_prefix(b"committer ") {
                commit.time = time_of(committer);
                break;
            }
        }
        Some(commit)
    }

    /// How a report names it.
    pub(super) fn named(self, id: Oid) -> CommitRef {
        let time = Timestamp::from_second(self.time).unwrap_or(Timestamp::UNIX_EPOCH);
        let order = Order { latest: self.time, rank: 0 };
        CommitRef { id, time, author: Name(self.author.to_vec()), order }
    }
}

/// The lines of a text.
struct Lines<'a>(&'a [u8]);

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let end = memchr::memchr(b'\n', self.0).unwrap_or(self.0.len());
        let (line, rest) = self.0.split_at_checked(end)?;
        self.0 = rest.get(1..).unwrap_or_default();
        (!line.is_empty() || !rest.is_empty()).then_some(line)
    }
}

/// `Name` of `Name <address> time zone`.
fn name_of(person: &[u8]) -> &[u8] {
    let end = person.iter().position(|byte| *byte == b'<').unwrap_or(person.len());
    person.get(..end).unwrap_or_default().trim_ascii()
}

/// `time` of `Name <address> time zone`.
fn time_of(person: &[u8]) -> i64 {
    let start = person.iter().rposition(|byte| *byte == b'>').map_or(0, |at| at + 1);
    let rest = person.get(start..).unwrap_or_default().trim_ascii_start();
    let digits = rest.split(|byte| *byte == b' ').next().unwrap_or_default();
    std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// What an annotated tag points at.
pub(super) fn tag_target(content: &[u8]) -> Option<Oid> {
    let line = content.split(|byte| *byte == b'\n').next()?;
    Oid::from_hex(line.strip_prefix(b"object ")?)
}

/// Tags of tags of tags: more than this is no honest repository.
const MOST_TAGS: usize = 64;

/// What stands behind tags, and the tags on the way.
pub(super) struct Peeled {
    pub(super) kind: Kind,
    pub(super) id: Oid,
    pub(super) tags: Vec<Oid>,
}

/// Follows tags to what they point at.
pub(super) fn peel(objects: &dyn Objects, tip: Oid) -> Result<Peeled, Problem> {
    let (mut id, mut tags) = (tip, Vec::new());
    while tags.len() < MOST_TAGS {
        let (kind, content) = objects.read(id).map_err(|fault| fault.at(id))?;
        if kind != Kind::Tag {
            return Ok(Peeled { kind, id, tags });
        }
        tags.push(id);
        id = tag_target(&content).ok_or_else(|| Fault::Corrupt.at(id))?;
    }
    Err(Fault::Corrupt.at(tip))
}

/// One entry of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TreeEntry<'a> {
    pub(super) mode: u32,
    pub(super) name: &'a [u8],
    pub(super) id: Oid,
}

const TYPE: u32 = 0o170_000;
const DIRECTORY: u32 = 0o040_000;
const REGULAR: u32 = 0o100_000;
const SYMLINK: u32 = 0o120_000;

impl TreeEntry<'_> {
    pub(super) fn is_directory(&self) -> bool {
        is_directory_mode(self.mode)
    }

    /// A file or a symlink; not a submodule.
    pub(super) fn is_file(&self) -> bool {
        is_file_mode(self.mode)
    }
}

/// Whether a mode is a file's or a symlink's.
pub(super) fn is_file_mode(mode: u32) -> bool {
    matches!(mode & TYPE, REGULAR | SYMLINK)
}

/// Whether a mode is a file's.
pub(super) fn is_regular_mode(mode: u32) -> bool {
    mode & TYPE == REGULAR
}

/// Whether a mode is a directory's.
pub(super) fn is_directory_mode(mode: u32) -> bool {
    mode & TYPE == DIRECTORY
}

/// Whether two modes are those of the same kind of thing, executable or not.
pub(super) fn are_alike(one: u32, other: u32) -> bool {
    one & TYPE == other & TYPE
}

/// The entries of a tree: `mode SP name NUL id`, the mode in octal with or without a leading zero. After a malformed
/// one comes a single `None`, and the end.
pub(super) fn tree_entries(content: &[u8], id_len: usize) -> impl Iterator<Item = Option<TreeEntry<'_>>> {
    let mut rest = content;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let entry = tree_entry(rest, id_len);
        rest = entry.map_or(&[], |(_, tail)| tail);
        Some(entry.map(|(entry, _)| entry))
    })
}

pub(super) fn tree_entry(bytes: &[u8], id_len: usize) -> Option<(TreeEntry<'_>, &[u8])> {
    let space = bytes.iter().take(8).position(|byte| *byte == b' ').filter(|digits| *digits > 0)?;
    let mode = bytes.get(..space)?.iter().try_fold(0, |mode, digit| match digit {
        b'0'..=b'7' => Some(mode << 3 | u32::from(digit - b'0')),
        _ => None,
    })?;
    let rest = bytes.get(space + 1..)?;
    let nul = memchr::memchr(0, rest)?;
    let name = rest.get(..nul)?;
    let (id, tail) = rest.get(nul + 1..)?.split_at_checked(id_len)?;
    let entry = TreeEntry { mode, name, id: Oid::from_bytes(id)? };
    (!name.is_empty()).then_some((entry, tail))
}

/// A tree by name: id and mode.
pub(super) type Tree = HashMap<Vec<u8>, (Oid, u32)>;

/// The entries of a tree, to be asked for by name.
pub(super) fn tree(objects: &dyn Objects, id: Oid) -> Result<Tree, Problem> {
    let content = objects.read_as(id, Kind::Tree).map_err(|fault| fault.at(id))?;
    let entries = tree_entries(&content, id.as_bytes().len());
    entries
        .map(|entry| entry.map(|entry| (entry.name.to_vec(), (entry.id, entry.mode))).ok_or(Fault::Corrupt.at(id)))
        .collect()
}

/// The entry at `path` below a tree; `None` where there is none.
pub(super) fn entry_at(objects: &dyn Objects, tree: Oid, path: &[u8]) -> Result<Option<(Oid, u32)>, Problem> {
    let mut at = (tree, DIRECTORY);
    for part in path.split(|byte| *byte == b'/') {
        if at.1 & TYPE != DIRECTORY {
            return Ok(None);
        }
        let content = objects.read_as(at.0, Kind::Tree).map_err(|fault| fault.at(at.0))?;
        let mut next = None;
        for entry in tree_entries(&content, tree.as_bytes().len()) {
            let entry = entry.ok_or_else(|| Fault::Corrupt.at(at.0))?;
            if entry.name == part {
                next = Some((entry.id, entry.mode));
                break;
            }
        }
        match next {
            Some(found) => at = found,
            None => return Ok(None),
        }
    }
    Ok(Some(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef01234567";

    #[test]
    fn a_commit() {
        let text = format!(
            "tree {ID}\nparent {ID}\nparent {ID}\nauthor A <b> C <a@example.com> 5 +0100\n\
             committer D <d@example.com> -7 +0000\ngpgsig x\n parent {ID}\n\nparent {ID}\n"
        );
        let commit = Commit::parse(text.as_bytes()).unwrap();
        assert_eq!((commit.parents.len(), commit.time, commit.author), (2, -7, b"A".as_slice()));
        assert!(Commit::parse(b"").is_none());
        assert!(Commit::parse(b"tree x\n").is_none());
        let bare = format!("tree {ID}\nauthor\ncommitter <> 99999999999999999999 +0000\n");
        let named = Commit::parse(bare.as_bytes()).unwrap().named(Oid::from_hex(ID.as_bytes()).unwrap());
        assert_eq!((named.time, named.author), (Timestamp::UNIX_EPOCH, Name(Vec::new())));
    }

    #[test]
    fn modes_are_octal_numbers() {
        let id = Oid::from_hex(ID.as_bytes()).unwrap();
        let mut tree = Vec::new();
        for mode in ["40000", "040000", "100664", "120000", "160000"] {
            tree.extend_from_slice(mode.as_bytes());
            tree.extend_from_slice(b" .env\0");
            tree.extend_from_slice(id.as_bytes());
        }
        let entries: Vec<_> = tree_entries(&tree, 20).map(Option::unwrap).collect();
        let kinds: Vec<_> = entries.iter().map(|entry| (entry.is_directory(), entry.is_file())).collect();
        assert_eq!(kinds, [(true, false), (true, false), (false, true), (false, true), (false, false)]);
    }

    #[test]
    fn a_malformed_tree_ends_with_none() {
        let whole = |mode: &str| format!("{mode} x\0{}", "0".repeat(20)).into_bytes();
        assert!(tree_entries(&whole("100644"), 20).all(|entry| entry.is_some()));
        let bad = ["", "9", "+40000", "-1", "100644100"].map(whole);
        let cut = [b"1".as_slice(), b"100644 x", b"100644 x\0short", b"100644 \0"];
        for bytes in bad.iter().map(Vec::as_slice).chain(cut) {
            assert_eq!(tree_entries(bytes, 20).collect::<Vec<_>>(), [None]);
        }
    }
}
