//! What is in use.

use super::*;

#[test]
fn an_env_file_from_elsewhere() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "--quiet", "work"]);
    sandbox.file("work/deploy.sh", 0o755, fill("curl -u app:{password} example.com\n"));
    sandbox.file("work/.env", 0o600, fill("API_TOKEN=hunter22\n"));
    sandbox.git_in("work", &["add", "--force", "."]);
    sandbox.git_in("work", &["commit", "--quiet", "--message", "add"]);
    sandbox.git(&["clone", "--quiet", "--bare", "work", "bare.git"]);
    sandbox.file("etc/production.env", 0o600, fill("DB_URL=postgres://app:{password}@db/app\nAPI_TOKEN=hunter22\n"));
    assert_eq!(findings(&scan(&sandbox, &["bare.git"], 1)), ["error env-file-in-history .env"]);
    let report = scan(&sandbox, &["bare.git", "--live", "etc/production.env"], 1);
    let found = findings(&report);
    assert!(found.contains(&format!("critical {CHECK} deploy.sh DB_URL")), "{found:?}");
    assert!(found.contains(&"critical secret-still-live .env API_TOKEN".to_owned()), "{found:?}");
    assert_eq!(the(&report, CHECK, "deploy.sh")["facts"]["in_use"], "etc/production.env");
    // What is staged, too.
    sandbox.file("work/new.sh", 0o755, fill("{password}\n"));
    sandbox.git_in("work", &["add", "new.sh"]);
    let staged = scan(&sandbox, &["work", "--staged", "--live", "etc/production.env"], 1);
    assert_eq!(findings(&staged)[0], format!("critical {CHECK} new.sh DB_URL"));
    for (file, kind) in [("nowhere.env", "no-such-path"), ("etc", "not-a-file")] {
        let report = scan(&sandbox, &["bare.git", "--live", file], 2);
        assert_eq!(report["problems"][0]["kind"], kind, "{file}");
    }
}
