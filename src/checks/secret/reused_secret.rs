//! `reused-secret`: two keys with the same secret.

use std::collections::BTreeMap;

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::environment::Environment;
use crate::finding::{Fact, Finding, Severity};
use crate::project::{FoundSecret, ProjectFile};
use crate::rotation::credential;
use crate::secret::Tag;

pub(crate) static CHECK: Check = Check {
    id: "reused-secret",
    title: "two keys with the same secret",
    doc: r#"## What it does

Reports a filled secret that two keys have in the env files of one environment. Not reported: a password and the URL that contains it, the same key in two files, a key that refers to another key (`${DB_PASSWORD}`), the usual names of one database password (`DB_PASSWORD`, `POSTGRES_PASSWORD`, `PGPASSWORD`), and a database password with the name that one application has for it (`MYSQL_PASSWORD` and `WORDPRESS_DB_PASSWORD`).

## Why it matters

Anyone who learns one of the two knows both. Replacing one leaves the other as it was.

## What to do

Give each key its own value.

## Facts

- `with`: the other place: path, key, line
"#,
    group: Group::Secret,
    severity: Severity::Warning,
    kinds: &[Kind::Project],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::RandomSecrets, 2)],
    bad: &[Example {
        about: "one value for two purposes",
        steps: &[Step::File(
            ".env",
            0o600,
            r#"
JWT_SECRET={hex64}
SESSION_SECRET={hex64}
"#,
        )],
    }],
    good: &[
        Example {
            about: "a password and the URL that contains it",
            steps: &[Step::File(
                ".env",
                0o600,
                r#"
DB_PASSWORD={password}
DATABASE_URL=postgres://app:{password}@db/app
"#,
            )],
        },
        Example {
            about: "the same key in two files",
            steps: &[
                Step::File(".env", 0o600, "JWT_SECRET={hex64}\n"),
                Step::File("backend/.env", 0o600, "JWT_SECRET={hex64}\n"),
            ],
        },
        Example {
            about: "a database and the application that connects to it",
            steps: &[Step::File(
                ".env",
                0o600,
                r#"
MYSQL_PASSWORD={password}
WORDPRESS_DB_PASSWORD={password}
"#,
            )],
        },
        Example {
            about: "two names of one database password",
            steps: &[Step::File(
                ".env",
                0o600,
                r#"
DB_PASSWORD={password}
POSTGRES_PASSWORD={password}
"#,
            )],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Project(project) = artifact else { return };
    let mut first_of: BTreeMap<(Environment, Tag), Place<'_>> = BTreeMap::new();
    for file in &project.files {
        for secret in file.in_use().filter(|secret| secret.is_filled() && !secret.in_url && !file.is_reference(secret))
        {
            let place = Place { file, secret };
            let group = (file.environment, context.group.tag(&secret.value));
            let Some(first) = first_of.get(&group) else {
                first_of.insert(group, place);
                continue;
            };
            let (one, other) = (&first.secret.name, &secret.name);
            if credential(one) == credential(other) || are_ends_of_one_connection(one, other) {
                continue;
            }
            findings.push(
                Finding::new(
                    &CHECK,
                    file.origin(),
                    "{key} {has|have} the same value as {with}",
                    "give each key its own value",
                )
                .line(secret.line)
                .key(secret.key.as_ref())
                .fact("with", first.fact()),
            );
        }
    }
}

/// Whether one is the name that a database has for its password, and the other the name that a single application has for
/// the same: `MYSQL_PASSWORD` and `WORDPRESS_DB_PASSWORD`.
fn are_ends_of_one_connection(one: &str, other: &str) -> bool {
    match (database_of(one), database_of(other)) {
        (Some(one), Some(other)) => one.is_empty() || other.is_empty(),
        _ => false,
    }
}

/// The application in front of a name that ends with a database and its password: `WORDPRESS`, or nothing. `None` for
/// other names, and where the words in front say another user, another server or another deployment.
fn database_of(name: &str) -> Option<String> {
    const PASSWORDS: [&str; 4] = ["PASSWORD", "PASSWD", "PASS", "PWD"];
    const DATABASES: [&str; 9] =
        ["DB", "DATABASE", "DATASOURCE", "POSTGRES", "POSTGRESQL", "PG", "MYSQL", "MARIADB", "SQL"];
    const OTHERS: [&str; 16] = [
        "ROOT",
        "ADMIN",
        "SUPER",
        "REPLICATION",
        "REPLICA",
        "READONLY",
        "RO",
        "BACKUP",
        "OLD",
        "NEW",
        "TEST",
        "DEV",
        "STAGING",
        "STAGE",
        "PROD",
        "PRODUCTION",
    ];
    let upper = name.to_ascii_uppercase();
    let rest = PASSWORDS.iter().find_map(|word| upper.strip_suffix(word))?.trim_end_matches(['_', '-', '.']);
    let rest = DATABASES.iter().filter_map(|word| rest.strip_suffix(word)).min_by_key(|rest| rest.len())?;
    // `WPDB` is nobody's word for a database.
    let application = rest.strip_suffix(['_', '-', '.']).or(rest.is_empty().then_some(rest))?;
    let is_plain = application.split(['_', '-', '.']).all(|word| !OTHERS.contains(&word));
    is_plain.then(|| application.trim_matches(['_', '-', '.']).to_owned())
}

struct Place<'a> {
    file: &'a ProjectFile,
    secret: &'a FoundSecret,
}

impl Place<'_> {
    fn fact(&self) -> Fact {
        Fact::Place { path: self.file.path.clone(), key: self.secret.key.clone(), line: self.secret.line }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_a_connection() {
        for client in [
            "WORDPRESS_DB_PASSWORD",
            "KC_DB_PASSWORD",
            "PAPERLESS_DBPASS",
            "GITEA__database__PASSWD",
            "GF_DATABASE_PASSWORD",
            "SPRING_DATASOURCE_PASSWORD",
            "DJANGO_DB_PASSWORD",
        ] {
            for server in ["MYSQL_PASSWORD", "POSTGRES_PASSWORD", "MARIADB_PASSWORD", "DB_PASSWORD", "PGPASSWORD"] {
                assert!(are_ends_of_one_connection(client, server), "{client} {server}");
                assert!(are_ends_of_one_connection(server, client), "{client} {server}");
            }
            assert!(!are_ends_of_one_connection(client, "OTHER_DB_PASSWORD"), "{client}");
            assert!(!are_ends_of_one_connection(client, "MYSQL_ROOT_PASSWORD"), "{client}");
        }
        for other in [
            "TEST_DB_PASSWORD",
            "ROOT_DB_PASSWORD",
            "DB_ROOT_PASSWORD",
            "REDIS_PASSWORD",
            "SMTP_PASSWORD",
            "JWT_SECRET",
        ] {
            assert!(!are_ends_of_one_connection(other, "MYSQL_PASSWORD"), "{other}");
        }
    }
}
