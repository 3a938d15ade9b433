//! Which file is an env file: one table, one function.

mod doubt;

use std::ops::Range;

pub use doubt::doubt;

/// What a file's name says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// An env file in use: `.env`, `.env.production`, `backend.env`, `.envrc`, `.dev.vars`, `.flaskenv`.
    Env,
    /// A forgotten copy of one, as dangerous as the file: `.env.bak`, `.env~`, `.env.swp`, `.env (copy)`.
    Copy,
    /// A copy in an archive, which is not opened: `.env.zip`.
    Archive,
    /// Meant to be committed, judged by content: `.env.example`.
    Template,
    /// Ciphertext by name: `.env.vault`. (dotenvx, sops and git-crypt files are recognised by content.)
    Encrypted,
    /// dotenvx's private keys, `.env.keys`: the worst of all to commit.
    Keys,
}

impl Role {
    /// Whether a file of this role may hold values in use.
    #[must_use]
    pub fn is_in_use(self) -> bool {
        matches!(self, Self::Env | Self::Keys)
    }
}

/// Names that are env files whatever follows behind a `.`, `-` or `_`.
const BASES: &[&str] = &[".env", ".envrc", ".dev.vars", ".flaskenv"];

/// Parts that make a template: `.env.example`, `.env.production.example`, `example.env`.
const TEMPLATE: &[&str] = &[
    "example", "examples", "sample", "template", "tmpl", "tpl", "dist", "default", "defaults", "schema", "skel",
    "skeleton", "stub",
];

/// Extensions of template engines: a file behind one is filled in by a program and is no env file itself, `.env.j2`.
const ENGINE: &[&str] = &[
    "ctmpl", "ejs", "epp", "erb", "gotmpl", "gotpl", "hbs", "j2", "jinja", "jinja2", "mako", "mustache", "njk", "tera",
    "tftpl", "twig",
];

/// Those of [`TEMPLATE`] that make one also as the last or the first word of a longer part: `.env.single-bucket-example`,
/// `prod_sample.env`, `.env.example-mysql`. The others are words of what is in use, too: `db-schema.env`.
const PLAINLY: &[&str] = &["example", "examples", "sample", "template", "tmpl", "tpl"];

/// A word behind an ordinary `name.env`: `backend.env.production` is an env file, `vite.env.config` is not.
const ENVIRONMENT: &[&str] = &[
    "ci",
    "dev",
    "development",
    "live",
    "local",
    "preview",
    "prod",
    "production",
    "qa",
    "stage",
    "staging",
    "test",
    "testing",
    "uat",
];

/// Extensions of code and documents, and `.env.me` (the vault's account file): not env files.
const OTHER: &[&str] = &[
    "bat", "c", "cjs", "cmd", "cpp", "cs", "css", "cts", "ex", "exs", "fish", "go", "h", "hcl", "html", "ini", "java",
    "js", "json", "json5", "jsonc", "jsx", "kt", "diff", "lock", "lua", "md", "mdx", "me", "mjs", "mts", "nix",
    "patch", "php", "pl", "ps1", "py", "pyc", "rb", "rs", "rst", "scala", "scss", "svelte", "swift", "toml", "ts",
    "tsx", "vue", "xml", "yaml", "yml",
];

/// What an editor, a packager or a hurried hand puts behind a name (and behind `.`, `-` or `_`).
const COPY: &[&str] = &[
    "back",
    "backup",
    "bak",
    "bck",
    "bk",
    "bkp",
    "copy",
    "dpkg-dist",
    "dpkg-new",
    "dpkg-old",
    "new",
    "old",
    "orig",
    "original",
    "pending",
    "prev",
    "previous",
    "rej",
    "rpmnew",
    "rpmsave",
    "save",
    "saved",
    "swn",
    "swo",
    "swp",
    "temp",
    "tmp",
    "un",
];

/// What a file manager puts before the name of a copy: `Copy of .env`.
const COPY_OF: &[&str] = &["copy of ", "copia de ", "copie de ", "cópia de ", "kopie van ", "kopie von ", "kopia av "];

/// Packed copies.
const ARCHIVE: &[&str] =
    &["7z", "br", "bz2", "gz", "lz4", "lzma", "rar", "tar", "tbz2", "tgz", "txz", "xz", "z", "zip", "zst"];

/// Ciphertext by name.
const CIPHER: &[&str] = &["aes", "age", "asc", "enc", "encrypted", "gpg", "pgp", "vault"];

/// What `name` (a file name, no directory) is, in any case of letters; `None` for every other file.
#[must_use]
pub fn role(name: &[u8]) -> Option<Role> {
    // Every name of a repository passes here: most leave at once, without a copy.
    if !may_be(name) {
        return None;
    }
    classify(&name.to_ascii_lowercase()).map(|(role, _)| role)
}

fn words(name: &[u8]) -> impl Iterator<Item = &[u8]> {
    name.split(|byte| !byte.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}

/// The env file that a template stands for: `.env.production` for `.env.production.example`, `.env` for `example.env` and
/// `env.sample`; `None` where the name does not say.
#[must_use]
pub fn env_file_of(template: &[u8]) -> Option<Vec<u8>> {
    let lower = template.to_ascii_lowercase();
    let mut kept: Vec<&[u8]> = Vec::new();
    let mut at = 0;
    for part in lower.split(|byte| *byte == b'.') {
        let place = at..at + part.len();
        at = place.end + 1;
        if is_in(TEMPLATE, part) || !kept.is_empty() && is_in(ENGINE, part) {
            continue;
        }
        let end = without_word(part, TEMPLATE, b"-_").unwrap_or(part.len());
        kept.push(template.get(place.start..place.start + end)?);
    }
    let name = kept.join(&b'.');
    let name = if kept.len() == 1 { [b".", name.as_slice()].concat() } else { name };
    (role(&name) == Some(Role::Env)).then_some(name)
}

/// The environment that the name says (`.env.test.example` is `test`): the part that is no known suffix.
#[must_use]
pub fn environment_word(name: &[u8]) -> Option<&str> {
    if !may_be(name) {
        return None;
    }
    let (_, word) = classify(&name.to_ascii_lowercase())?;
    std::str::from_utf8(name.get(word?)?).ok()
}

/// Whether `env` or `dev.vars` is in it: both have a `v` with two known letters before it.
fn may_be(name: &[u8]) -> bool {
    memchr::memchr2_iter(b'v', b'V', name).any(|at| {
        let ends = |word: &[u8]| {
            let start = (at + 1).checked_sub(word.len());
            start.and_then(|start| name.get(start..=at)).is_some_and(|end| end.eq_ignore_ascii_case(word))
        };
        ends(b"env") || ends(b"dev.v")
    })
}

/// A name's role, and where its environment word stands.
fn classify(name: &[u8]) -> Option<(Role, Option<Range<usize>>)> {
    let mut seen = Layers::default();
    let mut span = before_copy(name)..name.len();
    seen.copy = span.start > 0;
    // `my prod.env` is one, blank or not; `.env copy` is what the layers are for.
    if memchr::memchr(b' ', name).is_some() && name.ends_with(b".env") && !seen.copy {
        if let Some(found) = around(name) {
            return Some(found);
        }
    }
    while let Some(inner) = unwrap(name.get(span.clone())?, &mut seen) {
        span = span.start + inner.start..span.start + inner.end;
    }
    let name = name.get(span.clone())?;
    // `env.j2` is a template as widespread as `.env.j2`.
    let (base, word) = base(name).or_else(|| (seen.engine && name == b"env").then_some((Role::Template, None)))?;
    let role = match (&seen, base) {
        (Layers { cipher: true, .. }, _) => Role::Encrypted,
        (Layers { archive: true, .. }, _) => Role::Archive,
        (Layers { engine: true, .. }, Role::Env) => Role::Template,
        (Layers { copy: true, .. }, Role::Env) => Role::Copy,
        // A copy of a template is judged like it, and one of the keys is no better than they are.
        (_, role) => role,
    };
    Some((role, word.map(|word| span.start + word.start..span.start + word.end)))
}

/// Where a name starts behind what says that it is a copy: `Copy of .env`, `Copy (2) of .env`.
fn before_copy(name: &[u8]) -> usize {
    let plain = || COPY_OF.iter().find(|words| name.starts_with(words.as_bytes())).map(|words| words.len());
    let numbered = || {
        let rest = name.strip_prefix(b"copy (")?;
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        rest.get(digits..)?.starts_with(b") of ").then_some("copy (".len() + digits + ") of ".len())
    };
    plain().or_else(numbered).unwrap_or(0)
}

/// What was put round a name.
#[derive(Default)]
struct Layers {
    copy: bool,
    archive: bool,
    cipher: bool,
    engine: bool,
}

/// The name without its outermost layer; `None` where it has none.
fn unwrap(name: &[u8], seen: &mut Layers) -> Option<Range<usize>> {
    let length = name.len();
    if let Some(end) = without_word(name, CIPHER, b".") {
        seen.cipher = true;
        return Some(0..end);
    }
    if let Some(end) = without_word(name, ARCHIVE, b".") {
        seen.archive = true;
        return Some(0..end);
    }
    if let Some(end) = without_word(name, ENGINE, b".") {
        seen.engine = true;
        return Some(0..end);
    }
    let inner = match name {
        [b'#', .., b'#'] if length > 2 => 1..length - 1,
        // Emacs's lock, vim's swap file of a name that starts with a dot.
        [b'.', b'#', ..] => 2..length,
        [b'.', b'.', ..] => 1..length,
        [.., b'~'] => 0..length - 1,
        _ => 0..without_copy(name)?,
    };
    seen.copy = true;
    Some(inner)
}

/// Where `name` ends without a copy's suffix.
fn without_copy(name: &[u8]) -> Option<usize> {
    // "(copy)", "(another copy)", "(1)", " copy 2", " - copy".
    if let Some(space) = memchr::memchr(b' ', name) {
        return (space > 0).then_some(space);
    }
    if let Some(at) = memchr::memmem::find(name, b".envward-") {
        return (at > 0).then_some(at);
    }
    if let Some(end) = without_word(name, COPY, b".-_") {
        return Some(end);
    }
    // Numbers and dates: `.env.1`, `.env_1700000000`, `.env.2024-05-01`, `.env.bak2`.
    let is_date = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b't' | b':');
    let digits = name.iter().rev().take_while(|byte| is_date(byte)).count();
    let end = name.len() - digits;
    let tail = name.get(end..)?;
    if !tail.iter().any(u8::is_ascii_digit) {
        return None;
    }
    match name.get(..end)? {
        [before @ .., b'.'] if tail.first()?.is_ascii_digit() => Some(before.len()),
        before if matches!(tail.first()?, b'-' | b'_') => Some(before.len()),
        // `.bak2`: what is left is examined again.
        before if without_word(before, COPY, b".-_").is_some() => Some(before.len()),
        _ => None,
    }
}

/// Where `name` ends without one of `words` and the separator before it.
fn without_word(name: &[u8], words: &[&str], separators: &[u8]) -> Option<usize> {
    words.iter().find_map(|word| {
        let before = name.strip_suffix(word.as_bytes())?;
        let (separator, before) = before.split_last()?;
        (separators.contains(separator) && !before.is_empty()).then_some(before.len())
    })
}

/// The role of a name without layers, and where its environment word stands.
fn base(name: &[u8]) -> Option<(Role, Option<Range<usize>>)> {
    if name == b".env.keys" {
        return Some((Role::Keys, None));
    }
    for base in BASES {
        match name.strip_prefix(base.as_bytes()) {
            Some([]) => return Some((Role::Env, None)),
            Some([b'.' | b'-' | b'_', ..]) => return behind(name, base.len()),
            _ => {}
        }
    }
    // `env.example` is a template as widespread as `.env.example`; `env` and `env.production` are anything.
    if let Some([b'.' | b'-' | b'_', ..]) = name.strip_prefix(b"env") {
        let template = behind(name, "env".len()).filter(|(role, _)| *role == Role::Template);
        return template.or_else(|| around(name));
    }
    around(name)
}

/// `.env` and more behind it, which starts at `end`.
fn behind(name: &[u8], end: usize) -> Option<(Role, Option<Range<usize>>)> {
    let parts = parts(name, end..name.len());
    let last = name.get(parts.last()?.clone())?;
    if is_in(OTHER, last) {
        return None;
    }
    let template = parts.iter().any(|part| is_template(name.get(part.clone()).unwrap_or_default()));
    let word = parts.iter().find_map(|part| word(name, part));
    // `.env.example.local` is somebody's own, filled.
    let role = if template && last != b"local" { Role::Template } else { Role::Env };
    Some((role, word))
}

/// `production.env`, `example.env`, `backend.env.example`, `backend.env.production`.
fn around(name: &[u8]) -> Option<(Role, Option<Range<usize>>)> {
    let at = memchr::memmem::rfind(name, b".env")?;
    let end = at + ".env".len();
    let before = parts(name, 0..at);
    let after = parts(name, end..name.len());
    let text = |part: &Range<usize>| name.get(part.clone()).unwrap_or_default();
    // `docker.env_example`, and nothing else without a dot.
    let is_apart = match name.get(end) {
        None | Some(b'.') => true,
        Some(b'-' | b'_') => after.iter().all(|part| is_template(text(part))),
        Some(_) => false,
    };
    if before.is_empty() || !is_apart {
        return None;
    }
    if !after.iter().all(|part| is_template(text(part)) || is_in(ENVIRONMENT, text(part))) {
        return None;
    }
    let template = before.iter().chain(&after).any(|part| is_template(text(part)));
    let word = after.iter().chain(before.iter().rev()).find_map(|part| word(name, part));
    Some((if template { Role::Template } else { Role::Env }, word))
}

/// The parts of `name` in `range`, between its dots. A `-` or `_` separates at the start only, as in `.env-prod`.
fn parts(name: &[u8], range: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = range.start;
    for (offset, byte) in name.get(range.clone()).unwrap_or_default().iter().enumerate() {
        let at = range.start + offset;
        if *byte == b'.' || (offset == 0 && matches!(byte, b'-' | b'_')) {
            parts.push(start..at);
            start = at + 1;
        }
    }
    parts.push(start..range.end);
    parts.retain(|part| !part.is_empty());
    parts
}

/// The word of a part that may say what a file is for; of `prod-sample` it is `prod`.
fn word(name: &[u8], part: &Range<usize>) -> Option<Range<usize>> {
    let text = name.get(part.clone())?;
    let end = without_word(text, PLAINLY, b"-_").unwrap_or(text.len());
    (!is_in(TEMPLATE, text) && text != b"local").then_some(part.start..part.start + end)
}

/// Whether a part of a name says that the file is meant to be copied.
fn is_template(part: &[u8]) -> bool {
    let leads = || {
        let mut words = words(part);
        words.next().is_some_and(|first| is_in(PLAINLY, first)) && words.last().is_none_or(|last| last != b"local")
    };
    is_in(TEMPLATE, part) || without_word(part, PLAINLY, b"-_").is_some() || leads()
}

fn is_in(words: &[&str], part: &[u8]) -> bool {
    words.iter().any(|word| word.as_bytes() == part)
}

/// Under `KEY_PREVIOUS` the value before is still accepted.
pub const PREVIOUS: &str = "_PREVIOUS";

/// Under `KEY_NEXT` a new value waits for its turn.
pub const NEXT: &str = "_NEXT";

#[cfg(test)]
mod tests;
