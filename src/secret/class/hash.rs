//! What is wrong with a hash of a password or a key. Pure; what is not known to be wrong passes.

use super::{Class, value};
use crate::secret::keyhash::{Fault, Foreign, Phc};

/// One thing that is wrong with a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashFlaw {
    /// Characters are missing at its end.
    CutOff,
    /// It is not written as its kind is.
    Damaged,
    /// It stands where a hash belongs and is none of any kind that is known.
    Unknown,
    /// It asks for more than envward computes: a quarter of a gigabyte, sixteen passes.
    TooCostly,
    /// Guesses against it are cheap; what makes it so.
    Cheap(&'static str),
}

/// How hashes begin that a graphics card computes by the thousand million each second, whatever was hashed.
const FAST: [(&str, &str); 4] =
    [("$1$", "md5-crypt"), ("$apr1$", "md5-crypt"), ("{SSHA}", "salted-sha1"), ("{SHA}", "sha1")];

/// The length of a bcrypt string: `$2b$12$`, 22 characters of salt, 31 of the hash.
const BCRYPT: usize = 60;

/// OWASP's Password Storage Cheat Sheet asks for a work factor of 10 or more.
const BCRYPT_LEAST: u32 = 10;

/// The hash in a value: of a line that htpasswd writes, `user:HASH`, what is behind the user.
#[must_use]
pub fn hash_part(value: &[u8]) -> &[u8] {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-@".contains(byte);
    let Some(at) = memchr::memchr(b':', value) else { return value };
    let (user, rest) = value.split_at(at);
    let hash = rest.get(1..).unwrap_or_default();
    let is_line = (1..=LONGEST_USER).contains(&user.len()) && user.iter().all(is_name);
    if is_line && (hash.starts_with(b"$") || hash.starts_with(b"{SHA}")) { hash } else { value }
}

/// The longest name of a user before a hash.
const LONGEST_USER: usize = 64;

/// Whether a value is the hash of a password or a key, by its beginning.
#[must_use]
pub fn is_hash(value: &[u8]) -> bool {
    value::class(value.trim_ascii()) == Some(Class::Hash)
}

/// Whether a value has the shape of a hash or digest: what [`is_hash`] knows, a scheme in braces, or a SHA-2 in hexadecimal.
#[must_use]
pub fn is_hash_like(value: &[u8]) -> bool {
    let value = hash_part(value.trim_ascii());
    let hex = value.strip_prefix(b"sha256:").unwrap_or(value);
    let is_digest = matches!(hex.len(), 64 | 96 | 128) && hex.iter().all(u8::is_ascii_hexdigit);
    is_digest || is_hash(value) || value.starts_with(b"{") || value.starts_with(b"$")
}

/// What is wrong with a hash.
#[must_use]
pub fn hash_flaw(value: &[u8]) -> Option<HashFlaw> {
    let text = std::str::from_utf8(hash_part(value.trim_ascii())).ok()?;
    if text.starts_with("$argon2") {
        return argon2(text);
    }
    if let Some(rest) = ["$2a$", "$2b$", "$2y$"].iter().find_map(|start| text.strip_prefix(start)) {
        return bcrypt(text.len(), rest);
    }
    FAST.iter().find(|(start, _)| text.starts_with(start)).map(|(_, kind)| HashFlaw::Cheap(kind))
}

fn argon2(text: &str) -> Option<HashFlaw> {
    match Phc::parse(text) {
        Ok(phc) => phc.cost.is_weak().then_some(HashFlaw::Cheap("argon2id-parameters")),
        Err(Fault::CutOff) => Some(HashFlaw::CutOff),
        Err(Fault::TooCostly) => Some(HashFlaw::TooCostly),
        Err(Fault::Foreign(Foreign::Argon2i)) => Some(HashFlaw::Cheap("argon2i")),
        Err(Fault::Foreign(Foreign::Argon2d)) => Some(HashFlaw::Cheap("argon2d")),
        Err(Fault::Foreign(_)) => None,
        Err(_) => Some(HashFlaw::Damaged),
    }
}

fn bcrypt(length: usize, rest: &str) -> Option<HashFlaw> {
    let cost = rest.split('$').next().and_then(|cost| cost.parse::<u32>().ok());
    match cost {
        _ if length < BCRYPT => Some(HashFlaw::CutOff),
        None => Some(HashFlaw::Damaged),
        Some(_) if length > BCRYPT => Some(HashFlaw::Damaged),
        Some(cost) => (cost < BCRYPT_LEAST).then_some(HashFlaw::Cheap("bcrypt-work-factor")),
    }
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "the tests cut what is ASCII")]
mod tests {
    use super::*;

    #[test]
    fn flaws() {
        let argon2 =
            "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        let bcrypt = "$2b$12$".to_owned() + &"a".repeat(53);
        let cases = [
            (argon2.to_owned(), None),
            (argon2[..argon2.len() - 3].to_owned(), Some(HashFlaw::CutOff)),
            (argon2.replace("m=19456", "m=4096"), Some(HashFlaw::Cheap("argon2id-parameters"))),
            (argon2.replace("m=19456", "m=4194304"), Some(HashFlaw::TooCostly)),
            (argon2.replace("m=19456", "m=x"), Some(HashFlaw::Damaged)),
            (argon2.replace("argon2id", "argon2i"), Some(HashFlaw::Cheap("argon2i"))),
            (argon2.replace("argon2id", "argon2d"), Some(HashFlaw::Cheap("argon2d"))),
            (bcrypt.clone(), None),
            (bcrypt[..40].to_owned(), Some(HashFlaw::CutOff)),
            (bcrypt.clone() + "a", Some(HashFlaw::Damaged)),
            (bcrypt.replace("$12$", "$04$"), Some(HashFlaw::Cheap("bcrypt-work-factor"))),
            (bcrypt.replace("$12$", "$10$"), None),
            ("$apr1$salt$abcdefghijklmnopqrstuv".to_owned(), Some(HashFlaw::Cheap("md5-crypt"))),
            ("$6$salt$abcdefghijklmnopqrstuv".to_owned(), None),
            ("hunter2".to_owned(), None),
            (String::new(), None),
        ];
        for (text, flaw) in cases {
            assert_eq!(hash_flaw(text.as_bytes()), flaw, "{text}");
        }
    }
}
