//! Two roles of a database that take turns: the user changes together with the password, and no connection is refused
//! on the way, because each role keeps its own password.

use super::rotate::Case;
use crate::env::{Document, EditError};
use crate::error::Error;
use crate::rotation::address::{addresses, has_password};
use crate::rotation::steps::Kind;
use crate::rotation::user_place;
use crate::rotation::value_places::Form;
use crate::secret::Secret;

/// Whether a rotation can turn to this role: every place names its user, so that it can be changed with the password.
pub(super) fn admits(case: &Case<'_>, kind: Kind, role: &str) -> Result<(), Error> {
    let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let is_plain = role.bytes().all(is_name) && role.starts_with(|first: char| !first.is_ascii_digit());
    match () {
        () if kind != Kind::Postgres => Err(Error::usage(
            "only two roles of PostgreSQL can take turns",
            "leave out --role, or give --sql to name the user of this password",
        )),
        () if !is_plain || role.len() > LONGEST => Err(Error::usage(
            "the name of a role that takes turns has up to 63 lower-case letters, digits and _",
            "such as --role app_b",
        )),
        () if case.count_users_without(role) > 1 => Err(Error::blocked(
            "several users or servers have this password, and only one user can take turns with another",
            "give each user its own password first, or leave out --role",
        )),
        () if case.role(None)? == role => {
            Err(Error::usage("this role is in use now", "name the other role: --role NAME"))
        }
        () if case.places.iter().any(|place| !names_user(case, place.file.as_bytes(), place.index, place.form)) => {
            Err(Error::blocked(
                "a place of this password does not name its user, so the user cannot change with it",
                "write the user beside it (DB_USER) or into the URL: `envward rotation rotate KEY --dry-run` shows the places",
            ))
        }
        () => Ok(()),
    }
}

/// PostgreSQL's `NAMEDATALEN` without the end.
const LONGEST: usize = 63;

fn names_user(case: &Case<'_>, file: &[u8], index: usize, form: Form) -> bool {
    let file = case.survey.project.files.iter().find(|known| known.path.as_bytes() == file);
    let Some(document) = file.and_then(|file| file.document.as_ref()) else { return false };
    match form {
        Form::Whole => name(document, index).is_some_and(|name| user_place(document, &name).is_some()),
        Form::Url => user_span(document, index, &case.found.value).is_some(),
        _ => false,
    }
}

/// The file with another user for the password in the assignment at `index`.
pub(super) fn set_user(
    document: &Document,
    (index, form): (usize, Form),
    password: &Secret,
    role: &str,
) -> Result<Document, EditError> {
    let role = Secret::copy_of(role.as_bytes());
    match form {
        Form::Url => {
            let span = user_span(document, index, password).ok_or(EditError::NotReadBack)?;
            document.splice(index, &span, &role)
        }
        _ => {
            let place = name(document, index).and_then(|name| user_place(document, &name));
            document.set(place.ok_or(EditError::NoSuchAssignment)?, &role)
        }
    }
}

fn name(document: &Document, index: usize) -> Option<String> {
    let assignment = document.assignments().get(index)?;
    std::str::from_utf8(document.name(assignment)).ok().map(str::to_owned)
}

/// Where the user of a URL is in the file; `None` where it is not written as it is read, or there are several URLs.
fn user_span(document: &Document, index: usize, password: &Secret) -> Option<std::ops::Range<usize>> {
    let assignment = document.assignments().get(index)?;
    let (value, written) = (open(&assignment.value), assignment.written_span());
    let found = addresses(value);
    let [address] = found.as_slice() else { return None };
    if document.written(assignment) != value || !has_password(value, address, open(password)) {
        return None;
    }
    let before = value.get(..address.password.start)?.strip_suffix(b":")?;
    let start = memchr::memmem::rfind(before, b"://")? + 3;
    (start < before.len()).then(|| written.start + start..written.start + before.len())
}

#[expect(clippy::disallowed_methods, reason = "the place of the user in it is looked for")]
fn open(secret: &Secret) -> &[u8] {
    secret.expose()
}
