//! Secrets for examples, made at run time: no literal in the repository looks like one.

const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const HEX: &[u8] = b"0123456789abcdef";

/// `text` with its placeholders filled: `{hex64}` (64 bytes, so 128 digits), `{hex32}`, `{password}` (64 base62 characters),
/// `{token}` (43). A suffix makes another value (`{password2}`, `{hex64-old}`); the same word is always the same
/// value. `${password}` is a reference in an env file and stays, as does every other pair of braces.
pub fn fill(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        let word = from.find('}').map(|end| &from[1..end]);
        let value = word.filter(|_| !before.ends_with('$')).and_then(value_of);
        out.push_str(before);
        match (word, value) {
            (Some(word), Some(value)) => {
                out.push_str(&value);
                rest = &from[word.len() + 2..];
            }
            _ => {
                out.push('{');
                rest = &from[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// `count` characters that the word decides.
pub fn base62(word: &str, count: usize) -> String {
    characters(word, count, BASE62)
}

fn value_of(word: &str) -> Option<String> {
    let kinds = [("hex64", 128, HEX), ("hex32", 64, HEX), ("password", 64, BASE62), ("token", 43, BASE62)];
    let (_, count, alphabet) = kinds.into_iter().find(|(kind, ..)| {
        let suffix = word.strip_prefix(kind);
        suffix.is_some_and(|suffix| suffix.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
    })?;
    Some(characters(word, count, alphabet))
}

fn characters(word: &str, count: usize, alphabet: &[u8]) -> String {
    // FNV-1a for the seed, SplitMix64 for the rest: small, and good enough to look random.
    let mut state = word
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 16).unwrap()
    };
    (0..count).map(|_| char::from(alphabet[next() % alphabet.len()])).collect()
}
