//! One form for what Compose writes in two: `environment` as a list or a map, `build` as a path or a map, and so on.
//! Everything else stays as it is; ports, volumes and the like are read by their own modules.

use std::collections::HashMap;
use std::sync::Arc;

use super::node::{Entry, Kind, Node, Place, Scalar, Value};
use super::text::Text;

/// Lists of `KEY=value` that may be maps, below a service.
const PAIRS: [&[&str]; 8] = [
    &["environment"],
    &["labels"],
    &["annotations"],
    &["sysctls"],
    &["build", "args"],
    &["build", "additional_contexts"],
    &["build", "labels"],
    &["deploy", "labels"],
];

/// Single texts that may be lists, below a service.
const LISTS: [&[&str]; 6] = [&["env_file"], &["dns"], &["dns_search"], &["dns_opt"], &["tmpfs"], &["label_file"]];

/// A whole file in one form.
pub(super) fn file(root: &Arc<Node>) -> Arc<Node> {
    change(root, &["services"], &|services| {
        let Value::Map(entries) = &services.value else { return Arc::clone(services) };
        let entries = entries.iter().map(|entry| with(entry, service(&entry.node))).collect();
        Arc::new(Node { value: Value::Map(entries), ..services.as_ref().clone() })
    })
}

fn service(node: &Arc<Node>) -> Arc<Node> {
    let mut node = change(node, &["build"], &|build| match &build.value {
        Value::Scalar(_) => one(build, "context"),
        _ => Arc::clone(build),
    });
    for path in PAIRS {
        node = change(&node, path, &pairs);
    }
    for path in LISTS {
        node = change(&node, path, &list);
    }
    node = change(&node, &["depends_on"], &|list| keys(list, &condition));
    node = change(&node, &["networks"], &|list| keys(list, &|item| Node::new(item.place, Value::Null)));
    change(&node, &["extends"], &|extends| match &extends.value {
        Value::Scalar(_) => one(extends, "service"),
        _ => Arc::clone(extends),
    })
}

/// A tree whose node at `path` is another one; the same tree where it has none there.
fn change(root: &Arc<Node>, path: &[&str], make: &dyn Fn(&Arc<Node>) -> Arc<Node>) -> Arc<Node> {
    let Some((first, rest)) = path.split_first() else { return make(root) };
    let Value::Map(entries) = &root.value else { return Arc::clone(root) };
    if !entries.iter().any(|entry| entry.key.as_str() == *first) {
        return Arc::clone(root);
    }
    let entries = entries.iter().map(|entry| match entry.key.as_str() == *first {
        true => with(entry, change(&entry.node, rest, make)),
        false => entry.clone(),
    });
    Arc::new(Node { value: Value::Map(entries.collect()), ..root.as_ref().clone() })
}

fn with(entry: &Entry, node: Arc<Node>) -> Entry {
    Entry { key: entry.key.clone(), place: entry.place, node }
}

/// A map of one key.
fn one(node: &Arc<Node>, key: &str) -> Arc<Node> {
    let inner = Node::new(node.place, node.value.clone());
    let entry = Entry { key: Text::from(key), place: node.place, node: Arc::new(inner) };
    Arc::new(Node { value: Value::Map(vec![entry]), ..node.as_ref().clone() })
}

fn list(node: &Arc<Node>) -> Arc<Node> {
    match &node.value {
        Value::Scalar(_) => {
            let item = Node::new(node.place, node.value.clone());
            Arc::new(Node { value: Value::List(vec![Arc::new(item)]), ..node.as_ref().clone() })
        }
        _ => Arc::clone(node),
    }
}

/// `- KEY=value` to `KEY: value`; `- KEY` to `KEY:`. The last one of a key counts.
fn pairs(node: &Arc<Node>) -> Arc<Node> {
    let Value::List(items) = &node.value else { return Arc::clone(node) };
    let mut entries = Entries::default();
    for item in items {
        let Some(scalar) = item.scalar() else { continue };
        let (key, value) = split(scalar);
        entries.put(Entry { key, place: item.place, node: Arc::new(Node::new(item.place, value)) });
    }
    Arc::new(Node { value: Value::Map(entries.list), ..node.as_ref().clone() })
}

fn split(scalar: &Scalar) -> (Text, Value) {
    let Some((key, value)) = scalar.value.as_str().split_once('=') else {
        return (scalar.value.clone(), Value::Null);
    };
    let written = scalar.written.as_ref().and_then(|written| written.as_str().split_once('='));
    let value = Scalar {
        value: Text::from(value),
        kind: Kind::Text,
        written: written.map(|(_, written)| Text::from(written)),
        respelled: false,
        variables: Arc::clone(&scalar.variables),
    };
    (Text::from(key), Value::Scalar(value))
}

/// A list of names to a map of them.
fn keys(node: &Arc<Node>, make: &dyn Fn(&Node) -> Node) -> Arc<Node> {
    let Value::List(items) = &node.value else { return Arc::clone(node) };
    let mut entries = Entries::default();
    for item in items {
        if let Some(scalar) = item.scalar() {
            let node = Arc::new(make(item));
            entries.put(Entry { key: scalar.value.clone(), place: item.place, node });
        }
    }
    Arc::new(Node { value: Value::Map(entries.list), ..node.as_ref().clone() })
}

/// What the short form of `depends_on` stands for. `short` is a word of ours: the two forms are judged differently.
fn condition(item: &Node) -> Node {
    let entry = |key, value| Entry { key: Text::from(key), place: item.place, node: scalar(item.place, value) };
    Node::new(item.place, Value::Map(vec![entry("condition", "service_started"), entry(SHORT, "true")]))
}

/// The key that marks a dependency in the short form.
pub(super) const SHORT: &str = "x-short";

fn scalar(place: Place, text: &str) -> Arc<Node> {
    Arc::new(Node::new(place, Value::Scalar(Scalar::of(text))))
}

/// Entries of a map, the last one of a key in the place of the first.
#[derive(Default)]
pub(super) struct Entries {
    pub(super) list: Vec<Entry>,
    places: HashMap<Text, usize>,
}

impl Entries {
    pub(super) fn put(&mut self, entry: Entry) {
        match self.places.get(&entry.key).and_then(|at| self.list.get_mut(*at)) {
            Some(known) => *known = entry,
            None => {
                self.places.insert(entry.key.clone(), self.list.len());
                self.list.push(entry);
            }
        }
    }
}
