//! One table of the file, read key by key: unknown keys are refused, positions are kept, values are never quoted.

use std::num::NonZeroU32;

use globset::{Glob, GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};
use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::fault::Fault;
use crate::env::Key;
use crate::text::nearest;

/// A fault and its line.
pub(super) type Located = (Option<NonZeroU32>, Fault);

/// A table with the name it has in messages.
#[derive(Clone, Copy)]
pub(super) struct Section<'t> {
    pub(super) name: &'static str,
    pub(super) table: &'t DeTable<'t>,
    source: &'t str,
    start: usize,
}

/// What a pattern is.
const BELOW: &str = "a path below the project root, or a pattern such as `config/*.env`";

impl<'t> Section<'t> {
    /// A table, its keys checked against the known ones.
    pub(super) fn new(
        name: &'static str,
        table: &'t DeTable<'t>,
        source: &'t str,
        start: usize,
        known: &[&'static str],
    ) -> Result<Self, Located> {
        let section = Self { name, table, source, start };
        match table.keys().find(|key| !known.contains(&key.get_ref().as_ref())) {
            Some(stranger) => Err(section.unknown(stranger, known)),
            None => Ok(section),
        }
    }

    /// A table below this one; `None` where there is none.
    pub(super) fn table(
        &self,
        key: &'static str,
        name: &'static str,
        known: Option<&[&'static str]>,
    ) -> Result<Option<Section<'t>>, Located> {
        let Some((value, start)) = self.get(key) else { return Ok(None) };
        let table = value.get_ref().as_table().ok_or_else(|| self.expected(value, key, "a table"))?;
        match known {
            Some(known) => Section::new(name, table, self.source, start, known).map(Some),
            None => Ok(Some(Section { name, table, source: self.source, start })),
        }
    }

    /// The table that is a value of this one; `None` for another value.
    pub(super) fn inner(
        &self,
        value: &'t Spanned<DeValue<'t>>,
        known: &[&'static str],
    ) -> Result<Option<Section<'t>>, Located> {
        let Some(table) = value.get_ref().as_table() else { return Ok(None) };
        Section::new(self.name, table, self.source, value.span().start, known).map(Some)
    }

    /// A number that is not negative; `None` for anything else.
    pub(super) fn number(&self, key: &str) -> Option<u32> {
        self.get(key)?.0.get_ref().as_integer()?.as_str().parse().ok()
    }

    /// The tables of `[[key]]`.
    pub(super) fn tables(
        &self,
        key: &'static str,
        name: &'static str,
        known: &[&'static str],
    ) -> Result<Vec<Section<'t>>, Located> {
        let Some((value, _)) = self.get(key) else { return Ok(Vec::new()) };
        let array = value.get_ref().as_array().ok_or_else(|| self.expected(value, key, "one or more [[tables]]"))?;
        array
            .iter()
            .map(|item| {
                let table = item.get_ref().as_table().ok_or_else(|| self.expected(item, key, "tables"))?;
                Section::new(name, table, self.source, item.span().start, known)
            })
            .collect()
    }

    pub(super) fn text(&self, key: &'static str) -> Result<Option<&'t str>, Located> {
        let Some((value, _)) = self.get(key) else { return Ok(None) };
        value.get_ref().as_str().map(Some).ok_or_else(|| self.expected(value, key, "a string"))
    }

    /// A string that is not blank.
    pub(super) fn required(&self, key: &'static str) -> Result<&'t str, Located> {
        match self.text(key)?.filter(|text| !text.trim().is_empty()) {
            Some(text) => Ok(text),
            None => Err((self.line(), Fault::Missing { section: self.name, key })),
        }
    }

    pub(super) fn texts(&self, key: &'static str) -> Result<Option<Vec<&'t str>>, Located> {
        let Some((value, _)) = self.get(key) else { return Ok(None) };
        let fault = || self.expected(value, key, "a list of strings");
        let array = value.get_ref().as_array().ok_or_else(fault)?;
        array.iter().map(|item| item.get_ref().as_str().ok_or_else(fault)).collect::<Result<_, _>>().map(Some)
    }

    pub(super) fn flag(&self, key: &'static str) -> Result<Option<bool>, Located> {
        let Some((value, _)) = self.get(key) else { return Ok(None) };
        value.get_ref().as_bool().map(Some).ok_or_else(|| self.expected(value, key, "true or false"))
    }

    /// A day, bare (`2026-12-31`) or in quotes.
    pub(super) fn date(&self, key: &'static str) -> Result<Option<Date>, Located> {
        let Some((value, _)) = self.get(key) else { return Ok(None) };
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Datetime(date) => date.to_string(),
            _ => String::new(),
        };
        text.parse().map(Some).map_err(|_| self.expected(value, key, "a date: 2026-12-31"))
    }

    pub(super) fn glob(&self, key: &'static str) -> Result<Option<GlobMatcher>, Located> {
        let Some(pattern) = self.text(key)? else { return Ok(None) };
        self.compile(key, pattern).map(|glob| Some(glob.compile_matcher()))
    }

    /// The patterns under a key, each first cut to a part of it.
    pub(super) fn globs(&self, key: &'static str, part: fn(&str) -> &str) -> Result<GlobSet, Located> {
        let mut set = GlobSetBuilder::new();
        for pattern in self.texts(key)?.unwrap_or_default() {
            let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
            // It would match nothing, and nobody would be told.
            if pattern.starts_with('/') || pattern.split('/').any(|part| part == "..") {
                return Err(self.fault_at(key, BELOW));
            }
            set.add(self.compile(key, part(pattern))?);
        }
        set.build().map_err(|_| self.fault_at(key, "patterns such as `config/*.env`"))
    }

    /// `*` stays within one directory, `**` crosses them.
    pub(super) fn compile(&self, key: &'static str, pattern: &str) -> Result<Glob, Located> {
        let pattern = GlobBuilder::new(pattern).literal_separator(true).build();
        pattern.map_err(|_| self.fault_at(key, BELOW))
    }

    /// The fault "this key does not take that", at the key's line.
    pub(super) fn fault_at(&self, key: &'static str, expected: &'static str) -> Located {
        let line = self.get(key).map_or_else(|| self.line(), |(value, _)| self.line_of(value.span().start));
        (line, Fault::Expected { key, expected })
    }

    pub(super) fn line(&self) -> Option<NonZeroU32> {
        self.line_of(self.start)
    }

    pub(super) fn unknown(&self, stranger: &Spanned<DeString<'_>>, known: &[&'static str]) -> Located {
        let fault = Fault::UnknownKey {
            key: Key::printable(stranger.get_ref().as_bytes()),
            section: self.name,
            nearest: nearest(stranger.get_ref(), known.iter().copied()),
        };
        (self.line_of(stranger.span().start), fault)
    }

    fn get(&self, key: &str) -> Option<(&'t Spanned<DeValue<'t>>, usize)> {
        let (key, value) = self.table.iter().find(|(known, _)| known.get_ref() == key)?;
        Some((value, key.span().start))
    }

    fn expected(&self, value: &Spanned<DeValue<'_>>, key: &'static str, expected: &'static str) -> Located {
        (self.line_of(value.span().start), Fault::Expected { key, expected })
    }

    pub(super) fn line_of(&self, offset: usize) -> Option<NonZeroU32> {
        line_of(self.source, offset)
    }
}

/// The line of a byte offset, from 1.
pub(super) fn line_of(source: &str, offset: usize) -> Option<NonZeroU32> {
    let before = source.as_bytes().get(..offset)?;
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    NonZeroU32::new(u32::try_from(line).ok()?)
}
