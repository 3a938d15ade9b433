//! `envward rotation`.

mod ages;
mod expiry;
mod fleet;
mod fleet_metrics;
mod job;
mod notify;
mod postgres;
mod proof;
mod replace;
mod servers;
mod several_servers;
mod story;
mod together;
mod two_roles;
mod whole_file;
