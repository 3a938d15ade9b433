//! Questions.

use super::*;

#[test]
fn it_asks_for_what_only_a_person_knows() {
    let sandbox = Sandbox::new();
    sandbox.file(".env.example", 0o644, "SMTP_PASSWORD=\nSMTP_HOST=\nEMPTY=x@your-domain.com\nJWT_SECRET=\n");
    let typed = crate::common::fill::fill("{password}");
    let answers = [
        ("SMTP_PASSWORD (.env), not shown: ", typed.as_str()),
        ("SMTP_HOST (.env): ", "mail.example.com"),
        ("EMPTY (.env): ", ""),
    ];
    let screen = crate::common::terminal::talk(&sandbox, &["init", "--ask", "--color", "never"], &answers);
    assert!(!screen.contains(&typed), "{screen}");
    assert!(screen.contains("SMTP_HOST      the value that you typed"), "{screen}");
    assert_eq!(value(&sandbox, ".env", "SMTP_PASSWORD"), typed);
    assert_eq!(value(&sandbox, ".env", "SMTP_HOST"), "mail.example.com");
    assert_eq!(value(&sandbox, ".env", "EMPTY"), "x@your-domain.com");
}

#[test]
fn without_a_terminal_nobody_is_asked() {
    let sandbox = Sandbox::new();
    sandbox.file(".env.example", 0o644, "SMTP_PASSWORD=\n");
    let line = format!("setsid --wait '{}' init --ask", env!("CARGO_BIN_EXE_envward"));
    let output = sandbox.shell(&line).run().code(2);
    assert!(output.stderr.contains("no terminal to ask questions"), "{}", output.stderr);
    assert!(!sandbox.path(".env").exists());
}

#[test]
fn only_root_gives_files_away() {
    let sandbox = Sandbox::new();
    sandbox.file(".env.example", 0o644, "JWT_SECRET=\n");
    if !nix::unistd::geteuid().is_root() {
        let output = sandbox.envward(&["init", "--owner", "1234:1234"]).code(2);
        assert!(output.stderr.contains("only root"), "{}", output.stderr);
        skip_without_root("a file given to another user");
        return;
    }
    for owner in ["no-such-user-here", "1234", "1234:no-such-group-here"] {
        let output = sandbox.envward(&["init", "--owner", owner]).code(2);
        assert!(
            output.stderr.contains("does not know that user or group") && !sandbox.path(".env").exists(),
            "{}",
            output.stderr
        );
    }
    drop(sandbox.envward(&["init", "--owner", "1234:4321"]).code(0));
    let meta = fs::metadata(sandbox.path(".env")).unwrap();
    assert_eq!((meta.uid(), meta.gid(), meta.mode() & 0o777), (1234, 4321, 0o600));
    // Also one that is there and needs nothing else.
    drop(sandbox.envward(&["init", "--owner", "nobody"]).code(0));
    assert_eq!(fs::metadata(sandbox.path(".env")).unwrap().uid(), 65_534);
}

#[test]
fn a_repository_inside_gets_the_line_itself() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.mkdir("inner", 0o755);
    sandbox.git_in("inner", &["init"]);
    sandbox.file("inner/.env.example", 0o644, "JWT_SECRET=\n");
    drop(sandbox.envward(&["init"]).code(0));
    assert_eq!(read(&sandbox, "inner/.gitignore"), "/.env\n");
    assert!(!sandbox.path(".gitignore").exists());
}

#[test]
fn a_tracked_file_and_a_repository_that_cannot_be_asked_are_said() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.file(".env.example", 0o644, "JWT_SECRET=\n");
    sandbox.file(".env", 0o600, "JWT_SECRET=\n");
    sandbox.git(&["add", "--force", ".env"]);
    let output = sandbox.envward(&["init"]).code(0);
    assert!(output.stdout.contains("git rm --cached -f .env"), "{}", output.stdout);
}

#[test]
fn a_question_names_no_value() {
    let sandbox = Sandbox::new();
    let value = crate::common::fill::fill("{password}");
    sandbox.file(".env", 0o600, format!("DB_PASSWORD={value}\n"));
    sandbox.file(format!("{value}/.env.example"), 0o644, "SMTP_PASSWORD=\n");
    let args = ["init", "--ask", "--color", "never"];
    let screen = crate::common::terminal::talk(&sandbox, &args, &[("SMTP_PASSWORD ([masked]/.env), not shown: ", "")]);
    assert!(!screen.contains(&value), "{screen}");
}

fn is_ignored(signal: rustix::process::Signal) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap().trim();
    u64::from_str_radix(mask, 16).unwrap() >> (signal.as_raw() - 1) & 1 == 1
}

/// Whoever ends the question has a terminal that shows what is typed, and no file.
#[test]
fn a_question_ends_when_it_is_told_to() {
    use rustix::process::Signal;
    for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT] {
        // Below nohup it is ignored, here and by what is started here.
        if is_ignored(signal) {
            continue;
        }
        let sandbox = Sandbox::new();
        sandbox.file(".env.example", 0o644, "SMTP_PASSWORD=\n");
        let args = ["init", "--ask"];
        let ended = crate::common::terminal::end_at(&sandbox, &args, "SMTP_PASSWORD (.env), not shown: ", signal);
        assert_eq!(ended, (Some(signal.as_raw()), true), "{signal:?}");
        assert!(!sandbox.path(".env").exists());
    }
    // Ctrl-D is an empty answer.
    let sandbox = Sandbox::new();
    sandbox.file(".env.example", 0o644, "SMTP_PASSWORD=\nSMTP_HOST=\n");
    let answers = [("SMTP_PASSWORD (.env), not shown: ", "\u{4}"), ("SMTP_HOST (.env): ", "x")];
    drop(crate::common::terminal::talk(&sandbox, &["init", "--ask", "--color", "never"], &answers));
    assert_eq!(value(&sandbox, ".env", "SMTP_PASSWORD"), "");
}
