//! Packs: many objects in one file, most of them as deltas on others (gitformat-pack).

mod big_endian;
mod buffer;
pub(super) mod delta;
pub(super) mod entry;
pub(super) mod file;
pub(super) mod index;
pub(super) mod index_probe;
pub(super) mod inflate;
pub(super) mod midx;
