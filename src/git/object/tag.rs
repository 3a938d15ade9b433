//! Annotated tags, and what they stand for.

use super::Oid;
use super::kind::Kind;
use super::read::{Fault, Objects};
use crate::problem::Problem;

/// What an annotated tag points at.
pub(in crate::git) fn tag_target(content: &[u8]) -> Option<Oid> {
    let line = content.split(|byte| *byte == b'\n').next()?;
    Oid::from_hex(line.strip_prefix(b"object ")?)
}

/// Tags of tags of tags: more than this is no honest repository.
const MOST_TAGS: usize = 64;

/// What stands behind tags, and the tags on the way.
pub(in crate::git) struct Peeled {
    pub(in crate::git) kind: Kind,
    pub(in crate::git) id: Oid,
    pub(in crate::git) tags: Vec<Oid>,
}

/// Follows tags to what they point at.
pub(in crate::git) fn peel(objects: &dyn Objects, tip: Oid) -> Result<Peeled, Problem> {
    let (mut id, mut tags) = (tip, Vec::new());
    while tags.len() < MOST_TAGS {
        let (kind, content) = objects.read(id).map_err(|fault| fault.at(id))?;
        if kind != Kind::Tag {
            return Ok(Peeled { kind, id, tags });
        }
        tags.push(id);
        id = tag_target(&content).ok_or_else(|| Fault::Corrupt.at(id))?;
    }
    Err(Fault::Corrupt.at(tip))
}
