//! A directory on the way to a file, and who can put something else in its place there.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::system;

/// What is known of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory {
    /// The permission bits.
    pub mode: u32,
    /// The owner.
    pub uid: u32,
    /// The group.
    pub gid: u32,
    /// Whether the group can write. With an access list the mode's bits say something else.
    pub group_writes: bool,
    /// Whom an access list lets write, besides.
    pub listed: Vec<Listed>,
}

/// Somebody in an access list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// An account.
    User(u32),
    /// A group.
    Group(u32),
}

const STICKY: u32 = 0o1000;
const GROUP_WRITES: u32 = 0o020;
const OTHERS_WRITE: u32 = 0o002;

impl Directory {
    /// The one at a path; `None` for anything else.
    #[must_use]
    pub fn at(path: &Path) -> Option<Self> {
        let found = path.symlink_metadata().ok().filter(std::fs::Metadata::is_dir)?;
        let (mode, uid, gid) = (found.mode() & 0o7777, found.uid(), found.gid());
        let by_mode = mode & GROUP_WRITES != 0;
        let (group_writes, listed) =
            system::access_list_at(path).and_then(|list| writers(&list)).unwrap_or((by_mode, Vec::new()));
        Some(Self { mode, uid, gid, group_writes, listed })
    }

    /// Whether nobody but an entry's owner, and its own, can replace the entry.
    #[must_use]
    pub fn is_sticky(&self) -> bool {
        self.mode & STICKY != 0
    }

    /// Whether everyone can write.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.mode & OTHERS_WRITE != 0
    }
}

/// Whether the group can write, and who else; `None` where it is no list in the kernel's form: a version, then tag,
/// permissions and id of each entry (`linux/posix_acl_xattr.h`).
fn writers(list: &[u8]) -> Option<(bool, Vec<Listed>)> {
    const USER: u16 = 0x02;
    const GROUP_OBJECT: u16 = 0x04;
    const GROUP: u16 = 0x08;
    const MASK: u16 = 0x10;
    const WRITE: u16 = 2;
    let entries: Vec<(u16, u16, u32)> = list.get(4..)?.chunks_exact(8).filter_map(entry).collect();
    // The mask takes from all but the owner and the others.
    let mask = entries.iter().find(|(tag, ..)| *tag == MASK).map_or(u16::MAX, |(_, permissions, _)| *permissions);
    let writing = || entries.iter().filter(|(_, permissions, _)| permissions & mask & WRITE != 0);
    let listed = writing().filter_map(|(tag, _, id)| match *tag {
        USER => Some(Listed::User(*id)),
        GROUP => Some(Listed::Group(*id)),
        _ => None,
    });
    Some((writing().any(|(tag, ..)| *tag == GROUP_OBJECT), listed.collect()))
}

fn entry(bytes: &[u8]) -> Option<(u16, u16, u32)> {
    let (tag, rest) = bytes.split_first_chunk::<2>()?;
    let (permissions, id) = rest.split_first_chunk::<2>()?;
    Some((u16::from_le_bytes(*tag), u16::from_le_bytes(*permissions), u32::from_le_bytes(id.try_into().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(entries: &[(u16, u16, u32)]) -> Vec<u8> {
        let entry = |(tag, permissions, id): &(u16, u16, u32)| {
            [&tag.to_le_bytes()[..], &permissions.to_le_bytes(), &id.to_le_bytes()].concat()
        };
        [2_u32.to_le_bytes().to_vec(), entries.iter().flat_map(entry).collect()].concat()
    }

    #[test]
    fn by_its_mode() {
        let dir = tempfile::tempdir().unwrap();
        let file = std::fs::File::open(dir.path()).unwrap();
        for (mode, group_writes, is_open, is_sticky) in [
            (0o700, false, false, false),
            (0o775, true, false, false),
            (0o757, false, true, false),
            (0o1777, true, true, true),
            (0o1755, false, false, true),
        ] {
            rustix::fs::fchmod(&file, system::mode(mode)).unwrap();
            let found = Directory::at(dir.path()).unwrap();
            assert_eq!((found.mode, found.uid), (mode, rustix::process::geteuid().as_raw()));
            let says = (found.group_writes, found.is_open(), found.is_sticky());
            assert_eq!(says, (group_writes, is_open, is_sticky), "{mode:o}");
        }
        assert_eq!(Directory::at(&dir.path().join("none")), None);
    }

    #[test]
    fn who_writes_by_an_access_list() {
        let all = [(1, 7, u32::MAX), (2, 7, 1001), (2, 5, 1002), (4, 5, u32::MAX), (8, 6, 50), (16, 7, u32::MAX)];
        assert_eq!(writers(&list(&all)), Some((false, vec![Listed::User(1001), Listed::Group(50)])));
        let masked = [(1, 7, u32::MAX), (2, 7, 1001), (4, 7, u32::MAX), (16, 5, u32::MAX), (32, 5, u32::MAX)];
        assert_eq!(writers(&list(&masked)), Some((false, vec![])));
        let plain = [(1, 7, u32::MAX), (4, 7, u32::MAX), (32, 5, u32::MAX)];
        assert_eq!(writers(&list(&plain)), Some((true, vec![])));
        assert_eq!(writers(b""), None);
    }
}
