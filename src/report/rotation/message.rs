//! A reminder as a message: a title, a text for people, and the same for a service that takes JSON.

use std::io;

use jiff::civil::Date;

use super::{ProjectReport, write_lines};
use crate::ledger::ValueState;
use crate::report::wording::count;
use crate::rotation::{Nearness, SecretStatus, Urgency};
use crate::terminal::{Style, WIDTH};

/// The longest text for a service: ntfy takes 4096 bytes.
const SHORT: usize = 3800;

/// What is sent.
#[derive(Debug, PartialEq, Eq)]
pub struct Message {
    /// Only words of envward's own, numbers and the host's name.
    pub title: String,
    /// Whether something fails already, or is exposed.
    pub is_urgent: bool,
    /// Names, dates and the commands to type.
    pub text: String,
}

impl Message {
    /// The reminder of these projects, each with the secrets that it shows; `None` where there is nothing to tell.
    #[must_use]
    pub fn of(projects: &[(&ProjectReport, Vec<&SecretStatus>)], day: Date, host: &str) -> Option<Self> {
        let mut text = Vec::new();
        let style = Style { colour: false, width: WIDTH };
        for (report, chosen) in projects {
            // A `Vec` takes all that is written.
            let _: io::Result<()> = write_lines(report, chosen, day, style, &mut text);
        }
        if text.is_empty() {
            return None;
        }
        let mut counts = Counts::default();
        projects.iter().for_each(|(report, chosen)| counts.add(report, chosen));
        let footer = "\nall secrets and dates: envward rotation status\n";
        let text = String::from_utf8_lossy(&text).into_owned() + footer;
        let is_urgent = counts.expired + counts.now + counts.unread > 0;
        Some(Self { title: format!("envward on {}: {}", plain(host), counts.words()), is_urgent, text })
    }

    /// That the reminder itself does not work.
    #[must_use]
    pub fn of_failure(error: &str, hint: &str, host: &str) -> Self {
        let title = format!("envward on {}: the reminder is broken", plain(host));
        Self { title, is_urgent: true, text: format!("{error}\n  -> {hint}\n") }
    }

    /// The text, cut behind a line where it is too long for a service.
    #[must_use]
    pub fn short(&self) -> String {
        if self.text.len() <= SHORT {
            return self.text.clone();
        }
        let mut kept = String::new();
        for line in self.text.split_inclusive('\n') {
            if kept.len() + line.len() > SHORT {
                break;
            }
            kept += line;
        }
        kept + "and more: envward rotation status --due\n"
    }

    /// The object that Slack, Mattermost and others take. A block of code shows a command as it is to be typed, and
    /// notifies nobody whose name is in a path; `<` and a backtick would end or break it.
    #[must_use]
    pub fn json(&self) -> String {
        let text = self.short().replace('<', "\u{2039}").replace('`', "'");
        serde_json::json!({ "text": format!("{}\n```\n{text}```", self.title) }).to_string()
    }
}

/// A host's name, as it may stand in a header.
fn plain(host: &str) -> String {
    let kept: String =
        host.chars().filter(|one| one.is_ascii_alphanumeric() || ".-_".contains(*one)).take(64).collect();
    if kept.is_empty() { "this host".to_owned() } else { kept }
}

/// How much there is of what.
#[derive(Default)]
struct Counts {
    expired: u64,
    now: u64,
    due: u64,
    soon: u64,
    unread: u64,
}

impl Counts {
    fn add(&mut self, report: &ProjectReport, chosen: &[&SecretStatus]) {
        let urgencies = chosen.iter().map(|one| (one.state == ValueState::Current, one.urgency));
        for (is_current, urgency) in urgencies.chain(report.keys.iter().map(|key| (true, key.urgency))) {
            match urgency {
                Urgency::Exposed | Urgency::Overdue if is_current => self.now += 1,
                _ => self.due += 1,
            }
        }
        for one in &report.expiries {
            match one.nearness {
                Nearness::Expired => self.expired += 1,
                _ => self.soon += 1,
            }
        }
        self.unread += (report.problems.len() + report.surprises.len()) as u64;
    }

    fn words(&self) -> String {
        let parts = [
            (self.expired, "expired", "expired"),
            (self.now, "to replace now", "to replace now"),
            (self.due, "due", "due"),
            (self.soon, "expires soon", "expire soon"),
            (self.unread, "problem", "problems"),
        ];
        let parts = parts.into_iter().filter(|(number, ..)| *number > 0);
        parts.map(|(number, one, many)| count(number, one, many)).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: String) -> Message {
        Message { title: "envward on web1: 1 due".into(), is_urgent: false, text }
    }

    #[test]
    fn a_long_text_is_cut_behind_a_line() {
        let line = "é".repeat(50) + "\n";
        let short = message(line.repeat(100)).short();
        assert!(short.len() < 4000 && short.ends_with("é\nand more: envward rotation status --due\n"), "{short}");
        assert_eq!(message(line.clone()).short(), line);
        assert!(message("x".repeat(5000)).short().starts_with("and more"));
    }

    #[test]
    fn no_name_gets_out_of_the_json_or_the_header() {
        let hostile = "a\"},{\"text\": \"<!channel> ```x @here \u{1}\\ in .env\n";
        let json = message(hostile.into()).json();
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        let text = read["text"].as_str().unwrap();
        assert_eq!(read.as_object().unwrap().len(), 1);
        assert!(!text.contains('<') && text.matches("```").count() == 2, "{text}");
        assert_eq!(plain("web1.example.org"), "web1.example.org");
        assert_eq!(plain("a\r\nBcc: x@y"), "aBccxy");
        assert_eq!(plain("\n"), "this host");
    }
}
