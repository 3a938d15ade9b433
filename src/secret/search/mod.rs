//! Known values, found in any bytes, in the forms in which people paste them. Pure.
//!
//! Most bytes are never looked at: a value of `n` bytes holds, wherever it stands, a run of five bytes that starts at a
//! multiple of `n - 4`, so only those positions are asked for, against a table that fits into a processor's first cache.
//! Of a form that is broken into lines the longer part counts as `n`, and the rest is compared over the breaks.

pub mod archive;
mod filter;
mod form;
mod needles;
mod spot;
mod starts;
mod wrapped;

pub use form::Form;
pub(crate) use form::{base64, forms};
pub use needles::{Hit, Needles, SHORTEST};
pub use spot::{Spot, Spots};
pub(crate) use starts::{Reading, Starts};
pub use wrapped::Breaks;
#[cfg(test)]
pub(crate) use wrapped::length;

#[cfg(test)]
mod tests;
