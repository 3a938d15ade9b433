//! The way out: a report in its format, an error with its hint.

use std::ffi::OsString;
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use clap::error::{ContextKind, ContextValue};
use jiff::civil::Date;

use crate::cli::rotation::{Rotation, RotationFormat};
use crate::cli::{Cli, Color, Command, Format, Judging, Output, ScanFormat, SummaryFormat};
use crate::cmd::{meant_verb, preflight};
use crate::engine::fix::Mended;
use crate::engine::terms::Terms;
use crate::error::Error;
use crate::policy::{FileReaders, Report, Status};
use crate::problem::Cause;
use crate::report;
use crate::report::next_step::unbroken;
use crate::report::text::Fold;
use crate::secret::mask::Mask;
use crate::system::System;
use crate::terminal::{Style, WIDTH};
use crate::text::{sanitize, wrap};

/// By what a run of a command is judged.
pub(super) fn terms<'a>(command: &'static str, args: &'a Judging) -> Terms<'a> {
    Terms { command, config: args.config.as_deref(), as_of: args.as_of, fail_on: args.fail_on.into() }
}

/// Writes a report, masked, in the format that was asked for; the status that it stands for.
pub(super) fn report(
    report: Report,
    mask: &Mask,
    root: &Path,
    args: &Output,
    system: &System,
    out: &mut dyn Write,
) -> Result<Status, Error> {
    let mut report = report.masked(mask);
    report.leave_out_below(args.judging.min_severity.into());
    let written = match args.format {
        Format::Text => {
            let root = shown_root(root, system);
            let fold = Fold { has_advice: args.has_advice, ..Fold::none(args.all) };
            report::text::write(&report, &fold, root.as_deref(), system.style, out)
        }
        _ => to_a_file(args, &report, (root, mask), system, out),
    };
    written.map_err(|error| lost(&error))?;
    Ok(status(&report, &args.judging))
}

/// Writes a report, masked already, in a format that is kept in a file: for another program, or for a browser.
pub(super) fn to_a_file(
    args: &Output,
    report: &Report,
    (root, mask): (&Path, &Mask),
    system: &System,
    out: &mut dyn Write,
) -> io::Result<()> {
    match args.format {
        // A page may be read on another machine: it always names the project.
        Format::Html => report::html::write(report, &mask.text(&sanitize(root.as_os_str().as_bytes())), args.all, out),
        // Text is for the terminal: its writers ask for more than this.
        Format::Text | Format::Json => report::json::write(report, out),
        Format::Sarif => report::sarif::write(report, out),
        Format::Github => report::github::write(report, out),
        Format::GitlabSecretDetection => report::gitlab::secret_detection::write(report, system.now, out),
        Format::GitlabCodequality => report::gitlab::code_quality::write(report, out),
        Format::Junit => report::junit::write(report, system.now, out),
    }
}

/// The status that a report stands for, or the one that was asked for in its place.
pub(super) fn status(report: &Report, args: &Judging) -> Status {
    exit(report.status, args.exit_zero)
}

/// A status, or the one that `--exit-zero` asks for in its place.
pub(super) fn exit(status: Status, exit_zero: bool) -> Status {
    match status {
        Status::Findings if exit_zero => Status::Clean,
        status => status,
    }
}

/// The project's root for a report, where one does not stand in it.
pub(super) fn shown_root(root: &Path, system: &System) -> Option<String> {
    (root != system.directory).then(|| sanitize(root.as_os_str().as_bytes()))
}

/// A path as a report names it: below the project's root from there on, else whole.
pub(super) fn shown_below(path: &Path, root: &Path) -> String {
    sanitize(path.strip_prefix(root).unwrap_or(path).as_os_str().as_bytes())
}

/// How text is set: as somebody said, else as the system says.
pub(super) fn style(color: Color, style: Style) -> Style {
    let colour = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => style.colour,
    };
    Style { colour, ..style }
}

/// Writes a text of envward's own into which parts of the project's files have gone.
pub(super) fn text(text: &str, mask: &Mask, out: &mut dyn Write) -> Result<(), Error> {
    out.write_all(mask.text(text).as_bytes()).map_err(|error| lost(&error))
}

/// Writes the tables of `--readers`.
pub(super) fn readers(files: &[FileReaders], mask: &Mask, out: &mut dyn Write) -> Result<(), Error> {
    let mut bytes = Vec::new();
    report::readers::write(files, &mut bytes).map_err(|error| lost(&error))?;
    text(&String::from_utf8_lossy(&bytes), mask, out)
}

/// Tells what `--fix` did, or with a dry run would do: with the report where that is for people, on standard error
/// else.
pub(super) fn mended(
    mended: &[Mended],
    mask: &Mask,
    (dry_run, for_people): (bool, bool),
    out: &mut dyn Write,
) -> Result<(), Error> {
    let mut text = String::new();
    for Mended { path, what, not_fixed } in mended {
        let done = if dry_run { "would fix" } else { "fixed" };
        text += &match not_fixed {
            None => format!("{done}  {path}: {what}\n"),
            Some(why) => format!("not fixed  {path}: {why}\n"),
        };
    }
    let text = mask.text(&text);
    let written = match for_people {
        true => out.write_all(text.as_bytes()),
        false => io::stderr().write_all(text.as_bytes()),
    };
    written.map_err(|error| lost(&error))
}

/// The lines of a text as wide as the terminal; what is indented, a command or a place, stays in one piece.
pub(super) fn wrapped(text: &str, style: Style) -> String {
    let lines = text.lines().flat_map(|line| match line.starts_with("  ") {
        true => vec![line.to_owned()],
        false => wrap(line, style.width),
    });
    lines.map(|line| line + "\n").collect()
}

/// Output that could not be written.
pub(super) fn lost(error: &io::Error) -> Error {
    Error::Output(error.raw_os_error().map(Cause::System))
}

/// Whether nobody reads the output any more.
pub(super) fn is_unread(error: &Error) -> bool {
    matches!(error, Error::Output(Some(Cause::System(code))) if *code == rustix::io::Errno::PIPE.raw_os_error())
}

/// Tells an error and what to do about it.
pub(super) fn hint(error: &Error, err: &mut dyn Write) {
    // Where not even this can be written, the exit status still says it.
    drop(writeln!(err, "error: {error}\n  hint: {}", unbroken(&error.hint(), WIDTH - 8).join("\n        ")));
}

/// The same, and where a JSON report or a page was asked for also that.
pub(super) fn complain(error: &Error, cli: &Cli, system: &System, out: &mut dyn Write, err: &mut dyn Write) {
    hint(error, err);
    let help = error.hint();
    let Some((command, Some(format), as_of)) = reporting(&cli.command) else { return };
    if matches!(error, Error::Output(_)) {
        return;
    }
    let (day, kind, message) = (as_of.unwrap_or(system.today), error.kind(), error.to_string());
    let is_fleet = matches!(&cli.command, Command::Rotation(Rotation::Status(args)) if args.from.is_some());
    drop(match command {
        _ if format == Kept::Html => report::html::write_error(command, day, &message, &help, out),
        STATUS if is_fleet => report::fleet::write_error(day, message, help, out),
        STATUS => report::rotation::write_error(day, kind, message, help, out),
        SUMMARY => report::summary::write_error("summary", day, (kind, message, help), out),
        "scan" if is_summary(&cli.command) => report::summary::write_error("scan", day, (kind, message, help), out),
        _ => report::json::write_error(command, day, (kind, message, help), format == Kept::Line, out),
    });
}

/// The command that reports, the format in which it is told that the run failed, and the day that was asked for.
fn reporting(command: &Command) -> Option<(&'static str, Option<Kept>, Option<Date>)> {
    let kept = |format: Format| match format {
        Format::Json => Some(Kept::Json),
        Format::Html => Some(Kept::Html),
        _ => None,
    };
    Some(match command {
        Command::Check(args) => ("check", kept(args.output.format), args.output.judging.as_of),
        Command::Scan(args) => {
            let format = match args.format {
                ScanFormat::Of(format) => kept(format),
                ScanFormat::Jsonl => Some(Kept::Line),
            };
            ("scan", format, args.judging.as_of)
        }
        Command::Summary(args) => {
            let format = match args.format {
                SummaryFormat::Text => None,
                SummaryFormat::Json => Some(Kept::Json),
                SummaryFormat::Html => Some(Kept::Html),
            };
            (SUMMARY, format, args.as_of)
        }
        Command::Trace(args) => ("trace", kept(args.output.format), args.output.judging.as_of),
        Command::Preflight(args) => ("preflight", kept(preflight::format(args.format)), args.judging.as_of),
        Command::Rotation(Rotation::Status(args)) => {
            let format = match args.format {
                RotationFormat::Text => None,
                RotationFormat::Json => Some(Kept::Json),
                RotationFormat::Html => Some(Kept::Html),
            };
            (STATUS, format, args.as_of)
        }
        _ => return None,
    })
}

/// A format in which also a run that failed is told: what is kept in a file must not be empty.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    Json,
    /// JSON in one line.
    Line,
    Html,
}

/// Their reports have other schemas.
const STATUS: &str = "rotation status";
const SUMMARY: &str = "summary";

fn is_summary(command: &Command) -> bool {
    matches!(command, Command::Scan(args) if args.summary)
}

/// Tells a mistake on the command line, or prints the help that was asked for. What was typed is never repeated: it
/// may be a secret, pasted in the wrong place.
pub fn usage(error: &clap::Error, args: &[OsString], out: &mut dyn Write, err: &mut dyn Write) -> Status {
    use clap::error::ErrorKind as Kind;
    match error.kind() {
        Kind::DisplayHelp | Kind::DisplayVersion => {
            let written = write!(out, "{}", error.render());
            return if written.is_ok() { Status::Clean } else { Status::Incomplete };
        }
        // Without a command: the help, as an answer to a mistake.
        Kind::DisplayHelpOnMissingArgumentOrSubcommand => drop(write!(err, "{}", error.render())),
        _ => {
            let (message, help) = (mistake(error), usage_hint(error, args));
            drop(writeln!(err, "error: {message}\n  hint: {help}"));
            if let (Some((command, format)), Ok(system)) = (kept_command(args), System::ask()) {
                let (day, what) = (system.today, ("usage", message, help));
                drop(match (command, format) {
                    (_, Kept::Html) => report::html::write_error(command, day, &what.1, &what.2, out),
                    (SUMMARY, _) => report::summary::write_error(command, day, what, out),
                    ("scan", _) if args.iter().any(|arg| arg == "--summary") => {
                        report::summary::write_error(command, day, what, out)
                    }
                    _ => report::json::write_error(command, day, what, format == Kept::Line, out),
                });
            }
        }
    }
    Status::Incomplete
}

/// The command that was to print JSON or a page, from a command line that could not be parsed.
fn kept_command(args: &[OsString]) -> Option<(&'static str, Kept)> {
    let args = args.get(1..).unwrap_or_default();
    let commands = ["check", "scan", SUMMARY, "trace", "preflight"];
    let command = commands.into_iter().find(|command| args.first().is_some_and(|arg| arg == command))?;
    let is_format = |word: &str| {
        let after = args.windows(2).any(|pair| matches!(pair, [flag, given] if flag == "--format" && given == word));
        after || args.iter().any(|arg| *arg == *format!("--format={word}"))
    };
    let formats = [("json", Kept::Json), ("jsonl", Kept::Line), ("html", Kept::Html)];
    let is_one = |word: &str| is_format(word) && (word != "jsonl" || command == "scan");
    formats.into_iter().find(|(word, _)| is_one(word)).map(|(_, format)| (command, format))
}

fn mistake(error: &clap::Error) -> String {
    use clap::error::ErrorKind as Kind;
    let argument = match error.get(ContextKind::InvalidArg) {
        // For an unknown argument this is the text that was typed; else it is a name of ours.
        Some(ContextValue::String(name)) if error.kind() != Kind::UnknownArgument => name.clone(),
        Some(ContextValue::Strings(names)) => names.join(", "),
        _ => String::new(),
    };
    match error.kind() {
        Kind::InvalidValue if is_empty(error) => format!("{argument} needs a value"),
        Kind::InvalidValue | Kind::ValueValidation => format!("the value of {argument} is not allowed"),
        Kind::UnknownArgument => "there is no such option or argument".into(),
        Kind::InvalidSubcommand => "there is no such command".into(),
        Kind::MissingRequiredArgument => format!("{argument} is missing"),
        Kind::ArgumentConflict => format!("{argument} cannot be used with {}", others(error)),
        Kind::TooManyValues => format!("{argument} has too many values"),
        Kind::WrongNumberOfValues => format!("{argument} has the wrong number of values"),
        Kind::NoEquals | Kind::TooFewValues => format!("{argument} needs a value"),
        Kind::InvalidUtf8 => "an argument is not UTF-8".into(),
        _ => "the command line cannot be read".into(),
    }
}

/// Whether an option has no value at all. What was typed is asked for its length only.
fn is_empty(error: &clap::Error) -> bool {
    matches!(error.get(ContextKind::InvalidValue), Some(ContextValue::String(typed)) if typed.is_empty())
}

/// The arguments, by names of ours, with which another one cannot be used.
fn others(error: &clap::Error) -> String {
    match error.get(ContextKind::PriorArg) {
        Some(ContextValue::String(name)) => name.clone(),
        Some(ContextValue::Strings(names)) if !names.is_empty() => names.join(", "),
        _ => "another argument here".to_owned(),
    }
}

/// What a day looks like, where an option takes one and got something else. Every option with a day is called `DATE`.
fn date_hint(error: &clap::Error) -> Option<String> {
    let is_day =
        matches!(error.get(ContextKind::InvalidArg), Some(ContextValue::String(name)) if name.ends_with(" <DATE>"));
    let is_wrong = error.kind() == clap::error::ErrorKind::ValueValidation;
    (is_day && is_wrong).then(|| "write the day as year-month-day, such as 2026-02-01".to_owned())
}

fn usage_hint(error: &clap::Error, args: &[OsString]) -> String {
    if let Some(hint) = date_hint(error) {
        return hint;
    }
    // All values that are allowed say more than the one that looks like what was typed.
    match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(words)) if !words.is_empty() => return format!("allowed: {}", words.join(", ")),
        _ => {}
    }
    let suggestion = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand];
    for kind in suggestion {
        match error.get(kind) {
            Some(ContextValue::String(word)) => return format!("did you mean `{word}`?"),
            Some(ContextValue::Strings(words)) if !words.is_empty() => {
                return format!("did you mean `{}`?", words.join("`, `"));
            }
            _ => {}
        }
    }
    meant_verb::help(args)
}
