//! The names that the project of the current directory knows: keys of secrets, services, admin keys.

use std::collections::BTreeMap;
use std::sync::mpsc::{self, Sender};
use std::time::{Duration, Instant};

use clap_complete::CompletionCandidate;

use crate::cli::key::Whose;
use crate::cmd::key::registry::Registry;
use crate::config::Config;
use crate::engine::{locate, rotation};
use crate::path::RelPath;
use crate::project::Project;
use crate::system::System;

/// Nobody waits longer at a prompt for a first answer.
const PATIENCE: Duration = Duration::from_millis(150);
/// Nor longer than this for a better one: what a large project has beside its first directory is then left out.
const MORE: Duration = Duration::from_millis(40);

/// Names, each with what is said of it.
type Names = BTreeMap<String, String>;

/// The keys of secrets.
pub(super) fn secrets() -> Vec<CompletionCandidate> {
    in_time(|send| {
        let system = System::ask().ok()?;
        let located = locate::project(None, &system).ok()?;
        let config = locate::configuration(&located.root, None, &system).ok()?;
        // The first directory is known at once; the rest follows where the project is small.
        let near = Project::nearby(&located.root, std::iter::empty(), &config).ok()?;
        send.send(keys_of(&near, &config, &system)).ok()?;
        let whole = Project::load(&located.root, &RelPath::default(), false, &config, None).ok()?;
        send.send(keys_of(&whole, &config, &system)).ok()
    })
}

fn keys_of(project: &Project, config: &Config, system: &System) -> Names {
    let mask = rotation::mask_of(project, config, system);
    let mut names = Names::new();
    for file in project.files.iter().filter(|file| file.role.is_in_use()) {
        for key in file.secrets.iter().filter(|secret| secret.is_filled()).filter_map(|secret| secret.key.as_ref()) {
            let (key, path) = (key.to_string(), file.path.to_string());
            if mask.is_free(&key) {
                names.entry(key).or_insert_with(|| mask.text(&path));
            }
        }
    }
    names
}

/// The services of compose files.
pub(super) fn services() -> Vec<CompletionCandidate> {
    in_time(|send| {
        let system = System::ask().ok()?;
        let located = locate::project(None, &system).ok()?;
        let config: Config = locate::configuration(&located.root, None, &system).ok()?;
        let project = Project::load(&located.root, &RelPath::default(), false, &config, None).ok()?;
        let mask = rotation::mask_of(&project, &config, &system);
        let mut names = Names::new();
        for stack in &project.stacks {
            for name in stack.services().map(|service| service.shown().to_string()).filter(|name| mask.is_free(name)) {
                names.entry(name).or_insert_with(|| mask.text(&stack.named.to_string()));
            }
        }
        send.send(names).ok()
    })
}

/// The ids of admin keys that are not revoked.
pub(super) fn keys() -> Vec<CompletionCandidate> {
    in_time(|send| {
        let system = System::ask().ok()?;
        let registry = Registry::peek(&Whose { project: None, config: None }, &system).ok()?;
        let keys = registry.keys().ok()?;
        let valid = keys.into_iter().filter(|key| key.revoked.is_none());
        send.send(valid.map(|key| (key.id.to_string(), key.name)).collect()).ok()
    })
}

/// The last answer that came in time. The work ends with the program.
fn in_time(work: impl FnOnce(Sender<Names>) -> Option<()> + Send + 'static) -> Vec<CompletionCandidate> {
    let (send, receive) = mpsc::channel();
    let start = Instant::now();
    // Where no thread can be had, there are no names.
    drop(std::thread::Builder::new().spawn(move || work(send)));
    let mut last = receive.recv_timeout(PATIENCE).unwrap_or_default();
    while let Ok(names) = receive.recv_timeout((start + MORE).saturating_duration_since(Instant::now())) {
        last = names;
    }
    last.into_iter().map(|(name, about)| CompletionCandidate::new(name).help(Some(about.into()))).collect()
}
