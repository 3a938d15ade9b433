//! Annotations: comments that speak to envward, `# envward: word[argument] rest`.

use std::num::NonZeroU32;
use std::ops::Range;

use super::InlineIgnore;
use super::chars::part;

/// `# envward: word[argument] rest`.
#[derive(Debug, PartialEq, Eq)]
pub struct Annotation<'a> {
    /// Its line, from 1.
    pub line: NonZeroU32,
    /// What it asks for.
    pub word: &'a [u8],
    /// What is in brackets behind the word.
    pub argument: Option<&'a [u8]>,
    /// What follows, trimmed.
    pub rest: &'a [u8],
}

/// The comment lines directly above the line that `range` ends on (which is `line`), from the top, each with its
/// number. None starts before `range` does, which is the end of the value above: it may hold lines that look like comments.
pub(super) fn comments_above(
    text: &[u8],
    range: Range<usize>,
    line: NonZeroU32,
) -> impl Iterator<Item = (NonZeroU32, &[u8])> {
    let above = part(text, range.clone());
    // What stands before the key on its own line, and the rest of the line that `range` starts on, are no comments.
    let whole = above.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    let lines = part(above, 0..whole).split_inclusive(|byte| *byte == b'\n').rev();
    let comments: Vec<_> = lines
        .zip((1..line.get()).rev().filter_map(NonZeroU32::new))
        .map(|(text, line)| (line, text.trim_ascii()))
        .take_while(|(_, text)| text.starts_with(b"#"))
        .collect();
    let count_all = above.iter().filter(|byte| **byte == b'\n').count();
    let skipped = usize::from(range.start > 0 && comments.len() == count_all);
    comments.into_iter().rev().skip(skipped)
}

/// Every annotation on a line of its own that starts in `range`, which itself starts on `line`: at the start of the file,
/// or where a value ends.
pub(super) fn annotations_in(
    text: &[u8],
    range: Range<usize>,
    line: NonZeroU32,
) -> impl Iterator<Item = Annotation<'_>> {
    // Behind a value the first one is the rest of its line.
    let skipped = usize::from(range.start > 0);
    let lines = part(text, range).split(|byte| *byte == b'\n').zip(line.get()..);
    let whole = lines.skip(skipped).filter_map(|(text, line)| Some((text, NonZeroU32::new(line)?)));
    whole.filter_map(|(text, line)| annotation(line, text.trim_ascii()))
}

/// The annotation in a comment line, if it is one.
pub(super) fn annotation(line: NonZeroU32, comment: &[u8]) -> Option<Annotation<'_>> {
    let text = comment.strip_prefix(b"#")?.trim_ascii_start().strip_prefix(b"envward:")?.trim_ascii();
    let end = text.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-').unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end)?;
    let (argument, rest) = match rest.strip_prefix(b"[") {
        Some(rest) => {
            let close = memchr::memchr(b']', rest)?;
            (Some(part(rest, 0..close)), part(rest, close + 1..rest.len()))
        }
        None => (None, rest),
    };
    (!word.is_empty()).then_some(Annotation { line, word, argument, rest: rest.trim_ascii() })
}

/// The ignores in `ignore[check-id, …] reason`. What has not the shape of an id is none.
pub(super) fn ignores(annotation: &Annotation<'_>) -> Vec<InlineIgnore> {
    let ids = annotation.argument.filter(|_| annotation.word == b"ignore").unwrap_or_default();
    let ids = ids.split(|byte| *byte == b',').filter_map(|id| check_id(id.trim_ascii()));
    let (line, has_reason) = (annotation.line, !annotation.rest.is_empty());
    ids.map(|check| InlineIgnore { check, has_reason, line }).collect()
}

/// Kebab-case, and short: nothing else is repeated from a file.
fn check_id(id: &[u8]) -> Option<String> {
    let shaped = id.first()?.is_ascii_lowercase()
        && id.len() <= 64
        && id.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-');
    if shaped { std::str::from_utf8(id).ok().map(str::to_owned) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::Document;
    use crate::secret::Secret;

    fn ignored(text: &str, index: usize) -> Vec<(String, bool, u32)> {
        let document = Document::parse(Secret::copy_of(text.as_bytes()));
        document.ignores(index).into_iter().map(|one| (one.check, one.has_reason, one.line.get())).collect()
    }

    #[test]
    fn an_annotation_and_its_parts() {
        let line = NonZeroU32::MIN;
        let parsed = annotation(line, b"#envward: hex 64 ").unwrap();
        assert_eq!((parsed.word, parsed.argument, parsed.rest), (b"hex".as_slice(), None, b"64".as_slice()));
        assert_eq!(annotation(line, b"# envward"), None);
        assert_eq!(annotation(line, b"# envward: ignore[open"), None);
        assert_eq!(annotation(line, b"# other: hex"), None);
    }

    #[test]
    fn the_comments_directly_above_count() {
        let text = "# envward: ignore[a-a] far\n\n# envward: ignore[b-b] why\r\n  # x\n# envward: ignore[c, D!, d!, e]\nK=1\nL=2\n";
        let expected = [("b-b".to_owned(), true, 3), ("c".to_owned(), false, 5), ("e".to_owned(), false, 5)];
        assert_eq!(ignored(text, 0), expected);
        assert_eq!(ignored(text, 1), []);
        let id = |length: usize| ignored(&format!("# envward: ignore[{}]\nK=1", "a".repeat(length)), 0).len();
        assert_eq!((id(64), id(65)), (1, 0));
        assert_eq!(ignored("# envward: ignore[b] why\nexport K=1", 0), [("b".to_owned(), true, 1)]);
    }

    #[test]
    fn annotations_above_nothing() {
        let text = "# envward: hex 64\n\n# envward: ask\nA=\"x\n# envward: keep\" # envward: hex\n# envward: hex 1\nK=1\n# envward: keep\n";
        let document = Document::parse(Secret::copy_of(text.as_bytes()));
        let stray: Vec<u32> = document.stray_annotations().iter().map(|one| one.line.get()).collect();
        assert_eq!(stray, [1, 8]);
    }

    #[test]
    fn neither_a_value_nor_what_follows_one_is_a_comment() {
        assert_eq!(ignored("A=\"x\n# envward: ignore[b] why\"\nK=1\n", 1), []);
        assert_eq!(ignored("A=x # envward: ignore[b] why\nK=1\n", 1), []);
        assert_eq!(ignored("A='x'# envward: ignore[b] why\nK=1\n", 1), []);
        assert_eq!(ignored("A='x'# y\n# envward: ignore[b] why\nK=1\n", 1), [("b".to_owned(), true, 2)]);
        assert_eq!(ignored("# envward: ignore[b] why\nA=1 \nK=1\n", 1), []);
    }
}
