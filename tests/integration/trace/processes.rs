//! Arguments and environments of processes.

use super::*;

/// The findings about a process.
fn of(report: &Value, id: u32) -> Vec<&Value> {
    report["findings"].as_array().unwrap().iter().filter(|one| one["facts"]["pid"] == id).collect()
}

#[test]
fn arguments_are_everybodys() {
    let sandbox = Sandbox::new();
    let secret = fill("{password-of-a-process}");
    sandbox.file(".env", 0o600, format!("DB_PASSWORD={secret}\n"));
    let id = sandbox.process(&format!("backup --password={secret}"));
    let report = trace(&sandbox, &["--processes", ".env"], 1);
    let found = of(&report, id);
    assert_eq!(found.len(), 1, "{report:#}");
    assert_eq!((&found[0]["severity"], &found[0]["origin"]), (&"critical".into(), &"process".into()));
    assert_eq!(
        (&found[0]["path"], &found[0]["facts"]["process"]),
        (&format!("/proc/{id}/cmdline").into(), &"sh".into())
    );
    assert!(report["examined"]["processes"].as_u64().unwrap() > 0);
    let text = sandbox.envward(&["trace", "--processes", ".env"]).code(1).stdout;
    assert!(
        text.contains("the arguments of sh contain the value of DB_PASSWORD from .env") && !text.contains("backup"),
        "{text}"
    );
    // Without the option no process is searched.
    assert_eq!(listed::findings(&trace(&sandbox, &[".env"], 0)), NONE);
}

#[test]
fn a_variable_of_the_same_name_is_a_note() {
    let sandbox = Sandbox::new();
    let secret = fill("{password-of-an-environment}");
    sandbox.file(".env", 0o600, format!("DB_PASSWORD={secret}\n"));
    let run = |name: &str| {
        let mut command = std::process::Command::new("sh");
        command.args(["-c", "read line"]).env(name, &secret).stdin(std::process::Stdio::piped());
        command.spawn().unwrap()
    };
    let (mut own, mut other) = (run("DB_PASSWORD"), run("DATABASE_URL"));
    let report = trace(&sandbox, &["--processes", ".env"], 1);
    let severity = |id| of(&report, id).iter().map(|one| one["severity"].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(severity(own.id()), ["note"]);
    let expected = if crate::common::own_uid_is_root() { "note" } else { "warning" };
    assert_eq!(severity(other.id()), [expected]);
    for child in [&mut own, &mut other] {
        drop(child.stdin.take());
        child.wait().unwrap();
    }
}

#[test]
fn where_no_process_is_shown_none_was_examined() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password-of-a-process}\n"));
    // A container whose /proc is empty.
    let hidden =
        |line: &str| sandbox.shell(&format!("unshare --mount sh -c 'mount -t tmpfs none /proc && {line}'")).run();
    if hidden("true").code != 0 {
        return crate::common::skip_without_root("/proc cannot be replaced");
    }
    let seen = hidden(concat!(env!("CARGO_BIN_EXE_envward"), " trace --processes .env"));
    assert_eq!(seen.code, 2, "{}", seen.stdout);
    assert!(seen.stdout.contains("/proc"), "{}", seen.stdout);
}
