//! Paths below a root, as bytes.

use std::ffi::OsStr;
use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::text;

/// A path below a project's or repository's root: bytes, `/` between the parts, no leading `/`, no `.` or `..`.
/// Empty is the root itself. Bytes, because neither git nor a file system promises UTF-8.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct RelPath(Vec<u8>);

impl RelPath {
    /// Takes git's form of a path as it is.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// `path` as seen from `root`; `None` where it is not below it.
    #[must_use]
    pub fn below(root: &Path, path: &Path) -> Option<Self> {
        let rest = path.strip_prefix(root).ok()?;
        Some(Self(rest.as_os_str().as_bytes().to_vec()))
    }

    /// The path's bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether this is the root itself.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The last part.
    #[must_use]
    pub fn file_name(&self) -> &[u8] {
        self.0.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
    }

    /// Everything before the last part; the root for a path of one part.
    #[must_use]
    pub fn parent(&self) -> Self {
        let cut = self.0.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
        Self(self.0.get(..cut).unwrap_or_default().to_vec())
    }

    /// This path with one more part (or several).
    #[must_use]
    pub fn join(&self, part: &[u8]) -> Self {
        let mut bytes = self.0.clone();
        if !bytes.is_empty() && !part.is_empty() {
            bytes.push(b'/');
        }
        bytes.extend_from_slice(part);
        Self(bytes)
    }

    /// What is left of this path below `dir`; `None` where it is not below it. Every path is below the root.
    #[must_use]
    pub fn strip_dir(&self, dir: &Self) -> Option<Self> {
        if dir.is_root() {
            return Some(self.clone());
        }
        let rest = self.0.strip_prefix(dir.0.as_slice())?;
        match rest {
            [] => Some(Self::default()),
            [b'/', tail @ ..] => Some(Self(tail.to_vec())),
            _ => None,
        }
    }

    /// The path in the file system, below `root`.
    #[must_use]
    pub fn under(&self, root: &Path) -> PathBuf {
        if self.is_root() { root.to_path_buf() } else { root.join(OsStr::from_bytes(&self.0)) }
    }

    /// The path as text where it is UTF-8.
    #[must_use]
    pub fn to_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }
}

impl From<&str> for RelPath {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

/// Escaped: control characters, and bytes that are not UTF-8, never reach a terminal as they are.
impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::sanitize(&self.0))
    }
}

impl fmt::Debug for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let path = RelPath::from("backend/api/.env");
        assert_eq!(path.file_name(), b".env");
        assert_eq!(path.parent(), RelPath::from("backend/api"));
        assert_eq!(RelPath::from(".env").parent(), RelPath::default());
        assert_eq!(RelPath::default().join(b".env"), RelPath::from(".env"));
        assert_eq!(path.strip_dir(&RelPath::from("backend")), Some(RelPath::from("api/.env")));
        assert_eq!(path.strip_dir(&RelPath::from("back")), None);
    }
}
