//! Holds a tree against [`spec`]: the first place that Docker Compose refuses.

use std::collections::HashSet;
use std::num::NonZeroU32;

use super::fault::{Fault, FaultKind};
use super::node::{Entry, Kind, MergeTag, Node, Scalar, Value};
use super::size;
use super::spec::{self, Form, Map, Others, Type};
use crate::text::nearest;

/// A whole file, with its `${…}` filled in and otherwise as it is written. In one that stands `over` others nothing said
/// is nothing changed.
pub(super) fn file(root: &Node, over: bool) -> Result<(), Fault> {
    let is_old = root.get("services").is_none()
        && root.entries().iter().any(|entry| entry.node.get("image").is_some() || entry.node.get("build").is_some());
    match is_old {
        true => Err(Fault::at(root.place.line, FaultKind::OldFormat)),
        false => map(&spec::FILE, root.entries(), (root.place.line, over)),
    }
}

/// One service of a file of which only this one is asked for: nobody looks at the others there.
pub(super) fn service(root: &Node, name: &str) -> Result<(), Fault> {
    let Some(entry) = root.get("services").and_then(|services| services.entry(name)) else { return Ok(()) };
    node(&spec::SERVICE, &entry.node, true)
}

fn node(wanted: &Type, given: &Node, over: bool) -> Result<(), Fault> {
    let line = given.place.line;
    // A service that extends another one stands over it.
    let over = over || given.get("extends").is_some();
    let wrong = || Err(Fault::at(line, FaultKind::WrongType(word(wanted))));
    match &given.value {
        _ if given.mark == Some(MergeTag::Reset) => Ok(()),
        Value::Null if wanted.null || over => Ok(()),
        Value::Scalar(scalar) if wanted.scalar.is_some_and(|form| fits(form, scalar)) => Ok(()),
        Value::List(items) => match wanted.list {
            Some(item) => {
                items.iter().try_for_each(|given| node(item, given, over))?;
                if wanted.unique { once(items.iter().map(AsRef::as_ref)) } else { Ok(()) }
            }
            None => wrong(),
        },
        Value::Map(entries) => match wanted.map {
            Some(wanted) => map(wanted, entries, (line, over)),
            None => wrong(),
        },
        Value::Null | Value::Scalar(_) => wrong(),
    }
}

fn map(wanted: &Map, entries: &[Entry], (line, over): (NonZeroU32, bool)) -> Result<(), Fault> {
    match wanted {
        Map::Anything => Ok(()),
        Map::Texts(each) => entries.iter().try_for_each(|entry| node(each, &entry.node, over)),
        Map::Names(each) => entries.iter().try_for_each(|entry| match is_name(entry.key.as_str()) {
            true => node(each, &entry.node, over),
            false => Err(Fault::at(entry.place.line, FaultKind::BadName)),
        }),
        Map::Keys { keys, needs, others } => {
            for entry in entries {
                let key = entry.key.as_str();
                match keys.iter().find(|(known, _)| *known == key) {
                    Some((_, wanted)) => node(wanted, &entry.node, over)?,
                    None if *others == Others::Ignored || *others == Others::Extensions && key.starts_with("x-") => {}
                    None => {
                        let known = nearest(key, keys.iter().map(|(known, _)| *known));
                        return Err(Fault::at(entry.place.line, FaultKind::UnknownKey(known)));
                    }
                }
            }
            let is_there = |key: &str| entries.iter().any(|entry| entry.key.as_str() == key);
            match needs.iter().find(|key| !is_there(key)) {
                Some(key) => Err(Fault::at(line, FaultKind::MissingKey(key))),
                None => Ok(()),
            }
        }
    }
}

/// Whether no scalar stands twice.
fn once<'a>(items: impl Iterator<Item = &'a Node>) -> Result<(), Fault> {
    let mut seen = HashSet::new();
    for item in items {
        if item.text().is_some_and(|text| !seen.insert(text)) {
            return Err(Fault::at(item.place.line, FaultKind::Twice));
        }
    }
    Ok(())
}

fn is_name(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

fn fits(form: Form, scalar: &Scalar) -> bool {
    let text = scalar.value.as_str();
    // What the host's own environment may still fill cannot be judged here.
    let is_open = scalar.is_open();
    let is_text = scalar.kind == Kind::Text;
    let is_number = scalar.kind == Kind::Number;
    let reads = |reads: bool| is_text && (is_open || reads);
    match form {
        Form::Text => is_text,
        Form::Word(words) => reads(words.contains(&text)),
        Form::Flag => scalar.kind == Kind::Bool || reads(is_truth(text)),
        Form::Truth => scalar.kind == Kind::Bool,
        Form::Whole => is_number && text.parse::<i64>().is_ok() || reads(text.parse::<i64>().is_ok()),
        // compose-go's `types.DeviceCount`.
        Form::Count => is_number && text.parse::<i64>().is_ok() || reads(text == "all" || text.parse::<i64>().is_ok()),
        Form::Number => is_number || reads(text.parse::<f64>().is_ok()),
        Form::Figure => is_number,
        Form::Setting => is_text || scalar.kind == Kind::Bool,
        Form::Loose => is_text || is_number,
        Form::Any => true,
        Form::Size => is_number || reads(size::bytes(text).is_some()),
        Form::SizeText => reads(size::bytes(text).is_some()),
        Form::Time => reads(size::seconds(text).is_some()),
    }
}

/// The words that Compose takes for a truth.
fn is_truth(text: &str) -> bool {
    let words = ["true", "false", "y", "yes", "on", "n", "no", "off"];
    words.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// What a type takes, for people.
fn word(wanted: &Type) -> &'static str {
    match (wanted.scalar, wanted.list.is_some(), wanted.map.is_some()) {
        (Some(form), false, false) => match form {
            Form::Text => "text (quote it)",
            Form::Word(_) => "another word",
            Form::Flag | Form::Truth | Form::Setting => "true or false",
            Form::Whole => "a whole number",
            Form::Count => "a whole number or all",
            Form::Number | Form::Figure => "a number",
            Form::Loose | Form::Any => "text or a number",
            Form::Size | Form::SizeText => "a size such as 512m",
            Form::Time => "a duration such as 30s",
        },
        (Some(_), true, false) => "text or a list",
        (Some(_), false, true) => "text or a mapping",
        (Some(_), true, true) => "text, a list or a mapping",
        (None, true, true) => "a list or a mapping",
        (None, true, false) => "a list",
        (None, false, _) => "a mapping",
    }
}
