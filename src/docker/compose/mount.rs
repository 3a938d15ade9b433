//! What a container has of the host: bind mounts and volumes, short and long.

use super::node::{Node, Place};

/// What is mounted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MountKind {
    /// A path of the host.
    Bind,
    /// A volume of Docker's, named or not.
    Volume,
    /// Memory, a named pipe, an image.
    Other,
}

/// One item of `volumes` of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub kind: MountKind,
    /// The host's path, or the volume's name; `None` for a volume without one.
    pub source: Option<String>,
    /// Where the container has it.
    pub target: String,
    /// Whether the container can only read it.
    pub read_only: bool,
}

impl Mount {
    /// Of one item; `None` for what is no mount.
    #[must_use]
    pub fn of(node: &Node) -> Option<Self> {
        let text = |key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
        if let Some(short) = node.text() {
            return Some(Self::short(short, node.place));
        }
        let kind = match node.get("type").and_then(Node::text)? {
            "bind" => MountKind::Bind,
            "volume" => MountKind::Volume,
            _ => MountKind::Other,
        };
        let read_only = node.get("read_only").is_some_and(Node::is_true);
        Some(Self {
            place: node.place,
            kind,
            source: text("source"),
            target: clean(&text("target").unwrap_or_default()),
            read_only,
        })
    }

    /// `./a:/b:ro`, `name:/b`, `/b`.
    fn short(text: &str, place: Place) -> Self {
        let parts: Vec<&str> = text.split(':').collect();
        let (source, target, options) = match parts.as_slice() {
            [target] => (None, *target, ""),
            [source, target] => (Some(*source), *target, ""),
            [source, target, options, ..] => (Some(*source), *target, *options),
            [] => (None, "", ""),
        };
        let is_path = source.is_some_and(|source| source.starts_with(['.', '/', '~']));
        Self {
            place,
            kind: if is_path { MountKind::Bind } else { MountKind::Volume },
            source: source.filter(|source| !source.is_empty()).map(str::to_owned),
            target: clean(target),
            read_only: options.split(',').any(|option| option == "ro"),
        }
    }
}

/// A container's path without a slash at its end.
fn clean(path: &str) -> String {
    let cut = path.trim_end_matches('/');
    if cut.is_empty() { path.to_owned() } else { cut.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU32;

    #[test]
    fn short_forms() {
        use MountKind::{Bind, Volume};
        let table = [
            ("./a:/b:ro", Bind, Some("./a"), "/b", true),
            ("/c:/d:rw,z", Bind, Some("/c"), "/d", false),
            ("~/c:/d:z,ro", Bind, Some("~/c"), "/d", true),
            ("data:/d", Volume, Some("data"), "/d", false),
            ("/anonymous", Volume, None, "/anonymous", false),
        ];
        let place = Place { file: 0, line: NonZeroU32::MIN };
        for (text, kind, source, target, read_only) in table {
            let (source, target) = (source.map(str::to_owned), target.to_owned());
            assert_eq!(Mount::short(text, place), Mount { place, kind, source, target, read_only }, "{text}");
        }
    }
}
