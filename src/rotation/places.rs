//! Where a value stands in an env file, in whatever form, and the file with another value in its place.

use base64ct::{Base64, Base64Unpadded, Base64Url, Base64UrlUnpadded, Encoding};
use zeroize::Zeroizing;

use crate::class;
use crate::env::{Document, Dollar, EditError};
use crate::secret::Secret;
use crate::strength::{self, Strength};

/// How a value stands in another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// It is the whole value.
    Whole,
    /// It is the password of a URL or a connection string.
    Url,
    /// It is a part of the value, as it is.
    Inside,
    /// A part of it, percent-encoded.
    Percent,
    /// A part of it, as hexadecimal digits.
    Hex,
    /// The value is base64 of something that holds it.
    Base64,
    /// It is there, but what is written there is more than a value: only a person can change it.
    ByHand,
}

impl Form {
    /// In words.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Whole => "",
            Self::Url => "in a URL",
            Self::Inside => "as a part",
            Self::Percent => "percent-encoded",
            Self::Hex => "as hexadecimal digits",
            Self::Base64 => "in base64",
            Self::ByHand => "in an expression: change it by hand",
        }
    }
}

/// Shorter values, and weak ones, are looked for as a whole only: as a part they stand everywhere by chance.
const SHORTEST: usize = 8;

/// The assignments in which a value stands, by index. A reference to another key follows by itself.
#[must_use]
pub fn places(document: &Document, value: &Secret) -> Vec<(usize, Form)> {
    let assignments = document.assignments().iter().enumerate();
    assignments
        .filter_map(|(index, one)| {
            let form = form_of(open(&one.value), open(value))?;
            match (one.dollar, form) {
                (Dollar::Reference, _) => None,
                (Dollar::Rewritten, _) => Some((index, Form::ByHand)),
                (Dollar::AsWritten, form) => Some((index, form)),
            }
        })
        .collect()
}

/// The file with `new` where `old` stands in the assignment at `index`, in the same form.
///
/// # Errors
/// Where it would not be read back as it is.
pub fn put(
    document: &Document,
    (index, form): (usize, Form),
    old: &Secret,
    new: &Secret,
) -> Result<Document, EditError> {
    let assignment = document.assignments().get(index).ok_or(EditError::NoSuchAssignment)?;
    let (value, from, to) = (open(&assignment.value), open(old), open(new));
    let changed = match form {
        Form::Whole => Secret::copy_of(to),
        Form::Url => {
            let span = class::url_password_span(value).ok_or(EditError::NotReadBack)?;
            let (before, after) = (value.get(..span.start), value.get(span.end..));
            joined(&[before.unwrap_or_default(), &percent(to), after.unwrap_or_default()])
        }
        Form::Inside => replaced(value, from, to),
        Form::Percent => replaced(value, &percent(from), &percent(to)),
        Form::Hex if contains(value, &hex(from, false)) => replaced(value, &hex(from, false), &hex(to, false)),
        Form::Hex => replaced(value, &hex(from, true), &hex(to, true)),
        Form::Base64 => in_base64(value, from, Some(to)).ok_or(EditError::NotReadBack)?,
        Form::ByHand => return Err(EditError::NotReadBack),
    };
    document.set(index, &changed)
}

fn form_of(value: &[u8], wanted: &[u8]) -> Option<Form> {
    if wanted.is_empty() || value.is_empty() {
        return None;
    }
    if value == wanted {
        return Some(Form::Whole);
    }
    let password = class::url_password(value).map(Zeroizing::new);
    if password.is_some_and(|password| *password == wanted) && !class::is_libpq(value) {
        return Some(Form::Url);
    }
    if wanted.len() < SHORTEST || strength::of(wanted) == Strength::Weak {
        return None;
    }
    match () {
        () if contains(value, wanted) => Some(Form::Inside),
        () if contains(value, &percent(wanted)) => Some(Form::Percent),
        () if contains(value, &hex(wanted, false)) || contains(value, &hex(wanted, true)) => Some(Form::Hex),
        () if in_base64(value, wanted, None).is_some() => Some(Form::Base64),
        () => None,
    }
}

fn contains(value: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(value, part).is_some()
}

/// `value` with every `from` replaced, in a buffer of just its size.
fn replaced(value: &[u8], from: &[u8], to: &[u8]) -> Secret {
    let count = memchr::memmem::find_iter(value, from).count();
    let mut out = Vec::with_capacity(value.len() + count * to.len());
    let mut start = 0;
    for at in memchr::memmem::find_iter(value, from) {
        out.extend_from_slice(value.get(start..at).unwrap_or_default());
        out.extend_from_slice(to);
        start = at + from.len();
    }
    out.extend_from_slice(value.get(start..).unwrap_or_default());
    Secret::new(out)
}

fn joined(parts: &[&[u8]]) -> Secret {
    Secret::new(parts.concat())
}

/// RFC 3986 2.1 and 2.3: everything but the unreserved characters is encoded.
fn percent(value: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(3 * value.len()));
    for byte in value {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
            out.push(*byte);
        } else {
            out.push(b'%');
            out.extend_from_slice(&digits(*byte, true));
        }
    }
    out
}

fn hex(value: &[u8], upper: bool) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(2 * value.len()));
    value.iter().for_each(|byte| out.extend_from_slice(&digits(*byte, upper)));
    out
}

fn digits(byte: u8, upper: bool) -> [u8; 2] {
    let ten = if upper { b'A' } else { b'a' };
    let digit = |nibble: u8| if nibble < 10 { b'0' + nibble } else { ten + nibble - 10 };
    [digit(byte >> 4), digit(byte & 15)]
}

/// Of a value that is base64 of something with `from` in it: that something again, or with `to` in its place.
fn in_base64(value: &[u8], from: &[u8], to: Option<&[u8]>) -> Option<Secret> {
    let text = std::str::from_utf8(value).ok()?;
    alphabet::<Base64>(text, from, to)
        .or_else(|| alphabet::<Base64Unpadded>(text, from, to))
        .or_else(|| alphabet::<Base64Url>(text, from, to))
        .or_else(|| alphabet::<Base64UrlUnpadded>(text, from, to))
}

fn alphabet<E: Encoding>(text: &str, from: &[u8], to: Option<&[u8]>) -> Option<Secret> {
    let inner = Zeroizing::new(E::decode_vec(text).ok()?);
    if !contains(&inner, from) {
        return None;
    }
    let changed = replaced(&inner, from, to.unwrap_or(from));
    Some(Secret::new(E::encode_string(open(&changed)).into_bytes()))
}

#[expect(clippy::disallowed_methods, reason = "compared and written into the file's text")]
fn open(secret: &Secret) -> &[u8] {
    secret.expose()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "aK9x/Qz71+LmPw52TtVbRr8c";
    const NEW: &str = "Zb3nWk8sYq4mCe7vXj5tHd2g";

    fn secret(text: &str) -> Secret {
        Secret::copy_of(text.as_bytes())
    }

    fn text(document: &Document) -> String {
        std::str::from_utf8(open(document.text())).unwrap().to_owned()
    }

    /// A value with the old one in it, the form it stands in, and the value afterwards.
    #[test]
    fn every_form_is_found_and_replaced() {
        let base64 = |text: &str| Base64::encode_string(text.as_bytes());
        let hex = |text: &str, upper: bool| std::str::from_utf8(&hex(text.as_bytes(), upper)).unwrap().to_owned();
        let encoded = "aK9x%2FQz71%2BLmPw52TtVbRr8c";
        let cases = [
            (OLD.to_owned(), Form::Whole, NEW.to_owned()),
            (format!("'{OLD}'"), Form::Whole, format!("'{NEW}'")),
            (format!("postgres://app:{encoded}@db/app"), Form::Url, format!("postgres://app:{NEW}@db/app")),
            (format!("host=db password={OLD} x"), Form::Inside, format!("host=db password={NEW} x")),
            (format!("https://x/?token={encoded}"), Form::Percent, format!("https://x/?token={NEW}")),
            (hex(OLD, false), Form::Hex, hex(NEW, false)),
            (hex(OLD, true), Form::Hex, hex(NEW, true)),
            (base64(&format!("app:{OLD}")), Form::Base64, base64(&format!("app:{NEW}"))),
        ];
        for (before, form, after) in cases {
            let document = Document::parse(secret(&format!("A=1\nK={before}\nB=2\n")));
            assert_eq!(places(&document, &secret(OLD)), [(1, form)], "{before}");
            let edited = put(&document, (1, form), &secret(OLD), &secret(NEW)).unwrap();
            let quoted = |text: &str| text.replace('\'', "");
            assert_eq!(quoted(&text(&edited)), format!("A=1\nK={}\nB=2\n", quoted(&after)), "{before}");
            assert_eq!(places(&edited, &secret(OLD)), []);
            assert_eq!(places(&edited, &secret(NEW)).len(), 1);
        }
    }

    #[test]
    fn a_new_value_is_encoded_where_it_must_be() {
        let document = Document::parse(secret("U=postgres://app:old-One@db/app\n"));
        let edited = put(&document, (0, Form::Url), &secret("old-One"), &secret("a/b@c")).unwrap();
        assert_eq!(text(&edited), "U=postgres://app:a%2Fb%40c@db/app\n");
    }

    #[test]
    fn what_is_no_place() {
        let others = format!("A=${{B}}\nB=x\nC={}\n#{OLD}\nD=\n", OLD.trim_end_matches('c'));
        assert_eq!(places(&Document::parse(secret(&others)), &secret(OLD)), []);
        // A reference follows by itself; an expression is for a person.
        let references = format!("B={OLD}\nU=postgres://app:${{B}}@db/app\nE=\"{OLD} $UNKNOWN\"\n");
        assert_eq!(places(&Document::parse(secret(&references)), &secret(OLD)), [(0, Form::Whole), (2, Form::ByHand)]);
        // A weak value is a word: as a whole only.
        let weak = Document::parse(secret("A=postgres\nB=postgres://postgres:postgres@db/postgres\nC=my-postgres\n"));
        assert_eq!(places(&weak, &secret("postgres")), [(0, Form::Whole), (1, Form::Url)]);
    }
}
