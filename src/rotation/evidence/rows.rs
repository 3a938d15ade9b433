//! The rows of a table as database clients print them: `psql` (aligned, unaligned, CSV), `mysql` and `mariadb` (in a pipe
//! with tabs, on a terminal with bars).

/// The rows with this many columns. The last column takes the rest of its line, because a hash may contain a separator.
pub(super) fn of(text: &[u8], columns: usize) -> Vec<Vec<Vec<u8>>> {
    text.split(|byte| *byte == b'\n').map(|line| fields(line, columns)).filter(|row| row.len() == columns).collect()
}

fn fields(line: &[u8], columns: usize) -> Vec<Vec<u8>> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let separator = [b'\t', b'|', b','].into_iter().find(|separator| line.contains(separator)).unwrap_or(b'\t');
    let line = match separator {
        // `mysql` on a terminal draws bars at both ends.
        b'|' => line.strip_prefix(b"|").map_or(line, |rest| rest.trim_ascii_end().strip_suffix(b"|").unwrap_or(rest)),
        _ => line,
    };
    let fields = line.splitn(columns, |byte| *byte == separator);
    fields.map(|field| if separator == b'\t' { unescaped(field) } else { unquoted(field).to_vec() }).collect()
}

/// A field of CSV, or of a table that is drawn.
fn unquoted(field: &[u8]) -> &[u8] {
    let field = field.trim_ascii();
    field.strip_prefix(b"\"").and_then(|field| field.strip_suffix(b"\"")).unwrap_or(field)
}

/// `mysql --batch` writes a line break, a tab, a zero byte and a backslash as escapes (MySQL's manual, "mysql client
/// options", `--batch`).
fn unescaped(field: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(field.len());
    let mut bytes = field.iter().copied();
    while let Some(byte) = bytes.next() {
        let escaped = (byte == b'\\').then(|| bytes.next()).flatten();
        out.push(match escaped {
            None => byte,
            Some(b'n') => b'\n',
            Some(b't') => b'\t',
            Some(b'0') => 0,
            Some(other) => other,
        });
    }
    out
}
