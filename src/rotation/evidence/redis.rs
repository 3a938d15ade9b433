//! What `ACL LIST` and `ACL GETUSER` of Redis and Valkey print: the SHA-256 of every password that a user has.

use sha2::{Digest, Sha256};

use super::{Fault, Observation, Users, Uses, Values};
use crate::secret::Secret;
use crate::text::sanitize;

/// What the users accept, and which other users accept the old value. A user may have several passwords.
///
/// # Errors
/// It is another text, a user is not there, or has no password.
pub fn read(text: &[u8], users: &Users<'_>, values: &Values<'_>) -> Result<Vec<Observation>, Fault> {
    let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').map(bare).collect();
    let list: Vec<Vec<&[u8]>> = lines.iter().filter_map(|line| words(line.strip_prefix(b"user ")?)).collect();
    let mut found = Vec::new();
    for user in users.names {
        let rules: &[&[u8]] = match (list.is_empty(), users.names) {
            // `ACL GETUSER` does not name its user.
            (true, [_]) => &lines,
            (true, _) if lines.iter().any(|line| digest(line).is_some()) => return Err(Fault::NoSuchUser),
            (true, _) => return Err(Fault::WrongKind),
            (false, _) => list.iter().find(|words| words.first() == Some(&user.as_bytes())).ok_or(Fault::NoSuchUser)?,
        };
        found.extend(of_user(user, rules, values)?);
    }
    let others = list.iter().filter(|words| words.first().is_some_and(|name| users.may_be_missed(name)));
    for words in others {
        let (Some(name), Some(old)) = (words.first(), values.old.map(sha256)) else { continue };
        if words.iter().any(|rule| digest(rule).as_ref() == Some(&old)) {
            found.push(Observation { place: format!("user {}", sanitize(name)), uses: Uses::Old });
        }
    }
    Ok(found)
}

fn of_user(user: &str, rules: &[&[u8]], values: &Values<'_>) -> Result<Vec<Observation>, Fault> {
    let place = format!("user {}", sanitize(user.as_bytes()));
    if rules.contains(&b"nopass".as_slice()) {
        // It accepts any password, so also the old one.
        return Ok(vec![Observation { place: place + " (accepts any password)", uses: Uses::Both }]);
    }
    let digests: Vec<Vec<u8>> = rules.iter().filter_map(|rule| digest(rule)).collect();
    if digests.is_empty() {
        let is_acl = rules.iter().any(|rule| matches!(*rule, b"on" | b"off"));
        return Err(if is_acl { Fault::NoPassword } else { Fault::WrongKind });
    }
    let uses = Uses::of(values, |value| digests.contains(&sha256(value)));
    // If the old password is not known, another password may be it.
    let uses = if uses == Uses::New && values.old.is_none() && digests.len() > 1 { Uses::Other } else { uses };
    Ok(vec![Observation { place, uses }])
}

fn words(line: &[u8]) -> Option<Vec<&[u8]>> {
    let words: Vec<&[u8]> = line.split(|byte| *byte == b' ').filter(|word| !word.is_empty()).collect();
    (!words.is_empty()).then_some(words)
}

/// A line without what redis-cli adds on a terminal: `12) "…"`.
fn bare(line: &[u8]) -> &[u8] {
    let line = line.trim_ascii();
    let digits = line.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = line.get(digits..).and_then(|rest| rest.strip_prefix(b") ")).filter(|_| digits > 0).unwrap_or(line);
    let rest = rest.trim_ascii();
    rest.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(rest)
}

/// `#` and 64 hexadecimal digits; `ACL GETUSER` leaves out the `#` (Redis's documentation).
fn digest(rule: &[u8]) -> Option<Vec<u8>> {
    let digits = rule.strip_prefix(b"#").unwrap_or(rule);
    (digits.len() == 64 && digits.iter().all(u8::is_ascii_hexdigit)).then(|| digits.to_ascii_lowercase())
}

#[expect(clippy::disallowed_methods, reason = "hashed")]
fn sha256(value: &Secret) -> Vec<u8> {
    super::crypt::hex(&Sha256::digest(value.expose()))
}
