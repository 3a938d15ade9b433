//! What to do: a text, and each command on a line of its own, to be copied.

use super::markup::{Html, class};
use crate::report::next_step;

/// An advice, as the screen has it.
pub(super) fn advice(help: &str, html: &mut Html<'_>) {
    html.element("div", &[class("do")], |html| {
        for (text, command) in next_step::steps(help) {
            if !text.is_empty() {
                let end = if command.is_some() { ":" } else { "" };
                html.line("p", &[], &format!("{text}{end}"));
            }
            command.into_iter().for_each(|command| self::command(command, html));
        }
    });
}

/// Several commands, one for each thing.
pub(super) fn commands(commands: &[String], html: &mut Html<'_>) {
    if !commands.is_empty() {
        html.element("div", &[class("do")], |html| commands.iter().for_each(|one| command(one, html)));
    }
}

fn command(command: &str, html: &mut Html<'_>) {
    html.element("p", &[class("command")], |html| html.line("code", &[], command));
}
