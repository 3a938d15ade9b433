//! The age of a secret as a bar: where it is between the days on which it is due and overdue.

use super::markup::{Html, class, label, number, word};
use super::page::Tone;

/// The width of the drawing, and where in it the hard date is: the same place in every row.
const WIDTH: u64 = 1000;
const HARD: u64 = 800;

/// Days since a value is in use, and after how many it is due and overdue.
#[derive(Clone, Copy)]
pub(super) struct Age {
    pub(super) days: u32,
    pub(super) soft: u32,
    pub(super) hard: u32,
}

impl Age {
    /// Draws it.
    pub(super) fn draw(self, tone: Tone, html: &mut Html<'_>) {
        let Self { days, soft, hard } = self;
        let at = |days: u32| (u64::from(days) * HARD / u64::from(hard.max(1))).min(WIDTH);
        let text = format!("{days} days old; due after {soft} days, overdue after {hard} days");
        let shape = [
            word("role", "img"),
            label(&text),
            word("viewBox", "0 0 1000 24"),
            word("preserveAspectRatio", "none"),
            word("data-tone", tone.class()),
        ];
        html.element("svg", &shape, |html| {
            let bar = |x: u64, width: u64, (y, height): (u64, u64), name: &'static str, html: &mut Html<'_>| {
                let size = [number("x", x), number("y", y), number("width", width), number("height", height)];
                html.element("rect", &[&size[..], &[class(name)]].concat(), |_| ());
            };
            let soft = at(soft);
            bar(0, soft, (6, 12), "zone-fresh", html);
            bar(soft, HARD.saturating_sub(soft), (6, 12), "zone-due", html);
            bar(HARD, WIDTH - HARD, (6, 12), "zone-overdue", html);
            bar(0, at(days).max(6), (8, 8), "full", html);
            bar(soft, 5, (2, 20), "mark", html);
            bar(HARD, 8, (0, 24), "mark", html);
        });
    }
}
