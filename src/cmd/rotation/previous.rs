//! What `promote` changed, kept until it is confirmed: in a private file beside the env file, from which `rollback` writes
//! the old value back, and with which `verify` recognizes it.
//!
//! ```text
//! OLD=…                           the old value      (everything in base64url, so that no reader trips over a byte)
//! NEW=…                           the new value
//! ROLE=…                          the role that had the old value, if two roles take turns
//! CHANGE_1=file.name.nth.old.new  the nth assignment of a name, as it was written and as it is; `~` where it was not there
//! ```

use std::collections::BTreeMap;

use base64ct::{Base64UrlUnpadded, Encoding};
use zeroize::Zeroizing;

use super::files::root;
use super::pending::named_beside;
use crate::engine::fix;
use crate::engine::rotation::survey::Survey;
use crate::env::Document;
use crate::error::Error;
use crate::files::{Owner, PrivateDir, Refusal};
use crate::path::RelPath;
use crate::rotation::{PREVIOUS_VALUES, SecretStatus};
use crate::secret::Secret;

/// The values of one rotation, and what it changed.
#[derive(Default)]
pub(super) struct Previous {
    pub(super) old: Secret,
    pub(super) new: Secret,
    /// The role that had the old value, if two roles take turns.
    pub(super) role: Option<String>,
    /// In the order in which they were written: the secret's own file last.
    pub(super) changes: Vec<Change>,
}

/// One assignment that `promote` changed, or a file that is one secret as a whole.
pub(super) struct Change {
    pub(super) file: RelPath,
    /// Its name, and which of those with this name it is; `None` for a whole file.
    pub(super) place: Option<(Vec<u8>, usize)>,
    /// The value as it was written, with its quotes; `None` if the assignment was added.
    pub(super) old: Option<Secret>,
    /// The value as it is written now; `None` if the assignment was removed.
    pub(super) new: Option<Secret>,
}

/// The name of the file beside the env file.
pub(super) fn path(status: &SecretStatus) -> RelPath {
    named_beside(status, PREVIOUS_VALUES)
}

/// Whether git or an image would pick that file up: it is not written then.
pub(super) fn is_picked_up(survey: &Survey, status: &SecretStatus) -> Result<bool, Error> {
    let missing = fix::missing_lines(std::slice::from_ref(&path(status)), &survey.project, &survey.located)?;
    Ok(!missing.is_empty())
}

/// What is kept of a secret's rotation; `None` if nothing is.
pub(super) fn find(survey: &Survey, status: &SecretStatus) -> Result<Option<Previous>, Error> {
    let path = path(status);
    let refused = |why| refused(survey, &path, why);
    let dir = PrivateDir::view(&root(survey)?, &path.parent()).map_err(refused)?;
    let Some((text, _)) = dir.read(path.file_name()).map_err(refused)? else { return Ok(None) };
    let read = Previous::read(&Document::parse(text));
    read.map(Some).ok_or_else(|| Error::Damaged(path.under(&survey.located.root)))
}

/// Keeps what a rotation changes, before it does. Changes that an interrupted run kept for the same two values stay.
pub(super) fn write(
    survey: &Survey,
    status: &SecretStatus,
    mut previous: Previous,
    owner: Option<Owner>,
) -> Result<(), Error> {
    if let Some(kept) = find(survey, status)?.filter(|kept| kept.is_of(&previous)) {
        previous.changes.retain(|one| !kept.changes.iter().any(|known| known.is_same_place(one)));
        let own = previous.changes;
        previous.changes = kept.changes;
        previous.changes.splice(0..0, own);
    }
    let path = path(status);
    let refused = |why| refused(survey, &path, why);
    let dir = PrivateDir::lock(&root(survey)?, &path.parent()).map_err(refused)?;
    let held = dir.read(path.file_name()).map_err(refused)?.map(|(_, held)| held);
    dir.write(path.file_name(), &previous.text(), held.as_ref(), owner).map_err(refused)
}

/// Deletes what was kept.
pub(super) fn remove(survey: &Survey, status: &SecretStatus) -> Result<(), Error> {
    let path = path(status);
    let refused = |why| refused(survey, &path, why);
    let dir = PrivateDir::lock(&root(survey)?, &path.parent()).map_err(refused)?;
    match dir.read(path.file_name()).map_err(refused)? {
        Some(_) => dir.remove(path.file_name()).map_err(refused),
        None => Ok(()),
    }
}

fn refused(survey: &Survey, path: &RelPath, why: Refusal) -> Error {
    Error::Refused { path: path.under(&survey.located.root), why }
}

/// Every assignment as it is written: assignments with the same name are told apart by their order.
pub(super) struct Written(BTreeMap<(Vec<u8>, usize), Secret>);

impl Written {
    pub(super) fn of(document: &Document) -> Self {
        let mut counts: BTreeMap<&[u8], usize> = BTreeMap::new();
        let mut found = BTreeMap::new();
        for assignment in document.assignments() {
            let name = document.name(assignment);
            let nth = counts.entry(name).or_default();
            found.insert((name.to_vec(), *nth), Secret::copy_of(document.written_whole(assignment)));
            *nth += 1;
        }
        Self(found)
    }

    /// What an edit of the file changed.
    pub(super) fn changes(self, file: &RelPath, after: &Document) -> Vec<Change> {
        let Self(mut is) = Self::of(after);
        let change = |place, old: Option<Secret>, new: Option<Secret>| {
            let is_same = old.as_ref().zip(new.as_ref()).is_some_and(|(old, new)| old.ct_eq(new));
            (!is_same).then(|| Change { file: file.clone(), place: Some(place), old, new })
        };
        let mut found = Vec::new();
        for (place, old) in self.0 {
            let new = is.remove(&place);
            found.extend(change(place, Some(old), new));
        }
        found.extend(is.into_iter().filter_map(|(place, new)| change(place, None, Some(new))));
        found
    }
}

impl Change {
    fn is_same_place(&self, other: &Self) -> bool {
        self.file == other.file && self.place == other.place
    }

    fn fields(&self) -> Zeroizing<String> {
        let base64 = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
        let value =
            |value: Option<&Secret>| Zeroizing::new(value.map_or_else(|| "~".to_owned(), |one| base64(open(one))));
        let (name, nth) = match &self.place {
            Some((name, nth)) => (base64(name), nth.to_string()),
            None => ("~".to_owned(), "0".to_owned()),
        };
        let (old, new) = (value(self.old.as_ref()), value(self.new.as_ref()));
        Zeroizing::new([base64(self.file.as_bytes()).as_str(), &name, &nth, &old, &new].join("."))
    }

    fn read(text: &[u8]) -> Option<Self> {
        let mut fields = std::str::from_utf8(text).ok()?.split('.');
        let mut next = || fields.next();
        let (file, name, nth, old, new) = (next()?, next()?, next()?, next()?, next()?);
        let value = |field: &str| match field {
            "~" => Some(None),
            field => Some(Some(decoded(field)?)),
        };
        let place = match name {
            "~" => None,
            name => Some((Base64UrlUnpadded::decode_vec(name).ok()?, nth.parse().ok()?)),
        };
        let file = RelPath::new(Base64UrlUnpadded::decode_vec(file).ok()?);
        Some(Self { file, place, old: value(old)?, new: value(new)? })
    }
}

impl Previous {
    /// Whether it is of the same rotation.
    fn is_of(&self, other: &Self) -> bool {
        self.old.ct_eq(&other.old) && self.new.ct_eq(&other.new)
    }

    fn text(&self) -> Secret {
        let mut text = Zeroizing::new(String::new());
        let base64 = |value: &Secret| Zeroizing::new(Base64UrlUnpadded::encode_string(open(value)));
        let mut lines = vec![
            Zeroizing::new(
                "# What `envward rotation promote` changed. Do not edit: `envward rotation rollback` reads it,".into(),
            ),
            Zeroizing::new("# and `envward rotation promote --confirm` deletes it.".into()),
            Zeroizing::new(format!("OLD={}", *base64(&self.old))),
            Zeroizing::new(format!("NEW={}", *base64(&self.new))),
        ];
        lines.extend(
            self.role
                .as_ref()
                .map(|role| Zeroizing::new(format!("ROLE={}", Base64UrlUnpadded::encode_string(role.as_bytes())))),
        );
        let changes = self.changes.iter().enumerate();
        lines.extend(changes.map(|(at, one)| Zeroizing::new(format!("CHANGE_{}={}", at + 1, *one.fields()))));
        // One buffer of the right size: one that grows leaves copies behind.
        text.reserve_exact(lines.iter().map(|line| line.len() + 1).sum());
        lines.iter().for_each(|line| {
            text.push_str(line);
            text.push('\n');
        });
        Secret::copy_of(text.as_bytes())
    }

    fn read(document: &Document) -> Option<Self> {
        let mut previous = Self::default();
        let (mut has_old, mut has_new) = (false, false);
        for assignment in document.assignments() {
            let value = open(&assignment.value);
            match document.name(assignment) {
                b"OLD" => (previous.old, has_old) = (decoded(std::str::from_utf8(value).ok()?)?, true),
                b"NEW" => (previous.new, has_new) = (decoded(std::str::from_utf8(value).ok()?)?, true),
                b"ROLE" => {
                    let role = Base64UrlUnpadded::decode_vec(std::str::from_utf8(value).ok()?).ok()?;
                    previous.role = Some(std::str::from_utf8(&role).ok()?.to_owned());
                }
                _ => previous.changes.push(Change::read(value)?),
            }
        }
        (has_old && has_new && document.refusal().is_none()).then_some(previous)
    }
}

fn decoded(field: &str) -> Option<Secret> {
    Base64UrlUnpadded::decode_vec(field).ok().map(Secret::new)
}

#[expect(clippy::disallowed_methods, reason = "written into a private file, and compared")]
fn open(secret: &Secret) -> &[u8] {
    secret.expose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let document = |text: &str| Document::parse(Secret::copy_of(text.as_bytes()));
        let before = document("A=1\nK='old'\nA=2\nK_NEXT=new\n");
        let after = document("A=1\nK=new\nA=2\nK_PREVIOUS=old\n");
        let file = RelPath::from(".env");
        let whole =
            Change { file: RelPath::from("s.txt"), place: None, old: None, new: Some(Secret::copy_of(b"\xff.~")) };
        let mut changes = Written::of(&before).changes(&file, &after);
        changes.push(whole);
        let previous =
            Previous { old: Secret::copy_of(b"old"), new: Secret::copy_of(b"new"), role: Some("app".into()), changes };
        let read = Previous::read(&Document::parse(previous.text())).unwrap();
        assert!(read.is_of(&previous) && read.role == previous.role);
        let shown = |previous: &Previous| -> Vec<String> {
            let text =
                |value: &Option<Secret>| value.as_ref().map(|one| String::from_utf8_lossy(open(one)).into_owned());
            let name =
                |one: &Change| one.place.as_ref().map(|(name, nth)| (String::from_utf8_lossy(name).into_owned(), *nth));
            previous
                .changes
                .iter()
                .map(|one| format!("{} {:?} {:?} {:?}", one.file, name(one), text(&one.old), text(&one.new)))
                .collect()
        };
        assert_eq!(shown(&read), shown(&previous));
        assert_eq!(
            shown(&read),
            [
                ".env Some((\"K\", 0)) Some(\"'old'\") Some(\"new\")",
                ".env Some((\"K_NEXT\", 0)) Some(\"new\") None",
                ".env Some((\"K_PREVIOUS\", 0)) None Some(\"old\")",
                "s.txt None None Some(\"\u{fffd}.~\")",
            ]
        );
        for text in ["", "OLD=YQ\n", "OLD=YQ\nNEW=YQ\nCHANGE_1=x\n", "OLD=*\nNEW=YQ\n"] {
            assert!(Previous::read(&document(text)).is_none(), "{text}");
        }
    }
}
