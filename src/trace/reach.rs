//! Who can read a place.

use std::path::Path;

use crate::files::{Access, Accounts};
use crate::name::Name;

/// The accounts that can read a place. Root reads everything, and the owner what is the owner's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Root alone.
    Root,
    /// The owner of the project.
    Owner,
    /// Another account, by owning it or by an access list.
    OtherUser,
    /// The members of a group.
    Group,
    /// A web server gives it to everybody who asks.
    Web,
    /// Every account of the host.
    Everyone,
}

impl Reach {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Owner => "owner",
            Self::OtherUser => "other-user",
            Self::Group => "group",
            Self::Web => "web",
            Self::Everyone => "everyone",
        }
    }
}

/// Directories that web servers give away by default, and the names of those of users.
const WEB: &[&str] = &["/var/www", "/srv/www", "/srv/http", "/usr/share/nginx/html", "/usr/local/apache2/htdocs"];
const WEB_NAMES: &[&str] = &["public_html", "htdocs", "wwwroot"];

/// Judges places.
#[derive(Clone, Debug, Default)]
pub struct Judge {
    accounts: Accounts,
    /// The owner of the project.
    owner: u32,
}

impl Judge {
    /// For the project of this owner.
    #[must_use]
    pub fn new(accounts: Accounts, owner: u32) -> Self {
        Self { accounts, owner }
    }

    /// The name of an account.
    #[must_use]
    pub fn name(&self, uid: u32) -> Name {
        Name(self.accounts.name(uid))
    }

    /// Who can read a file, at a path without links.
    pub(super) fn of_file(&self, access: &Access, path: &Path) -> Reach {
        let mut who = access.readers();
        for dir in path.ancestors().skip(1) {
            // What is said of a directory that nobody can ask about is not known: then nothing keeps anybody out.
            if let Some(above) = Access::of_directory(dir) {
                who = above.passing(&who);
            }
        }
        let is_shared = |group: &u32| self.accounts.is_shared(*group, access.uid);
        let others = who.users.iter().any(|user| *user != access.uid && *user != 0);
        match () {
            () if is_web_root(path) => Reach::Web,
            () if who.everyone => Reach::Everyone,
            () if who.groups.iter().any(is_shared) => Reach::Group,
            () if others => Reach::OtherUser,
            () => self.of_owner(access.uid),
        }
    }

    /// Who can read what its owner alone can read.
    pub(super) fn of_owner(&self, uid: u32) -> Reach {
        match uid {
            0 => Reach::Root,
            _ if uid == self.owner => Reach::Owner,
            // Root's project has values that only root knew.
            _ => Reach::OtherUser,
        }
    }
}

pub(super) fn is_web_root(path: &Path) -> bool {
    let is_named =
        |part: std::path::Component<'_>| part.as_os_str().to_str().is_some_and(|name| WEB_NAMES.contains(&name));
    WEB.iter().any(|root| path.starts_with(root)) || path.components().any(is_named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_roots() {
        for (path, expected) in [
            ("/var/www/html/a.sql", true),
            ("/home/ada/public_html/x", true),
            ("/var/wwwx/a", false),
            ("/home/ada/html/x", false),
        ] {
            assert_eq!(is_web_root(Path::new(path)), expected, "{path}");
        }
    }
}
