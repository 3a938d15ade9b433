//! `envward rotation`.

mod ages;
mod expiry;
mod job;
mod postgres;
mod replace;
mod servers;
mod together;
