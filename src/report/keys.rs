//! The schema `envward.keys/1` (docs/keys.schema.json). Fields are only ever added; none holds a key. Days are UTC;
//! `expires` is the last day.

use std::io::{self, Write};

use jiff::civil::Date;
use serde::Serialize;

use super::json::visible;
use crate::ledger::KeyRecord;
use crate::secret::apikey::Id;

const SCHEMA: &str = "envward.keys/1";

#[derive(Serialize)]
struct JsonKeys<'a> {
    schema: &'static str,
    version: &'static str,
    as_of: String,
    project: &'a str,
    keys: Vec<JsonKey<'a>>,
}

#[derive(Serialize)]
struct JsonKey<'a> {
    id: &'a str,
    prefix: &'a str,
    name: &'a str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hash: Option<&'a str>,
    made_at: String,
    made_by: &'a str,
    age_days: u32,
    expires: Option<String>,
    last_verified: Option<String>,
    revoked: Option<String>,
    reason: Option<&'a str>,
    replaced_by: Option<&'a str>,
}

/// Writes a project's keys: one object and a newline, with their hashes or without.
///
/// # Errors
/// Those of `out`.
pub fn write(project: &str, keys: &[KeyRecord], today: Date, with_hashes: bool, out: &mut dyn Write) -> io::Result<()> {
    let keys = keys.iter().map(|key| of(key, today, with_hashes)).collect();
    let version = env!("CARGO_PKG_VERSION");
    visible::write(&JsonKeys { schema: SCHEMA, version, as_of: today.to_string(), project, keys }, out)
}

fn of(key: &KeyRecord, today: Date, with_hash: bool) -> JsonKey<'_> {
    let day = |date: Option<Date>| date.map(|date| date.to_string());
    JsonKey {
        id: key.id.as_str(),
        prefix: key.prefix.as_str(),
        name: &key.name,
        state: key.state(today).word(),
        hash: with_hash.then_some(key.hash.as_str()),
        made_at: key.made.to_string(),
        made_by: &key.by,
        age_days: key.age(today),
        expires: day(key.expires),
        last_verified: day(key.verified),
        revoked: day(key.revoked),
        reason: key.reason.as_deref(),
        replaced_by: key.replaced_by.as_ref().map(Id::as_str),
    }
}
