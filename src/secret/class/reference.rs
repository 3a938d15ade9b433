//! Values that say where a value is, and have none themselves.

/// How the names of secrets begin in the stores that tools read them from when a program starts: 1Password, Vault (as
/// bank-vaults and vals write it), AWS, Google Cloud, Azure, Doppler, Infisical, Bitwarden, varlock.
const STORES: [&str; 22] = [
    "op://",
    "vault://",
    "vault:secret/",
    "vault:kv/",
    ">>vault:",
    "ref+",
    "secretref+",
    "awssm:",
    "awssm://",
    "aws-sm:",
    "awsssm:",
    "ssm:/",
    "gcpsm:",
    "gcp-sm:",
    "gsm:",
    "sm://",
    "akv://",
    "azkv:",
    "keyvault:",
    "doppler://",
    "infisical://",
    "bws://",
];

/// How a value is marked that was encrypted by itself: Spring Cloud Config, dotenvx, Vault's transit engine, sops and
/// jasypt.
const SEALS: [(&str, &str); 6] =
    [("{cipher}", ""), ("encrypted:", ""), ("vault:v", ""), ("ENC[AES256_GCM,", "]"), ("ENC[", "]"), ("ENC(", ")")];

/// The literal that a value stands for: itself, the default of `${X:-default}`, or `None` where it is only references.
#[must_use]
pub fn literal(value: &[u8]) -> Option<&[u8]> {
    let inner = value.strip_prefix(b"${").and_then(|rest| rest.strip_suffix(b"}"));
    if let Some(inner) = inner.filter(|inner| !inner.contains(&b'}')) {
        let end = inner.iter().position(|byte| !is_name(*byte)).unwrap_or(inner.len());
        let rest = inner.get(end..).unwrap_or_default();
        let default = rest.strip_prefix(b":-").or_else(|| rest.strip_prefix(b"-")).unwrap_or_default();
        return (!default.is_empty()).then_some(default);
    }
    (!is_reference(value)).then_some(value)
}

/// Whether a value is a reference: to a variable, to a command, to a store of secrets; beside variables only
/// punctuation stands.
pub(crate) fn is_reference(value: &[u8]) -> bool {
    is_variable(value) || is_command(value) || is_stored(value)
}

/// Whether a value was encrypted by itself: it is in the open and gives nothing away.
#[must_use]
pub fn is_sealed(value: &[u8]) -> bool {
    let is = |(open, close): &(&str, &str)| {
        let rest = value.strip_prefix(open.as_bytes()).and_then(|rest| rest.strip_suffix(close.as_bytes()));
        rest.is_some_and(|rest| {
            *open != "vault:v" || rest.first().is_some_and(u8::is_ascii_digit) && rest.contains(&b':')
        })
    };
    SEALS.iter().any(is)
}

/// The value between backticks, as node's readers take it; `None` where a shell would run what is there.
pub(crate) fn in_backticks(value: &[u8]) -> Option<&[u8]> {
    let inner = value.strip_prefix(b"`").and_then(|rest| rest.strip_suffix(b"`"))?;
    (!inner.is_empty() && !inner.iter().any(|byte| byte.is_ascii_whitespace() || *byte == b'`')).then_some(inner)
}

fn is_variable(value: &[u8]) -> bool {
    if let Some(name) = value.strip_prefix(b"$") {
        if name.first().is_some_and(|byte| byte.is_ascii_uppercase() || *byte == b'_')
            && name.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
        {
            return true;
        }
    }
    let (mut rest, mut found) = (value, false);
    loop {
        let Some(start) = memchr::memmem::find(rest, b"${") else {
            return found && !rest.iter().any(u8::is_ascii_alphanumeric);
        };
        let (before, from) = rest.split_at(start);
        let Some(end) = from.iter().position(|byte| *byte == b'}') else { return false };
        if before.iter().any(u8::is_ascii_alphanumeric) {
            return false;
        }
        found = true;
        rest = from.get(end + 1..).unwrap_or_default();
    }
}

/// `$(pass show app/db)`, a command of several words between backticks, varlock's `exec(…)`: wholly a command.
fn is_command(value: &[u8]) -> bool {
    let within = |open: &[u8], close: &[u8]| {
        value.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).filter(|inner| !inner.is_empty())
    };
    let substituted = within(b"$(", b")").or_else(|| within(b"exec(", b")"));
    let quoted = within(b"`", b"`").filter(|inner| !inner.contains(&b'`') && inner.contains(&b' '));
    substituted.is_some_and(is_balanced) || quoted.is_some()
}

/// Whether no bracket is closed that was not opened: what stands before and behind belongs together then.
fn is_balanced(text: &[u8]) -> bool {
    let mut depth = 0_usize;
    for byte in text {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => return false,
            b')' => depth -= 1,
            _ => {}
        }
    }
    true
}

/// The name of a secret in a store.
fn is_stored(value: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(value) else { return false };
    let named = STORES.iter().find_map(|store| text.strip_prefix(store));
    named.is_some_and(|name| !name.is_empty() && is_path(name))
        || text.strip_prefix("arn:").is_some_and(|rest| rest.split(':').count() >= 4 && is_path(rest))
        || text.strip_prefix("vault:").is_some_and(|rest| rest.contains('/') && rest.contains('#') && is_path(rest))
        || is_googles(text)
        || text.starts_with("@Microsoft.KeyVault(") && text.ends_with(')')
}

fn is_path(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

/// `projects/123/secrets/jwt/versions/latest`.
fn is_googles(text: &str) -> bool {
    let parts: Vec<&str> = text.trim_start_matches("sm://").split('/').collect();
    matches!(parts.as_slice(), ["projects", _, "secrets", _] | ["projects", _, "secrets", _, "versions", _])
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_refers_to_a_value() {
        let yes = [
            "$DB_PASSWORD",
            "${DB_PASSWORD}",
            "${A}-${B}",
            "$(op read \"op://prod/db/password\")",
            "$(echo $(date))",
            "`cat /run/secrets/jwt`",
            "exec('bw get password db')",
            "op://Production Vault/db item/password",
            "ref+vault://secret/db#/password",
            "vault:secret/data/app#db_password",
            "arn:aws:ssm:eu-west-1:123456789012:parameter/prod/db",
            "projects/1/secrets/jwt/versions/latest",
            "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/x)",
            "infisical://prod/db",
        ];
        let no = [
            "",
            "$(a) and $(b)",
            "$(a $(b)) and $(c)",
            "$Hunter2",
            "$1ABC",
            "vault:hunter/2",
            "ref+pässwörd",
            "x$(date)",
            "`one`",
            "vault:hunter2",
            "arn:hunter2",
            "pass$word",
            "projects/1",
            "op://",
            "exec()",
        ];
        for (values, expected) in [(&yes[..], true), (&no[..], false)] {
            for value in values {
                assert_eq!(is_reference(value.as_bytes()), expected, "{value}");
            }
        }
    }

    #[test]
    fn what_is_sealed_by_itself() {
        for sealed in ["{cipher}a1b2", "encrypted:BE9", "ENC[AES256_GCM,data:x]", "ENC(x)", "vault:v1:x"] {
            assert!(is_sealed(sealed.as_bytes()), "{sealed}");
        }
        for open in ["", "{plain}x", "ENC", "vault:version", "vault:v2", "ENC[open"] {
            assert!(!is_sealed(open.as_bytes()), "{open}");
        }
    }

    #[test]
    fn between_backticks() {
        assert_eq!(in_backticks(b"`hunter2`"), Some(b"hunter2".as_slice()));
        for none in ["`a b`", "``", "`a`b`", "`a", "a"] {
            assert_eq!(in_backticks(none.as_bytes()), None, "{none}");
        }
    }
}
