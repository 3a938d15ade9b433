//! `envward doctor`: what works here, what does not, and what to type.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::complete::NAME;
use super::hook::calls;
use super::output::lost;
use crate::cli::DoctorArgs;
use crate::config::{self, Config};
use crate::engine::locate::{self, Located};
use crate::engine::rotation::{self, ledger};
use crate::env::names::Role;
use crate::error::Error;
use crate::files;
use crate::git::{self, Repository};
use crate::hook::{self, How};
use crate::ledger::{Ledger as _, StateDir};
use crate::path::RelPath;
use crate::policy::Status;
use crate::problem::ProblemKind;
use crate::project::Project;
use crate::report::doctor::{self, Health, Row};
use crate::report::wording::count;
use crate::secret::mask::Mask;
use crate::system::{System, on_path};
use crate::text::sanitize;

/// More env files than these are in the table of `check --readers`.
const SHOWN: usize = 5;

/// Runs it. Nothing is written, and nothing is made.
pub(super) fn run(args: &DoctorArgs, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let located = locate::project(args.path.as_deref(), system)?;
    let mut rows = vec![program_row(system), git_row()];
    let config = locate::configuration(&located.root, args.config.as_deref(), system);
    rows.extend(access_lists_row());
    rows.push(project_row(&located, config.as_ref().err()));
    let config = config.unwrap_or_default();
    let project = Project::load(&located.root, &RelPath::default(), false, &config, located.repository.as_ref())?;
    rows.extend(repository_rows(&located, &project, system));
    rows.push(state_row(system));
    rows.push(ledger_row(&located, &config, &project, system));
    rows.push(timer_row(system));
    rows.extend(compose_row(&project));
    rows.push(readers_row(&project));
    let mask = rotation::mask_of(&project, &config, system);
    let mut text = Vec::new();
    doctor::write(&rows, system.style, &mut text).map_err(|error| lost(&error))?;
    out.write_all(&mask.apply(&text)).map_err(|error| lost(&error))?;
    Ok(doctor::status(&rows))
}

/// The compose files that Docker Compose does not accept: what they deploy is not known.
fn compose_row(project: &Project) -> Option<Row> {
    let mut broken = project.problems.iter().filter(|problem| problem.kind == ProblemKind::BrokenCompose);
    let first = broken.next()?;
    let mut row = Row::ailing("compose", Health::Broken, first.to_string(), first.kind.help());
    row.lines.extend(broken.map(ToString::to_string));
    Some(row)
}

/// This program, and the one that a shell starts if that is another.
fn program_row(system: &System) -> Row {
    let version = env!("CARGO_PKG_VERSION");
    let mut row = match system.own_program() {
        Ok(program) => Row::works("envward", format!("{version} ({})", shown(program))),
        Err(error) => return Row::ailing("envward", Health::Unknown, format!("{version}; {error}"), error.hint()),
    };
    if let Some(other) = on_path(NAME).filter(|found| !is_this(found, system)) {
        row.lines.push(format!("`{NAME}` starts another program: {}", shown(&other)));
    }
    row
}

/// Whether a program is this one, as far as is known.
fn is_this(program: &Path, system: &System) -> bool {
    system.program.as_deref().is_none_or(|own| own.canonicalize().ok() == program.canonicalize().ok())
}

fn git_row() -> Row {
    match git::version() {
        Ok(version) => Row::works("git", sanitize(&version)),
        Err(_) => Row::ailing(
            "git",
            Health::Unused,
            "not found. envward reads repositories without git, but `demo` and `hook install` need it",
            "install git",
        ),
    }
}

/// Where the system's access lists are not read: `check` judges by mode and owner alone there.
fn access_lists_row() -> Option<Row> {
    let told = "access lists are not examined on this system; one can let others read a private file";
    let row = || Row::ailing("ACLs", Health::Unused, told, "ls -le .env, where + after the mode is a list");
    (!files::READS_ACCESS_LISTS).then(row)
}

fn project_row(located: &Located, fault: Option<&Error>) -> Row {
    let root = shown(&located.root);
    match fault {
        Some(error) => Row::ailing("project", Health::Unknown, format!("{root}: {error}"), error.hint()),
        None if located.root.join(config::FILE).is_file() => {
            Row::works("project", format!("{root}, with {}", config::FILE))
        }
        None => Row::works("project", format!("{root}, with the default settings (no {})", config::FILE)),
    }
}

fn repository_rows(located: &Located, project: &Project, system: &System) -> Vec<Row> {
    let Some(repository) = &located.repository else {
        let none = Row::works("repository", "none: this is not a git repository");
        let broken = |problem: &crate::problem::Problem| {
            Row::ailing("repository", Health::Unknown, problem.to_string(), problem.kind.help())
        };
        return vec![located.problems.first().map_or(none, broken)];
    };
    let hooks = match &project.hooks {
        Some(lapse) => {
            let (what, step) = lapse.reason.said();
            Row::ailing("hooks", Health::Broken, format!("{}: {what}", shown(&lapse.place)), step)
        }
        None => match hook::force(repository).said() {
            Some(said) => hooks_in_force(said, hook::program(repository), system),
            None => no_hooks(repository, system),
        },
    };
    vec![Row::works("repository", shown(repository.common_dir())), hooks]
}

/// No hook of ours, and what to do: a hook of somebody else's that keeps its name needs a line by hand.
fn no_hooks(repository: &Repository, system: &System) -> Row {
    let none = "none: nothing stops the commit of a secret";
    let call = hook::not_calling(repository).zip(calls::program(Some(repository), system).ok());
    let Some(call) = call.map(|(file, program)| hook::call_before_commit(file, &program)) else {
        return Row::ailing("hooks", Health::Unused, none, "envward hook install");
    };
    let file = shown(&call.file);
    let step = match call.how {
        How::Create => format!("create {file} with this line: {}", call.line),
        How::Add | How::Share => format!("add this line to {file}: {}", call.line),
        How::Run => format!("make {file} run: {}", call.line),
    };
    let mut row = Row::ailing("hooks", Health::Unused, none, step);
    row.lines.push("envward hook status shows the lines for all hooks".to_owned());
    row
}

/// The hooks that git runs, and which program they start.
fn hooks_in_force(said: &'static str, program: Option<PathBuf>, system: &System) -> Row {
    let mut row = Row::works("hooks", said);
    match program {
        Some(program) if !program.exists() => {
            let text = format!("they start {}, which does not exist, so git stops every commit", shown(&program));
            Row::ailing("hooks", Health::Broken, text, "envward hook install")
        }
        Some(program) if !is_this(&program, system) => {
            row.lines.push(format!("they start another program: {}", shown(&program)));
            row
        }
        _ => row,
    }
}

fn state_row(system: &System) -> Row {
    let Some(place) = &system.state else {
        return match system.ledger_is_off {
            true => Row::works("state", "switched off by ENVWARD_STATE_DIR: nothing is recorded"),
            false => Row::ailing("state", Health::Unknown, Error::NoStatePlace.to_string(), Error::NoStatePlace.hint()),
        };
    };
    let dir = shown(&place.dir);
    let open = StateDir::open(&place.dir);
    match open.and_then(|open| StateDir::takes_writes(&place.dir).map(|()| open)) {
        Ok(Some(_)) => Row::works("state", format!("{dir}, which only this user can read")),
        Ok(None) => Row::works("state", format!("{dir} (the first recorded secret creates it)")),
        Err(fault) => Row::ailing("state", Health::Broken, format!("{dir}: {}", fault.message()), fault.hint()),
    }
}

fn ledger_row(located: &Located, config: &Config, project: &Project, system: &System) -> Row {
    let has_env_files = project.files.iter().any(|file| file.role == Role::Env);
    let nothing = || match has_env_files {
        true => {
            let text = "knows no secret of this project yet, so no age is known";
            Row::ailing("ledger", Health::Unused, text, "record today's secrets: envward rotation status")
        }
        false => Row::works("ledger", "knows no secret of this project: it has no env file"),
    };
    if system.ledger_is_off {
        return Row::works("ledger", "switched off");
    }
    let Ok(place) = ledger::place(&located.root, system) else { return nothing() };
    let kept = match ledger::peek(place) {
        Ok((Some(kept), _)) => kept,
        Ok((None, _)) => return nothing(),
        Err(error) => return Row::ailing("ledger", Health::Broken, error.to_string(), error.hint()),
    };
    let Ok(name) = rotation::name(&located.root, config, &Mask::new(Vec::new())) else { return nothing() };
    match kept.read(&name) {
        Ok(Some(book)) => {
            let count = count(book.entries.len() as u64, "secret", "secrets");
            let last = book.last_look.map(|day| format!(", last examined on {day}")).unwrap_or_default();
            Row::works("ledger", format!("knows {count} of this project{last}"))
        }
        Ok(None) => nothing(),
        Err(fault) => Row::ailing("ledger", Health::Broken, fault.message(), fault.hint()),
    }
}

/// The reminder: a timer of systemd, the system's or the user's, or a file for cron.
fn timer_row(system: &System) -> Row {
    let user = system.config.as_ref().map(|config| (config.join("systemd/user"), " --user"));
    let managers = std::iter::once((PathBuf::from("/etc/systemd/system"), "")).chain(user);
    for (dir, scope) in managers {
        let timer = dir.join(TIMER);
        if timer.symlink_metadata().is_err() {
            continue;
        }
        // What `systemctl enable` links.
        if dir.join("timers.target.wants").join(TIMER).symlink_metadata().is_ok() {
            return Row::works("reminder", format!("{}, enabled", shown(&timer)));
        }
        let text = format!("{} is not enabled", shown(&timer));
        return Row::ailing("reminder", Health::Broken, text, format!("systemctl{scope} enable --now {TIMER}"));
    }
    let cron = Path::new("/etc/cron.d/envward-rotation");
    if cron.symlink_metadata().is_ok() {
        return Row::works("reminder", shown(cron));
    }
    Row::ailing(
        "reminder",
        Health::Unused,
        "no timer and no file for cron (a line in a user's own crontab is not examined)",
        "envward rotation install --systemd",
    )
}

const TIMER: &str = "envward-rotation.timer";

fn readers_row(project: &Project) -> Row {
    let line = |(path, used): (&RelPath, &Vec<crate::project::UsedReader>)| {
        let names: Vec<&str> = used.iter().map(|one| one.reader.name()).collect();
        format!("{path}: {}", names.join(", "))
    };
    let mut lines: Vec<String> = project.readers.iter().map(line).collect();
    let more = lines.len().saturating_sub(SHOWN);
    lines.truncate(SHOWN);
    if more > 0 {
        let files = count(more as u64, "more env file", "more env files");
        lines.push(format!("{files}: envward check --readers"));
    }
    if lines.is_empty() {
        lines.push("no program that reads an env file was found".to_owned());
    }
    Row { word: "readers", health: Health::Works, lines, step: None }
}

fn shown(path: &Path) -> String {
    sanitize(std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()))
}
