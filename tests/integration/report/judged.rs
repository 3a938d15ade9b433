//! The formats of other programs, judged by programs that are not envward's: Microsoft's SARIF validator with GitHub's
//! rules, check-jsonschema, and an XML Schema validator with Jenkins's schema of JUnit XML. `.ci/readers` installs them.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::formats::{clean, deployment, everything_wrong, incomplete};
use crate::common::fill::fill;
use crate::common::{Sandbox, own_file, skip};

const SECRET_DETECTION: &str = "tests/vectors/gitlab-secret-detection.schema.json";
const CODE_QUALITY: &str = "tests/vectors/gitlab-codequality.schema.json";

/// Values in a commit message, a tag's name and a content without a path, and hooks outside the project.
fn in_no_file() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    let value = fill("{password}");
    sandbox.file(".gitignore", 0o644, ".env\n");
    sandbox.file(".env", 0o600, format!("DB_PASSWORD={value}\n"));
    sandbox.git(&["add", "."]);
    sandbox.git(&["commit", "-m", &format!("try {value}")]);
    sandbox.git(&["tag", &format!("v-{value}")]);
    sandbox.file("loose.env", 0o600, fill("API_TOKEN={token}\n"));
    sandbox.git(&["hash-object", "-w", "loose.env"]);
    std::fs::remove_file(sandbox.path("loose.env")).unwrap();
    drop(sandbox.envward(&["hook", "install"]).code(0));
    sandbox.git(&["config", "core.hooksPath", "/nowhere/hooks"]);
    sandbox
}

fn containers() -> Sandbox {
    let sandbox = Sandbox::new();
    let text = r#"[{ "Name": "/backend", "HostConfig": { "Privileged": true },
        "Config": { "Image": "x:latest", "Env": ["DB_PASSWORD={password}", "API_KEY=changeme"] } }]"#;
    sandbox.file("inspect.json", 0o600, fill(text));
    sandbox
}

/// Several findings of one check in one file, and a problem without a file.
fn alike() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("Dockerfile", 0o644, "FROM node\nFROM debian\nRUN curl x | sh\n");
    sandbox.file(
        "compose.yaml",
        0o644,
        "services: {a: {image: x, ports: ['1:1', '2:2']}, b: {image: y, ports: ['3:3']}}\n",
    );
    sandbox
}

/// Each project, and the commands that report on it.
fn cases() -> Vec<(Sandbox, &'static [&'static str])> {
    vec![
        (everything_wrong(), &["check"]),
        (incomplete(), &["check"]),
        (clean(), &["check"]),
        (deployment(), &["preflight"]),
        (in_no_file(), &["scan"]),
        (in_no_file(), &["check"]),
        (in_no_file(), &["scan", ".", "../project"]),
        (containers(), &["preflight", "--inspect", "inspect.json"]),
        (alike(), &["preflight"]),
        (Sandbox::new(), &["scan"]),
    ]
}

/// What `.ci/readers` installs; `None` where it did not.
fn gate() -> Option<PathBuf> {
    let gate = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/gate");
    let is_there = gate.join("judges/junit-10.xsd").is_file();
    if !is_there {
        skip("target/gate is missing: `.ci/readers` installs it");
    }
    is_there.then_some(gate)
}

fn run(sandbox: &Sandbox, args: &[&str], format: &str) -> String {
    let output = |format| sandbox.envward(&[args, &["--format", format]].concat());
    let (told, json) = (output(format), output("json"));
    assert_eq!(told.code, json.code, "{args:?} {format}: {}", told.stderr);
    told.stdout
}

/// Runs a judge; what it says, and whether it agrees.
fn judged(program: &Path, args: &[&str]) -> (bool, String) {
    let output = Command::new(program).args(args).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), text)
}

fn written(text: &str, name: &str) -> (tempfile::TempDir, String) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (dir, path)
}

/// What Microsoft's validator objects to, at the levels error and warning: the rule and the report, from 0.
fn objections(gate: &Path, reports: &[String]) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    for (number, text) in reports.iter().enumerate() {
        std::fs::write(dir.path().join(format!("{number}.sarif")), text).unwrap();
    }
    let (all, out) = (dir.path().join("*.sarif"), dir.path().join("out"));
    let program = gate.join("judges/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool");
    let config = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/integration/report/judges/sarif.xml");
    let rules = ["--config", config, "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"];
    let (_, said) = judged(
        &program,
        &[&["validate", all.to_str().unwrap(), "--output", out.to_str().unwrap()], &rules[..]].concat(),
    );
    assert!(said.contains(&format!("Done. {} files scanned.", reports.len())), "{said}");
    let log: Value = serde_json::from_str(&std::fs::read_to_string(out).unwrap()).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap().iter();
    let place = |one: &Value| {
        let uri = one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap().to_owned();
        uri.rsplit('/').next().unwrap().trim_end_matches(".sarif").to_owned()
    };
    results.map(|one| format!("{} {} {}", place(one), one["ruleId"].as_str().unwrap(), one["message"])).collect()
}

#[test]
fn github_takes_the_sarif() {
    let Some(gate) = gate() else { return };
    let reports: Vec<String> = cases().iter().map(|(sandbox, args)| run(sandbox, args, "sarif")).collect();
    assert_eq!(objections(&gate, &reports), [""; 0]);
    // The judge sees what would be wrong.
    let spoilt = [("\"locations\"", "\"places\""), ("\"uri\": \"", "\"uri\": \"/")];
    let spoilt = spoilt.map(|(right, wrong)| reports[0].replace(right, wrong));
    let seen: String = objections(&gate, &spoilt).iter().map(|one| one[..1].to_owned()).collect();
    assert!(seen.contains('0') && seen.contains('1'), "{seen}");
}

/// Every result is at a line of a file that a checkout can have, and the rule leads to its documentation.
#[test]
fn a_result_has_a_file_and_a_rule_has_a_page() {
    let pages = own_file("docs/checks.md");
    for (sandbox, args) in cases() {
        let log: Value = serde_json::from_str(&run(&sandbox, args, "sarif")).unwrap();
        for result in log["runs"][0]["results"].as_array().unwrap() {
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            let is_part = |part: &str| !matches!(part, "" | "." | ".." | ".git" | "backend");
            assert!(uri.split('/').all(is_part), "{args:?}: {uri}");
            assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
        }
        for rule in log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap() {
            let (page, anchor) = rule["helpUri"].as_str().unwrap().split_once('#').unwrap();
            assert!(page.ends_with("/docs/checks.md") && pages.contains(&format!("\n# {anchor}\n")), "{anchor}");
        }
    }
}

#[test]
fn what_is_in_no_file_is_at_the_one_to_change() {
    let places = |sandbox: &Sandbox, args: &[&str]| -> Vec<String> {
        let log: Value = serde_json::from_str(&run(sandbox, args, "sarif")).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap().iter();
        let place = |one: &Value| {
            let at = &one["locations"][0];
            let name = at["logicalLocations"][0]["fullyQualifiedName"].as_str().unwrap_or("-");
            let uri = at["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
            let name = if name.contains("message of") { "the message" } else { name };
            let name = if name.contains("blob") { "the blob" } else { name };
            assert!(name == "-" || one["message"]["text"].as_str().unwrap().contains(": "));
            format!("{} {uri} {name}", one["ruleId"].as_str().unwrap())
        };
        results.map(place).collect()
    };
    assert_eq!(
        places(&in_no_file(), &["check"]),
        [
            "live-value-elsewhere .env refs/tags/v-[masked]",
            "live-value-elsewhere .env the message",
            "env-file-in-history .gitignore the blob",
            "hooks-not-in-force envward.toml .git/config",
        ]
    );
    let of_containers = places(&containers(), &["preflight", "--inspect", "inspect.json"]);
    assert!(of_containers.iter().all(|place| place.ends_with(" compose.yaml backend")), "{of_containers:?}");
}

/// The same finding on another line is the same finding, and two are two.
#[test]
fn a_fingerprint_does_not_move() {
    let prints = |sandbox: &Sandbox| -> Vec<String> {
        let log: Value = serde_json::from_str(&run(sandbox, &["preflight"], "sarif")).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap().iter();
        let mut all: Vec<String> =
            results.map(|one| one["partialFingerprints"]["envward/v1"].as_str().unwrap().to_owned()).collect();
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count, "each is its own");
        all
    };
    let sandbox = alike();
    sandbox.file(".env", 0o644, "DB_PASSWORD=changeme\nAPI_TOKEN=changeme\n");
    let before = prints(&sandbox);
    assert!(before.len() > 10);
    for path in ["Dockerfile", "compose.yaml", ".env"] {
        let text = std::fs::read_to_string(sandbox.path(path)).unwrap();
        std::fs::write(sandbox.path(path), format!("# one more\n\n{text}")).unwrap();
    }
    assert_eq!(prints(&sandbox), before);
}

#[test]
fn gitlab_takes_its_reports() {
    let Some(gate) = gate() else { return };
    let program = gate.join("venv/bin/check-jsonschema");
    let judge = |schema: &str, text: &str| {
        let (_dir, path) = written(text, "report.json");
        let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join(schema);
        judged(&program, &["--schemafile", schema.to_str().unwrap(), &path])
    };
    for (sandbox, args) in cases() {
        for (format, schema) in [("gitlab-secret-detection", SECRET_DETECTION), ("gitlab-codequality", CODE_QUALITY)] {
            let (agrees, said) = judge(schema, &run(&sandbox, args, format));
            assert!(agrees, "{args:?} {format}: {said}");
        }
        let (agrees, said) = judge("docs/report.schema.json", &run(&sandbox, args, "json"));
        assert!(agrees, "{args:?}: {said}");
    }
    let text = run(&everything_wrong(), &["check"], "gitlab-secret-detection");
    assert!(!judge(SECRET_DETECTION, &text.replace("\"commit\"", "\"change\"")).0);
    assert!(!judge(CODE_QUALITY, "[{}]").0 && !judge("docs/report.schema.json", "{}").0);
}

/// A run that could not examine everything has failed; what is not about secrets is counted, not lost.
#[test]
fn secret_detection_says_what_it_leaves_out() {
    let report = |sandbox: &Sandbox, args: &[&str]| -> Value {
        serde_json::from_str(&run(sandbox, args, "gitlab-secret-detection")).unwrap()
    };
    let json = report(&incomplete(), &["check"]);
    assert_eq!((&json["scan"]["status"], &json["scan"]["messages"][0]["level"]), (&"failure".into(), &"warn".into()));
    assert_eq!(report(&clean(), &["check"])["scan"]["status"], "success");
    let sandbox = deployment();
    let (json, all) = (report(&sandbox, &["preflight"]), sandbox.envward(&["preflight", "--format", "json"]).json());
    let (told, count) = (json["vulnerabilities"].as_array().unwrap(), all["findings"].as_array().unwrap().len());
    let message = json["scan"]["messages"][0]["value"].as_str().unwrap();
    assert!(message.contains(&format!(": {} findings", count - told.len())) && told.len() < count, "{message}");
    let names: Vec<&str> = told.iter().map(|one| one["identifiers"][0]["value"].as_str().unwrap()).collect();
    assert!(names.contains(&"secret-in-compose") && !names.contains(&"published-port"), "{names:?}");
    let found = told.iter().find(|one| one["identifiers"][0]["value"] == "env-file-in-history").unwrap();
    assert_eq!(found["location"]["commit"]["sha"], sandbox.git(&["rev-parse", "HEAD"]));
}

#[test]
fn jenkins_takes_the_junit_xml() {
    let Some(gate) = gate() else { return };
    const JUDGE: &str = "import sys; from lxml import etree; schema = etree.XMLSchema(etree.parse(sys.argv[1])); \
        schema.assertValid(etree.parse(sys.argv[2])); [print(x.get('tests'), x.get('failures'), x.get('errors'), \
        len(x.findall('testcase')), len(x.findall('testcase/failure')), len(x.findall('testcase/error'))) \
        for x in etree.parse(sys.argv[2]).getroot()]";
    let schema = gate.join("judges/junit-10.xsd");
    for (sandbox, args) in cases() {
        let (_dir, path) = written(&run(&sandbox, args, "junit"), "report.xml");
        let program = gate.join("venv/bin/python");
        let (agrees, said) = judged(&program, &["-c", JUDGE, schema.to_str().unwrap(), &path]);
        assert!(agrees, "{args:?}: {said}");
        let json = sandbox.envward(&[args, &["--format", "json"]].concat()).json();
        let findings = json["findings"].as_array().unwrap();
        let failures = findings.iter().filter(|one| one["severity"] != "note").count();
        let errors = json["problems"].as_array().unwrap().len();
        let tests = findings.len() + errors.max(1);
        assert_eq!(said.trim(), format!("{tests} {failures} {errors} {tests} {failures} {errors}"), "{args:?}");
    }
}
