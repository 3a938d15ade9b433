//! What git does with the files of a work tree.

pub(in crate::git) mod ignore;
