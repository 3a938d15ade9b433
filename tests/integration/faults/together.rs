//! Twenty runs of envward that write, all at once, in one project.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Child, Stdio};

use super::book::Book;
use super::verbs::named;
use super::world::{World, is_temporary};
use crate::common::Sandbox;

const RUNS: [&str; 20] = [
    "generate hex --into .env FIRST_SECRET",
    "rotation rotate DB_PASSWORD .env",
    "check --fix --exit-zero",
    "generate hex --into .env SECOND_SECRET",
    "key new --prefix app_admin --name one --out one.key --params owasp-7m",
    "init --update",
    "rotation status --exit-zero",
    "generate hex --into worker/.env THIRD_SECRET",
    "hook install",
    "rotation rotate JWT_SECRET .env",
    "incident api --yes --reason shell",
    "generate hex --into .env FOURTH_SECRET",
    "key new --prefix app_admin --name two --out two.key --params owasp-7m",
    "rotation record DB_PASSWORD .env --at 2020-01-01 --reason wiki",
    "hook install",
    "init --update",
    "rotation snooze DB_PASSWORD .env --until 2027-01-31 --reason later",
    "generate hex --into worker/.env FIFTH_SECRET",
    "rotation status --remind --outbox --exit-zero",
    "generate hex --into .env SIXTH_SECRET",
];

#[test]
fn twenty_writers_at_once() {
    for round in 0..3 {
        let sandbox = Sandbox::new();
        (named("rotate").prepare)(&sandbox);
        let before = Book::of(&sandbox).unwrap();
        let start = |line: &&'static str| {
            let args: Vec<&str> = line.split_whitespace().collect();
            let mut command = sandbox.command(&args).into_command();
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
            (*line, command.spawn().unwrap())
        };
        let running: Vec<(&str, Child)> = RUNS.iter().map(start).collect();
        let mut ended = BTreeMap::new();
        for (line, child) in running {
            let output = child.wait_with_output().unwrap();
            let told = String::from_utf8(output.stderr).unwrap();
            let code = output.status.code().unwrap();
            assert!(code < 2 || told.contains("hint: "), "{round}: {line}: {code}: {told}");
            assert!(!told.contains("broke"), "{round}: {line}: {told}");
            ended.entry(line).or_insert((code, told));
        }
        let world = World::of(&sandbox);
        let stray = world.nodes.keys().find(|name| is_temporary(name) || name.ends_with("-journal"));
        assert_eq!(stray, None, "{round}");
        let env = fs::read_to_string(sandbox.path(".env")).unwrap()
            + &fs::read_to_string(sandbox.path("worker/.env")).unwrap();
        for key in ["FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH", "SIXTH"] {
            let (line, (code, told)) = ended.iter().find(|(line, _)| line.contains(key)).unwrap();
            let found = env.lines().filter(|one| one.starts_with(&format!("{key}_SECRET="))).count();
            assert_eq!(found, usize::from(*code == 0), "{round}: {line}: {told}");
        }
        // Whoever was refused is told to wait, and succeeds then.
        for (line, (code, told)) in ended.iter().filter(|(_, (code, _))| *code == 2) {
            let is_told =
                ["another envward", "another process", "another program"].iter().any(|what| told.contains(what));
            assert!(is_told, "{round}: {line}: {code}: {told}");
            let args: Vec<&str> = line.split_whitespace().collect();
            let output = sandbox.envward(&args);
            assert!(output.code < 2, "{round}: {line}: {}", output.stderr);
        }
        drop(sandbox.envward(&["rotation", "status", "--exit-zero"]).code(0));
        let (book, world) = (Book::of(&sandbox).unwrap(), World::of(&sandbox));
        let master = fs::read(sandbox.root().join("state/fingerprint.key")).ok();
        assert_eq!(book.disagreement(&before, &world, master.as_deref()), None, "{round}");
        for key in ["one.key", "two.key"] {
            let text = fs::read_to_string(sandbox.path(key)).unwrap();
            assert!(book.keys.iter().any(|id| text.contains(id.as_str())), "{round}: {key} is not in the registry");
        }
        for file in ["FIRST", "SECOND", "FOURTH", "SIXTH"] {
            let key = format!("{file}_SECRET");
            assert!(book.rows.iter().any(|row| row.key == key), "{round}: {key} is not in the ledger");
        }
    }
}
