//! `secret-expires`: a value in use that expires soon, or has expired.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::project::{BrokenExpiry, ExpirySource};
use crate::rotation::{ExpiryStatus, Nearness, expiries};

pub(crate) static CHECK: Check = Check {
    id: "secret-expires",
    title: "a value in use that expires soon, or has expired",
    doc: r#"## What it does

Reports a value in use that will expire within 30 days (note), within 7 days (warning), or that has expired (error, from the expiry date on). For development and test the finding is a note. The date is the earliest of:

- `# envward: expires 2027-03-01` directly above the key, in the env file or else in its template
- the date that `envward rotation record KEY FILE --expires DATE` recorded
- `exp` of a JSON Web Token
- `notAfter` of an X.509 certificate: in the value, in a file of `secrets:` in a compose file, or in a file below the project root that the value of a key such as `TLS_CERT_FILE` names. Of a chain the certificate that expires first counts. A file with more than 8 certificates is a list of trusted authorities and is not judged.
- `se` of an Azure SAS token or URL

envward reads these dates offline and verifies nothing. A value in a template is not in use. Days are in UTC.

Reports as an error, in env files and templates: a `# envward: expires` comment that cannot be read, or that is above no key.

## Why it matters

When a token or a certificate expires, everything that uses it fails at once, often at night.

## What to do

Get a new value before the date. After that, change the date in the comment or record the new one.

## Facts

- `expires`: the expiry date
- `days_left`: the days until then; 0 if it has expired
- `source`: what says the date (`comment`, `recorded`, `token`, `certificate`, `signature`)
- `comment`: the file with the comment
- `certificate_file`: the file with the certificate
- `certificate`, `certificates`: which certificate of the chain it is, and how many there are

About a comment: only the path and the line.
"#,
    group: Group::Rotation,
    severity: Severity::Error,
    kinds: &[Kind::Project],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "expired, by a comment",
            steps: &[Step::File(
                ".env.production",
                0o600,
                r#"
# envward: expires 2020-01-01
STRIPE_SECRET_KEY={token}
"#,
            )],
        },
        Example {
            about: "expired, by a comment in the template",
            steps: &[
                Step::File(
                    ".env.example",
                    0o644,
                    r#"
# envward: expires 2020-01-01
SMTP_PASSWORD=
"#,
                ),
                Step::File(".env", 0o600, "SMTP_PASSWORD={password}\n"),
            ],
        },
        Example {
            about: "a comment without a date",
            steps: &[Step::File(
                ".env.example",
                0o644,
                r#"
# envward: expires soon
SMTP_PASSWORD=
"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "it expires much later",
            steps: &[Step::File(
                ".env.production",
                0o600,
                r#"
# envward: expires 2999-12-31
STRIPE_SECRET_KEY={token}
"#,
            )],
        },
        Example {
            about: "the template says more than the value in use",
            steps: &[
                Step::File(
                    ".env.example",
                    0o644,
                    r#"
# envward: expires 2020-01-01
SMTP_PASSWORD=
"#,
                ),
                Step::File(
                    ".env",
                    0o600,
                    r#"
# envward: expires 2999-12-31
SMTP_PASSWORD={password}
"#,
                ),
            ],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Project(project) = artifact else { return };
    findings.extend(project.expiries.broken.iter().map(broken));
    let known = context.ages.map(|ages| ages.known.as_slice()).unwrap_or_default();
    let all = expiries(&project.expiries.dates, known, &[], context.today);
    findings.extend(all.iter().filter_map(finding));
}

fn broken(comment: &BrokenExpiry) -> Finding {
    let (what, help) = match comment.is_above_key {
        true => {
            ("this `# envward: expires` comment cannot be read", "write the date as in: # envward: expires 2027-03-01")
        }
        false => (
            "this `# envward: expires` comment is above no key",
            "write the comment on a line of its own, directly above the key",
        ),
    };
    Finding::new(&CHECK, Origin::Worktree(comment.file.clone()), what, help).line(comment.line)
}

/// `None` where the date is far away.
fn finding(status: &ExpiryStatus) -> Option<Finding> {
    let severity = match status.nearness {
        Nearness::Far => return None,
        _ if !status.is_watched() => Severity::Note,
        Nearness::Expired => Severity::Error,
        Nearness::Due => Severity::Warning,
        Nearness::Noticed => Severity::Note,
    };
    let (date, chain) = (&status.date, status.of_chain());
    let origin = Origin::Worktree(date.file.clone());
    let mut finding =
        Finding::new(&CHECK, origin, what(status), help(status)).severity(severity).key(date.key.as_ref());
    finding.line = date.line;
    finding = finding
        .fact("expires", Fact::Day(date.day))
        .fact("days_left", Fact::Number(status.left.into()))
        .fact("source", Fact::Word(status.source()));
    match &date.source {
        ExpirySource::Comment(file, _) => finding = finding.fact("comment", Fact::Path(file.clone())),
        ExpirySource::File(file, _) => finding = finding.fact("certificate_file", Fact::Path(file.clone())),
        ExpirySource::Recorded | ExpirySource::Value(_) => {}
    }
    Some(match chain {
        Some((number, count)) => {
            finding.fact("certificate", Fact::Number(number as u64)).fact("certificates", Fact::Number(count as u64))
        }
        None => finding,
    })
}

fn what(status: &ExpiryStatus) -> &'static str {
    let is_expired = status.nearness == Nearness::Expired;
    match (&status.date.source, status.of_chain().is_some()) {
        (ExpirySource::File(..), true) if is_expired => {
            "certificate {certificate} of {certificates} in {certificate_file} ({key}) expired on {expires}"
        }
        (ExpirySource::File(..), true) => {
            "certificate {certificate} of {certificates} in {certificate_file} ({key}) will expire on {expires}"
        }
        (ExpirySource::File(..), false) if is_expired => {
            "the certificate in {certificate_file} ({key}) expired on {expires}"
        }
        (ExpirySource::File(..), false) => "the certificate in {certificate_file} ({key}) will expire on {expires}",
        (_, true) if is_expired => "certificate {certificate} of {certificates} of {key} expired on {expires}",
        (_, true) => "certificate {certificate} of {certificates} of {key} will expire on {expires}",
        _ if is_expired => "{key} expired on {expires}",
        _ => "{key} will expire on {expires}",
    }
}

fn help(status: &ExpiryStatus) -> &'static str {
    let date = &status.date;
    let rotates = date.is_secret && date.key.is_some() && date.line.is_some();
    match (&date.source, rotates) {
        (ExpirySource::File(..), _) => "replace the certificate with a new one",
        (ExpirySource::Comment(..), true) if status.date.by_hand => {
            "replace the value, then change the date in {comment}: envward rotation rotate {key} {path:sh} --stdin"
        }
        (ExpirySource::Comment(..), true) => {
            "replace the value, then change the date in {comment}: envward rotation rotate {key} {path:sh}"
        }
        (ExpirySource::Comment(..), false) => "replace the value, then change the date in {comment}",
        (_, true) if status.date.by_hand => "envward rotation rotate {key} {path:sh} --stdin",
        (_, true) => "envward rotation rotate {key} {path:sh}",
        (_, false) => "get a new value from your provider",
    }
}
