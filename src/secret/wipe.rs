//! Large buffers are zeroed as a whole: zeroize goes through the elements of a `Vec` one by one, and only what is behind
//! them at once.

use zeroize::Zeroize;

/// Zeroes all memory of a buffer, and empties it.
pub(crate) fn wipe(buffer: &mut Vec<u8>) {
    buffer.clear();
    buffer.zeroize();
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::fs::File;
    use std::os::unix::fs::FileExt;

    use super::*;
    use crate::secret::Secret;

    /// Reads the memory where a buffer was, as the kernel reads it: to Rust it is nobody's any more. What reads is made
    /// first: a buffer that is made later may get the same memory.
    fn reader(at: u64, count: usize) -> impl FnMut() -> Vec<u8> {
        let (memory, mut bytes) = (File::open("/proc/self/mem").unwrap(), vec![1; count]);
        move || {
            memory.read_exact_at(&mut bytes, at).unwrap();
            bytes.clone()
        }
    }

    fn address(buffer: &[u8]) -> u64 {
        buffer.as_ptr() as u64
    }

    #[test]
    fn nothing_stays_in_the_memory_of_a_buffer() {
        let mut buffer = b"marker ".repeat(1000);
        buffer.reserve_exact(500);
        let (at, room) = (address(&buffer), buffer.capacity());
        // What was cut off stays behind the end.
        buffer.truncate(4000);
        let mut memory = reader(at, room);
        assert!(memory().starts_with(&b"marker ".repeat(1000)));
        wipe(&mut buffer);
        assert!(buffer.is_empty() && buffer.capacity() == room);
        assert!(memory().iter().all(|byte| *byte == 0));
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a made-up value, and its address")]
    fn nothing_stays_of_a_secret() {
        // Not so large that the system takes the memory back at once.
        let secret = Secret::new(b"a secret's bytes ".repeat(4000));
        let (at, count) = (address(secret.expose()), secret.expose().len());
        let mut memory = reader(at, count);
        assert!(memory().starts_with(b"a secret's bytes a secret's bytes"));
        drop(secret);
        assert_eq!(memchr::memmem::find(&memory(), b"a secret's bytes "), None);
    }
}
