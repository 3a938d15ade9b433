//! A table of exported key hashes: argon2id hashes as PHC strings, in whatever text they stand in.

use super::{Fault, Observation, Uses, Values};
use crate::secret::Secret;
use crate::secret::keyhash::{self, Phc};

/// The most memory times passes of all hashes together, in KiB: 430 hashes of the default cost. It bounds how long a
/// table of a hostile host can take.
const MOST_WORK: u64 = 16 << 20;

/// The hashes that belong to one of the two values. Hashes of other keys are left out.
///
/// # Errors
/// There is no hash, one is damaged, or they cost too much.
pub fn read(text: &[u8], values: &Values<'_>) -> Result<Vec<Observation>, Fault> {
    let mut hashes = Vec::new();
    for (number, line) in text.split(|byte| *byte == b'\n').enumerate() {
        for hash in phc_strings(line) {
            hashes.push((number + 1, hash, Phc::parse(hash).map_err(|_| Fault::UnknownForm)?));
        }
    }
    let work = |phc: &Phc| u64::from(phc.cost.memory_kib()) * u64::from(phc.cost.passes());
    match hashes.iter().map(|(_, _, phc)| work(phc)).sum::<u64>() {
        0 => return Err(Fault::WrongKind),
        sum if sum > MOST_WORK => return Err(Fault::TooMany),
        _ => {}
    }
    let of = |(line, hash, _): &(usize, &str, Phc)| {
        let uses = Uses::of(values, |value| matches(value, hash));
        (uses != Uses::Other).then(|| Observation { place: format!("the hash on line {line}"), uses })
    };
    let found: Vec<Observation> = hashes.iter().filter_map(of).collect();
    if found.is_empty() { Err(Fault::Unrelated) } else { Ok(found) }
}

/// What looks like a PHC string: five `$`, of which only the fields before the last may contain `=` and `,`.
fn phc_strings(line: &[u8]) -> impl Iterator<Item = &str> {
    memchr::memmem::find_iter(line, b"$argon2").filter_map(move |start| {
        let rest = line.get(start..)?;
        let mut fields = 0;
        let is_part = |byte: &u8| {
            fields += usize::from(*byte == b'$');
            byte.is_ascii_alphanumeric() || b"$+/".contains(byte) || fields < 5 && b"=,".contains(byte)
        };
        let length = rest.iter().copied().take_while(is_part).count();
        std::str::from_utf8(rest.get(..length)?).ok()
    })
}

#[expect(clippy::disallowed_methods, reason = "hashed")]
fn matches(value: &Secret, hash: &str) -> bool {
    keyhash::verify(value.expose(), hash).unwrap_or_default()
}
