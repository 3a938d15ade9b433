//! The keys and types of the Compose specification, as data. What is not in this table Docker Compose refuses.
//!
//! Of a node's three forms (one scalar, a list, a map) each type takes at most one of a kind, so that a node alone says
//! which alternative is meant. Source: compose-go's `schema/compose-spec.json`; `tests/integration/compose/schema.rs` holds the table
//! against the real `docker-compose`, key by key.

mod build;
mod deploy;
mod resource;
mod service;

use resource::{CONFIG, MODEL, NETWORK, SECRET, VOLUME};
pub use service::SERVICE;

/// What may stand at a place.
#[derive(Clone, Copy, Debug)]
pub struct Type {
    /// The scalars.
    pub scalar: Option<Form>,
    /// Whether nothing may stand there.
    pub null: bool,
    /// The items of a list.
    pub list: Option<&'static Self>,
    /// Whether no item may stand twice.
    pub unique: bool,
    /// The keys of a map.
    pub map: Option<&'static Map>,
}

/// Which scalars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Text; a number or a truth has to be quoted.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// `true`, `false`, or a word for them.
    Flag,
    /// `true` or `false`, and no word.
    Truth,
    /// A number without a point, or its text.
    Whole,
    /// A whole number or `all`, also in quotes.
    Count,
    /// A number, or its text.
    Number,
    /// A number, and no text.
    Figure,
    /// `true`, `false`, or any text.
    Setting,
    /// A number or any text.
    Loose,
    /// Anything.
    Any,
    /// A size: `512m`.
    Size,
    /// A size that has to be text.
    SizeText,
    /// A span of time: `1m30s`.
    Time,
}

/// The keys of a map.
#[derive(Clone, Copy, Debug)]
pub enum Map {
    /// These alone.
    Keys {
        /// Them, and their types.
        keys: &'static [(&'static str, Type)],
        /// Those that have to be there.
        needs: &'static [&'static str],
        /// What else may be there.
        others: Others,
    },
    /// Names that somebody chose: letters, digits, `.`, `_`, `-`.
    Names(&'static Type),
    /// Any text.
    Texts(&'static Type),
    /// Anything at all.
    Anything,
}

/// The keys of a map that the table does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// None.
    None,
    /// Extensions: `x-…`.
    Extensions,
    /// Whatever there is: it is ignored.
    Ignored,
}

impl Type {
    const NOTHING: Self = Self { scalar: None, null: false, list: None, unique: false, map: None };

    const fn scalar(form: Form) -> Self {
        Self { scalar: Some(form), ..Self::NOTHING }
    }

    const fn list(item: &'static Self) -> Self {
        Self { list: Some(item), ..Self::NOTHING }
    }

    const fn map(map: &'static Map) -> Self {
        Self { map: Some(map), ..Self::NOTHING }
    }

    const fn or_list(self, item: &'static Self) -> Self {
        Self { list: Some(item), ..self }
    }

    const fn or_map(self, map: &'static Map) -> Self {
        Self { map: Some(map), ..self }
    }

    const fn or_null(self) -> Self {
        Self { null: true, ..self }
    }

    const fn each_once(self) -> Self {
        Self { unique: true, ..self }
    }
}

impl Map {
    const fn keys(keys: &'static [(&'static str, Type)]) -> Self {
        Self::Keys { keys, needs: &[], others: Others::Extensions }
    }

    const fn keys_with(needs: &'static [&'static str], keys: &'static [(&'static str, Type)]) -> Self {
        Self::Keys { keys, needs, others: Others::Extensions }
    }

    const fn strict(needs: &'static [&'static str], keys: &'static [(&'static str, Type)]) -> Self {
        Self::Keys { keys, needs, others: Others::None }
    }
}

const TEXT: Type = Type::scalar(Form::Text);
const FLAG: Type = Type::scalar(Form::Flag);
const TRUTH: Type = Type::scalar(Form::Truth);
const WHOLE: Type = Type::scalar(Form::Whole);
const NUMBER: Type = Type::scalar(Form::Number);
const FIGURE: Type = Type::scalar(Form::Figure);
const LOOSE: Type = Type::scalar(Form::Loose);
const SIZE: Type = Type::scalar(Form::Size);
const TIME: Type = Type::scalar(Form::Time);
/// Several texts.
const LIST: Type = Type::list(&TEXT);
/// Several texts, none of them twice.
const SET: Type = Type::list(&TEXT).each_once();
/// One text, or several.
const TEXTS: Type = TEXT.or_list(&TEXT);
/// `KEY: value`, or `- KEY=value`.
const PAIRS: Type = LIST.or_map(&Map::Texts(&ANY));
const ANY: Type = Type::scalar(Form::Any).or_null();
/// The options of a driver.
const OPTIONS: Type = Type::map(&Map::Texts(&LOOSE));

/// A whole compose file.
pub static FILE: Map = Map::keys(&[
    ("version", TEXT),
    ("name", TEXT),
    ("include", Type::list(&INCLUDE).or_null()),
    ("services", Type::map(&Map::Names(&SERVICE))),
    ("models", Type::map(&Map::Texts(&MODEL))),
    ("networks", Type::map(&Map::Texts(&NETWORK))),
    ("volumes", Type::map(&Map::Names(&VOLUME))),
    ("secrets", Type::map(&Map::Names(&SECRET))),
    ("configs", Type::map(&Map::Names(&CONFIG))),
]);

/// Read before the keys are examined, and loosely.
const INCLUDE: Type = TEXT.or_null().or_map(&Map::Keys {
    keys: &[("path", TEXTS.or_null()), ("env_file", TEXTS.or_null()), ("project_directory", ANY)],
    needs: &[],
    others: Others::Ignored,
});
