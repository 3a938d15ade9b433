//! Reports: what policy left, in the formats of people and of other programs. Each format has structs of its own, so
//! that what one prints is frozen apart from what the program holds.

pub mod advice;
pub mod checklist;
pub mod doctor;
pub mod fleet;
pub mod github;
pub mod gitlab;
pub mod hook_screen;
pub mod html;
pub mod json;
pub mod junit;
pub mod keys;
mod mask;
pub(crate) mod next_step;
mod place;
pub mod project_summary;
pub mod readers;
pub mod rotation;
pub mod sarif;
pub mod status;
pub mod summary;
pub mod text;
pub mod wording;
