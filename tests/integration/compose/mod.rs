//! Compose files, against the real Compose.

mod dockerignore;
mod literals;
mod model;
mod oracle;
mod properties;
mod reach;
mod schema;
mod sets;
