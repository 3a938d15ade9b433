//! What a value says by itself.

use super::Class;
use crate::strength::shape::reads_as_words;

/// What public providers put before their tokens. A publishable key (`pk_live_`) is not among them.
const TOKENS: [&str; 26] = [
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "rk_test_",
    "whsec_",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "xapp-",
    "sk-ant-",
    "sk-proj-",
    "sk-or-",
    "SG.",
    "AIza",
    "npm_",
    "pypi-",
    "dop_v1_",
    "hf_",
    "shpat_",
];

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
    if has(b"PRIVATE KEY-----") || has(b"\"private_key\"") || has(b"\"kty\"") && has(b"\"d\"") {
        return Some(Class::PrivateKey);
    }
    if HASHES.iter().any(|start| value.starts_with(start.as_bytes())) && value.len() >= 20 {
        return Some(Class::Hash);
    }
    if crate::apikey::is_one(value) {
        return Some(Class::AdminApiKey);
    }
    let token = TOKENS.iter().any(|start| value.strip_prefix(start.as_bytes()).is_some_and(is_long_token));
    token.then_some(Class::ApiKey)
}

fn is_long_token(rest: &[u8]) -> bool {
    rest.len() >= 16 && rest.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte))
}

/// The literal that a value stands for: itself, the default of `${X:-default}`, or `None` where it is only references.
#[must_use]
pub fn literal(value: &[u8]) -> Option<&[u8]> {
    let inner = value.strip_prefix(b"${").and_then(|rest| rest.strip_suffix(b"}"));
    if let Some(inner) = inner.filter(|inner| !inner.contains(&b'}')) {
        let end = inner.iter().position(|byte| !is_name(*byte)).unwrap_or(inner.len());
        let rest = inner.get(end..).unwrap_or_default();
        let default = rest.strip_prefix(b":-").or_else(|| rest.strip_prefix(b"-")).unwrap_or_default();
        return (!default.is_empty()).then_some(default);
    }
    (!is_reference(value)).then_some(value)
}

/// Whether a value holds a `${…}` or is a `$NAME`, and beside references only punctuation.
pub(crate) fn is_reference(value: &[u8]) -> bool {
    if let Some(name) = value.strip_prefix(b"$") {
        if name.first().is_some_and(|byte| byte.is_ascii_uppercase() || *byte == b'_')
            && name.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
        {
            return true;
        }
    }
    let (mut rest, mut found) = (value, false);
    loop {
        let Some(start) = memchr::memmem::find(rest, b"${") else {
            return found && !rest.iter().any(u8::is_ascii_alphanumeric);
        };
        let (before, from) = rest.split_at(start);
        let Some(end) = from.iter().position(|byte| *byte == b'}') else { return false };
        if before.iter().any(u8::is_ascii_alphanumeric) {
            return false;
        }
        found = true;
        rest = from.get(end + 1..).unwrap_or_default();
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
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
