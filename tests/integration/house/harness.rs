//! The harness itself: what the other tests rely on.

use crate::common::Sandbox;
use crate::common::fill::{base62, fill};
use crate::common::leak::{Marker, base64, hex, new_leaks};
use envward::checks::Step;

#[test]
fn placeholders() {
    let text = fill("A={hex64}\nB={password}\nC={password}\nD={password2}\nE={token}\n");
    let values: Vec<&str> = text.lines().map(|line| &line[2..]).collect();
    assert_eq!(values.iter().map(|value| value.len()).collect::<Vec<_>>(), [128, 64, 64, 64, 43]);
    assert!(values[0].bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(values[1], values[2], "the same word is the same value");
    assert_ne!(values[1], values[3], "another word is another value");
    assert_eq!(fill("${password} {} {other} {"), "${password} {} {other} {");
}

#[test]
fn the_same_steps_make_the_same_commit() {
    let steps = [
        Step::Git("init"),
        Step::Dir("config", 0o700),
        Step::File("config/.env", 0o600, "DB_PASSWORD={password}\n"),
        Step::Git("add --all"),
        Step::Git("commit --message first"),
        Step::Link(".env", "config/.env"),
        Step::HardLink("copy.env", "config/.env"),
        Step::Git("add --all"),
        Step::Git("commit --message second"),
        Step::Remove("copy.env"),
    ];
    let [one, two] = [Sandbox::new(), Sandbox::new()].map(|sandbox| {
        assert!(sandbox.run_steps(&steps));
        assert!(!sandbox.path("copy.env").exists());
        assert_eq!(sandbox.git(&["branch", "--show-current"]), "main");
        assert_eq!(sandbox.git(&["ls-files"]), ".env\nconfig/.env\ncopy.env");
        sandbox.git(&["log", "--format=%H %an %aI"])
    });
    assert_eq!(one, two);
    assert!(one.contains(" Ada 2026-01-05T09:"), "{one}");
}

#[test]
fn an_access_list_stays_behind_the_mode() {
    let sandbox = Sandbox::new();
    if sandbox.run_steps(&[Step::File(".env", 0o600, "A=x\n"), Step::Acl(".env")]) {
        let path = sandbox.path(".env");
        assert_eq!(std::os::unix::fs::MetadataExt::mode(&path.metadata().unwrap()), 0o100_600);
        let mut list = [0; 64];
        let length = rustix::fs::getxattr(&path, "system.posix_acl_access", &mut list[..]).unwrap();
        assert_eq!(length, 4 + 5 * 8, "the entry is still there");
    }
}

#[test]
fn a_leak_is_found_in_every_form() {
    let value = base62("leak", 40);
    let marker = Marker::new(&value);
    let wrap = |text: &str| format!("harmless {text} harmless").into_bytes();
    let reversed: String = value.chars().rev().collect();
    assert_eq!(marker.find(&wrap(&value)), Some("plain"));
    assert_eq!(marker.find(&wrap(&value[..8])), Some("plain"), "a prefix");
    assert_eq!(marker.find(&wrap(&value[32..])), Some("plain"), "a suffix");
    assert_eq!(marker.find(&wrap(&value.to_lowercase())), Some("lower case"));
    assert_eq!(marker.find(&wrap(&reversed)), Some("reversed"));
    assert_eq!(marker.find(&wrap(&hex(value.as_bytes()))), Some("hex"));
    for before in ["", "=", "A="] {
        assert_eq!(marker.find(&wrap(&base64(format!("{before}{value}").as_bytes()))), Some("base64"), "{before:?}");
    }
    assert_eq!(marker.find(&wrap(&base62("another", 40))), None);
    assert_eq!(marker.find(&wrap(&value[..7])), None);
}

#[test]
fn base64_is_base64() {
    for (plain, encoded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")] {
        assert_eq!(base64(plain.as_bytes()), encoded);
    }
}

#[test]
fn a_new_file_or_name_with_the_marker_is_found() {
    let sandbox = Sandbox::new();
    let marker = Marker::new(&base62("survey", 40));
    sandbox.file("old.env", 0o600, marker.value());
    let before = marker.survey(sandbox.root());
    assert_eq!(new_leaks(&before, &marker.survey(sandbox.root())), [""; 0]);

    sandbox.file("sub/backup", 0o600, format!("A={}\n", marker.value()));
    sandbox.mkdir(marker.value(), 0o755);
    sandbox.link("link", marker.value());
    let leaks = new_leaks(&before, &marker.survey(sandbox.root()));
    assert_eq!(leaks.len(), 3, "{leaks:?}");
}

#[test]
fn modes_bind_even_root() {
    let sandbox = Sandbox::new();
    if sandbox.command_bound_by_modes(&[]).is_none() {
        crate::common::skip("no way to give up root's rights here (setpriv is missing or not allowed)");
    }
}
