//! Compose files: YAML as Docker Compose reads it, merged and interpolated as it does. Pure: whoever calls reads the
//! files.

mod text;

pub use text::Text;

use crate::environment::Environment;
use crate::path::RelPath;

/// One set of compose files, as `docker compose` loads it.
#[derive(Debug)]
pub struct Stack {
    /// The files that were read, the first one first: the base, its overrides, what they include and extend.
    pub files: Vec<RelPath>,
    /// What it is for.
    pub environment: Environment,
}
