//! `envward incident`: after a leak, what to do, what to replace, and that it leaked is written down.

mod expose;
mod plan;
mod stack;

use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use plan::{By, Item, Plan};

use self::expose::{Exposed, expose};
use super::compose;
use super::output::{self, lost, wrapped};
use crate::cli::incident::Incident;
use crate::config::Config;
use crate::docker::compose::Stack;
use crate::engine::locate::{self, Located};
use crate::engine::rotation;
use crate::engine::terms::Terms;
use crate::engine::trace::{OtherPlace, other_places};
use crate::env::Key;
use crate::error::Error;
use crate::finding::Severity;
use crate::git::Repository;
use crate::incident::{BlastRadius, Sight, rank, reach};
use crate::path::RelPath;
use crate::policy::Status;
use crate::problem::Problem;
use crate::project::{Named, Project, ReadPlace, Together};
use crate::report::wording;
use crate::rotation::{NEXT, base_of};
use crate::secret::{Secret, Tag};
use crate::shell::for_shell;
use crate::system::System;
use crate::terminal::Prompt;

/// Runs it.
pub(super) fn run(args: &Incident, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    // With --exposed the one place on the command line is the project's.
    let (service, path) = match (args.exposed, &args.service) {
        (true, Some(_)) if args.path.is_some() => {
            return Err(Error::usage(
                "--exposed covers all services, so it takes no service",
                "leave out the service, or leave out --exposed",
            ));
        }
        (true, first) => (None, first.as_ref().map(PathBuf::from)),
        (false, first) => (first.as_deref(), args.path.clone()),
    };
    let located = locate::project(path.as_deref(), system)?;
    let config = locate::configuration(&located.root, None, system)?;
    match service {
        Some(service) => of_service(service, path.as_deref(), &located, &config, args, system, out),
        None => of_exposed(path.as_deref(), &located, args, system, out),
    }
}

fn of_service(
    service: &str,
    path: Option<&Path>,
    located: &Located,
    config: &Config,
    args: &Incident,
    system: &System,
    out: &mut dyn Write,
) -> Result<Status, Error> {
    let project = Project::load(&located.root, &RelPath::default(), false, config, located.repository.as_ref())?;
    let mask = rotation::mask_of(&project, config, system);
    let chosen = stack::choose(&project, service, (args.file.as_deref(), path), located, system);
    let (stack, family) = chosen.map_err(|error| mask.error(error))?;
    let reach = reach(&project, &family, service, config, &system.group);
    let items = items(&reach, &project, config, system);
    let mut places: Vec<ReadPlace> = items.iter().map(|item| (item.file.clone(), item.key.clone())).collect();
    // All of a file behind `secrets:` is read, whatever it is called.
    places
        .iter_mut()
        .filter(|place| project.named().get(&place.0).is_some_and(is_secret))
        .for_each(|place| place.1 = None);
    let compose = compose::command(stack, &located.root, system);
    let mut plan = Plan {
        service: Some(service),
        root: &located.root,
        is_here: located.root == system.directory,
        recreate: start(&compose, service, compose::recreate(&project, &places, &located.root, system)),
        compose,
        is_built: is_built(stack, service),
        evidence: Some(evidence(service, args.evidence.as_deref(), located, system)?),
        history: None,
        items,
        reach: Some(&reach),
        places: None,
    };
    plan.places = to_clean(args, &plan, system)?;
    let problems: Vec<&Problem> = project.problems.iter().chain(&located.problems).collect();
    let is_whole = problems.is_empty() && reach.unseen.is_empty() && !reach.elsewhere;
    output::text(&plan.text(&problems, system.style), &mask, out)?;
    let exposed: Vec<(RelPath, Key)> = plan.items.iter().filter_map(Item::place).collect();
    record(&exposed, path, args, system, out)?;
    Ok(if is_whole { Status::Clean } else { Status::Incomplete })
}

fn of_exposed(
    path: Option<&Path>,
    located: &Located,
    args: &Incident,
    system: &System,
    out: &mut dyn Write,
) -> Result<Status, Error> {
    let Exposed { mut items, mask, problems } = expose::exposed(path, system)?;
    items.sort_by(|a, b| (rank(a.class), &a.file, &a.key).cmp(&(rank(b.class), &b.file, &b.key)));
    let mut plan = Plan {
        service: None,
        root: &located.root,
        is_here: located.root == system.directory,
        compose: String::new(),
        recreate: Vec::new(),
        is_built: false,
        evidence: None,
        history: located.repository.as_ref().map(|repository| save(repository, system)),
        items,
        reach: None,
        places: None,
    };
    plan.places = to_clean(args, &plan, system)?;
    let problems: Vec<&Problem> = problems.iter().collect();
    output::text(&plan.text(&problems, system.style), &mask, out)?;
    let places: Vec<(RelPath, Key)> = plan.items.iter().filter_map(Item::place).collect();
    record(&places, path, args, system, out)?;
    Ok(if problems.is_empty() { Status::Clean } else { Status::Incomplete })
}

/// The places of the secrets of a plan, where somebody asked for them.
fn to_clean(args: &Incident, plan: &Plan<'_>, system: &System) -> Result<Option<Vec<OtherPlace>>, Error> {
    if !args.trace {
        return Ok(None);
    }
    let terms = Terms { command: "incident", config: None, as_of: None, fail_on: Severity::Note };
    let mut places = other_places(plan.root, terms, system)?;
    places.retain(|place| plan.items.iter().any(|item| item.file == place.file && item.key == place.key));
    Ok(Some(places))
}

/// What it could see, in the order of replacement; a key before the URL that holds its value, and both before a file
/// that is nothing else. The next and the previous value of a key are states of that key.
fn items(reach: &BlastRadius<'_>, project: &Project, config: &Config, system: &System) -> Vec<Item> {
    let together = Together::of(project, config);
    let mut sights: Vec<&Sight<'_>> = reach.sights.iter().filter(|one| !is_state(one)).collect();
    sights.sort_by_key(|one| {
        (rank(one.secret.class), one.secret.is_file(), one.secret.in_url, &one.file.path, one.secret.line)
    });
    let tags: Vec<Tag> = sights.iter().map(|one| system.group.tag(&one.secret.value)).collect();
    let mut items: Vec<Item> = Vec::new();
    for (at, Sight { file, secret, way }) in sights.iter().enumerate() {
        if items.iter().any(|known| known.file == file.path && known.key.is_some() && known.key == secret.key) {
            continue;
        }
        // A file that is one secret is replaced with a key, wherever that stands; a key with one before it.
        let count = if secret.is_file() { sights.len() } else { at };
        let is_said = sights.iter().zip(&tags).take(count).any(|(other, tag)| {
            tags.get(at) == Some(tag) && !other.secret.is_file() && together.are(&other.file.path, &file.path)
        });
        let by = match () {
            () if is_said => By::Another,
            () => By::Rotate {
                by_hand: file.is_by_hand(secret) && !secret.is_file(),
                waits: file.has_value(&format!("{}{NEXT}", secret.name)),
            },
        };
        items.push(Item {
            file: file.path.clone(),
            key: secret.key.clone(),
            line: Some(secret.line),
            class: secret.class,
            why: way.word().to_owned(),
            by,
        });
    }
    items
}

/// Whether it is the next or the previous value of a key of the same file.
fn is_state(sight: &Sight<'_>) -> bool {
    let keys = || sight.file.secrets.iter().map(|secret| secret.name.as_str());
    base_of(&sight.secret.name).is_some_and(|base| keys().any(|name| name == base))
}

fn is_secret(named: &Named) -> bool {
    matches!(named, Named::Secret(_))
}

/// The commands that start the service again, and make every other one again that has one of its secrets.
fn start(compose: &str, service: &str, mut recreate: Vec<String>) -> Vec<String> {
    let service = for_shell(&RelPath::from(service));
    let is_in = |command: &String| {
        command.starts_with(&format!("{compose} up ")) && command.split(' ').any(|word| word == service)
    };
    if !recreate.iter().any(is_in) {
        recreate.insert(0, format!("{compose} up -d {service}"));
    }
    recreate
}

/// Whether its image is built here. One that has a name only comes from a registry.
fn is_built(stack: &Stack, service: &str) -> bool {
    let has = |name: &str| stack.service(service).is_some_and(|service| service.at(&[name]).is_some());
    has("build") || !has("image")
}

/// The command that saves the history of a repository in the user's home directory.
fn save(repository: &Repository, system: &System) -> String {
    let top = repository.workdir().unwrap_or(repository.git_dir());
    let from = match top == system.directory {
        true => ".".to_owned(),
        false => for_shell(&RelPath::new(top.as_os_str().as_bytes())),
    };
    format!("git clone --mirror {from} ~/incident-{}.git", system.today)
}

/// Where the evidence goes. It holds secrets, so it must not lie in the project.
fn evidence(service: &str, given: Option<&Path>, located: &Located, system: &System) -> Result<PathBuf, Error> {
    let dir = match given {
        Some(given) => system.directory.join(given),
        None => {
            let home = system.home.clone().ok_or(Error::blocked(
                "this user has no home directory for the evidence",
                "name a new directory outside the project: --evidence DIR",
            ))?;
            home.join(format!("incident-{service}-{}", system.today))
        }
    };
    let unnamed = Error::usage("--evidence takes the name of a new directory", "such as --evidence /root/evidence");
    let (Some(parent), Some(name)) = (dir.parent(), dir.file_name()) else { return Err(unnamed) };
    let parent = parent.canonicalize().map_err(|error| Error::io("find", parent, &error))?;
    if parent.starts_with(&located.root) {
        return Err(Error::blocked(
            "the evidence contains secrets, and would be in the project",
            "name a new directory outside the project: --evidence DIR",
        ));
    }
    Ok(parent.join(name))
}

/// Asks, and records that these secrets leaked.
fn record(
    exposed: &[(RelPath, Key)],
    path: Option<&Path>,
    args: &Incident,
    system: &System,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let say = |out: &mut dyn Write, text: &str| {
        write!(out, "\n{}", wrapped(text, system.style)).map_err(|error| lost(&error))
    };
    if exposed.is_empty() {
        return say(out, "no secret to record as exposed");
    }
    if args.dry_run {
        return say(out, "dry run: nothing was recorded. envward prints these steps, and you run them");
    }
    if system.state.is_none() {
        return say(out, "nothing was recorded: this user has no ledger");
    }
    if !args.yes {
        out.flush().map_err(|error| lost(&error))?;
        let mut prompt = Prompt::open().map_err(|_| Error::NotRecorded)?;
        let answer = prompt.open_line(&format!("record {} as exposed? [y/N]", count(exposed.len())));
        let answer = answer.map_err(|_| Error::NotRecorded)?;
        if !is_yes(&answer) {
            return say(out, "nothing was recorded");
        }
    }
    let (known, missing) = expose(exposed, path, &args.reason, system)?;
    let them = if known == 1 { "it until it is" } else { "them until they are" };
    let mut text = format!("recorded as exposed: {}. This command shows {them} replaced:", count(known));
    text += "\n  -> envward rotation status";
    if missing > 0 {
        text += &format!(
            "\nnot recorded: {}. The ledger does not keep weak values of development and test, or keys without a plain \
             name",
            count(missing)
        );
    }
    say(out, &text)
}

fn count(number: usize) -> String {
    wording::count(number as u64, "secret", "secrets")
}

#[expect(clippy::disallowed_methods, reason = "an answer, typed where it is seen")]
fn is_yes(answer: &Secret) -> bool {
    let answer = answer.expose().trim_ascii();
    answer.eq_ignore_ascii_case(b"y") || answer.eq_ignore_ascii_case(b"yes")
}
