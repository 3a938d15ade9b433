//! One tree over another, as Compose merges its files: maps key by key, lists one behind the other, scalars replaced.
//! Source: compose-go's `override/merge.go`.

use std::collections::HashMap;
use std::sync::Arc;

use super::node::{Entry, MergeTag, Node, Value};

/// Whether a path is one whose value is replaced as a whole: below a service `command`, `entrypoint`,
/// `healthcheck.test`.
fn is_replaced(path: &[&str]) -> bool {
    matches!(path, ["services", _, "command" | "entrypoint"] | ["services", _, "healthcheck", "test"])
}

/// `over` on top of `base`.
pub(super) fn merge(base: &Arc<Node>, over: &Arc<Node>) -> Arc<Node> {
    merged(base, over, &mut Vec::new())
}

/// A service on top of the one that it extends.
pub(super) fn extend(base: &Arc<Node>, over: &Arc<Node>) -> Arc<Node> {
    merged(base, over, &mut vec!["services", ""])
}

fn merged<'a>(base: &'a Arc<Node>, over: &'a Arc<Node>, path: &mut Vec<&'a str>) -> Arc<Node> {
    if over.mark == Some(MergeTag::Override) || is_replaced(path) {
        return Arc::clone(over);
    }
    let value = match (&base.value, &over.value) {
        (Value::Map(one), Value::Map(other)) => {
            if is_another_driver(base, over, path) {
                return Arc::clone(over);
            }
            Value::Map(maps(one, other, path))
        }
        (Value::List(one), Value::List(other)) => Value::List(one.iter().chain(other).cloned().collect()),
        // Nothing said is nothing changed.
        (_, Value::Null) => return Arc::clone(base),
        _ => return Arc::clone(over),
    };
    Arc::new(Node { place: base.place, mark: None, value })
}

fn maps<'a>(one: &'a [Entry], other: &'a [Entry], path: &mut Vec<&'a str>) -> Vec<Entry> {
    let places: HashMap<&str, usize> =
        one.iter().enumerate().map(|(index, entry)| (entry.key.as_str(), index)).collect();
    let mut entries: Vec<Option<Entry>> = one.iter().cloned().map(Some).collect();
    for over in other {
        let at = places.get(over.key.as_str()).copied();
        if over.node.mark == Some(MergeTag::Reset) {
            if let Some(gone) = at.and_then(|at| entries.get_mut(at)) {
                *gone = None;
            }
            continue;
        }
        match at.and_then(|at| Some((one.get(at)?, entries.get_mut(at)?))) {
            Some((base, slot)) => {
                path.push(base.key.as_str());
                let node = merged(&base.node, &over.node, path);
                path.pop();
                // A report names the line that decides.
                *slot = Some(Entry { key: base.key.clone(), place: over.place, node });
            }
            None => entries.push(Some(over.clone())),
        }
    }
    entries.into_iter().flatten().collect()
}

/// The options of one log driver are not those of another.
fn is_another_driver(base: &Node, over: &Node, path: &[&str]) -> bool {
    let driver = |node: &Node| node.get("driver").and_then(Node::text).map(str::to_owned);
    matches!(path, ["services", _, "logging"])
        && driver(base).zip(driver(over)).is_some_and(|(one, other)| one != other)
}

/// A tree without what is marked `!reset`: the first file has nothing that could be reset.
pub(super) fn without_resets(node: &Arc<Node>) -> Arc<Node> {
    let value = match &node.value {
        Value::Map(entries) => {
            let kept = entries.iter().filter(|entry| entry.node.mark != Some(MergeTag::Reset));
            Value::Map(kept.map(|entry| Entry { node: without_resets(&entry.node), ..entry.clone() }).collect())
        }
        _ => return Arc::clone(node),
    };
    Arc::new(Node { value, place: node.place, mark: node.mark })
}
