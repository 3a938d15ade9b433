//! After a leak: which secrets a compose service could see, and in which order they are replaced. Pure.

mod order;
mod reach;

pub use order::{rank, why};
pub use reach::{Reach, Sight, Way, reach};
