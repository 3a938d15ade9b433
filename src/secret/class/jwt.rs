//! JSON Web Tokens (RFC 7519), told by their form.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

/// The shortest signature: 128 bits.
const SIGNATURE: usize = 22;

/// What a signed token says of itself.
struct Claims(Map<String, Value>);

/// Whether a value is a signed token that opens something. Supabase's anonymous one is sent to every browser.
pub(super) fn is_one(value: &[u8]) -> bool {
    claims(value).is_some_and(|claims| !matches!(claims.get("role"), Some("anon")))
}

/// Whether a value is a token of a documentation: jwt.io's, and those of Supabase's example, which everybody has.
pub(crate) fn is_example(value: &[u8]) -> bool {
    claims(value).is_some_and(|claims| claims.is_example())
}

/// The instant in seconds at which a token stops being valid, also of one behind `Bearer`; `None` where it says none,
/// where a documentation has it, and where the value is no token.
pub(crate) fn end(value: &[u8]) -> Option<i64> {
    let value = value.strip_prefix(b"Bearer ").unwrap_or(value);
    // Nearly all values leave here: `{"` in base64.
    let claims = value.starts_with(b"ey").then(|| claims(value)).flatten()?;
    let end = claims.0.get("exp")?;
    // Parts of a second are allowed. A number past the range is the end of it, which is no day.
    #[expect(clippy::cast_possible_truncation, reason = "a float is cut at the ends of the range")]
    let end = end.as_i64().or_else(|| end.as_f64().map(|end| end as i64))?;
    (!claims.is_example()).then_some(end)
}

impl Claims {
    fn is_example(&self) -> bool {
        self.get("iss") == Some("supabase-demo") || self.get("sub") == Some("1234567890")
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }
}

/// The claims of a token; `None` where the value is none.
fn claims(value: &[u8]) -> Option<Claims> {
    let text = std::str::from_utf8(value.strip_suffix(b"=").unwrap_or(value)).ok()?;
    let parts: Vec<&str> = text.split('.').collect();
    let [head, claims, signature] = parts.as_slice() else { return None };
    let is_signed = signature.len() >= SIGNATURE && object(head)?.contains_key("alg");
    is_signed.then(|| object(claims)).flatten().map(Claims)
}

/// The JSON object of which a part is base64.
fn object(part: &str) -> Option<Map<String, Value>> {
    let text = Zeroizing::new(Base64UrlUnpadded::decode_vec(part).ok()?);
    serde_json::from_slice(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(head: &str, claims: &str, signature: &str) -> Vec<u8> {
        let part = |text: &str| Base64UrlUnpadded::encode_string(text.as_bytes());
        format!("{}.{}.{signature}", part(head), part(claims)).into_bytes()
    }

    #[test]
    fn tokens_by_their_form() {
        let (head, signature) = ("{\"alg\":\"HS256\"}", "aB3-dE5_".repeat(4));
        assert!(is_one(&token(head, "{\"sub\":\"ada\"}", &signature)));
        assert!(is_one(&token(head, "{\"role\":\"service_role\"}", &signature)));
        assert!(!is_one(&token(head, "{\"role\":\"anon\"}", &signature)), "every browser has it");
        assert!(!is_one(&token("{\"typ\":\"JWT\"}", "{}", &signature)));
        assert!(!is_one(&token(head, "[]", &signature)));
        assert!(!is_one(&token(head, "{}", "short")));
        assert!(!is_one(b"a.b.c"));
        assert!(is_example(&token(head, "{\"iss\":\"supabase-demo\",\"role\":\"service_role\"}", &signature)));
        assert!(!is_example(&token(head, "{\"iss\":\"supabase\"}", &signature)));
    }
}
