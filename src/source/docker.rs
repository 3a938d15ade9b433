//! Docker's build contexts: directories with a Dockerfile, and what their ignore files keep out.

use std::collections::BTreeSet;

use super::walk::Listing;
use crate::compose::Stack;
use crate::dockerfile::ignore::DockerIgnore;
use crate::dockerfile::ignore_file_names;
use crate::files::Root;
use crate::path::RelPath;
use crate::problem::Problem;

pub(super) use crate::dockerfile::is_dockerfile;

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
    let mut pairs: BTreeSet<(RelPath, RelPath)> =
        stacks.iter().flat_map(Stack::services).filter_map(|one| one.build()).collect();
    let built: BTreeSet<RelPath> = pairs.iter().map(|(_, dockerfile)| dockerfile.clone()).collect();
    let alone = listing.dockerfiles.iter().filter(|dockerfile| !built.contains(*dockerfile));
    pairs.extend(alone.map(|dockerfile| (dockerfile.parent(), dockerfile.clone())));
    let mut contexts: Vec<BuildContext> = Vec::new();
    // Sorted: those of one directory come one after the other.
    for (dir, dockerfile) in pairs {
        let ignore = ignore_of(root, &dockerfile, &dir, problems);
        match contexts.last_mut().filter(|context| context.dir == dir) {
            Some(context) => context.ignores.push(ignore),
            None => contexts.push(BuildContext { dir, ignores: vec![ignore] }),
        }
    }
    contexts
}

/// `<Dockerfile>.dockerignore`, beside the Dockerfile, is asked first; where it exists, the context's own is not read.
pub(super) fn ignore_of(
    root: &Root,
    dockerfile: &RelPath,
    context: &RelPath,
    problems: &mut Vec<Problem>,
) -> (RelPath, DockerIgnore) {
    let [own, shared] = ignore_file_names(dockerfile.file_name());
    for path in [dockerfile.parent().join(&own), context.join(&shared)] {
        match root.read(&path) {
            Ok(Some(bytes)) => return (path, DockerIgnore::parse(&bytes)),
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
    (context.join(b".dockerignore"), DockerIgnore::default())
}
