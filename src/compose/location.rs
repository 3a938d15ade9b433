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

/// Resolves a path as seen from a directory below the project root, without asking the file system.
#[must_use]
pub fn locate(base: &RelPath, text: &str) -> Location {
    if text.starts_with('/') {
        let mut parts: Vec<&str> = Vec::new();
        for part in text.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        return Location::Absolute(format!("/{}", parts.join("/")));
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
}
