//! The report: formats, exit statuses, what is never shown.

use super::*;
use crate::common::own_uid_is_root;

#[test]
fn every_format_names_the_place_and_shows_no_line() {
    let sandbox = project();
    set_mode(sandbox.root(), 0o755);
    sandbox.file("notes.txt", 0o644, format!("zebra {} it\n", value()));
    outside(&sandbox, "other/dump.sql", format!("zebra {} it\n", value()));
    let other = sandbox.root().join("other/dump.sql");
    let other = other.to_str().unwrap();
    for format in ["text", "json", "sarif", "github", "gitlab-secret-detection", "gitlab-codequality", "junit", "html"]
    {
        let output = sandbox.envward(&["trace", "notes.txt", other, "--format", format]).code(1);
        assert!(output.stdout.contains("notes.txt") && output.stdout.contains(other), "{format}: {}", output.stdout);
        assert!(!output.stdout.contains("zebra") && !output.stdout.contains(&value()), "{format}");
    }
    let sarif = sandbox.envward(&["trace", "notes.txt", other, "--format", "sarif"]).code(1).json();
    let places: Vec<&Value> =
        sarif["runs"][0]["results"].as_array().unwrap().iter().map(|one| &one["locations"][0]).collect();
    let uri = |place: &Value| place["physicalLocation"]["artifactLocation"]["uri"].clone();
    assert!(places.iter().any(|place| uri(place) == "notes.txt"), "{places:?}");
    // No checkout has a file outside the project: it is shown at the env file.
    let outer = places.iter().find(|place| place["logicalLocations"][0]["kind"] == "resource").unwrap();
    assert_eq!(uri(outer), ".env");
    assert!(outer["logicalLocations"][0]["fullyQualifiedName"].as_str().unwrap().starts_with(other), "{outer}");
    let github = sandbox.envward(&["trace", "notes.txt", other, "--format", "github"]).code(1).stdout;
    assert!(github.contains("::error file=notes.txt,line=1,"), "{github}");
    assert!(!github.contains(&format!("file={other}")), "{github}");
}

/// A name may contain a value that only a compose file has.
#[test]
fn what_a_compose_file_contains_is_in_no_name() {
    let sandbox = project();
    let other = fill("{hex64}");
    let compose = format!("services:\n  app:\n    image: app:1\n    environment:\n      JWT_SECRET: {other}\n");
    sandbox.file("compose.yaml", 0o600, compose);
    sandbox.file(format!("dump-{other}.sql"), 0o644, value());
    for format in ["text", "json", "sarif", "github"] {
        let output = sandbox.envward(&["trace", ".", "--format", format]).code(1);
        assert!(output.stdout.contains("dump-") && !output.stdout.contains(&other), "{format}: {}", output.stdout);
    }
}

#[test]
fn the_screen_says_what_to_do() {
    let sandbox = project();
    set_mode(sandbox.root(), 0o755);
    sandbox.file("logs/app.log", 0o644, value());
    outside(&sandbox, "home/.psql_history", format!("x\n{}\n", value()));
    let text = sandbox.envward(&["trace"]).code(1).normalized();
    assert!(text.contains("-> replace the secret now: envward rotation rotate DB_PASSWORD .env\n"), "{text}");
    assert!(text.contains("truncate -s 0 logs/app.log\n"), "{text}");
    assert!(text.contains("sed -i 2d $SANDBOX/home/.psql_history\n"), "{text}");
    assert!(text.contains("readable by\n") || text.contains("readable by every account"), "{text}");
}

#[test]
fn an_ignore_and_a_severity() {
    let sandbox = project();
    set_mode(sandbox.root(), 0o755);
    sandbox.file("notes.txt", 0o644, value());
    let ignore = format!("[[ignore]]\ncheck = \"{ON_DISK}\"\npath = \"notes.txt\"\nreason = \"a test\"\n");
    sandbox.file("envward.toml", 0o644, ignore);
    let report = trace(&sandbox, &[], 0);
    assert_eq!(listed::hidden(&report), [format!("critical {ON_DISK} notes.txt DB_PASSWORD")]);
    sandbox.file("envward.toml", 0o644, "");
    sandbox.file("notes.txt", 0o600, value());
    let code = i32::from(!own_uid_is_root());
    let _ = sandbox.envward(&["trace", "."]).code(code);
    let _ = sandbox.envward(&["trace", ".", "--fail-on", "note"]).code(1);
    let _ = sandbox.envward(&["trace", ".", "--fail-on", "error"]).code(0);
}

/// Ctrl-C ends the search and not the report.
#[test]
fn what_was_found_before_an_interrupt_is_told() {
    let sandbox = project();
    sandbox.file("a", 0o600, value());
    // A shell without a terminal lets what it starts in the background ignore Ctrl-C; the tests may be that.
    let program = env!("CARGO_BIN_EXE_envward");
    let line = format!("exec env --default-signal=INT {program} trace a - --format json");
    let mut command = sandbox.shell(&line).into_command();
    let piped = std::process::Stdio::piped;
    let mut child = command.stdin(piped()).stdout(piped()).stderr(piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    // It reads what is written as long as it lives.
    for _ in 0..50 {
        input.write_all(&[b'x'; 65536]).unwrap();
    }
    let id = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    for _ in 0..1000 {
        if input.write_all(&[b'x'; 65536]).is_err() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(listed::problems(&report), ["interrupted"]);
    assert_eq!(listed::findings(&report).len(), 1);
}
