//! Keys kept as argon2id hashes (RFC 9106), for envward and for a service that takes such keys. Reads no input.
//!
//! Three functions: [`hash`] when a key is made, [`verify`] when one is shown, [`needs_rehash`] after it matched.
//!
//! ```
//! use envward::keyhash::{self, Cost};
//! use rand::rngs::SysRng;
//!
//! let key = b"takumi_admin_8sKq0wZr4t_and_so_on";
//! let stored = keyhash::hash(key, Cost::DEFAULT, &mut SysRng)?;
//! assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
//!
//! assert!(keyhash::verify(key, &stored)?);
//! assert!(!keyhash::verify(b"another key", &stored)?);
//! # Ok::<(), keyhash::Fault>(())
//! ```
//!
//! # When a slow hash is right, and when not
//!
//! A slow hash makes guesses dear. That matters where guesses can succeed: for what a person chose, and for a key that
//! somebody made in an unknown way. A key of 256 random bits, as `envward key new` makes them, is not guessed at any
//! price: for it, SHA-256 (0.2 µs) protects the stored hash as well as argon2id (some 20 ms and 19 MiB), and an
//! interface that checks a key on each of thousands of requests a second is right to use that.
//!
//! For admin keys argon2id is the default here all the same: they are few and seldom shown, the same column then also
//! takes a key that somebody chose, and nobody has to find out which of the two a row is. What makes that safe is what
//! stands before it: the key's checksum and its id ([`crate::secret::apikey`]), so that garbage costs no hash at all.
//!
//! # In a service
//!
//! **Refuse garbage first.** [`ApiKey::parse`](crate::secret::apikey::ApiKey::parse) costs less than a microsecond; then look
//! the row up by the key's id, which is public; only then verify.
//!
//! **Keep the answer for a while.** Not the key: its SHA-256, for some minutes, and drop all answers when a key is
//! revoked. A key of 256 bits loses nothing by that.
//!
//! ```
//! use std::collections::HashMap;
//! use std::time::{Duration, Instant};
//!
//! use envward::keyhash;
//! use sha2::{Digest, Sha256};
//!
//! const KEPT: Duration = Duration::from_secs(300);
//!
//! #[derive(Default)]
//! struct Verified(HashMap<[u8; 32], Instant>);
//!
//! impl Verified {
//!     fn check(&mut self, key: &[u8], stored: &str, now: Instant) -> Result<bool, keyhash::Fault> {
//!         // Bound to the hash, so that another row's answer is not taken for this one's.
//!         let name = Sha256::new().chain_update(stored).chain_update([0]).chain_update(key).finalize().into();
//!         self.0.retain(|_, since| now - *since < KEPT);
//!         if self.0.contains_key(&name) {
//!             return Ok(true);
//!         }
//!         let matches = keyhash::verify(key, stored)?;
//!         // Only what matched is kept: garbage must not fill the memory.
//!         if matches {
//!             self.0.insert(name, now);
//!         }
//!         Ok(matches)
//!     }
//! }
//! # use envward::keyhash::Cost;
//! # let stored = keyhash::hash(b"a key", Cost::DEFAULT, &mut rand::rngs::SysRng)?;
//! # let mut verified = Verified::default();
//! # let now = Instant::now();
//! # assert!(verified.check(b"a key", &stored, now)? && verified.check(b"a key", &stored, now)?);
//! # assert!(!verified.check(b"another", &stored, now)?);
//! # Ok::<(), keyhash::Fault>(())
//! ```
//!
//! **Limit how many run at once.** Each takes its [`Cost::memory_kib`] and a processor, so a hundred requests at once
//! take 2 GB: as many as there are processors, and an answer "busy" to the rest.
//!
//! ```
//! use std::sync::atomic::{AtomicUsize, Ordering};
//!
//! use envward::keyhash;
//!
//! static RUNNING: AtomicUsize = AtomicUsize::new(0);
//!
//! struct Permit;
//!
//! impl Permit {
//!     fn take(most: usize) -> Option<Self> {
//!         let more = |running| (running < most).then_some(running + 1);
//!         RUNNING.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).ok().map(|_| Self)
//!     }
//! }
//!
//! impl Drop for Permit {
//!     fn drop(&mut self) {
//!         RUNNING.fetch_sub(1, Ordering::AcqRel);
//!     }
//! }
//!
//! /// `None`: too busy to say (HTTP 503).
//! fn check(key: &[u8], stored: &str) -> Option<Result<bool, keyhash::Fault>> {
//!     let _permit = Permit::take(std::thread::available_parallelism().map_or(1, usize::from))?;
//!     Some(keyhash::verify(key, stored))
//! }
//! # assert!(check(b"a key", "$argon2id$").is_some_and(|answer| answer.is_err()));
//! # let _permit = Permit::take(1);
//! # assert!(Permit::take(1).is_none());
//! ```

mod cost;
mod fault;
mod phc;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use rand::TryCryptoRng;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

pub use cost::{CHOICES, Choice, Cost};
pub use fault::{Fault, Foreign};
pub use phc::{LONGEST, Phc};

/// RFC 9106 3.1 recommends 16 bytes.
const SALT_BYTES: usize = 16;

/// 256 bits, what RFC 9106 4 recommends and every other library makes.
const OUTPUT_BYTES: usize = 32;

/// Hashes a key with a fresh salt; a PHC string, `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.
///
/// # Errors
/// [`Fault::EmptyKey`], [`Fault::Random`] where the generator fails, [`Fault::Memory`] where the memory is not to be had.
pub fn hash<R: TryCryptoRng + ?Sized>(key: &[u8], cost: Cost, rng: &mut R) -> Result<String, Fault> {
    let mut salt = [0; SALT_BYTES];
    rng.try_fill_bytes(&mut salt).map_err(|_| Fault::Random)?;
    let output = compute(key, cost, &salt, OUTPUT_BYTES)?;
    Ok(Phc { cost, salt: salt.to_vec(), output: output.to_vec() }.to_string())
}

/// Whether a key is the one of which a PHC string was made, compared in constant time.
///
/// # Errors
/// A string that cannot be verified, which is not the same as a wrong key: another algorithm, a damaged string, or a
/// cost above [`Cost::MOST`], which is refused before anything is hashed, for anyone who can plant a row could else take
/// all memory.
pub fn verify(key: &[u8], hash: &str) -> Result<bool, Fault> {
    if key.is_empty() {
        return Err(Fault::EmptyKey);
    }
    let stored = Phc::parse(hash)?;
    let output = compute(key, stored.cost, &stored.salt, stored.output.len())?;
    Ok(output.as_slice().ct_eq(&stored.output).into())
}

/// Whether a PHC string is worth less than one that [`hash`] would make at this cost now: cheaper, or with a shorter
/// salt or output. The time to ask is after [`verify`] said yes, while the key is at hand.
///
/// ```
/// use envward::keyhash::{self, Cost};
///
/// let old = Cost::new(8192, 1, 1).unwrap();
/// let stored = keyhash::hash(b"a key", old, &mut rand::rngs::SysRng)?;
/// assert!(keyhash::needs_rehash(&stored, Cost::DEFAULT)?);
/// assert!(!keyhash::needs_rehash(&stored, old)?);
/// # Ok::<(), keyhash::Fault>(())
/// ```
///
/// # Errors
/// As [`verify`].
pub fn needs_rehash(hash: &str, cost: Cost) -> Result<bool, Fault> {
    let stored = Phc::parse(hash)?;
    Ok(!stored.cost.covers(cost) || stored.salt.len() < SALT_BYTES || stored.output.len() < OUTPUT_BYTES)
}

fn compute(key: &[u8], cost: Cost, salt: &[u8], length: usize) -> Result<Zeroizing<Vec<u8>>, Fault> {
    if key.is_empty() {
        return Err(Fault::EmptyKey);
    }
    let params = Params::new(cost.memory_kib(), cost.passes(), cost.lanes(), Some(length)).map_err(|_| Fault::Cost)?;
    let count = params.block_count();
    // Ours, not the crate's own: an allocation that can fail without ending the process, and that is zeroed.
    let mut memory: Zeroizing<Vec<Block>> = Zeroizing::new(Vec::new());
    memory.try_reserve_exact(count).map_err(|_| Fault::Memory)?;
    memory.resize(count, Block::new());
    let mut output = Zeroizing::new(vec![0; length]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(key, salt, &mut output, memory.as_mut_slice())
        .map_err(|_| Fault::Cost)?;
    Ok(output)
}

#[cfg(test)]
mod tests;
