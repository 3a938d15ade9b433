//! Compose files: the input is two of them and a `.env`, with a NUL byte between.

use std::sync::Arc;

use envward::docker::compose::{Files, ProjectRoot, Request, Stack};
use envward::env::Document;
use envward::environment::Environment;
use envward::path::RelPath;
use envward::secret::Secret;

struct Memory<'a>([&'a [u8]; 3]);

impl Files for Memory<'_> {
    fn read(&mut self, path: &RelPath) -> Option<Vec<u8>> {
        let at =
            ["compose.yaml", "compose.override.yaml", ".env"].iter().position(|name| Some(*name) == path.to_str())?;
        self.0.get(at).map(|bytes| bytes.to_vec())
    }

    fn variables(&mut self, path: &RelPath) -> Option<Arc<Document>> {
        self.read(path).map(|bytes| Arc::new(Document::parse(Secret::new(bytes))))
    }
}

pub fn run(bytes: &[u8]) {
    let mut parts = bytes.splitn(3, |byte| *byte == 0);
    let mut next = || parts.next().unwrap_or_default();
    let mut files = Memory([next(), next(), next()]);
    let names = ["compose.yaml", "compose.override.yaml"];
    let files_of = names.iter().map(|name| RelPath::from(*name)).collect();
    let root = ProjectRoot::default();
    let request = Request { files: files_of, dir: RelPath::default(), env_files: Vec::new(), root };
    let Ok(stack) = Stack::load(&request, &mut files, Environment::Production) else { return };
    // What the checks ask.
    let _ = (stack.hosts(), stack.file_secrets(), stack.is_partial());
    for service in stack.services() {
        let _ = (service.ports(), service.mounts(), service.env_files(), service.dependencies(), service.networks());
        let _ = (service.words("command"), service.is_one_shot(), service.building(), service.image_name());
        let _ = service.environment();
    }
}
