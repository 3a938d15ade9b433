//! How much of a report is shown: equal findings are one group, and what is less grave may be left out.

use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::listed::findings;
use crate::common::schema::validate;

const SCHEMA: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/report.schema.json"));

/// So many env files with two faults each.
fn many(count: usize) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    for at in 1..=count {
        sandbox.file(format!("s{at}/.env"), 0o644, "PORT=80\n");
    }
    sandbox
}

#[test]
fn what_is_said_of_many_files_is_said_once() {
    let text = many(5).envward(&["check"]).code(1).stdout;
    let expected = "5 files: s1/.env, s2/.env, s3/.env and 2 more (--all lists them)\n  warning   ";
    assert!(text.starts_with(expected), "{text}");
    assert_eq!(text.matches("[env-file-mode]").count(), 1, "{text}");
    assert_eq!(text.matches("[env-file-not-ignored]").count(), 1, "{text}");
    assert!(text.contains("            -> envward check --fix\n"), "{text}");
    assert!(text.contains("\n10 warnings in 5 files\n"), "{text}");
    assert!(!text.contains("s4/.env"), "{text}");
}

#[test]
fn all_shows_each() {
    let sandbox = many(5);
    let text = sandbox.envward(&["check", "--all"]).code(1).stdout;
    assert_eq!(text.matches("[env-file-mode]").count(), 5, "{text}");
    assert!(text.contains("-> chmod 600 s4/.env\n") && !text.contains("--all"), "{text}");
    // Few are no group.
    let text = many(3).envward(&["check"]).code(1).stdout;
    assert_eq!(text.matches("[env-file-mode]").count(), 3, "{text}");
    // What programs read is never grouped.
    for format in ["json", "sarif", "github", "gitlab-codequality"] {
        let run = |more: &[&str]| sandbox.envward(&[&["check", "--format", format], more].concat()).code(1).stdout;
        assert_eq!(run(&[]), run(&["--all"]), "{format}");
        assert_eq!(run(&[]).matches("s4/.env").count(), run(&[]).matches("s1/.env").count(), "{format}");
    }
}

/// A command for many files names none of them.
#[test]
fn a_group_of_several_repositories() {
    let sandbox = Sandbox::new();
    for name in ["a", "b"] {
        for at in 1..=3 {
            sandbox.file(format!("{name}/s{at}/.env"), 0o600, fill("API_TOKEN={token}\n"));
        }
        sandbox.mkdir(name, 0o755);
        sandbox.git_in(name, &["init", "--quiet"]);
        sandbox.git_in(name, &["add", "."]);
    }
    let text = sandbox.envward(&["scan", "--recursive"]).code(1).stdout;
    let heading = "6 files in 2 repositories: ./a/s1/.env, ./a/s2/.env, ./a/s3/.env and 3 more";
    assert!(text.contains(heading) || text.contains(&heading.replace("./", "")), "{text}");
    assert_eq!(text.matches("[env-file-tracked]").count(), 1, "{text}");
}

/// One secret in many files is one secret.
#[test]
fn an_exposed_secret_is_counted_once() {
    let sandbox = many(0);
    let value = fill("API_TOKEN={token}\n");
    for at in 1..=6 {
        sandbox.file(format!("s{at}/.env"), 0o600, &value);
    }
    sandbox.git(&["add", "."]);
    sandbox.git(&["commit", "-qm", "add"]);
    let text = sandbox.envward(&["scan"]).code(1).stdout;
    assert!(text.starts_with("1 secret in use is exposed: replace it first\n"), "{text}");
    assert!(text.contains("also in s2/.env, s3/.env, s4/.env and 2 more (--all lists them)"), "{text}");
    assert!(text.contains("\n1 critical, 12 errors in 6 files\n"), "{text}");
    assert_eq!(text.matches("[secret-still-live]").count(), 1, "{text}");
    assert!(text.contains("still in use: 1 secret, named at the top\n"), "{text}");
    let json = sandbox.envward(&["scan", "--format", "json"]).code(1).json();
    let critical = findings(&json).into_iter().filter(|line| line.starts_with("critical"));
    assert_eq!(critical.count(), 6, "the JSON names each place");
}

/// An error, a warning and a note.
fn three() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file(".env.production", 0o600, "DB_PASSWORD=postgres123\n");
    sandbox.file("dev/.env.local", 0o600, fill("NODE_ENV=development\nAPI_TOKEN={token}\n"));
    sandbox.file(".env.development", 0o600, "REDIS_PASSWORD=redis123\n");
    sandbox
}

#[test]
fn what_is_shown_does_not_change_the_exit_status() {
    let sandbox = three();
    let run = |more: &[&str]| sandbox.envward(&[&["check", "--no-history"], more].concat());
    let whole = run(&[]).code(1).stdout;
    assert!(whole.contains("  note ") && whole.contains("  error ") && !whole.contains("not shown"), "{whole}");
    let errors = run(&["--min-severity", "error"]).code(1).stdout;
    assert!(!errors.contains("  note ") && errors.contains("  error "), "{errors}");
    assert!(errors.contains("\n1 note not shown (--min-severity)\n"), "{errors}");
    // What fails the run is not shown, and fails it all the same.
    let critical = run(&["--min-severity", "critical"]).code(1).stdout;
    assert!(critical.starts_with("no finding of severity critical or above\n"), "{critical}");
    assert!(
        critical.contains("\n1 error, 1 note not shown (--min-severity)\n") && !critical.contains("clean"),
        "{critical}"
    );
    let note = run(&["--min-severity", "critical", "--fail-on", "note"]);
    assert!(!note.code(1).stdout.contains("clean"));
    drop(run(&["--min-severity", "critical", "--fail-on", "critical"]).code(0));
}

#[test]
fn every_format_leaves_it_out() {
    let sandbox = three();
    let run = |format: &str, more: &[&str]| {
        let args = [&["check", "--no-history", "--format", format], more].concat();
        sandbox.envward(&args).code(1).stdout
    };
    let json = validate(SCHEMA, &run("json", &["--min-severity", "error"]));
    assert_eq!(findings(&json), ["error weak-secret .env.production DB_PASSWORD"]);
    assert_eq!((json["not_shown"].as_u64(), json["status"].as_str()), (Some(1), Some("findings")));
    for format in ["sarif", "github", "gitlab-secret-detection", "gitlab-codequality", "junit", "html"] {
        let text = run(format, &["--min-severity", "error"]);
        assert!(text.contains("DB_PASSWORD is ") && !text.contains("REDIS_PASSWORD is "), "{format}: {text}");
        assert!(run(format, &[]).contains("REDIS_PASSWORD is "), "{format}");
    }
    for format in ["json", "sarif", "github", "gitlab-codequality", "html"] {
        assert_eq!(run(format, &[]), run(format, &["--min-severity", "note"]), "{format}");
        assert!(!run(format, &[]).contains("not_shown"), "{format}");
    }
    let checklist = |more: &[&str]| {
        let args = [&["preflight", "--format", "checklist"], more].concat();
        sandbox.envward(&args).stdout
    };
    assert_eq!(checklist(&[]), checklist(&["--min-severity", "critical"]), "a checklist has all its lines");
}
