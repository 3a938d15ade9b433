//! Answers a shell that asks what can come next: paths, options, and the names that a project knows. It prints names,
//! never a value, writes nothing, and where it knows nothing it is silent.

mod names;

use std::ffi::{OsStr, OsString};
use std::io::Write;

use clap::ValueHint;
use clap_complete::CompletionCandidate;
use clap_complete::engine::{ArgValueCompleter, PathCompleter, ValueCompleter};
use clap_complete::env::Shells;

use crate::checks;
use crate::cli;
use crate::env::names as env_names;
use crate::policy::Status;
use crate::system;
use crate::template::SHIPPED;

/// The program, as a shell knows it.
pub(super) const NAME: &str = "envward";
/// The variable in which a completion script says which shell asks.
pub(super) const VARIABLE: &str = system::COMPLETING;

/// Answers a question for completions; `None` where this run is none. The mark is asked for as well as the variable: a
/// variable alone must not turn a hook's run into one that finds nothing.
pub fn complete(args: &[OsString], out: &mut dyn Write) -> Option<Status> {
    let shell = system::completing()?;
    let [_, mark, words @ ..] = args else { return None };
    if mark != "--" {
        return None;
    }
    // A shell shows its own mistakes: a screen full of ours would be in the way of what is typed.
    std::panic::set_hook(Box::new(|_| {}));
    if let Some(shell) = Shells::builtins().completer(&shell).filter(|_| !words.is_empty()) {
        let mut text = Vec::new();
        let here = std::env::current_dir().ok();
        if shell.write_complete(&mut command(), words.to_vec(), here.as_deref(), &mut text).is_ok() {
            drop(out.write_all(&text));
        }
    }
    Some(Status::Clean)
}

/// The command line, each argument with what can stand there.
fn command() -> clap::Command {
    let secrets = |command| with(command, "key", || candidates(names::secrets));
    with_paths(cli::command())
        .mut_subcommand("explain", |command| with(command, "check", || candidates(check_ids)))
        .mut_subcommand("init", |command| with(command, "template", || candidates(templates)))
        .mut_subcommand("man", |command| with(command, "words", || candidates(verbs)))
        .mut_subcommand("incident", |command| with(command, "service", || candidates(names::services)))
        .mut_subcommand("rotation", |command| command.mut_subcommands(secrets))
        .mut_subcommand("key", |command| {
            let ids = |command, id| with(command, id, || candidates(names::keys));
            command
                .mut_subcommand("revoke", |command| ids(command, "id"))
                .mut_subcommand("new", |command| ids(command, "replaces"))
        })
        .mut_subcommand("generate", |command| {
            command.mut_subcommands(|command| with(command, "into", || ArgValueCompleter::new(FileAndKey)))
        })
}

/// A command whose argument of this name, where it has one, is completed by this.
fn with(command: clap::Command, name: &str, completer: impl Fn() -> ArgValueCompleter) -> clap::Command {
    // `mut_arg` would put the argument behind the others.
    command.mut_args(|arg| if arg.get_id() == name { arg.add(completer()) } else { arg })
}

fn candidates(list: fn() -> Vec<CompletionCandidate>) -> ArgValueCompleter {
    ArgValueCompleter::new(move |typed: &OsStr| beginning(list(), typed))
}

/// Gives every argument that takes files what completes them with the env files among them.
fn with_paths(command: clap::Command) -> clap::Command {
    let is_file = |arg: &clap::Arg| matches!(arg.get_value_hint(), ValueHint::AnyPath | ValueHint::FilePath);
    let command = command.mut_args(|arg| if is_file(&arg) { arg.add(ArgValueCompleter::new(paths)) } else { arg });
    command.mut_subcommands(with_paths)
}

/// Paths. A name with a dot in front is usually left out; that of an env file is what is asked for here.
fn paths(typed: &OsStr) -> Vec<CompletionCandidate> {
    let found = PathCompleter::any().complete(typed);
    let show = |candidate: CompletionCandidate| {
        let name = std::path::Path::new(candidate.get_value()).file_name().unwrap_or_default();
        let is_env_file = env_names::role(name.as_encoded_bytes()).is_some();
        if is_env_file { candidate.hide(false) } else { candidate }
    };
    found.into_iter().map(show).collect()
}

/// The file and the key of `--into`.
struct FileAndKey;

impl ValueCompleter for FileAndKey {
    fn complete(&self, current: &OsStr) -> Vec<CompletionCandidate> {
        paths(current)
    }

    fn complete_at(&self, index: usize, current: &OsStr) -> Vec<CompletionCandidate> {
        match index {
            0 => paths(current),
            _ => beginning(names::secrets(), current),
        }
    }
}

/// The words of every command: of the first level, then of those below. Which word was typed before is not told.
fn verbs() -> Vec<CompletionCandidate> {
    let top = cli::command();
    let below = top.get_subcommands().flat_map(clap::Command::get_subcommands);
    let all = top.get_subcommands().chain(below);
    all.map(|one| CompletionCandidate::new(one.get_name()).help(one.get_about().cloned())).collect()
}

fn beginning(mut all: Vec<CompletionCandidate>, typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.as_encoded_bytes();
    all.retain(|one| one.get_value().as_encoded_bytes().starts_with(typed));
    all
}

fn check_ids() -> Vec<CompletionCandidate> {
    checks::ALL.iter().map(|check| CompletionCandidate::new(check.id).help(Some(check.title.into()))).collect()
}

fn templates() -> Vec<CompletionCandidate> {
    SHIPPED.iter().map(|one| CompletionCandidate::new(one.name).help(Some(one.about.into()))).collect()
}
