//! `envward.toml` and inline ignores: what is refused and how, what hides a finding and for how long, what is accepted.

use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::listed::{accepted, findings, hidden, problems, project, report, the};
use envward::checks::Step::{File, Git};
use serde_json::Value;

const GOOD: &str = "DB_PASSWORD={password}\n";
const NONE: [&str; 0] = [];

fn with(config: &str) -> Sandbox {
    let sandbox = project(&[File(".env", 0o644, GOOD)]);
    sandbox.file("envward.toml", 0o644, config);
    sandbox
}

#[track_caller]
fn check(sandbox: &Sandbox, args: &[&str], code: i32) -> Value {
    report(sandbox, &[&["check"], args].concat(), code)
}

// What is refused.

/// The configuration is refused at this line, with this message and hint; nothing else is reported.
#[track_caller]
fn refused(config: &str, line: u32, message: &str, hint: &str) {
    let sandbox = with(config);
    let output = sandbox.envward(&["check", "--format", "json"]).code(2);
    let report = output.json();
    let expected = format!("envward.toml:{line}: {message}");
    assert_eq!(report["status"], "incomplete");
    assert_eq!((findings(&report), problems(&report)), (vec![], vec!["configuration".to_owned()]));
    assert_eq!(
        (report["problems"][0]["message"].as_str(), report["problems"][0]["help"].as_str()),
        (Some(&*expected), Some(hint))
    );
    // A long hint goes on below itself.
    let shown = output.stderr.replace("\n        ", " ");
    assert_eq!(shown, format!("error: {expected}\n  hint: {hint}\n"));
    assert!(output.stderr.lines().skip(1).all(|line| line.chars().count() <= 80), "{}", output.stderr);
}

#[test]
fn an_unknown_key_with_the_one_that_may_be_meant() {
    refused("[[ignroe]]\n", 1, "unknown key `ignroe`", "did you mean `ignore`?");
    refused("\n[files]\n\nextr = []\n", 4, "unknown key `extr` in [files]", "did you mean `extra`?");
    refused(
        "[project]\nzebra = 1\n",
        2,
        "unknown key `zebra` in [project]",
        "`envward check --print-config` shows every key",
    );
    refused(
        "[[ignore]]\ncheck = \"weak-secret\"\nresaon = \"x\"\n",
        3,
        "unknown key `resaon` in [[ignore]]",
        "did you mean `reason`?",
    );
    refused(
        "[policy.minimum_length]\njwt-secrets = 64\n",
        2,
        "unknown key `jwt-secrets` in [policy.minimum_length]",
        "did you mean `jwt-secret`?",
    );
}

#[test]
fn a_wrong_type_with_its_line() {
    let cases = [
        ("[project]\nname = 1\n", 2, "name", "a string"),
        ("[files]\nextra = \"x\"\n", 2, "extra", "a list of strings"),
        ("[files]\nextra = [\n\"a\",\n2]\n", 2, "extra", "a list of strings"),
        ("files = 3\n", 1, "files", "a table"),
        ("ignore = 3\n", 1, "ignore", "one or more [[tables]]"),
        ("[files]\nallowed_modes = [\"0644\"]\n", 2, "allowed_modes", "modes such as \"0640\", closed to others"),
        ("[files]\nallowed_modes = [\"x\"]\n", 2, "allowed_modes", "modes such as \"0640\", closed to others"),
        ("[files]\nallowed_modes = [640]\n", 2, "allowed_modes", "a list of strings"),
        ("[project.environments]\n\".env\" = \"prodution\"\n", 2, "environments", "development, test or production"),
        ("[policy.minimum_length]\njwt-secret = 8\n", 2, "minimum_length", "a number of characters from 16 to 4096"),
        ("[policy.classes]\nA = \"x\"\n", 2, "classes", "a class such as \"database-password\", or \"not-secret\""),
        (
            "[files]\nextra = [\"a[\"]\n",
            2,
            "extra",
            "a path below the project root, or a pattern such as `config/*.env`",
        ),
        (
            "[[ignore]]\ncheck = \"weak-secret\"\nreason = \"x\"\nuntil = \"tomorrow\"\n",
            4,
            "until",
            "a date: 2026-12-31",
        ),
    ];
    for (config, line, key, takes) in cases {
        refused(config, line, &format!("`{key}` has a value it cannot take"), &format!("it takes {takes}"));
    }
}

#[test]
fn no_toml() {
    refused("[files]\nextra = [\n\n= x\n", 4, "not valid TOML", "this line is not TOML; strings stand in quotes");
}

#[test]
fn a_key_that_must_be_there() {
    let say_why = "say why: whoever reads this later has only the reason";
    let every_key = "`envward check --print-config` shows every key";
    for reason in ["", "reason = \"\"\n", "reason = \"  \"\n"] {
        refused(&format!("[[ignore]]\ncheck = \"weak-secret\"\n{reason}"), 1, "[[ignore]] has no `reason`", say_why);
        refused(
            &format!("\n[[accept]]\nproblem = \"shallow-clone\"\n{reason}"),
            2,
            "[[accept]] has no `reason`",
            say_why,
        );
    }
    refused("[[ignore]]\nreason = \"x\"\n", 1, "[[ignore]] has no `check`", every_key);
    refused("[[accept]]\nreason = \"x\"\n", 1, "[[accept]] has no `problem`", every_key);
    for problem in ["unreadable-path", "modes-meaningless"] {
        let config = format!("[[accept]]\nproblem = \"{problem}\"\nreason = \"x\"\n");
        refused(&config, 1, "[[accept]] has no `path`", every_key);
    }
}

#[test]
fn a_check_that_does_not_exist() {
    let config = "[[ignore]]\ncheck = \"weak-secert\"\nreason = \"x\"\n";
    refused(config, 1, "no check has this id", "did you mean `weak-secret`?");
}

#[test]
fn an_ignore_of_history_must_say_through_what() {
    for check in ["env-file-in-history", "secret-still-live"] {
        refused(
            &format!("[[ignore]]\ncheck = \"{check}\"\nreason = \"x\"\n"),
            1,
            "this ignore would hide every later leak in the same path",
            "add `through = \"<commit>\"`, the last commit it covers, so that a later leak is not hidden",
        );
    }
}

#[test]
fn corruption_and_the_like_cannot_be_accepted() {
    for problem in [
        "corrupt-object",
        "missing-object",
        "foreign-owner",
        "broken-index",
        "broken-ref",
        "unsupported-repository",
        "git-failed",
        "not-a-file",
        "too-large",
        "vanished-file",
        "unanswered",
        "not-a-repository",
    ] {
        refused(
            &format!("[[accept]]\nproblem = \"{problem}\"\nreason = \"x\"\n"),
            1,
            "this problem cannot be accepted",
            "only unreadable-path, modes-meaningless, shallow-clone and partial-clone can be accepted",
        );
    }
    refused(
        "[[accept]]\nproblem = \"nonsense\"\nreason = \"x\"\n",
        2,
        "`problem` has a value it cannot take",
        "it takes the word that the report prints for the problem",
    );
}

// What an ignore hides.

/// A project with the same two findings in each of three files.
fn three() -> Sandbox {
    let text = "JWT_SECRET=redis123\nSESSION_SECRET=postgres123\n";
    project(&[File("a/.env", 0o644, text), File("b/.env", 0o644, text), File("b/deep/.env", 0o644, text)])
}

#[test]
fn by_path_and_by_pattern() {
    for (path, left) in [
        ("a/.env", &["b/.env", "b/deep/.env"][..]),
        ("*/.env", &["b/deep/.env"]),
        ("b/**", &["a/.env"]),
        ("**/.env", &[]),
        (".env", &["a/.env", "b/.env", "b/deep/.env"]),
        ("b/", &["a/.env", "b/.env", "b/deep/.env"]),
    ] {
        let sandbox = three();
        let config = format!("[[ignore]]\ncheck = \"env-file-mode\"\npath = \"{path}\"\nreason = \"known\"\n");
        sandbox.file("envward.toml", 0o644, config);
        let report = check(&sandbox, &[], 1);
        let modes: Vec<String> = findings(&report).into_iter().filter(|line| line.contains("env-file-mode")).collect();
        let expected: Vec<String> = left.iter().map(|path| format!("error env-file-mode {path}")).collect();
        assert_eq!(modes, expected, "{path}");
        assert_eq!(hidden(&report).len(), 3 - left.len(), "{path}");
        assert_eq!(report["unused_ignores"].as_array().unwrap().len(), usize::from(left.len() == 3), "{path}");
    }
}

#[test]
fn without_a_path_everywhere() {
    let sandbox = three();
    sandbox.file("envward.toml", 0o644, "[[ignore]]\ncheck = \"env-file-mode\"\nreason = \"known\"\n");
    assert_eq!(hidden(&check(&sandbox, &[], 1)).len(), 3);
}

#[test]
fn by_key() {
    let sandbox = three();
    let config = "[[ignore]]\ncheck = \"weak-secret\"\nkey = \"JWT_SECRET\"\npath = \"a/*\"\nreason = \"known\"\n";
    sandbox.file("envward.toml", 0o644, config);
    let report = check(&sandbox, &[], 1);
    assert_eq!(hidden(&report), ["warning weak-secret a/.env JWT_SECRET"]);
    the(&report, "weak-secret", "a/.env");
}

#[test]
fn what_is_hidden_is_counted_with_place_and_reason() {
    let sandbox =
        with("\n[[ignore]]\ncheck = \"env-file-mode\"\nreason = \"the backup group reads it\"\nuntil = 2099-12-31\n");
    let report = check(&sandbox, &[], 0);
    assert_eq!(hidden(&report), ["error env-file-mode .env"]);
    let expected =
        serde_json::json!({ "place": "envward.toml:2", "reason": "the backup group reads it", "until": "2099-12-31" });
    assert_eq!(report["hidden"][0]["ignored_by"], expected);
    let text = sandbox.envward(&["check"]).code(0).stdout;
    assert_eq!(text, "clean (1 finding ignored)\nexamined 1 env file, 2 files\n");
}

#[test]
fn an_expired_ignore_hides_nothing_and_is_reported() {
    let sandbox = with("[[ignore]]\ncheck = \"env-file-mode\"\nreason = \"known\"\nuntil = 2026-03-31\n");
    let report = check(&sandbox, &["--as-of", "2026-03-31"], 0);
    assert_eq!(hidden(&report), ["error env-file-mode .env"]);
    let report = check(&sandbox, &["--as-of", "2026-04-01"], 1);
    assert_eq!(findings(&report), ["error env-file-mode .env", "warning unused-ignore envward.toml"]);
    assert!(the(&report, "unused-ignore", "envward.toml")["title"].as_str().unwrap().contains("has ended"));
    assert_eq!(report["unused_ignores"][0]["until"], "2026-03-31");
}

#[test]
fn an_ignore_that_hides_nothing_is_reported_with_its_line() {
    let sandbox = with(
        "[[ignore]]\ncheck = \"env-file-mode\"\nreason = \"known\"\n\n[[ignore]]\ncheck = \"env-file-acl\"\nreason = \"x\"\n",
    );
    let report = check(&sandbox, &[], 1);
    assert_eq!(findings(&report), ["warning unused-ignore envward.toml"]);
    let finding = the(&report, "unused-ignore", "envward.toml");
    assert_eq!((&finding["line"], &finding["facts"]["check"]), (&5.into(), &"env-file-acl".into()));
}

#[test]
fn where_something_was_not_examined_ignores_are_not_judged() {
    let unused = "[[ignore]]\ncheck = \"env-file-acl\"\nreason = \"x\"\n";
    let sandbox = project(&[File(".env", 0o600, GOOD), File("sub/.env", 0o600, GOOD)]);
    sandbox.file("envward.toml", 0o644, unused);
    assert_eq!(findings(&check(&sandbox, &[], 1)), ["warning unused-ignore envward.toml"]);
    // A part of the project.
    assert_eq!(findings(&check(&sandbox, &["sub"], 0)), NONE);
    // A problem.
    sandbox.fifo(".env.local");
    let report = check(&sandbox, &[], 2);
    assert_eq!((findings(&report), problems(&report)), (vec![], vec!["not-a-file .env.local".to_owned()]));
}

#[test]
fn ignores_of_checks_that_did_not_run_are_not_judged() {
    let sandbox = project(&[Git("init"), File("README", 0o644, ""), Git("add ."), Git("commit -m start")]);
    let config = "[[ignore]]\ncheck = \"env-file-in-history\"\nthrough = \"main\"\nreason = \"x\"\n";
    sandbox.file("envward.toml", 0o644, config);
    assert_eq!(findings(&check(&sandbox, &["--no-history"], 0)), NONE);
    assert_eq!(findings(&check(&sandbox, &[], 1)), ["warning unused-ignore envward.toml"]);
    let config = "[[ignore]]\ncheck = \"env-file-mode\"\nreason = \"x\"\n";
    sandbox.file("envward.toml", 0o644, config);
    assert_eq!(findings(&report(&sandbox, &["scan"], 0)), NONE);
}

// Through a commit.

fn commit(sandbox: &Sandbox, path: &str, text: &str) -> String {
    sandbox.file(path, 0o600, fill(text));
    sandbox.git(&["add", "-f", path]);
    sandbox.git(&["commit", "-qm", "change"]);
    sandbox.git(&["rev-parse", "HEAD"])
}

fn through(sandbox: &Sandbox, commit: &str) {
    let ignore = |check: &str| {
        format!("[[ignore]]\ncheck = \"{check}\"\npath = \".env\"\nthrough = \"{commit}\"\nreason = \"replaced\"\n")
    };
    sandbox.file("envward.toml", 0o644, ignore("env-file-in-history"));
}

#[test]
fn through_hides_up_to_that_commit_and_a_later_leak_surfaces() {
    let sandbox = project(&[Git("init")]);
    let first = commit(&sandbox, ".env", "DB_PASSWORD={password}\n");
    sandbox.git(&["rm", "-q", ".env"]);
    sandbox.git(&["commit", "-qm", "remove"]);
    let removal = sandbox.git(&["rev-parse", "HEAD"]);
    sandbox.git(&["tag", "known"]);
    for named in [&first, &first[..7], &removal, "known", "main"] {
        through(&sandbox, named);
        assert_eq!(hidden(&check(&sandbox, &[], 0)), ["error env-file-in-history .env"], "{named}");
        assert_eq!(hidden(&report(&sandbox, &["scan"], 0)), ["error env-file-in-history .env"], "{named}");
    }
    through(&sandbox, "known");
    commit(&sandbox, ".env", "DB_PASSWORD={password2}\n");
    sandbox.git(&["rm", "-q", ".env"]);
    sandbox.git(&["commit", "-qm", "remove"]);
    assert_eq!(
        findings(&check(&sandbox, &[], 1)),
        ["error env-file-in-history .env", "warning unused-ignore envward.toml"]
    );
}

#[test]
fn through_does_not_cover_another_branch() {
    let sandbox = project(&[Git("init"), File("README", 0o644, ""), Git("add ."), Git("commit -m start")]);
    commit(&sandbox, ".env", GOOD);
    sandbox.git(&["rm", "-q", ".env"]);
    sandbox.git(&["commit", "-qm", "remove"]);
    sandbox.git(&["tag", "known"]);
    sandbox.git(&["checkout", "-qb", "side", "HEAD~2"]);
    commit(&sandbox, ".env", "DB_PASSWORD={password2}\n");
    sandbox.git(&["checkout", "-q", "main"]);
    through(&sandbox, "known");
    assert_eq!(hidden(&check(&sandbox, &[], 1)), NONE);
}

#[test]
fn through_a_commit_that_does_not_exist_hides_nothing() {
    let sandbox = project(&[Git("init")]);
    commit(&sandbox, ".env", GOOD);
    for named in ["0123456", "nowhere", "", "HEAD^{tree}"] {
        through(&sandbox, named);
        let report = check(&sandbox, &["--as-of", "2026-06-30"], 1);
        assert_eq!(hidden(&report), NONE, "{named}");
        the(&report, "unused-ignore", "envward.toml");
    }
}

// In the env file.

#[test]
fn a_comment_with_a_reason_hides_the_next_line_alone() {
    let sandbox = project(&[File(
        ".env",
        0o600,
        "# envward: ignore[weak-secret] only on a socket\nJWT_SECRET=redis123\nSESSION_SECRET=postgres123\n",
    )]);
    let report = check(&sandbox, &[], 1);
    assert_eq!(findings(&report), ["warning weak-secret .env SESSION_SECRET"]);
    assert_eq!(hidden(&report), ["warning weak-secret .env JWT_SECRET"]);
    // What stands in an env file is not printed.
    let expected = serde_json::json!({ "place": ".env:1", "reason": null, "until": null });
    assert_eq!(report["hidden"][0]["ignored_by"], expected);
}

#[test]
fn a_comment_that_does_not_act_is_reported() {
    for (comment, title) in [
        ("# envward: ignore[weak-secret]", "without a reason does not act"),
        ("# envward: ignore[weak-secret]   ", "without a reason does not act"),
        ("# envward: ignore[weak-secrets] why", "names no check that exists"),
        ("# envward: ignore[short-secret] why", "hides nothing"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.file(".env", 0o600, format!("{comment}\nJWT_SECRET=redis123\n"));
        let report = check(&sandbox, &[], 1);
        assert_eq!(
            findings(&report),
            ["warning unused-ignore .env", "warning weak-secret .env JWT_SECRET"],
            "{comment}"
        );
        let finding = the(&report, "unused-ignore", ".env");
        assert_eq!(finding["line"], 1);
        assert!(finding["title"].as_str().unwrap().contains(title), "{comment}: {}", finding["title"]);
    }
}

// What is accepted.

#[test]
fn an_unreadable_path_by_pattern_and_until_a_day() {
    let sandbox = project(&[File(".env", 0o600, GOOD), File("data/db/.env", 0o600, GOOD)]);
    let config = "[[accept]]\nproblem = \"unreadable-path\"\npath = \"data/*\"\nreason = \"the database's\"\nuntil = 2030-01-01\n";
    sandbox.file("envward.toml", 0o644, config);
    std::fs::set_permissions(sandbox.path("data/db"), std::os::unix::fs::PermissionsExt::from_mode(0o000)).unwrap();
    let run = |day: &str| sandbox.command_bound_by_modes(&["check", "--format=json", "--as-of", day]);
    let (Some(within), Some(after)) = (run("2030-01-01"), run("2030-01-02")) else {
        return crate::common::skip("root reads every directory, and cannot give that up here");
    };
    let report = within.run().code(0).json();
    assert_eq!(
        (problems(&report), accepted(&report)),
        (vec![], vec!["unreadable-path data/db the database's".to_owned()])
    );
    assert_eq!(report["accepted"][0]["until"], "2030-01-01");
    let report = after.run().code(2).json();
    assert_eq!((problems(&report), accepted(&report)), (vec!["unreadable-path data/db".to_owned()], vec![]));
    std::fs::set_permissions(sandbox.path("data/db"), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
}

// Which file.

#[test]
fn another_configuration_on_the_command_line() {
    let sandbox = with("[[ignore]]\ncheck = \"env-file-mode\"\nreason = \"known\"\n");
    sandbox.file("ci/other.toml", 0o644, "[files]\nallowed_modes = []\n");
    assert_eq!(findings(&check(&sandbox, &[], 0)), NONE);
    assert_eq!(findings(&check(&sandbox, &["--config", "ci/other.toml"], 1)), ["error env-file-mode .env"]);
    // From another directory, relative to it.
    let run = sandbox.command(&["check", "--format=json", "--config", "other.toml"]).dir("ci").run().code(1);
    assert_eq!(findings(&run.json()), ["error env-file-mode .env"]);
    let output = sandbox.envward(&["check", "--config", "nowhere.toml"]).code(2);
    assert!(output.stderr.contains("nowhere.toml"), "{}", output.stderr);
    sandbox.file("ci/other.toml", 0o644, "[fils]\n");
    let output = sandbox.envward(&["check", "--config", "ci/other.toml"]).code(2);
    assert!(output.stderr.starts_with("error: ci/other.toml:1: unknown key `fils`\n"), "{}", output.stderr);
}

#[test]
fn a_bare_repository_has_the_configuration_of_head() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q", "work"]);
    sandbox.file("work/.env", 0o600, fill(GOOD));
    let config = "[[ignore]]\ncheck = \"env-file-in-history\"\nthrough = \"main\"\nreason = \"known\"\n";
    sandbox.file("work/envward.toml", 0o644, config);
    sandbox.git_in("work", &["add", "-f", "."]);
    sandbox.git_in("work", &["commit", "-qm", "add"]);
    sandbox.git(&["clone", "-q", "--bare", "work", "bare.git"]);
    assert_eq!(hidden(&report(&sandbox, &["scan", "bare.git"], 0)), ["error env-file-in-history .env"]);
}

#[test]
fn not_above_the_repository() {
    let sandbox = Sandbox::new();
    sandbox.file("envward.toml", 0o644, "[[ignore]]\ncheck = \"env-file-mode\"\nreason = \"known\"\n");
    sandbox.git(&["init", "-q", "repo"]);
    sandbox.file("repo/.gitignore", 0o644, ".env\n");
    sandbox.file("repo/.env", 0o644, fill(GOOD));
    assert_eq!(findings(&check(&sandbox, &["repo"], 1)), ["error env-file-mode .env"]);
}

/// A change that declares a secret harmless is seen in the report.
#[test]
fn what_is_declared_harmless_is_counted() {
    for (declared, count, said) in [
        ("A_SECRET = \"not-secret\"", 1, "(1 key set to not-secret)"),
        ("A_SECRET = \"not-secret\"\nB_TOKEN = \"not-secret\"", 2, "(2 keys set to not-secret)"),
        ("PORT = \"not-secret\"\nGONE = \"not-secret\"", 0, ""),
        ("A_SECRET = \"jwt-secret\"", 0, ""),
    ] {
        let sandbox = Sandbox::new();
        sandbox.file(".env", 0o600, fill("A_SECRET={hex}\nB_TOKEN={password}\nPORT=80\n"));
        sandbox.file("envward.toml", 0o644, format!("[policy.classes]\n{declared}\n"));
        let args = ["check", "--exit-zero", "--format"];
        let json = sandbox.envward(&[&args[..], &["json"]].concat()).code(0).json();
        assert_eq!(json["examined"]["declared_harmless"], count, "{declared}");
        let text = sandbox.envward(&[&args[..], &["text"]].concat()).code(0).stdout;
        assert!(text.contains(said) && (count > 0 || !text.contains("not-secret")), "{text}");
    }
}
