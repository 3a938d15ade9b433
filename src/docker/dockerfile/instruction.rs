//! Instructions, taken apart. What a variable stands for is not examined here.

use std::num::NonZeroU32;

use zeroize::Zeroizing;

use super::line::{Line, split};
use super::word::{json, words};

/// A word as it is written, quotes and references left in.
pub type Raw = Zeroizing<String>;

/// One instruction.
pub struct Instruction {
    /// Its first line, from 1.
    pub line: NonZeroU32,
    /// What it does.
    pub what: What,
}

/// What an instruction does.
pub enum What {
    /// Begins a stage.
    From {
        /// The image or an earlier stage.
        base: Raw,
        /// The stage's own name, in lower case.
        name: Option<String>,
    },
    /// Declares build arguments.
    Arg(Vec<Pair>),
    /// Sets variables of the image.
    Env(Vec<Pair>),
    /// Sets labels.
    Label(Vec<Pair>),
    /// Who runs what follows, and the container.
    User(Raw),
    /// How the container's health is asked; `None` switches a base image's off.
    Healthcheck(Option<Command>),
    /// Copies into the image: COPY, and ADD.
    Copy(Copy),
    /// Runs a command while the image is built.
    Run(Run),
    /// What the container runs.
    Entrypoint(Command),
    /// Its arguments, or what it runs where there is no entry point.
    Cmd(Command),
    /// For the one who builds upon the image.
    Onbuild(Box<Instruction>),
    /// What nothing here depends on.
    Other,
}

/// A name and a value.
pub struct Pair {
    /// The name.
    pub name: String,
    /// The value; `None` for an ARG without a default.
    pub value: Option<Raw>,
}

/// A command in one of its two forms.
pub enum Command {
    /// A JSON array: started as it is.
    Exec(Vec<Raw>),
    /// A line for `/bin/sh -c`.
    Shell(Raw),
}

/// RUN.
pub struct Run {
    /// What is run.
    pub command: Command,
    /// The texts of its here-documents.
    pub documents: Vec<Raw>,
    /// The stages, images and contexts that it mounts from (`--mount=from=`).
    pub mounts: Vec<Raw>,
}

/// COPY and ADD.
pub struct Copy {
    /// The stage or image it copies from; `None` for the build context.
    pub from: Option<Raw>,
    /// Patterns that leave files out (`--exclude`).
    pub excludes: Vec<Raw>,
    /// What is copied; here-documents are left out.
    pub sources: Vec<Raw>,
    /// The texts of its here-documents.
    pub documents: Vec<Raw>,
}

/// Takes a line apart; `None` where Docker refuses it.
pub(super) fn read(line: Line, escape: char) -> Option<Instruction> {
    let Line { at, keyword, rest, documents } = line;
    if rest.is_empty() && !matches!(keyword.as_str(), "CMD" | "RUN") {
        return None;
    }
    // Flags are cut off every instruction, and these know none.
    let takes_flags = matches!(keyword.as_str(), "FROM" | "RUN" | "COPY" | "ADD" | "HEALTHCHECK" | "ONBUILD");
    if !takes_flags && !flags(&rest, escape).0.is_empty() {
        return None;
    }
    let what = match keyword.as_str() {
        "FROM" => from(&rest, escape)?,
        "ARG" => What::Arg(arguments(&rest, escape)),
        "ENV" => What::Env(pairs(&rest, escape)?),
        "LABEL" => What::Label(pairs(&rest, escape)?),
        "USER" => What::User(rest),
        "HEALTHCHECK" => healthcheck(&rest, escape)?,
        "COPY" | "ADD" => What::Copy(copy(&rest, escape, documents)?),
        "RUN" => What::Run(run(&rest, escape, documents)),
        "ENTRYPOINT" => What::Entrypoint(command(&rest)),
        "CMD" => What::Cmd(command(&rest)),
        "ONBUILD" => onbuild(at, &rest, documents, escape)?,
        "SHELL" | "VOLUME" | "WORKDIR" | "EXPOSE" | "STOPSIGNAL" | "MAINTAINER" => What::Other,
        _ => return None,
    };
    Some(Instruction { line: at, what })
}

fn onbuild(at: NonZeroU32, rest: &str, documents: Vec<Raw>, escape: char) -> Option<What> {
    let inner = Line { documents, ..split(at, rest) };
    // Docker refuses these three.
    if matches!(inner.keyword.as_str(), "ONBUILD" | "FROM" | "MAINTAINER") {
        return None;
    }
    Some(What::Onbuild(Box::new(read(inner, escape)?)))
}

fn raw(text: &str) -> Raw {
    Zeroizing::new(text.to_owned())
}

fn from(rest: &str, escape: char) -> Option<What> {
    let (_, rest) = flags(rest, escape);
    let mut words = rest.split_whitespace();
    let base = raw(words.next()?);
    let name = match (words.next(), words.next(), words.next()) {
        (None, ..) => None,
        (Some(word), Some(name), None) if word.eq_ignore_ascii_case("as") => Some(name.to_ascii_lowercase()),
        _ => return None,
    };
    Some(What::From { base, name })
}

fn healthcheck(rest: &str, escape: char) -> Option<What> {
    let (_, rest) = flags(rest, escape);
    let (kind, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    match kind.to_ascii_uppercase().as_str() {
        "NONE" if rest.trim().is_empty() => Some(What::Healthcheck(None)),
        "CMD" if !rest.trim().is_empty() => Some(What::Healthcheck(Some(command(rest.trim())))),
        _ => None,
    }
}

fn copy(rest: &str, escape: char, documents: Vec<Raw>) -> Option<Copy> {
    let (flags, rest) = flags(rest, escape);
    let flag = |name: &str| flags.iter().rfind(|(known, _)| *known == name).map(|(_, value)| raw(value));
    let excludes = flags.iter().filter(|(name, _)| *name == "exclude").map(|(_, value)| raw(value)).collect();
    let mut places: Vec<Raw> = match json(rest) {
        Some(places) => places.into_iter().map(Zeroizing::new).collect(),
        // Quotes keep nothing together here.
        None => rest.split_whitespace().map(raw).collect(),
    };
    // Where to.
    places.pop()?;
    if places.is_empty() {
        return None;
    }
    if !documents.is_empty() {
        places.retain(|place| !place.starts_with("<<"));
    }
    Some(Copy { from: flag("from"), excludes, sources: places, documents })
}

fn run(rest: &str, escape: char, documents: Vec<Raw>) -> Run {
    let (flags, rest) = flags(rest, escape);
    let mounts = flags
        .iter()
        .filter(|(name, _)| *name == "mount")
        .flat_map(|(_, value)| value.trim_matches(['"', '\'']).split(',').filter_map(|option| option.split_once('=')));
    let from = mounts.filter(|(name, _)| name.trim().eq_ignore_ascii_case("from")).map(|(_, value)| raw(value));
    Run { command: command(rest), documents, mounts: from.collect() }
}

fn command(rest: &str) -> Command {
    match json(rest) {
        Some(words) => Command::Exec(words.into_iter().map(Zeroizing::new).collect()),
        None => Command::Shell(raw(rest)),
    }
}

/// The flags in front, without their dashes, and the rest.
fn flags(rest: &str, escape: char) -> (Vec<(&str, &str)>, &str) {
    let mut found = Vec::new();
    let mut rest = rest.trim_start();
    while rest.starts_with("--") {
        let Some(word) = words(rest, escape).first().copied() else { break };
        rest = rest.get(word.len()..).unwrap_or_default().trim_start();
        let flag = word.trim_start_matches('-');
        if flag.is_empty() {
            break;
        }
        found.push(flag.split_once('=').unwrap_or((flag, "")));
    }
    (found, rest)
}

/// `NAME`, `NAME=value`, several of them.
fn arguments(rest: &str, escape: char) -> Vec<Pair> {
    let pair = |word: &str| match word.split_once('=') {
        Some((name, value)) => Pair { name: name.to_owned(), value: Some(raw(value)) },
        None => Pair { name: word.to_owned(), value: None },
    };
    words(rest, escape).into_iter().map(pair).collect()
}

/// `NAME=value` several times, or the old form, `NAME the whole rest`.
fn pairs(rest: &str, escape: char) -> Option<Vec<Pair>> {
    let words = words(rest, escape);
    if !words.first()?.contains('=') {
        let (name, value) = rest.split_once(char::is_whitespace)?;
        return Some(vec![Pair { name: name.to_owned(), value: Some(raw(value.trim_start())) }]);
    }
    let pair = |word: &str| {
        let (name, value) = word.split_once('=')?;
        Some(Pair { name: name.to_owned(), value: Some(raw(value)) })
    };
    words.into_iter().map(pair).collect()
}
