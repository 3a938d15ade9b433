//! `check --readers` for people: a table of each env file, key by reader, in 80 columns.

use std::io::{self, Write};
use std::num::NonZeroU32;

use super::wording;
use crate::env::readers::{Reader, Verdict};
use crate::path::RelPath;
use crate::policy::{FileReaders, KeyReaders};
use crate::text::wrap;

/// How much of a key's name is shown.
const KEY_WIDTH: usize = 28;

/// How wide the table and its legend may be.
const WIDTH: usize = 80;

/// Writes the tables.
///
/// # Errors
/// Those of `out`.
pub fn write(files: &[FileReaders], out: &mut dyn Write) -> io::Result<()> {
    if files.is_empty() {
        return writeln!(out, "no env file to compare\n");
    }
    files.iter().try_for_each(|file| of_file(file, out))?;
    let legend = "Each reader is compared with compose: = the same value, x another value, - no value, ! it refuses \
                  the file or this line, $ it runs a part of the value as a command. Uppercase: the project uses \
                  this reader.";
    wrap(legend, WIDTH).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    let names = Reader::ALL.map(|reader| format!("{} {}", code(reader), reader.name())).join(", ");
    wrap(&names, WIDTH).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    writeln!(out)
}

/// Two letters for a column.
fn code(reader: Reader) -> &'static str {
    match reader {
        Reader::Compose => "co",
        Reader::Bash => "bs",
        Reader::Dash => "ds",
        Reader::Docker => "do",
        Reader::Systemd => "sy",
        Reader::Node => "no",
        Reader::NpmDotenv => "np",
        Reader::NpmDotenvExpand => "ex",
        Reader::PythonDotenv => "py",
        Reader::Direnv => "di",
        Reader::Dotenvy => "rs",
        Reader::Godotenv => "go",
        Reader::RubyDotenv => "rb",
        Reader::Phpdotenv => "ph",
        Reader::Honcho => "ho",
        Reader::Make => "ma",
    }
}

fn sign(verdict: Verdict) -> char {
    match verdict {
        Verdict::Same => '=',
        Verdict::Other => 'x',
        Verdict::Absent => '-',
        Verdict::Error => '!',
        Verdict::Executes => '$',
    }
}

fn of_file(file: &FileReaders, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", file.path)?;
    for (reader, seen, line) in &file.used {
        writeln!(out, "  {} reads it: {}", reader.name(), place(seen, *line))?;
    }
    let differs = |key: &&KeyReaders| key.verdicts.iter().any(|(_, verdict)| *verdict != Verdict::Same);
    let shown: Vec<&KeyReaders> = file.keys.iter().filter(differs).collect();
    if !shown.is_empty() {
        let is_used = |reader: Reader| file.used.iter().any(|(used, ..)| *used == reader);
        let column = |reader| if is_used(reader) { code(reader).to_uppercase() } else { code(reader).to_owned() };
        writeln!(out, "  {:KEY_WIDTH$} {}", "", Reader::ALL.map(column).join(" "))?;
    }
    for key in shown {
        let name = key.key.as_ref().map_or_else(|| format!("a key on line {}", key.line), ToString::to_string);
        let name: String = match name.chars().count() {
            count if count > KEY_WIDTH => name.chars().take(KEY_WIDTH - 3).chain("...".chars()).collect(),
            _ => name,
        };
        let cells: String = key.verdicts.iter().map(|(_, verdict)| format!(" {} ", sign(*verdict))).collect();
        writeln!(out, "  {name:KEY_WIDTH$} {}", cells.trim_end())?;
    }
    let same = file.keys.iter().filter(|key| !differs(key)).count() as u64;
    if same > 0 {
        writeln!(out, "  {} the same for all readers", wording::count(same, "key is", "keys are"))?;
    }
    writeln!(out)
}

fn place(seen: &RelPath, line: Option<NonZeroU32>) -> String {
    wording::at(seen, line)
}
