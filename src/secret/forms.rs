//! The forms in which a value is in other text: the one list of them. What is searched, what is masked and what a
//! rotation finds in other values goes by it.

use zeroize::Zeroizing;

use crate::secret::Secret;
use crate::secret::class::pem::Block;
use crate::secret::search::line_breaks::Breaks;

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// As it is.
    Plain,
    /// Base64 (RFC 4648), of either alphabet, alone or among other bytes that are encoded with it.
    Base64,
    /// Hexadecimal digits.
    Hex,
    /// Percent-encoded (RFC 3986), as in a URL or a form.
    Percent,
    /// With the escapes of a JSON string (RFC 8259).
    Json,
    /// Quoted for a shell.
    Shell,
    /// UTF-16.
    Utf16,
    /// The digits of a private key, over lines or in one, whatever stands for its line ends.
    Pem,
}

impl Form {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Base64 => "base64",
            Self::Hex => "hex",
            Self::Percent => "percent-encoded",
            Self::Json => "JSON-escaped",
            Self::Shell => "shell-quoted",
            Self::Utf16 => "UTF-16",
            Self::Pem => "PEM",
        }
    }

    /// How the programs that write it break it into lines.
    pub(crate) fn breaks(self) -> Breaks {
        match self {
            Self::Base64 | Self::Hex => Breaks::Lines,
            Self::Pem => Breaks::Escaped,
            Self::Plain | Self::Percent | Self::Json | Self::Shell | Self::Utf16 => Breaks::None,
        }
    }
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64_URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Every form of a value, and of the private key that it is or holds: the key's digits, and the files that it may stand in.
pub(crate) fn forms(value: &[u8]) -> Vec<(Form, Secret)> {
    let mut all = of_text(value);
    let Some(block) = Block::of(value).filter(Block::is_real) else { return all };
    all.push((Form::Pem, Secret::copy_of(block.body())));
    for line_end in [b"\n".as_slice(), b"\r\n", b"\\n"] {
        let text = block.text(line_end);
        let text = text.strip_suffix(line_end).unwrap_or(&text);
        let coded =
            of_text(text).into_iter().filter(|(form, _)| matches!(form, Form::Base64 | Form::Hex | Form::Utf16));
        all.extend(coded);
    }
    all
}

/// Every form of a text, each once.
fn of_text(value: &[u8]) -> Vec<(Form, Secret)> {
    every(value, value.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(byte)))
}

/// The same; `is_unreserved` for a text of letters, digits, `-`, `.` and `_`, as most values are: neither a URL, JSON nor
/// a shell writes it in another way.
fn every(value: &[u8], is_unreserved: bool) -> Vec<(Form, Secret)> {
    let mut forms = vec![(Form::Plain, Secret::copy_of(value))];
    let mut add = |form, text: Secret| {
        if forms.iter().all(|(_, known)| !known.ct_eq(&text)) {
            forms.push((form, text));
        }
    };
    for shift in 0..3 {
        for alphabet in [BASE64, BASE64_URL] {
            add(Form::Base64, base64_in(value, shift, alphabet));
        }
    }
    for digits in [b"0123456789abcdef", b"0123456789ABCDEF"] {
        add(Form::Hex, written(value, 2, |byte, out| hex(byte, digits, out)));
    }
    if let Ok(text) = std::str::from_utf8(value) {
        add(Form::Utf16, utf16(text, u16::to_le_bytes));
        add(Form::Utf16, utf16(text, u16::to_be_bytes));
    }
    if is_unreserved {
        return forms;
    }
    for digits in [b"0123456789abcdef", b"0123456789ABCDEF"] {
        // What Python's quote, JavaScript's encodeURIComponent and RFC 3986 leave alone, and forms, which write a blank
        // as a plus.
        for kept in [b"-._~".as_slice(), b"-._~/", b"-_.!~*'()", b"-._~ "] {
            add(Form::Percent, written(value, 3, |byte, out| percent(byte, kept, digits, out)));
        }
    }
    for escaped in [b"".as_slice(), b"/", b"<>&", b"/<>&'"] {
        add(Form::Json, written(value, 6, |byte, out| json(byte, escaped, out)));
    }
    // As POSIX has it, and as dash and Python do.
    for quote in [b"'\\''".as_slice(), b"'\"'\"'"] {
        add(Form::Shell, written(value, 5, |byte, out| out.extend(if byte == b'\'' { quote } else { slice(&byte) })));
    }
    // In double quotes, as `declare -p` writes; as zsh's `${(q)}` and as bash's `%q`.
    for special in [b"\"\\$`".as_slice(), b" \"\\$`'!#&()*;<>?[]^{|}~", b" \t!\"$&'()*,;<>?[\\]^`{|}"] {
        add(Form::Shell, written(value, 2, |byte, out| backslashed(byte, special, out)));
    }
    for is_ascii in [false, true] {
        add(Form::Shell, written(value, 4, |byte, out| ansi_c(byte, is_ascii, out)));
    }
    if let Ok(text) = std::str::from_utf8(value) {
        add(Form::Json, json_ascii(text));
    }
    forms
}

fn slice(byte: &u8) -> &[u8] {
    std::slice::from_ref(byte)
}

/// The value byte for byte; `most` is what one byte takes at most, so that the buffer never grows and leaves no copy.
fn written(value: &[u8], most: usize, mut write: impl FnMut(u8, &mut Vec<u8>)) -> Secret {
    let mut out = Zeroizing::new(Vec::with_capacity(value.len() * most));
    for byte in value {
        write(*byte, &mut out);
    }
    Secret::copy_of(&out)
}

fn hex(byte: u8, digits: &[u8; 16], out: &mut Vec<u8>) {
    out.extend(digits.get(usize::from(byte >> 4)));
    out.extend(digits.get(usize::from(byte & 15)));
}

fn percent(byte: u8, kept: &[u8], digits: &[u8; 16], out: &mut Vec<u8>) {
    match byte {
        b' ' if kept.contains(&b' ') => out.push(b'+'),
        _ if byte.is_ascii_alphanumeric() || kept.contains(&byte) => out.push(byte),
        _ => {
            out.push(b'%');
            hex(byte, digits, out);
        }
    }
}

fn json(byte: u8, escaped: &[u8], out: &mut Vec<u8>) {
    match byte {
        b'"' | b'\\' => out.extend([b'\\', byte]),
        b'/' if escaped.contains(&b'/') => out.extend(b"\\/"),
        b'\n' => out.extend(b"\\n"),
        b'\r' => out.extend(b"\\r"),
        b'\t' => out.extend(b"\\t"),
        _ if byte < 0x20 || escaped.contains(&byte) => {
            out.extend(b"\\u00");
            hex(byte, b"0123456789abcdef", out);
        }
        _ => out.push(byte),
    }
}

/// As [`json`], everything that is not ASCII as `\uXXXX`.
fn json_ascii(text: &str) -> Secret {
    let mut out = Zeroizing::new(Vec::with_capacity(text.len() * 6));
    for character in text.chars() {
        match u8::try_from(character) {
            Ok(byte) if byte.is_ascii() => json(byte, b"", &mut out),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    out.extend(b"\\u");
                    unit.to_be_bytes().iter().for_each(|byte| hex(*byte, b"0123456789abcdef", &mut out));
                }
            }
        }
    }
    Secret::copy_of(&out)
}

fn backslashed(byte: u8, special: &[u8], out: &mut Vec<u8>) {
    if special.contains(&byte) {
        out.push(b'\\');
    }
    out.push(byte);
}

/// As bash writes between `$'` and `'` what has control characters; in the C locale also all that is not ASCII.
fn ansi_c(byte: u8, is_ascii: bool, out: &mut Vec<u8>) {
    const NAMED: [(u8, u8); 8] =
        [(7, b'a'), (8, b'b'), (9, b't'), (10, b'n'), (11, b'v'), (12, b'f'), (13, b'r'), (27, b'E')];
    let octal = |shift: u8| b'0' + (byte >> shift & 7);
    match NAMED.iter().find(|(control, _)| *control == byte) {
        Some((_, letter)) => out.extend([b'\\', *letter]),
        None if matches!(byte, b'\'' | b'\\') => out.extend([b'\\', byte]),
        None if byte.is_ascii_control() || is_ascii && !byte.is_ascii() => {
            out.extend([b'\\', octal(6), octal(3), octal(0)]);
        }
        None => out.push(byte),
    }
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Secret {
    let mut out = Zeroizing::new(Vec::with_capacity(text.len() * 2));
    text.encode_utf16().for_each(|unit| out.extend(bytes(unit)));
    Secret::copy_of(&out)
}

/// What is sure of a value's base64 when so many bytes stand before it: the characters that belong to it alone.
pub(crate) fn base64(value: &[u8], shift: usize) -> Secret {
    base64_in(value, shift, BASE64)
}

fn base64_in(value: &[u8], shift: usize, alphabet: &[u8; 64]) -> Secret {
    let (first, last) = ((shift * 8).div_ceil(6), (shift + value.len()) * 8 / 6);
    let byte = |at: usize| u16::from(value.get(at).copied().unwrap_or(0));
    let character = |bit: usize| {
        let pair = byte(bit / 8) << 8 | byte(bit / 8 + 1);
        alphabet.get(usize::from(pair >> (10 - bit % 8) & 0x3f)).copied().unwrap_or(b'A')
    };
    let mut out = Vec::with_capacity(last.saturating_sub(first));
    out.extend((first..last).map(|at| character(at * 6 - shift * 8)));
    Secret::new(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[expect(clippy::disallowed_methods, reason = "compares made-up values")]
    fn sorted(forms: &[(Form, Secret)]) -> Vec<Vec<u8>> {
        let mut texts: Vec<Vec<u8>> = forms.iter().map(|(_, text)| text.expose().to_vec()).collect();
        texts.sort();
        texts
    }

    /// As serde_json writes it, and as bash does, also in the C locale.
    #[test]
    fn a_value_with_control_characters_as_programs_write_it() {
        let value = "a\tb\r\nc'\"\\/\u{1}\u{7f}\u{e9}";
        let json = serde_json::to_string(value).unwrap();
        let texts = sorted(&forms(value.as_bytes()));
        for written in [json.trim_matches('"'), r#"a\tb\r\nc\'"\\/\001\177é"#, r#"a\tb\r\nc\'"\\/\001\177\303\251"#] {
            assert!(texts.iter().any(|text| text == written.as_bytes()), "{written}");
        }
    }

    proptest! {
        /// What is left out for such a text would be one of the others again.
        #[test]
        fn nothing_writes_an_unreserved_text_in_another_way(value in "[A-Za-z0-9._-]{0,40}") {
            let value = value.as_bytes();
            prop_assert_eq!(sorted(&every(value, true)), sorted(&every(value, false)));
        }
    }
}
