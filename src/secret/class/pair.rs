//! A user and a password in one value, by the name of its key: `FLOWER_BASIC_AUTH=admin:…`, `NEO4J_AUTH=neo4j/…`.

use std::ops::Range;

use super::{hash_part, url, words};

/// How the name of such a key ends.
const ENDS: [&str; 5] = ["AUTH", "CREDENTIAL", "CREDENTIALS", "USERPWD", "USERPASS"];

/// The longest user.
const LONGEST: usize = 32;

/// Where the password is in a value, as it is written: of an address, or behind a user. Also where it is a reference or
/// empty.
#[must_use]
pub fn password_span(name: &str, value: &[u8]) -> Option<Range<usize>> {
    url::url_password_span(value).or_else(|| behind_user(name, value))
}

/// The password of a value: that of an address as it is meant, or the one behind a user.
#[must_use]
pub fn password(name: &str, value: &[u8]) -> Option<Vec<u8>> {
    let behind_user = || value.get(behind_user(name, value)?).filter(|found| !found.is_empty()).map(<[u8]>::to_vec);
    url::url_password(value).or_else(behind_user)
}

/// Where the password is behind a user. A hash is no password, and `scheme://` has no user before it.
#[must_use]
pub fn behind_user(name: &str, value: &[u8]) -> Option<Range<usize>> {
    let names: Vec<String> = words(name).iter().map(|word| word.to_ascii_uppercase()).collect();
    let last = names.last()?;
    if !ENDS.contains(&last.as_str()) || hash_part(value).len() != value.len() {
        return None;
    }
    let is_neo4j = name.to_ascii_uppercase().contains("NEO4J");
    let sign = if is_neo4j { b'/' } else { b':' };
    let at = memchr::memchr(sign, value)?;
    let (user, rest) = (value.get(..at)?, value.get(at + 1..)?);
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
    let is_user = (1..=LONGEST).contains(&user.len()) && user.iter().all(is_name);
    (is_user && !rest.starts_with(b"//")).then_some(at + 1..value.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_the_password_begins() {
        let hash = format!("admin:$2y$12${}", "a".repeat(53));
        for (name, value, expected) in [
            ("FLOWER_BASIC_AUTH", "admin:changeme", Some("changeme")),
            ("BASIC_AUTH", "a.b-c_d:x:y/z", Some("x:y/z")),
            ("REGISTRY_CREDENTIALS", "ci:x", Some("x")),
            ("NEO4J_AUTH", "neo4j/x/y", Some("x/y")),
            ("NEO4J_AUTH", "none", None),
            ("CLICKHOUSE_AUTH", "a/b", None),
            ("BASIC_AUTH", "http://a", None),
            ("BASIC_AUTH", "a b:c", None),
            ("BASIC_AUTH", "https://u:pw@host", Some("pw")),
            ("TRAEFIK_AUTH", &hash, None),
            ("REDIS_AUTH", "x", None),
            ("DB_PASSWORD", "admin:changeme", None),
            ("AUTHOR", "admin:changeme", None),
        ] {
            let found = password_span(name, value.as_bytes()).and_then(|span| value.get(span));
            assert_eq!(found, expected, "{name}={value}");
            let found = password(name, value.as_bytes());
            assert_eq!(found.as_deref(), expected.map(str::as_bytes), "{name}={value}");
        }
    }
}
