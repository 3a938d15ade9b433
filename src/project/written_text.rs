//! The literal secrets of one compose file or Dockerfile, read by itself: as git keeps it, without the files beside it.

use std::num::NonZeroU32;

use super::build::Build;
use super::compose_files::{self, is_compose_file};
use super::dockerfile_secrets::{self, How};
use super::literal_secrets;
use crate::config::Config;
use crate::docker::compose::Stack;
use crate::docker::dockerfile::is_dockerfile;
use crate::env::Key;
use crate::environment::Environment;
use crate::path::RelPath;
use crate::secret::class::Class;
use crate::secret::strength::{self, Strength};
use crate::secret::{Secret, placeholder};

/// What kind of file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKind {
    /// A compose file.
    Compose,
    /// A Dockerfile.
    Dockerfile,
}

/// One literal secret that looks real.
#[derive(Debug)]
pub struct WrittenSecret {
    /// Its line.
    pub line: NonZeroU32,
    /// Its key, where it has one that may be printed.
    pub key: Option<Key>,
    /// Its class.
    pub class: Class,
    /// The part of the compose file, or the instruction of the Dockerfile, that contains it.
    pub part: &'static str,
    /// How hard it is to guess: never weak.
    pub strength: Strength,
    /// The secret itself: of a URL the password.
    pub value: Secret,
}

/// One file.
#[derive(Debug)]
pub struct WrittenText {
    /// What kind of file it is.
    pub kind: TextKind,
    /// What it is for.
    pub environment: Environment,
    /// Its secrets that look real, in order.
    pub secrets: Vec<WrittenSecret>,
}

impl WrittenText {
    /// The kind of a file of this name (no directory); `None` for all other files.
    #[must_use]
    pub fn kind(name: &[u8]) -> Option<TextKind> {
        if is_compose_file(name) {
            return Some(TextKind::Compose);
        }
        is_dockerfile(name).then_some(TextKind::Dockerfile)
    }

    /// Reads one. A file that Docker would refuse as it stands has no secrets here: only what is parsed can be judged.
    #[expect(clippy::disallowed_methods, reason = "the parsers take bytes")]
    #[must_use]
    pub fn read(path: &RelPath, kind: TextKind, text: &Secret, config: &Config) -> Self {
        let (environment, mut secrets) = match kind {
            TextKind::Compose => of_compose(path, text.expose(), config),
            TextKind::Dockerfile => of_dockerfile(path, text.expose(), config),
        };
        // An anchor gives one text to many services.
        secrets.sort_by_key(|secret| secret.line);
        secrets.dedup_by(|one, before| {
            (one.line, &one.key) == (before.line, &before.key) && one.value.ct_eq(&before.value)
        });
        Self { kind, environment, secrets }
    }
}

fn of_compose(path: &RelPath, bytes: &[u8], config: &Config) -> (Environment, Vec<WrittenSecret>) {
    let environment = compose_files::environment_of(std::slice::from_ref(path), config);
    let stacks = Stack::as_written(path, bytes, environment).unwrap_or_default();
    let of_services = stacks.iter().flat_map(Stack::services).flat_map(|one| literal_secrets::of_service(&one, config));
    let held = of_services.chain(stacks.iter().flat_map(|stack| literal_secrets::of_rest(stack, config)));
    let secrets = held.filter_map(|held| {
        let strength = strength_of(held.key.unwrap_or_default(), &held.value)?;
        let key = held.key.and_then(|key| Key::printable(key.as_bytes()));
        let (line, class, part, value) = (held.place.line, held.class, held.part, held.value);
        Some(WrittenSecret { line, key, class, part, strength, value })
    });
    (environment, secrets.collect())
}

fn of_dockerfile(path: &RelPath, bytes: &[u8], config: &Config) -> (Environment, Vec<WrittenSecret>) {
    let build = Build::as_written(path, bytes, config);
    let held = dockerfile_secrets::of_build(&build, config).into_iter().filter(|held| held.how == How::Literal);
    let secrets = held.filter_map(|held| {
        let strength = strength_of(held.key.as_ref().map_or("", Key::as_str), &held.value)?;
        let dockerfile_secrets::Held { line, key, class, by: part, value, .. } = held;
        Some(WrittenSecret { line, key, class, part, strength, value })
    });
    let secrets = secrets.collect();
    (build.environment, secrets)
}

/// The strength of a value that looks real; `None` for placeholders and weak values, with which nobody is let in who
/// could not guess.
#[expect(clippy::disallowed_methods, reason = "the judges take bytes")]
fn strength_of(name: &str, value: &Secret) -> Option<Strength> {
    let is_placeholder = placeholder::of_key(name, value.expose()).is_some();
    Some(strength::of(value.expose())).filter(|strength| *strength > Strength::Weak && !is_placeholder)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUE: &str = "q7Rz2kVx9LmT4wNbYc8H";

    /// The line and the part of each secret in a text.
    fn found(path: &str, text: &str) -> Vec<(u32, &'static str)> {
        let text = Secret::new(text.replace("{}", VALUE).into_bytes());
        let path = RelPath::from(path);
        let kind = WrittenText::kind(path.file_name()).unwrap();
        let read = WrittenText::read(&path, kind, &text, &Config::default());
        read.secrets.iter().map(|secret| (secret.line.get(), secret.part)).collect()
    }

    #[test]
    fn of_a_compose_file_that_needs_other_files() {
        let text = "include: [gone.yaml]\nservices:\n  db:\n    extends: {file: gone.yaml, service: x}\n    environment:\n      - DB_PASSWORD={}\n";
        assert_eq!(found("compose.yaml", text), [(6, "environment")]);
    }

    #[test]
    fn an_anchor_counts_once() {
        let text = "x-a: &a\n  DB_PASSWORD: {}\nservices:\n  a: {environment: *a}\n  b: {environment: *a}\n";
        assert_eq!(found("compose.yaml", text), [(2, "environment")]);
    }

    #[test]
    fn each_document_of_a_file_counts() {
        let text =
            "services: {a: {environment: {A_PASSWORD: {}}}}\n---\nservices: {a: {environment: {B_PASSWORD: {}}}}\n";
        assert_eq!(found("compose.yaml", text), [(1, "environment"), (3, "environment")]);
    }

    #[test]
    fn what_stands_for_a_value_is_none() {
        for value in ["${DB_PASSWORD:?}", "changeme", "postgres", "", "null", "/run/secrets/db"] {
            let text = format!("services:\n  a:\n    environment:\n      DB_PASSWORD: {value}\n");
            assert_eq!(found("compose.yaml", &text), [], "{value}");
        }
    }

    #[test]
    fn a_default_value_counts() {
        let text = "services:\n  a:\n    environment:\n      DB_PASSWORD: ${DB_PASSWORD:-{}}\n";
        assert_eq!(found("compose.yaml", text), [(4, "environment")]);
    }

    #[test]
    fn of_a_dockerfile() {
        let text = "FROM scratch\nENV DB_PASSWORD={}\nARG API_TOKEN=changeme\nARG OTHER_TOKEN\n";
        assert_eq!(found("api/Dockerfile", text), [(2, "ENV")]);
    }

    #[test]
    fn what_cannot_be_parsed_has_none() {
        assert_eq!(found("compose.yaml", "services: [\n"), []);
        assert_eq!(found("compose.yaml", "{{ jinja }}: x\n"), []);
        assert_eq!(found("Dockerfile", "\0\n"), []);
    }
}
