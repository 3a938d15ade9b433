//! When values stop being valid: what says so, what wins, what is told, and what is not.

use std::fs;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::Value;

use crate::common::fill::fill;
use crate::common::ledger::let_pass;
use crate::common::schema::validate;
use crate::common::{Output, Sandbox, skip};

const SCHEMA: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rotation.schema.json"));
/// The day on which these values end.
const END: &str = "2031-03-01";

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// So many days before [`END`].
fn before(days: i64) -> String {
    (date(END) - days.days()).to_string()
}

fn project(env: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill(&format!("NODE_ENV=production\n{env}")));
    sandbox
}

fn token(claims: &str) -> String {
    let part = |text: &str| Base64UrlUnpadded::encode_string(text.as_bytes());
    format!("{}.{}.{}", part(r#"{"alg":"HS256"}"#), part(claims), part(&"s".repeat(32)))
}

/// The findings of the check on a day: `severity key line what expires days_left source`.
#[track_caller]
fn found(sandbox: &Sandbox, day: &str) -> Vec<String> {
    let output = sandbox.envward(&["check", "--no-history", "--format", "json", "--as-of", day]);
    let report: Value = serde_json::from_str(&output.stdout).unwrap_or_else(|_| panic!("{}", output.stderr));
    let row = |one: &Value| {
        let facts = &one["facts"];
        format!(
            "{} {} {} {} {} {} {}",
            one["severity"].as_str().unwrap(),
            one["path"].as_str().unwrap(),
            one["line"],
            one["key"].as_str().unwrap_or("-"),
            facts["expires"].as_str().unwrap_or("-"),
            facts["days_left"],
            facts["source"].as_str().unwrap_or("-"),
        )
    };
    let findings = report["findings"].as_array().unwrap().iter();
    findings.filter(|one| one["check"] == "secret-expires").map(row).collect()
}

#[track_caller]
fn status(sandbox: &Sandbox, args: &[&str], code: i32) -> Value {
    let output = sandbox.envward(&[&["rotation", "status", "--format", "json"], args].concat()).code(code);
    validate(SCHEMA, &output.stdout)
}

/// `key urgency expires days_left source`
fn rows(answer: &Value) -> Vec<String> {
    let row = |one: &Value| {
        let word = |name: &str| one[name].as_str().unwrap_or("-").to_owned();
        format!("{} {} {} {} {}", word("key"), word("urgency"), word("expires"), one["days_left"], word("source"))
    };
    answer["expiries"].as_array().unwrap().iter().map(row).collect()
}

fn text(sandbox: &Sandbox, args: &[&str], code: i32) -> String {
    sandbox.envward(&[&["rotation", "status"], args].concat()).code(code).stdout
}

#[test]
fn a_date_is_a_note_then_a_warning_then_an_error() {
    let sandbox = project(&format!("# envward: expires {END}\nSTRIPE_SECRET_KEY={{token}}\n"));
    for (days, left, severity) in [
        (31, 31, None),
        (30, 30, Some("note")),
        (8, 8, Some("note")),
        (7, 7, Some("warning")),
        (1, 1, Some("warning")),
        (0, 0, Some("error")),
        (-400, 0, Some("error")),
    ] {
        let expected = severity.map(|severity| format!("{severity} .env 3 STRIPE_SECRET_KEY {END} {left} comment"));
        assert_eq!(found(&sandbox, &before(days)), Vec::from_iter(expected), "{days}");
    }
    // For development and test nobody is woken.
    fs::rename(sandbox.path(".env"), sandbox.path(".env.test")).unwrap();
    assert_eq!(found(&sandbox, END), [format!("note .env.test 3 STRIPE_SECRET_KEY {END} 0 comment")]);
}

#[test]
fn status_counts_a_date_as_due_in_its_last_week() {
    let sandbox = project(&format!("# envward: expires {END}\nSTRIPE_SECRET_KEY={{token}}\n"));
    sandbox.file("envward.toml", 0o644, "[policy.ages]\napi-key = { soft = 3000, hard = 3650 }\n");
    for (days, urgency, left, code) in
        [(60, "later", 60, 0), (30, "soon", 30, 0), (8, "soon", 8, 0), (7, "due", 7, 1), (0, "expired", 0, 1)]
    {
        let day = before(days);
        let answer = status(&sandbox, &["--as-of", &day], code);
        assert_eq!(rows(&answer), [format!("STRIPE_SECRET_KEY {urgency} {END} {left} comment")]);
        let is_due = !text(&sandbox, &["--due", "--as-of", &day], code).is_empty();
        assert_eq!(is_due, code == 1, "{days}");
    }
    let day = before(20);
    assert_eq!(text(&sandbox, &["--due", "--within", "12d", "--as-of", &day], 0), "");
    let due = text(&sandbox, &["--due", "--within", "13d", "--as-of", &day], 1);
    assert_eq!(
        due,
        format!(
            "STRIPE_SECRET_KEY in .env will expire on {END}, in 20 days (from the\n  comment in .env line 2)\n  -> envward \
             rotation rotate STRIPE_SECRET_KEY .env --stdin\n"
        )
    );
    // The table has the urgent ones first, and counts them.
    let table = text(&sandbox, &["--as-of", END], 1);
    assert!(table.lines().nth(1).unwrap().starts_with("expired, or expires within a week"), "{table}");
    assert!(table.contains("\n1 expired, 1 not due\n"), "{table}");
    let table = text(&sandbox, &["--as-of", &before(60)], 0);
    assert!(table.contains(&format!("\nexpiry dates\n  STRIPE_SECRET_KEY in .env expires on {END} (")), "{table}");
    assert!(table.contains("\n1 not due\n"), "{table}");
}

#[test]
fn a_template_speaks_for_the_env_file_and_the_env_file_before_it() {
    let sandbox = project("SMTP_PASSWORD={password}\nAPP_NAME=shop\nEMPTY=\n");
    let template = |day: &str| {
        format!(
            "# envward: expires {day}\nSMTP_PASSWORD=\n# envward: expires {day}\nAPP_NAME=\n# envward: expires {day}\nEMPTY=\n"
        )
    };
    sandbox.file(".env.example", 0o644, template(END));
    // A name is no secret, and may end all the same; what is empty is not in use.
    let expected = [2, 3].map(|line| {
        format!("error .env {line} {} {END} 0 comment", if line == 2 { "SMTP_PASSWORD" } else { "APP_NAME" })
    });
    assert_eq!(found(&sandbox, END), expected);
    // Another env file's template.
    fs::rename(sandbox.path(".env.example"), sandbox.path(".env.staging.example")).unwrap();
    assert_eq!(found(&sandbox, END), [""; 0]);
    fs::rename(sandbox.path(".env.staging.example"), sandbox.path(".env.example")).unwrap();
    let env = fs::read_to_string(sandbox.path(".env")).unwrap();
    fs::write(sandbox.path(".env"), env.replace("SMTP", "# envward: expires 2032-01-01\nSMTP")).unwrap();
    assert_eq!(found(&sandbox, END), [expected[1].replace(" 3 ", " 4 ")]);
}

#[test]
fn of_several_sources_the_earliest_wins() {
    // `date -ud 2031-03-01T10:00 +%s`
    let value = token(r#"{"exp":1930125600}"#);
    let sandbox = project(&format!("# envward: expires 2031-06-01\nAPI_TOKEN={value}\n"));
    assert_eq!(found(&sandbox, END), [format!("error .env 3 API_TOKEN {END} 0 token")]);
    let record =
        |args: &[&str], code: i32| sandbox.envward(&[&["rotation", "record", "API_TOKEN"], args].concat()).code(code);
    let output = record(&["--expires", "2031-02-01"], 0);
    assert_eq!(output.stdout, "recorded: the value expires on 2031-02-01\n");
    assert_eq!(found(&sandbox, END), ["error .env 3 API_TOKEN 2031-02-01 0 recorded"]);
    assert_eq!(rows(&status(&sandbox, &["--as-of", "2031-01-25"], 1)), ["API_TOKEN due 2031-02-01 7 recorded"]);
    drop(record(&["--expires", "never"], 0));
    assert_eq!(found(&sandbox, END), [format!("error .env 3 API_TOKEN {END} 0 token")]);
    // With an age, too.
    drop(record(&["--expires", "2031-02-01", "--at", "2026-01-01", "--reason", "ticket 1", "--owner", "ada"], 0));
    let answer = status(&sandbox, &["--exit-zero"], 0);
    assert_eq!((&answer["secrets"][0]["since"], &answer["secrets"][0]["owner"]), (&"2026-01-01".into(), &"ada".into()));
    for bad in [
        &["--expires", "2020-01-01"][..],
        &["--expires", "soon"],
        &["--expires", "20310201"],
        &[],
        &["--at", "2026-01-01"],
        &["--reason", "x"],
    ] {
        drop(record(bad, 2));
    }
    // A new value is another one, of which nobody said anything.
    fs::write(sandbox.path(".env"), fill("API_TOKEN={token}\n")).unwrap();
    assert_eq!(rows(&status(&sandbox, &["--exit-zero"], 0)), [""; 0]);
}

#[test]
fn a_comment_that_cannot_be_read_is_an_error_with_its_line() {
    let sandbox =
        project("# envward: expires soon\nA_TOKEN={token}\n\nB_TOKEN={hex32} # envward: expires 2031-03-01\n");
    sandbox.file(".env.example", 0o644, "A_TOKEN=\n# envward: expires 2031-02-30\nB_TOKEN=\n");
    let lines = ["error .env 2 - - null -", "error .env 5 - - null -", "error .env.example 2 - - null -"];
    assert_eq!(found(&sandbox, "2026-06-30"), lines);
    let answer = status(&sandbox, &[], 2);
    let problems: Vec<String> =
        answer["problems"].as_array().unwrap().iter().map(|one| one["message"].as_str().unwrap().to_owned()).collect();
    assert_eq!(
        problems,
        [
            ".env has an `# envward: expires` comment that cannot be read: line 2: no date such as 2027-03-01",
            ".env has an `# envward: expires` comment that cannot be read: line 5: it is above no key",
            ".env.example has an `# envward: expires` comment that cannot be read: line 2: no date such as 2027-03-01",
        ]
    );
    // It reaches a person.
    assert!(text(&sandbox, &["--remind"], 2).contains("line 2: no date"));
    // `init` reads the same comments.
    sandbox.file("a/.env.example", 0o644, "# envward: expires 2031-03-01\n# envward: hex 32\nA_TOKEN=\n");
    drop(sandbox.envward(&["init", "a/.env.example"]).code(0));
    assert!(fs::read_to_string(sandbox.path("a/.env")).unwrap().starts_with("# envward: expires 2031-03-01\n"));
    sandbox.file("b/.env.example", 0o644, "# envward: expires soon\nA_TOKEN=\n");
    assert!(sandbox.envward(&["init", "b/.env.example"]).code(2).stderr.contains("b/.env.example:1: "));
}

/// Certificates that end so many days from now; whether openssl is here to make them.
fn certificates(sandbox: &Sandbox, all: &[(&str, u32)]) -> bool {
    if sandbox.shell("command -v openssl").run().code != 0 {
        skip("openssl is not here");
        return false;
    }
    for (path, days) in all {
        let path = sandbox.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let line = format!(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days {days} -subj /CN=a -keyout \
             /dev/null -out '{}'",
            path.display()
        );
        drop(sandbox.shell(&line).run().code(0));
    }
    true
}

/// What openssl says is the end of a certificate.
fn end(sandbox: &Sandbox, path: &str) -> String {
    let line = format!("openssl x509 -noout -enddate -dateopt iso_8601 -in {path}");
    let output = sandbox.shell(&line).run().code(0);
    output.stdout.trim_start_matches("notAfter=").split(' ').next().unwrap().to_owned()
}

#[test]
fn certificates_of_keys_files_and_compose() {
    let sandbox = project(
        "TLS_CERT_FILE=./certs/chain.pem\nMOUNTED_CERT_PATH=/etc/tls/leaf.pem\nCA_CERT=../outside.pem\n\
         OTHER_CERT_FILE=/etc/ssl/certs/ca.pem\nGONE_CERT_FILE=certs/gone.pem\nTLS_KEY_FILE=certs/key.pem\n",
    );
    let all =
        [("certs/leaf.pem", 50), ("certs/middle.pem", 20), ("secret.pem", 5), ("../outside.pem", 1), ("value.pem", 10)];
    if !certificates(&sandbox, &all) {
        return;
    }
    let read = |path: &str| fs::read_to_string(sandbox.path(path)).unwrap();
    sandbox.file("certs/chain.pem", 0o644, read("certs/leaf.pem") + &read("certs/middle.pem"));
    sandbox.file("certs/key.pem", 0o600, read("value.pem"));
    sandbox.link("certs/linked.pem", "../secret.pem");
    sandbox.link("certs/outward.pem", "../../outside.pem");
    let env = fs::read_to_string(sandbox.path(".env")).unwrap();
    let inline = read("value.pem").replace('\n', "\\n");
    let env = format!("{env}OUT_CERT_FILE=certs/outward.pem\nSAML_IDP_CERT=\"{inline}\"\n");
    sandbox.file(".env", 0o600, env);
    sandbox.file(
        "compose.yml",
        0o644,
        "services:\n  a:\n    image: nginx:1.27.1\n    volumes: ['./certs:/etc/tls:ro']\n    secrets: [tls]\nsecrets:\n  \
         tls: {file: secret.pem}\n",
    );
    let answer = status(&sandbox, &[], 1);
    let days = |path: &str| end(&sandbox, path);
    assert_eq!(
        rows(&answer),
        [
            format!("tls due {} 5 certificate", days("secret.pem")),
            format!("SAML_IDP_CERT soon {} 10 certificate", days("value.pem")),
            format!("TLS_CERT_FILE soon {} 20 certificate", days("certs/middle.pem")),
            format!("MOUNTED_CERT_PATH later {} 50 certificate", days("certs/leaf.pem")),
        ]
    );
    let chain = &answer["expiries"][2];
    assert_eq!(
        [&chain["certificate_file"], &chain["certificate"], &chain["certificates"]],
        [&Value::from("certs/chain.pem"), &2.into(), &2.into()]
    );
    let due = text(&sandbox, &["--due"], 1);
    assert!(due.starts_with("tls in secret.pem will expire on ") && due.contains("replace the certificate"), "{due}");
    let check = sandbox.envward(&["check", "--no-history"]).stdout;
    assert!(check.contains("certificate 2 of 2 in certs/chain.pem (TLS_CERT_FILE) will"), "{check}");
    // One certificate under two names is one thing to do.
    sandbox.file("more/.env", 0o600, "TLS_CERT_FILE=../certs/chain.pem\nSSL_CERT_FILE=certs/linked.pem\n");
    let keys = rows(&status(&sandbox, &[], 1));
    assert_eq!(keys.iter().filter(|row| row.starts_with("TLS_CERT_FILE")).count(), 1, "{keys:?}");
    assert!(keys.iter().any(|row| row.starts_with("SSL_CERT_FILE due")), "{keys:?}");
}

#[test]
fn a_certificate_that_is_there_and_cannot_be_read_is_a_problem() {
    let sandbox = project("TLS_CERT_FILE=certs/a.pem\n");
    let broken = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", "MIIB".repeat(60));
    sandbox.file("certs/a.pem", 0o644, &broken);
    let problem = |output: &Output| output.stdout.contains("\"broken-certificate\"");
    assert!(problem(&sandbox.envward(&["check", "--format", "json"]).code(2)));
    assert!(problem(&sandbox.envward(&["rotation", "status", "--format", "json"]).code(2)));
    // What is there for the reader's eyes is no certificate, nor is a key store.
    for text in ["-----BEGIN CERTIFICATE-----\nMIID...\n-----END CERTIFICATE-----\n", "\u{1}\u{2}", ""] {
        sandbox.file("certs/a.pem", 0o644, text);
        drop(status(&sandbox, &[], 0));
    }
    sandbox.file("certs/a.pem", 0o000, &broken);
    let Some(run) = sandbox.command_bound_by_modes(&["rotation", "status", "--format", "json"]) else {
        return skip("no setpriv here");
    };
    let output = run.run().code(2);
    assert!(output.stdout.contains("certs/a.pem cannot be read"), "{}", output.stdout);
}

#[test]
fn a_token_in_an_example_is_not_in_use() {
    let value = token(r#"{"exp":1500000000}"#);
    let sandbox = project("PORT=3000\n");
    sandbox.file(".env.example", 0o644, format!("A_TOKEN={value}\n"));
    sandbox.file(".env.bak", 0o600, format!("A_TOKEN={value}\n"));
    assert_eq!(found(&sandbox, "2026-06-30"), [""; 0]);
    // The last assignment of a key counts.
    sandbox.file(".env", 0o600, fill(&format!("NODE_ENV=production\nA_TOKEN={value}\nA_TOKEN={{token}}\n")));
    assert_eq!(found(&sandbox, "2026-06-30"), [""; 0]);
    sandbox.file(".env", 0o600, format!("NODE_ENV=production\nA_TOKEN={value}\n"));
    let output = sandbox.envward(&["check", "--no-history"]);
    assert!(output.stdout.contains("A_TOKEN expired on 2017-07-14"), "{}", output.stdout);
    assert!(!output.stdout.contains(&value));
}

#[test]
fn reminders_come_weekly_and_in_the_last_week_daily() {
    let today = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
    let sandbox = project("");
    let write = |days: i64| {
        let day = today + days.days();
        sandbox.file(".env", 0o600, format!("NODE_ENV=production\n# envward: expires {day}\nAPP_NAME=shop\n"));
    };
    let remind = |code: i32| text(&sandbox, &["--remind"], code);
    write(31);
    assert_eq!(remind(0), "");
    write(30);
    assert!(remind(0).contains("APP_NAME in .env will expire on "));
    assert_eq!(remind(0), "");
    // Another date is another thing to know.
    write(29);
    assert!(remind(0).contains("APP_NAME"));
    let_pass(&sandbox, 6);
    assert_eq!(remind(0), "");
    let_pass(&sandbox, 1);
    assert!(remind(0).contains("APP_NAME"));
    write(6);
    assert!(remind(1).contains("in 6 days"));
    assert_eq!(remind(0), "");
    let_pass(&sandbox, 1);
    assert!(remind(1).contains("in 6 days"));
    // Nobody is reminded of a test's.
    sandbox.file(".env", 0o600, "APP_NAME=shop\n");
    sandbox.file(".env.test", 0o600, format!("# envward: expires {today}\nAPP_NAME=shop\n"));
    assert_eq!(remind(0), "");
    drop(status(&sandbox, &[], 0));
}

#[test]
fn dates_are_exported() {
    let sandbox = project(&format!("# envward: expires {END}\nAPP_NAME=shop\n"));
    let export = |args: &[&str]| sandbox.envward(&[&["rotation", "export", "--format"], args].concat()).code(0).stdout;
    // `date -ud 2031-03-01 +%s`
    let metrics = export(&["prometheus"]);
    let line = "environment=\"production\",file=\".env\",key=\"APP_NAME\",source=\"comment\"} 1930089600";
    assert!(
        metrics.contains("envward_secret_expires_timestamp_seconds{project=") && metrics.contains(line),
        "{metrics}"
    );
    let calendar = export(&["ical"]).replace("\r\n ", "");
    assert!(calendar.contains("DTSTART;VALUE=DATE:20310301\r\nSUMMARY:APP_NAME of "), "{calendar}");
    for format in ["prometheus", "ical"] {
        let hidden = export(&[format, "--hide-names"]);
        assert!(hidden.contains("comment") && !hidden.contains("APP_NAME"), "{hidden}");
    }
}
