//! The files of the host that a service's container is given as they are: a bind mount keeps owner and mode.

use super::location::Location;
use super::mount::MountKind;
use super::node::{Node, Place};
use super::service::Service;
use crate::docker::image::{self, Reference};

/// Who a service's process is, as far as its files say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum User {
    /// Root, or a script of the image's that root starts, which reads before it steps down.
    Root,
    /// This user, and this group where one is named.
    Number(u32, Option<u32>),
    /// Whom only the image knows.
    Unknown,
}

/// A file that a service is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenFile {
    /// Where the service says so.
    pub place: Place,
    /// The file.
    pub location: Location,
    /// Which of `uid`, `gid` and `mode` are set, which Compose ignores for what comes from a file.
    pub ignored: Vec<&'static str>,
}

impl Service<'_> {
    /// The files behind its `secrets:` and `configs:`, and those that it mounts.
    #[must_use]
    pub fn given_files(&self) -> Vec<GivenFile> {
        let mut given = self.named_files("secrets");
        given.extend(self.named_files("configs"));
        let mounts = self.mounts().into_iter().filter(|mount| mount.kind == MountKind::Bind);
        given.extend(mounts.filter_map(|mount| {
            let location = self.stack.locate(mount.place, mount.source.as_deref()?);
            Some(GivenFile { place: mount.place, location, ignored: Vec::new() })
        }));
        given
    }

    /// The files behind its `secrets` or its `configs`.
    #[must_use]
    pub fn named_files(&self, part: &str) -> Vec<GivenFile> {
        let items = self.at(&[part]).map(Node::items).unwrap_or_default();
        let of = |item: &Node| {
            let name = item.text().or_else(|| item.get("source").and_then(Node::text))?;
            let file = self.stack.root().get(part)?.get(name)?.get("file")?;
            let location = self.stack.locate(file.place, file.text()?);
            let is_set = |key: &&str| item.get(key).is_some_and(|node| !node.is_null());
            Some(GivenFile {
                place: item.place,
                location,
                ignored: ["uid", "gid", "mode"].into_iter().filter(is_set).collect(),
            })
        };
        items.iter().filter_map(|item| of(item)).collect()
    }

    /// Who its process is.
    #[must_use]
    pub fn user(&self) -> User {
        let Some(text) = self.text(&["user"]).filter(|text| !text.is_empty()) else {
            let image = self.text(&["image"]).filter(|_| self.at(&["build"]).is_none());
            let is_known = image.is_some_and(|image| image::server(&Reference::of(image)).is_some());
            return if is_known { User::Root } else { User::Unknown };
        };
        let (user, group) = text.split_once(':').map_or((text, None), |(user, group)| (user, group.parse().ok()));
        match user.parse::<u32>() {
            Ok(0) => User::Root,
            Ok(number) => User::Number(number, group),
            Err(_) if user == "root" => User::Root,
            Err(_) => User::Unknown,
        }
    }
}

impl User {
    /// Its id, where the files say one that is not root's.
    #[must_use]
    pub fn number(self) -> Option<u32> {
        match self {
            Self::Number(user, _) => Some(user),
            Self::Root | Self::Unknown => None,
        }
    }

    /// Whether it can read a file of this mode, owner and group; `None` where nobody knows.
    #[must_use]
    pub fn reads(self, mode: u32, (owner, group): (u32, u32)) -> Option<bool> {
        match self {
            Self::Root => Some(true),
            Self::Number(user, _) if user == owner => Some(mode & 0o400 != 0),
            Self::Number(_, Some(own)) if own == group => Some(mode & 0o040 != 0),
            // Groups that only the image knows may be among its own.
            Self::Number(_, None) if mode & 0o044 == 0o040 => None,
            Self::Number(..) => Some(mode & 0o004 != 0),
            Self::Unknown if mode & 0o444 == 0o444 => Some(true),
            Self::Unknown => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::User;

    #[test]
    fn who_reads() {
        let file = (0, 0);
        assert_eq!(User::Root.reads(0o600, (472, 472)), Some(true));
        assert_eq!(User::Number(472, None).reads(0o600, (472, 0)), Some(true));
        assert_eq!(User::Number(472, Some(7)).reads(0o640, (0, 7)), Some(true));
        assert_eq!(User::Number(472, Some(7)).reads(0o600, (0, 7)), Some(false));
        assert_eq!(User::Number(472, None).reads(0o600, file), Some(false));
        assert_eq!(User::Number(472, None).reads(0o644, file), Some(true));
        assert_eq!(User::Number(472, None).reads(0o640, file), None);
        assert_eq!(User::Unknown.reads(0o644, file), Some(true));
        assert_eq!(User::Unknown.reads(0o600, file), None);
    }
}
