//! `envward rotation`.

mod ages;
mod job;
mod postgres;
mod replace;
mod servers;
mod together;
