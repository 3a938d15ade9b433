//! What the tips point at, behind tags.

use std::collections::BTreeSet;

use super::Oid;
use super::objects::{Fault, Kind, Objects, tag_target};
use super::refs;
use super::tips::Tip;
use crate::problem::Problem;

/// Tags of tags of tags: more than this is no honest repository.
const HOPS: usize = 64;

/// The object behind tags, or the one that could not be read.
type Peeled = Result<(Oid, Kind), (Oid, Fault)>;

/// A tip and the object behind it.
pub(super) struct Target<'a> {
    pub(super) tip: &'a Tip,
    pub(super) id: Oid,
    pub(super) kind: Kind,
}

/// Follows each tip through its tags. `kind` gives the type of an object without reading it. What a log names and
/// `git gc` pruned is no problem; what a ref names must be there.
pub(super) fn peel_all<'a>(
    objects: &dyn Objects,
    kind: &dyn Fn(Oid) -> Result<Kind, Fault>,
    tips: &'a BTreeSet<Tip>,
    problems: &mut Vec<Problem>,
) -> Vec<Target<'a>> {
    let mut targets = Vec::new();
    // Sorted by id, so that equal ids stand together and are peeled once.
    let mut last: Option<(Oid, Peeled)> = None;
    for tip in tips {
        let peeled = match last {
            Some((id, peeled)) if id == tip.id => peeled,
            _ => peel(objects, kind, tip.id),
        };
        last = Some((tip.id, peeled));
        match peeled {
            Ok((id, kind)) => targets.push(Target { tip, id, kind }),
            Err((id, Fault::Missing)) if id == tip.id && !tip.is_promised() => {}
            Err((id, Fault::Missing)) if id == tip.id => {
                problems.push(refs::broken(tip.name.as_deref().unwrap_or(b"HEAD")));
            }
            Err((id, fault)) => problems.push(fault.at(id)),
        }
    }
    targets
}

fn peel(objects: &dyn Objects, kind: &dyn Fn(Oid) -> Result<Kind, Fault>, tip: Oid) -> Peeled {
    let mut id = tip;
    for _ in 0..HOPS {
        let found = kind(id).map_err(|fault| (id, fault))?;
        if found != Kind::Tag {
            return Ok((id, found));
        }
        let content = objects.read_as(id, Kind::Tag).map_err(|fault| (id, fault))?;
        id = tag_target(&content).ok_or((id, Fault::Corrupt))?;
    }
    Err((tip, Fault::Corrupt))
}
