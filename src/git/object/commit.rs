//! Commits.

use jiff::Timestamp;

use super::{CommitRef, Oid, Order};
use crate::name::Name;

/// What envward needs of a commit.
pub(in crate::git) struct Commit<'a> {
    pub(in crate::git) tree: Oid,
    pub(in crate::git) parents: Vec<Oid>,
    /// The committer's time, in seconds.
    pub(in crate::git) time: i64,
    /// The author's name, without the address.
    pub(in crate::git) author: &'a [u8],
}

impl<'a> Commit<'a> {
    /// Reads a commit; `None` where it has no tree or a parent that is no id. A broken author or time is an empty one.
    pub(in crate::git) fn parse(content: &'a [u8]) -> Option<Self> {
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
    pub(in crate::git) fn named(self, id: Oid) -> CommitRef {
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
}
