//! JSON that a terminal can be shown: whatever is not visible is written as `\u…`, which every reader turns back.

use std::io;

use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, PrettyFormatter, Serializer};

use crate::text;

/// `value` with an indentation of two blanks, and a newline.
pub(in crate::report) fn write(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    write_by(PrettyFormatter::new(), value, out)
}

/// `value` in one line, and a newline.
pub(in crate::report) fn write_line(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    write_by(CompactFormatter, value, out)
}

fn write_by(layout: impl Formatter, value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(&mut *out, Visible(layout));
    value.serialize(&mut serializer)?;
    writeln!(out)
}

struct Visible<F>(F);

impl<F: Formatter> Formatter for Visible<F> {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, character)) = rest.char_indices().find(|(_, character)| text::is_unsafe(*character)) {
            let (before, after) = rest.split_at(at);
            writer.write_all(before.as_bytes())?;
            let mut units = [0; 2];
            character.encode_utf16(&mut units).iter().try_for_each(|unit| write!(writer, "\\u{unit:04x}"))?;
            rest = after.strip_prefix(character).unwrap_or_default();
        }
        writer.write_all(rest.as_bytes())
    }

    fn write_char_escape<W: ?Sized + io::Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        self.0.write_char_escape(writer, escape)
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_visible_and_reads_back() {
        let text = "a\u{1b}\u{202e}\u{7f}\u{9b}\u{feff}é\"\n";
        let mut out = Vec::new();
        write(&text, &mut out).unwrap();
        assert_eq!(out, "\"a\\u001b\\u202e\\u007f\\u009b\\ufeffé\\\"\\n\"\n".as_bytes());
        assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
    }

    #[test]
    fn a_line_has_no_line_break_in_it() {
        let mut out = Vec::new();
        write_line(&serde_json::json!({ "a": ["\n\u{1b}", {}], "b": {} }), &mut out).unwrap();
        assert_eq!(out, b"{\"a\":[\"\\n\\u001b\",{}],\"b\":{}}\n");
    }
}
