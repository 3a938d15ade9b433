//! Dockerfiles, and what a build sends to the builder.

pub mod ignore;

use crate::secret::Secret;

/// A Dockerfile.
#[derive(Debug)]
pub struct Dockerfile {
    /// Its bytes.
    pub text: Secret,
}

/// Whether a file of this name (no directory) is a Dockerfile: `Dockerfile`, `Dockerfile.prod`, `api.Dockerfile`,
/// `Containerfile`, in any case of letters; not `Dockerfile.dockerignore`.
#[must_use]
pub fn is_dockerfile(name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    if [b".dockerignore".as_slice(), b".containerignore"].iter().any(|ignore| name.ends_with(ignore)) {
        return false;
    }
    [b"dockerfile".as_slice(), b"containerfile"].iter().any(|base| {
        let after = name.strip_prefix(*base);
        let before = name.strip_suffix(*base);
        after.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"."))
            || before.is_some_and(|rest| rest.ends_with(b"."))
    })
}

/// The names of the ignore files of a Dockerfile, the one that counts first. The first stands beside the Dockerfile
/// and takes the place of the second, which stands at the build context's root; the two are never merged.
/// Source: <https://docs.docker.com/build/concepts/context/#filename-and-location>.
#[must_use]
pub fn ignore_file_names(dockerfile: &[u8]) -> [Vec<u8>; 2] {
    [[dockerfile, b".dockerignore"].concat(), b".dockerignore".to_vec()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dockerfile_names() {
        for name in ["Dockerfile", "dockerfile", "Dockerfile.prod", "api.Dockerfile", "Containerfile", "x.dockerfile"] {
            assert!(is_dockerfile(name.as_bytes()), "{name}");
        }
        for name in
            ["Dockerfile.dockerignore", ".dockerignore", "Dockerfiles", "mydockerfile", "docker-compose.yml", ""]
        {
            assert!(!is_dockerfile(name.as_bytes()), "{name}");
        }
        assert_eq!(ignore_file_names(b"web.Dockerfile")[0], b"web.Dockerfile.dockerignore");
    }
}
