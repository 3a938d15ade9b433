//! What is reported of env files already.

use std::collections::HashSet;

use crate::git::Oid;
use crate::leak::Exposure;
use crate::path::RelPath;
use crate::secret::Tag;

/// What is told of env files already: the file, or the content without a path, and the value.
#[derive(Default)]
pub(crate) struct Reported(pub(crate) HashSet<(RelPath, Option<Oid>, Tag)>);

impl Reported {
    /// Notes what an env file in the history is reported for.
    pub(crate) fn note(&mut self, exposure: &Exposure) {
        let (path, nameless) = (&exposure.history.path, exposure.history.blobs.last().filter(|_| exposure.nameless));
        let blob = nameless.map(|blob| blob.id);
        self.0.extend(exposure.told.iter().map(|tag| (path.clone(), blob, *tag)));
    }
}
