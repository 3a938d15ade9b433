//! A value that was written so that all readers agree is read alike by the real ones.

use std::fs;
use std::path::PathBuf;

use envward::env::Document;
use envward::env::readers::{Reader, Rewrite, rewrite};
use envward::secret::Secret;

use crate::common::{Sandbox, skip};
use crate::env::readers::{REAL, Values, shell_without_programs};

/// Values that one reader or another takes apart.
const WRITTEN: [&str; 16] = [
    "a#b",
    "a b",
    "a\\b",
    "'a$b'",
    "\"a\\$b\"",
    "'it is #1'",
    "\"it's\"",
    "'say \"x\"'",
    "a&b;c|d",
    "~/x",
    "{\"a\": 1}",
    "\"a\nb\"",
    "'a`b'",
    "'a\\nb'",
    "'a!b'",
    "a  b",
];

/// Readers of one project.
const PROJECTS: [&[Reader]; 6] = [
    &[Reader::Compose, Reader::Bash],
    &[Reader::Compose, Reader::Bash, Reader::Dash, Reader::NpmDotenv, Reader::PythonDotenv],
    &[Reader::Compose, Reader::Node, Reader::Systemd],
    &[Reader::Compose, Reader::Docker],
    &[Reader::Compose, Reader::Make],
    &[Reader::Compose, Reader::Bash, Reader::Systemd, Reader::NpmDotenvExpand, Reader::Honcho],
];

#[test]
fn real_readers_agree_on_what_was_written() {
    let sandbox = Sandbox::new();
    // By project: the file, and the value that Compose saw before.
    let mut all: Vec<(usize, PathBuf, Option<Vec<u8>>)> = Vec::new();
    let mut impossible = 0;
    for (project, readers) in PROJECTS.iter().enumerate() {
        for (number, written) in WRITTEN.iter().enumerate() {
            let text = format!("A=1\nK={written}\nZ=2\n");
            let document = Document::parse(Secret::copy_of(text.as_bytes()));
            let value = Reader::Compose.read(&document).get(b"K").map(<[u8]>::to_vec);
            let edited = match rewrite(&document, 1, readers).unwrap() {
                Rewrite::Written(edited) => edited,
                Rewrite::Alike => document,
                Rewrite::Impossible(_) => {
                    impossible += 1;
                    continue;
                }
            };
            let path = sandbox.path(format!("{project}-{number}.env"));
            fs::write(&path, edited.text().expose()).unwrap();
            all.push((project, path, value));
        }
    }
    assert!(impossible < 30 && all.len() > 40, "{impossible} of {} are impossible", all.len());
    for reader in Reader::ALL {
        let asked: Vec<&(usize, PathBuf, Option<Vec<u8>>)> =
            all.iter().filter(|(project, ..)| PROJECTS[*project].contains(&reader)).collect();
        let paths: Vec<PathBuf> = asked.iter().map(|(_, path, _)| path.clone()).collect();
        let Some(seen) = read(reader, &paths, &sandbox) else { continue };
        for ((_, path, value), seen) in asked.into_iter().zip(seen) {
            let seen = seen.unwrap_or_else(|| panic!("{} refuses {}", reader.name(), path.display()));
            let value = value.as_ref().map(|value| String::from_utf8_lossy(value).into_owned());
            assert_eq!(seen.get("K"), value.as_ref(), "{}: {}", reader.name(), path.display());
            assert_eq!((seen.get("A").map(String::as_str), seen.len()), (Some("1"), 3), "{}", reader.name());
        }
    }
}

/// `None` where the real reader is not here.
fn read(reader: Reader, paths: &[PathBuf], sandbox: &Sandbox) -> Option<Vec<Option<Values>>> {
    if let Reader::Bash | Reader::Dash = reader {
        return Some(paths.iter().map(|path| shell_without_programs(reader.name(), path, sandbox.root())).collect());
    }
    let (_, real) = REAL.into_iter().find(|(model, _)| *model == reader)?;
    if real.is_silently_missing() || paths.is_empty() {
        return None;
    }
    real.read(paths).map_err(|reason| skip(&format!("{}: {reason}", real.name))).ok()
}
