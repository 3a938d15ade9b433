//! Secrets inside a value that is more than one: JSON, also in base64, and what authorises a request.

use base64ct::{Base64Unpadded, Encoding};
use serde_json::Value;
use zeroize::Zeroizing;

use super::name::{self, Doubt};
use super::{Class, value, words};
use crate::secret::strength;

/// A secret in another text, and what it is.
pub(crate) struct Inner {
    pub(crate) class: Class,
    pub(crate) secret: Zeroizing<Vec<u8>>,
}

/// The secret that is hardest to guess in a value; `None` where the value has none. serde_json's copies are its own and
/// are not zeroed.
pub(crate) fn of(value: &[u8]) -> Option<Inner> {
    authorisation(value).or_else(|| in_json(value)).or_else(|| in_json(&unpacked(value)?))
}

/// The password in a JSON object, by the words of its key.
fn in_json(text: &[u8]) -> Option<Inner> {
    if !matches!(text.trim_ascii_start().first(), Some(b'{' | b'[')) {
        return None;
    }
    let mut found = Vec::new();
    collect(&serde_json::from_slice(text).ok()?, None, &mut found);
    found.into_iter().max_by_key(|inner| strength::of(&inner.secret))
}

fn collect(json: &Value, key: Option<&str>, found: &mut Vec<Inner>) {
    match json {
        Value::Object(fields) => fields.iter().for_each(|(key, field)| collect(field, Some(key), found)),
        Value::Array(items) => items.iter().for_each(|item| collect(item, key, found)),
        Value::String(text) => {
            let class = key.and_then(|key| class_of(key, text.as_bytes()));
            found.extend(class.map(|class| Inner { class, secret: Zeroizing::new(text.as_bytes().to_vec()) }));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What a field of this name holds: only a sure name counts, and only what is filled.
fn class_of(key: &str, text: &[u8]) -> Option<Class> {
    let text = super::literal(text.trim_ascii()).filter(|text| !text.is_empty())?;
    if let Some(class) = value::class(text) {
        return Some(class);
    }
    let named = name::class(&words(key)).filter(|named| named.doubt == Doubt::Sure)?;
    (!value::is_plain(text, named.class)).then_some(named.class)
}

/// The text of which a value is base64, where that begins as JSON does.
fn unpacked(value: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    if !value.starts_with(b"ey") && !value.starts_with(b"ew") && !value.starts_with(b"W3s") {
        return None;
    }
    decoded(value)
}

fn decoded(value: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let digits = value.strip_suffix(b"==").or_else(|| value.strip_suffix(b"=")).unwrap_or(value);
    Base64Unpadded::decode_vec(std::str::from_utf8(digits).ok()?).ok().map(Zeroizing::new)
}

/// What stands behind `Bearer`, and the password behind `Basic` (RFC 6750, RFC 7617), wherever in a header.
fn authorisation(value: &[u8]) -> Option<Inner> {
    let token = behind(value, b"bearer").filter(|token| value::looks_generated(token) || value::class(token).is_some());
    if let Some(token) = token {
        return Some(Inner { class: Class::ApiKey, secret: Zeroizing::new(token.to_vec()) });
    }
    let pair = decoded(behind(value, b"basic")?)?;
    let colon = memchr::memchr(b':', &pair).filter(|_| pair.iter().all(u8::is_ascii_graphic))?;
    let password = pair.get(colon + 1..).filter(|password| !password.is_empty())?;
    Some(Inner { class: Class::Password, secret: Zeroizing::new(password.to_vec()) })
}

/// The token behind a word and a blank, which OpenTelemetry's headers write as `%20`.
fn behind<'a>(value: &'a [u8], word: &[u8]) -> Option<&'a [u8]> {
    let at = value.windows(word.len()).position(|window| window.eq_ignore_ascii_case(word))?;
    let (before, rest) = (value.get(..at)?, value.get(at + word.len()..)?);
    let rest = rest.strip_prefix(b" ").or_else(|| rest.strip_prefix(b"%20"))?;
    let is_word = before.last().is_none_or(|byte| !byte.is_ascii_alphanumeric());
    let end = rest.iter().position(|byte| !(byte.is_ascii_alphanumeric() || b"._~+/=-:".contains(byte)));
    rest.get(..end.unwrap_or(rest.len())).filter(|token| is_word && !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(value: &str) -> Option<(Class, String)> {
        let inner = of(value.as_bytes())?;
        Some((inner.class, std::str::from_utf8(&inner.secret).unwrap().to_owned()))
    }

    #[test]
    fn what_values_hold() {
        let random = ["q7Rz2kVx", "9LmT4wNb", "Yc8Hd1"].concat();
        let json = format!("{{\"smtp\":{{\"user\":\"app\",\"pass\":\"{random}\"}}}}");
        let some = |class| Some((class, random.clone()));
        assert_eq!(found(&json), some(Class::Password));
        assert_eq!(found(&Base64Unpadded::encode_string(json.as_bytes())), some(Class::Password));
        for text in [json.replacen('{', "{\n ", 1), format!("[{json}]")] {
            assert_eq!(found(&Base64Unpadded::encode_string(text.as_bytes())), some(Class::Password), "{text}");
        }
        assert_eq!(found(&format!("[{{\"token\":\"a\"}},{{\"apiKey\":\"{random}\"}}]")), some(Class::ApiKey));
        assert_eq!(found(&format!("Bearer {random}")), some(Class::ApiKey));
        assert_eq!(found(&format!("X-A=1,Authorization=bearer%20{random}")), some(Class::ApiKey));
        let basic = Base64Unpadded::encode_string(format!("app:{random}").as_bytes());
        assert_eq!(found(&format!("Authorization: Basic {basic}")), some(Class::Password));
        assert_eq!(found(&format!("standardbearer {random}")), None);
        for none in [
            "{\"password\":\"true\"}",
            "{\"password_salt\":\"db.example.com\"}",
            "{\"port\":1,\"token_url\":\"https://a/b\"}",
            "{\"password\":\"\"}",
            "{\"password\":\"${DB_PASSWORD}\"}",
            "{broken",
            "Bearer",
            "Bearer of news",
            "Basic plan",
            "",
        ] {
            assert_eq!(found(none), None, "{none}");
        }
    }
}
