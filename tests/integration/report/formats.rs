//! The formats, from the real binary: JSON against its schema, SARIF against the official one, text in 80 columns.

use std::collections::BTreeSet;

use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::schema::validate;
use serde_json::Value;

const REPORT_SCHEMA: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/report.schema.json"));
const SARIF_SCHEMA: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/sarif-schema-2.1.0.json"));

/// A project in which nearly everything is wrong, names that a terminal would obey included.
pub fn everything_wrong() -> Sandbox {
    use envward::checks::Step;
    let sandbox = Sandbox::new();
    assert!(sandbox.run_steps(&[
        Step::Git("init"),
        Step::File(".env", 0o644, "DB_PASSWORD={password}\nJWT_SECRET={hex64}\nSESSION_SECRET={hex64}\nX=$(id)\n"),
        Step::File(".env.example", 0o644, "DB_PASSWORD=\nSENTRY_DSN=\nREDIS_URL=\n"),
        Step::File(".env.production", 0o600, "REDIS_PASSWORD=redis123\nSMTP_PASSWORD=changeme\nDB_PASSWORD={password}\n"),
        Step::File("Dockerfile", 0o644, "FROM scratch\n"),
        Step::File("a\u{1b}[31m\nb,c:d%/.env", 0o640, "TOKEN={token}\n"),
        Step::File(".env.bak", 0o600, "DB_PASSWORD={password}\n"),
        Step::Git("add -f .env .env.example"),
        Step::Git("commit -m add"),
        Step::File("envward.toml", 0o644, "[[ignore]]\ncheck = \"env-file-copy\"\nreason = \"known\"\nuntil = 2099-01-01\n\n[[ignore]]\ncheck = \"env-file-acl\"\nreason = \"unused\"\n"),
    ]));
    sandbox
}

/// One with a problem beside a finding.
pub fn incomplete() -> Sandbox {
    use envward::checks::Step;
    let sandbox = Sandbox::new();
    assert!(sandbox.run_steps(&[Step::File(".env", 0o644, "DB_PASSWORD={password}\n")]));
    sandbox.fifo(".env.local");
    sandbox
}

pub fn clean() -> Sandbox {
    let sandbox = Sandbox::new();
    assert!(sandbox.run_steps(&[envward::checks::Step::File(".env", 0o600, "DB_PASSWORD={password}\n")]));
    sandbox
}

fn cases() -> [(Sandbox, i32); 3] {
    [(everything_wrong(), 1), (incomplete(), 2), (clean(), 0)]
}

/// The official schema but for one pattern, whose stray bracket only JavaScript takes.
fn sarif_schema() -> String {
    let (broken, mended) = ("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    assert!(SARIF_SCHEMA.contains(broken));
    SARIF_SCHEMA.replace(broken, mended)
}

#[test]
fn json_is_valid_and_says_the_status() {
    for (sandbox, code) in cases() {
        let output = sandbox.envward(&["check", "--format", "json"]);
        assert_eq!(output.code, code, "{}", output.stderr);
        let report = validate(REPORT_SCHEMA, &output.stdout);
        assert_eq!(report["status"], ["clean", "findings", "incomplete"][usize::try_from(code).unwrap()]);
    }
}

#[test]
fn the_schema_refuses_what_is_none() {
    let schema: Value = serde_json::from_str(REPORT_SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(!validator.is_valid(&serde_json::json!({ "schema": "envward.report/1" })));
}

#[test]
fn json_of_a_mistake_is_a_report_too() {
    let sandbox = clean();
    let check = [&["check", "--format", "json", "--as-of", "x"][..], &["check", "--format=json", "no-such-place"]];
    let preflight =
        [&["preflight", "--format", "json", "--as-of", "x"][..], &["preflight", "--format=json", "no-such-place"]];
    for args in check.into_iter().chain(preflight) {
        let output = sandbox.envward(args);
        assert_eq!(output.code, 2);
        assert_eq!(validate(REPORT_SCHEMA, &output.stdout)["status"], "incomplete");
    }
}

#[test]
fn sarif_is_valid() {
    for (sandbox, code) in cases() {
        let output = sandbox.envward(&["check", "--format", "sarif"]);
        assert_eq!(output.code, code);
        let log = validate(&sarif_schema(), &output.stdout);
        let run = &log["runs"][0];
        assert_eq!(run["invocations"][0]["executionSuccessful"], code != 2);
        for result in run["results"].as_array().unwrap() {
            let rule = &run["tool"]["driver"]["rules"][usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
            assert_eq!(rule["id"], result["ruleId"]);
        }
    }
}

#[test]
fn github_has_one_line_a_finding() {
    for (sandbox, code) in cases() {
        let output = sandbox.envward(&["check", "--format", "github"]);
        assert_eq!(output.code, code);
        let report: Value = sandbox.envward(&["check", "--format", "json"]).json();
        let expected = report["findings"].as_array().unwrap().len() + report["problems"].as_array().unwrap().len();
        let lines: Vec<&str> = output.stdout.lines().collect();
        assert_eq!(lines.len(), expected + 1, "{}", output.stdout);
        assert!(lines[..expected].iter().all(|line| line.starts_with("::")));
    }
}

#[test]
fn text_fits_a_terminal_and_cannot_move_it() {
    for (sandbox, code) in cases() {
        let output = sandbox.envward(&["check"]);
        assert_eq!(output.code, code);
        for line in output.stdout.lines() {
            // A command is copied: it stays in one piece.
            let is_command = line.trim_start().starts_with("-> ") && line.contains(".env");
            assert!(line.chars().count() <= 80 || is_command, "{line}");
            assert!(!line.chars().any(char::is_control), "{line:?}");
        }
        // Every check that the JSON names can be found in the text.
        let json: Value = sandbox.envward(&["check", "--format", "json"]).json();
        for finding in json["findings"].as_array().unwrap() {
            assert!(output.stdout.contains(&format!("[{}]", finding["check"].as_str().unwrap())));
        }
    }
}

/// A deployment in which much is wrong, names that a terminal would obey included.
pub fn deployment() -> Sandbox {
    use envward::checks::Step;
    let sandbox = everything_wrong();
    assert!(sandbox.run_steps(&[
        Step::File(
            "compose.yaml",
            0o644,
            "services:\n  a:\n    image: \"x\\e[31m\\nb\"\n    ports: ['5432:5432']\n    environment: {DB_PASSWORD: changeme}\n    env_file: gone\n    \
             volumes: ['/etc:/x']\n  evil: {image: \"\u{202e}y, ::\", depends_on: [a], privileged: yes}\nsecrets:\n  s: {file: \"./\\e\"}\n"
        ),
        Step::File("d\u{1b}[2J\n/docker-compose.prod.yml", 0o644, "services: {a: {image: x}}\n"),
    ]));
    sandbox
}

#[test]
fn so_are_the_reports_of_a_deployment() {
    let sandbox = deployment();
    let run = |format: &str| sandbox.envward(&["preflight", "--format", format]).code(1).stdout;
    let report = validate(REPORT_SCHEMA, &run("json"));
    let checks: BTreeSet<&str> =
        report["findings"].as_array().unwrap().iter().map(|one| one["check"].as_str().unwrap()).collect();
    for check in
        ["secret-in-compose", "published-port", "privileged-container", "env-file-missing", "secret-still-live"]
    {
        assert!(checks.contains(check), "{check}: {checks:?}");
    }
    validate(&sarif_schema(), &run("sarif"));
    let count = report["findings"].as_array().unwrap().len();
    assert_eq!(run("github").lines().count(), count + 1);
    let texts =
        [run("text"), run("checklist"), run("markdown"), sandbox.envward(&["preflight", "--all"]).code(1).stdout];
    for (index, text) in texts.iter().enumerate() {
        for line in text.lines() {
            let is_command = line.trim_start().starts_with("-> ") || index == 2;
            assert!(line.chars().count() <= 80 || is_command, "{line}");
            assert!(!line.chars().any(|letter| letter.is_control() || letter == '\u{202e}'), "{line:?}");
        }
    }
    for format in ["text", "json", "sarif", "github", "gitlab-codequality", "checklist", "markdown", "html"] {
        assert_eq!(run(format), run(format));
    }
}

#[test]
fn colour_only_when_it_is_asked_for() {
    let sandbox = everything_wrong();
    assert!(!sandbox.envward(&["check"]).stdout.contains('\u{1b}'));
    assert!(sandbox.envward(&["check", "--color", "always"]).stdout.contains('\u{1b}'));
}

#[test]
fn two_runs_say_the_same_in_order() {
    let sandbox = everything_wrong();
    for format in ["text", "json", "sarif", "github", "gitlab-codequality", "html"] {
        let run = || sandbox.envward(&["check", "--format", format]).stdout;
        assert_eq!(run(), run());
    }
    let report: Value = sandbox.envward(&["check", "--format", "json"]).json();
    let rank = |finding: &Value| {
        ["critical", "error", "warning", "note"].iter().position(|word| finding["severity"] == **word).unwrap()
    };
    let ranks: Vec<usize> = report["findings"].as_array().unwrap().iter().map(rank).collect();
    assert!(ranks.is_sorted());
    assert!(ranks.iter().collect::<BTreeSet<_>>().len() >= 3, "the project shows several severities");
}

/// GitHub takes a parameter without a value for one with an empty value, and puts the annotation nowhere.
#[test]
fn github_names_a_file_only_where_there_is_one() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    let value = fill("{password}");
    sandbox.file(".gitignore", 0o644, ".env\n");
    sandbox.file(".env", 0o600, format!("DB_PASSWORD={value}\n"));
    sandbox.git(&["add", "."]);
    sandbox.git(&["commit", "-m", &format!("try {value}")]);
    sandbox.git(&["tag", &format!("v-{value}")]);
    let id = sandbox.git(&["rev-parse", "--short=7", "HEAD"]);
    for (args, repository) in [(&["scan"][..], ""), (&["scan", ".", "../project"], ".: ")] {
        let text = sandbox.envward(&[args, &["--format", "github"]].concat()).code(1).stdout;
        let lines: Vec<&str> = text.lines().filter(|line| line.contains("live-value-elsewhere")).collect();
        let start = "::error title=envward live-value-elsewhere::";
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines.iter().all(|line| line.starts_with(&format!("{start}{repository}"))), "{text}");
        assert!(text.contains(&format!("{start}{repository}the message of {id}: ")), "{text}");
        assert!(text.contains(&format!("{start}{repository}refs/tags/v-[masked]: ")), "{text}");
        assert!(!text.contains("file="), "{text}");
    }
}

/// What is copied stays in one piece, as does what stands in backticks.
#[test]
fn the_documentation_fits_a_terminal() {
    let sandbox = Sandbox::new();
    for args in [&["explain"][..], &["explain", "env-file-in-history"], &["explain", "--all"]] {
        let text = sandbox.envward(args).code(0).stdout;
        let mut is_code = false;
        for line in text.lines() {
            is_code ^= line.starts_with("```");
            assert!(is_code || line.chars().count() <= 80 || line.contains('`'), "{args:?}: {line}");
        }
    }
}
