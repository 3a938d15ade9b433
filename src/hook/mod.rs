//! envward's hooks of git: their scripts, what stands where one belongs, and whether git runs them.

mod call;
mod installed;
mod not_in_force;
mod script;
mod site;
mod tool;

pub use call::{Call, How};
pub(crate) use installed::Found;
pub use not_in_force::{Force, Lapse, Reason, call_before_commit, force, not_calling, program};
pub(crate) use script::{ALL, Script};
pub(crate) use site::Site;
pub(crate) use tool::Tool;
