//! The text of one configuration file (git-config, "Syntax").

/// A setting as it is in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::git) struct Line {
    /// The full name: section and key in lower case, a subsection as it is written.
    pub(in crate::git) name: Vec<u8>,
    /// The value; `None` where there is no `=`, which git takes for true.
    pub(in crate::git) value: Option<Vec<u8>>,
}

/// The settings of a file, in their order; `None` where git would refuse the file.
pub(in crate::git) fn parse(text: &[u8]) -> Option<Vec<Line>> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let (mut reader, mut section, mut lines) = (Reader(text), Vec::new(), Vec::new());
    while let Some(byte) = reader.next() {
        match byte {
            b'#' | b';' => reader.skip_line(),
            b'[' => section = reader.section()?,
            byte if byte.is_ascii_whitespace() => {}
            // A key belongs to a section.
            byte if byte.is_ascii_alphabetic() && !section.is_empty() => lines.push(reader.line(byte, &section)?),
            _ => return None,
        }
    }
    Some(lines)
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The next byte; a carriage return before a line feed is left out, as git does it.
    fn next(&mut self) -> Option<u8> {
        let (first, mut rest) = self.0.split_first()?;
        let mut byte = *first;
        if byte == b'\r' && rest.first() == Some(&b'\n') {
            byte = b'\n';
            rest = rest.get(1..).unwrap_or_default();
        }
        self.0 = rest;
        Some(byte)
    }

    fn skip_line(&mut self) {
        let end = memchr::memchr(b'\n', self.0).map_or(self.0.len(), |at| at + 1);
        self.0 = self.0.get(end..).unwrap_or_default();
    }

    /// `section]` or `section "subsection"]`, with a dot behind it.
    fn section(&mut self) -> Option<Vec<u8>> {
        let mut name = Vec::new();
        loop {
            match self.next()? {
                b']' if name.is_empty() => return None,
                b']' => break,
                byte if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.') => {
                    name.push(byte.to_ascii_lowercase());
                }
                b' ' | b'\t' => {
                    self.subsection(&mut name)?;
                    break;
                }
                _ => return None,
            }
        }
        name.push(b'.');
        Some(name)
    }

    /// `"subsection"]`: a backslash stands before a quote, a backslash, or for nothing.
    fn subsection(&mut self, name: &mut Vec<u8>) -> Option<()> {
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.next();
        }
        (self.next()? == b'"').then(|| name.push(b'.'))?;
        loop {
            match self.next()? {
                b'\n' => return None,
                b'"' => return (self.next()? == b']').then_some(()),
                b'\\' => match self.next()? {
                    b'\n' => return None,
                    byte => name.push(byte),
                },
                byte => name.push(byte),
            }
        }
    }

    /// The rest of a key, and its value.
    fn line(&mut self, first: u8, section: &[u8]) -> Option<Line> {
        let mut name = section.to_vec();
        name.push(first.to_ascii_lowercase());
        while let Some(byte) = self.peek().filter(|byte| byte.is_ascii_alphanumeric() || *byte == b'-') {
            name.push(byte.to_ascii_lowercase());
            self.next();
        }
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.next();
        }
        let value = match self.next() {
            None | Some(b'\n') => None,
            Some(b'=') => Some(self.value()?),
            Some(_) => return None,
        };
        Some(Line { name, value })
    }

    /// What stands behind `=`: up to the end of the line or a comment, without the blanks around it.
    fn value(&mut self) -> Option<Vec<u8>> {
        let (mut value, mut is_quoted) = (Vec::new(), false);
        // How long the value is without the blanks behind it.
        let mut length = 0;
        loop {
            match self.next() {
                None | Some(b'\n') if is_quoted => return None,
                None | Some(b'\n') => break,
                Some(b'#' | b';') if !is_quoted => {
                    self.skip_line();
                    break;
                }
                Some(b'"') => is_quoted = !is_quoted,
                Some(b'\\') => match self.next() {
                    Some(b'\n') | None => continue,
                    Some(byte) => value.push(escaped(byte)?),
                },
                Some(byte) if byte.is_ascii_whitespace() && !is_quoted => {
                    if !value.is_empty() {
                        value.push(byte);
                    }
                    continue;
                }
                Some(byte) => value.push(byte),
            }
            length = value.len();
        }
        value.truncate(length);
        Some(value)
    }
}

fn escaped(byte: u8) -> Option<u8> {
    Some(match byte {
        b't' => b'\t',
        b'b' => 8,
        b'n' => b'\n',
        b'\\' | b'"' => byte,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Vec<(String, Option<String>)>> {
        let text_of = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let lines = parse(text.as_bytes())?;
        Some(lines.iter().map(|line| (text_of(&line.name), line.value.as_deref().map(text_of))).collect())
    }

    fn one(text: &str) -> Option<String> {
        let mut lines = read(&format!("[a]\nb = {text}\n"))?;
        assert_eq!(lines.len(), 1, "{text}");
        lines.pop()?.1
    }

    #[test]
    fn names() {
        let text =
            "[Core]\n\tFileMode = true\nbare\n[Remote \"Or\\\"ig.in\"] url = x # no\n[branch.Old]\r\nMerge=y\r\n";
        let expected = [
            ("core.filemode", Some("true")),
            ("core.bare", None),
            ("remote.Or\"ig.in.url", Some("x")),
            ("branch.old.merge", Some("y")),
        ];
        let found = read(text).unwrap();
        let found: Vec<_> = found.iter().map(|(name, value)| (name.as_str(), value.as_deref())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn values() {
        let cases = [
            ("x y  ", "x y"),
            ("\"x  \" ; no", "x  "),
            ("a\\\n  b", "a  b"),
            ("\\t\\\"\\\\", "\t\"\\"),
            ("a\"#\"b", "a#b"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(one(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_git_refuses() {
        for text in
            ["a = b", "[a\nb = c", "[a]\n1 = 2", "[a]\nb c", "[a]\nb = \"c\n", "[a]\nb = \\q\n", "[a \"b]\n", "[]\n"]
        {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(""), Some(Vec::new()));
    }
}
