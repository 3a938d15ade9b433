//! Docker's build contexts: directories with a Dockerfile, and what their ignore files keep out.

use super::walk::Listing;
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

/// The contexts that the listed Dockerfiles make.
pub(super) fn contexts(root: &Root, listing: &Listing, problems: &mut Vec<Problem>) -> Vec<BuildContext> {
    let mut contexts: Vec<BuildContext> = Vec::new();
    for dockerfile in &listing.dockerfiles {
        let dir = dockerfile.parent();
        let ignore = ignore_of(root, dockerfile, problems);
        match contexts.iter_mut().find(|context| context.dir == dir) {
            Some(context) => context.ignores.push(ignore),
            None => contexts.push(BuildContext { dir, ignores: vec![ignore] }),
        }
    }
    contexts
}

/// `<Dockerfile>.dockerignore` is asked first; where it exists, the directory's own is not read at all.
fn ignore_of(root: &Root, dockerfile: &RelPath, problems: &mut Vec<Problem>) -> (RelPath, DockerIgnore) {
    let dir = dockerfile.parent();
    for path in ignore_file_names(dockerfile.file_name()).map(|name| dir.join(&name)) {
        match root.read(&path) {
            Ok(Some(bytes)) => return (path, DockerIgnore::parse(&bytes)),
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
    (dir.join(b".dockerignore"), DockerIgnore::default())
}
