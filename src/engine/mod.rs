//! What several verbs share: a run over a project and its repositories, what is staged or pushed, the values in use, what
//! `--fix` fixes, and the ledger around a look. The verbs read arguments and pick a report.

pub(crate) mod check;
pub(crate) mod fix;
pub(crate) mod here;
pub(crate) mod image_scans;
pub(crate) mod live;
pub(crate) mod locate;
mod main_work_tree;
pub(crate) mod mount;
pub(crate) mod range_changes;
pub(crate) mod readers;
pub(crate) mod reported;
pub(crate) mod repositories;
pub(crate) mod rotation;
pub(crate) mod run;
pub(crate) mod scan;
pub(crate) mod staged;
pub(crate) mod systemd_units;
pub(crate) mod terms;
pub(crate) mod trace;
mod tracked_texts;
mod untracked;
pub(crate) mod values;
