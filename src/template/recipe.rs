//! What a secret of a class gets, where no annotation says it.

use super::Why;
use crate::env::Document;
use crate::secret::Secret;
use crate::secret::class::{self, Class, words};
use crate::secret::generate::{Alphabet, LEAST_BITS, Recipe};

/// Words of a key whose password another service issues: a made-up one would only be wrong.
const ISSUED: &str = "SMTP MAIL MAILER EMAIL MAILGUN SENDGRID POSTMARK IMAP POP POP3 LDAP BIND PROXY REGISTRY DOCKER FTP SFTP \
SSO OAUTH OIDC SAML TWILIO SMS SNOWFLAKE BIGQUERY AWS AZURE GCP GOOGLE GITHUB GITLAB SLACK STRIPE";

/// Words of a token that both ends of one's own project share.
const OWN: &str = "INTERNAL SERVICE METRICS CRON HEALTH INTER SHARED";

/// What to make for a secret of this class under this name, or why a person has to.
///
/// Database passwords have 64 characters and JWT secrets 64 random bytes (the deployment checklist this project
/// implements); the rest has 256 bits, passwords that people type 190.
///
/// `hint` is what the example has there: a placeholder that names a number of characters gets so many.
pub(crate) fn of(class: Class, name: &str, hint: &[u8]) -> Result<Recipe, Why> {
    let has = |list: &str| has(name, list);
    let made = match class {
        Class::SessionSecret | Class::EncryptionKey | Class::Other if characters(hint).is_some() => {
            let recipe = characters(hint).and_then(|length| Recipe::new(Alphabet::Base62, length));
            return recipe.filter(|recipe| recipe.bits() >= LEAST_BITS).ok_or(Why::Format);
        }
        // AES takes a key of 32 bytes, and a placeholder of just that length is one.
        Class::EncryptionKey if hint.len() == 32 => Recipe::new(Alphabet::Base62, 32),
        Class::DatabasePassword => Recipe::new(Alphabet::Base62, 64),
        Class::Password if has(ISSUED) => return Err(Why::Issued),
        Class::Password => Recipe::new(Alphabet::Base62, 32),
        // Laravel's is `base64:…`, Fernet's is base64 of 32 bytes: another spelling does not start.
        Class::EncryptionKey if matches!(words(name).as_slice(), ["APP", "KEY"]) || has("FERNET") => {
            return Err(Why::Format);
        }
        Class::ApiKey if !has(OWN) => return Err(Why::Issued),
        Class::Other if has(ISSUED) => return Err(Why::Issued),
        Class::AdminApiKey => return Err(Why::AdminKey),
        Class::Hash => return Err(Why::Hash),
        Class::PrivateKey => return Err(Why::Format),
        Class::JwtSecret | Class::SessionSecret | Class::EncryptionKey | Class::ApiKey | Class::Other => {
            Recipe::hex(usize::try_from(class.bytes()).unwrap_or(64))
        }
    };
    made.ok_or(Why::Format)
}

/// Whether another service issues it: a value made here would only be wrong. `document` is the file that it is in.
pub(crate) fn is_issued(class: Class, name: &str, document: Option<&Document>) -> bool {
    let has_counterpart = || document.is_some_and(|document| has_counterpart(name, document));
    of(class, name, b"") == Err(Why::Issued) || has_counterpart()
}

/// How a new value is made for a secret that is in use; `None` where only somebody else can make it, or its form is the
/// application's own. A key that encrypts has the length that its cipher takes.
#[expect(clippy::disallowed_methods, reason = "looks at the form of a key")]
pub(crate) fn anew(class: Class, name: &str, old: &Secret, document: Option<&Document>) -> Option<Recipe> {
    let old = old.expose();
    let is_hex = old.len() == 64 && old.iter().all(u8::is_ascii_hexdigit);
    let is_key = class == Class::EncryptionKey;
    if is_key && !is_hex && old.len() != 32 || is_issued(class, name, document) {
        return None;
    }
    let hint: &[u8] = if is_key && old.len() == 32 { &[b'.'; 32] } else { b"" };
    of(class, name, hint).ok()
}

/// Whether a key or its value is a known provider's.
pub(super) fn is_providers(name: &str, hint: &[u8]) -> bool {
    has(name, ISSUED) || class::of_value(hint).is_some()
}

/// Whether another key of the file is the public half of this one: then a service issues both.
pub(super) fn has_counterpart(name: &str, document: &Document) -> bool {
    const SECRET: [&str; 4] = ["_SECRET_ACCESS_KEY", "_CLIENT_SECRET", "_SECRET_KEY", "_SECRET"];
    const PUBLIC: [&str; 7] =
        ["_ACCESS_KEY_ID", "_ACCESS_KEY", "_CLIENT_ID", "_SITE_KEY", "_PUBLIC_KEY", "_APP_ID", "_KEY_ID"];
    let Some(prefix) = SECRET.iter().find_map(|ending| name.strip_suffix(ending)) else { return false };
    PUBLIC.iter().any(|ending| !document.places(&format!("{prefix}{ending}")).is_empty())
}

/// The number in `your-32-character-key`, `32 chars minimum`.
fn characters(hint: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(hint).ok()?.to_ascii_lowercase();
    let words: Vec<&str> = text.split(|letter: char| !letter.is_ascii_alphanumeric()).collect();
    let number = |word: &str| word.parse::<usize>().ok().filter(|number| (8..=512).contains(number));
    words.windows(2).find_map(|pair| match pair {
        [count, unit] if unit.starts_with("char") => number(count),
        _ => None,
    })
}

fn has(name: &str, list: &str) -> bool {
    let known = |word: &&str| list.split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(word));
    words(name).iter().any(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_and_what_is_not() {
        let made = |class, name| of(class, name, b"").map(Recipe::bits);
        let cases = [
            (Class::DatabasePassword, "DB_PASSWORD", Ok(381)),
            (Class::JwtSecret, "JWT_SECRET", Ok(512)),
            (Class::SessionSecret, "SESSION_SECRET", Ok(256)),
            (Class::Password, "GRAFANA_ADMIN_PASSWORD", Ok(190)),
            (Class::Password, "SMTP_PASSWORD", Err(Why::Issued)),
            (Class::ApiKey, "STRIPE_SECRET_KEY", Err(Why::Issued)),
            (Class::ApiKey, "INTERNAL_API_KEY", Ok(256)),
            (Class::EncryptionKey, "APP_KEY", Err(Why::Format)),
            (Class::EncryptionKey, "ENCRYPTION_KEY", Ok(256)),
            (Class::AdminApiKey, "ADMIN_API_KEY", Err(Why::AdminKey)),
            (Class::Hash, "ADMIN_API_KEY_HASH", Err(Why::Hash)),
        ];
        for (class, name, expected) in cases {
            assert_eq!(made(class, name), expected, "{name}");
        }
    }

    #[test]
    fn who_issues_it() {
        let aws = Document::parse(Secret::new(b"AWS_ACCESS_KEY_ID=\nS3_CLIENT_ID=\n".to_vec()));
        for (class, name, expected) in [
            (Class::ApiKey, "STRIPE_SECRET_KEY", true),
            (Class::Password, "MAIL_PASSWORD", true),
            (Class::Other, "S3_CLIENT_SECRET", true),
            (Class::DatabasePassword, "DB_PASSWORD", false),
            (Class::PrivateKey, "PRIVATE_KEY", false),
        ] {
            assert_eq!(is_issued(class, name, Some(&aws)), expected, "{name}");
        }
        let old = Secret::new(vec![b'x'; 40]);
        assert!(anew(Class::PrivateKey, "PRIVATE_KEY", &old, None).is_none(), "its form is its own");
        assert!(anew(Class::DatabasePassword, "DB_PASSWORD", &old, None).is_some());
    }

    #[test]
    fn as_long_as_the_example_says() {
        let cases = [
            (Class::EncryptionKey, "your-32-character-encryption-key", Ok(32)),
            (Class::EncryptionKey, "data encryption key with 32 char", Ok(32)),
            (Class::EncryptionKey, "please-change-this-to-your-key-x", Ok(32)),
            (Class::EncryptionKey, "changeme", Ok(64)),
            (Class::Other, "at least 48 chars", Ok(48)),
            (Class::SessionSecret, "16 characters", Err(Why::Format)),
            (Class::JwtSecret, "at least 32 chars", Ok(128)),
            (Class::Other, "key of 2024", Ok(64)),
        ];
        for (class, hint, expected) in cases {
            assert_eq!(of(class, "X", hint.as_bytes()).map(|recipe| recipe.length.get()), expected, "{hint}");
        }
    }
}
