#![no_main]

use envward::agents::{AGENTS, Exclusion, Insertion, written};
use envward::path::RelPath;
use std::path::Path;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
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
});
