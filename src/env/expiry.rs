//! `# envward: expires 2027-03-01`: the day on which the value below stops being valid.

use std::num::NonZeroU32;

use jiff::civil::Date;

use super::chars::part;
use super::comment::{Annotation, annotation};
use super::document::Document;

/// A comment that says when a value stops being valid, or tries to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpiryComment {
    /// Its line, from 1.
    pub line: NonZeroU32,
    /// The assignment that it is about, by its index; `None` where it stands above none.
    pub index: Option<usize>,
    /// The day; `None` where it cannot be read.
    pub day: Option<Date>,
}

/// What every annotation contains.
const MARK: &[u8] = b"envward:";

impl Annotation<'_> {
    /// Whether it is about an expiry date, however it is written: a date that is not seen is worse than none.
    #[must_use]
    pub fn is_expiry(&self) -> bool {
        self.word.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"expir"))
    }

    /// The day of `expires 2027-03-01`; `None` for anything else.
    #[must_use]
    pub fn expiry(&self) -> Option<Date> {
        let is_day = self.word == b"expires" && self.argument.is_none() && self.rest.len() == "2027-03-01".len();
        std::str::from_utf8(self.rest).ok().filter(|_| is_day)?.parse().ok()
    }
}

impl Document {
    /// The comments about expiry dates, from the top.
    #[must_use]
    pub fn expiry_comments(&self) -> Vec<ExpiryComment> {
        // Nearly all files leave here.
        if memchr::memmem::find(self.bytes(), MARK).is_none() {
            return Vec::new();
        }
        let (mut found, mut ended) = (Vec::new(), Vec::new());
        for (index, assignment) in self.assignments().iter().enumerate() {
            for one in self.annotations(index).into_iter().filter(Annotation::is_expiry) {
                // What is above a key that a `#` switches off is about that key.
                match self.has_key_off(one.line, assignment.line) {
                    true => ended.push(one.line),
                    false => found.push(ExpiryComment { line: one.line, index: Some(index), day: one.expiry() }),
                }
            }
        }
        let is_known = |line: &NonZeroU32| ended.contains(line) || found.iter().any(|one| one.line == *line);
        let elsewhere: Vec<NonZeroU32> = self.misplaced().filter(|line| !is_known(line)).collect();
        found.extend(elsewhere.into_iter().map(|line| ExpiryComment { line, index: None, day: None }));
        found.sort_by_key(|one| one.line);
        found
    }

    /// Whether a line between two others is a key that a `#` switches off.
    fn has_key_off(&self, after: NonZeroU32, before: NonZeroU32) -> bool {
        let between = before.get().saturating_sub(after.get() + 1) as usize;
        let lines = self.bytes().split(|byte| *byte == b'\n').skip(after.get() as usize).take(between);
        lines.into_iter().any(|line| {
            let text = line.trim_ascii().strip_prefix(b"#").unwrap_or_default().trim_ascii_start();
            let name = memchr::memchr(b'=', text).and_then(|end| text.get(..end)).unwrap_or_default();
            !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        })
    }

    /// The lines with such a comment anywhere, also behind a value, but not in one.
    fn misplaced(&self) -> impl Iterator<Item = NonZeroU32> {
        let mut start = 0;
        let lines = self.bytes().split_inclusive(|byte| *byte == b'\n').zip(1..).filter_map(move |(text, line)| {
            let at = start;
            start += text.len();
            Some((at, text, NonZeroU32::new(line)?))
        });
        lines.filter_map(|(at, text, line)| {
            let mark = memchr::memmem::find(text, MARK)?;
            let hash = memchr::memrchr(b'#', part(text, 0..mark))?;
            let comment = annotation(line, part(text, hash..text.len()).trim_ascii())?;
            let is_in_value = self.assignments().iter().any(|one| one.value_span.contains(&(at + hash)));
            (comment.is_expiry() && !is_in_value).then_some(line)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    /// `line index day`
    fn found(text: &str) -> Vec<String> {
        let document = Document::parse(Secret::copy_of(text.as_bytes()));
        let show = |one: &ExpiryComment| {
            let (index, day) = (one.index.map(|at| at.to_string()), one.day.map(|day| day.to_string()));
            format!("{} {} {}", one.line, index.unwrap_or("-".into()), day.unwrap_or("-".into()))
        };
        document.expiry_comments().iter().map(show).collect()
    }

    #[test]
    fn days() {
        assert_eq!(found("# envward: expires 2027-03-01\nA=1\n"), ["1 0 2027-03-01"]);
        assert_eq!(found("B=\n\n#envward:expires   2028-02-29 \r\n# envward: ask\nexport A=1"), ["3 1 2028-02-29"]);
        assert_eq!(found("# envward: hex 64\nA=1\n# expires 2027-03-01\nB=1\n"), [""; 0]);
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        for text in [
            "expires",
            "expires soon",
            "expires 2027-02-30",
            "expires 01.03.2027",
            "expires 20270301",
            "expires 2027-03-01T10:00",
            "expires 2027-03-01 at noon",
            "expires[x] 2027-03-01",
            "Expires 2027-03-01",
            "expiry 2027-03-01",
            "expire: 2027-03-01",
        ] {
            assert_eq!(found(&format!("# envward: {text}\nA=1\n")), ["1 0 -"], "{text}");
        }
    }

    #[test]
    fn one_above_a_key_that_is_off_is_about_no_other() {
        assert_eq!(found("# envward: expires 2027-03-01\n# OLD_TOKEN=x\nA=1\n"), [""; 0]);
        assert_eq!(found("# envward: expires 2027-03-01\n# of the shop = online\nA=1\n"), ["1 0 2027-03-01"]);
        assert_eq!(found("# OLD_TOKEN=x\n# envward: expires 2027-03-01\nA=1\n"), ["2 0 2027-03-01"]);
        assert_eq!(found("# envward: expires 2027-03-01\nA=1\n# OLD_TOKEN=x\n"), ["1 0 2027-03-01"]);
    }

    #[test]
    fn so_is_one_above_no_key() {
        assert_eq!(found("# envward: expires 2027-03-01\n\nA=1\n"), ["1 - -"]);
        assert_eq!(found("A=1 # envward: expires 2027-03-01\n"), ["1 - -"]);
        assert_eq!(found("A=1\n# envward: expires 2027-03-01"), ["2 - -"]);
        assert_eq!(found("A='x\n# envward: expires 2027-03-01\n'\n"), [""; 0]);
        assert_eq!(found("A='x # envward: expires 2027-03-01'\n"), [""; 0]);
    }
}
