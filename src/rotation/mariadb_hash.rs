//! MariaDB's own hash of a password (`mysql_native_password`), so that the server is told a new one without seeing it:
//! neither the statement nor a log holds it.

use std::fmt::Write as _;

use sha1::{Digest, Sha1};

use crate::secret::Secret;

/// The user that the images make twice: for the server's own socket, and for everywhere else.
const ROOT: &str = "root";

/// `*` and SHA1(SHA1(password)) in upper-case hexadecimal digits, as the server's `PASSWORD()` gives it.
#[expect(clippy::disallowed_methods, reason = "hashed")]
fn hash(password: &Secret) -> String {
    let twice = Sha1::digest(Sha1::digest(password.expose()));
    twice.iter().fold("*".to_owned(), |mut text, byte| {
        let _ = write!(text, "{byte:02X}");
        text
    })
}

/// The statement that gives anyone who runs it this password: a user may always change its own, and need not say for which
/// hosts it is known.
#[must_use]
pub fn set_password(user: &str, password: &Secret) -> String {
    let hash = hash(password);
    let other = match user {
        ROOT => format!("ALTER USER IF EXISTS 'root'@'%' IDENTIFIED BY PASSWORD '{hash}';\n"),
        _ => String::new(),
    };
    format!("{other}SET PASSWORD = '{hash}';\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of MariaDB's documentation of `SET PASSWORD`.
    #[test]
    fn a_known_hash() {
        let hash = hash(&Secret::new("newpass".into()));
        assert_eq!(hash, "*D8DECEC305209EEFEC43008E1D420E1AA06B19E0");
    }
}
