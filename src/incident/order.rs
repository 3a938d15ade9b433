//! What to replace first: what opens most to anyone who has it, and what can be taken from them at once.

use crate::secret::class::Class;

/// The place of a class in the order; the smallest first.
#[must_use]
pub fn rank(class: Class) -> u8 {
    match class {
        Class::ApiKey => 0,
        Class::AdminApiKey => 1,
        Class::PrivateKey => 2,
        Class::DatabasePassword => 3,
        Class::JwtSecret | Class::SessionSecret => 4,
        Class::Password => 5,
        Class::Other | Class::Hash => 6,
        Class::EncryptionKey => 7,
    }
}

/// Why it is there, in a few words.
#[must_use]
pub fn why(class: Class) -> &'static str {
    match class {
        Class::ApiKey => "revoke it at its provider first",
        Class::AdminApiKey => "anyone holding it is an administrator",
        Class::PrivateKey => "anyone holding it can pose as this host",
        Class::DatabasePassword => "opens the database",
        Class::JwtSecret | Class::SessionSecret => {
            "anyone holding it can sign in as anyone; replacing it logs everyone out"
        }
        Class::Password => "opens another service",
        Class::Other | Class::Hash => "use unknown",
        Class::EncryptionKey => "stored data must be encrypted again: last, and with care",
    }
}
