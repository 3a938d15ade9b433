//! The values, put where the plan says.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use rand::TryCryptoRng;

use super::{Action, Fault, Plan, Source, State, Step, Why};
use crate::config::Config;
use crate::env::{self, Document, EditError};
use crate::secret::generate::Recipe;
use crate::secret::{Secret, class};
use crate::template::key_state::state;

/// What a person typed, by the key's name as it is written.
pub type Answers = BTreeMap<String, Secret>;

/// What became of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// It has a new value, with so many bits.
    Made(u32),
    /// It has the value that it has in another file of the environment.
    Taken,
    /// It has the value of another key.
    Same,
    /// Its references are written out.
    Expanded,
    /// It has what was typed; whether every reader takes it as it is.
    Given(bool),
    /// Nothing.
    Left,
}

/// One file, filled.
#[derive(Debug)]
pub struct Filled {
    /// The file.
    pub document: Document,
    /// The steps, in order, and what became of each; a step that turned out to be a person's is one.
    pub done: Vec<(Step, Done)>,
    /// The names of the keys whose value is new, or has a new one in it. What is known from another file is not.
    pub made: BTreeSet<String>,
}

/// Why nothing could be filled.
#[derive(Debug)]
pub enum Unfilled<E> {
    /// The random generator's error.
    Random(E),
    /// A file that cannot hold a value: the index of the source, and the line.
    Fault(usize, NonZeroU32, Fault),
}

/// Fills the files of one environment.
///
/// # Errors
/// The generator's, and where a value cannot be written into a file so that it is read back as it is.
pub fn fill<R: TryCryptoRng + ?Sized>(
    plan: Plan,
    sources: Vec<Source<'_>>,
    answers: &Answers,
    config: &Config,
    rng: &mut R,
) -> Result<Vec<Filled>, Unfilled<R::Error>> {
    let values = make(&plan, rng).map_err(Unfilled::Random)?;
    let mut filled = Vec::with_capacity(sources.len());
    for (at, (source, steps)) in sources.into_iter().zip(plan.files).enumerate() {
        let mut file = Filled { document: source.base, done: Vec::with_capacity(steps.len()), made: BTreeSet::new() };
        // A value first, then what takes it, then what refers to it.
        for round in [is_first, is_copy, is_expansion] {
            for step in steps.iter().filter(|step| round(step)) {
                let put = file.apply(step, &values, answers, config);
                put.map_err(|_| Unfilled::Fault(at, step.line, Fault::NotReadBack))?;
            }
        }
        file.done.sort_by_key(|(step, _)| step.index);
        filled.push(file);
    }
    Ok(filled)
}

fn is_first(step: &Step) -> bool {
    !is_copy(step) && !is_expansion(step)
}

fn is_copy(step: &Step) -> bool {
    matches!(step.action, Action::Same(_))
}

fn is_expansion(step: &Step) -> bool {
    step.action == Action::Expand
}

/// A value, and whether it is new.
struct Value {
    secret: Secret,
    bits: Option<u32>,
}

/// A value for each name: the one it has somewhere, else a new one; of several recipes the one with the most bits.
fn make<R: TryCryptoRng + ?Sized>(plan: &Plan, rng: &mut R) -> Result<BTreeMap<String, Value>, R::Error> {
    let mut values = BTreeMap::new();
    #[expect(clippy::disallowed_methods, reason = "the value that is there is what other files get")]
    for (name, secret) in &plan.known {
        values.insert(name.clone(), Value { secret: Secret::copy_of(secret.expose()), bits: None });
    }
    let mut recipes: BTreeMap<&str, Recipe> = BTreeMap::new();
    for step in plan.files.iter().flatten() {
        let Action::Make(recipe) = step.action else { continue };
        let best = recipes.entry(&step.name).or_insert(recipe);
        if best.bits() < recipe.bits() {
            *best = recipe;
        }
    }
    for (name, recipe) in recipes {
        if !values.contains_key(name) {
            values.insert(name.to_owned(), Value { secret: recipe.make(rng)?, bits: Some(recipe.bits()) });
        }
    }
    Ok(values)
}

impl Filled {
    fn apply(
        &mut self,
        step: &Step,
        values: &BTreeMap<String, Value>,
        answers: &Answers,
        config: &Config,
    ) -> Result<(), EditError> {
        let is_new = |name: &str| values.get(name).is_some_and(|value| value.bits.is_some());
        let made = match &step.action {
            Action::Make(_) => is_new(&step.name),
            Action::Same(other) => is_new(other),
            Action::Expand => self.refers_to_made(step.index),
            Action::Person(_) | Action::Keep(_) => false,
        };
        let done = match &step.action {
            Action::Make(_) => match values.get(&step.name) {
                Some(value) => {
                    self.document = put(&self.document, step.index, &value.secret)?;
                    Some(value.bits.map_or(Done::Taken, Done::Made))
                }
                None => None,
            },
            Action::Same(other) => self.copy(step.index, other, values, config)?.then_some(Done::Same),
            Action::Expand => self.expand(step.index, config)?.then_some(Done::Expanded),
            Action::Person(_) => match answers.get(&step.name) {
                Some(answer) => {
                    self.document = self.document.set(step.index, answer)?;
                    Some(Done::Given(env::is_plain(answer)))
                }
                None => Some(Done::Left),
            },
            Action::Keep(_) => Some(Done::Left),
        };
        if made && done.is_some() {
            self.made.insert(step.name.clone());
        }
        let step = match done {
            Some(_) => step.clone(),
            None => Step { action: Action::Person(Why::Waits), ..step.clone() },
        };
        self.done.push((step, done.unwrap_or(Done::Left)));
        Ok(())
    }

    /// The value of another key: the one it has in this file, else in the environment. Whether there is one.
    fn copy(
        &mut self,
        index: usize,
        other: &str,
        values: &BTreeMap<String, Value>,
        config: &Config,
    ) -> Result<bool, EditError> {
        let here = self.document.places(other).first().copied();
        let here = here.and_then(|place| self.document.assignments().get(place));
        let here = here.filter(|one| matches!(state(&self.document, one, config), State::Filled(_)));
        let value = match here {
            Some(one) => secret_part(other, &one.value),
            None => match values.get(other) {
                Some(value) => secret_part(other, &value.secret),
                None => return Ok(false),
            },
        };
        self.document = put(&self.document, index, &value)?;
        Ok(true)
    }

    fn refers_to_made(&self, index: usize) -> bool {
        let written = self.document.assignments().get(index).map(|assignment| self.document.written(assignment));
        let names = references(written.unwrap_or_default());
        names.iter().any(|name| self.made.iter().any(|made| made.as_bytes() == *name))
    }

    /// Writes the references out, if every key that they name has a value. Whether they could be.
    fn expand(&mut self, index: usize, config: &Config) -> Result<bool, EditError> {
        let Some(assignment) = self.document.assignments().get(index) else { return Ok(false) };
        let names = references(self.document.written(assignment));
        let ready = |name: &[u8]| {
            let place = std::str::from_utf8(name).ok().and_then(|name| self.document.places(name).first().copied());
            let named = place.filter(|place| *place < index).and_then(|at| self.document.assignments().get(at));
            named.is_some_and(|one| matches!(state(&self.document, one, config), State::Filled(_)))
        };
        if names.is_empty() || !names.iter().copied().all(ready) {
            return Ok(false);
        }
        #[expect(clippy::disallowed_methods, reason = "what Compose makes of it is written in its place")]
        let value = Secret::copy_of(assignment.value.expose());
        self.document = self.document.set(index, &value)?;
        Ok(true)
    }
}

/// A document with `value` at `index`: of a URL with a password in the password's place.
///
/// # Errors
/// Where it would not be read back as it is.
pub fn put(document: &Document, index: usize, value: &Secret) -> Result<Document, EditError> {
    let assignment = document.assignments().get(index).ok_or(EditError::NoSuchAssignment)?;
    let (name, written) = (super::key_state::text(document.name(assignment)), document.written(assignment));
    let Some(password) = class::password_span(name, written).filter(|span| !span.is_empty()) else {
        return document.set(index, value);
    };
    let start = assignment.written_span().start;
    let edited = document.splice(index, &(start + password.start..start + password.end), value)?;
    let read_back = edited.assignments().get(index).map(|one| secret_part(name, &one.value));
    match read_back {
        Some(read) if read.ct_eq(value) => Ok(edited),
        _ => Err(EditError::NotReadBack),
    }
}

/// The password of a URL, else the whole value.
#[expect(clippy::disallowed_methods, reason = "a part of the value is a value")]
fn secret_part(name: &str, value: &Secret) -> Secret {
    class::password(name, value.expose()).map_or_else(|| Secret::copy_of(value.expose()), Secret::new)
}

/// The names behind the `$` of a value.
fn references(written: &[u8]) -> Vec<&[u8]> {
    let mut names = Vec::new();
    let mut rest = written;
    while let Some(at) = memchr::memchr(b'$', rest) {
        rest = rest.get(at + 1..).unwrap_or_default();
        let name = rest.strip_prefix(b"{").unwrap_or(rest);
        let end = name.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_').unwrap_or(name.len());
        names.extend(name.get(..end).filter(|name| !name.is_empty()));
    }
    names
}
