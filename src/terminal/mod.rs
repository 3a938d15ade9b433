//! The terminal. Rules of every screen:
//!
//! - standard output holds the answer, standard error everything else;
//! - lower case, no full stop, the thing's name first, what to do next on the line below;
//! - colour only on a terminal, and never where `NO_COLOR` is set or `TERM` is `dumb`; the words say all that the colour
//!   says, and every colour can be read on white and on black;
//! - as wide as the terminal is, from 40 to 120 columns; 80 where nothing tells;
//! - a command that can be typed has a line of its own and is never broken;
//! - nothing from a file, a repository or an argument reaches it unescaped.

mod input;
pub(crate) mod interrupt;
pub(crate) mod meter;
pub mod progress;
mod quiet;

use std::fs::File;
use std::io::{self, BufRead, Write};

use zeroize::Zeroizing;

use self::quiet::Quiet;
use crate::secret::Secret;

pub use input::{LONGEST_LINE, LineFault, StandardInput, only_line, standard_input};

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
const COLUMNS: std::ops::RangeInclusive<usize> = 40..=120;

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

/// What a text is set in (ECMA-48 SGR). Of the 16 colours of a terminal only these two can be read on white and on black
/// (a test has the figures): yellow, green and cyan vanish on white, blue on black, and faint text on either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// As all other text.
    Plain,
    /// A heading, and good news.
    Bold,
    /// Exposed, or wrong.
    Red,
    /// Should be fixed; the compilers show a warning in the same colour.
    Magenta,
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
            Ink::Plain => return text.to_owned(),
            Ink::Bold => "1",
            Ink::Red => "1;31",
            Ink::Magenta => "1;35",
        };
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    /// Red, green and blue, from 0 to 255.
    type Rgb = [u8; 3];

    /// WCAG 2.2, "relative luminance".
    fn luminance(colour: Rgb) -> f64 {
        let [red, green, blue] = colour.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// WCAG 2.2, "contrast ratio", against white and against black.
    fn contrasts(colour: Rgb) -> (f64, f64) {
        (1.05 / (luminance(colour) + 0.05), (luminance(colour) + 0.05) / 0.05)
    }

    /// What WCAG asks of bold text of 14 points and of what is no text (1.4.3, 1.4.11). The two figures of a colour
    /// always multiply to 21, so none reaches more than 4.58 against both.
    const ENOUGH: f64 = 3.0;

    /// Bold, which many terminals show in the bright colour. The figures are against white and black.
    #[test]
    fn both_colours_can_be_read_on_white_and_on_black() {
        let colours: [(&str, Rgb); 8] = [
            ("xterm red 5.84 3.60", [0xcd, 0x00, 0x00]),
            ("xterm bright red 4.00 5.25", [0xff, 0x00, 0x00]),
            ("xterm magenta 4.69 4.48", [0xcd, 0x00, 0xcd]),
            ("xterm bright magenta 3.14 6.70", [0xff, 0x00, 0xff]),
            ("Tango red 5.89 3.57", [0xcc, 0x00, 0x00]),
            ("Tango bright red 4.18 5.02", [0xef, 0x29, 0x29]),
            ("Tango magenta 6.58 3.19", [0x75, 0x50, 0x7b]),
            ("Tango bright magenta 3.29 6.38", [0xad, 0x7f, 0xa8]),
        ];
        for (name, colour) in colours {
            let (white, black) = contrasts(colour);
            assert!(name.ends_with(&format!("{white:.2} {black:.2}")), "{name}: {white:.2} {black:.2}");
            assert!(white >= ENOUGH && black >= ENOUGH, "{name}");
        }
    }

    /// Why no other is used.
    #[test]
    fn the_other_colours_vanish_on_one_of_them() {
        let colours: [(&str, Rgb); 8] = [
            ("xterm green 2.16 9.73", [0x00, 0xcd, 0x00]),
            ("xterm yellow 1.70 12.33", [0xcd, 0xcd, 0x00]),
            ("xterm blue 9.40 2.23", [0x00, 0x00, 0xee]),
            ("xterm cyan 1.98 10.61", [0x00, 0xcd, 0xcd]),
            ("Tango bright green 1.61 13.01", [0x8a, 0xe2, 0x34]),
            ("Tango yellow 2.51 8.38", [0xc4, 0xa0, 0x00]),
            ("Tango blue 5.93 3.54", [0x34, 0x65, 0xa4]),
            ("Tango bright cyan 1.60 13.12", [0x34, 0xe2, 0xe2]),
        ];
        for (name, colour) in colours {
            let (white, black) = contrasts(colour);
            assert!(name.ends_with(&format!("{white:.2} {black:.2}")), "{name}: {white:.2} {black:.2}");
        }
        let failing =
            colours.iter().filter(|(_, colour)| contrasts(*colour).0 < ENOUGH || contrasts(*colour).1 < ENOUGH);
        // Tango's blue alone passes, and xterm's does not.
        assert_eq!(failing.count(), 7);
    }
}
