//! The SQL that a host gives to psql: one transaction, with the schema and with the report of each project.

use jiff::Timestamp;
use serde::Serialize;

use super::rows::{Marks, Names, Row, rows};
use crate::rotation::export::Exported;

/// The version of the schema that this envward writes.
pub const SCHEMA_VERSION: u32 = 1;

const SCHEMA: &str = include_str!("schema.sql");

/// psql ends at the first error, whatever it was told: nothing of the transaction is then kept. A host must not wait
/// for ever, and no function of another schema may take the place of PostgreSQL's own.
const START: &str = "\
-- envward: ages and dates of secrets for PostgreSQL 15 or later. No secret, no fingerprint.
\\set ON_ERROR_STOP on
\\set QUIET on
BEGIN ISOLATION LEVEL READ COMMITTED;
SET LOCAL standard_conforming_strings = on;
SET LOCAL client_min_messages = warning;
SET LOCAL lock_timeout = '60s';
SET LOCAL search_path = pg_catalog, pg_temp;

";

const END: &str = "\
COMMIT;
";

/// What a host sends, beside its projects.
pub struct Push<'a> {
    /// The name of the host, which is that of its role.
    pub host: &'a str,
    /// When the report is made.
    pub now: Timestamp,
    /// Whether it names projects, files and keys.
    pub names: Names<'a>,
}

#[derive(Serialize)]
struct Report<'a> {
    host: &'a str,
    project: String,
    envward: &'static str,
    host_time: String,
    complete: bool,
    rows: Vec<Row>,
}

/// The schema alone, for an administrator.
#[must_use]
pub fn schema() -> String {
    [START, SCHEMA, END].concat()
}

/// The schema, and the report of each project. Two runs lock projects in one order, so that neither waits for the other.
#[must_use]
pub fn push(projects: &[(Exported<'_>, Marks)], push: &Push<'_>) -> String {
    let report = |(project, marks): &(Exported<'_>, Marks)| Report {
        host: push.host,
        project: push.names.project(project.project),
        envward: env!("CARGO_PKG_VERSION"),
        host_time: push.now.to_string(),
        complete: project.is_complete,
        rows: rows(project, marks, push.names),
    };
    let mut reports: Vec<Report<'_>> = projects.iter().map(report).collect();
    reports.sort_by(|one, other| one.project.cmp(&other.project));
    let calls = reports.iter().map(|report| format!("CALL envward.push('{}');\n", literal(report)));
    [START, SCHEMA, "\n", &calls.collect::<String>(), END].concat()
}

/// JSON that is the inside of a string constant of SQL: printable ASCII without a quote, so that no name can end the
/// constant, whatever the encodings of psql and the server are, and whatever a backslash means to them.
fn literal(report: &Report<'_>) -> String {
    let json = serde_json::to_string(report).unwrap_or_default();
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if matches!(character, ' '..='~') && character != '\'' {
            text.push(character);
        } else {
            let mut units = [0; 2];
            character.encode_utf16(&mut units).iter().for_each(|unit| text += &format!("\\u{unit:04x}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(project: &str) -> Report<'_> {
        let (host, envward, host_time) = ("web1", "0", String::new());
        Report { host, project: project.to_owned(), envward, host_time, complete: true, rows: Vec::new() }
    }

    #[test]
    fn no_name_ends_the_constant() {
        for name in
            ["it's", "\\'; DROP TABLE x; --", "a\\", "\n\\! id\n", "$$", "é\u{1F980}", "\u{a0}\u{2028}\0", ":name :'x'"]
        {
            let text = literal(&report(name));
            assert!(text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'\''), "{text}");
            assert!(!text.ends_with('\\'), "{text}");
            let read: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(read["project"], name);
        }
    }

    #[test]
    fn the_schema_has_the_version_of_this_program() {
        for text in [
            format!("INSERT INTO envward.schema_version VALUES ({SCHEMA_VERSION});"),
            format!("found IS DISTINCT FROM {SCHEMA_VERSION} "),
            format!("this envward knows version {SCHEMA_VERSION}'"),
            format!("SELECT {SCHEMA_VERSION} AS schema,"),
        ] {
            assert!(SCHEMA.contains(&text), "{text}");
        }
    }
}
