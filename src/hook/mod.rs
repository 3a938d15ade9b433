//! envward's hooks of git: their scripts, what stands where one belongs, and whether git runs them.

mod lapse;
mod place;
mod script;

pub use lapse::{Lapse, Reason};
pub(crate) use place::{Found, Place};
pub(crate) use script::ALL;
