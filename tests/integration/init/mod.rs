//! `envward init`.

mod fill;
mod templates;
