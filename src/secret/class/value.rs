//! What a value says by itself.

use super::Class;
use crate::secret::apikey;
use crate::secret::strength::shape::reads_as_words;

/// How hashes of passwords begin: PHC strings, bcrypt, crypt(3), htpasswd, LDAP.
const HASHES: [&str; 14] = [
    "$argon2",
    "$2a$",
    "$2b$",
    "$2y$",
    "$scrypt$",
    "$pbkdf2",
    "$1$",
    "$5$",
    "$6$",
    "$y$",
    "$apr1$",
    "{SSHA}",
    "pbkdf2_sha256$",
    "SCRAM-SHA-256$",
];

/// Directories at a system's root, so that a base64 value with a slash in front is not taken for a path.
const ROOTS: &str = "app apps bin certs config data dev etc home keys mnt opt private proc root run secrets srv ssl tmp \
usr var workspace Users";

/// Endings of files that hold keys and settings.
const FILES: [&str; 17] = [
    ".pem", ".key", ".crt", ".cer", ".json", ".txt", ".p12", ".pfx", ".jks", ".p8", ".yml", ".yaml", ".toml", ".conf",
    ".pub", ".db", ".sqlite",
];

/// The class that a value has under any name.
pub(super) fn class(value: &[u8]) -> Option<Class> {
    let has = |needle: &[u8]| memchr::memmem::find(value, needle).is_some();
    let is_key = || super::pem::is_private(value) || super::pem::Block::of(value).is_some();
    if is_key() || has(b"\"private_key\"") || has(b"\"kty\"") && has(b"\"d\"") {
        return Some(Class::PrivateKey);
    }
    let hash = super::hash::hash_part(value);
    // As it is written for Compose, which halves each `$$`.
    let hash = hash.strip_prefix(b"$").filter(|rest| rest.starts_with(b"$")).unwrap_or(hash);
    if HASHES.iter().any(|start| hash.starts_with(start.as_bytes())) && hash.len() >= 20 {
        return Some(Class::Hash);
    }
    if apikey::is_one(value) {
        return Some(Class::AdminApiKey);
    }
    super::token::is_one(value).then_some(Class::ApiKey)
}

/// Whether a run of 16 letters and digits changes its kind (upper, lower, digit) as often as a generated one: at one
/// step in five (base62 does at three in five, hex at two), and does not read as words.
pub(crate) fn looks_generated(value: &[u8]) -> bool {
    let kind = |byte: u8| match byte {
        b'0'..=b'9' => 0_u8,
        b'a'..=b'z' => 1,
        _ => 2,
    };
    value.split(|byte| !(byte.is_ascii_alphanumeric() || b"+/_-".contains(byte))).any(|run| {
        let letters: Vec<u8> = run.iter().copied().filter(u8::is_ascii_alphanumeric).map(kind).collect();
        let changes = letters.windows(2).filter(|pair| matches!(pair, [a, b] if a != b)).count();
        let marks = run.len() - letters.len();
        letters.len() >= 16 && changes * 5 >= letters.len() && marks * 6 <= letters.len() && !reads_as_words(run)
    })
}

/// A value of no fewer characters is taken for a secret whatever its name: 160 bits in base32, 128 in hexadecimal digits.
const RANDOM: usize = 32;

/// Whether a value is one long random run, as keys and tokens are, and not what programs number things by: a UUID, a
/// commit, `price_…`.
pub(super) fn is_random(value: &[u8]) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/_-=".contains(byte);
    let has = |kind: fn(&u8) -> bool| value.iter().any(kind);
    let is_hex = value.iter().all(u8::is_ascii_hexdigit);
    let is_mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit);
    (RANDOM..=512).contains(&value.len())
        && value.iter().all(is_digit)
        && (is_mixed || is_hex && value.len() != COMMIT)
        && looks_generated(value)
        && !is_numbered(value)
        && !is_text_in_base64(value)
}

/// A commit's id in hexadecimal digits.
const COMMIT: usize = 40;

/// `price_1Abc…`, `b8c2f7f1-…`: a kind, or the first group of a UUID, and the number.
fn is_numbered(value: &[u8]) -> bool {
    let Some(at) = value.iter().position(|byte| matches!(byte, b'_' | b'-')) else { return false };
    let kind = value.get(..at).unwrap_or_default();
    let is_uuid = at == 8 && value.iter().filter(|byte| **byte == b'-').count() == 4;
    is_uuid || kind.len() <= 8 && kind.iter().all(u8::is_ascii_lowercase)
}

/// Whether a value is base64 of something that people read.
fn is_text_in_base64(value: &[u8]) -> bool {
    use base64ct::{Base64Unpadded, Encoding};
    let digits = value.strip_suffix(b"==").or_else(|| value.strip_suffix(b"=")).unwrap_or(value);
    let text = std::str::from_utf8(digits).ok().and_then(|digits| Base64Unpadded::decode_vec(digits).ok());
    let text = text.map(zeroize::Zeroizing::new);
    text.is_some_and(|text| text.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace()))
}

/// Whether a value is the words of a wallet (BIP 39: 12 to 24 of them, of three to eight letters).
pub(super) fn is_phrase(value: &[u8]) -> bool {
    let words: Vec<&[u8]> = value.split(|byte| *byte == b' ').collect();
    let is_word = |word: &&[u8]| (3..=8).contains(&word.len()) && word.iter().all(u8::is_ascii_lowercase);
    (12..=24).contains(&words.len()) && words.len() % 3 == 0 && words.iter().all(is_word)
}

/// Whether a value is `user:password`, and no host with its port.
pub(super) fn is_pair(value: &[u8]) -> bool {
    let Some(colon) = memchr::memchr(b':', value) else { return false };
    let (user, password) = (value.get(..colon).unwrap_or_default(), value.get(colon + 1..).unwrap_or_default());
    let is_user = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.@+-".contains(byte);
    !user.is_empty()
        && user.iter().all(is_user)
        && password.len() >= 4
        && !password.starts_with(b"/")
        && password.iter().all(u8::is_ascii_graphic)
        && !is_public(value)
        && !(password.len() <= 5 && password.iter().all(u8::is_ascii_digit))
}

/// Whether a value is plainly a setting, under whatever name: a boolean, a URL, a path; and, where no password is
/// asked for, a duration or a rate.
pub(super) fn is_setting(value: &[u8], class: Class) -> bool {
    let Ok(text) = std::str::from_utf8(value) else { return false };
    let password = matches!(class, Class::Password | Class::DatabasePassword);
    let boolean = ["true", "false", "yes", "no", "on", "off", "enabled", "disabled", "0", "1"];
    boolean.iter().any(|word| word.eq_ignore_ascii_case(text))
        || text.contains("://") && !text.contains(' ')
        || is_path(text)
        || !password && is_quantity(text)
        || class == Class::ApiKey && is_key_id(text)
}

/// AWS's ids of access keys, which are public.
fn is_key_id(text: &str) -> bool {
    (text.starts_with("AKIA") || text.starts_with("ASIA")) && text.len() == 20
}

fn is_path(text: &str) -> bool {
    if text.contains(' ') {
        return false;
    }
    let root = text.strip_prefix('/').and_then(|rest| rest.split_once('/')).map(|(first, _)| first);
    ["./", "../", "~/", "C:\\", "/run/secrets/"].iter().any(|start| text.starts_with(start))
        || root.is_some_and(|first| ROOTS.split_ascii_whitespace().any(|known| known == first))
        || FILES.iter().any(|end| text.ends_with(end))
}

/// `15m`, `60/minute`, `7 days`. A bare number may be a short secret.
fn is_quantity(text: &str) -> bool {
    let digits = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let unit = text.get(digits..).unwrap_or_default().trim_start_matches([' ', '/']);
    (1..=6).contains(&digits) && is_unit(unit)
}

fn is_unit(unit: &str) -> bool {
    const UNITS: &str = "ms s sec secs second seconds m min mins minute minutes h hr hour hours d day days w week weeks y year \
years mo month months";
    UNITS.split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(unit))
}

/// Whether a value is what anybody may write anywhere: a setting, a host, an address.
#[must_use]
pub fn is_plain(value: &[u8], class: Class) -> bool {
    is_setting(value, class) || is_public(value)
}

/// Whether a value is plainly public under a doubtful name: nothing, a host, an address, a number.
pub(super) fn is_public(value: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(value) else { return false };
    let nothing = ["null", "none", "nil", "undefined", "localhost", "default", "basic", "bearer"];
    nothing.iter().any(|word| word.eq_ignore_ascii_case(text))
        || text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() <= 6
        || is_host(text)
        || text.split_once('@').is_some_and(|(user, host)| !user.contains(':') && is_host(host))
}

/// `db.example.com`, `10.0.0.1:5432`.
fn is_host(text: &str) -> bool {
    let (host, port) = text.split_once(':').unwrap_or((text, "1"));
    let labels: Vec<&str> = host.split('.').collect();
    let label =
        |label: &&str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    labels.len() >= 2 && labels.iter().all(label) && port.bytes().all(|byte| byte.is_ascii_digit()) && host.len() <= 100
}
