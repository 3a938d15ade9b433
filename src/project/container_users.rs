//! Who must be able to read a file of the project that containers are given as it is on the host.

use crate::docker::compose::{Location, Stack, User};
use crate::path::RelPath;
use crate::project::load::Project;

impl Project {
    /// The users of the services that are given this very file.
    #[must_use]
    pub fn file_readers(&self, path: &RelPath) -> Vec<User> {
        let services = self.stacks.iter().flat_map(Stack::services);
        let is_given = services.filter(|service| {
            let files = service.given_files();
            files.iter().any(|file| matches!(&file.location, Location::Below(below) if below == path))
        });
        let mut readers: Vec<User> = is_given.map(|service| service.user()).collect();
        readers.sort_unstable();
        readers.dedup();
        readers
    }

    /// Whether each of them still reads it when its owner alone can.
    #[must_use]
    pub fn may_be_private(&self, path: &RelPath) -> bool {
        let file = self.files.iter().find(|file| file.path == *path);
        let Some(stat) = file.and_then(|file| file.stat) else { return true };
        self.file_readers(path).iter().all(|user| user.reads(0o600, (stat.uid, stat.gid)) == Some(true))
    }
}
