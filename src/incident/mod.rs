//! After a leak: which secrets a compose service could see, and in which order they are replaced. Pure.

mod blast_radius;
mod order;

pub use blast_radius::{BlastRadius, Sight, Way, reach};
pub use order::{rank, why};
