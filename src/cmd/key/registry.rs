//! The project's keys in the ledger.

use crate::cli::key::Whose;
use crate::engine::{locate, rotation};
use crate::error::{Error, KeyFault};
use crate::ledger::{KeyRecord, Keys as _, Sqlite, StatePlace};
use crate::path::RelPath;
use crate::project::Project;
use crate::secret::apikey::Id;
use crate::secret::mask::Mask;
use crate::system::System;

/// The keys of one project.
pub(in crate::cmd) struct Registry {
    project: String,
    place: StatePlace,
    /// `None` where nothing was ever kept.
    ledger: Option<Sqlite>,
    /// What no list and no export may show.
    mask: Mask,
}

impl Registry {
    /// Opens it to write; makes it where there is none.
    pub(super) fn open(args: &Whose, system: &System) -> Result<Self, Error> {
        let (project, place, mask) = whose(args, system)?;
        let (ledger, _) = rotation::open(&place)?;
        Ok(Self { project, place, ledger: Some(ledger), mask })
    }

    /// Opens it to read, and writes nothing.
    pub(in crate::cmd) fn peek(args: &Whose, system: &System) -> Result<Self, Error> {
        let (project, place, mask) = whose(args, system)?;
        let (ledger, _) = rotation::peek(&place)?;
        Ok(Self { project, place, ledger, mask })
    }

    /// The same one, opened to write.
    pub(super) fn writable(self) -> Result<Self, Error> {
        drop(self.ledger);
        let (ledger, _) = rotation::open(&self.place)?;
        Ok(Self { ledger: Some(ledger), ..self })
    }

    /// What the ledger calls the project.
    pub(super) fn project(&self) -> &str {
        &self.project
    }

    /// A text of a person's own, to be shown in lists: refused where it holds a secret of the project.
    pub(super) fn label(&self, text: String) -> Result<String, Error> {
        match self.mask.is_free(&text) {
            true => Ok(text),
            false => Err(Error::SecretInText),
        }
    }

    /// The keys, the oldest first.
    pub(in crate::cmd) fn keys(&self) -> Result<Vec<KeyRecord>, Error> {
        let keys = self.ledger.as_ref().map_or(Ok(Vec::new()), |ledger| ledger.keys(&self.project));
        keys.map_err(|fault| rotation::failed(&self.place, fault))
    }

    /// Adds a key, in place of another one where that is named.
    pub(super) fn add(&mut self, key: &KeyRecord, replaces: Option<&Id>) -> Result<(), Error> {
        self.work(&mut |keys| {
            if let Some(old) = replaces {
                find(keys, old).ok_or(KeyFault::UnknownId)?.replaced_by = Some(key.id.clone());
            }
            keys.push(key.clone());
            Ok(())
        })
    }

    /// Changes one key.
    pub(super) fn change(&mut self, id: &Id, change: &mut dyn FnMut(&mut KeyRecord)) -> Result<(), Error> {
        self.work(&mut |keys| find(keys, id).map(&mut *change).ok_or(KeyFault::UnknownId))
    }

    fn work(&mut self, work: &mut dyn FnMut(&mut Vec<KeyRecord>) -> Result<(), KeyFault>) -> Result<(), Error> {
        let Some(ledger) = &mut self.ledger else { return Err(KeyFault::NoRegistry.into()) };
        let mut answer = Ok(());
        let kept = ledger.update_keys(&self.project, &mut |keys| answer = work(keys));
        kept.map_err(|fault| rotation::failed(&self.place, fault))?;
        Ok(answer?)
    }
}

fn find<'a>(keys: &'a mut [KeyRecord], id: &Id) -> Option<&'a mut KeyRecord> {
    keys.iter_mut().find(|key| key.id == *id)
}

/// The project, as the ledger calls it, and where the ledger is.
fn whose(args: &Whose, system: &System) -> Result<(String, StatePlace, Mask), Error> {
    let located = locate::project(args.project.as_deref(), system)?;
    let config = locate::configuration(&located.root, args.config.as_deref(), system)?;
    let place = rotation::place(&located.root, system)?.clone();
    let project = Project::load(&located.root, &RelPath::default(), false, &config, located.repository.as_ref())?;
    let mask = rotation::mask_of(&project, &config, system);
    let name = rotation::name(&located.root, &config, &mask)?;
    Ok((name, place, mask))
}
