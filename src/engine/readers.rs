//! What each reader sees of each key of a project's env files, for `check --readers`.

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use super::locate;
use crate::env::Encoding;
use crate::env::names::Role;
use crate::env::readers::{Reader, Readings, Verdict};
use crate::error::Error;
use crate::path::RelPath;
use crate::policy::{FileReaders, KeyReaders};
use crate::project::{Project, ProjectFile};
use crate::system::System;

/// The project that a file belongs to, there or not, and its path in the project; `None` where none can be opened.
pub(crate) fn project_of(file: &Path, system: &System) -> Result<Option<(Project, RelPath)>, Error> {
    let Some((dir, name)) = file.parent().zip(file.file_name()) else { return Ok(None) };
    let Ok(located) = locate::project(Some(dir), system) else { return Ok(None) };
    let path = located.below.join(name.as_bytes());
    let config = locate::configuration(&located.root, None, system)?;
    let mut project = Project::load(&located.root, &RelPath::default(), false, &config, None)?;
    project.plan(&path, &config)?;
    Ok(Some((project, path)))
}

/// Of every env file below `below` that is read.
pub(crate) fn of(project: &Project, below: &RelPath) -> Vec<FileReaders> {
    let is_read = |file: &&ProjectFile| {
        let is_bytes = file.document.as_ref().is_some_and(|document| document.encoding() == Encoding::Bytes);
        file.role == Role::Env && is_bytes && !file.is_ciphertext() && file.path.strip_dir(below).is_some()
    };
    project.files.iter().filter(is_read).map(|file| of_file(project, file)).collect()
}

fn of_file(project: &Project, file: &ProjectFile) -> FileReaders {
    let used = project.readers.get(&file.path).into_iter().flatten();
    let used = used.map(|one| (one.reader, one.seen.clone(), one.line)).collect();
    let mut keys: Vec<KeyReaders> = Vec::new();
    if let Some(document) = &file.document {
        let readings = Readings::of(document, &Reader::ALL);
        let mut places: BTreeMap<&[u8], usize> = BTreeMap::new();
        for assignment in document.assignments() {
            let name = document.name(assignment);
            let verdicts = match readings.is_alike() {
                true => Reader::ALL.map(|reader| (reader, Verdict::Same)).to_vec(),
                false => readings.verdicts(name, assignment.line).collect(),
            };
            let one = KeyReaders { line: assignment.line, key: assignment.key.clone(), verdicts };
            // A key that stands twice is one of the environment: the last place counts.
            match places.get(name).and_then(|place| keys.get_mut(*place)) {
                Some(known) => *known = one,
                None => {
                    places.insert(name, keys.len());
                    keys.push(one);
                }
            }
        }
    }
    FileReaders { path: file.path.clone(), used, keys }
}
