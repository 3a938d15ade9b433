//! The models of readers: they see what the real readers saw when they were measured, and what they see now.

mod differential;
mod measured;
mod rewritten;

use std::collections::BTreeMap;

use envward::env::Document;
use envward::env::readers::{Reader, Reading, Sight};
use envward::secret::Secret;

/// What a model sees: by key, with `None` for a value that it does not know.
type Seen = BTreeMap<String, Option<String>>;

fn model(reader: Reader, text: &[u8]) -> Reading {
    reader.read(&Document::parse(Secret::copy_of(text)))
}

/// `None` where the reader gives nothing of the file.
fn seen(reading: &Reading) -> Option<Seen> {
    if reading.stop.is_some_and(|stop| !stop.keeps) {
        return None;
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let value = |key: &[u8]| match reading.sight(key) {
        Some(Sight::Value(value)) => Some(text(value.expose())),
        _ => None,
    };
    Some(reading.keys().map(|key| (text(key), value(key))).collect())
}
