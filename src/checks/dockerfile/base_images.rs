//! The images from outside the project that a build uses.

use std::num::NonZeroU32;

use crate::docker::dockerfile::{Base, find};
use crate::path::RelPath;
use crate::project::{Build, NamedContext as Named, Other};

/// An image from outside the project that a build uses, and where it is named.
pub(super) struct Taken {
    pub(super) path: RelPath,
    pub(super) line: NonZeroU32,
    pub(super) image: String,
}

/// The images from outside the project that a build uses. An image of a named context is in the compose file.
pub(super) fn images(build: &Build) -> Vec<Taken> {
    let (stages, image) = build.stages();
    // What the image does not need is not built.
    let used = image.map(|image| Build::used(&stages, image)).unwrap_or_default();
    let mut found = Vec::new();
    let named = |named: &Named, image: &str| Taken { path: named.path.clone(), line: named.line, image: image.into() };
    for (_, stage) in stages.iter().enumerate().filter(|(at, _)| used.contains(at)) {
        if let Base::Image(image) = &stage.base {
            let by_name = stage.name.and_then(|name| build.named(name)).or_else(|| build.named(&stage.from));
            let here = || Taken { path: build.path.clone(), line: stage.line, image: image.clone() };
            found.push(by_name.map_or_else(here, |by_name| named(by_name, image)));
        }
        // Report an image once, even if it is mounted several times.
        let is_new = |found: &[Taken], image: &str| found.iter().all(|known| known.image != image);
        let is_stage = |from: &str| find(&stages, from).is_some() || from.contains('$');
        let mut sources: Vec<_> = stage.sources().filter(|(_, from)| !is_stage(from)).collect();
        sources.sort_unstable();
        for (line, from) in sources {
            match build.named(from).map(|by_name| (by_name, &by_name.what)) {
                Some((by_name, Other::Image(image))) if is_new(&found, image) => found.push(named(by_name, image)),
                None if is_new(&found, from) && !build.is_own(from) => {
                    found.push(Taken { path: build.path.clone(), line, image: from.to_owned() });
                }
                _ => {}
            }
        }
    }
    found
}
