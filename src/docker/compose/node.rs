//! The tree that a compose file is: YAML's nodes, each with its file and line.

use std::num::NonZeroU32;
use std::sync::Arc;

use super::Text;
use crate::env::Resolved;

/// Where a node stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, by its index in [`super::Stack::sources`].
    pub file: usize,
    /// The line, from 1.
    pub line: NonZeroU32,
}

/// What Compose is told to do with a key of the files before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeTag {
    /// `!reset`: it is not there any more.
    Reset,
    /// `!override`: it is replaced, not merged.
    Override,
}

/// What a scalar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text, also what is written in quotes.
    Text,
    /// `true` or `false`; `yes` and `on` are text, which Compose takes for it where one is wanted.
    Bool,
    /// A number.
    Number,
}

/// A scalar: its text as Compose hands it on.
#[derive(Clone, Debug)]
pub struct Scalar {
    /// The value after interpolation; of a number Compose's own spelling of it (`0123` is `83`).
    pub value: Text,
    /// What it is.
    pub kind: Kind,
    /// The text before interpolation, where that changed it.
    pub written: Option<Text>,
    /// Whether an unquoted number has become another text.
    pub respelled: bool,
    /// The variables in it.
    pub variables: Arc<[Variable]>,
}

/// A variable that a scalar refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name: `[_A-Za-z][_A-Za-z0-9]*`.
    pub name: String,
    /// What became of it.
    pub resolved: Resolved,
}

/// A key of a map.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: Text,
    /// Where the key stands.
    pub place: Place,
    /// What it holds.
    pub node: Arc<Node>,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum Value {
    /// Nothing, `~`, `null`.
    Null,
    /// One text.
    Scalar(Scalar),
    /// `- …`
    List(Vec<Arc<Node>>),
    /// `key: …`, in the order of the file.
    Map(Vec<Entry>),
}

/// A node of the tree.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it stands.
    pub place: Place,
    /// What it tells Compose to do.
    pub mark: Option<MergeTag>,
    /// What it is.
    pub value: Value,
}

impl Node {
    /// A node without a mark.
    #[must_use]
    pub fn new(place: Place, value: Value) -> Self {
        Self { place, mark: None, value }
    }

    /// The node under a key of this map.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| entry.node.as_ref())
    }

    /// The node that a path of keys leads to.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The entry of a key of this map.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key.as_str() == key)
    }

    /// The entries of a map; none of anything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none of anything else.
    #[must_use]
    pub fn items(&self) -> &[Arc<Self>] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The scalar, where it is one.
    #[must_use]
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text of a scalar.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.scalar().map(|scalar| scalar.value.as_str())
    }

    /// Whether it is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// Whether it says yes, as Compose takes a word where it wants a boolean: `true`, `yes`, `y`, `on`, in any case of
    /// letters.
    #[must_use]
    pub fn is_true(&self) -> bool {
        let words = ["true", "yes", "y", "on"];
        self.text().is_some_and(|text| words.iter().any(|word| word.eq_ignore_ascii_case(text)))
    }

    /// How many nodes it is, each alias counted as what it stands for.
    pub(super) fn weight(&self) -> usize {
        match &self.value {
            Value::Null | Value::Scalar(_) => 1,
            Value::List(items) => items.iter().map(|item| item.weight()).sum::<usize>().saturating_add(1),
            Value::Map(entries) => entries.iter().map(|entry| entry.node.weight()).sum::<usize>().saturating_add(1),
        }
    }
}

impl Scalar {
    /// Text that no file holds.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self { value: Text::from(text), kind: Kind::Text, written: None, respelled: false, variables: Arc::new([]) }
    }

    /// Whether a variable in it may still be defined by the host.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.variables.iter().any(|variable| variable.resolved.is_open())
    }

    /// The text as the file holds it, with its `${…}`.
    #[must_use]
    pub fn written(&self) -> &str {
        self.written.as_ref().unwrap_or(&self.value).as_str()
    }
}
