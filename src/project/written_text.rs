//! The literal secrets of one compose file or Dockerfile, read by itself: as git keeps it, without the files beside it.

use std::num::NonZeroU32;

use super::build::Build;
use super::compose_files::{self, is_compose_file};
use super::dockerfile_secrets::{self, How};
use super::literal_secrets;
use crate::config::Config;
use crate::docker::compose::{Failure, Stack};
use crate::docker::dockerfile::is_dockerfile;
use crate::env::Key;
use crate::environment::Environment;
use crate::path::RelPath;
use crate::problem::Problem;
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
    /// The kind of a file of this name (no directory), also of an example or a copy; `None` for all other files.
    #[must_use]
    pub fn kind(name: &[u8]) -> Option<TextKind> {
        // Every name of a commit passes here: most leave at once, without a copy.
        let has = |word: &[u8]| name.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
        if has(b".yml") || has(b".yaml") {
            return (has(b"compose") || has(b"stack")).then_some(TextKind::Compose);
        }
        let is_of = |base: &[u8]| has(base) && (is_dockerfile(name) || begins(name, base));
        (is_of(b"dockerfile") || is_of(b"containerfile")).then_some(TextKind::Dockerfile)
    }

    /// Whether a file of this name is what Docker reads, so that one that cannot be parsed is a problem.
    #[must_use]
    pub fn is_in_use(name: &[u8]) -> bool {
        is_compose_file(name) || is_dockerfile(name)
    }

    /// Reads one. What Docker would refuse as it stands has no secrets here, and a problem says so: only what is parsed can
    /// be judged.
    #[expect(clippy::disallowed_methods, reason = "the parsers take bytes")]
    #[must_use]
    pub fn read(path: &RelPath, kind: TextKind, text: &Secret, config: &Config, problems: &mut Vec<Problem>) -> Self {
        let (environment, mut secrets) = match kind {
            TextKind::Compose => of_compose(path, text.expose(), config, problems),
            TextKind::Dockerfile => of_dockerfile(path, text.expose(), config, problems),
        };
        // An anchor gives one text to many services.
        secrets.sort_by_key(|secret| secret.line);
        secrets.dedup_by(|one, before| {
            (one.line, &one.key) == (before.line, &before.key) && one.value.ct_eq(&before.value)
        });
        Self { kind, environment, secrets }
    }
}

/// `Dockerfile-web`, `Dockerfile_old`; not `Dockerfile.dockerignore`.
fn begins(name: &[u8], base: &[u8]) -> bool {
    let rest = name.get(..base.len()).filter(|start| start.eq_ignore_ascii_case(base)).and(name.get(base.len()..));
    rest.is_some_and(|rest| matches!(rest, [b'-' | b'_' | b'.', ..]) && !rest.ends_with(b"ignore"))
}

fn of_compose(
    path: &RelPath,
    bytes: &[u8],
    config: &Config,
    problems: &mut Vec<Problem>,
) -> (Environment, Vec<WrittenSecret>) {
    let environment = compose_files::environment_of(std::slice::from_ref(path), config);
    let stacks = Stack::as_written(path, bytes, environment).unwrap_or_else(|fault| {
        problems.push(compose_files::problem(&Failure { path: path.clone(), fault }));
        Vec::new()
    });
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

fn of_dockerfile(
    path: &RelPath,
    bytes: &[u8],
    config: &Config,
    problems: &mut Vec<Problem>,
) -> (Environment, Vec<WrittenSecret>) {
    let build = Build::as_written(path, bytes, config, problems);
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
        let mut problems = Vec::new();
        let read = WrittenText::read(&path, kind, &text, &Config::default(), &mut problems);
        assert!(problems.is_empty() || read.secrets.is_empty());
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
    fn what_people_write_in_compose_files() {
        for text in [
            "    command: redis-server --requirepass {}==",
            "    command: [app, --password, '{}=']",
            "    command: tunnel run --token {}==",
            "    entrypoint: sh -c 'app --password {}='",
            "    environment: {JAVA_OPTS: '-Xmx1g -Dspring.datasource.password={}'}",
            "    environment: {EXTRA: '--admin-password={}'}",
            "    environment: {GITLAB_OMNIBUS_CONFIG: \"gitlab_rails['smtp_password'] = '{}'\"}",
            "    environment:\n      CONFIG: |\n        url = x\n        password = \"{}\"",
            "    environment: {SPRING_APPLICATION_JSON: '{\"db\": {\"password\":\"{}\"}}'}",
        ] {
            assert_eq!(found("compose.yaml", &format!("services:\n  a:\n{text}\n")).len(), 1, "{text}");
        }
        for text in [
            "    environment: {KEY: '{{ lookup(\"env\", \"{}\") }}'}",
            "    environment: {OPTIONS: '--name=app --level=3'}",
            "    environment: {QUERY: 'SELECT a FROM b WHERE c = d'}",
            "    command: app --digest sha256:{}",
        ] {
            assert_eq!(found("compose.yaml", &format!("services:\n  a:\n{text}\n")), [], "{text}");
        }
    }

    /// Ids of keys, versions of packages, what sed replaces: nobody's secret.
    #[test]
    fn what_builds_write_is_none() {
        let id = "A1B2C3D4".repeat(5);
        for line in [
            "RUN apt-key adv --keyserver keys.example.com --recv-keys ID",
            "RUN gpg --keyserver-options timeout=10 --recv-keys 0xID",
            "ENV GPG_KEYS='ID ID'",
            "ENV YARN_KEY=ID",
            "RUN apt-get install passwd=1:4.13+dfsg1-1+b1",
            "RUN pip install salt==2019.2.3 && apk add libsecret=0.21.1-r0",
            "RUN sed -i 's/spring\\.password=.*/spring.password=Xk29sdkJJd82/g' x",
        ] {
            let text = format!("FROM x\n{}\n", line.replace("ID", &id));
            assert_eq!(found("Dockerfile", &text), [], "{line}");
        }
    }

    #[test]
    fn of_a_dockerfile() {
        let text = "FROM scratch\nENV DB_PASSWORD={}\nARG API_TOKEN=changeme\nARG OTHER_TOKEN\n";
        assert_eq!(found("api/Dockerfile", text), [(2, "ENV")]);
    }

    #[test]
    fn names() {
        for name in [
            "compose.yaml",
            "docker-compose.example.yml",
            "docker-compose.yml.example",
            "compose.yaml.tmpl",
            "docker compose.yml.bak",
            "portainer-stack.yml",
        ] {
            assert_eq!(WrittenText::kind(name.as_bytes()), Some(TextKind::Compose), "{name}");
        }
        for name in
            ["Dockerfile", "api.Dockerfile", "Dockerfile-web", "Dockerfile_old", "dockerfile.bak", "Containerfile"]
        {
            assert_eq!(WrittenText::kind(name.as_bytes()), Some(TextKind::Dockerfile), "{name}");
        }
        for name in
            ["values.yaml", "composer.json", "Dockerfile.dockerignore", "dockerfiles", "notes-on-dockerfile", "x"]
        {
            assert_eq!(WrittenText::kind(name.as_bytes()), None, "{name}");
        }
    }

    #[test]
    fn what_cannot_be_parsed_has_none() {
        assert_eq!(found("compose.yaml", "services: [\n"), []);
        assert_eq!(found("compose.yaml", "{{ jinja }}: x\n"), []);
        assert_eq!(found("Dockerfile", "\0\n"), []);
    }
}
