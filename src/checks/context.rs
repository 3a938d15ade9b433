//! What a check knows besides its artifact.

use jiff::civil::Date;

use crate::config::Config;
use crate::project::Project;
use crate::rotation::Ages;
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
