//! Dockerfiles and `.dockerignore` files: the input is one of each, with a NUL byte between.

use envward::docker::dockerfile::Dockerfile;
use envward::docker::dockerfile::ignore::DockerIgnore;
use envward::path::RelPath;

pub fn run(bytes: &[u8]) {
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let (dockerfile, ignore) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let file = Dockerfile::parse(dockerfile);
    let stages = file.stages(&[("A".to_owned(), None)]);
    assert!(stages.len() <= dockerfile.len(), "no stage out of nothing");
    let ignore = DockerIgnore::parse(ignore);
    let _ = (ignore.excludes(&RelPath::from(".env")), ignore.excludes(&RelPath::from("a/b/.env.production")));
}
