//! `envward rotation`.

mod ages;
mod expiry;
mod job;
mod notify;
mod postgres;
mod replace;
mod servers;
mod together;
