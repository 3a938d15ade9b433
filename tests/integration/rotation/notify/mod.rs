//! A reminder on its way to a person: the outbox, the script that sends, and what is told only when it was sent.

mod installed;
mod servers;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use serde_json::Value;
use servers::Server;

use crate::common::fill::fill;
use crate::common::ledger::{let_pass, state};
use crate::common::{Output, Sandbox, own_file, skip};

/// A project with a password that is overdue, and a date that is over.
fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file(
        ".env",
        0o600,
        fill("NODE_ENV=production\nDB_PASSWORD={password}\n# envward: expires 2020-01-01\nAPP_NAME=shop\n"),
    );
    drop(sandbox.envward(&["rotation", "record", "DB_PASSWORD", "--at", "2020-01-01", "--reason", "wiki"]).code(0));
    sandbox.file("notify", 0o755, own_file("hooks/envward-notify"));
    sandbox.file("bin/.keep", 0o644, "");
    sandbox
}

fn has_curl(sandbox: &Sandbox) -> bool {
    let is_here = sandbox.shell("command -v curl").run().code == 0;
    if !is_here {
        skip("curl is not here");
    }
    is_here
}

/// What the daily job runs first.
fn remind(sandbox: &Sandbox, code: i32) -> Output {
    sandbox.envward(&["rotation", "status", "--remind", "--outbox"]).code(code)
}

/// What it runs then: the script, with a sendmail that hands over to this server.
fn send(sandbox: &Sandbox, channels: &str, mail: Option<&Server>, code: i32) -> Output {
    let port = mail.map_or(1, |server| server.port);
    let sendmail = format!(
        "#!/bin/sh\n[ \"$1\" = -i ] || exit 64\nexec curl -q --silent --crlf --max-time 10 --mail-from envward@localhost \
         --mail-rcpt \"$2\" --upload-file - smtp://127.0.0.1:{port}\n"
    );
    sandbox.file("bin/sendmail", 0o755, sendmail);
    sandbox.file("channels", 0o600, format!("# comment\n\n{channels}"));
    let path = format!("{}:/usr/bin:/bin", sandbox.path("bin").display());
    let line = format!("./notify '{}' channels", outbox(sandbox).display());
    sandbox.shell(&line).env("PATH", &path).run().code(code)
}

fn outbox(sandbox: &Sandbox) -> PathBuf {
    state(sandbox).join("outbox")
}

/// The endings of what is in the outbox, sorted; all of one reminder.
fn endings(sandbox: &Sandbox) -> Vec<String> {
    let names = fs::read_dir(outbox(sandbox)).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut all: Vec<String> = names.map(|name| name.split_once('.').unwrap().1.to_owned()).collect();
    all.sort();
    all
}

fn reminded(sandbox: &Sandbox) -> i64 {
    let ledger = crate::common::ledger::ledger(sandbox);
    let count = |query: &str| ledger.query_row(query, [], |row| row.get::<_, i64>(0)).unwrap();
    count("SELECT count(*) FROM secret WHERE reminded IS NOT NULL") + count("SELECT count(*) FROM expiry_reminder")
}

#[test]
fn a_reminder_is_told_when_it_was_sent() {
    let sandbox = project();
    if !has_curl(&sandbox) {
        return;
    }
    let (mail, web) = (Server::mail(), Server::web());
    let output = remind(&sandbox, 1);
    assert!(output.stdout.contains("APP_NAME in .env expired on 2020-01-01"), "{}", output.stdout);
    assert_eq!(endings(&sandbox), ["head", "json", "receipt", "short", "txt"]);
    let dir = fs::read_dir(outbox(&sandbox)).unwrap();
    assert!(dir.flatten().all(|entry| entry.metadata().unwrap().permissions().mode() & 0o777 == 0o600));
    // Nobody has it: it is not told, and today's takes its place.
    drop(remind(&sandbox, 1));
    assert_eq!((endings(&sandbox).len(), reminded(&sandbox)), (5, 0));

    let url = format!("http://127.0.0.1:{}", web.port);
    let channels = format!("mail ops@example.org\nntfy {url}/topic\nwebhook {url}/hook?x=1\n");
    let output = send(&sandbox, &channels, Some(&mail), 0);
    assert_eq!(output.normalized(), "");
    let mails = mail.take();
    let [message] = mails.as_slice() else { panic!("{mails:?}") };
    let (head, body) = message.split_once("\r\n\r\n").unwrap();
    let has = |text: &str| head.lines().any(|line| line == text);
    assert!(has("RCPT TO:<ops@example.org>") && has("To: ops@example.org") && has("MIME-Version: 1.0"), "{head}");
    let subject = head.lines().find_map(|line| line.strip_prefix("Subject: envward on ")).unwrap();
    assert!(subject.ends_with(": 1 expired, 1 to replace now"), "{subject}");
    assert!(body.contains("DB_PASSWORD in .env: ") && body.contains("-> envward rotation rotate DB_PASSWORD .env\r\n"));
    let requests = web.take();
    let [ntfy, webhook] = requests.as_slice() else { panic!("{requests:?}") };
    assert!(ntfy.starts_with("POST /topic ") && ntfy.contains("\r\nPriority: high\r\n"), "{ntfy}");
    assert!(ntfy.contains("\r\nTitle: envward on ") && ntfy.contains("\nDB_PASSWORD in .env: "), "{ntfy}");
    assert!(webhook.starts_with("POST /hook?x=1 ") && webhook.contains("\r\nContent-Type: application/json\r\n"));
    let json: Value = serde_json::from_str(webhook.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert!(json["text"].as_str().unwrap().contains("APP_NAME in .env expired on 2020-01-01"), "{json}");

    // Sent, and recorded by the next run, as of the day on which it was sent.
    assert_eq!((endings(&sandbox), reminded(&sandbox)), (vec!["told".to_owned()], 0));
    assert_eq!(remind(&sandbox, 0).stdout, "");
    assert_eq!((endings(&sandbox).len(), reminded(&sandbox)), (0, 2));
    drop(send(&sandbox, &channels, Some(&mail), 0));
    assert_eq!((mail.take().len(), web.take().len()), (0, 0));
    let_pass(&sandbox, 1);
    assert!(remind(&sandbox, 1).stdout.contains("DB_PASSWORD"));
}

#[test]
fn a_channel_that_fails_is_tried_again_and_the_others_are_not() {
    let sandbox = project();
    if !has_curl(&sandbox) {
        return;
    }
    let (mail, web) = (Server::mail(), Server::web());
    let url = format!("http://127.0.0.1:{}/topic-XYZZY", web.port);
    let channels = format!("mail ops@example.org\nntfy {url}\n");
    // None works: nobody is told, and tomorrow's reminder says it again.
    mail.answers(550);
    web.answers(500);
    drop(remind(&sandbox, 1));
    let output = send(&sandbox, &channels, Some(&mail), 1);
    let failed =
        "envward-notify: channel 2 (ntfy) failed: curl ended with status 22 (HTTP 500). The next run tries again";
    assert!(output.stderr.lines().any(|line| line == failed), "{}", output.stderr);
    assert!(output.stderr.contains("channel 1 (mail) failed: sendmail ended with status "), "{}", output.stderr);
    assert!(!output.stderr.contains("XYZZY"));
    let_pass(&sandbox, 1);
    drop(remind(&sandbox, 1));
    assert_eq!((endings(&sandbox).len(), reminded(&sandbox)), (5, 0));
    // One works: it is told, and only the other one is tried again.
    mail.answers(250);
    drop(web.take());
    drop(send(&sandbox, &channels, Some(&mail), 1));
    assert_eq!((mail.take().len(), web.take().len()), (1, 1));
    assert_eq!(remind(&sandbox, 0).stdout, "");
    assert_eq!(
        (endings(&sandbox), reminded(&sandbox)),
        (["head", "json", "sent-1", "short", "txt"].map(str::to_owned).to_vec(), 2)
    );
    web.answers(200);
    drop(send(&sandbox, &channels, Some(&mail), 0));
    assert_eq!((mail.take().len(), web.take().len(), endings(&sandbox).len()), (0, 1, 0));
    // Nobody listens.
    let_pass(&sandbox, 1);
    drop(remind(&sandbox, 1));
    let output = send(&sandbox, "webhook http://127.0.0.1:1/\n", None, 1);
    assert!(output.stderr.contains("curl ended with status 7 (HTTP 000)"), "{}", output.stderr);
    // An old one is not sent for ever.
    for entry in fs::read_dir(outbox(&sandbox)).unwrap().flatten() {
        let old = entry.file_name().into_string().unwrap();
        let old = format!("20200101T000000000Z.{}", old.split_once('.').unwrap().1);
        fs::rename(entry.path(), outbox(&sandbox).join(old)).unwrap();
    }
    fs::write(outbox(&sandbox).join("20200101T000000000Z.sent-1"), "").unwrap();
    fs::write(outbox(&sandbox).join("README"), "").unwrap();
    // A receipt that is none tells nothing, and is not in the way.
    fs::write(outbox(&sandbox).join("20990101T000000000Z.told"), "{\"schema\":").unwrap();
    drop(remind(&sandbox, 1));
    let names = fs::read_dir(outbox(&sandbox)).unwrap().flatten().map(|one| one.file_name().into_string().unwrap());
    let left: Vec<String> =
        names.filter(|name| ["2020", "2099", "README"].iter().any(|it| name.starts_with(it))).collect();
    assert_eq!(left, ["README"]);
}

#[test]
fn nothing_is_sent_when_nothing_is_due() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox.file("notify", 0o755, own_file("hooks/envward-notify"));
    assert_eq!(remind(&sandbox, 0).stdout, "");
    assert_eq!(endings(&sandbox).len(), 0);
    assert_eq!(send(&sandbox, "command /bin/false\n", None, 0).normalized(), "");
}

#[test]
fn a_script_killed_behind_the_delivery_sends_again() {
    let sandbox = project();
    let killer = "#!/bin/sh\nprintf '%s\\n' \"$1\" >>told\ncat >>told\nkill -9 \"$PPID\"\n";
    sandbox.file("tell", 0o755, killer);
    let channel = format!("command {}\n", sandbox.path("tell").display());
    let told = || fs::read_to_string(sandbox.path("told")).unwrap_or_default().matches("DB_PASSWORD in ").count();
    drop(remind(&sandbox, 1));
    drop(sandbox.shell("true").run());
    sandbox.file("channels", 0o600, &channel);
    let line = format!("./notify '{}' channels", outbox(&sandbox).display());
    assert_ne!(sandbox.shell(&line).run().code, 0);
    assert_eq!((told(), reminded(&sandbox), endings(&sandbox).contains(&"told".to_owned())), (1, 0, false));
    drop(remind(&sandbox, 1));
    sandbox.file("tell", 0o755, killer.replace("kill", ": kill"));
    drop(send(&sandbox, &channel, None, 0));
    assert_eq!(told(), 2);
    // Killed again, before the ledger has it: recorded by the next run, and not sent a third time.
    drop(remind(&sandbox, 0));
    drop(send(&sandbox, &channel, None, 0));
    assert_eq!((told(), reminded(&sandbox)), (2, 2));
    let text = fs::read_to_string(sandbox.path("told")).unwrap();
    assert!(
        text.starts_with("envward on ") && text.contains("all secrets and dates: envward rotation status"),
        "{text}"
    );
}

#[test]
fn a_url_is_in_no_argument_and_no_variable() {
    let sandbox = project();
    drop(remind(&sandbox, 1));
    let spy = "#!/bin/sh\nprintf '%s\\n' \"$@\" >args\nenv >environment\ncat >input\nprintf 200\n";
    sandbox.file("bin/curl", 0o755, spy);
    let url = "https://user:XYZZY@chat.example/hooks/PLUGH?q=[1-9]";
    let output = send(&sandbox, &format!("webhook {url}\n"), None, 0);
    let read = |name: &str| fs::read_to_string(sandbox.path(name)).unwrap();
    assert_eq!(read("input"), format!("url = \"{url}\"\n"));
    for text in [read("args"), read("environment"), output.normalized()] {
        assert!(!text.contains("XYZZY") && !text.contains("PLUGH"), "{text}");
    }
    assert!(read("args").starts_with("-q\n--config\n-\n--globoff\n"), "{}", read("args"));
}

#[test]
fn a_hostile_name_is_no_header_and_no_field() {
    let sandbox = project();
    if !has_curl(&sandbox) {
        return;
    }
    let (mail, web) = (Server::mail(), Server::web());
    let dir = "a\r\n\r\nBcc: x@example.org\r\n.\r\n\u{1b}[31m\"},{\"text\":\"<!channel> $(id) `id` %s é";
    sandbox.file(format!("{dir}/.env"), 0o600, "NODE_ENV=production\n# envward: expires 2020-01-01\nA_NAME=x\n");
    let hosts = ["uname", "hostname"].map(|name| format!("bin/{name}"));
    hosts.iter().for_each(|name| sandbox.file(name, 0o755, "#!/bin/sh\necho evil\n"));
    drop(remind(&sandbox, 1));
    let url = format!("http://127.0.0.1:{}", web.port);
    drop(send(&sandbox, &format!("mail root\nntfy {url}/t\nwebhook {url}/h\n"), Some(&mail), 0));
    let mails = mail.take();
    let (head, body) = mails[0].split_once("\r\n\r\n").unwrap();
    assert_eq!(
        head.lines().map(|line| line.split_once(':').unwrap().0).collect::<Vec<_>>(),
        ["RCPT TO", "To", "Subject", "Auto-Submitted", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"]
    );
    // A name that is not in ASCII.
    assert!(head.ends_with("base64") && !body.contains("A_NAME"), "{head}");
    let line = sandbox.shell("base64 -d").stdin(&body.replace('\r', "")).run().code(0).stdout;
    assert!(line.contains("A_NAME in ") && !line.contains('\u{1b}') && !line.contains('\r'), "{line}");
    let requests = web.take();
    let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
    assert!(!head.contains("Bcc") && !body.contains('\u{1b}') && body.contains("A_NAME in "), "{}", requests[0]);
    let json: Value = serde_json::from_str(requests[1].split_once("\r\n\r\n").unwrap().1).unwrap();
    assert!(json.as_object().unwrap().len() == 1 && !json["text"].as_str().unwrap().contains('<'), "{json}");
}

#[test]
fn a_reminder_that_is_broken_is_told_too() {
    let sandbox = project();
    drop(remind(&sandbox, 1));
    let ledger = state(&sandbox).join("ledger.sqlite");
    fs::write(&ledger, "no ledger").unwrap();
    let output = remind(&sandbox, 2);
    assert!(output.stderr.contains("the ledger in "), "{}", output.stderr);
    let texts = fs::read_dir(outbox(&sandbox)).unwrap().flatten().map(|one| one.path());
    let text = texts
        .filter(|path| path.extension().is_some_and(|ending| ending == "txt"))
        .map(|path| fs::read_to_string(path).unwrap());
    assert!(text.collect::<String>().starts_with("the ledger in "));
    assert_eq!(endings(&sandbox), ["head", "json", "short", "txt"]);
    // An env file that cannot be read is part of the reminder.
    fs::remove_file(&ledger).unwrap();
    fs::remove_file(state(&sandbox).join("fingerprint.key")).unwrap();
    sandbox.fifo(".env.production");
    drop(remind(&sandbox, 2));
    let head = fs::read_dir(outbox(&sandbox)).unwrap().flatten().find(|one| one.path().extension().unwrap() == "head");
    assert!(fs::read_to_string(head.unwrap().path()).unwrap().ends_with("1 problem\nhigh\n"));
    // So is a project that is gone.
    drop(sandbox.envward(&["rotation", "status", "--remind", "--outbox", "no-such-project"]).code(2));
    let texts = fs::read_dir(outbox(&sandbox)).unwrap().flatten().map(|one| fs::read_to_string(one.path()).unwrap());
    assert!(texts.collect::<String>().contains("no such file or directory"));
    // An outbox that others can open.
    fs::set_permissions(outbox(&sandbox), fs::Permissions::from_mode(0o777)).unwrap();
    drop(remind(&sandbox, 2));
}

#[test]
fn the_script_says_what_it_needs() {
    let sandbox = project();
    drop(remind(&sandbox, 1));
    for (channels, says) in [
        ("sms 1\n", "channel 1 (sms) failed: there is no channel of this kind"),
        ("", "contains no channel"),
        ("command /no/such/program\n", "channel 1 (command) failed: it ended with status 127"),
    ] {
        let output = send(&sandbox, channels, None, 1);
        assert!(output.stderr.contains(says), "{}", output.stderr);
    }
    for line in ["./notify", "./notify a", "./notify a no-such-file", "./notify no-such-outbox channels"] {
        drop(sandbox.shell(line).run().code(2));
    }
    sandbox.file("tell", 0o755, "#!/bin/sh\ncat >told\n");
    sandbox.file("channels", 0o600, format!("command {}\n", sandbox.path("tell").display()));
    drop(sandbox.shell("./notify --test channels").run().code(0));
    assert_eq!(fs::read_to_string(sandbox.path("told")).unwrap(), "A test of the reminder: this channel works.\n");
    assert_eq!(endings(&sandbox), ["head", "json", "receipt", "short", "txt"], "a test takes nothing from the outbox");
    assert_eq!(fs::read_dir(sandbox.root().join("tmp")).unwrap().count(), 0);
}
