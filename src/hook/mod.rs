//! envward's hooks of git: their scripts, what stands where one belongs, and whether git runs them.

mod installed;
mod not_in_force;
mod script;

pub(crate) use installed::{Found, Place};
pub use not_in_force::{Lapse, Reason, is_in_force, program};
pub(crate) use script::ALL;
