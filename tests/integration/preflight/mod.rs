//! `envward preflight`.

mod checklist;
mod deployment;
mod guide;
mod inspect;
mod scan_report;
