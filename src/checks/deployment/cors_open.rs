//! `cors-open`: a CORS list with origins that do not belong in production.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Severity};
use crate::project::Setting;
use crate::secret::class::words;

pub(crate) static CHECK: Check = Check {
    id: "cors-open",
    title: "a CORS list with origins that do not belong in production",
    doc: r#"## What it does

Reports a list of allowed origins (`CORS_ORIGINS`, `ALLOWED_ORIGINS`, `CORS_ALLOW_ALL=true` and the like), in an env file or the `environment` of a service, that contains `*`, `null`, `localhost`, a loopback address, `0.0.0.0`, `http://`, or a regular expression that matches everything. Severity: error, note for development and test.

## Why it matters

The deployment checklist: "CORS origins restricted to production domains". Each of these lets a foreign page read answers with the cookies of your users: any page (`*`), a page in a sandboxed frame (`null`), a program on the user's own machine (`localhost`), or anybody on the network (`http://`).

## What to do

List your domains: `CORS_ORIGINS=https://app.example.com,https://admin.example.com`

## Facts

- `origin_kind`: `any`, `null`, `local`, `cleartext`

The key whose value is the list of origins.
"#,
    group: Group::Deployment,
    severity: Severity::Error,
    kinds: &[Kind::Settings],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::CorsOrigins, 1)],
    bad: &[
        Example { about: "every origin", steps: &[Step::File(".env", 0o600, "CORS_ORIGIN=*\n")] },
        Example {
            about: "a list with an origin of development",
            steps: &[Step::File(
                ".env.production",
                0o600,
                "ALLOWED_ORIGINS=https://app.example.com,http://localhost:3000\n",
            )],
        },
        Example {
            about: "in a compose file",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    environment:
      CORS_ALLOW_ALL_ORIGINS: "true"
"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "domains",
            steps: &[Step::File(".env", 0o600, "CORS_ORIGINS=https://app.example.com, https://admin.example.com\n")],
        },
        Example {
            about: "an empty list",
            steps: &[Step::File(
                ".env",
                0o600,
                r#"
CORS_ORIGINS=
CORS_ENABLED=true
"#,
            )],
        },
    ],
};

#[expect(clippy::disallowed_methods, reason = "origins are compared with known ones")]
pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Settings(settings) = artifact else { return };
    for setting in &settings.pairs {
        let Ok(value) = std::str::from_utf8(setting.value.expose()) else { continue };
        let Some((kind, what)) = judge(&setting.name, value) else { continue };
        findings.push(
            Finding::new(&CHECK, settings.origin.clone(), what, "list only your own domains, with https://")
                .severity(by_environment(settings.environment, Severity::Error))
                .line(setting.line)
                .key(setting.key.as_ref())
                .fact("origin_kind", Fact::Word(kind)),
        );
    }
}

/// Whether a setting says which origins are allowed, and is not empty.
#[expect(clippy::disallowed_methods, reason = "compared with known words")]
pub(crate) fn allows_origins(setting: &Setting) -> bool {
    let value = std::str::from_utf8(setting.value.expose()).unwrap_or_default().trim();
    match subject(&setting.name) {
        Some(Subject::All) => !value.is_empty(),
        Some(Subject::List) => !value.is_empty() && !SWITCHES.iter().any(|word| value.eq_ignore_ascii_case(word)),
        None => false,
    }
}

/// Values that switch something, and name no origin.
const SWITCHES: [&str; 8] = ["true", "1", "yes", "on", "false", "0", "no", "off"];

/// What a setting says of origins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    /// Whether all are allowed.
    All,
    /// Which are.
    List,
}

fn subject(name: &str) -> Option<Subject> {
    let words: Vec<String> = words(name).iter().map(|word| word.to_ascii_uppercase()).collect();
    let has = |word: &str| words.iter().any(|known| known == word);
    let is_list = has("ORIGIN") || has("ORIGINS") || words.last().is_some_and(|last| last == "CORS");
    match has("CORS") && has("ALL") {
        true => Some(Subject::All),
        false if is_list && (has("CORS") || has("ALLOWED") || has("ALLOW") || has("ACCESS")) => Some(Subject::List),
        false => None,
    }
}

fn judge(name: &str, value: &str) -> Option<(&'static str, &'static str)> {
    const ANY: &str = "{key} {allows|allow} every origin";
    let subject = subject(name)?;
    if ["true", "1", "yes", "on"].iter().any(|word| value.eq_ignore_ascii_case(word)) {
        return (subject == Subject::All).then_some(("any", ANY));
    }
    let items = value.trim_matches(['[', ']']).split([',', ' ', ';']);
    items.map(|item| item.trim_matches(['"', '\'', ' '])).filter(|item| !item.is_empty()).find_map(|item| {
        let host = item.split_once("://").map_or(item, |(_, rest)| rest);
        let host = host.trim_start_matches('[').split([':', '/', ']']).next().unwrap_or_default();
        match item {
            "*" | ".*" | "^.*$" | "https://*" | "http://*" | "/.*/" | "%" => Some(("any", ANY)),
            "null" => Some(("null", "{key} {allows|allow} sandboxed pages (the origin null)")),
            _ if matches!(host, "localhost" | "0.0.0.0")
                || host.starts_with("127.")
                || item.contains("[::1]")
                || host.ends_with(".localhost") =>
            {
                Some(("local", "{key} {allows|allow} pages of the user's own machine"))
            }
            _ if item.starts_with("http://") => {
                Some(("cleartext", "{key} {allows|allow} pages that are loaded over http://"))
            }
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::judge;

    #[test]
    fn origins() {
        let kind = |name, value| judge(name, value).map(|(kind, _)| kind);
        let table = [
            ("CORS_ORIGINS", "https://a.example,*", Some("any")),
            ("corsAllowedOrigins", "null", Some("null")),
            ("CORS_ALLOWED_ORIGINS", "[\"http://127.0.0.1:80\"]", Some("local")),
            ("CORS_ORIGIN", "http://a.example", Some("cleartext")),
            ("ACCESS_CONTROL_ALLOW_ORIGIN", "*", Some("any")),
            ("CORS_ORIGINS", "https://a.example", None),
            ("ORIGIN_HOST", "localhost", None),
            ("CORS_MAX_AGE", "0", None),
            ("CORS_ORIGINS", "", None),
        ];
        for (name, value, expected) in table {
            assert_eq!(kind(name, value), expected, "{name}={value}");
        }
    }
}
