//! `docker run --env-file`: lines, and nothing in them means anything. Measured with Docker's client 28.

use super::Reading;
use crate::env::chars::{self, from, part};

/// Go's scanner takes no line of this length or more.
const MAX_LINE: usize = 64 << 10;

pub(super) fn read(text: &[u8]) -> Reading {
    let mut reading = Reading::default();
    let mut start = 0;
    while start < text.len() {
        let end = chars::line_end(text, start);
        let line = part(text, start..end);
        let taken = if start == 0 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
        let taken = taken.strip_suffix(b"\r").unwrap_or(taken);
        if line.len() >= MAX_LINE || std::str::from_utf8(line).is_err() || take(taken, &mut reading).is_none() {
            return Reading::refusal(text, start);
        }
        start = end + 1;
    }
    reading
}

/// `None` where the line is refused.
fn take(line: &[u8], reading: &mut Reading) -> Option<()> {
    let line = from(line, chars::skip(line, 0, char::is_whitespace));
    if line.is_empty() || line.starts_with(b"#") {
        return Some(());
    }
    let separator = memchr::memchr(b'=', line);
    let key = part(line, 0..separator.unwrap_or(line.len()));
    if key.is_empty() || key.iter().any(|byte| matches!(byte, b' ' | b'\t')) {
        return None;
    }
    // A name alone takes the value of the caller's environment.
    if let Some(separator) = separator {
        reading.set(key, from(line, separator + 1));
    }
    Some(())
}
