//! What stands in the way in earnest: links, mounts, full and read-only disks, directories of others.

use std::fs;

use super::scene::{assert_untouched, is_filled, tree};
use crate::common::fill::fill;
use crate::common::{Run, Sandbox, own_uid_is_root, skip, skip_without_root};

const INTO: &[&str] = &["generate", "hex", "--into", ".env", "KEY"];

/// Fails unless the run says why it wrote nothing, and has written nothing.
#[track_caller]
fn assert_refused(sandbox: &Sandbox, args: &[&str], why: &str) {
    assert_refuses(sandbox, sandbox.command(args), why);
}

#[track_caller]
fn assert_refuses(sandbox: &Sandbox, run: Run<'_>, why: &str) {
    let before = tree(sandbox);
    let output = run.run().code(2);
    assert_eq!(output.stdout, "", "{why}");
    let (first, second) = output.stderr.split_once('\n').unwrap();
    assert!(first.starts_with("error: ") && first.contains(".env: ") && first.ends_with(why), "{why}: {first}");
    assert!(second.starts_with("  hint: "), "{why}: {second}");
    assert_untouched(sandbox, &before, why);
}

/// What may stand under the name of an env file, and what is said of it.
type Obstacle = (&'static str, fn(&Sandbox));

const OBSTACLES: [Obstacle; 8] = [
    ("this is a symbolic link", |sandbox| {
        sandbox.file("target", 0o600, "DB_PASSWORD=\n");
        sandbox.link(".env", "target");
    }),
    ("this is a symbolic link", |sandbox| sandbox.link(".env", "../outside")),
    ("this is a symbolic link", |sandbox| sandbox.link(".env", "nowhere")),
    ("this is a symbolic link", |sandbox| sandbox.link(".env", ".env")),
    ("this file has a second name", |sandbox| {
        sandbox.file(".env", 0o600, "DB_PASSWORD=\n");
        sandbox.hard_link("other", ".env");
    }),
    ("this is a directory", |sandbox| sandbox.mkdir(".env", 0o700)),
    ("this is not a regular file", |sandbox| sandbox.fifo(".env")),
    ("everyone can write to the directory of this file", |sandbox| {
        sandbox.file(".env", 0o600, "DB_PASSWORD=\n");
        sandbox.mkdir("", 0o777);
    }),
];

#[test]
fn what_is_no_file_of_its_own_is_left_alone() {
    for (why, setup) in OBSTACLES {
        for args in [INTO, &["init"]] {
            let sandbox = Sandbox::new();
            fs::write(sandbox.root().join("outside"), "KEY=\n").unwrap();
            sandbox.file(".env.example", 0o644, "DB_PASSWORD=\n");
            setup(&sandbox);
            assert_refused(&sandbox, args, why);
            assert_eq!(fs::read_to_string(sandbox.root().join("outside")).unwrap(), "KEY=\n");
        }
    }
}

#[test]
fn an_obstacle_to_one_file_keeps_all_unwritten() {
    for (why, setup) in OBSTACLES {
        let sandbox = Sandbox::new();
        sandbox.git(&["init", "-q"]);
        sandbox.file(".env.example", 0o644, "DB_PASSWORD=\n");
        sandbox.file("a/.env.example", 0o644, "DB_PASSWORD=\n");
        setup(&sandbox);
        assert_refused(&sandbox, &["init"], why);
    }
}

#[test]
fn a_link_further_up_is_followed_as_it_was_named() {
    let sandbox = Sandbox::new();
    sandbox.mkdir("real", 0o755);
    sandbox.link("link", "real");
    let _ = sandbox.envward(&["generate", "hex", "--into", "link/.env", "KEY"]).code(0);
    let tree = tree(&sandbox);
    assert_eq!(tree.keys().collect::<Vec<_>>(), ["link", "real", "real/.env"]);
    assert_eq!((tree["real/.env"].mode, tree["link"].text.as_str()), (0o600, "real"));
}

#[test]
fn init_does_not_look_behind_a_linked_directory() {
    let sandbox = Sandbox::new();
    sandbox.file("real/.env.example", 0o644, "DB_PASSWORD=\n");
    sandbox.link("link", "real");
    let _ = sandbox.envward(&["init"]).code(0);
    let tree = tree(&sandbox);
    assert_eq!(tree.keys().collect::<Vec<_>>(), ["link", "real", "real/.env", "real/.env.example"]);
}

#[test]
fn a_sticky_directory_is_taken() {
    let sandbox = Sandbox::new();
    sandbox.mkdir("", 0o1777);
    let _ = sandbox.envward(INTO).code(0);
    let _ = sandbox.envward(&["generate", "hex", "--into", ".env", "NEXT"]).code(0);
    let tree = tree(&sandbox);
    assert!(is_filled(&tree[".env"].text, "KEY=<128>\nNEXT=<128>\n"));
    assert_eq!(tree[".env"].mode, 0o600);
}

#[test]
fn a_directory_that_cannot_be_written() {
    let sandbox = Sandbox::new();
    sandbox.file("sub/.env", 0o600, "KEY=\n");
    sandbox.mkdir("sub", 0o555);
    for name in ["sub/.env", "sub/new.env"] {
        let Some(run) = sandbox.command_bound_by_modes(&["generate", "hex", "--into", name, "KEY"]) else {
            return skip("setpriv cannot take capabilities away here");
        };
        assert_refuses(&sandbox, run, "permission denied");
    }
    sandbox.mkdir("sub", 0o755);
}

#[test]
fn a_file_that_cannot_be_read() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o000, "KEY=\n");
    let Some(run) = sandbox.command_bound_by_modes(INTO) else {
        return skip("setpriv cannot take capabilities away here");
    };
    let output = run.run().code(2);
    assert!(output.stderr.starts_with("error: .env: permission denied\n  hint: "), "{}", output.stderr);
    assert_eq!(tree(&sandbox)[".env"].text, "KEY=\n");
}

/// A command line with mounts of its own, which are gone when it ends; `ENVWARD` stands for the program.
fn with_mounts<'a>(sandbox: &'a Sandbox, line: &str) -> Option<Run<'a>> {
    if !own_uid_is_root() || sandbox.shell("unshare --mount mount -t tmpfs none /mnt").run().code != 0 {
        skip_without_root("mounts of a test's own");
        return None;
    }
    let line = line.replace("ENVWARD", env!("CARGO_BIN_EXE_envward"));
    Some(sandbox.shell(&format!("exec unshare --mount sh -c '{line}'")))
}

#[test]
fn a_read_only_mount() {
    let sandbox = Sandbox::new();
    sandbox.file("sub/.env", 0o600, "KEY=\n");
    for name in ["sub/.env", "sub/new.env"] {
        let line = format!(
            "mount --bind sub sub && mount -o remount,bind,ro sub && exec ENVWARD generate hex --into {name} KEY"
        );
        let Some(run) = with_mounts(&sandbox, &line) else { return };
        assert_refuses(&sandbox, run, "read-only file system");
    }
}

#[test]
fn a_file_that_is_mounted_there() {
    for args in ["generate hex --into .env KEY", "init"] {
        let sandbox = Sandbox::new();
        sandbox.file(".env", 0o600, "DB_PASSWORD=\n");
        sandbox.file(".env.example", 0o644, "DB_PASSWORD=\n");
        sandbox.file("other", 0o600, "DB_PASSWORD=\n");
        let Some(run) = with_mounts(&sandbox, &format!("mount --bind other .env && exec ENVWARD {args}")) else {
            return;
        };
        assert_refuses(&sandbox, run, "this file is mounted from another place");
    }
}

#[test]
fn a_full_disk() {
    let sandbox = Sandbox::new();
    sandbox.mkdir("full", 0o755);
    // Room for two pages: the old file and one more; then for the old one only.
    let line = "mount -t tmpfs -o size=8k,mode=755 none full && echo KEY= >full/.env && chmod 600 full/.env &&
        head -c 4096 /dev/zero >full/filler && ENVWARD generate hex --into full/.env KEY;
        echo $?; cat full/.env; ls -A full; rm full/filler; ENVWARD generate hex --into full/.env KEY && ls -A full";
    let Some(run) = with_mounts(&sandbox, line) else { return };
    let output = run.run().code(0);
    let last = "KEY in full/.env: new value, 512 bits";
    assert_eq!(output.stdout.lines().collect::<Vec<_>>(), ["2", "KEY=", ".env", "filler", last, ".env"]);
    assert!(output.stderr.starts_with("error: full/.env: no space left on device\n  hint: "), "{}", output.stderr);
}

/// A chroot, or a container that hides it.
#[test]
fn without_proc_the_ledger_is_made_and_the_program_is_unknown() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={a-password-of-some-length}\n"));
    let hidden = |args: &str| with_mounts(&sandbox, &format!("mount -t tmpfs none /proc && exec ENVWARD {args}"));
    let Some(run) = hidden("rotation status .env") else { return };
    let _ = run.run().code(0);
    assert!(sandbox.root().join("state/ledger.sqlite").is_file());
    let refused = hidden("hook install").unwrap().run().code(2).stderr;
    assert!(refused.contains("mount -t proc proc /proc"), "{refused}");
    assert!(!sandbox.path(".git/hooks/pre-commit").exists());
    // Whether the hooks start another program is then unknown, too.
    let _ = sandbox.envward(&["hook", "install"]).code(0);
    let screen = hidden("doctor").unwrap().run().code(2).stdout;
    assert!(screen.contains("the path of this program is unknown"), "{screen}");
    assert!(screen.contains("git runs envward") && !screen.contains("another program"), "{screen}");
}
