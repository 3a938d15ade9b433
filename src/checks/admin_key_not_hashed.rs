//! `admin-key-not-hashed`: an admin key as everybody uses it, where its hash would do.

use super::{Artifact, Check, Context, Example, Kind, Step, by_environment};
use crate::class::{Class, words};
use crate::finding::{Finding, Severity};
pub(crate) static CHECK: Check = Check {
    id: "admin-key-not-hashed",
    title: "an admin API key in plain text, or a hash that is none",
    doc: r#"## What it does

Reports an admin API key of one's own (`ADMIN_API_KEY`) that stands in plain text where the application reads it, and a `…_HASH` of a key, token or password whose value has not the shape of argon2, bcrypt, scrypt, PBKDF2 or SHA-256. A note in development and test.

## Why it matters

The deployment checklist: "Admin API keys hashed before database storage". Who reads the server's settings has the key itself; of a hash he has nothing. A key that somebody else's service issued must be there as it is, and passes.

## What to do

Keep the hash where the application verifies it, and the key with its user.

## Facts

The key is the setting.
"#,
    severity: Severity::Error,
    kinds: &[Kind::Settings],
    bad: &[
        Example { about: "in plain text", steps: &[Step::File(".env", 0o600, "ADMIN_API_KEY={hex32}\n")] },
        Example { about: "a hash that is none", steps: &[Step::File(".env", 0o600, "ADMIN_PASSWORD_HASH={token}\n")] },
    ],
    good: &[
        Example { about: "a hash", steps: &[Step::File(".env", 0o600, "ADMIN_API_KEY_HASH='$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g'\n")] },
        Example { about: "somebody else's", steps: &[Step::File(".env", 0o600, "SENDGRID_API_KEY={token}\n")] },
    ],
    run,
};

#[expect(clippy::disallowed_methods, reason = "the judges take bytes")]
fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Settings(settings) = artifact else { return };
    for setting in &settings.pairs {
        let value = setting.value.expose();
        let upper = setting.name.to_ascii_uppercase();
        if value.is_empty() || value.starts_with(b"$") && value.get(1) == Some(&b'{') {
            continue;
        }
        let class = context.config.class_of(&setting.name, value);
        let is_hash_key = upper.ends_with("_HASH") && words(&upper).iter().any(|word| matches!(*word, "PASSWORD" | "PASS" | "KEY" | "TOKEN" | "SECRET"));
        let (what, severity) = match class {
            Some(Class::AdminApiKey) => ("{key}: an admin key in plain text", Severity::Error),
            _ if is_hash_key && !is_hash(value) => ("{key}: this is no hash of any kind that is known", Severity::Warning),
            _ => continue,
        };
        findings.push(
            Finding::new(&CHECK, settings.origin.clone(), what, "keep its argon2id hash here, and the key with its user")
                .severity(by_environment(settings.environment, severity))
                .line(setting.line)
                .key(setting.key.as_ref()),
        );
    }
}

/// argon2, bcrypt, scrypt, PBKDF2, crypt(3), or 64 hexadecimal digits.
fn is_hash(value: &[u8]) -> bool {
    let hex = value.strip_prefix(b"sha256:").unwrap_or(value);
    crate::class::of("X_HASH", value) == Some(Class::Hash) && value.contains(&b'$')
        || value.starts_with(b"{")
        || matches!(hex.len(), 64 | 96 | 128) && hex.iter().all(u8::is_ascii_hexdigit)
}
