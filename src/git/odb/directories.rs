//! Where a repository's objects lie: its own directories, and the alternates that they name.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use crate::git::read;
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};

/// Alternates of alternates: git's own limit, which follows five of them from the first.
const DEPTH: usize = 6;
/// More than this is no honest repository.
const MOST: usize = 1000;

/// The object directories, the repository's own first.
pub(in crate::git) fn all(own: &[PathBuf], problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    let mut found = own.to_vec();
    let mut waiting: Vec<(PathBuf, usize)> = own.iter().map(|dir| (dir.clone(), 0)).collect();
    while let Some((dir, depth)) = waiting.pop() {
        let text = match read::if_there(&dir.join("info/alternates"), read::LIST) {
            Ok(text) => text,
            Err(error) => {
                problems.push(read::problem(RelPath::from("objects/info/alternates"), &error, read::LIST));
                continue;
            }
        };
        for line in text.unwrap_or_default().split(|byte| *byte == b'\n').filter(|line| is_path(line)) {
            let named = dir.join(OsStr::from_bytes(&unquoted(line)));
            let Ok(alternate) = named.canonicalize() else {
                problems.push(Problem::at(ProblemKind::MissingObject, RelPath::new(named.as_os_str().as_bytes())));
                continue;
            };
            if found.contains(&alternate) || own.iter().any(|dir| dir.canonicalize().ok().as_ref() == Some(&alternate))
            {
                continue;
            }
            if depth >= DEPTH || found.len() >= MOST {
                problems.push(Problem::at(ProblemKind::TooLarge, RelPath::from("objects/info/alternates")));
                return found;
            }
            found.push(alternate.clone());
            waiting.push((alternate, depth + 1));
        }
    }
    found
}

fn is_path(line: &[u8]) -> bool {
    !line.is_empty() && !line.starts_with(b"#")
}

/// A line in quotes has C's escapes in it.
fn unquoted(line: &[u8]) -> Vec<u8> {
    let Some(inner) = line.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")) else {
        return line.to_vec();
    };
    let (mut out, mut rest) = (Vec::with_capacity(inner.len()), inner);
    while let Some((byte, tail)) = rest.split_first() {
        let (plain, tail) = if *byte == b'\\' { escaped(tail) } else { (*byte, tail) };
        out.push(plain);
        rest = tail;
    }
    out
}

fn escaped(rest: &[u8]) -> (u8, &[u8]) {
    match rest {
        [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', tail @ ..] => {
            ((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'), tail)
        }
        [letter, tail @ ..] => {
            let plain = match letter {
                b'a' => 7,
                b'b' => 8,
                b'f' => 12,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'v' => 11,
                other => *other,
            };
            (plain, tail)
        }
        [] => (b'\\', rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_lines() {
        assert_eq!(unquoted(b"../a b"), b"../a b");
        assert_eq!(unquoted(br#""a\n\303\251\"\\""#), b"a\n\xc3\xa9\"\\");
        assert_eq!(unquoted(b"\"\\\""), b"\\");
    }
}
