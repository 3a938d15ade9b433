//! `envward rotation`.

mod ages;
mod job;
mod postgres;
mod proof;
mod replace;
mod servers;
mod story;
mod together;
mod two_roles;
