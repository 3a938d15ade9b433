//! What a secret of a class gets, where no annotation says it.

use super::Why;
use crate::class::{Class, words};
use crate::generate::{Alphabet, Recipe};

/// Words of a key whose password another service issues: a made-up one would only be wrong.
const ISSUED: &str = "SMTP MAIL MAILER EMAIL MAILGUN SENDGRID POSTMARK IMAP POP POP3 LDAP BIND PROXY REGISTRY DOCKER FTP SFTP \
SSO OAUTH OIDC SAML TWILIO SMS SNOWFLAKE BIGQUERY AWS AZURE GCP GOOGLE GITHUB GITLAB SLACK STRIPE";

/// Words of a token that both ends of one's own project share.
const OWN: &str = "INTERNAL SERVICE METRICS CRON HEALTH INTER SHARED";

/// What to make for a secret of this class under this name, or why a person has to.
///
/// Database passwords have 64 characters and JWT secrets 64 random bytes (the deployment checklist this project
/// implements); the rest has 256 bits, passwords that people type 190.
pub(crate) fn of(class: Class, name: &str) -> Result<Recipe, Why> {
    let has = |list: &str| {
        let known = |word: &&str| list.split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(word));
        words(name).iter().any(known)
    };
    let made = match class {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_and_what_is_not() {
        let made = |class, name| of(class, name).map(Recipe::bits);
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
}
