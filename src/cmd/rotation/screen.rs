//! What the screens of a rotation have in common.

use super::files::{Elsewhere, Place, elsewhere};
use super::rotate::Case;
use crate::environment::Environment;
use crate::rotation::steps::Step;
use crate::system::System;
use crate::terminal::{Ink, Style};
use crate::text::wrap;

/// The first lines: which secret, and what happens to it.
pub(super) fn title(case: &Case<'_>, what: &str, system: &System) -> String {
    let (key, file, style) = (&case.status.key, &case.status.file, system.style);
    let title = format!("{key} of {file} ({}): {what}", environment(case.file.environment));
    wrap(&title, style.width).iter().map(|line| format!("{}\n", style.set(Ink::Bold, line))).collect()
}

/// Where the current value is: what is replaced, and what is not.
pub(super) fn used_in(case: &Case<'_>, system: &System) -> String {
    let mut text = "\nthe current value is used in\n".to_owned();
    if case.places.is_empty() {
        text += &format!("  {}: {}\n", case.status.file, case.status.key);
    }
    case.places.iter().for_each(|place| text += &format!("  {}\n", line_of(place)));
    text += &left_alone(case, system.style);
    for Elsewhere { path, place, what } in elsewhere(case.survey, case.file, &case.old()) {
        let line = format!("WARNING: {path}{place} has it too and will NOT be changed{what}");
        wrap(&line, system.style.width).iter().for_each(|line| text += &format!("{line}\n"));
    }
    text
}

/// The steps, with their numbers and commands.
pub(super) fn numbered(steps: Vec<Step>, style: Style) -> String {
    let mut text = String::new();
    for (number, (what, commands)) in steps.into_iter().enumerate() {
        for (line, part) in wrap(&what, style.width - 5).into_iter().enumerate() {
            text += &if line == 0 { format!("  {}. {part}\n", number + 1) } else { format!("     {part}\n") };
        }
        // A command is copied: it stays in one piece, however long.
        commands.iter().for_each(|command| text += &format!("     -> {command}\n"));
    }
    text
}

/// A place, on the screen.
fn line_of(place: &Place) -> String {
    let name = place.key.as_ref().map_or_else(|| format!("line {}", place.line), ToString::to_string);
    match place.form.word() {
        "" => format!("{}: {name}", place.file),
        form => format!("{}: {name} ({form})", place.file),
    }
}

/// Places with the same word, of which nobody can know whether it is the secret.
pub(super) fn left_alone(case: &Case<'_>, style: Style) -> String {
    if case.left.is_empty() {
        return String::new();
    }
    let what = "WARNING: these contain the same word and are NOT changed. Change by hand those that mean this secret:";
    let lines = wrap(what, style.width).into_iter();
    let places = case.left.iter().map(|place| format!("  {}", line_of(place)));
    lines.chain(places).map(|line| line + "\n").collect()
}

/// An environment, where nothing stands beside it.
fn environment(environment: Environment) -> &'static str {
    match environment {
        Environment::Unknown => "environment unknown",
        known => known.word(),
    }
}
