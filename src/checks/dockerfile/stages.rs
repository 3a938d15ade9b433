//! The stages that an image is built from.

use crate::docker::dockerfile::{Base, Stage};

/// A stage and the stages that it builds on.
pub(super) fn chain<'s, 'a>(stages: &'s [Stage<'a>], image: usize) -> Vec<&'s Stage<'a>> {
    let mut chain = Vec::new();
    let mut next = stages.get(image);
    while let Some(stage) = next {
        chain.push(stage);
        next = match stage.base {
            Base::Stage(at) => stages.get(at),
            _ => None,
        };
    }
    chain
}
