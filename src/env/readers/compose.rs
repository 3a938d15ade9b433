//! Docker Compose: what [`Document`] says.

use super::{Reading, Stop};
use crate::env::Document;

#[expect(clippy::disallowed_methods, reason = "the values are copied into another reading")]
pub(super) fn read(document: &Document) -> Reading {
    let mut reading = Reading::default();
    if let Some(refusal) = document.refusal() {
        reading.stop = Some(Stop { line: refusal.line, keeps: false });
        return reading;
    }
    for assignment in document.assignments() {
        reading.set(document.name(assignment), assignment.value.expose());
    }
    reading
}
