//! Compose files, against the real Compose.

mod builds;
mod dockerignore;
mod literals;
mod model;
mod oracle;
mod properties;
mod reach;
mod schema;
mod sets;
