//! From an example to a filled env file: what each key gets, and then the values. Pure.
//!
//! ```text
//! examples, env files -> survey (what is open) -> plan (what fills it) -> fill(plan, rng) -> env files
//! ```
//!
//! All files of one environment are planned together: a key of one name gets one value in all of them, and a password
//! inside a URL is that of the key beside it.

mod annotation;
mod fault;
mod fill;
mod issuer;
mod key_state;
mod plan;
mod recipe;
mod shipped;
#[cfg(test)]
mod tests;
mod url_password;

pub use annotation::Order;
pub use fault::Fault;
pub use fill::{Answers, Done, Filled, Unfilled, fill, put};
pub use key_state::{State, state};
pub use plan::{Action, Broken, Plan, Source, Step, Why};
pub(crate) use recipe::{anew, of as recipe};
pub use shipped::{SHIPPED, Shipped};
