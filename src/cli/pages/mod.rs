//! What the help and the manual say of each command beside its options: exit status, files, variables, examples.

mod after;
mod first;
mod keep;
mod set_up;

use std::fmt::Write as _;

/// What is said of one command.
#[derive(Debug)]
pub struct Page {
    /// The words of the command: `rotation rotate`; nothing for envward itself.
    pub command: &'static str,
    /// What each exit status means.
    pub status: &'static [(u8, &'static str)],
    /// The files that the command reads or writes.
    pub files: &'static [Row],
    /// The variables that the command obeys, beside those that all commands obey.
    pub environment: &'static [Row],
    /// What the command is used for, each with its command line.
    pub examples: &'static [Row],
    /// Manual pages to read next, beside those of the commands above and below.
    pub see: &'static [&'static str],
}

/// A name or a command line, and what is said of it.
pub type Row = (&'static str, &'static str);

/// The pages of all commands.
pub fn all() -> impl Iterator<Item = &'static Page> {
    [first::PAGES, set_up::PAGES, keep::PAGES, after::PAGES].into_iter().flatten()
}

/// The page of a command.
#[must_use]
pub fn of(command: &str) -> Option<&'static Page> {
    all().find(|page| page.command == command)
}

/// Gives each command below this one the end of its long help.
pub(super) fn with_pages(command: clap::Command, before: &str) -> clap::Command {
    let command = match of(before) {
        Some(page) if !before.is_empty() => command.after_long_help(page.end_of_help()),
        _ => command,
    };
    command.mut_subcommands(|below| {
        let words = format!("{before} {}", below.get_name());
        with_pages(below, words.trim_start())
    })
}

impl Page {
    fn end_of_help(&self) -> String {
        let mut text = "Examples:".to_owned();
        // Writing into a string cannot fail.
        for (command, about) in self.examples {
            let _ = write!(text, "\n  {about}:\n    {command}\n");
        }
        text += "\nExit status:";
        for (status, meaning) in self.status {
            let _ = write!(text, "\n  {status}  {meaning}");
        }
        text
    }
}

/// For commands that do something, or say why they did not.
const DONE: &[(u8, &str)] = &[(0, "the command did what it should"), (2, "the command failed")];

/// For commands that report.
const REPORT: &[(u8, &str)] = &[
    (0, "everything was examined, and there is no finding"),
    (1, "there are findings"),
    (2, "not everything was examined, or the command line or configuration is wrong"),
];

const CONFIG: Row = ("envward.toml", "the configuration, in the project root");
const ENV_FILES: Row = (".env, .env.*, *.env", "the env files of the project");
const TEMPLATES: Row = (".env.example, .env.sample, .env.template", "the templates of the project");
const LEDGER: Row = (
    "/var/lib/envward, ~/.local/state/envward",
    "the ledger of root and of other users: names, dates and fingerprints of secrets, no values",
);

const STATE: Row = ("ENVWARD_STATE_DIR", "the directory of the ledger; /dev/null switches the ledger off");
const XDG_STATE: Row = ("XDG_STATE_HOME", "the ledger of users other than root is in `envward` below this directory");

/// The variables that every command obeys.
pub const EVERYWHERE: &[Row] =
    &[("NO_COLOR", "print without colour, unless --color is given"), ("HOME", "the user's home directory")];
