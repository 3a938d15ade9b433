//! Settings of coding agents, in JSON with comments: what is put in excludes the file.

use envward::agents::{AGENTS, Exclusion, Insertion, written};
use envward::path::RelPath;
use std::path::Path;

pub fn run(bytes: &[u8]) {
    let path = RelPath::from("a/.env");
    let _ = written(bytes);
    for agent in &AGENTS {
        let exclusion = Exclusion::read(agent, Path::new("/srv"), &|_| Some(bytes.to_vec()));
        let _ = exclusion.covers(&path, false);
        let claude = agent.name == "Claude Code";
        if let Some(done) = Insertion::of(Some(bytes), std::slice::from_ref(&path)).filter(|_| claude) {
            let exclusion = Exclusion::read(agent, Path::new("/srv"), &|_| Some(done.text.clone()));
            assert!(exclusion.covers(&path, false));
        }
    }
}
