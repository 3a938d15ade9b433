//! The accounts and groups of this host, as its own files list them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::inspect::Root;
use crate::path::RelPath;

/// What `/etc/passwd` and `/etc/group` say. Accounts that only a directory service knows are not in them.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    users: BTreeMap<u32, User>,
    /// The members of each group: those it lists, and those whose own group it is.
    members: BTreeMap<u32, BTreeSet<u32>>,
}

#[derive(Clone, Debug)]
struct User {
    name: Vec<u8>,
    home: Vec<u8>,
}

impl Accounts {
    /// Those of this host.
    #[must_use]
    pub fn read() -> Self {
        let etc = Root::open(Path::new("/etc")).ok();
        let text = |name: &str| {
            let read = etc.as_ref().and_then(|etc| etc.read(&RelPath::from(name)).ok().flatten());
            read.unwrap_or_default()
        };
        Self::of(&text("passwd"), &text("group"))
    }

    fn of(passwd: &[u8], group: &[u8]) -> Self {
        let mut accounts = Self::default();
        let mut ids: BTreeMap<&[u8], u32> = BTreeMap::new();
        for line in passwd.split(|byte| *byte == b'\n') {
            let fields: Vec<&[u8]> = line.split(|byte| *byte == b':').collect();
            let [name, _, uid, gid, _, home, ..] = fields.as_slice() else { continue };
            let (Some(uid), Some(gid)) = (number(uid), number(gid)) else { continue };
            ids.insert(name, uid);
            accounts.users.entry(uid).or_insert(User { name: name.to_vec(), home: home.to_vec() });
            accounts.members.entry(gid).or_default().insert(uid);
        }
        for line in group.split(|byte| *byte == b'\n') {
            let fields: Vec<&[u8]> = line.split(|byte| *byte == b':').collect();
            let [_, _, gid, listed] = fields.as_slice() else { continue };
            let Some(gid) = number(gid) else { continue };
            let listed = listed.split(|byte| *byte == b',').filter_map(|name| ids.get(name));
            accounts.members.entry(gid).or_default().extend(listed);
        }
        accounts
    }

    /// The name of an account; its number where it has no name.
    #[must_use]
    pub fn name(&self, uid: u32) -> Vec<u8> {
        self.users.get(&uid).map_or_else(|| uid.to_string().into_bytes(), |user| user.name.clone())
    }

    /// Whether a group lets anybody in besides this account and root. Of a group that is not listed nobody knows.
    #[must_use]
    pub fn is_shared(&self, gid: u32, owner: u32) -> bool {
        // Root's own group is root's where nobody else is listed in it.
        let others = |members: &BTreeSet<u32>| members.iter().any(|member| *member != owner && *member != 0);
        self.members.get(&gid).map_or(gid != 0, others)
    }

    /// The home directories of people and of services that have one of their own, each once.
    #[must_use]
    pub fn homes(&self) -> BTreeSet<PathBuf> {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt as _;
        let homes = self.users.values().map(|user| PathBuf::from(OsStr::from_bytes(&user.home)));
        homes.filter(|home| home.starts_with("/home") || home.starts_with("/root")).collect()
    }
}

fn number(text: &[u8]) -> Option<u32> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_is_an_account_of_this_host() {
        assert_eq!(Accounts::read().name(0), b"root");
    }

    #[test]
    fn names_groups_and_homes() {
        let passwd = b"root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/bash\nbob:x:1001:1001::/home/bob:\ndaemon:x:1:1::/usr/sbin:\nbroken\n";
        let group = b"root:x:0:\nada:x:1000:\nadm:x:4:ada\nteam:x:60:ada,bob,nobody\nempty:x:61:\n";
        let accounts = Accounts::of(passwd, group);
        assert_eq!(accounts.name(1000), b"ada");
        assert_eq!(accounts.name(4711), b"4711");
        let shared: Vec<u32> =
            [0, 4, 60, 61, 99, 1000].into_iter().filter(|gid| accounts.is_shared(*gid, 1000)).collect();
        assert_eq!(shared, [60, 99]);
        assert!(accounts.is_shared(1000, 1001) && accounts.is_shared(4, 0) && !accounts.is_shared(0, 0));
        let homes: Vec<PathBuf> = accounts.homes().into_iter().collect();
        assert_eq!(homes, ["/home/ada", "/home/bob", "/root"].map(PathBuf::from));
    }
}
