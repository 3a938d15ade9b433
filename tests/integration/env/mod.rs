//! Env files, against their real readers.

mod properties;
mod readers;
mod values_survive;
mod vectors;
