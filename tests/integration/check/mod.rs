//! `envward check`.

mod agents;
mod config;
mod encrypted;
mod file_readers;
mod fix;
mod hash_of_htpasswd;
mod readers;
mod threads;
mod told_by_content;
mod tracked_literals;
mod upstream;
mod what_is_read;
mod work_tree;
