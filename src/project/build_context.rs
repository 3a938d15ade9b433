//! Docker's build contexts: directories with a Dockerfile, and what their ignore files keep out.

use std::collections::BTreeSet;

use super::walk::Listing;
use crate::docker::compose::{Other, Recipe, Site, Stack};
use crate::docker::dockerfile::ignore::DockerIgnore;
use crate::docker::dockerfile::ignore_file_names;
use crate::files::Root;
use crate::path::RelPath;
use crate::problem::Problem;

/// A directory that `docker build` would send to the daemon.
#[derive(Debug)]
pub struct BuildContext {
    /// The directory.
    pub dir: RelPath,
    /// The ignore files in force, one for each Dockerfile: its own, else the directory's.
    ignores: Vec<(RelPath, DockerIgnore)>,
}

impl BuildContext {
    /// The ignore files that let a build send this file.
    #[must_use]
    pub fn lets_through(&self, path: &RelPath) -> Vec<&RelPath> {
        let Some(below) = path.strip_dir(&self.dir) else { return Vec::new() };
        let mut files: Vec<&RelPath> =
            self.ignores.iter().filter(|(_, ignore)| !ignore.excludes(&below)).map(|(file, _)| file).collect();
        files.dedup();
        files
    }
}

/// The contexts that services are built from, and of every other Dockerfile its own directory.
pub(super) fn contexts(
    root: &Root,
    listing: &Listing,
    stacks: &[Stack],
    problems: &mut Vec<Problem>,
) -> Vec<BuildContext> {
    let mut pairs: BTreeSet<(RelPath, Option<RelPath>)> = BTreeSet::new();
    for building in stacks.iter().flat_map(Stack::services).filter_map(|service| service.building()) {
        let file = match building.recipe {
            Recipe::File(Site::Below(file)) => Some(file),
            Recipe::Inline(_) => None,
            Recipe::File(_) => continue,
        };
        if let Site::Below(context) = building.context {
            pairs.insert((context, file));
        }
        let others = building.named.into_iter().filter_map(|named| match named.what {
            Other::Files(Site::Below(dir)) => Some((dir, None)),
            _ => None,
        });
        pairs.extend(others);
    }
    let built: BTreeSet<RelPath> = pairs.iter().filter_map(|(_, dockerfile)| dockerfile.clone()).collect();
    let alone = listing.dockerfiles.iter().filter(|dockerfile| !built.contains(*dockerfile));
    pairs.extend(alone.map(|dockerfile| (dockerfile.parent(), Some(dockerfile.clone()))));
    let mut contexts: Vec<BuildContext> = Vec::new();
    // Sorted: those of one directory come one after the other.
    for (dir, dockerfile) in pairs {
        let ignore = ignore_of(root, dockerfile.as_ref(), &dir, problems);
        match contexts.last_mut().filter(|context| context.dir == dir) {
            Some(context) => context.ignores.push(ignore),
            None => contexts.push(BuildContext { dir, ignores: vec![ignore] }),
        }
    }
    contexts
}

/// `<Dockerfile>.dockerignore`, beside the Dockerfile, is asked first; where it exists, the context's own is not read.
/// A Dockerfile inside a compose file has none of its own.
pub(super) fn ignore_of(
    root: &Root,
    dockerfile: Option<&RelPath>,
    context: &RelPath,
    problems: &mut Vec<Problem>,
) -> (RelPath, DockerIgnore) {
    let shared = context.join(b".dockerignore");
    let own = dockerfile.map(|path| {
        let [own, _] = ignore_file_names(path.file_name());
        path.parent().join(&own)
    });
    for path in own.into_iter().chain([shared.clone()]) {
        match root.read(&path) {
            Ok(Some(bytes)) => return (path, DockerIgnore::parse(&bytes)),
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
    (shared, DockerIgnore::default())
}
