//! What to replace first: what opens most to whoever has it, and what can be taken from them at once.

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

/// Why it stands there, in a few words.
#[must_use]
pub fn why(class: Class) -> &'static str {
    match class {
        Class::ApiKey => "issued by another service: revoke it there first",
        Class::AdminApiKey => "whoever has it is an administrator",
        Class::PrivateKey => "whoever has it is this host",
        Class::DatabasePassword => "opens the data",
        Class::JwtSecret | Class::SessionSecret => "whoever has it is any user; a new one ends all sessions",
        Class::Password => "opens another service",
        Class::Other | Class::Hash => "a secret of no special kind",
        Class::EncryptionKey => "stored data is encrypted anew with it: last, and with care",
    }
}
