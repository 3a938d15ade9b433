//! What the tips point at, behind tags.

use std::collections::BTreeSet;

use crate::git::object::kind::Kind;
use crate::git::object::read::{Fault, Objects};
use crate::git::object::tag::tag_target;
use crate::git::odb::Number;
use crate::git::refs::tips::Tip;
use crate::git::sweep::Sweep;
use crate::git::{Oid, refs};
use crate::problem::Problem;

/// Tags of tags of tags: more than this is no honest repository.
const HOPS: usize = 64;

/// The object behind tags, or the one that could not be read.
type Peeled = Result<(Number, Kind), (Oid, Fault)>;

/// A tip and the object behind it.
pub(in crate::git) struct Target<'a> {
    pub(in crate::git) tip: &'a Tip,
    pub(in crate::git) number: Number,
    pub(in crate::git) kind: Kind,
}

/// Follows each tip through its tags. What a log names and
/// `git gc` pruned is no problem; what a ref names must be there.
pub(in crate::git) fn peel_all<'a>(
    sweep: &Sweep,
    objects: &dyn Objects,
    tips: &'a BTreeSet<Tip>,
    problems: &mut Vec<Problem>,
) -> Vec<Target<'a>> {
    let mut targets = Vec::new();
    // Sorted by id, so that equal ids stand together and are peeled once.
    let mut last: Option<(Oid, Peeled)> = None;
    for tip in tips {
        let peeled = match last {
            Some((id, peeled)) if id == tip.id => peeled,
            _ => peel(sweep, objects, tip.id),
        };
        last = Some((tip.id, peeled));
        match peeled {
            Ok((number, kind)) => targets.push(Target { tip, number, kind }),
            Err((id, Fault::Missing)) if id == tip.id && !tip.is_promised() => {}
            Err((id, Fault::Missing)) if id == tip.id => {
                problems.push(refs::broken(tip.name.as_deref().unwrap_or(b"HEAD")));
            }
            Err((id, fault)) => problems.push(fault.at(id)),
        }
    }
    targets
}

fn peel(sweep: &Sweep, objects: &dyn Objects, tip: Oid) -> Peeled {
    let mut id = tip;
    for _ in 0..HOPS {
        let number = sweep.number(id).ok_or((id, Fault::Missing))?;
        let kind = sweep.kind(number).map_err(|fault| (id, fault))?;
        if kind != Kind::Tag {
            return Ok((number, kind));
        }
        let content = objects.read_as(id, Kind::Tag).map_err(|fault| (id, fault))?;
        id = tag_target(&content).ok_or((id, Fault::Corrupt))?;
    }
    Err((tip, Fault::Corrupt))
}
