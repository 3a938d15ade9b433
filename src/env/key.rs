//! Names of keys that may be printed.

use std::fmt;

use crate::secret::class;
use crate::secret::strength::shape::reads_as_words;

/// A key that may be printed: it was followed by `=`, matches `[A-Za-z_][A-Za-z0-9_.-]{0,63}`, stood outside an open
/// quote or PEM block, and does not itself look like a secret. Everything else is shown as a line number only.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(String);

impl Key {
    /// `name` as a key, if its shape may be printed.
    #[must_use]
    pub fn printable(name: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(name).ok()?;
        (has_shape(name) && !looks_secret(text)).then(|| Self(text.to_owned()))
    }

    /// `name` as a key that may be printed and that every reader takes: `[A-Za-z_][A-Za-z0-9_]*`.
    #[must_use]
    pub fn everywhere(name: &[u8]) -> Option<Self> {
        let plain = name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        Self::printable(name).filter(|_| plain)
    }

    /// The key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn has_shape(name: &[u8]) -> bool {
    let tail = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    name.len() <= 64
        && matches!(name.first(), Some(first) if first.is_ascii_alphabetic() || *first == b'_')
        && name.iter().all(tail)
}

fn looks_secret(name: &str) -> bool {
    class::is_token_in_name(name) || name.split(['_', '.', '-']).any(is_random_run) || is_random_whole(name)
}

/// Which kinds of characters stand in a text, and how often letters and digits take turns.
#[derive(Default)]
struct Mix {
    upper: bool,
    lower: bool,
    digit: bool,
    only_hex: bool,
    length: usize,
    turns: usize,
    /// How often capitals, small letters and digits take turns.
    changes: usize,
}

impl Mix {
    fn of(bytes: impl Iterator<Item = u8>) -> Self {
        let mut mix = Self { only_hex: true, ..Self::default() };
        let (mut before, mut last) = (None, None);
        for byte in bytes {
            let kind = (byte.is_ascii_digit(), byte.is_ascii_uppercase());
            mix.changes += usize::from(last.replace(kind).is_some_and(|last| last != kind));
            mix.upper |= byte.is_ascii_uppercase();
            mix.lower |= byte.is_ascii_lowercase();
            mix.digit |= byte.is_ascii_digit();
            mix.only_hex &= byte.is_ascii_hexdigit();
            mix.length += 1;
            mix.turns += usize::from(before.is_some_and(|digit| digit != byte.is_ascii_digit()));
            before = Some(byte.is_ascii_digit());
        }
        mix
    }

    /// Whether nearly half of its characters are of another kind than the one before: of random base62 six in ten are, of
    /// words run together one in five.
    fn is_shuffled(&self) -> bool {
        let kinds = usize::from(self.upper) + usize::from(self.lower) + usize::from(self.digit);
        self.length >= 12 && kinds >= 2 && self.lower && self.changes * 11 > (self.length - 1) * 5
    }

    fn is_hex(&self) -> bool {
        self.only_hex && self.length >= 16
    }
}

/// A part of a name without `_`, `.` and `-`. No word of an ordinary name mixes so much, or is so long.
fn is_random_run(run: &str) -> bool {
    let mix = Mix::of(run.bytes());
    let mixed = (mix.digit && (mix.upper || mix.lower)) || (mix.upper && mix.lower);
    let is_letters = !mix.digit && mix.length >= 16 && !(mix.upper && mix.lower);
    mix.is_hex()
        || (mix.length >= 20 && mixed && !reads_as_words(run.as_bytes()))
        || (mix.length >= 12 && mix.turns >= 4)
        || mix.is_shuffled()
        || (is_letters && !reads_as_words(run.as_bytes()))
        || mix.length >= 32
}

/// A UUID, or base64 of the URL kind: `-` and `_` belong to it.
fn is_random_whole(name: &str) -> bool {
    let mix = Mix::of(name.bytes().filter(u8::is_ascii_alphanumeric));
    mix.is_hex() && mix.digit || (mix.length >= 20 && mix.upper && mix.lower && mix.digit && mix.turns >= 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_pass() {
        let names = [
            "A",
            "_",
            "DB_PASSWORD",
            "NEXT_PUBLIC_SUPABASE_URL",
            "ELASTICSEARCH_PASSWORD2",
            "AWS_S3_BUCKET_NAME",
            "AWS_SECRET_ACCESS_KEY",
            "OAUTH2_CLIENT_ID_V2",
            "OAUTH2CLIENTSECRET",
            "ConnectionStrings__Default",
            "spring.datasource.password",
            "npm_config_registry",
            "ASIA_REGION",
            "ASIAPACIFIC_URL",
            "SK_LIVE_KEY",
            "EXTERNALLYMANAGEDPASSWORD",
            "K8S_NAMESPACE",
            "FACE_BEAD_CAFE_DECADE",
            "A-B",
            "globalSettings__disableUserRegistration",
            "RATELIMITREQUESTS",
            "MAXCONCURRENTUPLOADS",
            "S3BucketName",
            "OAuth2ClientSecret",
        ];
        for name in names {
            assert_eq!(Key::printable(name.as_bytes()).map(|key| key.to_string()), Some(name.to_owned()));
        }
    }

    /// Random text that stands where a key does: how many of a hundred may be printed.
    #[test]
    fn random_text_does_not() {
        const BASE62: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let lower = BASE62.get(26..52).unwrap();
        let mut state = 1_u64;
        let mut random = |alphabet: &str, length: usize| -> String {
            let mut one = || {
                // Knuth's MMIX generator: its upper bits are good enough here.
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let place = usize::try_from(state >> 33).unwrap() % alphabet.len();
                char::from(*alphabet.as_bytes().get(place).unwrap())
            };
            (0..length).map(|at| if at == 0 { 'k' } else { one() }).collect()
        };
        for (alphabet, length, most) in [
            (BASE62, 12, 25),
            (BASE62, 16, 12),
            (BASE62, 19, 4),
            (lower, 16, 1),
            (lower, 24, 0),
            (lower, 31, 0),
            ("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 24, 1),
        ] {
            let printed = (0..100).filter(|_| Key::printable(random(alphabet, length).as_bytes()).is_some()).count();
            assert!(printed <= most, "{length} of {alphabet}: {printed}");
        }
    }

    #[test]
    fn other_shapes_do_not() {
        for name in ["", "1A", "A B", "é", "a[1]", "A\u{1b}", ".A", "-A", "A/B"] {
            assert_eq!(Key::printable(name.as_bytes()), None, "{name}");
        }
        assert_eq!(Key::printable(b"A\xff"), None);
        assert!(Key::printable("A_".repeat(32).as_bytes()).is_some());
        assert_eq!(Key::printable(("A_".repeat(32) + "A").as_bytes()), None);
    }

    #[test]
    fn what_is_random_as_a_whole() {
        for (name, is_random) in [
            ("aB3-dE5_aB3-dE5_aB3-dE5", true),
            ("a50e8400-e29b-41d4-a716-446655440000", true),
            ("aB3-dE5_aB3-dE5", false),
            ("Database_Password_For_App_12", false),
            ("face-bead-cafe-decade", false),
        ] {
            assert_eq!(is_random_whole(name), is_random, "{name}");
        }
    }

    #[test]
    fn what_every_reader_takes_for_a_name() {
        for (name, is_one) in [("A_1", true), ("_a", true), ("a.b", false), ("a-b", false)] {
            let key = Key::everywhere(name.as_bytes());
            assert_eq!(key.as_ref().map(Key::as_str), is_one.then_some(name), "{name}");
        }
    }

    #[test]
    fn pasted_secrets_do_not() {
        let uuid = ["a50e8400", "e29b", "41d4", "a716", "446655440000"].join("-");
        let secrets = [
            "AKIA".to_owned() + &"Q".repeat(16),
            "ASIA".to_owned() + &"Q".repeat(16),
            "sk_live_".to_owned() + &"a".repeat(8),
            "ghp_".to_owned() + &"a".repeat(8),
            "eyJ".to_owned() + "hbGci.x",
            "npm_".to_owned() + &"a".repeat(36),
            "deadbeef".repeat(2),
            "ab12".repeat(5),
            "Ab".repeat(10),
            "A2".repeat(8),
            "abcdefgh".repeat(4),
            "aB3-dE5_".repeat(4),
            uuid,
            "QXZKVJW".repeat(3) + "7",
        ];
        for secret in secrets {
            assert_eq!(Key::printable(secret.as_bytes()), None, "{secret}");
        }
    }
}
