//! The files of one deployment, and where a value is in them.

use crate::engine::rotation::survey::Survey;
use crate::env::names::{PREVIOUS, Role};
use crate::env::readers::changed_keys;
use crate::env::{Assignment, Document, EditError, Key};
use crate::error::Error;
use crate::files::{Owner as FileOwner, PrivateDir, Refusal, Root};
use crate::path::RelPath;
use crate::project::{FoundSecret, Named, ProjectFile};
use crate::rotation::value_places::{Form, Old, left, places};
use crate::rotation::{NEXT, PENDING, PREVIOUS_VALUES, SecretStatus};
use crate::secret::Secret;

/// One place where the old value stands.
pub(super) struct Place {
    pub(super) file: RelPath,
    pub(super) key: Option<Key>,
    pub(super) line: std::num::NonZeroU32,
    pub(super) index: usize,
    pub(super) form: Form,
}

impl Place {
    fn of(file: &ProjectFile, assignment: &Assignment, index: usize, form: Form) -> Self {
        Self { file: file.path.clone(), key: assignment.key.clone(), line: assignment.line, index, form }
    }
}

/// The file of a secret.
pub(super) fn file_of<'a>(survey: &'a Survey, status: &SecretStatus) -> Result<&'a ProjectFile, Error> {
    let found = survey.project.files.iter().find(|file| file.path == status.file && file.role.is_in_use());
    found.ok_or_else(|| Error::NoSuchPath(status.file.under(&survey.located.root)))
}

/// The value of a secret as it is in use: of a URL the password.
pub(super) fn value_of<'a>(file: &'a ProjectFile, key: &Key) -> Result<&'a FoundSecret, Error> {
    let found = file.secrets.iter().rfind(|secret| secret.key.as_ref() == Some(key));
    found.ok_or(Error::NoSuchSecret)
}

/// The env files in use of the same deployment, and the files behind `secrets:`: they are changed together.
pub(super) fn alike<'a>(survey: &'a Survey, file: &'a ProjectFile) -> impl Iterator<Item = &'a ProjectFile> {
    let files = survey.project.files.iter();
    let is_used = |one: &&ProjectFile| one.role == Role::Env && one.document.is_some();
    files.filter(is_used).filter(move |one| survey.together.are(&file.path, &one.path))
}

/// Whether all of a file is one secret.
pub(super) fn is_one_secret(survey: &Survey, path: &RelPath) -> bool {
    matches!(survey.project.named().get(path), Some(Named::Secret(_)))
}

/// Where a value is in the files of a deployment.
pub(super) struct Places {
    /// What is replaced.
    pub(super) replaced: Vec<Place>,
    /// The same word under other names, which is left.
    pub(super) left: Vec<Place>,
}

/// Where a value stands. One that waits under `KEY_NEXT`, or is kept under `KEY_PREVIOUS`, is at no place.
pub(super) fn all_places(survey: &Survey, file: &ProjectFile, key: &Key, old: &Old<'_>) -> Places {
    let mut all = Places { replaced: Vec::new(), left: Vec::new() };
    for one in alike(survey, file) {
        all.replaced.extend(whole_file(survey, one, old));
        let Some(document) = &one.document else { continue };
        let assignment = |index: usize| document.assignments().get(index).filter(|one| !is_spared(one, key));
        let place = |(index, form)| Some(Place::of(one, assignment(index)?, index, form));
        all.replaced.extend(places(document, old).into_iter().filter_map(place));
        all.left.extend(left(document, old).into_iter().map(|index| (index, Form::Whole)).filter_map(place));
    }
    all
}

fn is_spared(assignment: &Assignment, key: &Key) -> bool {
    let mut spared = [NEXT, PREVIOUS].iter().map(|suffix| format!("{key}{suffix}"));
    assignment.key.as_ref().is_some_and(|key| spared.any(|name| name == key.as_str()))
}

/// A file behind `secrets:` that is the value. A weak one may be another secret that is the same word.
fn whole_file(survey: &Survey, file: &ProjectFile, old: &Old<'_>) -> Option<Place> {
    let secret = file.secrets.first().filter(|_| is_one_secret(survey, &file.path))?;
    let is_it = secret.value.ct_eq(old.value) && !old.is_weak();
    let (key, line) = (secret.key.clone(), secret.line);
    is_it.then(|| Place { file: file.path.clone(), key, line, index: usize::MAX, form: Form::File })
}

/// A place that contains the value and is not changed.
pub(super) struct Elsewhere {
    pub(super) path: RelPath,
    /// More about the place.
    pub(super) place: String,
    /// What to do about it.
    pub(super) what: &'static str,
}

/// Where else the value is: in copies, files of other deployments, and compose files.
pub(super) fn elsewhere(survey: &Survey, file: &ProjectFile, old: &Old<'_>) -> Vec<Elsewhere> {
    let mut found = Vec::new();
    for one in &survey.project.files {
        let in_document = || one.document.as_ref().is_some_and(|document| !places(document, old).is_empty());
        let holds = || in_document() || whole_file(survey, one, old).is_some();
        // What a rotation keeps itself is no forgotten copy: `promote` and `rollback` need it.
        let is_kept = [PENDING, PREVIOUS_VALUES].iter().any(|end| one.path.file_name().ends_with(end));
        match one.role {
            Role::Copy if !is_kept && holds() => {
                let (path, place) = (one.path.clone(), String::new());
                found.push(Elsewhere { path, place, what: ": it is a copy, delete it" });
            }
            Role::Env if !survey.together.are(&file.path, &one.path) && holds() => {
                let place = match survey.together.word(&one.path) {
                    "unknown" => " (environment unknown)".to_owned(),
                    word => format!(" ({word})"),
                };
                found.push(Elsewhere { path: one.path.clone(), place, what: ": it belongs to another deployment" });
            }
            _ => {}
        }
    }
    for literal in survey.project.literals(&|_, text| old.stands_in(text)) {
        let place = format!(" line {}", literal.line);
        found.push(Elsewhere { path: literal.path, place, what: ": change it there by hand" });
    }
    found
}

/// The root, to write below it.
pub(super) fn root(survey: &Survey) -> Result<Root, Error> {
    let root = &survey.located.root;
    Root::open(root).map_err(|error| Error::io("open", root, &error))
}

/// Changes one file under the lock of its directory; `None` from `work` leaves it as it is. What is changed is what
/// is there then, not what was read before.
#[expect(clippy::disallowed_methods, reason = "what was there is compared with what is written")]
pub(super) fn change(
    survey: &Survey,
    path: &RelPath,
    work: &dyn Fn(Document) -> Result<Option<Document>, EditError>,
) -> Result<Option<FileOwner>, Error> {
    let full = path.under(&survey.located.root);
    let refused = |why: Refusal| Error::Refused { path: full.clone(), why };
    let dir = PrivateDir::lock(&root(survey)?, &path.parent()).map_err(refused)?;
    let Some((text, held)) = dir.read(path.file_name()).map_err(refused)? else {
        return Err(Error::NoSuchPath(full));
    };
    let unreadable = |error: EditError| Error::EnvFile { path: full.clone(), line: None, fault: error.into() };
    let before = Document::parse(Secret::copy_of(text.expose()));
    if let Some(edited) = work(Document::parse(text)).map_err(unreadable)? {
        let names = changed_keys(&before, &edited);
        survey.project.read_back(path, (&before, &edited), &names).map_err(unreadable)?;
        dir.write(path.file_name(), edited.text(), Some(&held), None).map_err(refused)?;
    }
    Ok(Some(held.owner))
}

/// Puts a new value into a file that is one secret as a whole; what stands behind the old one, a line break, stays.
/// Whether the file has the new value then: not if it is another one.
#[expect(clippy::disallowed_methods, reason = "a file is written")]
pub(super) fn change_whole(
    survey: &Survey,
    path: &RelPath,
    old: &Secret,
    new: &Secret,
    dry: bool,
) -> Result<bool, Error> {
    let full = path.under(&survey.located.root);
    let refused = |why: Refusal| Error::Refused { path: full.clone(), why };
    let dir = PrivateDir::lock(&root(survey)?, &path.parent()).map_err(refused)?;
    let Some((text, held)) = dir.read(path.file_name()).map_err(refused)? else {
        return Err(Error::NoSuchPath(full));
    };
    let rest = |value: &Secret| text.expose().strip_prefix(value.expose()).filter(|rest| rest.trim_ascii().is_empty());
    let Some(rest) = rest(old) else { return Ok(rest(new).is_some()) };
    let changed = Secret::new([new.expose(), rest].concat());
    if dry { dir.admits(Some(&held)) } else { dir.rewrite(path.file_name(), &changed, &held) }.map_err(refused)?;
    Ok(true)
}
