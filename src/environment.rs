//! Development, test or production.

use crate::path::RelPath;

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Environment {
    /// A developer's machine.
    Development,
    /// Automated tests.
    Test,
    /// The real thing; staging counts as it.
    Production,
    /// Nothing says.
    Unknown,
}

use Environment::{Development, Production, Test};

/// The words of file names and of settings, in lower case. Staging counts as production: it is reachable, and its
/// secrets are as real.
const WORDS: [(&str, Environment); 26] = [
    ("dev", Development),
    ("devel", Development),
    ("develop", Development),
    ("development", Development),
    ("local", Development),
    ("localhost", Development),
    ("debug", Development),
    ("test", Test),
    ("tests", Test),
    ("testing", Test),
    ("ci", Test),
    ("e2e", Test),
    ("integration", Test),
    ("prod", Production),
    ("prd", Production),
    ("production", Production),
    ("live", Production),
    ("release", Production),
    ("stage", Production),
    ("staging", Production),
    ("stg", Production),
    ("preprod", Production),
    ("pre-prod", Production),
    ("preproduction", Production),
    ("pre-production", Production),
    ("preview", Production),
];

/// Directories that say it, besides those that are called by one of the words above. A word of a longer name says
/// nothing: `ci-runner` runs something, and `local-ai` is a product.
const DIRECTORIES: [(&str, Environment); 22] = [
    (".devcontainer", Development),
    ("devcontainer", Development),
    ("devenv", Development),
    (".devenv", Development),
    (".gitpod", Development),
    ("gitpod", Development),
    ("example", Development),
    ("examples", Development),
    ("sample", Development),
    ("samples", Development),
    (".ci", Test),
    (".circleci", Test),
    (".github", Test),
    (".gitlab", Test),
    ("__tests__", Test),
    ("spec", Test),
    ("cypress", Test),
    ("playwright", Test),
    ("fixtures", Test),
    ("testdata", Test),
    ("integration-tests", Test),
    ("e2e-tests", Test),
];

/// The keys by which frameworks are told, the most specific ones first: where two disagree the earlier one decides.
const KEYS: [&str; 16] = [
    "NODE_ENV",
    "APP_ENV",
    "APP_ENVIRONMENT",
    "RAILS_ENV",
    "RACK_ENV",
    "DJANGO_ENV",
    "FLASK_ENV",
    "ASPNETCORE_ENVIRONMENT",
    "DOTNET_ENVIRONMENT",
    "SPRING_PROFILES_ACTIVE",
    "GO_ENV",
    "MIX_ENV",
    "SYMFONY_ENV",
    "DEPLOY_ENV",
    "ENVIRONMENT",
    "ENV",
];

impl Environment {
    /// The word in reports and configuration.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Test => "test",
            Self::Production => "production",
            Self::Unknown => "unknown",
        }
    }

    /// From a word of a file name or of NODE_ENV: `dev`, `local`, `prod`, `staging`, `ci`; in any case of letters.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim();
        WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, environment)| *environment)
    }

    /// What the directories of a path say, the innermost first.
    #[must_use]
    pub fn of_directories(dir: &RelPath) -> Option<Self> {
        let text = String::from_utf8_lossy(dir.as_bytes()).into_owned();
        text.rsplit('/').find_map(|dir| {
            let known = DIRECTORIES.iter().find(|(known, _)| known.eq_ignore_ascii_case(dir));
            known.map(|(_, environment)| *environment).or_else(|| Self::from_word(dir))
        })
    }

    /// From a file's own settings (NODE_ENV, APP_ENV and the like). Of a key that stands twice the last one counts;
    /// of a list (`SPRING_PROFILES_ACTIVE=prod,metrics`) its first known word.
    #[must_use]
    pub fn from_settings<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Option<Self> {
        let mut best: Option<(usize, Self)> = None;
        for (key, value) in pairs {
            let Some(rank) = KEYS.iter().position(|known| known.eq_ignore_ascii_case(key)) else { continue };
            let Some(environment) = of_value(value) else { continue };
            if best.is_none_or(|(known, _)| rank <= known) {
                best = Some((rank, environment));
            }
        }
        best.map(|(_, environment)| environment)
    }
}

fn of_value(value: &[u8]) -> Option<Environment> {
    let text = std::str::from_utf8(value).ok()?;
    text.split([',', ' ', ';']).find_map(Environment::from_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let table = [
            ("dev", Some(Development)),
            ("Local", Some(Development)),
            ("TESTING", Some(Test)),
            ("e2e", Some(Test)),
            ("production", Some(Production)),
            ("Staging", Some(Production)),
            (" live ", Some(Production)),
            ("", None),
            ("example", None),
            ("product", None),
        ];
        for (word, expected) in table {
            assert_eq!(Environment::from_word(word), expected, "{word}");
        }
        for known in [Development, Test, Production] {
            assert_eq!(Environment::from_word(known.word()), Some(known));
        }
    }

    #[test]
    fn directories() {
        let table = [
            ("", None),
            ("tests", Some(Test)),
            ("srv/ci-runner", None),
            ("stacks/local-ai", None),
            ("a/.devcontainer", Some(Development)),
            ("examples/production", Some(Production)),
            ("cypress/db", Some(Test)),
            ("production/tests/db", Some(Test)),
        ];
        for (dir, expected) in table {
            assert_eq!(Environment::of_directories(&RelPath::from(dir)), expected, "{dir}");
        }
    }

    #[test]
    fn settings() {
        type Case<'a> = (&'a [(&'a str, &'a str)], Option<Environment>);
        let table: [Case<'_>; 7] = [
            (&[("NODE_ENV", "production")], Some(Production)),
            (&[("ENV", "dev"), ("RAILS_ENV", "production")], Some(Production)),
            (&[("RAILS_ENV", "production"), ("ENV", "dev")], Some(Production)),
            (&[("APP_ENV", "local"), ("APP_ENV", "prod")], Some(Production)),
            (&[("SPRING_PROFILES_ACTIVE", "metrics,test")], Some(Test)),
            (&[("NODE_ENV", "${NODE_ENV}"), ("ENV", "ci")], Some(Test)),
            (&[("SOME_ENV", "production")], None),
        ];
        for (pairs, expected) in table {
            let pairs = pairs.iter().map(|(key, value)| (*key, value.as_bytes()));
            assert_eq!(Environment::from_settings(pairs), expected);
        }
    }
}
