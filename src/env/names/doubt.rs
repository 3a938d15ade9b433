//! Names that do not say enough: the content decides.

use super::{ENGINE, ENVIRONMENT, OTHER, Role, TEMPLATE, classify, is_in, may_be, without_word, words};

/// What a path may be whose name does not say enough, so that its content decides: `env.production`, `prod_env`, `.env2`,
/// `env.list`, `.env,`, what lies in a directory for env files (`.env/production`, `.envs/.production/.django`), and the
/// env files of tools that call them otherwise (`.kamal/secrets`, `.secrets`).
#[must_use]
pub fn doubt(path: &[u8]) -> Option<Role> {
    if is_of_tool(path) {
        return Some(Role::Env);
    }
    if !may_be(path) {
        return None;
    }
    let lower = path.to_ascii_lowercase();
    let mut parts = lower.rsplit(|byte| *byte == b'/');
    let name = parts.next()?;
    if classify(name).is_some() || is_other(name) {
        return None;
    }
    let is_env_dir = |dir: &[u8]| has_env_word(dir) || matches!(classify(dir), Some((Role::Env, _)));
    let is_rendered = without_word(name, ENGINE, b".").is_some();
    let is_template = is_rendered || words(name).any(|word| is_in(TEMPLATE, word));
    (has_env_word(name) || parts.take(DEEPEST).any(is_env_dir)).then_some(if is_template {
        Role::Template
    } else {
        Role::Env
    })
}

/// Whether it is an env file of Kamal (`.kamal/secrets`, `.kamal/secrets.staging`, `.kamal/secrets-common`), or of act
/// (`.secrets`). Of the directory too, because a history is asked for names.
fn is_of_tool(path: &[u8]) -> bool {
    let (dir, name) = match memchr::memrchr(b'/', path) {
        Some(at) => (path.get(..at).unwrap_or_default(), path.get(at + 1..).unwrap_or_default()),
        None => (&[][..], path),
    };
    let is_kamal = || dir.ends_with(b".kamal") && (dir == b".kamal" || dir.ends_with(b"/.kamal"));
    match name {
        b".kamal" | b".secrets" => true,
        _ => name.starts_with(b"secrets") && is_kamal(),
    }
}

/// A directory for env files has no more levels than these. A virtual environment, which may be called `env`, has its
/// thousands of files further down.
const DEEPEST: usize = 3;

/// Whether the last extension is of code or a document.
fn is_other(name: &[u8]) -> bool {
    let mut parts = name.rsplit(|byte| *byte == b'.');
    parts.next().is_some_and(|last| is_in(OTHER, last)) && parts.next().is_some()
}

/// Whether `env` is in it for itself, or with a number or an environment: `env2`, `envprod`, `prodenv`.
fn has_env_word(name: &[u8]) -> bool {
    const WORDS: &[&str] = &["dotenv", "env", "environment", "environments", "envs"];
    let says_which = |rest: &[u8]| is_in(ENVIRONMENT, rest) || rest.iter().all(u8::is_ascii_digit);
    words(name).any(|word| {
        is_in(WORDS, word)
            || word.strip_prefix(b"env").is_some_and(says_which)
            || word.strip_suffix(b"env").is_some_and(says_which)
    })
}
