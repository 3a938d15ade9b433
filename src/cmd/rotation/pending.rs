//! The value that waits: in a private file beside the env file, or under `KEY_NEXT` in it.

use std::io::IsTerminal as _;

use rand::rngs::SysRng;

use super::files::{self, root};
use super::multiline;
use super::rotate::Case;
use crate::cmd::input;
use crate::engine::fix;
use crate::engine::rotation::survey::Survey;
use crate::env::{Document, EditError, Key};
use crate::error::Error;
use crate::files::{PrivateDir, Refusal};
use crate::path::RelPath;
use crate::project::ProjectFile;
use crate::rotation::{NEXT, PENDING, SecretStatus};
use crate::secret::Secret;
use crate::secret::generate::Recipe;
use crate::secret::strength::{self, Strength};
use crate::template::{self, Fault};
use crate::terminal::Prompt;

/// More than this is no secret that an environment variable can hold (`MAX_ARG_STRLEN`).
const LONGEST: usize = 128 << 10;

/// Where it waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// In this file.
    Beside(RelPath),
    /// In the env file, under `KEY_NEXT`.
    Next,
}

/// A value that waits.
pub(super) struct Pending {
    pub(super) value: Secret,
    pub(super) wait: Wait,
    /// The role that has it, if two roles of a database take turns.
    pub(super) role: Option<String>,
}

/// The key in the file beside under which that role stands.
const ROLE: &str = "ENVWARD_ROLE";

/// The name of the file in which a key's new value waits.
pub(super) fn beside(status: &SecretStatus) -> RelPath {
    named_beside(status, PENDING)
}

/// A file beside the env file: `.env.DB_PASSWORD` and an end.
pub(super) fn named_beside(status: &SecretStatus, end: &[u8]) -> RelPath {
    let mut name = status.file.as_bytes().to_vec();
    name.extend_from_slice(format!(".{}", status.key).as_bytes());
    name.extend_from_slice(end);
    RelPath::new(name)
}

/// The value that waits for a secret; `None` where there is none.
pub(super) fn find(survey: &Survey, status: &SecretStatus, file: &ProjectFile) -> Result<Option<Pending>, Error> {
    let next = format!("{}{NEXT}", status.key);
    let in_file = file.document.as_ref().and_then(|document| value_under(document, &next));
    let path = beside(status);
    let dir = PrivateDir::view(&root(survey)?, &path.parent()).map_err(|why| refused(survey, &path, why))?;
    let beside = dir.read(path.file_name()).map_err(|why| refused(survey, &path, why))?;
    let beside = beside.map(|(text, _)| Document::parse(text));
    let role = beside.as_ref().and_then(|document| value_under(document, ROLE)).and_then(|role| text_of(&role));
    let beside = beside.and_then(|document| value_under(&document, status.key.as_str()));
    match (in_file, beside) {
        (Some(_), Some(_)) => Err(Error::blocked(
            "two new values wait: in the env file, and in a file beside it",
            "remove KEY_NEXT from the env file, or the file whose name ends in .KEY.pending",
        )),
        (Some(value), None) => Ok(Some(Pending { value, wait: Wait::Next, role: None })),
        (None, Some(value)) => Ok(Some(Pending { value, wait: Wait::Beside(path), role })),
        (None, None) => Ok(None),
    }
}

#[expect(clippy::disallowed_methods, reason = "copied into a secret of its own")]
fn value_under(document: &Document, name: &str) -> Option<Secret> {
    let index = document.places(name).last().copied()?;
    let value = &document.assignments().get(index)?.value;
    (!value.is_empty()).then(|| Secret::copy_of(value.expose()))
}

#[expect(clippy::disallowed_methods, reason = "the name of a role, which is no secret")]
fn text_of(role: &Secret) -> Option<String> {
    std::str::from_utf8(role.expose()).ok().map(str::to_owned)
}

/// Where a new value is to wait: beside the file, unless the application is to read it already, or git or an image
/// would pick that file up.
pub(super) fn place(survey: &Survey, status: &SecretStatus, overlaps: bool) -> Result<Wait, Error> {
    let path = beside(status);
    let is_kept_out = fix::missing_lines(std::slice::from_ref(&path), &survey.project, &survey.located)?.is_empty();
    Ok(if overlaps || !is_kept_out { Wait::Next } else { Wait::Beside(path) })
}

/// Puts a new value where it is to wait.
pub(super) fn write(survey: &Survey, status: &SecretStatus, pending: &Pending) -> Result<(), Error> {
    let Pending { value, wait, role } = pending;
    match wait {
        Wait::Next => {
            let next = format!("{}{NEXT}", status.key);
            let put = |document: Document| match document.places(&next).last() {
                Some(index) => document.set(*index, value).map(Some),
                None => document.append(&next, value).map(Some),
            };
            files::change(survey, &status.file, &put).map(drop)
        }
        Wait::Beside(path) => {
            // The one who owns the env file must be able to read this one.
            let owner = files::change(survey, &status.file, &|_| Ok(None))?;
            let text = Document::parse(Secret::default()).append(status.key.as_str(), value);
            let text = text.and_then(|text| match role {
                Some(role) => text.append(ROLE, &Secret::copy_of(role.as_bytes())),
                None => Ok(text),
            });
            let text = text.map_err(|_| unwritable(survey, path))?;
            let dir = PrivateDir::lock(&root(survey)?, &path.parent()).map_err(|why| refused(survey, path, why))?;
            dir.write(path.file_name(), text.text(), None, owner).map_err(|why| refused(survey, path, why))
        }
    }
}

/// Takes the value that waited away, after it was promoted or discarded.
pub(super) fn remove(survey: &Survey, status: &SecretStatus, wait: &Wait) -> Result<(), Error> {
    match wait {
        Wait::Next => files::change(survey, &status.file, &|document| without(&document, &status.key, NEXT)).map(drop),
        Wait::Beside(path) => {
            let dir = PrivateDir::lock(&root(survey)?, &path.parent()).map_err(|why| refused(survey, path, why))?;
            dir.remove(path.file_name()).map_err(|why| refused(survey, path, why))
        }
    }
}

/// The document without a key's next or previous value; `None` where there is none.
pub(super) fn without(document: &Document, key: &Key, suffix: &str) -> Result<Option<Document>, EditError> {
    let name = format!("{key}{suffix}");
    let mut edited: Option<Document> = None;
    while let Some(index) = edited.as_ref().unwrap_or(document).places(&name).last().copied() {
        edited = Some(edited.as_ref().unwrap_or(document).remove(index)?);
    }
    Ok(edited)
}

/// A new value: made here, or read from standard input.
pub(super) fn new_value(case: &Case<'_>, from_stdin: bool) -> Result<Secret, Error> {
    if from_stdin {
        return from_standard_input(case);
    }
    recipe(case)?.make(&mut SysRng).map_err(|_| Error::Random)
}

/// How the new value is made.
pub(super) fn recipe(case: &Case<'_>) -> Result<Recipe, Error> {
    let (status, old) = (case.status, &case.found.value);
    let recipe = template::anew(status.class, status.key.as_str(), old, case.file.document.as_ref());
    recipe.ok_or_else(|| {
        Error::blocked_here(
            "envward cannot make this value: a provider issues it, or it has a special form",
            format!("get a new value, and give it: envward rotation rotate {} --stdin", case.at()),
        )
    })
}

/// What is piped in, or typed where standard input is a terminal: as much as the longest value, a line end, and one byte
/// that is too much.
fn given(case: &Case<'_>) -> Result<Secret, Error> {
    if !std::io::stdin().is_terminal() {
        return Ok(Secret::copy_of(&input::piped(LONGEST + 3)?));
    }
    let question = case.survey.report.mask.text(&format!("new value of {}", case.status.key));
    let typed = Prompt::open().and_then(|mut prompt| prompt.hidden(&question));
    typed.map_err(|_| {
        let hint =
            format!("write the new value into a private file: envward rotation rotate {} --stdin < FILE", case.at());
        Error::blocked_here("there is no terminal to ask for the new value", hint)
    })
}

/// One line, without its end; several where the value in use has several.
#[expect(clippy::disallowed_methods, reason = "the line's end is taken off")]
fn from_standard_input(case: &Case<'_>) -> Result<Secret, Error> {
    let (given, old) = (given(case)?, &case.found.value);
    let bytes = given.expose();
    let again = |what: &str| format!("{what}: envward rotation rotate {} --stdin", case.at());
    let line = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let value = multiline::like(old.expose(), bytes).unwrap_or_else(|| Secret::copy_of(line));
    let line = value.expose();
    match () {
        () if line.is_empty() => {
            Err(Error::blocked_here("the new value is empty", again("type the new value, or pipe it in")))
        }
        () if line.len() > LONGEST => Err(Error::TooLong(LONGEST)),
        () if line.contains(&b'\n') && !old.expose().contains(&b'\n') => Err(Error::blocked_here(
            "standard input has several lines, and the current value is one line",
            again("pipe the new value in as one line, the way the application reads it"),
        )),
        () if line.contains(&0) => Err(Error::blocked_here(
            "the new value has a NUL byte, which no environment variable can hold",
            again("pipe only the new value in"),
        )),
        () if strength::of(line) == Strength::Weak => Err(Error::blocked(
            "the new value is easy to guess",
            "pipe in a random value: `envward generate hex` prints one",
        )),
        () if value.ct_eq(old) => {
            Err(Error::blocked("the new value is the same as the current value", "pipe another value in"))
        }
        () => Ok(value),
    }
}

fn refused(survey: &Survey, path: &RelPath, why: Refusal) -> Error {
    Error::Refused { path: path.under(&survey.located.root), why }
}

fn unwritable(survey: &Survey, path: &RelPath) -> Error {
    Error::EnvFile { path: path.under(&survey.located.root), line: None, fault: Fault::NotReadBack }
}
