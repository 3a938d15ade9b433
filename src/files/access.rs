//! Who can read a file, or pass a directory: by its mode and its access list.

use std::os::fd::AsFd;
use std::path::Path;

use super::system::{self, mode_of};

/// The accounts that something lets in, besides its owner and root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// Whether everyone is let in.
    pub everyone: bool,
    /// The groups.
    pub groups: Vec<u32>,
    /// Single accounts of an access list.
    pub users: Vec<u32>,
}

/// What a descriptor says of the access to its file or directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The permission bits.
    pub mode: u32,
    /// The owner.
    pub uid: u32,
    /// The group.
    pub gid: u32,
    /// The entries of the access list: tag, permissions, id.
    list: Vec<(u16, u16, u32)>,
}

/// Reading a file.
const READ: u16 = 4;
/// Passing a directory.
const SEARCH: u16 = 1;

const USER: u16 = 0x02;
const GROUP_OBJECT: u16 = 0x04;
const GROUP: u16 = 0x08;
const MASK: u16 = 0x10;

impl Access {
    /// Of an open file.
    #[must_use]
    pub fn of(fd: impl AsFd) -> Option<Self> {
        let stat = rustix::fs::fstat(&fd).ok()?;
        let list = system::access_list(&fd).map(|list| entries(&list)).unwrap_or_default();
        Some(Self { mode: mode_of(&stat), uid: stat.st_uid, gid: stat.st_gid, list })
    }

    /// Of the directory at a path, which has no link in it.
    #[must_use]
    pub fn of_directory(path: &Path) -> Option<Self> {
        system::open_directory(path).ok().and_then(Self::of)
    }

    /// Who can read it.
    #[must_use]
    pub fn readers(&self) -> Who {
        self.who(READ)
    }

    /// Whether the accounts that could read a file below this directory reach it: those that do.
    #[must_use]
    pub fn passing(&self, who: &Who) -> Who {
        let passes = self.who(SEARCH);
        let is_through = |group: &&u32| match passes.groups.contains(group) {
            true => true,
            // The members of the directory's own group are judged by the group's bits.
            false => passes.everyone && **group != self.gid,
        };
        let is_let = |user: &&u32| passes.everyone || passes.users.contains(user) || **user == self.uid;
        let everyone = who.everyone && passes.everyone;
        // Where everyone reads and only some pass, those read.
        let (more_groups, more_users) = match who.everyone && !everyone {
            true => (passes.groups.clone(), passes.users.clone()),
            false => (Vec::new(), Vec::new()),
        };
        let groups = who.groups.iter().filter(is_through).copied().chain(more_groups).collect();
        let users = who.users.iter().filter(is_let).copied().chain(more_users).collect();
        Who { everyone, groups, users }
    }

    fn who(&self, permission: u16) -> Who {
        let has = |shift: u32| self.mode >> shift & u32::from(permission) != 0;
        let everyone = has(0);
        if self.list.is_empty() {
            let groups = if has(3) { vec![self.gid] } else { Vec::new() };
            return Who { everyone, groups, users: Vec::new() };
        }
        // The mask takes from all but the owner and the others.
        let mask = self.list.iter().find(|(tag, ..)| *tag == MASK).map_or(u16::MAX, |(_, permissions, _)| *permissions);
        let allowed = || self.list.iter().filter(|(_, permissions, _)| permissions & mask & permission != 0);
        let groups = allowed().filter_map(|(tag, _, id)| match *tag {
            GROUP_OBJECT => Some(self.gid),
            GROUP => Some(*id),
            _ => None,
        });
        let users = allowed().filter(|(tag, ..)| *tag == USER).map(|(_, _, id)| *id);
        Who { everyone, groups: groups.collect(), users: users.collect() }
    }
}

/// The entries of a list in the kernel's form: a version, then tag, permissions and id of each (`linux/posix_acl_xattr.h`).
fn entries(list: &[u8]) -> Vec<(u16, u16, u32)> {
    let entry = |bytes: &[u8]| {
        let (tag, rest) = bytes.split_first_chunk::<2>()?;
        let (permissions, id) = rest.split_first_chunk::<2>()?;
        let id = u32::from_le_bytes(id.try_into().ok()?);
        Some((u16::from_le_bytes(*tag), u16::from_le_bytes(*permissions), id))
    };
    list.get(4..).unwrap_or_default().chunks_exact(8).filter_map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(mode: u32, list: &[(u16, u16, u32)]) -> Access {
        Access { mode, uid: 1000, gid: 50, list: list.to_vec() }
    }

    #[test]
    fn by_mode_and_by_list() {
        let who =
            |everyone, groups: &[u32], users: &[u32]| Who { everyone, groups: groups.to_vec(), users: users.to_vec() };
        assert_eq!(access(0o600, &[]).readers(), who(false, &[], &[]));
        assert_eq!(access(0o640, &[]).readers(), who(false, &[50], &[]));
        assert_eq!(access(0o604, &[]).readers(), who(true, &[], &[]));
        let list = [(1, 6, u32::MAX), (2, 4, 7), (2, 0, 8), (4, 0, u32::MAX), (8, 4, 9), (16, 4, u32::MAX)];
        assert_eq!(access(0o640, &list).readers(), who(false, &[9], &[7]));
        let of_group = [(1, 6, u32::MAX), (2, 4, 7), (4, 4, u32::MAX), (16, 4, u32::MAX)];
        assert_eq!(access(0o640, &of_group).readers(), who(false, &[50], &[7]));
        let masked = [(2, 4, 7), (4, 4, u32::MAX), (16, 0, u32::MAX)];
        assert_eq!(access(0o600, &masked).readers(), who(false, &[], &[]));
    }

    #[test]
    fn what_the_system_says_of_a_file_and_a_directory() {
        let dir = tempfile::tempdir().unwrap();
        let file = std::fs::File::open(dir.path()).unwrap();
        rustix::fs::fchmod(&file, system::mode(0o750)).unwrap();
        let own = rustix::process::geteuid().as_raw();
        for found in [Access::of(&file), Access::of_directory(dir.path())] {
            assert_eq!(found.map(|found| (found.mode, found.uid, found.list)), Some((0o750, own, Vec::new())));
        }
        tempfile::Builder::new().prefix("file").rand_bytes(0).tempfile_in(dir.path()).unwrap().keep().unwrap();
        for none in ["none", "file"] {
            assert_eq!(Access::of_directory(&dir.path().join(none)), None, "{none}");
        }
    }

    #[test]
    fn a_list_in_the_kernels_form() {
        let list = [&[2, 0, 0, 0][..], &[2, 0, 4, 0, 7, 1, 0, 0], &[4, 0, 5, 0, 255, 255, 255, 255]].concat();
        assert_eq!(entries(&list), [(2, 4, 263), (4, 5, u32::MAX)]);
        assert_eq!(entries(b""), []);
    }

    #[test]
    fn a_directory_above_keeps_accounts_out() {
        let all = Who { everyone: true, groups: vec![50], users: vec![7] };
        assert_eq!(access(0o700, &[]).passing(&all), Who::default());
        assert_eq!(access(0o755, &[]).passing(&all), all);
        assert_eq!(access(0o711, &[]).passing(&all), all);
        let of_group = access(0o710, &[]).passing(&Who { everyone: true, ..Who::default() });
        assert_eq!(of_group, Who { groups: vec![50], ..Who::default() });
        // Its own group is kept out where the others are not.
        let but_group = access(0o705, &[]).passing(&all);
        assert_eq!(but_group, Who { everyone: true, groups: Vec::new(), users: vec![7] });
        assert_eq!(access(0o700, &[(2, 1, 7)]).passing(&all), Who { users: vec![7, 7], ..Who::default() });
    }
}
