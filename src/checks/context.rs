//! What a check may know besides.

use jiff::civil::Date;

use crate::config::Config;
use crate::project::Project;
use crate::rotation::Ages;
use crate::secret::GroupKey;

/// What a check may know besides.
pub struct Context<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// The project in the work tree; empty where there is none.
    pub project: &'a Project,
    /// Who runs envward.
    pub user: u32,
    /// Whether the question is what a commit would add, and not what there is.
    pub staged_only: bool,
    /// Groups equal values.
    pub group: &'a GroupKey,
    /// How old the secrets are; `None` where no ledger knows the project.
    pub ages: Option<&'a Ages>,
    /// The day ages are counted to.
    pub today: Date,
}
