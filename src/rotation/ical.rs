//! The due dates as a calendar (RFC 5545): two events a secret or admin key, each with an alarm.

use jiff::Timestamp;
use jiff::civil::Date;

use super::days::plus;
use super::due::UNFINISHED;
use super::export::Exported;
use crate::ledger::FingerprintKey;

/// RFC 5545 3.1: no line is longer, its end not counted.
const LINE: usize = 75;

/// The calendar. The id of an event does not depend on its day, so that a replaced secret moves its events and leaves
/// none behind. With `hide_names`, summaries name the class alone.
#[must_use]
pub fn ical(projects: &[Exported<'_>], now: Timestamp, fingerprints: &FingerprintKey, hide_names: bool) -> String {
    let mut calendar = Calendar::default();
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//envward//rotation//EN", "CALSCALE:GREGORIAN"] {
        calendar.line(line);
    }
    for one in projects {
        for dated in one.dated(fingerprints) {
            let name = match hide_names {
                true => format!("a {}", dated.class),
                false => format!("{} of {}", dated.key, one.project),
            };
            let command = if hide_names { "" } else { &dated.command };
            for (kind, day, summary) in [
                ("soft", dated.soft_due, format!("replace {name} (due)")),
                ("hard", dated.hard_due, format!("replace {name} now (overdue)")),
            ] {
                calendar.event(&format!("{}-{kind}@envward", dated.id), (day, now), &summary, command);
            }
            if let Some(promoted) = dated.promoted {
                let summary = format!("finish the rotation of {name}");
                let id = format!("{}-finish@envward", dated.id);
                calendar.event(&id, (plus(promoted, UNFINISHED), now), &summary, "envward rotation status");
            }
        }
    }
    for one in projects {
        for expiring in one.expiring(fingerprints) {
            let name = match hide_names {
                true => format!("a value ({})", expiring.source),
                false => format!("{} of {}", expiring.key, one.project),
            };
            let command = expiring.command.filter(|_| !hide_names).unwrap_or_default();
            let (id, summary) = (format!("{}-expires@envward", expiring.id), format!("{name} expires"));
            calendar.event(&id, (expiring.day, now), &summary, &command);
        }
    }
    calendar.line("END:VCALENDAR");
    calendar.text
}

#[derive(Default)]
struct Calendar {
    text: String,
}

impl Calendar {
    fn event(&mut self, id: &str, (day, now): (Date, Timestamp), summary: &str, description: &str) {
        self.line("BEGIN:VEVENT");
        self.line(&format!("UID:{id}"));
        self.line(&format!("DTSTAMP:{}", now.strftime("%Y%m%dT%H%M%SZ")));
        self.line(&format!("DTSTART;VALUE=DATE:{}", day.strftime("%Y%m%d")));
        self.line(&format!("SUMMARY:{}", escaped(summary)));
        if !description.is_empty() {
            self.line(&format!("DESCRIPTION:{}", escaped(description)));
        }
        self.line("TRANSP:TRANSPARENT");
        // Nine o'clock of that day.
        for line in ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:PT9H"] {
            self.line(line);
        }
        self.line(&format!("DESCRIPTION:{}", escaped(summary)));
        self.line("END:VALARM");
        self.line("END:VEVENT");
    }

    /// One content line, folded between characters.
    fn line(&mut self, line: &str) {
        let mut length = 0;
        for character in line.chars() {
            if length + character.len_utf8() > LINE {
                self.text.push_str("\r\n ");
                length = 1;
            }
            self.text.push(character);
            length += character.len_utf8();
        }
        self.text.push_str("\r\n");
    }
}

/// RFC 5545 3.3.11. Control characters were escaped before they got into a name.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_between_characters() {
        let mut calendar = Calendar::default();
        calendar.line(&"é".repeat(100));
        let lines: Vec<&str> = calendar.text.split("\r\n").collect();
        assert_eq!(lines.iter().map(|line| line.len()).collect::<Vec<_>>(), [74, 75, 53, 0]);
        assert_eq!(lines.concat().replace(' ', ""), "é".repeat(100));
        assert_eq!(escaped("a,b;c\\d\ne"), "a\\,b\\;c\\\\d\\ne");
    }
}
