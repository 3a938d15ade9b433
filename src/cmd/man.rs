//! `envward man`: a manual page for each command, for packagers and for `man -l -`.

use std::io::{self, Write};
use std::path::Path;

use clap_mangen::Man as Rendered;
use clap_mangen::roff::{Roff, bold, roman};

use super::output::lost;
use crate::cli::pages::{self, Page, Row};
use crate::cli::{self, Man};
use crate::error::Error;
use crate::files;
use crate::policy::Status;
use crate::system::System;

/// The section of commands.
const SECTION: &str = "1";

/// Runs it.
pub(super) fn run(args: &Man, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let mut top = cli::command().disable_help_subcommand(true);
    top.build();
    if let Some(dir) = &args.dir {
        return all(&top, &system.directory.join(dir), out);
    }
    // `man "rotation rotate"` is one word, `man rotation rotate` two.
    let words = args.words.iter().flat_map(|word| word.split_whitespace());
    let mut command = &top;
    for word in words {
        command = command.find_subcommand(word).ok_or_else(|| {
            Error::usage(
                "there is no such command",
                "`envward help` lists all commands; an example: envward man rotation rotate",
            )
        })?;
    }
    page(command, out).map_err(|error| lost(&error))?;
    Ok(Status::Clean)
}

/// Writes all pages into a directory.
fn all(top: &clap::Command, dir: &Path, out: &mut dyn Write) -> Result<Status, Error> {
    std::fs::create_dir_all(dir).map_err(|error| Error::io("make", dir, &error))?;
    let mut left = vec![top];
    let mut count = 0;
    while let Some(command) = left.pop() {
        let mut text = Vec::new();
        page(command, &mut text).map_err(|error| lost(&error))?;
        let path = dir.join(format!("{}.{SECTION}", name(command)));
        files::write_public(&path, &text).map_err(|error| Error::io("write", &path, &error))?;
        left.extend(command.get_subcommands().filter(|below| !below.is_hide_set()));
        count += 1;
    }
    let shown = crate::text::sanitize(dir.as_os_str().as_encoded_bytes());
    writeln!(out, "{shown}: {count} manual pages written").map_err(|error| lost(&error))?;
    Ok(Status::Clean)
}

/// `envward-rotation-rotate`.
fn name(command: &clap::Command) -> String {
    command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned()
}

fn page(command: &clap::Command, out: &mut dyn Write) -> io::Result<()> {
    let name = name(command);
    let words = name.strip_prefix("envward").unwrap_or(&name).replace('-', " ");
    let manual = Rendered::new(command.clone());
    // The title of clap_mangen leaves the empty date out, and everything behind it moves to another place.
    let version = env!("CARGO_PKG_VERSION");
    writeln!(out, ".TH {} {SECTION} \"\" \"envward {version}\" \"envward manual\"", name.to_uppercase())?;
    manual.render_name_section(out)?;
    manual.render_synopsis_section(out)?;
    manual.render_description_section(out)?;
    if command.get_arguments().any(|argument| !argument.is_hide_set()) {
        manual.render_options_section(out)?;
    }
    if command.has_subcommands() {
        manual.render_subcommands_section(out)?;
    }
    let Some(page) = pages::of(words.trim_start()) else { return Ok(()) };
    rest(page, command, &name).to_writer(out)
}

/// What the struct of the command does not say.
fn rest(page: &Page, command: &clap::Command, name: &str) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["EXIT STATUS"]);
    for (status, meaning) in page.status {
        row(&mut roff, &status.to_string(), meaning);
    }
    section(&mut roff, "FILES", page.files, "The command reads no file of its own.");
    let environment: Vec<Row> = page.environment.iter().chain(pages::EVERYWHERE).copied().collect();
    section(&mut roff, "ENVIRONMENT", &environment, "");
    roff.control("SH", ["EXAMPLES"]);
    for (line, about) in page.examples {
        roff.control("TP", []);
        roff.text([roman(format!("{about}:"))]);
        roff.text([bold(*line)]);
    }
    roff.control("SH", ["SEE ALSO"]);
    roff.text([roman(format!("{}.", also(page, command, name).join(", ")))]);
    roff
}

fn section(roff: &mut Roff, heading: &str, rows: &[Row], none: &str) {
    roff.control("SH", [heading]);
    for (name, about) in rows {
        row(roff, name, about);
    }
    if rows.is_empty() {
        roff.text([roman(none)]);
    }
}

fn row(roff: &mut Roff, name: &str, about: &str) {
    roff.control("TP", []);
    roff.text([bold(name)]);
    roff.text([roman(format!("{about}."))]);
}

/// The page of the command above, those of the commands below, and those that the command's own page names.
fn also(page: &Page, command: &clap::Command, name: &str) -> Vec<String> {
    let above = name.rsplit_once('-').map(|(above, _)| above);
    let below = command.get_subcommands().filter(|below| !below.is_hide_set());
    let mut all: Vec<String> = above.into_iter().map(|above| format!("{above}({SECTION})")).collect();
    all.extend(below.map(|below| format!("{}({SECTION})", self::name(below))));
    for see in page.see.iter().map(|see| (*see).to_owned()) {
        if !all.contains(&see) {
            all.push(see);
        }
    }
    all
}
