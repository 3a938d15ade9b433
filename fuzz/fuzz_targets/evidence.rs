//! Evidence of `rotation verify`: rows of PostgreSQL, MariaDB and Redis, and stored hashes. The first byte is the kind.
#![no_main]

use envward::rotation::evidence::{Values, Verdict, key_hashes, mysql, postgres, redis};
use envward::secret::Secret;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((kind, text)) = bytes.split_first() else { return };
    let (new, old) = (Secret::copy_of(b"the-new-value-of-this"), Secret::copy_of(b"the-old-value-of-this"));
    let values = Values { new: &new, old: Some(&old) };
    let seen = match kind % 4 {
        0 => postgres::read(text, "app", &values),
        1 => mysql::read(text, "app", &values),
        2 => redis::read(text, "app", &values),
        // Its cost is in the text, up to 256 MiB and 16 passes: seconds for each.
        _ if text.windows(7).any(|part| part == b"$argon2") => return,
        _ => key_hashes::read(text, &values),
    };
    if let Ok(seen) = seen {
        assert!(!seen.is_empty(), "nothing seen is a fault");
        // A hash of either value cannot be guessed; a password in the clear, of Redis, can.
        assert!(kind % 4 == 2 || Verdict::of(&seen) != Verdict::Proven || text.len() > 16);
    }
});
