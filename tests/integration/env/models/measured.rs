//! The vectors of tests/vectors.

use envward::env::readers::Reader;
use serde_json::Value;

use super::{model, seen};
use crate::env::vectors::{CASES, FILES, TABLE, unescaped};

/// The columns of the table, and the names in the vectors.
const NAMES: [(&str, Reader); 11] = [
    ("bash", Reader::Bash),
    ("dash", Reader::Dash),
    ("compose-go", Reader::Compose),
    ("docker--env-file", Reader::Docker),
    ("systemd252", Reader::Systemd),
    ("node--env-file", Reader::Node),
    ("npm-dotenv", Reader::NpmDotenv),
    ("npm-dotenv+expand", Reader::NpmDotenvExpand),
    ("python-dotenv", Reader::PythonDotenv),
    ("direnv", Reader::Direnv),
    ("dotenvy", Reader::Dotenvy),
];

#[test]
fn every_file_is_seen_as_it_was_measured() {
    let mut count = 0;
    for line in FILES.lines() {
        let vector: Value = serde_json::from_str(line).unwrap();
        let file = vector["file"].as_str().unwrap();
        for (name, reader) in NAMES {
            let theirs = &vector["sees"][name];
            let reading = model(reader, file.as_bytes());
            // Of what stands above the line that it refuses, bash keeps all.
            let is_refused = reading.stop.is_some_and(|stop| !stop.keeps || reader == Reader::Dotenvy);
            assert_eq!(is_refused, theirs == "error", "{name}: {file:?}");
            let ours = seen(&reading).unwrap_or_default();
            for key in ["K", "Z"].into_iter().filter(|_| !is_refused) {
                match ours.get(key) {
                    Some(None) => assert!(theirs[key].is_string(), "{name}: {key} in {file:?}"),
                    other => {
                        let value = other.and_then(Option::as_deref);
                        assert_eq!(value, theirs[key].as_str(), "{name}: {key} in {file:?}");
                    }
                }
            }
        }
        count += 1;
    }
    assert_eq!(count, 1164);
}

/// Measured with godotenv 1.5.1, honcho 2.0.0, Ruby's dotenv 3.2.0, phpdotenv 5.6 and GNU Make 4.3 on the same files.
const MORE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/env-readers-more.jsonl"));

#[test]
fn every_file_is_seen_as_it_was_measured_with_five_more() {
    let mut count = 0;
    for line in MORE.lines() {
        let vector: Value = serde_json::from_str(line).unwrap();
        let file = vector["file"].as_str().unwrap();
        for reader in [Reader::Godotenv, Reader::Honcho, Reader::RubyDotenv, Reader::Phpdotenv, Reader::Make] {
            let theirs = &vector["sees"][reader.name()];
            let ours = seen(&model(reader, file.as_bytes()));
            assert_eq!(ours.is_none(), theirs == "error", "{}: {file:?}", reader.name());
            for key in ["K", "Z"] {
                let Some(ours) = &ours else { continue };
                match ours.get(key) {
                    Some(None) => assert!(theirs[key].is_string(), "{}: {key} in {file:?}", reader.name()),
                    other => {
                        let value = other.and_then(Option::as_deref);
                        assert_eq!(value, theirs[key].as_str(), "{}: {key} in {file:?}", reader.name());
                    }
                }
            }
        }
        count += 1;
    }
    assert_eq!(count, 1164);
}

/// In the table's cells, and not in the models: what dotenvy's iterator refuses and its loader takes.
const OTHERWISE: [(&str, &str); 1] = [("BOM", "dotenvy")];

#[test]
fn every_row_of_the_table_is_seen_as_it_was_measured() {
    let header = TABLE.lines().find(|line| line.starts_with("| case")).unwrap();
    let columns: Vec<&str> = header.trim_matches('|').split('|').skip(1).map(str::trim).collect();
    let rows: Vec<Vec<&str>> =
        TABLE.lines().filter_map(|line| line.strip_prefix("| `")).map(|line| line.split("` | `").collect()).collect();
    assert_eq!(rows.len(), CASES.len());
    let long = [b"K=".as_slice(), &[b'v'; 70_000]].concat();
    for (row, (case, file)) in rows.iter().zip(CASES) {
        assert_eq!(row[0], *case);
        let file = if file.is_empty() { long.as_slice() } else { file };
        for (column, cell) in columns.iter().zip(&row[1..]) {
            let known = NAMES.iter().find(|(name, _)| name == column);
            let Some((name, reader)) = known else { continue };
            if !OTHERWISE.contains(&(case, name)) {
                row_is_seen(*reader, case, file, cell.trim_end_matches("` |"));
            }
        }
    }
}

fn row_is_seen(reader: Reader, case: &str, file: &[u8], cell: &str) {
    let reading = model(reader, file);
    let place = format!("{}: {case}", reader.name());
    let is_refused = reading.stop.is_some_and(|stop| !stop.keeps || reader == Reader::Dotenvy);
    assert_eq!(is_refused, cell == "ERR", "{place}");
    if is_refused {
        return;
    }
    let ours = seen(&reading).unwrap();
    let value = ours.get("K");
    match cell {
        "(empty)" => assert!(matches!(value, Some(Some(value)) if value.is_empty()) || value == Some(&None), "{place}"),
        "<70000>" => assert_eq!(value.cloned().flatten().map(|value| value.len()), Some(70_000), "{place}"),
        "null" => assert_eq!(value, None, "{place}"),
        absent if absent.starts_with('∅') => assert_eq!(value, None, "{place}"),
        _ => {
            let cell = cell.split(" L='").next().unwrap().split(" +'").next().unwrap();
            let Some(value) = value else { panic!("{place}: absent") };
            let Some(value) = value else { return };
            // The table writes a backtick as a quote, and a control character as its escape.
            let value = value.replace('`', "'").replace('\r', "\\r");
            let expected = unescaped(cell).replace("\\udcff", "\u{fffd}");
            // Some of its cells escape a quote.
            assert!(value == expected || value == expected.replace("\\'", "'"), "{place}: {value:?}, {expected:?}");
        }
    }
}
