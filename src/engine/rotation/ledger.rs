//! The ledger, opened: where it is, that it is private, and who owns it.

use std::path::{Path, PathBuf};

use nix::unistd::{Uid, User};
use rand::TryRng;
use rand::rngs::SysRng;

use crate::error::Error;
use crate::ledger::{Fault, FingerprintKey, Sqlite, StateDir, StatePlace, When};
use crate::problem::{Problem, ProblemKind};
use crate::system::System;

/// The ledger's place, for a project with this root.
pub(crate) fn place<'a>(root: &Path, system: &'a System) -> Result<&'a StatePlace, Error> {
    let place = any_place(system)?;
    match place.is_inside(root) {
        true => Err(Error::Ledger { path: place.dir.clone(), fault: Fault::InsideProject }),
        false => Ok(place),
    }
}

/// The ledger's place, for a project that is not there.
pub(crate) fn any_place(system: &System) -> Result<&StatePlace, Error> {
    let why = || if system.ledger_is_off { Error::LedgerOff } else { Error::NoStatePlace };
    system.state.as_ref().ok_or_else(why)
}

/// Opens it to write, and makes it where there is none.
pub(crate) fn open(place: &StatePlace) -> Result<(Sqlite, FingerprintKey), Error> {
    let opened = || {
        let dir = StateDir::make(&place.dir)?;
        // The ledger before its key: see `Sqlite::open`.
        let ledger = Sqlite::open(&dir)?;
        Ok((ledger, dir.key_or_new()?))
    };
    opened().map_err(|fault| failed(place, fault))
}

/// The key alone, made where there is none.
pub(crate) fn fingerprints(place: &StatePlace) -> Result<FingerprintKey, Error> {
    let key = StateDir::make(&place.dir).and_then(|dir| dir.key_or_new());
    key.map_err(|fault| failed(place, fault))
}

/// Opens it to read. Where there is no key, one of this run alone takes its place: nothing equals what is kept.
pub(crate) fn peek(place: &StatePlace) -> Result<(Option<Sqlite>, FingerprintKey), Error> {
    let opened = || {
        let Some(dir) = StateDir::open(&place.dir)? else { return Ok((None, None)) };
        Ok((Sqlite::read_only(&dir)?, dir.key()?))
    };
    let (ledger, key) = opened().map_err(|fault| failed(place, fault))?;
    let key = match key {
        Some(key) => key,
        None => {
            let mut random = zeroize::Zeroizing::new([0; 32]);
            let filled = SysRng.try_fill_bytes(random.as_mut_slice());
            filled.map_err(|_| Error::Random)?;
            FingerprintKey::new(&random)
        }
    };
    Ok((ledger, key))
}

/// The ledger that is there, to read what it knows of a project with this root; `None` where there is none.
pub(crate) fn existing(root: &Path, system: &System) -> Result<Option<(Sqlite, FingerprintKey)>, Problem> {
    let unusable = || Problem::whole(ProblemKind::UnusableLedger);
    let Some(place) = system.state.as_ref().filter(|place| place.dir.symlink_metadata().is_ok()) else {
        return Ok(None);
    };
    if place.is_inside(root) {
        return Err(unusable());
    }
    let (kept, fingerprints) = peek(place).map_err(|_| unusable())?;
    Ok(kept.map(|kept| (kept, fingerprints)))
}

/// What went wrong with the ledger there.
pub(crate) fn failed(place: &StatePlace, fault: Fault) -> Error {
    Error::Ledger { path: place.dir.clone(), fault }
}

/// Now, and who runs this.
pub(crate) fn now(system: &System) -> When {
    When { day: system.today, at: system.now, by: user_name(system.user) }
}

fn user_name(user: u32) -> String {
    let found = User::from_uid(Uid::from_raw(user)).ok().flatten();
    found.map_or_else(|| user.to_string(), |user| user.name)
}

/// Another user's ledger that may know this project, too: root made the secrets and the job runs as somebody else, or
/// the other way round. Only that it is there is examined.
pub(crate) fn other(place: &StatePlace, owner: Option<u32>, system: &System) -> Option<PathBuf> {
    // Where a variable names the place, anyone who set it chose it.
    place.home.as_ref()?;
    let candidate = if system.user == 0 {
        let owner = owner.filter(|owner| *owner != 0)?;
        User::from_uid(Uid::from_raw(owner)).ok()??.dir.join(".local/state/envward")
    } else {
        PathBuf::from("/var/lib/envward")
    };
    (candidate != place.dir && candidate.symlink_metadata().is_ok()).then_some(candidate)
}
