//! The commands in the order of use, for the first help that a person reads. clap has no groups of commands.

use std::fmt::Write as _;

use crate::terminal::{Style, WIDTH};
use crate::text::wrap;

/// Each group: its heading, and its commands. A test holds that every command is in one.
pub const GROUPS: [(&str, &[&str]); 5] = [
    ("First look", &["demo", "status", "check", "scan", "summary", "trace", "preflight"]),
    ("Set up", &["init", "generate", "hook"]),
    ("Keep", &["rotation", "key"]),
    ("After a leak", &["incident"]),
    ("Help", &["doctor", "explain", "completions", "man", "help"]),
];

/// The columns before what a command does.
const INDENT: usize = 15;

/// The end of the first help.
const LAST: &str = "\
Start with `envward demo`, then run `envward check` in your project.
`envward COMMAND -h` lists the options, `envward COMMAND --help` has examples.

Exit status: 0 clean, 1 findings, 2 not everything was examined";

/// The template of the first help.
pub(super) fn template(command: &clap::Command) -> String {
    let width = Style::of_output().width.min(WIDTH);
    let mut text = "{about-with-newline}\n{usage-heading} {usage}\n".to_owned();
    for (heading, names) in GROUPS {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "\n{heading}:");
        for name in names {
            let about = command.find_subcommand(name).and_then(clap::Command::get_about);
            let about =
                about.map_or_else(|| "Print this help, or the help of a command".to_owned(), ToString::to_string);
            let about = wrap(&about, width.saturating_sub(INDENT)).join(&format!("\n{:INDENT$}", ""));
            let _ = writeln!(text, "  {name:11}  {about}");
        }
    }
    text + "\nOptions:\n{options}\n\n" + LAST + "\n"
}
