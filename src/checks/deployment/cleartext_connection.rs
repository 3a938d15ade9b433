//! `cleartext-connection`: a connection to another host without TLS.

use std::net::IpAddr;

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::finding::{Finding, Severity};
use crate::project::Setting;
use crate::secret::class;

pub(crate) static CHECK: Check = Check {
    id: "cleartext-connection",
    title: "a connection to another host without TLS",
    doc: r#"## What it does

Reports an address with a scheme that does not encrypt (`http`, `ws`, `redis`, `amqp`, `mongodb`, `smtp`, `ftp`, `ldap`, `mqtt`, `mysql`, `postgres` with `sslmode` `disable`, `allow` or `prefer`, `ssl=false`) to a host that is neither a service of the project's compose files, nor a name without a dot, nor a private, loopback or link-local address. Severity: error, note for development and test.

## Why it matters

The deployment checklist: "SSL/TLS enabled for all external connections". Every router on the way can read the passwords and the data. `sslmode=prefer` uses TLS only if nobody on the way prevents it.

## What to do

Use the same protocol with TLS: `https`, `wss`, `rediss`, `amqps`, `mongodb+srv` or `tls=true`, `smtps`, `sslmode=verify-full`.

## Facts

The key whose value is the address.
"#,
    group: Group::Deployment,
    severity: Severity::Error,
    kinds: &[Kind::Settings],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::Tls, 1)],
    bad: &[
        Example {
            about: "an external service over http",
            steps: &[Step::File(".env", 0o600, "PAYMENT_URL=http://pay.example.com/v1\n")],
        },
        Example {
            about: "a remote database without TLS",
            steps: &[Step::File(
                ".env",
                0o600,
                "DATABASE_URL=postgres://app:{password}@db.example.com/app?sslmode=disable\n",
            )],
        },
    ],
    good: &[
        Example {
            about: "with TLS",
            steps: &[Step::File(
                ".env",
                0o600,
                r#"
PAYMENT_URL=https://pay.example.com/v1
DATABASE_URL=postgres://app:{password}@db.example.com/app?sslmode=verify-full
"#,
            )],
        },
        Example {
            about: "a service of the project",
            steps: &[
                Step::File(
                    ".env",
                    0o600,
                    r#"
REDIS_URL=redis://cache.internal:6379
API=http://10.0.0.7:80
"#,
                ),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  cache:
    image: redis:7.2.3
    hostname: cache.internal
"#,
                ),
            ],
        },
    ],
};

/// Schemes that never encrypt.
const CLEARTEXT: &str = "amqp ftp http ldap memcached mongodb mqtt nats pyamqp redis rediscache smtp valkey ws";

/// Kinds of databases that encrypt if they are configured to.
const NEGOTIATED: [&str; 3] = ["postgres", "mysql", "mssql"];

/// What a scheme with TLS ends with: `smtp+tls`, `mongodb+srv`, `bolt+s`.
const ENCRYPTED: [&str; 6] = ["tls", "ssl", "srv", "s", "ssc", "ssh"];

/// Whether a setting connects to something. Origins do not, and have their own check; a namespace is only a name.
fn connects(setting: &Setting) -> bool {
    let upper = setting.name.to_ascii_uppercase();
    !["CORS", "ORIGIN", "NAMESPACE", "SCHEMA"].iter().any(|word| upper.contains(word))
}

/// Whether a setting contains the address of another host.
#[expect(clippy::disallowed_methods, reason = "a scheme and a host are looked at")]
pub(crate) fn leads_out(setting: &Setting, hosts: &[String]) -> bool {
    let value = std::str::from_utf8(setting.value.expose()).unwrap_or_default();
    let far = |url: &str| url.split_once("://").is_some_and(|(_, rest)| is_far(rest, hosts));
    connects(setting) && value.split([',', ' ']).any(far)
}

#[expect(clippy::disallowed_methods, reason = "a scheme and a host are looked at")]
pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Settings(settings) = artifact else { return };
    for setting in settings.pairs.iter().filter(|setting| connects(setting)) {
        let Ok(value) = std::str::from_utf8(setting.value.expose()) else { continue };
        if value.split([',', ' ']).any(|url| is_cleartext(url, &settings.hosts)) {
            findings.push(
                Finding::new(
                    &CHECK,
                    settings.origin.clone(),
                    "{key} {connects|connect} to another host without TLS",
                    "use TLS, such as https://, rediss:// or sslmode=verify-full",
                )
                .severity(by_environment(settings.environment, Severity::Error))
                .line(setting.line)
                .key(setting.key.as_ref()),
            );
        }
    }
}

fn is_cleartext(url: &str, hosts: &[String]) -> bool {
    let url = url.to_ascii_lowercase();
    let Some((written, rest)) = url.split_once("://") else { return false };
    let scheme = class::url_scheme(url.as_bytes()).unwrap_or_default();
    let without = [
        "sslmode=disable",
        "sslmode=allow",
        "sslmode=prefer",
        "ssl=false",
        "usessl=false",
        "tls=false",
        "encrypt=false",
    ];
    let with = ["tls=true", "ssl=true"];
    let is_open = if CLEARTEXT.split(' ').any(|one| one == scheme) {
        let is_encrypted = written.split('+').skip(1).any(|part| ENCRYPTED.contains(&part));
        // A server that listens at this port begins with TLS (RFC 8314).
        let is_submissions = scheme == "smtp" && authority(rest).ends_with(":465");
        !is_encrypted && !is_submissions && !with.iter().any(|word| rest.contains(word))
    } else {
        NEGOTIATED.iter().any(|kind| class::are_of_a_kind(kind, scheme))
            && without.iter().any(|word| rest.contains(word))
    };
    is_open && is_far(rest, hosts)
}

/// What stands before the path of a URL.
fn authority(rest: &str) -> &str {
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

fn is_far(rest: &str, hosts: &[String]) -> bool {
    let host = authority(rest).rsplit('@').next().unwrap_or_default();
    let host = match host.strip_prefix('[') {
        Some(address) => address.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    if host.is_empty()
        || host.contains(['$', '{', '<', '%'])
        || hosts.iter().any(|known| known.eq_ignore_ascii_case(host))
    {
        return false;
    }
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => {
            !(address.is_private() || address.is_loopback() || address.is_link_local() || address.is_unspecified())
        }
        Ok(IpAddr::V6(address)) => {
            let first = address.segments().first().copied().unwrap_or_default();
            !(address.is_loopback() || address.is_unspecified() || first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80)
        }
        Err(_) => host.contains('.') && !is_inner_name(&host.to_ascii_lowercase()),
    }
}

/// Names that the public DNS does not have (RFC 6761, RFC 6762, RFC 8375; `.internal` is reserved by ICANN for this).
fn is_inner_name(host: &str) -> bool {
    let inner = [
        ".localhost",
        ".local",
        ".internal",
        ".home.arpa",
        ".lan",
        ".intranet",
        ".test",
        ".invalid",
        ".svc",
        ".cluster.local",
    ];
    inner.iter().any(|end| host.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::is_cleartext;

    #[test]
    fn addresses() {
        let hosts = ["cache".to_owned(), "db.inner.example".to_owned()];
        let far = [
            "http://pay.example.com",
            "redis://:pw@redis.example.com:6379",
            "ws://8.8.8.8/x",
            "mysql://u:p@db.example.com/x?ssl=false",
            "http://[2001:db8::1]/",
            "jdbc:postgresql://db.example.com/x?sslmode=prefer",
            "postgis://db.example.com/x?sslmode=disable",
            "db+mysql://db.example.com/x?ssl=false",
            "rediscache://:pw@redis.example.com:6379/1",
            "smtp://a:pw@mail.example.com:587",
        ];
        for url in far {
            assert!(is_cleartext(url, &hosts), "{url}");
        }
        let near = [
            "https://pay.example.com",
            "http://localhost:3000",
            "http://cache:80",
            "redis://db.inner.example",
            "http://10.1.2.3",
            "http://[fd00::1]/",
            "http://host.docker.internal:80",
            "postgres://db.example.com/x",
            "mongodb+srv://a.example.com",
            "mongodb://a.example.com/?tls=true",
            "smtp+tls://a:pw@mail.example.com:587",
            "smtp+ssl://a:pw@mail.example.com:465",
            "smtp://a:pw@mail.example.com:465",
            "smtp://a:pw@mail.example.com:587/?TLS=True",
            "http://${HOST}/",
            "http",
            "",
        ];
        for url in near {
            assert!(!is_cleartext(url, &hosts), "{url}");
        }
    }
}
