//! The admin keys in `rotation status`.

use crate::report::wording::count;
use crate::rotation::{KeyStatus, Urgency};
use crate::terminal::{Ink, Style};
use crate::text::{sanitize, wrap};

/// One key in `--due`, `--remind` and below the table: what it is, when it is due, and the next command where it is.
pub(super) fn entry(key: &KeyStatus, style: Style, indent: &str) -> String {
    let age = count(key.age.into(), "day", "days");
    let what = format!("{}_{} ({}): {age} old, {}", key.prefix.as_str(), key.id, name(key), due(key));
    let mut lines = wrap(&what, style.width - indent.len() - 2).into_iter();
    let mut text = format!("{indent}{}\n", style.set(ink(key), &lines.next().unwrap_or_default()));
    lines.for_each(|line| text += &format!("{indent}  {line}\n"));
    if key.urgency.is_due() {
        if let Some(new) = &key.replaced_by {
            text += &format!("{indent}  replaced by {new}\n");
        }
        text += &format!("{indent}  -> {}\n", key.command());
    }
    text
}

pub(in crate::report) fn name(key: &KeyStatus) -> String {
    sanitize(key.name.as_bytes())
}

fn ink(key: &KeyStatus) -> Ink {
    match key.urgency {
        Urgency::Exposed | Urgency::Overdue => Ink::Red,
        Urgency::Due => Ink::Magenta,
        Urgency::Unknown | Urgency::Fresh => Ink::Bold,
    }
}

pub(in crate::report) fn due(key: &KeyStatus) -> String {
    let (soft, hard) = (key.soft_due, key.hard_due);
    match key.urgency {
        Urgency::Overdue if key.is_expired => "expired".to_owned(),
        Urgency::Exposed | Urgency::Overdue => format!("overdue since {hard}"),
        Urgency::Due => format!("due since {soft}, overdue on {hard}"),
        Urgency::Unknown | Urgency::Fresh => format!("due on {soft}"),
    }
}
