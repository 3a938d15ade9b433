//! `envward key`.

mod interop;
mod verbs;
