//! One service of a stack, as the checks ask about it.

use std::num::NonZeroU32;

use super::Stack;
use super::location::Location;
use super::mount::Mount;
use super::node::{Entry, Node, Place};
use super::port::Port;
use crate::docker::compose::short_forms;
use crate::name::Name;
use crate::path::RelPath;

/// One service.
#[derive(Clone, Copy, Debug)]
pub struct Service<'a> {
    /// The stack it is in.
    pub stack: &'a Stack,
    /// Its name and place.
    pub entry: &'a Entry,
    /// What it is made of.
    pub node: &'a Node,
}

/// An item of `env_file`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvFile {
    /// Where it stands.
    pub place: Place,
    /// The file.
    pub location: Location,
    /// Whether Compose refuses to start without it.
    pub required: bool,
    /// Whether `format: raw` is asked for.
    pub raw: bool,
}

/// On what a service waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency<'a> {
    /// The other service.
    pub name: &'a str,
    /// Where it stands.
    pub place: Place,
    /// `service_started`, `service_healthy`, `service_completed_successfully`.
    pub condition: &'a str,
    /// Whether it is written as a list, which cannot say what it waits for.
    pub short: bool,
}

impl<'a> Service<'a> {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.entry.key.as_str()
    }

    /// Its name for a report, which escapes and masks it.
    #[must_use]
    pub fn shown(&self) -> Name {
        Name(self.name().as_bytes().to_vec())
    }

    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> Place {
        self.entry.place
    }

    /// The node that a path of keys leads to; nothing where that is null.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&'a Node> {
        self.node.at(path).filter(|node| !node.is_null())
    }

    /// The text that a path of keys leads to.
    #[must_use]
    pub fn text(&self, path: &[&str]) -> Option<&'a str> {
        self.at(path).and_then(Node::text)
    }

    /// The image's name without registry, owner, tag and digest, in lower case: `postgres` of
    /// `docker.io/library/postgres:15-alpine`.
    #[must_use]
    pub fn image_name(&self) -> Option<String> {
        let image = self.text(&["image"])?;
        let path = image.split('@').next()?;
        let last = path.rsplit('/').next()?;
        Some(last.split(':').next()?.to_ascii_lowercase())
    }

    /// Its `environment`: keys and values, in the order of the files.
    #[must_use]
    pub fn environment(&self) -> &'a [Entry] {
        self.node.get("environment").map(Node::entries).unwrap_or_default()
    }

    /// Its env files, in order.
    #[must_use]
    pub fn env_files(&self) -> Vec<EnvFile> {
        let items = self.node.get("env_file").map(Node::items).unwrap_or_default();
        let of = |item: &'a Node| {
            let path = item.text().or_else(|| item.get("path").and_then(Node::text))?;
            Some(EnvFile {
                place: item.place,
                location: self.stack.locate(item.place, path),
                required: item.get("required").is_none_or(Node::is_true),
                raw: item.get("format").and_then(Node::text) == Some("raw"),
            })
        };
        items.iter().filter_map(|item| of(item)).collect()
    }

    /// The names of the `secrets:` that it is given.
    #[must_use]
    pub fn secret_names(&self) -> Vec<&'a str> {
        self.names_below("secrets")
    }

    /// The names of its configs.
    #[must_use]
    pub fn config_names(&self) -> Vec<&'a str> {
        self.names_below("configs")
    }

    fn names_below(&self, part: &str) -> Vec<&'a str> {
        let items = self.node.get(part).map(Node::items).unwrap_or_default();
        items.iter().filter_map(|item| item.text().or_else(|| item.get("source").and_then(Node::text))).collect()
    }

    /// Its ports.
    #[must_use]
    pub fn ports(&self) -> Vec<Port> {
        self.node.get("ports").map(Node::items).unwrap_or_default().iter().filter_map(|item| Port::of(item)).collect()
    }

    /// Its mounts, the last one of a target.
    #[must_use]
    pub fn mounts(&self) -> Vec<Mount> {
        let items = self.node.get("volumes").map(Node::items).unwrap_or_default();
        let mut mounts: Vec<Mount> = Vec::new();
        for mount in items.iter().filter_map(|item| Mount::of(item)) {
            mounts.retain(|known| known.target != mount.target);
            mounts.push(mount);
        }
        mounts
    }

    /// On what it waits.
    #[must_use]
    pub fn dependencies(&self) -> Vec<Dependency<'a>> {
        let entries = self.node.get("depends_on").map(Node::entries).unwrap_or_default();
        let of = |entry: &'a Entry| Dependency {
            name: entry.key.as_str(),
            place: entry.place,
            condition: entry.node.get("condition").and_then(Node::text).unwrap_or("service_started"),
            short: entry.node.get(short_forms::SHORT).is_some(),
        };
        entries.iter().map(of).collect()
    }

    /// The names of the networks it is in; empty for the default one.
    #[must_use]
    pub fn networks(&self) -> Vec<&'a str> {
        self.node
            .get("networks")
            .map(Node::entries)
            .unwrap_or_default()
            .iter()
            .map(|entry| entry.key.as_str())
            .collect()
    }

    /// The names under which its container is reached.
    #[must_use]
    pub fn hosts(&self) -> Vec<String> {
        let mut hosts = vec![self.name().to_owned()];
        let texts = [&["container_name"][..], &["hostname"]];
        hosts.extend(texts.iter().filter_map(|path| self.text(path)).map(str::to_owned));
        for network in self.node.get("networks").map(Node::entries).unwrap_or_default() {
            let aliases = network.node.get("aliases").map(Node::items).unwrap_or_default();
            hosts.extend(aliases.iter().filter_map(|alias| alias.text()).map(str::to_owned));
        }
        hosts
    }

    /// Whether a profile hides it that nothing switches on.
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        let own = self.at(&["profiles"]).map(Node::items).unwrap_or_default();
        let is_on = |name: &str| self.stack.profiles.iter().any(|active| active == "*" || active == name);
        !own.is_empty() && !own.iter().any(|name| name.text().is_some_and(is_on))
    }

    /// Whether it runs once and ends: another one waits for its end, or a profile hides it, as with tools that are
    /// started by hand.
    #[must_use]
    pub fn is_one_shot(&self) -> bool {
        self.is_hidden() || self.stack.is_awaited(self.name())
    }

    /// The words of `command` or `entrypoint`: of a list its items, of a text its words as a shell would see them.
    #[must_use]
    pub fn words(&self, key: &str) -> Vec<String> {
        match self.node.get(key) {
            Some(node) => match node.text() {
                Some(text) => split(text),
                None => node.items().iter().filter_map(|item| item.text().map(str::to_owned)).collect(),
            },
            None => Vec::new(),
        }
    }

    /// Whether its health check asks for a path: `curl http://localhost:3001/health`.
    #[must_use]
    pub fn probes_a_path(&self) -> bool {
        let Some(test) = self.at(&["healthcheck", "test"]) else { return false };
        let mut texts = test.text().into_iter().chain(test.items().iter().filter_map(|item| item.text()));
        texts.any(|text| {
            let rest = text.split_once("://").map(|(_, rest)| rest);
            rest.and_then(|rest| rest.split_once('/')).is_some_and(|(_, path)| path.starts_with(char::is_alphanumeric))
        })
    }

    /// The file that a place is in, and the line.
    #[must_use]
    pub fn spot(&self, place: Place) -> (RelPath, NonZeroU32) {
        (self.stack.path(place), place.line)
    }
}

/// The words of a command line: blanks separate, quotes and backslashes keep together. `$` is left alone: Compose has
/// done its part, and the rest is the container's.
fn split(text: &str) -> Vec<String> {
    let (mut words, mut word, mut open) = (Vec::new(), String::new(), false);
    let mut quote: Option<char> = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(end), letter) if letter == end => quote = None,
            (Some('\''), letter) => word.push(letter),
            (_, '\\') => {
                word.extend(letters.next());
                open = true;
            }
            (None, '\'' | '"') => (quote, open) = (Some(letter), true),
            (None, ' ' | '\t' | '\n' | '\r') => {
                if open {
                    words.push(std::mem::take(&mut word));
                    open = false;
                }
            }
            (_, letter) => {
                word.push(letter);
                open = true;
            }
        }
    }
    if open {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn command_lines() {
        assert_eq!(split("echo \"a b\" 'c d' e\\ f  ''"), ["echo", "a b", "c d", "e f", ""]);
        assert_eq!(split(""), [""; 0]);
    }
}
