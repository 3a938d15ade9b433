//! Env files, against their real readers.

mod models;
mod properties;
mod readers;
mod values_survive;
mod vectors;
