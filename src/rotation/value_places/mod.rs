//! Where a value is in an env file, in whatever form, and the file with another value in its place.

use super::Owner;
use super::address::{Address, addresses, has_password};
use crate::env::{Assignment, Document, Dollar, EditError};
use crate::secret::forms::forms;
use crate::secret::strength::{self, Strength};
use crate::secret::{Secret, class};
use base64ct::{Base64, Base64Unpadded, Base64Url, Base64UrlUnpadded, Encoding};
use std::ops::Range;
use zeroize::Zeroizing;

/// How a value is in another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// It is the whole value.
    Whole,
    /// It is all of a file behind `secrets:`.
    File,
    /// It is the password of a URL or a connection string.
    Url,
    /// It is the password behind a user: `admin:…`.
    BehindUser,
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
            Self::File => "the whole file",
            Self::Url => "in a URL",
            Self::BehindUser => "behind a user",
            Self::Inside => "as a part",
            Self::Percent => "percent-encoded",
            Self::Hex => "as hexadecimal digits",
            Self::Base64 => "in base64",
            Self::ByHand => "in another notation: change it by hand",
        }
    }
}

/// A value to be replaced, and its key.
pub struct Old<'a> {
    /// The value.
    pub value: &'a Secret,
    /// Its owner: a weak value is replaced where it is of that one, and nowhere else.
    pub owner: &'a Owner,
}

impl Old<'_> {
    /// Whether it is a word that may stand anywhere by chance.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        let value = open(self.value);
        value.len() < SHORTEST || strength::of(value) == Strength::Weak
    }

    /// Whether it is in another text than an env file's value, which is never changed.
    #[must_use]
    pub fn stands_in(&self, text: &[u8]) -> bool {
        let wanted = open(self.value);
        !pieces(text, self).is_empty()
            || !self.is_weak() && (in_base64(text, wanted, None).is_some() || noted(text, wanted))
    }

    fn owns(&self, address: &Address) -> bool {
        !self.is_weak() || self.owner.owns(address)
    }
}

/// Shorter values are judged as weak ones: as a part they stand everywhere by chance.
const SHORTEST: usize = 8;

/// The assignments in which a value is to be replaced, by index. A reference to another key follows by itself.
#[must_use]
pub fn places(document: &Document, old: &Old<'_>) -> Vec<(usize, Form)> {
    let assignments = document.assignments().iter().enumerate();
    assignments.filter_map(|(index, one)| Some((index, form_of(document, one, old)?))).collect()
}

/// The assignments that hold the same word and are left as they are: a person has to judge them. Of a value that is not
/// weak there is none.
#[must_use]
pub fn left(document: &Document, old: &Old<'_>) -> Vec<usize> {
    let holds = |one: &Assignment| {
        let (value, wanted) = (open(&one.value), open(old.value));
        value == wanted
            || addresses(value).iter().any(|address| has_password(value, address, wanted) && !old.owns(address))
    };
    let assignments = document.assignments().iter().enumerate().filter(|(_, one)| one.dollar != Dollar::Reference);
    let left =
        assignments.filter(|(_, one)| old.is_weak() && holds(one) && form_of(document, one, old) != Some(Form::Whole));
    left.map(|(index, _)| index).collect()
}

fn form_of(document: &Document, assignment: &Assignment, old: &Old<'_>) -> Option<Form> {
    let (value, wanted) = (open(&assignment.value), open(old.value));
    if wanted.is_empty() || value.is_empty() {
        return None;
    }
    if assignment.dollar == Dollar::Reference {
        // What is written out beside the references, or as their default, is not replaced with them.
        let is_written = !old.is_weak() && contains(document.written(assignment), wanted);
        return is_written.then_some(Form::ByHand);
    }
    let form = match () {
        () if behind_user(document, assignment, value).and_then(|span| value.get(span)) == Some(wanted) => {
            (!old.is_weak() || old.owner.owns_key(document, assignment)).then_some(Form::BehindUser)
        }
        () if value == wanted => (!old.is_weak() || old.owner.owns_key(document, assignment)).then_some(Form::Whole),
        () => pieces(value, old).first().map(|(_, form)| *form).or_else(|| match () {
            () if old.is_weak() => None,
            () if in_base64(value, wanted, None).is_some() => Some(Form::Base64),
            () => noted(value, wanted).then_some(Form::ByHand),
        }),
    };
    form.map(|form| if assignment.dollar == Dollar::Rewritten { Form::ByHand } else { form })
}

/// The file with `new` where the old value is in the assignment at `index`, in the same form. Every byte outside
/// stays, also those of the value around it.
///
/// # Errors
/// Where it would not be read back as it is.
pub fn put(
    document: &Document,
    (index, form): (usize, Form),
    old: &Old<'_>,
    new: &Secret,
) -> Result<Document, EditError> {
    let assignment = document.assignments().get(index).ok_or(EditError::NoSuchAssignment)?;
    let (value, to) = (open(&assignment.value), open(new));
    match form {
        Form::Whole => document.set(index, new),
        Form::BehindUser => {
            let span = behind_user(document, assignment, value).ok_or(EditError::NotReadBack)?;
            let user = value.get(..span.start).unwrap_or_default();
            document.set(index, &Secret::new([user, to].concat()))
        }
        Form::Base64 => {
            let changed = in_base64(value, open(old.value), Some(to)).ok_or(EditError::NotReadBack)?;
            document.set(index, &changed)
        }
        Form::File | Form::ByHand => Err(EditError::NotReadBack),
        Form::Url | Form::Inside | Form::Percent | Form::Hex => put_inside(document, index, old, to),
    }
}

/// Where the password behind a user is, by the name of the key.
fn behind_user(document: &Document, assignment: &Assignment, value: &[u8]) -> Option<Range<usize>> {
    let name = std::str::from_utf8(document.name(assignment)).ok()?;
    class::behind_user(name, value).filter(|span| !span.is_empty())
}

/// Replaces parts of a value as it is written, with the escapes that its quotes need.
fn put_inside(document: &Document, index: usize, old: &Old<'_>, to: &[u8]) -> Result<Document, EditError> {
    let assignment = document.assignments().get(index).ok_or(EditError::NoSuchAssignment)?;
    let expected = replaced(open(&assignment.value), old, to);
    let written = document.written(assignment);
    let escaped = Secret::copy_of(&escaped(open(old.value)));
    let spelled = Old { value: &escaped, owner: old.owner };
    let mut refused = EditError::NotReadBack;
    for old in [old, &spelled] {
        for to in [to, &self::escaped(to)] {
            let changed = replaced(written, old, to);
            match document.splice(index, &assignment.written_span(), &changed) {
                Ok(edited) if edited.assignments().get(index).is_some_and(|one| one.value.ct_eq(&expected)) => {
                    return Ok(edited);
                }
                Ok(_) => {}
                Err(error) => refused = error,
            }
        }
    }
    Err(refused)
}

/// As it is written between double quotes.
fn escaped(value: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(2 * value.len()));
    for byte in value {
        if matches!(byte, b'"' | b'\\' | b'$') {
            out.push(b'\\');
        }
        out.push(*byte);
    }
    out
}

/// Where a value stands inside another one, from left to right. A weak one counts as the password of its owner alone.
fn pieces(value: &[u8], old: &Old<'_>) -> Vec<(Range<usize>, Form)> {
    let wanted = open(old.value);
    let of_url = addresses(value).into_iter().filter(|one| has_password(value, one, wanted) && old.owns(one));
    let mut found: Vec<(Range<usize>, Form)> = of_url.map(|one| (one.password, Form::Url)).collect();
    if !old.is_weak() {
        let forms = [
            (Form::Inside, Zeroizing::new(wanted.to_vec())),
            (Form::Percent, percent(wanted)),
            (Form::Hex, hex(wanted, false)),
            (Form::Hex, hex(wanted, true)),
        ];
        for (form, text) in &forms {
            for at in memchr::memmem::find_iter(value, text.as_slice()) {
                let span = at..at + text.len();
                let is_free = found.iter().all(|(known, _)| known.end <= span.start || span.end <= known.start);
                found.extend(is_free.then_some((span, *form)));
            }
        }
    }
    found.sort_by_key(|(span, _)| span.start);
    found
}

/// `value` with its pieces replaced, in a buffer of just its size.
fn replaced(value: &[u8], old: &Old<'_>, to: &[u8]) -> Secret {
    let pieces = pieces(value, old);
    let mut out = Vec::with_capacity(value.len() + pieces.len() * 3 * to.len());
    let mut start = 0;
    for (span, form) in pieces {
        out.extend_from_slice(value.get(start..span.start).unwrap_or_default());
        let piece = value.get(span.clone()).unwrap_or_default();
        match form {
            // A connection string is not decoded.
            Form::Url if piece == open(old.value) && !is_in_url(value, &span) => out.extend_from_slice(to),
            Form::Url | Form::Percent => out.extend_from_slice(&percent(to)),
            Form::Hex => out.extend_from_slice(&hex(to, piece.iter().any(u8::is_ascii_uppercase))),
            _ => out.extend_from_slice(to),
        }
        start = span.end;
    }
    out.extend_from_slice(value.get(start..).unwrap_or_default());
    Secret::new(out)
}

/// Whether a password is in a URL, where it is percent-encoded.
fn is_in_url(value: &[u8], password: &Range<usize>) -> bool {
    addresses(value).iter().any(|one| one.password == *password && one.scheme.is_some())
}

/// Whether a value is in a text with the escapes of a shell or of JSON, or as the middle of base64: what is round it is
/// not known.
fn noted(text: &[u8], wanted: &[u8]) -> bool {
    forms(wanted).iter().any(|(_, form)| contains(text, open(form)))
}

fn contains(value: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(value, part).is_some()
}

fn joined(value: &[u8], from: &[u8], to: &[u8]) -> Secret {
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
    let changed = joined(&inner, from, to.unwrap_or(from));
    Some(Secret::new(E::encode_string(open(&changed)).into_bytes()))
}

#[expect(clippy::disallowed_methods, reason = "compared and written into the file's text")]
fn open(secret: &Secret) -> &[u8] {
    secret.expose()
}

#[cfg(test)]
mod tests;
