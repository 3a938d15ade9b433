//! The hashes of passwords that no library has in this form.

use curve25519_dalek::edwards::EdwardsPoint;
use sha2::{Digest, Sha256, Sha512};
use zeroize::Zeroizing;

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The bytes behind hexadecimal digits, also behind `0x`; `None` for another text.
pub(super) fn unhex(text: &[u8]) -> Option<Vec<u8>> {
    let digits = text.strip_prefix(b"0x").unwrap_or(text);
    let nibble = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let byte = |pair: &[u8]| match pair {
        [high, low] => Some(nibble(*high)? << 4 | nibble(*low)?),
        _ => None,
    };
    digits.chunks(2).map(byte).collect()
}

/// The public key that MariaDB's `ed25519` stores. It hashes the password where RFC 8032 hashes a seed of 32 bytes
/// (section 5.1.5), so that a library for signatures cannot make it.
pub(super) fn ed25519(password: &[u8]) -> [u8; 32] {
    let digest = Zeroizing::new(<[u8; 64]>::from(Sha512::digest(password)));
    let mut scalar = Zeroizing::new([0; 32]);
    scalar.iter_mut().zip(digest.iter()).for_each(|(to, from)| *to = *from);
    EdwardsPoint::mul_base_clamped(*scalar).compress().to_bytes()
}

/// SHA-256-crypt ("Unix crypt using SHA-256 and SHA-512", Ulrich Drepper), with a salt of any size, because MySQL has one
/// of 20 bytes; 43 characters. The numbers are the steps of that text.
pub(super) fn sha256_crypt(password: &[u8], salt: &[u8], rounds: u32) -> Vec<u8> {
    let part = |block: &[u8; 32], size: usize| -> Zeroizing<Vec<u8>> {
        Zeroizing::new(block.iter().copied().cycle().take(size).collect())
    };
    // 4 to 8.
    let inner: [u8; 32] =
        Sha256::new().chain_update(password).chain_update(salt).chain_update(password).finalize().into();
    // 1 to 3, 9 to 12.
    let mut first = Sha256::new().chain_update(password).chain_update(salt);
    first.update(&*part(&inner, password.len()));
    let mut rest = password.len();
    while rest > 0 {
        if rest & 1 == 1 {
            first.update(inner);
        } else {
            first.update(password);
        }
        rest >>= 1;
    }
    let mut block: [u8; 32] = first.finalize().into();
    // 13 to 16.
    let mut repeated = Sha256::new();
    (0..password.len()).for_each(|_| repeated.update(password));
    let password = part(&repeated.finalize().into(), password.len());
    // 17 to 20.
    let mut repeated = Sha256::new();
    let times = 16 + usize::from(block.first().copied().unwrap_or_default());
    (0..times).for_each(|_| repeated.update(salt));
    let salt = part(&repeated.finalize().into(), salt.len());
    // 21.
    for round in 0..rounds {
        let mut next = Sha256::new();
        if round & 1 == 1 {
            next.update(&*password);
        } else {
            next.update(block);
        }
        if round % 3 != 0 {
            next.update(&*salt);
        }
        if round % 7 != 0 {
            next.update(&*password);
        }
        if round & 1 == 1 {
            next.update(block);
        } else {
            next.update(&*password);
        }
        block = next.finalize().into();
    }
    encoded(&block)
}

/// Step 22: groups of three bytes in an order of its own, six bits a character, the lowest first.
fn encoded(block: &[u8; 32]) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let byte = |index: usize| block.get(index).copied().map_or(0, u32::from);
    let mut out = Vec::with_capacity(43);
    let mut put = |mut bits: u32, count: usize| {
        for _ in 0..count {
            out.extend(DIGITS.get((bits & 63) as usize));
            bits >>= 6;
        }
    };
    let mut at = [0, 10, 20];
    for _ in 0..10 {
        let [high, middle, low] = at.map(byte);
        put(high << 16 | middle << 8 | low, 4);
        let [high, middle, low] = at;
        at = [low, high, middle].map(|index| (index + 1) % 30);
    }
    put(byte(31) << 8 | byte(30), 3);
    out
}
