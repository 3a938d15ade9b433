//! Names from outside that stand for more than one thing: whoever may push a tag or a branch must not choose which.

use super::scene::{assert_none, leak};
use crate::common::Sandbox;
use crate::common::ordeal::{Ordeal, endure};

/// A checkout as CI has it: `base` is what `origin` has in `main` and `v1.4` is its tag, and `HEAD` adds the leak.
fn checkout() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    sandbox.git(&["commit", "-q", "--allow-empty", "-m", "base"]);
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox.git(&["tag", "base"]);
    sandbox.git(&["tag", "v1.4"]);
    sandbox.git(&["checkout", "-q", "-b", "change"]);
    sandbox.file(".env", 0o600, leak("range"));
    sandbox.git(&["add", "-f", ".env"]);
    sandbox.git(&["commit", "-qm", "leak"]);
    sandbox.git(&["rm", "-q", "--cached", ".env"]);
    sandbox.git(&["commit", "-qm", "out"]);
    std::fs::remove_file(sandbox.path(".env")).unwrap();
    sandbox
}

fn scan(sandbox: &Sandbox, args: &[&str]) -> Ordeal {
    endure(&mut sandbox.command(&[&["scan"], args].concat()).into_command(), b"")
}

/// Somebody's ref, and where it points; what is asked then, and the name in it that has two meanings.
const PUSHED: [(&str, &str, &[&str], &str); 14] = [
    ("refs/tags/origin/main", "change", &["--range", "origin/main..HEAD"], "origin/main"),
    ("refs/heads/origin/main", "change", &["--range", "origin/main..HEAD"], "origin/main"),
    ("refs/tags/origin/main", "change", &["--range", "origin/main...HEAD"], "origin/main"),
    ("refs/tags/origin/main", "change", &["--range", "origin/main~0..HEAD"], "origin/main"),
    ("refs/tags/origin/main", "change", &["--range", "origin/main^{commit}..HEAD"], "origin/main"),
    ("refs/tags/origin/main", "change", &["--since-commit", "origin/main"], "origin/main"),
    ("refs/heads/origin/main", "change", &["--since-commit", "origin/main"], "origin/main"),
    ("refs/heads/v1.4", "change", &["--since-commit", "v1.4"], "v1.4"),
    ("refs/remotes/v1.4", "change", &["--since-commit", "v1.4"], "v1.4"),
    ("refs/heads/v1.4", "change", &["--range", "v1.4..HEAD"], "v1.4"),
    ("refs/tags/change", "base", &["--range", "base..change"], "change"),
    ("refs/remotes/change", "base", &["--range", "base..change"], "change"),
    ("refs/tags/heads/change", "base", &["--range", "base..heads/change"], "heads/change"),
    ("refs/tags/remotes/origin/main", "change", &["--range", "remotes/origin/main..HEAD"], "remotes/origin/main"),
];

fn first(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[test]
fn a_name_of_two_things_is_a_problem() {
    let mut faults = Vec::new();
    for pack in [false, true] {
        for (name, target, args, said) in PUSHED {
            let sandbox = checkout();
            assert_eq!(scan(&sandbox, args).code(), Some(1), "{args:?}: before it was pushed");
            sandbox.git(&["update-ref", name, target]);
            if pack {
                sandbox.git(&["pack-refs", "--all"]);
            }
            let ordeal = scan(&sandbox, args);
            let text = format!("{}{}", ordeal.stdout, ordeal.stderr);
            if ordeal.end != crate::common::ordeal::End::Code(2) || !text.contains(said) {
                faults.push(format!(
                    "{name} (packed: {pack}): scan {}: {:?}: {}",
                    args.join(" "),
                    ordeal.end,
                    first(&text)
                ));
            }
        }
    }
    assert_none(&faults);
}

/// The whole name says which.
#[test]
fn a_full_name_is_taken() {
    let sandbox = checkout();
    for name in ["refs/tags/origin/main", "refs/heads/origin/main", "refs/tags/refs/remotes/origin/main"] {
        sandbox.git(&["update-ref", name, "change"]);
    }
    for args in [["--range", "refs/remotes/origin/main..HEAD"], ["--since-commit", "refs/remotes/origin/main"]] {
        let ordeal = scan(&sandbox, &args);
        // `refs/tags/refs/remotes/…` makes even that one ambiguous to git; it may be refused, and is never clean.
        assert!(matches!(ordeal.code(), Some(1 | 2)), "{args:?}: {ordeal:?}");
    }
    sandbox.git(&["update-ref", "-d", "refs/tags/refs/remotes/origin/main"]);
    for args in [["--range", "refs/remotes/origin/main..HEAD"], ["--since-commit", "refs/remotes/origin/main"]] {
        assert_eq!(scan(&sandbox, &args).code(), Some(1), "{args:?}");
    }
}

/// Two names of the same commit are no danger, but git warns of them: either answer is right, clean is none.
#[test]
fn never_clean_by_a_ref_that_looks_like_something_else() {
    let mut faults = Vec::new();
    let sandbox = checkout();
    let base = sandbox.git(&["rev-parse", "base"]);
    let names = ["HEAD", "@", "ORIG_HEAD", &base, &base[..7], "FETCH_HEAD", "-x", "stash"];
    for name in names {
        for place in ["refs/heads", "refs/tags", "refs/remotes"] {
            let full = format!("{place}/{name}");
            if !sandbox.git_command("", &["update-ref", &full, "change"]).run().stderr.is_empty() {
                continue;
            }
            for args in [["--range", "base..HEAD"], ["--since-commit", &base], ["--since-commit", &base[..7]]] {
                let ordeal = scan(&sandbox, &args);
                if !matches!(ordeal.code(), Some(1 | 2)) {
                    faults.push(format!("{full}: {args:?}: {:?}", ordeal.end));
                }
            }
            sandbox.git(&["update-ref", "-d", &full]);
        }
    }
    assert_none(&faults);
}

/// What brought in nothing is told apart from what is clean.
#[test]
fn an_empty_range_says_so() {
    let sandbox = checkout();
    for range in ["HEAD..HEAD", "HEAD..base", "base..refs/remotes/origin/main"] {
        let ordeal = scan(&sandbox, &["--range", range]);
        let text = format!("{}{}", ordeal.stdout, ordeal.stderr);
        assert!(text.contains("nothing") || text.contains("no commit") || ordeal.code() == Some(2), "{range}: {text}");
    }
}
