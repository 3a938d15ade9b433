//! The ledger around a look at a project, and around what a verb makes.

pub(crate) mod ages;
pub(crate) mod ledger;
pub(crate) mod outbox;
pub(crate) mod project;
pub(crate) mod record_made;
pub(crate) mod replaced;
pub(crate) mod survey;
pub(crate) mod told;
pub(crate) mod values_before;

pub(crate) use ages::{ages, made};
pub(crate) use ledger::{failed, now, open, peek, place};
pub(crate) use replaced::Replaced;
pub(crate) use survey::{mask_of, name};
pub(crate) use values_before::none_in_use;
