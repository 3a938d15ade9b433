//! Which literal secrets a compose file holds: one answer for the gate, for what a service could see, and for reports.

use serde_json::Value;
use zeroize::{Zeroize as _, Zeroizing};

use super::command::{self, Given};
use crate::config::Config;
use crate::docker::compose::{Entry, Node, Place, Scalar, Service, Stack};
use crate::env::{self, Resolved};
use crate::secret::Secret;
use crate::secret::class::{self, Class};
use crate::secret::placeholder::{self, Placeholder};
use crate::secret::strength::{self, Strength};

/// One literal secret.
#[derive(Debug)]
pub struct Held<'a> {
    /// Where it stands.
    pub place: Place,
    /// The setting's name, where it has one.
    pub key: Option<&'a str>,
    /// Which part of the file holds it.
    pub part: &'static str,
    /// What it is.
    pub class: Class,
    /// Whether it replaces a variable.
    pub is_default: bool,
    /// The secret itself: of a URL the password.
    pub value: Secret,
}

/// What a name and a text are found to be.
struct Literal {
    class: Class,
    value: Secret,
}

impl Literal {
    fn at<'a>(self, place: Place, key: Option<&'a str>, part: &'static str) -> Held<'a> {
        Held { place, key, part, class: self.class, is_default: false, value: self.value }
    }
}

/// Parts of a service that are names and values.
const PAIRS: [(&[&str], &str); 7] = [
    (&["environment"], "environment"),
    (&["labels"], "labels"),
    (&["annotations"], "annotations"),
    (&["deploy", "labels"], "deploy.labels"),
    (&["build", "args"], "build.args"),
    (&["build", "labels"], "build.labels"),
    (&["logging", "options"], "logging.options"),
];

/// Parts of a service that are a command.
const COMMANDS: [(&[&str], &str); 3] =
    [(&["command"], "command"), (&["entrypoint"], "entrypoint"), (&["healthcheck", "test"], "healthcheck.test")];

/// Lists of commands that run beside the service's own.
const HOOKS: [(&str, &str); 2] = [("post_start", "post_start"), ("pre_stop", "pre_stop")];

/// What a service holds.
#[must_use]
pub fn of_service<'a>(service: &Service<'a>, config: &Config) -> Vec<Held<'a>> {
    let judge = Judge { config };
    let mut found = Vec::new();
    for (path, part) in PAIRS {
        let entries = service.at(path).map(Node::entries).unwrap_or_default();
        found.extend(entries.iter().filter_map(|entry| judge.pair(entry, part)));
    }
    for (path, part) in COMMANDS {
        found.extend(service.at(path).map(|node| judge.words(node, part)).unwrap_or_default());
    }
    for (key, part) in HOOKS {
        for hook in service.at(&[key]).map(Node::items).unwrap_or_default() {
            found.extend(hook.get("command").map(|node| judge.words(node, part)).unwrap_or_default());
            let entries = hook.get("environment").map(Node::entries).unwrap_or_default();
            found.extend(entries.iter().filter_map(|entry| judge.pair(entry, part)));
        }
    }
    judge.extensions(service.node, &mut found);
    found
}

/// What a file holds beside its services: options of volumes and networks, the contents of configs, extensions.
#[must_use]
pub fn of_rest<'a>(stack: &'a Stack, config: &Config) -> Vec<Held<'a>> {
    let judge = Judge { config };
    let all = |key| stack.root().get(key).map(Node::entries).unwrap_or_default().iter();
    let options = all("volumes").chain(all("networks")).filter_map(|entry| entry.node.get("driver_opts"));
    let mut found: Vec<Held<'_>> = options.flat_map(Node::entries).filter_map(|entry| judge.option(entry)).collect();
    let contents = all("configs").filter_map(|entry| entry.node.get("content"));
    found.extend(contents.filter_map(|content| judge.content(content)));
    judge.extensions(stack.root(), &mut found);
    found
}

/// What one config holds.
#[must_use]
pub fn of_config<'a>(content: &'a Node, config: &Config) -> Option<Held<'a>> {
    Judge { config }.content(content)
}

/// What a text is found to be under this name, or what is in it, wherever it is written.
#[must_use]
pub fn of_text(name: &str, text: &str, config: &Config) -> Option<(Class, Secret)> {
    Judge { config }.value(name, text).map(|literal| (literal.class, literal.value))
}

/// The secrets in the words of a command, each with the place of its text and the name that it is given.
#[must_use]
pub fn of_words<'t>(texts: &[&'t str], config: &Config) -> Vec<(usize, &'t str, Class, Secret)> {
    let judge = Judge { config };
    let words: Vec<(usize, &str)> =
        texts.iter().enumerate().flat_map(|(at, text)| split(text).map(move |word| (at, word))).collect();
    let plain: Vec<&str> = words.iter().map(|(_, word)| *word).collect();
    let found = command::given(&plain).into_iter().filter_map(|one| {
        let Literal { class, value } = judge.of_command(&one)?;
        words.get(one.at).map(|(at, _)| (*at, one.name, class, value))
    });
    found.collect()
}

struct Judge<'c> {
    config: &'c Config,
}

/// Stands for what a variable would give, which no file says.
const OPEN: char = '\u{fffd}';
const OPEN_BYTES: &[u8] = "\u{fffd}".as_bytes();

impl Judge<'_> {
    fn pair<'a>(&self, entry: &'a Entry, part: &'static str) -> Option<Held<'a>> {
        let (key, scalar) = (entry.key.as_str(), entry.node.scalar()?);
        let literal = texts(scalar).iter().find_map(|text| self.value(key, text).or_else(|| self.inside(text)))?;
        let written = scalar.written().trim();
        let is_default = scalar.written.is_some() && written.starts_with("${") && written.ends_with('}');
        Some(Held { is_default, ..literal.at(entry.place, Some(key), part) })
    }

    /// What a value has inside: options of a program (`JAVA_OPTS: -Ddb.password=x`), JSON, or lines of settings.
    fn inside(&self, text: &str) -> Option<Literal> {
        let text = text.trim();
        match text.chars().next()? {
            '-' => self.command(text),
            '{' => self.json(text),
            _ => {
                // A single line is a setting with blanks around the `=`; without them it may be any text.
                let is_list = text.contains('\n');
                let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
                lines.filter(|line| line.contains(if is_list { "=" } else { " = " })).find_map(|line| self.line(line))
            }
        }
    }

    /// The first secret that the words of a command give.
    fn command(&self, text: &str) -> Option<Literal> {
        let words: Vec<&str> = split(text).collect();
        command::given(&words).iter().find_map(|one| self.of_command(one))
    }

    fn json(&self, text: &str) -> Option<Literal> {
        let mut value: Value = serde_json::from_str(text).ok()?;
        let found = self.member("", &value);
        wipe(&mut value);
        found
    }

    fn member(&self, name: &str, value: &Value) -> Option<Literal> {
        match value {
            Value::String(text) => self.value(name, text),
            Value::Array(items) => items.iter().find_map(|item| self.member(name, item)),
            Value::Object(map) => map.iter().find_map(|(name, item)| self.member(name, item)),
            Value::Null | Value::Bool(_) | Value::Number(_) => None,
        }
    }

    /// An option of a driver, which may be a list: `username=app,password=x`.
    fn option<'a>(&self, entry: &'a Entry) -> Option<Held<'a>> {
        let part = "driver_opts";
        self.pair(entry, part).or_else(|| {
            let texts = texts(entry.node.scalar()?);
            let literal = texts.iter().flat_map(|text| text.split(',')).find_map(|item| self.line(item))?;
            Some(literal.at(entry.node.place, None, part))
        })
    }

    /// What `x-` keys of a map hold, whether anything uses it or not: it is in the file all the same.
    fn extensions<'a>(&self, map: &'a Node, found: &mut Vec<Held<'a>>) {
        let extensions = map.entries().iter().filter(|entry| entry.key.as_str().starts_with("x-"));
        extensions.for_each(|entry| self.extension(entry, found));
    }

    fn extension<'a>(&self, entry: &'a Entry, found: &mut Vec<Held<'a>>) {
        const PART: &str = "an x- field";
        found.extend(self.pair(entry, PART));
        entry.node.entries().iter().for_each(|inner| self.extension(inner, found));
        for item in entry.node.items() {
            found.extend(self.item(item, PART));
            item.entries().iter().for_each(|inner| self.extension(inner, found));
        }
    }

    /// An item of a list that may be one of settings: `- NAME=value`.
    fn item<'a>(&self, item: &'a Node, part: &'static str) -> Option<Held<'a>> {
        let scalar = item.scalar()?;
        let literal = texts(scalar).iter().find_map(|text| self.line(text))?;
        let key = scalar.value.as_str().split_once('=').map(|(name, _)| name);
        Some(literal.at(item.place, key, part))
    }

    /// A file's text: one `key=value` or URL after the other.
    fn content<'a>(&self, content: &'a Node) -> Option<Held<'a>> {
        let texts = texts(content.scalar()?);
        let of_line = |line: &str| self.line(line).or_else(|| self.command(line));
        let literal = texts.iter().find_map(|text| self.json(text).or_else(|| text.lines().find_map(of_line)))?;
        Some(literal.at(content.place, None, "configs.content"))
    }

    /// The words of a command: of a text, or of a list, whose items may be texts for a shell.
    fn words<'a>(&self, node: &'a Node, part: &'static str) -> Vec<Held<'a>> {
        let items: Vec<&Node> = match node.scalar() {
            Some(_) => vec![node],
            None => node.items().iter().map(AsRef::as_ref).collect(),
        };
        let mut hits: Vec<(usize, Held<'a>)> = Vec::new();
        for world in 0..2 {
            let texts: Vec<_> = items.iter().map(|item| item.scalar().map(texts).unwrap_or_default()).collect();
            let texts = texts.iter().map(|texts| texts.get(world).or(texts.first()).map_or("", |text| text.as_str()));
            let words: Vec<(usize, &str)> =
                texts.enumerate().flat_map(|(item, text)| split(text).map(move |word| (item, word))).collect();
            let plain: Vec<&str> = words.iter().map(|(_, word)| *word).collect();
            for one in command::given(&plain) {
                let Some(literal) = self.of_command(&one) else { continue };
                let Some(item) = words.get(one.at).map(|(item, _)| *item) else { continue };
                let Some(place) = items.get(item).map(|node| node.place) else { continue };
                if hits.iter().all(|(known, _)| *known != item) {
                    hits.push((item, literal.at(place, None, part)));
                }
            }
        }
        hits.into_iter().map(|(_, held)| held).collect()
    }

    fn of_command(&self, one: &Given<'_>) -> Option<Literal> {
        let literal = self.value(one.name, one.value)?;
        (one.is_sure || strength::of(one.value.as_bytes()) > Strength::Weak).then_some(literal)
    }

    fn line(&self, line: &str) -> Option<Literal> {
        let (name, value, _) = command::of_word(line)?;
        self.value(name, value)
    }

    /// The secret that a text is under this name, or that is in it.
    fn value(&self, name: &str, text: &str) -> Option<Literal> {
        let name = name.replace('-', "_");
        let text = text.trim();
        if text.is_empty() || text.starts_with(['$', '<']) || text.starts_with("{{") || is_nothing(&name, text) {
            return None;
        }
        let class = self.config.class_of(&name, text.as_bytes()).filter(|class| *class != Class::Hash)?;
        let value = match class::url_password(text.as_bytes()).map(Zeroizing::new) {
            Some(password) if password.is_empty() || password.starts_with(b"$") => None,
            Some(password) => whole(&password),
            None if text.contains("${") => None,
            None => whole(text.as_bytes()),
        };
        value.map(|value| Literal { class, value })
    }
}

/// Zeroes the texts of a JSON value.
fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(map) => map.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A text that is a literal: no variable is in it, or what stands around one is a secret by itself.
fn whole(text: &[u8]) -> Option<Secret> {
    let shown = Zeroizing::new(String::from_utf8_lossy(text).into_owned());
    if !shown.contains(OPEN) {
        return Some(Secret::copy_of(text));
    }
    let piece = shown.split(OPEN).find(|piece| class::value::looks_generated(piece.as_bytes()));
    piece.map(|piece| Secret::copy_of(piece.as_bytes()))
}

/// What says that there is none: `null`, `false`; the paths of files that hold one; and the ids of public keys.
fn is_nothing(name: &str, text: &str) -> bool {
    let nothing = placeholder::of_key(name, text.as_bytes()) == Some(Placeholder::Nothing);
    let is_off =
        ["invalid", "unused", "disabled", "unset", "not-set"].iter().any(|word| text.eq_ignore_ascii_case(word));
    nothing || is_off || text.starts_with("/run/secrets/") || class::is_fingerprint(name, text.as_bytes())
}

/// What each variable gives.
type World<'a> = &'a dyn Fn(&[u8]) -> Option<&'static [u8]>;

/// What a scalar may come to, whatever its variables are: where none is defined, and where all are (`${ON:+x}`). What a
/// variable gives is [`OPEN`].
#[expect(clippy::disallowed_methods, reason = "the judges take text, and the buffers are zeroed")]
fn texts(scalar: &Scalar) -> Vec<Zeroizing<String>> {
    let written = scalar.written();
    if !written.contains('$') {
        return vec![Zeroizing::new(written.to_owned())];
    }
    let mut open: Vec<Vec<u8>> = Vec::new();
    let mut watch = |name: &[u8], resolved: Resolved| {
        if resolved.is_open() {
            open.push(name.to_vec());
        }
    };
    if env::interpolate(written, &|_| None, LONGEST, &mut watch).is_none() {
        return Vec::new();
    }
    let none = |name: &[u8]| open.iter().any(|known| known == name).then_some(OPEN_BYTES);
    let all = |_: &[u8]| Some(OPEN_BYTES);
    let worlds: [World<'_>; 2] = [&none, &all];
    let values = worlds.iter().filter_map(|lookup| env::interpolate(written, *lookup, LONGEST, &mut |_, _| {}));
    values
        .filter_map(|value| std::str::from_utf8(value.expose()).ok().map(|text| Zeroizing::new(text.to_owned())))
        .collect()
}

/// No text of a compose file is interpolated to more.
const LONGEST: usize = 1 << 20;

/// The words of a text, at blanks and quotes; what a shell would separate commands by is a word.
fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '\t', '\n', '"', '\''])
        .flat_map(|word| match word.strip_suffix(';') {
            Some(word) => [word, ";"],
            None => [word, ""],
        })
        .filter(|word| !word.is_empty())
}
