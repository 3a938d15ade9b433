//! Values that a project's ledger knows to be replaced, wherever they turn up.

use super::{ledger, survey};
use crate::config::Config;
use crate::engine::locate::Located;
use crate::ledger::{Book, FingerprintKey, Ledger as _, ValueState};
use crate::problem::{Problem, ProblemKind};
use crate::rotation::base_of;
use crate::secret::mask::Mask;
use crate::secret::{Secret, class};
use crate::system::System;

/// What a project's ledger says of values.
pub(crate) struct Replaced {
    book: Book,
    fingerprints: FingerprintKey,
}

impl Replaced {
    /// `None` where no ledger knows the project.
    pub(crate) fn of(located: &Located, config: &Config, system: &System) -> Result<Option<Self>, Problem> {
        let Some((kept, fingerprints)) = ledger::existing(&located.root, system)? else { return Ok(None) };
        let Ok(name) = survey::name(&located.root, config, &Mask::new(Vec::new())) else { return Ok(None) };
        let book = kept.read(&name).map_err(|_| Problem::whole(ProblemKind::UnusableLedger))?;
        Ok(book.map(|book| Self { book, fingerprints }))
    }

    /// Whether what stands under this name was replaced under any key, and is in use under none. What a rotation keeps
    /// beside its key may stay until it is confirmed.
    pub(crate) fn has(&self, name: &str, value: &Secret) -> bool {
        let found = self.states(name, value);
        let is = |state| found.contains(&state);
        let is_retiring = is(ValueState::Retiring) && base_of(name).is_none();
        !is(ValueState::Current) && (is(ValueState::Retired) || is_retiring)
    }

    /// Where a value, or the password in it, is in its life, under each key that knows it.
    #[expect(clippy::disallowed_methods, reason = "the judge takes bytes")]
    fn states(&self, name: &str, value: &Secret) -> Vec<ValueState> {
        let password = class::password(name, value.expose()).map(Secret::new);
        let secret = password.as_ref().unwrap_or(value);
        let mut states = Vec::new();
        for entry in &self.book.entries {
            let Some(fingerprint) = self.fingerprints.fingerprint(&entry.key, secret) else { continue };
            states.extend(
                entry.values.iter().filter(|held| held.fingerprint == Some(fingerprint)).map(|held| held.state),
            );
        }
        states
    }
}
