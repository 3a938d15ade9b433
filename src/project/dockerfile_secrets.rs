//! Which literal secrets a Dockerfile holds: one answer for the gate and for the hook.

use std::num::NonZeroU32;

use super::build::Build;
use super::command::given;
use crate::config::Config;
use crate::docker::dockerfile::{At, By, Command, Raw, Setting, Stage, UNKNOWN, What, commands};
use crate::env::Key;
use crate::secret::class::{self, Class};
use crate::secret::strength::{self, Strength};
use crate::secret::{Secret, placeholder};

/// A secret that a Dockerfile holds.
#[derive(Debug)]
pub struct Held {
    /// Its line.
    pub line: NonZeroU32,
    /// Its key, where it has one that may be printed.
    pub key: Option<Key>,
    /// Its class.
    pub class: Class,
    /// The instruction that contains it.
    pub by: &'static str,
    /// How the instruction gives it.
    pub how: How,
    /// Whether it is weak: a build stage often gets a weak value only because some value is needed.
    pub is_dummy: bool,
    /// The secret itself: of a URL the password. Empty where only the build gives it.
    pub value: Secret,
}

/// How an instruction gives a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It contains the secret.
    Literal,
    /// It contains a placeholder, with which containers run.
    Placeholder,
    /// It is an `ARG` without a default value: the build gives the secret.
    Given,
}

/// The secrets of a Dockerfile as it is built.
#[must_use]
pub fn of_build(build: &Build, config: &Config) -> Vec<Held> {
    let (stages, _) = build.stages();
    let globals: Vec<At<Setting>> = build.file.global_arguments().collect();
    // The text of an ONBUILD is in the image too, and in images that build on it.
    let triggers = stages.iter().filter_map(|stage| stage.triggers.as_deref());
    let all: Vec<&Stage<'_>> = stages.iter().chain(triggers).collect();
    let settings = globals.iter().chain(all.iter().flat_map(|stage| &stage.settings));
    let mut held: Vec<Held> = settings.filter_map(|at| of_setting(at, config)).collect();
    held.extend(declared(build, config));
    held.extend(all.iter().flat_map(|stage| of_commands(stage, config)));
    held
}

#[expect(clippy::disallowed_methods, reason = "the judges take bytes")]
fn of_setting(at: &At<Setting>, config: &Config) -> Option<Held> {
    let Setting { name, value, by } = &at.what;
    let value = value.expose();
    let is_known = std::str::from_utf8(value).is_ok_and(|text| !text.contains(UNKNOWN));
    let Judged { class, how, value: secret } = judged(name, value, config).filter(|_| is_known)?;
    let by = match by {
        By::Env => "ENV",
        By::Arg => "ARG",
        By::Label => "LABEL",
    };
    let is_dummy = is_weak(value);
    Some(Held { line: at.line, key: Key::printable(name.as_bytes()), class, by, how, is_dummy, value: secret })
}

/// What a name and its value are.
struct Judged {
    class: Class,
    how: How,
    value: Secret,
}

/// What a name and its value are; `None` where they are no filled secret.
fn judged(name: &str, value: &[u8], config: &Config) -> Option<Judged> {
    let class = config.class_of(name, value).filter(|class| *class != Class::Hash)?;
    if value.is_empty() || class::is_fingerprint(name, value) || class::is_signers(value) {
        return None;
    }
    let value = class::url_password(value).map_or_else(|| Secret::copy_of(value), Secret::new);
    #[expect(clippy::disallowed_methods, reason = "the judges take bytes")]
    let is_placeholder = placeholder::of_key(name, value.expose()).is_some();
    let how = if is_placeholder { How::Placeholder } else { How::Literal };
    Some(Judged { class, how, value })
}

/// Whether a value, or the password in it, opens nothing that is worth it.
#[expect(clippy::disallowed_methods, reason = "the judge takes bytes")]
fn is_weak(value: &[u8]) -> bool {
    let password = class::url_password(value).map(Secret::new);
    strength::of(password.as_ref().map_or(value, Secret::expose)) == Strength::Weak
}

/// ARG without a default, by name alone.
fn declared(build: &Build, config: &Config) -> Vec<Held> {
    let arguments = build.file.instructions.iter().filter_map(|one| match &one.what {
        What::Arg(pairs) => Some((one.line, pairs)),
        What::Onbuild(inner) => match &inner.what {
            What::Arg(pairs) => Some((one.line, pairs)),
            _ => None,
        },
        _ => None,
    });
    let without = arguments.flat_map(|(line, pairs)| pairs.iter().map(move |pair| (line, pair)));
    let mut held: Vec<Held> = Vec::new();
    for (line, pair) in without.filter(|(_, pair)| pair.value.as_ref().is_none_or(|value| value.is_empty())) {
        // Without a value, only a sure name is a secret.
        let class = config.class_of(&pair.name, b"").filter(|class| !matches!(class, Class::Hash | Class::Other));
        let key = Key::printable(pair.name.as_bytes());
        let is_known = held.iter().any(|one| one.key == key);
        if let Some(class) = class.filter(|_| !is_known && is_sure(&pair.name)) {
            held.push(Held { line, key, class, by: "ARG", how: How::Given, is_dummy: false, value: Secret::default() });
        }
    }
    held
}

/// Whether a name alone makes a secret of a value: one of a doubtful name says nothing.
fn is_sure(name: &str) -> bool {
    // A value without any shape: only a sure name makes a secret of it.
    class::of(name, b"value of no shape").is_some()
}

fn of_commands(stage: &Stage<'_>, config: &Config) -> Vec<Held> {
    let health = stage.healthcheck.as_ref().and_then(|at| Some((at.line, at.what?, "HEALTHCHECK")));
    let entrypoint = stage.entrypoint.as_ref().map(|at| (at.line, at.what, "ENTRYPOINT"));
    let cmd = stage.cmd.as_ref().map(|at| (at.line, at.what, "CMD"));
    let own = [health, entrypoint, cmd].into_iter().flatten().filter(|(line, ..)| *line > stage.line);
    let started = own.filter_map(|(line, command, by)| of_command(line, (command, &[]), by, config));
    let mut held: Vec<Held> = started.collect();
    for at in &stage.runs {
        let run = (&at.what.command, at.what.documents.as_slice());
        held.extend(of_run(at.line, run, "RUN", config).or_else(|| of_command(at.line, run, "RUN", config)));
    }
    for at in &stage.copies {
        let nothing = Command::Exec(Vec::new());
        let texts = (&nothing, at.what.documents.as_slice());
        held.extend(of_run(at.line, texts, "COPY", config).or_else(|| of_command(at.line, texts, "COPY", config)));
    }
    held
}

/// A command, and the texts of its here-documents.
type Text<'a> = (&'a Command, &'a [Raw]);

/// The first secret after an option of a command: the image contains the command as it is written.
fn of_command(line: NonZeroU32, (command, documents): Text<'_>, by: &'static str, config: &Config) -> Option<Held> {
    let commands = commands(command, documents);
    let all = commands.iter().flat_map(|words| given(words)).filter(|one| !one.value.contains(['$', '`']));
    let found = all.filter_map(|one| {
        let name = one.name.replace('-', "_");
        let Judged { class, how, value } = judged(&name, one.value.as_bytes(), config)?;
        let is_of_build = by == "RUN" && (is_version(one.value) || is_edit(one.name));
        if is_of_build || is_public(&name, one.value, (command, documents), config) {
            return None;
        }
        // What only builds, and a file that only it writes, is often given a dummy.
        let is_started = !matches!(by, "RUN" | "COPY");
        let is_one = is_started && one.is_sure || strength::of(one.value.as_bytes()) > Strength::Weak;
        is_one.then_some(Held { line, key: None, class, by, how, is_dummy: false, value })
    });
    found.min_by_key(|held| !matches!(held.how, How::Literal))
}

/// What compares a download with its digest, or asks a server for the key of a signature.
const DIGEST_TOOLS: [&str; 9] =
    ["sha256sum", "sha512sum", "sha1sum", "md5sum", "shasum", "gpg ", "apt-key", "openssl dgst", "Get-FileHash"];

/// A digest in hexadecimal digits, or the id of a signature's key.
fn is_digest(value: &str) -> bool {
    let value = value.strip_prefix("0x").unwrap_or(value);
    matches!(value.len(), 16 | 32 | 40 | 56 | 64 | 96 | 128) && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a value is such a digest, in a command with such a program; a name may still say that it is a secret.
fn is_public(name: &str, value: &str, text: Text<'_>, config: &Config) -> bool {
    is_digest(value)
        && texts(text).any(|text| DIGEST_TOOLS.iter().any(|tool| text.contains(tool)))
        && config.class_of(name, b"changed").is_none()
}

/// What a shell reads.
fn texts<'a>((command, documents): Text<'a>) -> impl Iterator<Item = &'a str> {
    let shell = match command {
        Command::Shell(text) => Some(text.as_str()),
        Command::Exec(_) => None,
    };
    documents.iter().map(|text| text.as_str()).chain(shell)
}

/// The version of a package: `apt-get install passwd=1:4.13+dfsg1-1`, `pip install salt==2019.2.3`.
fn is_version(value: &str) -> bool {
    let parts: Vec<&str> = value.trim_start_matches('=').split(['.', ':']).collect();
    let is_number = |part: &&str| part.starts_with(|first: char| first.is_ascii_digit());
    parts.len() > 1 && parts.iter().take(2).all(is_number)
}

/// A replacement of sed's: what it names is in the text that it changes.
fn is_edit(word: &str) -> bool {
    ["s/", "s|", "s#"].iter().any(|start| word.starts_with(start))
}

/// The first secret of a RUN. A weak value does not count here: a build often uses a dummy.
fn of_run(line: NonZeroU32, (command, documents): Text<'_>, by: &'static str, config: &Config) -> Option<Held> {
    // Assignments are before a command, and `commands` leaves them out.
    let words = texts((command, documents))
        .flat_map(str::split_whitespace)
        .map(|word| word.trim_matches(['"', '\'', ';', '(', ')', '\\']));
    let all = words.chain(commands(command, documents).into_iter().flatten());
    for word in all.filter(|word| !word.contains(['$', '`']) && !is_edit(word)) {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) if !name.contains(['/', ':']) => (name.trim_start_matches('-'), value),
            _ => ("", word),
        };
        let value = value.trim_matches(['"', '\'']);
        let Some(Judged { class, how: How::Literal, value: secret }) = judged(name, value.as_bytes(), config) else {
            continue;
        };
        if !is_weak(value.as_bytes()) && !is_version(value) && !is_public(name, value, (command, documents), config) {
            return Some(Held {
                line,
                key: Key::printable(name.as_bytes()),
                class,
                by,
                how: How::Literal,
                is_dummy: false,
                value: secret,
            });
        }
    }
    None
}
