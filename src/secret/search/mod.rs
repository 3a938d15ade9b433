//! Known values, found in any bytes, in the forms in which people paste them. Pure.
//!
//! Most bytes are never examined: a value of `n` bytes holds, wherever it stands, a run of five bytes that starts at a
//! multiple of `n - 4`, so only those positions are asked for, against a table that fits into a processor's first cache.
//! Of a form that is broken into lines the longer part counts as `n`, and the rest is compared over the breaks.

pub mod archive;
mod filter;
mod first_places;
pub(crate) mod line_breaks;
mod longest_match;
mod needles;
mod pieces;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use line_breaks::length;

pub use first_places::{Spot, Spots};
pub use line_breaks::Breaks;
pub(crate) use longest_match::{Reading, Starts};
pub use needles::{Hit, Needles, SHORTEST};
pub use pieces::{Pieces, Sighted};
