//! The programs that read env files, by name. What each makes of one is in `readers`.

/// A program that reads env files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reader {
    /// Docker Compose.
    Compose,
    /// `set -a; . FILE` in bash.
    Bash,
    /// The same in dash, Debian's `sh`.
    Dash,
    /// `docker run --env-file`.
    Docker,
    /// systemd's `EnvironmentFile=`.
    Systemd,
    /// `node --env-file`.
    Node,
    /// npm's dotenv.
    NpmDotenv,
    /// npm's dotenv with dotenv-expand.
    NpmDotenvExpand,
    /// python-dotenv.
    PythonDotenv,
    /// direnv's `dotenv`.
    Direnv,
    /// Rust's dotenvy.
    Dotenvy,
    /// Go's godotenv.
    Godotenv,
    /// Ruby's dotenv.
    RubyDotenv,
    /// PHP's phpdotenv, which Laravel uses.
    Phpdotenv,
    /// honcho.
    Honcho,
    /// GNU Make's `include`.
    Make,
}

impl Reader {
    /// All of them, as reports list them.
    pub const ALL: [Self; 16] = [
        Self::Compose,
        Self::Bash,
        Self::Dash,
        Self::Docker,
        Self::Systemd,
        Self::Node,
        Self::NpmDotenv,
        Self::NpmDotenvExpand,
        Self::PythonDotenv,
        Self::Direnv,
        Self::Dotenvy,
        Self::Godotenv,
        Self::RubyDotenv,
        Self::Phpdotenv,
        Self::Honcho,
        Self::Make,
    ];

    /// Its name, in envward.toml and in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compose => "compose",
            Self::Bash => "bash",
            Self::Dash => "dash",
            Self::Docker => "docker",
            Self::Systemd => "systemd",
            Self::Node => "node",
            Self::NpmDotenv => "npm-dotenv",
            Self::NpmDotenvExpand => "npm-dotenv-expand",
            Self::PythonDotenv => "python-dotenv",
            Self::Direnv => "direnv",
            Self::Dotenvy => "dotenvy",
            Self::Godotenv => "godotenv",
            Self::RubyDotenv => "ruby-dotenv",
            Self::Phpdotenv => "phpdotenv",
            Self::Honcho => "honcho",
            Self::Make => "make",
        }
    }

    /// The reader of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reader| reader.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_found_by_its_name() {
        assert!(Reader::ALL.into_iter().all(|reader| Reader::from_name(reader.name()) == Some(reader)));
        assert_eq!(Reader::from_name("npm"), None);
    }
}
