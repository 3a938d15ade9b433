//! `envward key list`.

use std::io::Write;

use jiff::civil::Date;

use super::registry::Registry;
use crate::cli::key::{List, ListFormat};
use crate::cmd::output::lost;
use crate::error::Error;
use crate::ledger::{KeyRecord, KeyState};
use crate::policy::Status;
use crate::report;
use crate::system::System;
use crate::text::{sanitize, wrap};

pub(super) fn run(args: &List, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let registry = Registry::peek(&args.whose, system)?;
    let keys = registry.keys()?;
    let today = args.as_of.unwrap_or(system.today);
    let written = match args.format {
        ListFormat::Json => report::keys::write(registry.project(), &keys, today, false, out),
        ListFormat::Text if keys.is_empty() => {
            out.write_all(b"no keys; to make one: envward key new --prefix NAME --name WHO\n")
        }
        ListFormat::Text => {
            keys.iter().try_for_each(|key| out.write_all(entry(key, today, system.style.width).as_bytes()))
        }
    };
    written.map_err(|error| lost(&error))?;
    Ok(Status::Clean)
}

fn entry(key: &KeyRecord, today: Date, width: usize) -> String {
    let state = key.state(today);
    let mark = if state == KeyState::Current { "" } else { state.word() };
    let name = sanitize(key.name.as_bytes());
    let head = format!("{}_{}  {name}  {mark}", key.prefix.as_str(), key.id);
    let mut facts =
        vec![format!("made {} by {} ({} old)", key.day(), sanitize(key.by.as_bytes()), days(key.age(today)))];
    facts.extend(key.expires.map(|last| format!("last day {last}")));
    facts.push(key.verified.map_or("never verified here".to_owned(), |day| format!("verified {day}")));
    let reason = key.reason.as_deref().map(|reason| format!(": {}", sanitize(reason.as_bytes()))).unwrap_or_default();
    facts.extend(key.revoked.map(|day| format!("revoked {day}{reason}")));
    facts.extend(key.replaced_by.as_ref().map(|new| format!("replaced by {new}")));
    format!("{}\n  {}\n", head.trim_end(), wrap(&facts.join(", "), width - 2).join("\n  "))
}

fn days(count: u32) -> String {
    if count == 1 { "1 day".to_owned() } else { format!("{count} days") }
}
