//! What the manifests of a project's packages say about who reads its env files.

use serde_json::Value;

use crate::env::readers::Reader;

/// Whether a file of this name lists packages.
pub(super) fn is_manifest(name: &[u8]) -> bool {
    let is_requirements = name.starts_with(b"requirements") && name.ends_with(b".txt");
    is_requirements
        || matches!(name, b"package.json" | b"pyproject.toml" | b"Pipfile" | b"Gemfile" | b"composer.json" | b"go.mod")
        || name == b"Cargo.toml"
}

/// The readers that a manifest names. `lock` gives the `Gemfile.lock` beside it.
pub(super) fn readers(name: &[u8], text: &[u8], lock: &dyn Fn() -> Option<Vec<u8>>) -> Vec<Reader> {
    let Ok(text) = std::str::from_utf8(text) else { return Vec::new() };
    match name {
        b"package.json" => of_npm(text),
        b"composer.json" => of_composer(text),
        b"Gemfile" => of_gemfile(text, lock),
        b"go.mod" => one(text.contains("github.com/joho/godotenv"), Reader::Godotenv),
        b"Cargo.toml" => one(text.lines().any(|line| is_package(line, "dotenvy")), Reader::Dotenvy),
        _ if is_manifest(name) => {
            let has = |package: &str| text.lines().any(|line| names(line, package));
            let python = has("python-dotenv") || has("pydantic-settings");
            [one(python, Reader::PythonDotenv), one(has("honcho"), Reader::Honcho)].concat()
        }
        _ => Vec::new(),
    }
}

fn one(is_there: bool, reader: Reader) -> Vec<Reader> {
    if is_there { vec![reader] } else { Vec::new() }
}

/// dotenv since version 15, which is when it began to read as it does now.
fn of_npm(text: &str) -> Vec<Reader> {
    let Ok(value) = serde_json::from_str::<Value>(text) else { return Vec::new() };
    let version = |package: &str| {
        let sections = ["dependencies", "devDependencies", "optionalDependencies"];
        sections.iter().find_map(|section| value.get(section)?.get(package)?.as_str().map(str::to_owned))
    };
    let Some(dotenv) = version("dotenv").or_else(|| version("dotenv-expand").map(|_| String::new())) else {
        return Vec::new();
    };
    if major(&dotenv).is_some_and(|major| major < 15) {
        return Vec::new();
    }
    one(true, if version("dotenv-expand").is_some() { Reader::NpmDotenvExpand } else { Reader::NpmDotenv })
}

/// The first number of a range of versions.
fn major(range: &str) -> Option<u32> {
    let digits = range.trim_start_matches(|one: char| !one.is_ascii_digit());
    digits.split(|one: char| !one.is_ascii_digit()).next().and_then(|number| number.parse().ok())
}

fn of_composer(text: &str) -> Vec<Reader> {
    let Ok(value) = serde_json::from_str::<Value>(text) else { return Vec::new() };
    let has = |package: &str| value.get("require").and_then(|require| require.get(package)).is_some();
    one(has("vlucas/phpdotenv") || has("laravel/framework"), Reader::Phpdotenv)
}

/// Version 3 and up.
fn of_gemfile(text: &str, lock: &dyn Fn() -> Option<Vec<u8>>) -> Vec<Reader> {
    let is_gem = |line: &str| {
        let rest = line.trim_start().strip_prefix("gem ").map(str::trim_start);
        rest.is_some_and(|rest| rest.starts_with("\"dotenv") || rest.starts_with("'dotenv"))
    };
    if !text.lines().any(is_gem) {
        return Vec::new();
    }
    let lock = lock().and_then(|bytes| std::str::from_utf8(&bytes).ok().map(str::to_owned)).unwrap_or_default();
    let version = lock.lines().find_map(|line| line.trim_start().strip_prefix("dotenv (").and_then(major));
    one(version.is_none_or(|major| major >= 3), Reader::RubyDotenv)
}

/// A dependency of a Cargo.toml.
fn is_package(line: &str, package: &str) -> bool {
    let rest = line.trim_start().strip_prefix(package).map(str::trim_start);
    rest.is_some_and(|rest| rest.starts_with('=') || rest.starts_with('.'))
        || line.trim() == format!("[dependencies.{package}]")
}

/// Whether a line of Python's lists names a package: not as a part of another name, and not in a comment.
fn names(line: &str, package: &str) -> bool {
    let line = line.split('#').next().unwrap_or_default().to_ascii_lowercase();
    let is_part = |one: Option<char>| one.is_some_and(|one| one.is_ascii_alphanumeric() || "-_.".contains(one));
    line.match_indices(package).any(|(at, _)| {
        let (before, after) = (line.get(..at).unwrap_or_default(), line.get(at + package.len()..).unwrap_or_default());
        !is_part(before.chars().next_back()) && !is_part(after.chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, text: &str, lock: &str) -> Vec<Reader> {
        readers(name.as_bytes(), text.as_bytes(), &|| Some(lock.as_bytes().to_vec()))
    }

    #[test]
    fn packages() {
        use Reader::{Dotenvy, Godotenv, Honcho, NpmDotenv, NpmDotenvExpand, Phpdotenv, PythonDotenv, RubyDotenv};
        let cases: [(&str, &str, &[Reader]); 17] = [
            ("package.json", r#"{"dependencies": {"dotenv": "^16.4.0"}}"#, &[NpmDotenv]),
            ("package.json", r#"{"devDependencies": {"dotenv": "latest"}}"#, &[NpmDotenv]),
            ("package.json", r#"{"dependencies": {"dotenv": "^8.2.0"}}"#, &[]),
            ("package.json", r#"{"dependencies": {"dotenv": "17", "dotenv-expand": "12"}}"#, &[NpmDotenvExpand]),
            ("package.json", r#"{"dependencies": {"dotenv-webpack": "8"}}"#, &[]),
            ("package.json", "{", &[]),
            ("pyproject.toml", "dependencies = [\"python-dotenv>=1.0\"]", &[PythonDotenv]),
            ("requirements-dev.txt", "python-dotenv[cli]==1.0.1\nhoncho\n", &[PythonDotenv, Honcho]),
            ("requirements.txt", "# python-dotenv\nmy-python-dotenv-fork\n", &[]),
            ("Gemfile", "gem \"dotenv-rails\", groups: [:test]\n", &[RubyDotenv]),
            ("Gemfile", "# gem \"dotenv\"\n", &[]),
            ("composer.json", r#"{"require": {"laravel/framework": "^11.0"}}"#, &[Phpdotenv]),
            ("composer.json", r#"{"require": {"symfony/dotenv": "^7"}}"#, &[]),
            ("go.mod", "require github.com/joho/godotenv v1.5.1\n", &[Godotenv]),
            ("Cargo.toml", "[dependencies]\ndotenvy = \"0.15\"\n", &[Dotenvy]),
            ("Cargo.toml", "dotenvy_macro = \"0.15\"\n", &[]),
            ("README.md", "python-dotenv", &[]),
        ];
        for (name, text, expected) in cases {
            assert_eq!(found(name, text, ""), expected, "{name}: {text}");
        }
        assert_eq!(found("Gemfile", "gem 'dotenv'\n", "    dotenv (2.8.1)\n"), []);
        assert_eq!(found("Gemfile", "gem 'dotenv'\n", "    dotenv (3.1.0)\n"), [RubyDotenv]);
    }
}
