//! An input cut into reports. A report begins with a line that begins with a brace: `--format json` indents every line
//! behind the first, and a line of `--format jsonl` is a report. So a report that was cut off ends where the next one
//! begins, and the rest can be read.

use std::io::{self, BufRead, Read};

/// A report may have so many bytes: some hundred thousand findings.
pub(super) const REPORT_LIMIT: u64 = 256 << 20;
/// A text in it may have so many bytes: a path has 4,096, and a byte is written with six characters at most.
pub(super) const TEXT_LIMIT: u64 = 64 << 10;

/// An input, and where in it one is.
pub(super) struct Input<R> {
    source: R,
    /// The line, from 1.
    line: u64,
    is_at_start: bool,
}

/// Why a report was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// It, or a text in it, is too large.
    TooLarge,
    /// The system did not read it.
    Unread(Option<i32>),
}

impl<R: BufRead> Input<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, line: 1, is_at_start: true }
    }

    /// Passes over blank lines; the line of what comes next, and whether it begins a report. `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<(u64, bool)>> {
        loop {
            let Some(byte) = self.peek()? else { return Ok(None) };
            match byte {
                b'{' if self.is_at_start => return Ok(Some((self.line, true))),
                byte if byte.is_ascii_whitespace() => self.pass(byte),
                _ => return Ok(Some((self.line, false))),
            }
        }
    }

    /// Passes over everything up to the next report.
    pub(super) fn skip(&mut self) -> io::Result<()> {
        while let Some(byte) = self.peek()? {
            if self.is_at_start && byte == b'{' {
                return Ok(());
            }
            // The rest of the line at once.
            let buffer = self.source.fill_buf()?;
            let line = memchr::memchr(b'\n', buffer);
            let count = line.map_or(buffer.len(), |at| at + 1);
            self.source.consume(count);
            self.is_at_start = line.is_some();
            self.line += u64::from(line.is_some());
        }
        Ok(())
    }

    /// The report that begins here.
    pub(super) fn report(&mut self) -> Bounded<'_, R> {
        Bounded { input: self, read: 0, text: None, is_escaped: false, beginning: Vec::new(), stop: None }
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.source.fill_buf() {
                Ok(buffer) => return Ok(buffer.first().copied()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn pass(&mut self, byte: u8) {
        self.source.consume(1);
        self.is_at_start = byte == b'\n';
        self.line += u64::from(byte == b'\n');
    }
}

/// One report of an input, read no further than its limits.
pub(super) struct Bounded<'a, R> {
    input: &'a mut Input<R>,
    read: u64,
    /// The length of the text that one is in.
    text: Option<u64>,
    is_escaped: bool,
    beginning: Vec<u8>,
    pub(super) stop: Option<Stop>,
}

/// The schema is in the first bytes of what envward writes.
const BEGINNING: usize = 256;

impl<R: BufRead> Bounded<'_, R> {
    /// Whether it says that it has a schema of this name, in whatever version.
    pub(super) fn names(&self, schema: &[u8]) -> bool {
        memchr::memmem::find(&self.beginning, schema).is_some()
    }

    /// The next bytes that belong to it, as many as are there.
    fn more(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.read > 0 && self.input.is_at_start && self.input.peek()? == Some(b'{') {
            return Ok(0);
        }
        let buffer = self.input.source.fill_buf()?;
        let line = memchr::memchr(b'\n', buffer).map_or(buffer.len(), |at| at + 1);
        let count = line.min(out.len());
        let (Some(from), Some(to)) = (buffer.get(..count), out.get_mut(..count)) else { return Ok(0) };
        to.copy_from_slice(from);
        self.input.source.consume(count);
        if count > 0 {
            self.input.is_at_start = to.ends_with(b"\n");
            self.input.line += u64::from(self.input.is_at_start);
        }
        Ok(count)
    }

    fn is_within_limits(&mut self, bytes: &[u8]) -> bool {
        self.read += bytes.len() as u64;
        for byte in bytes {
            self.text = match (self.text, byte, self.is_escaped) {
                (None, b'"', _) => Some(0),
                (Some(_), b'"', false) => None,
                (text, ..) => text.map(|length| length + 1),
            };
            self.is_escaped = self.text.is_some() && *byte == b'\\' && !self.is_escaped;
            if self.text.is_some_and(|length| length > TEXT_LIMIT) {
                return false;
            }
        }
        self.read <= REPORT_LIMIT
    }
}

impl<R: BufRead> Read for Bounded<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = match self.more(out) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => {
                self.stop = Some(Stop::Unread(error.raw_os_error()));
                return Err(error);
            }
        };
        let bytes = out.get(..count).unwrap_or_default();
        let room = BEGINNING.saturating_sub(self.beginning.len()).min(count);
        self.beginning.extend_from_slice(bytes.get(..room).unwrap_or_default());
        if !self.is_within_limits(bytes) {
            self.stop = Some(Stop::TooLarge);
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reports of a text, read in pieces of a few bytes.
    fn reports(text: &str) -> Vec<(u64, String)> {
        let mut input = Input::new(io::BufReader::with_capacity(3, text.as_bytes()));
        let mut found = Vec::new();
        while let Some((line, is_report)) = input.next().unwrap() {
            let mut text = String::new();
            if is_report {
                input.report().read_to_string(&mut text).unwrap();
            }
            input.skip().unwrap();
            found.push((line, text));
        }
        found
    }

    #[test]
    fn a_report_ends_where_the_next_one_begins() {
        let own = |line, text: &str| (line, text.to_owned());
        assert_eq!(reports(""), []);
        assert_eq!(reports("\n \n"), []);
        assert_eq!(reports("{\"a\":1}\n{\"b\":2}\n"), [own(1, "{\"a\":1}\n"), own(2, "{\"b\":2}\n")]);
        assert_eq!(reports("{\n  \"a\": {}\n}\n\n{\n}"), [own(1, "{\n  \"a\": {}\n}\n\n"), own(5, "{\n}")]);
        assert_eq!(reports("{\"a\":\n{\"b\":2}"), [own(1, "{\"a\":\n"), own(2, "{\"b\":2}")]);
        assert_eq!(reports("text\nmore\n{}"), [own(1, ""), own(3, "{}")]);
    }

    #[test]
    fn a_text_without_end_is_not_read_to_its_end() {
        let just = "x".repeat(usize::try_from(TEXT_LIMIT).unwrap());
        let long = format!("{just}x");
        for (text, is_whole) in [
            (format!("{{\"a\":\"{just}\"}}"), true),
            (format!("{{\"a\":\"{long}\"}}"), false),
            (format!("{{\"a\":\"\\\"{long}\"}}"), false),
            (format!("{{\"a\":\"x\",\"{long}\":1}}"), false),
            (format!("{{\"a\":\"x\",{}\"b\":1}}", long.replace('x', " ")), true),
        ] {
            let mut input = Input::new(text.as_bytes());
            let mut report = input.report();
            let read = report.read_to_end(&mut Vec::new());
            assert_eq!((read.is_ok(), report.stop), (is_whole, (!is_whole).then_some(Stop::TooLarge)));
        }
    }
}
