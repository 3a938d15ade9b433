//! stub
use crate::path::RelPath;
/// stub
#[derive(Debug, Default)]
pub struct DockerIgnore;
impl DockerIgnore {
    /// stub
    pub fn parse(_bytes: &[u8]) -> Self {
        Self
    }
    /// stub
    pub fn excludes(&self, _path: &RelPath) -> bool {
        false
    }
}
/// stub
pub fn is_dockerfile(name: &[u8]) -> bool {
    name == b"Dockerfile"
}
