//! All that a sandbox contains, to compare and to put back: between two runs of one verb the project, the state and the
//! home are what they were.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::path::{Path, PathBuf};

use crate::common::Sandbox;

/// The places of a sandbox that envward can change.
const PLACES: [&str; 5] = ["project", "state", "home", "tmp", "out"];

/// One file, directory or link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub kind: Kind,
    pub mode: u32,
    owner: (u32, u32),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Directory,
    File(Vec<u8>),
    Link(PathBuf),
}

impl Node {
    pub fn text(&self) -> String {
        match &self.kind {
            Kind::File(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Kind::Link(target) => format!("-> {}", target.display()),
            Kind::Directory => String::new(),
        }
    }
}

/// Everything in the places of a sandbox, by its path.
#[derive(Clone)]
pub struct World {
    root: PathBuf,
    pub nodes: BTreeMap<String, Node>,
}

impl World {
    pub fn of(sandbox: &Sandbox) -> Self {
        let mut world = Self { root: sandbox.root().to_owned(), nodes: BTreeMap::new() };
        for place in PLACES {
            let path = world.root.join(place);
            if path.symlink_metadata().is_ok() {
                world.visit(&path, place);
            }
        }
        world
    }

    fn visit(&mut self, path: &Path, name: &str) {
        let meta = path.symlink_metadata().unwrap();
        let kind = match meta.file_type() {
            kind if kind.is_dir() => Kind::Directory,
            kind if kind.is_symlink() => Kind::Link(fs::read_link(path).unwrap()),
            _ => Kind::File(fs::read(path).unwrap()),
        };
        let node = Node { kind, mode: meta.mode() & 0o7777, owner: (meta.uid(), meta.gid()) };
        let is_directory = node.kind == Kind::Directory;
        self.nodes.insert(name.to_owned(), node);
        if is_directory {
            for entry in fs::read_dir(path).unwrap() {
                let path = entry.unwrap().path();
                self.visit(&path, &format!("{name}/{}", path.file_name().unwrap().to_str().unwrap()));
            }
        }
    }

    /// Puts everything back as it was.
    pub fn restore(&self) {
        for place in PLACES {
            let path = self.root.join(place);
            if path.symlink_metadata().is_ok() {
                fs::remove_dir_all(&path).unwrap();
            }
        }
        for (name, Node { kind, mode, owner }) in &self.nodes {
            let path = self.root.join(name);
            match kind {
                Kind::Directory => fs::create_dir(&path).unwrap(),
                Kind::File(bytes) => fs::write(&path, bytes).unwrap(),
                Kind::Link(target) => {
                    symlink(target, &path).unwrap();
                    continue;
                }
            }
            chown(&path, Some(owner.0), Some(owner.1)).unwrap();
            fs::set_permissions(&path, Permissions::from_mode(*mode)).unwrap();
        }
    }

    /// The words of private files that are long enough to be values.
    pub fn values(&self) -> BTreeSet<String> {
        let view = self.view();
        let private = view.iter().filter(|(name, node)| node.mode & 0o077 == 0 && !is_temporary(name));
        private.flat_map(|(_, node)| words(&node.text()).map(str::to_owned).collect::<Vec<_>>()).collect()
    }

    /// What envward can leave or change, without git's own files and the ledger, which has its own rules. The reminders of
    /// the outbox are counted, for their names are instants.
    pub fn view(&self) -> BTreeMap<String, &Node> {
        let is_git = |name: &str| name.starts_with("project/.git/") && !name.starts_with("project/.git/hooks/");
        let mut reminders = BTreeSet::new();
        let shown = self.nodes.iter().filter(|(name, _)| !is_git(name) && !is_ledger(name));
        let named = shown.map(|(name, node)| {
            let Some((id, end)) = name.strip_prefix("state/outbox/").and_then(|name| name.split_once('.')) else {
                return (name.clone(), node);
            };
            reminders.insert(id);
            (format!("state/outbox/{}.{end}", reminders.len()), node)
        });
        named.collect()
    }
}

/// Whether a name is the ledger's or SQLite's beside it, or that of a key.
pub fn is_ledger(name: &str) -> bool {
    name.starts_with("state/ledger.sqlite") || ["state/fingerprint.key", "state/scan.key"].contains(&name)
}

/// Whether a name is one under which envward writes a file before it gets its own.
pub fn is_temporary(name: &str) -> bool {
    let process = name.rsplit_once(".envward-").and_then(|(_, end)| end.strip_suffix(".tmp"));
    process.is_some_and(|process| !process.is_empty() && process.bytes().all(|byte| byte.is_ascii_digit()))
}

/// No shorter word is a value.
const VALUE: usize = 20;

/// No shorter word is made by chance: an admin key's id, the seconds of a clock.
const CHANCE: usize = 10;

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|char: char| !char.is_ascii_alphanumeric()).filter(|word| word.len() >= VALUE)
}

/// Base64 is one word.
fn is_of_a_word(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '+' || char == '/'
}

/// The words of a text that can be made by chance.
pub fn long_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|char: char| !is_of_a_word(char)).filter(|word| word.len() >= CHANCE)
}

/// A text with the length of each value in its place, but for those that are known: what two runs have in common.
pub fn shape(text: &str, known: &BTreeSet<String>) -> String {
    let mut out = String::new();
    for piece in text.split_inclusive(|char: char| !is_of_a_word(char)) {
        let word = piece.trim_end_matches(|char: char| !is_of_a_word(char));
        match word.len() < CHANCE || known.contains(word) {
            true => out.push_str(piece),
            false => out += &format!("<{}>{}", word.len(), &piece[word.len()..]),
        }
    }
    out
}

/// Whether a word of these stands in a text.
pub fn shows<'a>(text: &str, values: &'a BTreeSet<String>) -> Option<&'a String> {
    words(text).find_map(|word| values.get(word))
}
