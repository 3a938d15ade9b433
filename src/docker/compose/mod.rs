//! Compose files: YAML as Docker Compose reads it, interpolated and merged as it does. Pure: anyone who calls reads the
//! files.
//!
//! ```text
//! bytes -> yaml (tree, anchors, <<) -> interpolate (${…}) -> shape (one form) -> load (extends, include, merge) -> Stack
//! ```

mod build_source;
mod consistency;
mod fault;
mod given_file;
mod host;
mod interpolate;
mod load;
mod location;
mod merge;
mod mount;
mod node;
mod port;
mod scalar;
mod schema;
mod service;
mod short_forms;
pub mod size;
pub mod spec;
mod stack;
mod text;
mod yaml;

pub use build_source::{Building, NamedContext, Other, Recipe, Site};
pub use consistency::Defined;
pub use fault::{Fault, FaultKind};
pub use given_file::{GivenFile, User};
pub use host::{Given, Vital};
pub use interpolate::Variables;
pub use load::{Failure, Files, Request, Source};
pub use location::{Location, ProjectRoot, locate};
pub use mount::{Mount, MountKind};
pub use node::{Entry, Kind, MergeTag, Node, Place, Scalar, Value, Variable};
pub use port::{Port, Range, is_loopback};
pub use service::{Dependency, EnvFile, Service};
pub use stack::{FileSecret, Stack};
pub use text::Text;
