//! PostgreSQL's SCRAM-SHA-256 verifier (RFC 5802, RFC 7677), so that the database is told a new password without
//! seeing it: neither the statement nor the server's log holds it.

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::secret::Secret;

/// PostgreSQL's own `scram_iterations`, and the least that RFC 7677 section 4 allows. A slower hash adds nothing to a
/// random value of 128 bits and more.
pub const ITERATIONS: u32 = 4096;

/// The size of PostgreSQL's own salts (`SCRAM_DEFAULT_SALT_LEN`).
pub const SALT: usize = 16;

/// The verifier `SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey`; `None` for a password that is not printable
/// ASCII, which SASLprep (RFC 4013) may change before it is hashed.
#[must_use]
pub fn verifier(password: &Secret, salt: &[u8; SALT], iterations: u32) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "hashed")]
    let password = password.expose();
    if password.is_empty() || !password.iter().all(|byte| (b' '..=b'~').contains(byte)) {
        return None;
    }
    let keys = Keys::of(password, salt, iterations);
    let (salt, stored, server) =
        (Base64::encode_string(salt), Base64::encode_string(&keys.stored), Base64::encode_string(&*keys.server));
    Some(format!("SCRAM-SHA-256${iterations}:{salt}${stored}:{server}"))
}

/// The most iterations of a verifier that are computed: a hundred times what PostgreSQL does by default. A verifier of a
/// hostile server could ask for hours.
const MOST_ITERATIONS: u32 = 409_600;

/// A verifier that a server stores, read from its text (RFC 5803).
pub(super) struct Verifier {
    iterations: u32,
    salt: Vec<u8>,
    stored: Vec<u8>,
}

impl Verifier {
    /// `None` for another text, and for a cost that no server asks for.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?.strip_prefix("SCRAM-SHA-256$")?;
        let (cost, keys) = text.split_once('$')?;
        let (iterations, salt) = cost.split_once(':')?;
        let (stored, _) = keys.split_once(':')?;
        let iterations = iterations.parse().ok().filter(|count| (1..=MOST_ITERATIONS).contains(count))?;
        let (salt, stored) = (Base64::decode_vec(salt).ok()?, Base64::decode_vec(stored).ok()?);
        (stored.len() == 32).then_some(Self { iterations, salt, stored })
    }

    pub(super) fn iterations(&self) -> u32 {
        self.iterations
    }

    /// Whether this is the verifier of a password. Like PostgreSQL it takes a password as it is where SASLprep refuses it.
    #[expect(clippy::disallowed_methods, reason = "hashed")]
    pub(super) fn accepts(&self, password: &Secret) -> bool {
        let text = std::str::from_utf8(password.expose()).ok();
        let prepared =
            text.and_then(|text| stringprep::saslprep(text).ok()).map(|text| Zeroizing::new(text.into_owned()));
        let password = prepared.as_ref().map_or(password.expose(), |text| text.as_bytes());
        !password.is_empty() && Keys::of(password, &self.salt, self.iterations).stored.as_slice() == self.stored
    }
}

/// The statement that gives a role this verifier.
#[must_use]
pub fn alter_role(role: &str, verifier: &str) -> String {
    // The verifier has no quote in it; a role's name may have.
    format!("ALTER ROLE \"{}\" PASSWORD '{verifier}';\n", role.replace('"', "\"\""))
}

/// The statements before [`alter_role`] by which a role does what another one does: it is made if it is not there, may do
/// what the other may, and its objects belong to the other. Nothing of that is done the other way round, when the turn
/// goes back.
#[must_use]
pub fn take_over(current: &str, next: &str) -> String {
    let identifier = |role: &str| format!("\"{}\"", role.replace('"', "\"\""));
    let literal = |role: &str| format!("'{}'", role.replace('\'', "''"));
    format!(
        "DO $envward$ BEGIN\n  \
         IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {next_text}) THEN CREATE ROLE {next}; END IF;\n  \
         IF NOT pg_has_role({current_text}, {next_text}, 'MEMBER') THEN\n    \
         GRANT {current} TO {next};\n    \
         ALTER ROLE {next} SET role = {current_text};\n  \
         END IF;\n\
         END $envward$;\n\
         ALTER ROLE {next} LOGIN;\n",
        next = identifier(next),
        current = identifier(current),
        next_text = literal(next),
        current_text = literal(current),
    )
}

struct Keys {
    stored: [u8; 32],
    server: Zeroizing<[u8; 32]>,
}

impl Keys {
    /// RFC 5802 section 3.
    fn of(password: &[u8], salt: &[u8], iterations: u32) -> Self {
        let salted = hi(password, salt, iterations);
        let client = Zeroizing::new(hmac(&*salted, &[b"Client Key"]));
        Self { stored: Sha256::digest(*client).into(), server: Zeroizing::new(hmac(&*salted, &[b"Server Key"])) }
    }
}

/// `Hi` of RFC 5802 section 2.2: PBKDF2 (RFC 8018) with HMAC-SHA-256, one block.
fn hi(password: &[u8], salt: &[u8], iterations: u32) -> Zeroizing<[u8; 32]> {
    let mut block = Zeroizing::new(hmac(password, &[salt, &1_u32.to_be_bytes()]));
    let mut out = block.clone();
    for _ in 1..iterations {
        *block = hmac(password, &[&*block]);
        out.iter_mut().zip(block.iter()).for_each(|(out, byte)| *out ^= byte);
    }
    out
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mac) => mac,
        Err(_) => unreachable!("HMAC takes a key of any length"),
    };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7677 section 3: the proofs of both sides follow from the two keys.
    #[test]
    fn the_example_of_the_rfc() {
        let decode = |text: &str| Base64::decode_vec(text).unwrap();
        let keys = Keys::of(b"pencil", &decode("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);
        let nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        let message =
            format!("n=user,r=rOprNGfwEbeRWgbNEkqO,r={nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r={nonce}");
        let signature = hmac(&*keys.server, &[message.as_bytes()]);
        assert_eq!(signature.to_vec(), decode("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
        let proof = decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        let client: Vec<u8> =
            hmac(&keys.stored, &[message.as_bytes()]).iter().zip(proof).map(|(one, other)| one ^ other).collect();
        assert_eq!(Sha256::digest(client).to_vec(), keys.stored);
    }

    #[test]
    fn only_what_saslprep_leaves_alone() {
        let of = |text: &str| verifier(&Secret::copy_of(text.as_bytes()), &[7; SALT], ITERATIONS);
        assert!(
            of("correct horse").is_some_and(|text| text.starts_with("SCRAM-SHA-256$4096:BwcHBwcHBwcHBwcHBwcHBw==$"))
        );
        for text in ["", "é", "a\tb", "a\u{7f}"] {
            assert_eq!(of(text), None, "{text:?}");
        }
        assert_eq!(alter_role("a\"b", "x"), "ALTER ROLE \"a\"\"b\" PASSWORD 'x';\n");
    }
}
