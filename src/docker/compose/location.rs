//! Where the paths of a compose file lead.

use crate::path::RelPath;

/// What a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// Something below the project root.
    Below(RelPath),
    /// An absolute path, cleaned.
    Absolute(String),
    /// Above the project root, or in somebody's home: it cannot be said where.
    Elsewhere,
}

/// Where the project root is: an absolute path without `.` and `..`; empty where nobody says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectRoot(String);

impl ProjectRoot {
    /// Of a path; nowhere where it is not absolute text.
    #[must_use]
    pub fn of(path: &std::path::Path) -> Self {
        Self(path.to_str().filter(|path| path.starts_with('/')).map(cleaned).unwrap_or_default())
    }

    /// The whole path of a directory below the root.
    #[must_use]
    pub fn whole(&self, dir: &RelPath) -> Option<String> {
        let dir = dir.to_str().filter(|_| !self.0.is_empty())?;
        Some(cleaned(&format!("{}/{dir}", self.0)))
    }

    /// Resolves a path as seen from a directory below the root. A whole path of something below it is below it, too.
    #[must_use]
    pub fn locate(&self, base: &RelPath, text: &str) -> Location {
        let location = locate(base, text);
        let whole = match &location {
            Location::Absolute(path) => Some(path.clone()),
            Location::Elsewhere if !text.starts_with('~') => {
                self.whole(base).map(|base| cleaned(&format!("{base}/{text}")))
            }
            _ => None,
        };
        match whole.and_then(|whole| self.below(&whole)) {
            Some(path) => Location::Below(path),
            None => location,
        }
    }

    fn below(&self, whole: &str) -> Option<RelPath> {
        if self.0.is_empty() {
            return None;
        }
        match whole.strip_prefix(self.0.trim_end_matches('/'))? {
            "" => Some(RelPath::default()),
            rest => rest.strip_prefix('/').map(RelPath::from),
        }
    }
}

/// An absolute path without `.`, `..` and doubled slashes.
fn cleaned(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// Resolves a path as seen from a directory below the project root, without asking the file system, and without knowing
/// where the root is.
#[must_use]
pub fn locate(base: &RelPath, text: &str) -> Location {
    if text.starts_with('/') {
        return Location::Absolute(cleaned(text));
    }
    if text == "~" || text.starts_with("~/") {
        return Location::Elsewhere;
    }
    let mut parts: Vec<&[u8]> = base.as_bytes().split(|byte| *byte == b'/').filter(|part| !part.is_empty()).collect();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.pop().is_none() => return Location::Elsewhere,
            ".." => {}
            part => parts.push(part.as_bytes()),
        }
    }
    Location::Below(RelPath::new(parts.join(&b'/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let below = |text: &str| Location::Below(RelPath::from(text));
        let table = [
            ("app", "./.env", below("app/.env")),
            ("app", "../.env", below(".env")),
            ("", ".", below("")),
            ("app", "../../x", Location::Elsewhere),
            ("", "~/x", Location::Elsewhere),
            ("app", "/var//run/../run/docker.sock", Location::Absolute("/var/run/docker.sock".into())),
            ("", "/..", Location::Absolute("/".into())),
        ];
        for (base, text, expected) in table {
            assert_eq!(locate(&RelPath::from(base), text), expected, "{text}");
        }
    }

    #[test]
    fn paths_below_a_known_root() {
        let root = ProjectRoot::of(std::path::Path::new("/srv/./shop"));
        let below = |text: &str| Location::Below(RelPath::from(text));
        let table = [
            ("app", "/srv/shop/keys/db", below("keys/db")),
            ("app", "/srv//shop/x/../keys", below("keys")),
            ("app", "../../shop/.env", below(".env")),
            ("", "/srv/shop", below("")),
            ("", "/srv/shop2/x", Location::Absolute("/srv/shop2/x".into())),
            ("", "../other/x", Location::Elsewhere),
            ("", "~/x", Location::Elsewhere),
        ];
        for (base, text, expected) in table {
            assert_eq!(root.locate(&RelPath::from(base), text), expected, "{text}");
        }
        assert_eq!(ProjectRoot::default().locate(&RelPath::default(), "/srv/x"), Location::Absolute("/srv/x".into()));
        assert_eq!(ProjectRoot::of(std::path::Path::new("/")).locate(&RelPath::default(), "/etc/x"), below("etc/x"));
    }
}
