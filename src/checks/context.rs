//! What a check knows besides its artifact.

use jiff::civil::Date;

use crate::config::Config;
use crate::env::Key;
use crate::path::RelPath;
use crate::project::Project;
use crate::rotation::{Ages, PENDING, PREVIOUS_VALUES};
use crate::secret::GroupKey;

/// What a check knows besides its artifact.
pub struct Context<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// The project in the work tree; empty if there is none.
    pub project: &'a Project,
    /// The user who runs envward.
    pub user: u32,
    /// Whether only the changes of the next commit count, not the existing files.
    pub staged_only: bool,
    /// Groups equal values.
    pub group: &'a GroupKey,
    /// The ages of the secrets; `None` if the ledger does not know the project.
    pub ages: Option<&'a Ages>,
    /// The day for which ages are calculated.
    pub today: Date,
}

impl Context<'_> {
    /// Whether a rotation of this key is open. Until it is confirmed, its old value belongs there.
    pub(crate) fn is_rotating(&self, file: &RelPath, key: &str) -> bool {
        let mut open = self.ages.iter().flat_map(|ages| &ages.rotating);
        open.any(|(of, rotating)| of == file && rotating.as_str() == key)
    }

    /// Whether an open rotation keeps values in this file, which is named after its env file and its key.
    pub(crate) fn is_kept_by_rotation(&self, file: &RelPath) -> bool {
        let name = [PENDING, PREVIOUS_VALUES].iter().find_map(|end| file.as_bytes().strip_suffix(*end));
        let is_its = |(of, key): &(RelPath, Key)| {
            name.is_some_and(|name| name == [of.as_bytes(), b".", key.as_str().as_bytes()].concat())
        };
        self.ages.iter().flat_map(|ages| &ages.rotating).any(is_its)
    }
}
