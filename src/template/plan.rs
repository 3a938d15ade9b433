//! What fills each key.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use super::{Fault, Order, State, recipe};
use crate::config::Config;
use crate::env::{Assignment, Document, Encoding, Key};
use crate::secret::Secret;
use crate::secret::class::{self, Class};
use crate::secret::generate::Recipe;
use crate::secret::strength::Strength;
use crate::template::annotation;
use crate::template::key_state::{state, text};
use crate::template::url_password::{self, Address, Candidate, Link};

/// One env file that is to be filled.
#[derive(Debug)]
pub struct Source<'a> {
    /// Its lines: those of the file that is there, else those of the example.
    pub base: Document,
    /// From which assignment on they are the example's, whose values everyone knows.
    pub fresh_from: usize,
    /// Its example.
    pub example: &'a Document,
}

/// Why a person has to fill a key in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// A placeholder, and no secret: a host, an origin, an address.
    Setting,
    /// Empty, and no secret: it may well stay so.
    Empty,
    /// A secret that everyone knows who has the example, and that is not made here.
    Published,
    /// The example says so.
    Asked,
    /// Another service issues it.
    Issued,
    /// An admin API key, which is made elsewhere and kept here as a hash.
    AdminKey,
    /// A hash.
    Hash,
    /// Its program decides how it is written.
    Format,
    /// Several keys could be what belongs into this URL.
    Unclear,
    /// The key that it takes its value from has none.
    Waits,
}

/// What fills a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// A new value, or the one that the key has in another file of the environment.
    Make(Recipe),
    /// The value of another key.
    Same(String),
    /// Its references, written out.
    Expand,
    /// It has a value; how strong it is.
    Keep(Strength),
    /// A person.
    Person(Why),
}

/// One key that something is done about, or said about.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its assignment in [`Source::base`].
    pub index: usize,
    /// Its line there.
    pub line: NonZeroU32,
    /// Its key, where it may be printed.
    pub key: Option<Key>,
    /// Its key as it is written: to compare with, never to print.
    pub name: String,
    /// What it holds; `None` for no secret.
    pub class: Option<Class>,
    /// What fills it.
    pub action: Action,
}

/// What fills the files of one environment.
#[derive(Debug)]
pub struct Plan {
    /// For each [`Source`] its steps, in order.
    pub files: Vec<Vec<Step>>,
    /// The value that each filled key has in all files of the environment that have it; the password of a URL.
    pub(super) known: BTreeMap<String, Secret>,
}

/// What is wrong, in which source, and where.
#[derive(Debug)]
pub struct Broken {
    /// The index of the source.
    pub source: usize,
    /// Whether it is in the example, not in the env file.
    pub in_example: bool,
    /// The line, where there is one.
    pub line: Option<NonZeroU32>,
    /// What is wrong.
    pub fault: Fault,
}

impl Plan {
    /// Plans the files of one environment. `others` are its env files that are not to be filled.
    ///
    /// # Errors
    /// The first thing that is wrong with an example or an env file.
    pub fn new(sources: &[Source<'_>], others: &[&Document], config: &Config) -> Result<Self, Broken> {
        let mut files = Vec::with_capacity(sources.len());
        for (source, one) in sources.iter().enumerate() {
            let broken = |in_example| move |(line, fault)| Broken { source, in_example, line, fault };
            sound(one.example).and_then(|()| commented(one.example, config)).map_err(broken(true))?;
            sound(&one.base).map_err(broken(false))?;
            files.push(steps(one, config).map_err(broken(one.fresh_from == 0))?);
        }
        let mut plan = Self { files, known: known(sources, others, config) };
        plan.link(sources, others, config);
        Ok(plan)
    }

    /// Finds out whose passwords stand in the URLs.
    fn link(&mut self, sources: &[Source<'_>], others: &[&Document], config: &Config) {
        let inside: Vec<Vec<Candidate<'_>>> = sources.iter().map(|one| candidates(&one.base, config)).collect();
        let outside: Vec<Candidate<'_>> = others.iter().flat_map(|other| candidates(other, config)).collect();
        let mut alone: BTreeMap<(String, Vec<u8>), String> = BTreeMap::new();
        for (file, (steps, source)) in self.files.iter_mut().zip(sources).enumerate() {
            for step in steps.iter_mut().filter(|step| matches!(step.action, Action::Make(_))) {
                let Some(assignment) = source.base.assignments().get(step.index) else { continue };
                let Some(address) = address(&source.base, assignment) else { continue };
                let own = inside.get(file).map(Vec::as_slice).unwrap_or_default();
                let link = match url_password::find(&address, own) {
                    Link::None => url_password::find(&address, &unlike(inside.iter().flatten().chain(&outside))),
                    found => found,
                };
                step.action = match link {
                    Link::To(name) => Action::Same(name.to_owned()),
                    Link::Unclear => Action::Person(Why::Unclear),
                    // Two URLs for the same user of the same kind of server have one password.
                    Link::None => {
                        let whose = (address.scheme.to_owned(), address.user.to_vec());
                        let first = alone.entry(whose).or_insert_with(|| step.name.clone());
                        if *first == step.name { continue } else { Action::Same(first.clone()) }
                    }
                };
            }
        }
    }
}

/// Candidates of several files: each name once.
fn unlike<'a, 'b>(all: impl Iterator<Item = &'b Candidate<'a>>) -> Vec<Candidate<'a>>
where
    'a: 'b,
{
    let mut found: Vec<Candidate<'a>> = Vec::new();
    for one in all {
        if found.iter().all(|known| known.name != one.name) {
            found.push(Candidate { name: one.name, text: one.text });
        }
    }
    found
}

type Located = (Option<NonZeroU32>, Fault);

/// Whether a file can be read by everyone, with every key once.
fn sound(document: &Document) -> Result<(), Located> {
    if document.cipher().is_some() {
        return Err((None, Fault::Encrypted));
    }
    if document.encoding() != Encoding::Bytes {
        return Err((None, Fault::Encoding));
    }
    if document.has_lone_return() {
        return Err((None, Fault::LoneReturn));
    }
    if let Some(refusal) = document.refusal() {
        return Err((Some(refusal.line), Fault::Refused));
    }
    match document.repeated() {
        Some(again) => Err((Some(again.line), Fault::Twice(again.key.clone()))),
        None => Ok(()),
    }
}

/// Whether an example's comments can be followed, and it is not somebody's filled env file.
fn commented(example: &Document, config: &Config) -> Result<(), Located> {
    if let Some(line) = annotation::stray(example) {
        return Err((Some(line), Fault::Stray));
    }
    let (mut secrets, mut real) = (0, Vec::new());
    for (index, assignment) in example.assignments().iter().enumerate() {
        let order = annotation::above(example, index).map_err(|(line, fault)| (Some(line), fault))?;
        let secret = class_of(example, assignment, config).is_some_and(|class| class != Class::Hash);
        let state = state(example, assignment, config);
        if !secret || order.is_some() || state == State::Reference {
            continue;
        }
        secrets += 1;
        if state == State::Filled(Some(Strength::Strong)) {
            real.push(assignment);
        }
    }
    // One or two among many are somebody's demonstration, and are replaced. A file of them is somebody's env file.
    match real.first().filter(|_| real.len() * 2 >= secrets) {
        Some(first) => Err((Some(first.line), Fault::RealSecret(first.key.clone()))),
        None => Ok(()),
    }
}

fn steps(source: &Source<'_>, config: &Config) -> Result<Vec<Step>, Located> {
    let base = &source.base;
    let mut steps = Vec::new();
    for (index, assignment) in base.assignments().iter().enumerate() {
        let name = text(base.name(assignment));
        let order = order_of(source, index, name).map_err(|(line, fault)| (Some(line), fault))?;
        if let Some(Order::Same(other)) = &order {
            if other == name || base.places(other).is_empty() {
                return Err((Some(assignment.line), Fault::NoSuchKey));
            }
        }
        let class = class_of(base, assignment, config);
        let state = state(base, assignment, config);
        let fresh = index >= source.fresh_from;
        let asked = Asked { name, class, state, fresh, hint: hint(base, assignment) };
        let Some(action) = action(order, &asked, base) else { continue };
        let (line, key, name) = (assignment.line, assignment.key.clone(), name.to_owned());
        steps.push(Step { index, line, key, name, class, action });
    }
    Ok(steps)
}

/// The order above a key in the file itself, else in its example.
fn order_of(source: &Source<'_>, index: usize, name: &str) -> Result<Option<Order>, (NonZeroU32, Fault)> {
    if let Some(order) = annotation::above(&source.base, index)? {
        return Ok(Some(order));
    }
    match source.example.places(name).first() {
        Some(place) => annotation::above(source.example, *place),
        None => Ok(None),
    }
}

/// A key that something may be done about.
struct Asked<'a> {
    name: &'a str,
    class: Option<Class>,
    state: State,
    /// Whether the line is the example's.
    fresh: bool,
    /// What is in the secret's place.
    hint: &'a [u8],
}

/// What to do about a key; `None` for nothing.
///
/// What an example has in a secret's place is known to everyone: in a new file it is replaced unless the example says
/// `keep`. In a file that is there, a value stays.
fn action(order: Option<Order>, asked: &Asked<'_>, document: &Document) -> Option<Action> {
    let Asked { name, class, state, fresh, hint } = *asked;
    let known = fresh && matches!(state, State::Filled(strength) if strength.is_some() || order.is_some());
    let open = state.is_open() || known;
    match (order, class) {
        (Some(Order::Keep), _) => None,
        (Some(Order::Expand), _) => (state == State::Reference).then_some(Action::Expand),
        (Some(Order::Make(recipe)), _) if open => Some(Action::Make(recipe)),
        (Some(Order::Same(other)), _) if open => Some(Action::Same(other)),
        (Some(Order::Ask), _) if state.is_open() => Some(Action::Person(Why::Asked)),
        (Some(Order::Key), _) if state.is_open() => Some(Action::Person(Why::Hash)),
        (None, None) if state == State::Placeholder => Some(Action::Person(Why::Setting)),
        (None, None) if state == State::Empty => Some(Action::Person(Why::Empty)),
        (None, Some(Class::Hash)) if !state.is_open() => None,
        (None, Some(_)) if state == State::Empty && is_optional(name, document) => Some(Action::Person(Why::Empty)),
        (None, Some(class)) if open => {
            let recipe = match recipe::of(class, name, hint) {
                _ if recipe::has_counterpart(name, document) => Err(Why::Issued),
                // A provider's key is in nobody's example: this one both ends of the project have.
                Err(Why::Issued) if known && class == Class::ApiKey && !recipe::is_providers(name, hint) => {
                    recipe::of(Class::Other, name, hint)
                }
                other => other,
            };
            Some(match recipe {
                Ok(recipe) => Action::Make(recipe),
                Err(_) if known => Action::Person(Why::Published),
                Err(why) => Action::Person(why),
            })
        }
        _ => match state {
            State::Filled(Some(strength)) => Some(Action::Keep(strength)),
            _ => None,
        },
    }
}

/// Whether an empty password may be meant to stay so: with one, a server that has none, by the URL beside it, would turn
/// its clients away, or a feature that is off would be switched on.
fn is_optional(name: &str, document: &Document) -> bool {
    let urls =
        || document.assignments().iter().map(|one| document.written(one)).filter(|url| url_password::leads(url, name));
    class::has_word(name, "SENTINEL")
        || urls().next().is_some() && urls().all(|url| class::url_password_span(url).is_none())
}

/// What is in the secret's place: of a URL in the password's.
#[expect(clippy::disallowed_methods, reason = "a placeholder says how long the value is meant to be")]
fn hint<'a>(document: &'a Document, assignment: &'a Assignment) -> &'a [u8] {
    let written = document.written(assignment);
    match class::password_span(text(document.name(assignment)), written) {
        Some(span) => written.get(span).unwrap_or_default(),
        None => assignment.value.expose(),
    }
}

/// What each filled secret's key is in the whole environment; a key with two values has none.
#[expect(clippy::disallowed_methods, reason = "the values that are there are what other files get")]
fn known(sources: &[Source<'_>], others: &[&Document], config: &Config) -> BTreeMap<String, Secret> {
    let mut known: BTreeMap<String, Option<Secret>> = BTreeMap::new();
    let there = sources.iter().map(|one| (&one.base, one.fresh_from));
    for (document, until) in there.chain(others.iter().map(|other| (*other, usize::MAX))) {
        for assignment in document.assignments().iter().take(until) {
            if !matches!(state(document, assignment, config), State::Filled(Some(_))) {
                continue;
            }
            let value = assignment.value.expose();
            let name = text(document.name(assignment)).to_owned();
            let value = class::password(&name, value).map_or_else(|| Secret::copy_of(value), Secret::new);
            match known.get(&name) {
                None => drop(known.insert(name, Some(value))),
                Some(Some(other)) if !other.ct_eq(&value) => drop(known.insert(name, None)),
                Some(_) => {}
            }
        }
    }
    known.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

#[expect(clippy::disallowed_methods, reason = "the judge takes bytes")]
fn class_of(document: &Document, assignment: &Assignment, config: &Config) -> Option<Class> {
    config.class_of(text(document.name(assignment)), assignment.value.expose())
}

/// The keys that hold a database's password by themselves.
#[expect(clippy::disallowed_methods, reason = "what stands in the password's place is compared")]
fn candidates<'a>(document: &'a Document, config: &Config) -> Vec<Candidate<'a>> {
    let holds = |one: &&'a Assignment| {
        class_of(document, one, config) == Some(Class::DatabasePassword)
            && class::url_password_span(document.written(one)).is_none()
            && state(document, one, config) != State::Reference
    };
    let keys = document.assignments().iter().filter(holds);
    keys.map(|one| Candidate { name: text(document.name(one)), text: one.value.expose() }).collect()
}

fn address<'a>(document: &'a Document, assignment: &'a Assignment) -> Option<Address<'a>> {
    let written = document.written(assignment);
    let span = class::url_password_span(written)?;
    let user = class::url_user_span(written).and_then(|span| written.get(span)).unwrap_or_default();
    Some(Address { scheme: class::url_scheme(written)?, user, text: written.get(span)? })
}
