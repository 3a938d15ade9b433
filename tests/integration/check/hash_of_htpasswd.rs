//! A line that htpasswd writes, `user:HASH`, fares like a hash alone.

use crate::common::Sandbox;

/// `check severity` of each finding about how the value is written.
fn found(line: &str) -> Vec<String> {
    let sandbox = Sandbox::new();
    sandbox.file(".env.production", 0o600, format!("{line}\n"));
    let report = sandbox.envward(&["check", "--format", "json", "--exit-zero"]).json();
    let all = report["findings"].as_array().unwrap().iter().filter(|one| one["key"] == "TRAEFIK_AUTH");
    let of = |one: &serde_json::Value| {
        (one["check"].as_str().unwrap().to_owned(), one["severity"].as_str().unwrap().to_owned())
    };
    let checks = ["hash-rewritten", "broken-hash", "rewritten-by-compose"];
    let mut found: Vec<String> = all
        .map(of)
        .filter(|(check, _)| checks.contains(&check.as_str()))
        .map(|(check, severity)| format!("{check} {severity}"))
        .collect();
    found.sort();
    found
}

#[test]
fn as_a_hash_alone() {
    let bcrypt = format!("$2y$12${}", "a".repeat(53));
    let md5 = format!("$apr1$salt1234${}", "b".repeat(22));
    for hash in [bcrypt.as_str(), &md5] {
        for user in ["", "admin:"] {
            let doubled = format!("{user}{hash}").replace('$', "$$");
            for (value, expected) in [
                (format!("{user}{hash}"), "hash-rewritten error"),
                (format!("\"{user}{hash}\""), "hash-rewritten error"),
                (format!("'{user}{hash}'"), "hash-rewritten note"),
                // Compose halves each pair, unless it is in single quotes.
                (doubled.clone(), "hash-rewritten note"),
                (format!("'{doubled}'"), "hash-rewritten error"),
            ] {
                assert_eq!(found(&format!("TRAEFIK_AUTH={value}")), [expected], "{value}");
            }
        }
    }
    // What follows the user is judged.
    assert_eq!(found("TRAEFIK_AUTH='admin:$2y$12$abcdefghijklmnop'"), ["broken-hash error", "hash-rewritten note"]);
}
