//! The env files of one environment, and where a value stands in them.

use crate::cmd::rotation::survey::Survey;
use crate::env::names::Role;
use crate::env::{Document, EditError, Key};
use crate::error::Error;
use crate::files::{Owner, PrivateDir, Refusal, Root};
use crate::path::RelPath;
use crate::rotation::Standing;
use crate::rotation::places::{Form, places};
use crate::secret::Secret;
use crate::source::{FoundSecret, ProjectFile};

/// One place where the old value stands.
pub(super) struct Place {
    pub(super) file: RelPath,
    pub(super) key: Option<Key>,
    pub(super) line: std::num::NonZeroU32,
    pub(super) index: usize,
    pub(super) form: Form,
}

/// The file of a secret.
pub(super) fn file_of<'a>(survey: &'a Survey, standing: &Standing) -> Result<&'a ProjectFile, Error> {
    let found = survey.project.files.iter().find(|file| file.path == standing.file && file.role == Role::Env);
    found.ok_or_else(|| Error::NoSuchPath(standing.file.under(&survey.located.root)))
}

/// The value of a secret as it is in use: of a URL the password.
pub(super) fn value_of<'a>(file: &'a ProjectFile, key: &Key) -> Result<&'a FoundSecret, Error> {
    let found = file.secrets.iter().rfind(|secret| secret.key.as_ref() == Some(key));
    found.ok_or(Error::Usage("no env file in use here has a secret under that key"))
}

/// The env files in use of the same environment: they are changed together.
pub(super) fn alike<'a>(survey: &'a Survey, file: &ProjectFile) -> impl Iterator<Item = &'a ProjectFile> {
    let environment = file.environment;
    let files = survey.project.files.iter();
    files.filter(move |one| one.role == Role::Env && one.environment == environment && one.document.is_some())
}

/// Where `value` stands in them. A value that waits under `KEY_NEXT`, or is kept under `KEY_PREVIOUS`, is no place.
pub(super) fn all_places(survey: &Survey, file: &ProjectFile, key: &Key, value: &Secret) -> Vec<Place> {
    let spared = [crate::rotation::NEXT, crate::rotation::PREVIOUS].map(|suffix| format!("{key}{suffix}"));
    let mut found = Vec::new();
    for one in alike(survey, file) {
        let Some(document) = &one.document else { continue };
        for (index, form) in places(document, value) {
            let Some(assignment) = document.assignments().get(index) else { continue };
            let is_spared = assignment.key.as_ref().is_some_and(|key| spared.iter().any(|name| name == key.as_str()));
            if !is_spared {
                let (file, key) = (one.path.clone(), assignment.key.clone());
                found.push(Place { file, key, line: assignment.line, index, form });
            }
        }
    }
    found
}

/// The other files that hold the value and are not changed: copies, and those of other environments.
pub(super) fn elsewhere(survey: &Survey, file: &ProjectFile, value: &Secret) -> Vec<(RelPath, &'static str)> {
    let mut found = Vec::new();
    for one in &survey.project.files {
        let holds = one.document.as_ref().is_some_and(|document| !places(document, value).is_empty());
        let is_pending = one.path.file_name().ends_with(crate::rotation::PENDING);
        match one.role {
            Role::Copy if holds && !is_pending => found.push((one.path.clone(), "a copy: remove it")),
            Role::Env if holds && one.environment != file.environment => {
                found.push((one.path.clone(), one.environment.word()));
            }
            _ => {}
        }
    }
    found
}

/// The root, to write below it.
pub(super) fn root(survey: &Survey) -> Result<Root, Error> {
    let root = &survey.located.root;
    Root::open(root).map_err(|error| Error::io("open", root, &error))
}

/// Changes one file under the lock of its directory; `None` from `work` leaves it as it is. What is changed is what
/// stands there then, not what was read before.
pub(super) fn change(
    survey: &Survey,
    path: &RelPath,
    work: &dyn Fn(Document) -> Result<Option<Document>, EditError>,
) -> Result<Option<Owner>, Error> {
    let full = path.under(&survey.located.root);
    let refused = |why: Refusal| Error::Refused { path: full.clone(), why };
    let dir = PrivateDir::lock(&root(survey)?, &path.parent()).map_err(refused)?;
    let Some((text, held)) = dir.read(path.file_name()).map_err(refused)? else {
        return Err(Error::NoSuchPath(full));
    };
    let unreadable = |error: EditError| Error::EnvFile { path: full.clone(), line: None, fault: error.into() };
    if let Some(edited) = work(Document::parse(text)).map_err(unreadable)? {
        dir.write(path.file_name(), edited.text(), Some(&held), None).map_err(refused)?;
    }
    Ok(Some(held.owner))
}
