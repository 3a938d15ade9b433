//! Evidence of `rotation verify`: rows of PostgreSQL, MariaDB and Redis, and stored hashes. The first byte is the kind.

use envward::rotation::evidence::{Users, Values, Verdict, key_hashes, mysql, postgres, redis};
use envward::secret::Secret;

pub fn run(bytes: &[u8]) {
    let Some((kind, text)) = bytes.split_first() else { return };
    let (new, old) = (Secret::copy_of(b"the-new-value-of-this"), Secret::copy_of(b"the-old-value-of-this"));
    let values = Values { new: &new, old: Some(&old) };
    let names = ["app".to_owned(), "worker".to_owned()];
    let users =
        Users { names: &names[..1 + usize::from(kind / 4 % 2)], spared: Some("app2").filter(|_| kind / 8 % 2 == 1) };
    let seen = match kind % 4 {
        0 => postgres::read(text, &users, &values),
        1 => mysql::read(text, &users, &values),
        2 => redis::read(text, &users, &values),
        // Its cost is in the text, up to 256 MiB and 16 passes: seconds for each.
        _ if text.windows(7).any(|part| part == b"$argon2") => return,
        _ => key_hashes::read(text, &values),
    };
    if let Ok(seen) = seen {
        assert!(!seen.is_empty(), "nothing seen is a fault");
        // A hash of either value cannot be guessed; a password in the clear, of Redis, can.
        let proven = Verdict::of(&seen) == Verdict::Proven;
        assert!(kind % 4 == 2 || !proven || text.len() > 16);
        let has = |name: &String| text.windows(name.len()).any(|part| part == name.as_bytes());
        // `ACL GETUSER` does not name its user, and key hashes have none.
        let names_none = kind % 4 == 3 || kind % 4 == 2 && users.names.len() == 1;
        assert!(names_none || !proven || users.names.iter().all(has), "every user is in what proves it");
    }
}
