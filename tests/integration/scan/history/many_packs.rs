use super::*;

/// The usual limit of open files, 1,024, is for programs that cannot take more; here it is lower still.
#[test]
fn more_packs_than_files_that_may_be_open() {
    let sandbox = repository();
    for number in 0..40 {
        commit(&sandbox, &format!("app{number}/.env"), GOOD);
        // What is not in a pack yet, into one of its own.
        sandbox.git(&["repack", "-q"]);
    }
    let line = format!("ulimit -Sn 32 && exec {} scan --format json", env!("CARGO_BIN_EXE_envward"));
    let limited = sandbox.shell(&line).run();
    assert_eq!(limited.json()["problems"], json!([]));
    assert_eq!(limited.stdout, sandbox.envward(&["scan", "--format", "json"]).stdout);
}
