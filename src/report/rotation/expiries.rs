//! The expiry dates in `rotation status`.

use jiff::civil::Date;

use super::ProjectReport;
use crate::project::ExpirySource;
use crate::report::wording::count;
use crate::rotation::{ExpiryStatus, Nearness};
use crate::secret::expiry::Part;
use crate::terminal::{Ink, Style};
use crate::text::{sanitize, wrap};

/// The dates for which something is to be done, and the others: two parts of the table, each with its heading.
pub(super) fn sections(report: &ProjectReport, day: Date, style: Style) -> [String; 2] {
    let (due, later): (Vec<_>, Vec<_>) = report.expiries.iter().partition(|one| one.is_due(day));
    let section = |all: &[&ExpiryStatus], (heading, ink): (&str, Ink)| match all {
        [] => String::new(),
        all => all.iter().fold(style.set(ink, heading) + "\n", |text, one| {
            text + &entry(report, one, &one.date.file.to_string(), style, "  ")
        }),
    };
    [
        section(&due, ("expired, or expires within a week: replace now", Ink::Red)),
        section(&later, ("expiry dates", Ink::Bold)),
    ]
}

/// How many there are, as the last line of the table counts them; `None` where nothing is to be done.
pub(super) fn counted(report: &ProjectReport, day: Date) -> Option<String> {
    let due: Vec<&ExpiryStatus> = report.expiries.iter().filter(|one| one.is_due(day)).collect();
    let expired = due.iter().filter(|one| one.nearness == Nearness::Expired).count();
    let text = match (expired, due.len() - expired) {
        (0, 0) => return None,
        (0, soon) => format!("{soon} about to expire"),
        (expired, 0) => format!("{expired} expired"),
        (expired, soon) => format!("{expired} expired, {soon} about to expire"),
    };
    Some(text)
}

/// One date: what expires when, what says so, and the next command.
pub(super) fn entry(report: &ProjectReport, status: &ExpiryStatus, file: &str, style: Style, indent: &str) -> String {
    let text = format!("{} in {file} {} ({})", name(status), when(status), source(status));
    let mut lines = wrap(&text, style.width - indent.len() - 2).into_iter();
    let mut text = format!("{indent}{}\n", style.set(ink(status), &lines.next().unwrap_or_default()));
    lines.for_each(|line| text += &format!("{indent}  {line}\n"));
    if status.nearness != Nearness::Far {
        match status.command(&report.shell_path(&status.date.file)) {
            Some(command) => text += &format!("{indent}  -> {command}\n"),
            None => text += &format!("{indent}  -> {}\n", advice(status)),
        }
    }
    text
}

pub(in crate::report) fn name(status: &ExpiryStatus) -> String {
    match (&status.date.key, status.date.line) {
        (Some(key), _) => key.to_string(),
        (None, Some(line)) => format!("a key on line {line}"),
        (None, None) => "a secret".to_owned(),
    }
}

/// When it expires, in words.
pub(in crate::report) fn when(status: &ExpiryStatus) -> String {
    let day = status.date.day;
    match status.nearness {
        Nearness::Expired => format!("expired on {day}"),
        Nearness::Due | Nearness::Noticed => {
            format!("will expire on {day}, in {}", count(status.left.into(), "day", "days"))
        }
        Nearness::Far => format!("expires on {day}"),
    }
}

/// What says so.
pub(in crate::report) fn source(status: &ExpiryStatus) -> String {
    let part = |part: &Part| match (part, status.of_chain()) {
        (Part::Token, _) => "the token".to_owned(),
        (Part::Signature, _) => "the SAS token".to_owned(),
        (Part::Certificate { .. }, None) => "the certificate".to_owned(),
        (Part::Certificate { .. }, Some((number, count))) => format!("certificate {number} of {count}"),
    };
    match &status.date.source {
        ExpirySource::Comment(file, line) => format!("from the comment in {file} line {line}"),
        ExpirySource::Recorded => "recorded".to_owned(),
        ExpirySource::Value(one) => format!("from {}", part(one)),
        ExpirySource::File(file, one) => format!("from {} in {file}", part(one)),
    }
}

pub(in crate::report) fn advice(status: &ExpiryStatus) -> &'static str {
    match status.source() {
        "certificate" => "replace the certificate with a new one",
        "comment" => "replace the value, then change the date in the comment",
        _ => "get a new value from your provider",
    }
}

fn ink(status: &ExpiryStatus) -> Ink {
    match status.nearness {
        _ if !status.is_watched() => Ink::Bold,
        Nearness::Expired => Ink::Red,
        Nearness::Due => Ink::Magenta,
        Nearness::Noticed | Nearness::Far => Ink::Bold,
    }
}

/// A file as the short lines name it: whole where the command is not run in the project's root.
pub(super) fn file(report: &ProjectReport, status: &ExpiryStatus) -> String {
    match report.is_here {
        true => status.date.file.to_string(),
        false => sanitize(std::os::unix::ffi::OsStrExt::as_bytes(status.date.file.under(&report.root).as_os_str())),
    }
}
