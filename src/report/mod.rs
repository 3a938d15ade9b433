//! Reports: what policy left, in four formats. Each format has structs of its own, so that what one prints is frozen
//! apart from what the program holds.

pub mod advice;
pub mod checklist;
pub mod doctor;
pub mod github;
pub mod hook_screen;
pub mod json;
pub mod keys;
mod mask;
pub(crate) mod next_step;
pub mod readers;
pub mod rotation;
pub mod sarif;
pub mod status;
pub mod text;
pub mod wording;
