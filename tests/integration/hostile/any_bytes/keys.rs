//! Admin keys, their ids and prefixes, the strings of argon2 hashes, and costs. No hash is computed.

use envward::apikey::{self, ApiKey, Id, Prefix};
use envward::keyhash::{self, Cost};
use envward::secret::Secret;

pub fn run(bytes: &[u8]) {
    let key = ApiKey::parse(Secret::copy_of(bytes));
    if let Ok(key) = &key {
        assert!(apikey::is_one(bytes) && key.text().expose() == bytes, "the whole text is the key");
        assert_eq!(apikey::id_of(bytes).ok().as_ref(), Some(key.id()));
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(cost) = Cost::parse(text) {
        let made = Cost::new(cost.memory_kib(), cost.passes(), cost.lanes());
        assert_eq!(made, Some(cost), "a cost that is parsed is one that can be made");
        let _ = keyhash::needs_rehash(text, cost);
    }
    let cost = Cost::new(19456, 2, 1).unwrap();
    let _ = (keyhash::needs_rehash(text, cost), Prefix::new(text), Id::new(text));
}
