//! The terminal. Rules of every screen:
//!
//! - standard output holds the answer, standard error everything else;
//! - lower case, no full stop, the thing's name first, what to do next on the line below;
//! - colour only on a terminal and never where `NO_COLOR` is set; the words say all that the colour says;
//! - as wide as the terminal is, 80 columns where nothing tells;
//! - nothing from a file, a repository or an argument reaches it unescaped.

mod input;
pub(crate) mod meter;
pub mod progress;
mod quiet;

use std::fs::File;
use std::io::{self, BufRead, Write};

use zeroize::Zeroizing;

use self::quiet::Quiet;
use crate::secret::Secret;

pub use input::{LineFault, only_line, standard_input};

/// Writes a value and a line break to standard output, past every buffer: one that is not zeroed would keep it. The one
/// way a value reaches a screen; only what asked for one calls it.
///
/// # Errors
/// The system's: a closed pipe, a full disk.
pub fn hand_over(value: &Secret) -> io::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "the user asked to see it")]
    let value = value.expose();
    let mut line = Zeroizing::new(Vec::with_capacity(value.len() + 1));
    line.extend_from_slice(value);
    line.push(b'\n');
    let mut rest = line.as_slice();
    while !rest.is_empty() {
        match rustix::io::write(rustix::stdio::stdout(), rest) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => rest = rest.get(count..).unwrap_or_default(),
            Err(rustix::io::Errno::INTR) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
    Ok(())
}

/// Questions at the terminal itself, whatever standard input and output are.
pub struct Prompt {
    terminal: File,
}

impl Prompt {
    /// Opens the terminal.
    ///
    /// # Errors
    /// There is none: a job, a container, a pipeline without one.
    pub fn open() -> io::Result<Self> {
        Ok(Self { terminal: File::options().read(true).write(true).open("/dev/tty")? })
    }

    /// Shows a secret once, on lines of its own below a text: what redirects or keeps the output does not get it.
    ///
    /// # Errors
    /// The terminal is gone.
    #[expect(clippy::disallowed_methods, reason = "the user asked to see it")]
    pub fn show(&mut self, above: &str, value: &Secret) -> io::Result<()> {
        let value = value.expose();
        let mut text = Zeroizing::new(Vec::with_capacity(above.len() + value.len() + 4));
        for part in [above.as_bytes(), b"\n\n", value, b"\n\n"] {
            text.extend_from_slice(part);
        }
        self.terminal.write_all(&text)
    }

    /// Asks for a secret: what is typed is not shown.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn hidden(&mut self, question: &str) -> io::Result<Secret> {
        // Before the question: who is quick to answer it must not be shown, either.
        let _quiet = Quiet::new(&self.terminal)?;
        write!(&self.terminal, "{question}, not shown: ")?;
        match rpassword::read_password() {
            Ok(typed) => Ok(Secret::copy_of(Zeroizing::new(typed).as_bytes())),
            // Ctrl-D: nothing was typed.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                writeln!(&self.terminal)?;
                Ok(Secret::default())
            }
            Err(error) => Err(error),
        }
    }

    /// Asks for what may be seen.
    ///
    /// # Errors
    /// The terminal is gone, or what was typed is no text.
    pub fn open_line(&mut self, question: &str) -> io::Result<Secret> {
        write!(self.terminal, "{question}: ")?;
        let mut line = Zeroizing::new(String::new());
        io::BufReader::new(&self.terminal).read_line(&mut line)?;
        Ok(Secret::copy_of(line.trim_end_matches(['\n', '\r']).as_bytes()))
    }
}

/// The columns that every screen fits into, where nothing tells how many there are.
pub const WIDTH: usize = 80;

/// A narrower terminal breaks the lines itself, and in a wider one no line is longer: nobody likes to read it.
const COLUMNS: std::ops::RangeInclusive<usize> = 40..=100;

/// How text is set on a terminal, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether escape sequences may be written.
    pub colour: bool,
    /// The columns that a line of prose may have. A command that is to be copied is never broken.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { colour: false, width: WIDTH }
    }
}

/// What a text is set in (ECMA-48 SGR).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// A heading.
    Bold,
    /// What matters less.
    Dim,
    /// Exposed.
    Red,
    /// To be mended.
    Yellow,
    /// Worth knowing.
    Cyan,
    /// Clean.
    Green,
}

impl Style {
    /// That of standard output: colour on a terminal, and as wide as it is.
    #[must_use]
    pub fn of_output() -> Self {
        let output = rustix::stdio::stdout();
        let colour = rustix::termios::isatty(output);
        let size = rustix::termios::tcgetwinsize(output).ok().map(|size| usize::from(size.ws_col));
        // A terminal that does not know its size says 0.
        let width = size.filter(|width| *width > 0).unwrap_or(WIDTH).clamp(*COLUMNS.start(), *COLUMNS.end());
        Self { colour, width }
    }

    /// The text in this ink.
    #[must_use]
    pub fn set(self, ink: Ink, text: &str) -> String {
        let code = match ink {
            Ink::Bold => "1",
            Ink::Dim => "2",
            Ink::Red => "1;31",
            Ink::Yellow => "33",
            Ink::Cyan => "36",
            Ink::Green => "32",
        };
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}
