//! Dockerfiles.
pub mod ignore;
