//! Keys in PEM (RFC 7468), in whatever notation they are written: over several lines, with `\n` in one line, in base64,
//! in a JSON string.

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

/// How a private key's block begins and ends, in every kind: `BEGIN RSA PRIVATE KEY`, `BEGIN PGP PRIVATE KEY BLOCK`.
const PRIVATE: &[u8] = b"PRIVATE KEY";
const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";

/// The shortest body of a private key: that of Ed25519, 48 bytes of DER, has 64 characters.
const SHORTEST: usize = 48;

/// The lines of PEM have 64 columns.
const COLUMNS: usize = 64;

/// A private key's block without its notation.
pub(crate) struct Block {
    label: Zeroizing<Vec<u8>>,
    /// The base64 digits alone.
    body: Zeroizing<Vec<u8>>,
}

impl Block {
    /// The first private key in a value; also where the value is base64 of one.
    pub(crate) fn of(value: &[u8]) -> Option<Self> {
        match within(value) {
            Some(block) => Some(block),
            None => within(&unpacked(value)?),
        }
    }

    /// Whether a key can be made of it. One that breaks off in dots, or is filled with x's, is there for the reader's eyes.
    pub(crate) fn is_real(&self) -> bool {
        let count = |wanted: u8| self.body.iter().filter(|byte| **byte == wanted).count();
        self.body.len() >= SHORTEST && count(b'.') == 0 && count(b'x') * 2 <= self.body.len()
    }

    /// Its digits, to be looked for.
    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// The block as a file has it, with this line end.
    pub(crate) fn text(&self, line_end: &[u8]) -> Zeroizing<Vec<u8>> {
        let room = 2 * self.label.len() + self.body.len() + 64;
        let mut text = Zeroizing::new(Vec::with_capacity(room + self.body.len() / COLUMNS * line_end.len()));
        for part in [BEGIN, &self.label, DASHES, line_end] {
            text.extend_from_slice(part);
        }
        for line in self.body.chunks(COLUMNS) {
            text.extend_from_slice(line);
            text.extend_from_slice(line_end);
        }
        for part in [END, &self.label, DASHES, line_end] {
            text.extend_from_slice(part);
        }
        text
    }
}

/// Whether a text has a private key's block, in whatever state.
pub(crate) fn is_private(value: &[u8]) -> bool {
    let mut rest = value;
    while let Some(at) = memchr::memmem::find(rest, BEGIN) {
        rest = rest.get(at + BEGIN.len()..).unwrap_or_default();
        let label = memchr::memmem::find(rest, DASHES).and_then(|end| rest.get(..end)).unwrap_or_default();
        if memchr::memmem::find(label, PRIVATE).is_some() {
            return true;
        }
    }
    false
}

/// Whether a value is a key or a certificate that everybody may have: PEM without a private key, a line of
/// `authorized_keys`.
pub(crate) fn is_public(value: &[u8]) -> bool {
    const SSH: [&str; 7] = [
        "ssh-ed25519 AAAA",
        "ssh-rsa AAAA",
        "ssh-dss AAAA",
        "ecdsa-sha2-nistp",
        "sk-ssh-ed25519@openssh.com AAAA",
        "sk-ecdsa-sha2-nistp256@openssh.com AAAA",
        "age1",
    ];
    let is_armored = |text: &[u8]| {
        let label = text.strip_prefix(BEGIN).and_then(|rest| Some((rest, memchr::memmem::find(rest, DASHES)?)));
        let label = label.and_then(|(rest, end)| rest.get(..end)).unwrap_or_default();
        let is = |word: &[u8]| memchr::memmem::find(label, word).is_some();
        (is(b"PUBLIC KEY") || is(b"CERTIFICATE") || is(b"DH PARAMETERS") || is(b"EC PARAMETERS")) && !is_private(text)
    };
    let is_age = |rest: &[u8]| rest.len() == 58 && rest.iter().all(u8::is_ascii_alphanumeric);
    is_armored(value.trim_ascii_start())
        || SSH.iter().any(|start| match value.strip_prefix(start.as_bytes()) {
            Some(rest) => *start != "age1" || is_age(rest),
            None => false,
        })
        || unpacked(value).is_some_and(|text| is_armored(&text))
}

/// The bodies of the certificates of a text, without line ends, in their order; also where the text is base64 of them.
pub(crate) fn certificates(text: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    let unpacked = unpacked(text);
    let mut rest = unpacked.as_ref().map_or(text, |text| text.as_slice());
    let mut found = Vec::new();
    while let Some(at) = memchr::memmem::find(rest, BEGIN) {
        rest = rest.get(at + BEGIN.len()..).unwrap_or_default();
        let Some(end) = memchr::memmem::find(rest, DASHES) else { break };
        let (label, behind) = rest.split_at(end);
        rest = behind.get(DASHES.len()..).unwrap_or_default();
        if label.ends_with(b"CERTIFICATE") {
            let end = memchr::memmem::find(rest, END).unwrap_or(rest.len());
            found.push(body(rest.get(..end).unwrap_or_default()));
        }
    }
    found
}

/// The bytes of which a text is base64, in one line or several.
pub(crate) fn decoded(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let digits = Zeroizing::new(text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect::<Vec<u8>>());
    Base64::decode_vec(std::str::from_utf8(&digits).ok()?).ok().map(Zeroizing::new)
}

/// The text of which a value is base64, where that is PEM's.
fn unpacked(value: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    // "-----BEGIN " in base64.
    if !value.starts_with(b"LS0tLS1CRUdJTi") {
        return None;
    }
    let mut text = Zeroizing::new(Vec::with_capacity(value.len()));
    text.extend(value.iter().filter(|byte| !byte.is_ascii_whitespace() && **byte != b'='));
    // Only whole groups of four: what is behind them is a part of the last dashes, or of a text whose end is lost.
    let whole = text.len() / 4 * 4;
    text.truncate(whole);
    Base64::decode_vec(std::str::from_utf8(&text).ok()?).ok().map(Zeroizing::new)
}

fn within(text: &[u8]) -> Option<Block> {
    let mut rest = text;
    loop {
        let start = memchr::memmem::find(rest, BEGIN)?;
        rest = rest.get(start + BEGIN.len()..)?;
        let label = rest.get(..memchr::memmem::find(rest, DASHES)?)?;
        rest = rest.get(label.len() + DASHES.len()..)?;
        if memchr::memmem::find(label, PRIVATE).is_none() {
            continue;
        }
        let end = memchr::memmem::find(rest, END).unwrap_or(rest.len());
        let body = body(rest.get(..end)?);
        return Some(Block { label: Zeroizing::new(label.to_vec()), body });
    }
}

/// What stands between, without line ends: real ones, and `\n`, `\r` and `\\n` as escapes.
fn body(text: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut body = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text;
    while let Some((byte, behind)) = rest.split_first() {
        rest = behind;
        match byte {
            b'\\' => {
                if let Some((b'n' | b'r' | b't', behind)) = rest.split_first() {
                    rest = behind;
                }
            }
            _ if byte.is_ascii_whitespace() => {}
            _ => body.push(*byte),
        }
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    fn armored(label: &str, body: &str) -> String {
        format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
    }

    fn digits() -> String {
        (0..100_u32).map(|at| char::from(b'A' + u8::try_from(at * 7 % 26).unwrap())).collect()
    }

    #[test]
    fn one_key_in_every_notation() {
        let (digits, label) = (digits(), ["EC PRIV", "ATE KEY"].concat());
        let file = armored(&label, &format!("{}\n{}", digits.get(..64).unwrap(), digits.get(64..).unwrap()));
        let notations = [
            file.clone(),
            file.replace('\n', "\r\n"),
            file.replace('\n', "\\n"),
            file.replace('\n', "\\r\\n"),
            file.replace('\n', "\\\\n"),
            file.replace('\n', " "),
            file.replace('\n', "\n    "),
            format!("{{\"type\":\"x\",\"private_key\":\"{}\"}}", file.replace('\n', "\\n")),
            Base64::encode_string(file.as_bytes()),
            Base64::encode_string(file.as_bytes()).trim_end_matches('=').to_owned(),
        ];
        for notation in notations {
            let block = Block::of(notation.as_bytes()).unwrap();
            assert_eq!(block.body(), digits.as_bytes(), "{notation}");
            assert!(block.is_real());
            assert_eq!(block.text(b"\n").as_slice(), file.as_bytes());
        }
    }

    #[test]
    fn a_key_in_base64_whose_end_is_lost() {
        let file = armored(&["PRIV", "ATE KEY"].concat(), &digits());
        let encoded = Base64::encode_string(file.as_bytes());
        let lines: String = encoded
            .chars()
            .enumerate()
            .map(|(at, digit)| if at % 76 == 75 { format!("{digit}\n") } else { digit.to_string() })
            .collect();
        for text in [encoded, lines] {
            for cut in 0..100 {
                assert!(Block::of(text.as_bytes().get(..text.len() - cut).unwrap()).is_some(), "{cut} of {text}");
            }
        }
    }

    #[test]
    fn what_is_no_key() {
        let label = ["PRIV", "ATE KEY"].concat();
        for body in ["...", "MIIE...", "MII", "", &("MII".to_owned() + &"x".repeat(64)), &(digits() + "...")] {
            assert!(!Block::of(armored(&label, body).as_bytes()).unwrap().is_real(), "{body}");
        }
        assert!(Block::of(armored("PUBLIC KEY", &digits()).as_bytes()).is_none());
        assert!(Block::of(b"LS0tLS1CRUdJTi").is_none());
    }

    #[test]
    fn what_everybody_may_have() {
        let key = armored(&["PRIV", "ATE KEY"].concat(), &digits());
        let certificate = armored("CERTIFICATE", &digits());
        for public in [
            armored("PUBLIC KEY", &digits()).replace('\n', "\\n"),
            certificate.clone(),
            Base64::encode_string(certificate.as_bytes()),
            "ssh-ed25519 AAAAC3Nz ada@laptop".to_owned(),
            armored("DH PARAMETERS", &digits()),
            armored("EC PARAMETERS", &digits()),
            "age1".to_owned() + &"q".repeat(58),
        ] {
            assert!(is_public(public.as_bytes()), "{public}");
        }
        for private in [
            key.clone(),
            certificate + &key,
            "ssh-ed25519".to_owned(),
            "age1hunter2".to_owned(),
            Base64::encode_string(key.as_bytes()),
        ] {
            assert!(!is_public(private.as_bytes()), "{private}");
        }
    }
}
