//! `envward preflight`.

mod deployment;
mod inspect;
