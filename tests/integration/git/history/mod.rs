//! Attribution, with git as the oracle and with answers worked out by hand.

mod damage;
mod paths;
mod refs;

use crate::git::fixture::{Fixture, added, at, changed, names, os, paths, removed};
use envward::git::Reach;
use envward::path::RelPath;
use envward::problem::ProblemKind;
