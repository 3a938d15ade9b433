//! The env files that envward brings.

use crate::environment::Environment;

/// One of them.
#[derive(Debug)]
pub struct Shipped {
    /// Its name on the command line.
    pub name: &'static str,
    /// The file's name in `templates/`.
    pub file: &'static str,
    /// What it is for.
    pub environment: Environment,
    /// One line about it.
    pub about: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// All of them, for the same platform.
pub const SHIPPED: [Shipped; 3] = [
    Shipped {
        name: "development",
        file: "development.env.example",
        environment: Environment::Development,
        about: "for the machine of a developer: local hosts, debug output",
        text: include_str!("../../templates/development.env.example"),
    },
    Shipped {
        name: "test",
        file: "test.env.example",
        environment: Environment::Test,
        about: "for automated tests: local hosts, separate secrets",
        text: include_str!("../../templates/test.env.example"),
    },
    Shipped {
        name: "production",
        file: "production.env.example",
        environment: Environment::Production,
        about: "for a server: strict, with the deployment checklist",
        text: include_str!("../../templates/production.env.example"),
    },
];
