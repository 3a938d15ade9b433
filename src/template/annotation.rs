//! What an annotation asks for: `# envward: hex 64`, on a comment line directly above the key.

use std::num::NonZeroU32;

use super::Fault;
use crate::env::{Annotation, Document};
use crate::secret::generate::{Alphabet, LEAST_BITS, Recipe};

/// What the comments above a key ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// A new value: `hex BYTES`, `password CHARACTERS`, `urlsafe CHARACTERS`. Without a number 64.
    Make(Recipe),
    /// The value of another key: `same KEY`.
    Same(String),
    /// A person must fill it in: `ask`.
    Ask,
    /// As it stands: `keep`.
    Keep,
    /// The hash of an admin API key: `key`.
    Key,
    /// The references in it written out: `expand`.
    Expand,
}

/// The order above the assignment at `index`, if there is one.
///
/// # Errors
/// The line of an annotation that does not parse, or of a second one.
pub(super) fn above(document: &Document, index: usize) -> Result<Option<Order>, (NonZeroU32, Fault)> {
    let mut found = None;
    for annotation in document.annotations(index) {
        // An expiry date is for anybody who looks at the value later.
        if annotation.word == b"ignore" || annotation.expiry().is_some() {
            continue;
        }
        match parse(&annotation) {
            Some(Order::Make(recipe)) if recipe.bits() < LEAST_BITS => return Err((annotation.line, Fault::WeakOrder)),
            Some(order) if found.is_none() => found = Some(order),
            _ => return Err((annotation.line, Fault::Annotation)),
        }
    }
    Ok(found)
}

/// The first annotation that is about nothing.
pub(super) fn stray(document: &Document) -> Option<NonZeroU32> {
    document.stray_annotations().iter().find(|one| one.word != b"ignore").map(|one| one.line)
}

fn parse(annotation: &Annotation<'_>) -> Option<Order> {
    if annotation.argument.is_some() {
        return None;
    }
    let words = std::str::from_utf8(annotation.rest).ok()?;
    let mut words = words.split_ascii_whitespace();
    let (first, more) = (words.next(), words.next());
    if more.is_some() {
        return None;
    }
    let number = || first.map_or(Some(64), |word| word.parse::<usize>().ok());
    let alone = |order| first.is_none().then_some(order);
    match annotation.word {
        b"hex" => Recipe::hex(number()?).map(Order::Make),
        b"password" => Recipe::new(Alphabet::Base62, number()?).map(Order::Make),
        b"urlsafe" => Recipe::new(Alphabet::Urlsafe, number()?).map(Order::Make),
        b"same" => first.map(|key| Order::Same(key.to_owned())),
        b"ask" => alone(Order::Ask),
        b"keep" => alone(Order::Keep),
        b"key" => alone(Order::Key),
        b"expand" => alone(Order::Expand),
        _ => None,
    }
}
