//! What `install --notify` writes, and what it refuses.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use crate::common::fill::fill;
use crate::common::{Output, Sandbox, own_uid_is_root, skip};

const NAMES: [&str; 4] =
    ["envward-rotation.service", "envward-rotation.timer", "envward-rotation-failed.service", "envward-notify.service"];

fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("my app $HOME 100%/.env", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox.file("my app $HOME 100%/envward.toml", 0o644, "");
    fs::create_dir(sandbox.path("../units")).unwrap();
    sandbox
}

fn install(sandbox: &Sandbox, args: &[&str], stdin: &str, code: i32) -> Output {
    let user: &[&str] = if own_uid_is_root() { &["--user", "daemon"] } else { &[] };
    let all = [&["rotation", "install", "--dir", "../units", "my app $HOME 100%"], args, user].concat();
    sandbox.command(&all).stdin(stdin).run().code(code)
}

fn read(sandbox: &Sandbox, name: &str) -> String {
    fs::read_to_string(sandbox.path("../units").join(name)).unwrap()
}

/// A URL with a password in it, which no file of the repository may have.
fn secret_url() -> (String, String) {
    let password = fill("{hex32}");
    (format!("https://chat.example/hooks/{password}"), password)
}

#[test]
fn a_url_is_in_one_private_file() {
    let sandbox = project();
    let (url, password) = secret_url();
    sandbox.file("url", 0o600, format!("{url}\n"));
    for (kind, unit) in [("--systemd", "envward-notify.service"), ("--cron", "envward-rotation")] {
        let args = [kind, "--notify", "webhook:@url", "--notify", "mail:ops@example.org", "--replace"];
        let output = install(&sandbox, &[&args[..], &["--dry-run"]].concat(), "", 0);
        assert!(output.stdout.contains("\n  webhook https://chat.example/...\n"), "{}", output.stdout);
        assert!(!output.normalized().contains(&password));
        let output = install(&sandbox, &args, "", 0);
        assert!(!output.normalized().contains(&password));
        assert!(output.stdout.contains("envward-notify --test "), "{}", output.stdout);
        let list = sandbox.path("../units/envward-notify.channels");
        let meta = fs::metadata(&list).unwrap();
        assert_eq!(meta.permissions().mode() & 0o7777, 0o600);
        assert!(!own_uid_is_root() || meta.uid() != 0);
        assert!(fs::read_to_string(&list).unwrap().ends_with(&format!("\nwebhook {url}\nmail ops@example.org\n")));
        assert_eq!(fs::metadata(sandbox.path("../units/envward-notify")).unwrap().permissions().mode() & 0o7777, 0o755);
        for entry in fs::read_dir(sandbox.path("../units")).unwrap().flatten().filter(|one| one.path() != list) {
            assert!(!fs::read_to_string(entry.path()).unwrap().contains(&password), "{entry:?}");
        }
        assert!(read(&sandbox, unit).contains("/outbox"), "{}", read(&sandbox, unit));
    }
    // From standard input.
    drop(install(&sandbox, &["--cron", "--notify", "ntfy:-", "--replace"], &format!("{url}\n"), 0));
    assert!(read(&sandbox, "envward-notify.channels").ends_with(&format!("\nntfy {url}\n")));
    // Without a channel nothing speaks of one.
    drop(install(&sandbox, &["--systemd", "--replace"], "", 0));
    let service = read(&sandbox, "envward-rotation.service");
    assert!(!service.contains("notify") && !service.contains("outbox"), "{service}");
}

#[test]
fn what_is_refused() {
    let sandbox = project();
    let (url, password) = secret_url();
    sandbox.file("open", 0o644, &url);
    sandbox.file("lines", 0o600, format!("{url}\n{url}\n"));
    sandbox.file("no-program", 0o644, "");
    let no_program = format!("command:{}", sandbox.path("no-program").display());
    for (channel, stdin, says) in [
        (format!("webhook:{url}"), "", "other users can read the command line"),
        ("ntfy:https://a:b@ntfy.example/x".to_owned(), "", "other users can read the command line"),
        ("webhook:@open".to_owned(), "", "other users can read the file with the URL"),
        ("webhook:@lines".to_owned(), "", "there is no URL, or more than one line"),
        ("webhook:@none".to_owned(), "", "no such file"),
        ("webhook:-".to_owned(), "", "there is no URL, or more than one line"),
        ("webhook:-".to_owned(), "ftp://a/b", "that is no URL"),
        ("webhook:-".to_owned(), "https://a/b\"x", "that is no URL"),
        ("mail:-t".to_owned(), "", "that is no plain mail address"),
        ("sms:1".to_owned(), "", "does not begin with mail:"),
        ("command:tell".to_owned(), "", "needs an absolute path"),
        ("command:/no/such".to_owned(), "", "no such file"),
        (no_program, "", "is not a program"),
    ] {
        let output = install(&sandbox, &["--systemd", "--notify", &channel], stdin, 2);
        assert!(output.stderr.contains(says), "{channel}: {}", output.stderr);
        assert!(!output.normalized().contains(&password));
    }
    drop(install(&sandbox, &["--systemd", "--notify", "ntfy:-", "--notify", "webhook:-"], &url, 2));
    assert_eq!(fs::read_dir(sandbox.path("../units")).unwrap().count(), 0);
    // A file that envward did not write stays.
    fs::write(sandbox.path("../units/envward-notify"), "#!/bin/sh\n").unwrap();
    drop(install(&sandbox, &["--systemd", "--replace", "--notify", "mail:root"], "", 2));
    assert_eq!(fs::read_dir(sandbox.path("../units")).unwrap().count(), 1);
}

#[test]
fn systemd_takes_the_units() {
    let sandbox = project();
    if sandbox.shell("command -v systemd-analyze").run().code != 0 {
        return skip("systemd-analyze is not here");
    }
    for (channel, is_hardened) in
        [("ntfy:https://ntfy.example.org/backups", true), ("mail:ops@example.org", false), ("command:/bin/true", false)]
    {
        drop(install(&sandbox, &["--systemd", "--replace", "--notify", channel], "", 0));
        let paths = NAMES.map(|name| format!("../units/{name}"));
        let verified = sandbox.shell(&format!("systemd-analyze verify {}", paths.join(" "))).run();
        let said: Vec<&str> = verified.stderr.lines().filter(|line| line.contains("envward")).collect();
        assert_eq!(said, [""; 0]);
        let unit = read(&sandbox, NAMES[3]);
        assert!(["@NOTIFY@", "@OUTBOX@", "@CHANNELS@", "@USER@"].iter().all(|word| !unit.contains(word)), "{unit}");
        assert_eq!(unit.contains("NoNewPrivileges=yes"), is_hardened, "{unit}");
        assert!(!unit.contains("# system") && !unit.contains("# hardened") && !unit.contains("plain"), "{unit}");
        let service = read(&sandbox, NAMES[0]);
        assert!(
            service.contains("Wants=envward-notify.service\n") && service.contains("--remind --outbox "),
            "{service}"
        );
        assert_eq!(service.matches("ExecStart=").count(), 1);
        if own_uid_is_root() {
            // What sends cannot read the projects.
            assert!(unit.contains("InaccessiblePaths=\"-/") && unit.contains("my app $HOME 100%%\"\n"), "{unit}");
        }
    }
}

/// As cron does. Root's job runs as another user, whose outbox is not this test's: there its path is another one.
#[test]
fn the_cron_line_sends() {
    let sandbox = project();
    sandbox.file("tell", 0o755, "#!/bin/sh\ncat >>\"$0.told\"\n");
    let channel = format!("command:{}", sandbox.path("tell").display());
    let env = "NODE_ENV=production\n# envward: expires 2020-01-01\nAPP_NAME=shop\n";
    sandbox.file("my app $HOME 100%/.env", 0o600, env);
    drop(install(&sandbox, &["--cron", "--notify", &channel], "", 0));
    let text = read(&sandbox, "envward-rotation");
    let line = text.lines().last().unwrap();
    let fields = if own_uid_is_root() { 6 } else { 5 };
    let mut command = line.splitn(fields + 1, ' ').last().unwrap().replace("\\%", "%");
    assert!(command.contains(" --remind --outbox ") && command.contains(" >/dev/null; /"), "{command}");
    if own_uid_is_root() {
        let (before, rest) = command.split_once("/envward-notify ").unwrap();
        let (_, list) = rest.split_once(' ').unwrap();
        command = format!("{before}/envward-notify '{}' {list}", super::outbox(&sandbox).display());
    }
    for _ in ["the first day", "later on it"] {
        assert_eq!(sandbox.shell(&command).run().code(0).normalized(), "");
        let all = fs::read_to_string(sandbox.path("tell.told")).unwrap();
        assert_eq!(all.matches("APP_NAME in ").count(), 1, "{all}");
    }
}
