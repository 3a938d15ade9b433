//! The file by which git-filter-repo takes values out of contents and messages.

use std::collections::BTreeSet;

use zeroize::Zeroizing;

use super::live::Values;
use crate::secret::Secret;

/// What stands in a value's place afterwards: git-filter-repo's own default.
const INSTEAD: &[u8] = b"==>***REMOVED***\n";

impl Values {
    /// A line for each form of each of these values (git-filter-repo(1), "--replace-text"); `None` where there is none.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the file is made of the values")]
    pub fn replacements(&self, values: &BTreeSet<usize>) -> Option<Secret> {
        let needles = self.sought()?;
        let forms = || values.iter().flat_map(|value| needles.forms(*value)).map(Secret::expose);
        // An escaped byte takes four, so that the buffer never grows and leaves no copy.
        let room = forms().map(|form| 4 * form.len() + b"literal:".len() + INSTEAD.len()).sum();
        let mut out = Zeroizing::new(Vec::with_capacity(room));
        for form in forms() {
            write(form, &mut out);
        }
        (!out.is_empty()).then(|| Secret::copy_of(&out))
    }
}

fn write(form: &[u8], out: &mut Vec<u8>) {
    if form.iter().all(|byte| (b' '..=b'~').contains(byte)) {
        out.extend_from_slice(b"literal:");
        out.extend_from_slice(form);
    } else {
        // A line cannot hold a line break, nor what is no text.
        out.extend_from_slice(b"regex:");
        for byte in form {
            match byte {
                _ if byte.is_ascii_alphanumeric() => out.push(*byte),
                _ => {
                    let digit = |half: u8| char::from_digit(u32::from(half), 16).map_or(b'0', |digit| digit as u8);
                    out.extend_from_slice(&[b'\\', b'x', digit(byte >> 4), digit(byte & 15)]);
                }
            }
        }
    }
    out.extend_from_slice(INSTEAD);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line() {
        let mut out = Vec::new();
        write(b"a==>b #", &mut out);
        write(b"a\nb\xff", &mut out);
        assert_eq!(out, b"literal:a==>b #==>***REMOVED***\nregex:a\\x0ab\\xff==>***REMOVED***\n");
    }
}
