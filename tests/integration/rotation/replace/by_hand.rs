//! What envward cannot make: every suggestion says how to give it, and no run pretends to make it.

use super::*;

const REFUSED: &str = "envward cannot make this value";

/// Each command that a screen suggests starts a rotation, or asks for the new value.
#[test]
fn every_suggestion_can_be_typed() {
    let sandbox = Sandbox::new();
    let own = "ADMIN_TOKEN=admin\nAPP_KEY=secret\nSIGNING_PRIVATE_KEY=abc\nDB_PASSWORD=postgres\n";
    sandbox.file(".env", 0o600, own);
    sandbox.file(".env.example", 0o644, own);
    let mut suggested = std::collections::BTreeSet::new();
    for args in [&["check"][..], &["status"], &["rotation", "status"]] {
        let screen = sandbox.envward(args).stdout;
        let lines = screen.lines().filter_map(|line| line.split_once("envward rotation rotate "));
        suggested.extend(lines.map(|(_, command)| command.trim().to_owned()));
    }
    assert!(suggested.len() > 1, "{suggested:?}");
    for command in &suggested {
        let args: Vec<&str> = command.split_whitespace().collect();
        let given = fill("{password4}");
        let output = sandbox.command(&[&["rotation", "rotate"], &args[..]].concat()).stdin(&given).run();
        assert_eq!(output.code, 0, "{command}: {}", output.stderr);
        drop(sandbox.envward(&["rotation", "rotate", args[0], args[1], "--abandon"]));
    }
}

#[test]
fn a_dry_run_ends_as_the_run_would() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill("STRIPE_SECRET_KEY={token}\n"));
    for args in [&["--dry-run"][..], &[]] {
        let output = rotation(&sandbox, &[&["rotate", "STRIPE_SECRET_KEY", ".env"], args].concat(), 2);
        assert!(output.stderr.contains(REFUSED), "{args:?}: {}", output.stderr);
        // Where it is used is worth knowing all the same.
        assert_eq!(output.stdout.contains(".env: STRIPE_SECRET_KEY"), !args.is_empty(), "{}", output.stdout);
    }
}

/// A hash alone, and one behind a user as htpasswd writes it.
#[test]
fn a_hash_is_not_made() {
    let hash = format!("$$2y$$12$${}", "a".repeat(53));
    for value in [hash.clone(), format!("admin:{hash}")] {
        let sandbox = Sandbox::new();
        sandbox.file(".env", 0o600, format!("TRAEFIK_AUTH={value}\n"));
        let output = rotation(&sandbox, &["rotate", "TRAEFIK_AUTH", ".env"], 2);
        assert!(output.stderr.contains(REFUSED) && output.stderr.contains("htpasswd"), "{}", output.stderr);
    }
}

/// A value of several lines is replaced in the notation that it has.
#[test]
fn a_private_key() {
    let pem = |word: &str| {
        let body = fill(&format!("{{{word}}}"));
        format!("-----BEGIN PRIVATE KEY-----\n{}\n{}\n-----END PRIVATE KEY-----\n", &body[..32], &body[32..])
    };
    let (old, new) = (pem("password"), pem("password2"));
    let escaped = |text: &str| text.replace('\n', "\\n");
    for (old, new_written) in [
        (format!("\"{}\"", old.trim_end()), format!("\"{}\"", new.trim_end())),
        (format!("\"{old}\""), format!("\"{new}\"")),
        (format!("\"{}\"", escaped(&old)), format!("\"{}\"", escaped(&new))),
        (format!("'{}'", escaped(old.trim_end())), format!("'{}'", escaped(new.trim_end()))),
    ] {
        let sandbox = Sandbox::new();
        sandbox.file(".env", 0o600, format!("A=b\nSIGNING_KEY={old}\nZ=y\n"));
        let rotate = ["rotation", "rotate", "SIGNING_KEY", ".env", "--stdin"];
        let output = sandbox.command(&rotate).stdin(&new).run();
        assert_eq!(output.code, 0, "{old}: {}", output.stderr);
        drop(rotation(&sandbox, &["promote", "SIGNING_KEY", ".env"], 0));
        assert_eq!(read(&sandbox, ".env"), format!("A=b\nSIGNING_KEY={new_written}\nZ=y\n"));
        drop(rotation(&sandbox, &["rollback", "SIGNING_KEY", ".env"], 0));
        assert_eq!(read(&sandbox, ".env"), format!("A=b\nSIGNING_KEY={old}\nZ=y\n"));
    }
    // Where the value in use is one line, the application expects one.
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill("SIGNING_KEY={token}\n"));
    let output = sandbox.command(&["rotation", "rotate", "SIGNING_KEY", ".env", "--stdin"]).stdin(&new).run().code(2);
    assert!(output.stderr.contains("the current value is one line"), "{}", output.stderr);
}
