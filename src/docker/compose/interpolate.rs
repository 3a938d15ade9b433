//! `${…}` in the scalars of a tree, from the project's variables.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fault::{Fault, FaultKind};
use super::node::{Entry, Node, Scalar, Value, Variable};
use super::text::Text;
use crate::env::{self, Document};
use crate::secret::Secret;

/// How many bytes all interpolations of one stack may make together.
pub(super) const MAX_ADDED: usize = 16 << 20;

/// What `${…}` refers to: the project's `.env`. The environment of anyone who runs Compose comes before it there; what
/// that is on the host nobody knows here.
#[derive(Debug, Default)]
pub struct Variables {
    values: BTreeMap<String, Secret>,
    /// Whether there is a file that defines them at all.
    pub known: bool,
}

impl Variables {
    /// Adds an env file; what is defined already stays.
    #[expect(clippy::disallowed_methods, reason = "copied from one secret to another")]
    pub fn add(&mut self, document: &Document) {
        self.known = true;
        let mut own = BTreeMap::new();
        for assignment in document.assignments() {
            if let Ok(name) = std::str::from_utf8(document.name(assignment)) {
                own.insert(name.to_owned(), Secret::copy_of(assignment.value.expose()));
            }
        }
        for (name, value) in own {
            self.values.entry(name).or_insert(value);
        }
    }

    /// Adds what every shell and Compose itself define: it does not make the project's own ones known.
    pub fn add_given(&mut self, name: &str, value: &str) {
        self.values.entry(name.to_owned()).or_insert_with(|| Secret::copy_of(value.as_bytes()));
    }

    /// The same once more, to be added to.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "copied from one secret to another")]
    pub fn copy(&self) -> Self {
        let values = self.values.iter().map(|(name, value)| (name.clone(), Secret::copy_of(value.expose()))).collect();
        Self { values, known: self.known }
    }

    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Secret> {
        self.values.get(name)
    }
}

/// Interpolates a whole tree.
pub(super) struct Interpolation<'a> {
    pub(super) variables: &'a Variables,
    /// How many bytes may still be made.
    pub(super) budget: usize,
}

impl Interpolation<'_> {
    pub(super) fn run(&mut self, node: &Arc<Node>) -> Result<Arc<Node>, Fault> {
        let value = match &node.value {
            Value::Scalar(scalar) if scalar.value.as_str().contains('$') => {
                let fault = Fault::at(node.place.line, FaultKind::BadExpansion);
                Value::Scalar(self.scalar(scalar).ok_or(fault)?)
            }
            Value::List(items) => Value::List(items.iter().map(|item| self.run(item)).collect::<Result<_, _>>()?),
            Value::Map(entries) => Value::Map(entries.iter().map(|entry| self.entry(entry)).collect::<Result<_, _>>()?),
            Value::Null | Value::Scalar(_) => return Ok(Arc::clone(node)),
        };
        Ok(Arc::new(Node { value, place: node.place, mark: node.mark }))
    }

    fn entry(&mut self, entry: &Entry) -> Result<Entry, Fault> {
        Ok(Entry { key: entry.key.clone(), place: entry.place, node: self.run(&entry.node)? })
    }

    #[expect(clippy::disallowed_methods, reason = "the interpolated text goes into another zeroed buffer")]
    fn scalar(&mut self, scalar: &Scalar) -> Option<Scalar> {
        let mut seen: Vec<Variable> = Vec::new();
        let variables = self.variables;
        let lookup = |name: &[u8]| variables.get(std::str::from_utf8(name).ok()?).map(Secret::expose);
        let value = env::interpolate(scalar.value.as_str(), &lookup, self.budget, &mut |name, resolved| {
            let name = String::from_utf8_lossy(name).into_owned();
            seen.push(Variable { name, resolved });
        })?;
        let text = std::str::from_utf8(value.expose()).ok()?;
        self.budget = self.budget.saturating_sub(text.len());
        Some(Scalar {
            value: Text::from(text),
            written: Some(scalar.value.clone()),
            variables: seen.into(),
            kind: scalar.kind,
            respelled: scalar.respelled,
        })
    }
}
