//! Who makes a new value for a secret of an env file: envward, the service that issues it, or a person.

use super::recipe::{anew, is_issued};
use crate::project::{FoundSecret, ProjectFile};

impl ProjectFile {
    /// Whether another service issues this secret.
    #[must_use]
    pub fn is_issued(&self, secret: &FoundSecret) -> bool {
        is_issued(secret.class, &secret.name, self.document.as_ref())
    }

    /// Whether no new value of this secret can be made here: another service issues it, or its form is the application's.
    #[must_use]
    pub fn is_by_hand(&self, secret: &FoundSecret) -> bool {
        anew(secret.class, &secret.name, &secret.value, self.document.as_ref()).is_none()
    }
}
