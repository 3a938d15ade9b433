//! `envward check --fix --rewrite-values`: values written so that all readers of the project see the same. What is
//! changed is what is in the file then, under the lock of its directory, and no byte outside of a value.

use std::borrow::Cow;

use crate::engine::fix::{Mended, NotFixed};
use crate::engine::locate::Located;
use crate::env::names::Role;
use crate::env::readers::{Reader, Rewrite, rewrite};
use crate::env::{Assignment, Document, EditError};
use crate::files::{PrivateDir, Refusal, Root};
use crate::path::RelPath;
use crate::problem::Problem;
use crate::project::{Project, ProjectFile};
use crate::rotation::steps::rotate;
use crate::shell::for_shell;

/// Rewrites the values of every env file that more than one program reads, or with `dry_run` says which.
pub(crate) fn run(project: &Project, located: &Located, dry_run: bool) -> Result<Vec<Mended>, Problem> {
    let root = Root::open(&located.root).map_err(|error| Problem::io(RelPath::default(), &error))?;
    let mut mended = Vec::new();
    for file in &project.files {
        let used = project.readers.get(&file.path).map(Vec::as_slice).unwrap_or_default();
        let is_one = file.role == Role::Env && !file.is_ciphertext() && !file.is_script();
        if used.len() < 2 || !is_one || file.path.strip_dir(&located.below).is_none() {
            continue;
        }
        let readers = in_order(&used.iter().map(|one| one.reader).collect::<Vec<_>>());
        match one(&root, file, &readers, dry_run) {
            Ok(done) => mended.extend(done),
            Err(not_fixed) => {
                let (path, what) = (file.path.clone(), String::new());
                mended.push(Mended { path, what, not_fixed: Some(not_fixed) });
            }
        }
    }
    Ok(mended)
}

/// The command that replaces the value, where its key can be shown.
fn replacement(file: &ProjectFile, assignment: &Assignment) -> String {
    let Some(key) = &assignment.key else { return ", make another one".to_owned() };
    let mut secrets = file.secrets.iter().filter(|secret| secret.key.as_ref() == Some(key));
    let by_hand = secrets.any(|secret| file.is_by_hand(secret));
    format!(": {}", rotate(key, &for_shell(&file.path), by_hand))
}

/// Docker Compose first, else as they are.
fn in_order(readers: &[Reader]) -> Vec<Reader> {
    let (mut first, rest): (Vec<Reader>, Vec<Reader>) = readers.iter().partition(|one| **one == Reader::Compose);
    first.extend(rest);
    first
}

fn one(root: &Root, file: &ProjectFile, readers: &[Reader], dry_run: bool) -> Result<Vec<Mended>, NotFixed> {
    let path = &file.path;
    let dir = PrivateDir::lock(root, &path.parent()).map_err(of_refusal)?;
    let Some((text, held)) = dir.read(path.file_name()).map_err(of_refusal)? else { return Ok(Vec::new()) };
    let mut document = Document::parse(text);
    let mut done = Vec::new();
    let mut is_changed = false;
    for index in 0..document.assignments().len() {
        let Some(assignment) = document.assignments().get(index) else { break };
        let key =
            assignment.key.as_ref().map_or_else(|| format!("a key on line {}", assignment.line), ToString::to_string);
        if document.places(&key).last().is_some_and(|last| *last != index) {
            continue;
        }
        match rewrite(&document, index, readers) {
            Ok(Rewrite::Alike) => {}
            Ok(Rewrite::Written(edited)) => {
                let names: Vec<&str> = readers.iter().map(|reader| reader.name()).collect();
                let what = format!("{key} written so that {} see the same value", names.join(", "));
                done.push(Mended { path: path.clone(), what, not_fixed: None });
                (document, is_changed) = (edited, true);
            }
            Ok(Rewrite::Impossible(sign)) => {
                let next = match sign.is_outside() {
                    true => "no spelling of the value changes that".to_owned(),
                    false => format!("for a value that every reader takes{}", replacement(file, assignment)),
                };
                let why = format!("{key} has no spelling for all of its readers, because of {}; {next}", sign.text());
                done.push(Mended { path: path.clone(), what: String::new(), not_fixed: NotFixed::refused(why) });
            }
            Err(error) => return Err(of_edit(error)),
        }
    }
    if is_changed {
        match dry_run {
            true => dir.admits(Some(&held)),
            false => dir.write(path.file_name(), document.text(), Some(&held), None),
        }
        .map_err(of_refusal)?;
    }
    Ok(done)
}

/// What the system says is a failure; what the file is, envward's own refusal.
fn of_refusal(why: Refusal) -> NotFixed {
    match why.is_of_the_system() {
        true => NotFixed::Failed(why),
        false => NotFixed::Refused(format!("{why}; {}", why.hint()).into()),
    }
}

fn of_edit(error: EditError) -> NotFixed {
    NotFixed::Refused(Cow::from(match error {
        EditError::Encoding => "the file is not in UTF-8",
        EditError::LoneReturn => "the file has a carriage return without a line feed",
        EditError::Parts => "a value is written in several parts",
        _ => "the file cannot be changed",
    }))
}
