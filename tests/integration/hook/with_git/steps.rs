//! What the hook says to type before a push passes: each step is done as it is printed, and then the same push passes, the
//! secret is in no commit that it sends, and the env files at hand are as they were.

use super::*;

/// What is pushed, and what must stay.
struct Case {
    sandbox: Sandbox,
    /// The arguments of the push.
    push: Vec<&'static str>,
    /// The branch or tag that the other side has afterwards.
    there: &'static str,
    /// How often the push may be refused before it passes.
    rounds: usize,
}

impl Case {
    fn new(sandbox: Sandbox, push: &[&'static str], there: &'static str) -> Self {
        Self { sandbox, push: push.to_vec(), there, rounds: 1 }
    }

    fn refused(&self) -> String {
        is_refused(&self.sandbox, &[&["origin"], &self.push[..]].concat())
    }

    /// Does what is printed until the push passes; all that was printed.
    #[track_caller]
    fn obey(&self) -> String {
        let sandbox = &self.sandbox;
        let at_hand = at_hand(sandbox);
        let mut said = String::new();
        let mut push = format!("git push -q origin {}", self.push.join(" "));
        for _ in 0..self.rounds {
            let text = self.refused();
            said.push_str(&text);
            let (before, instead, after) = script(&text);
            push = instead.unwrap_or(push);
            let last = format!("if {push}; then :; {after}\nelse exit 7; fi");
            let output = run(sandbox, &format!("set -e\n{before}\n{last}"));
            if output.code == 7 {
                continue;
            }
            assert_eq!(output.code, 0, "{text}\n{before}\n{}{}", output.stdout, output.stderr);
            assert_eq!(at_kept(sandbox, &at_hand), at_hand, "{text}");
            self.is_clean(&text);
            return said;
        }
        panic!("it was never pushed: {said}");
    }

    /// The other side has something, and no secret in it.
    #[track_caller]
    fn is_clean(&self, text: &str) {
        let dump = self.sandbox.git_in("../remote.git", &["log", "-p", "-m", "--root", "--pretty=fuller", self.there]);
        assert!(dump.contains("keep"), "{text}\n{dump}");
        for word in ["{password}", "{password2}"] {
            assert!(!dump.contains(&fill(word)), "{text}\n{dump}");
        }
    }
}

/// The env files that are there, and their texts and modes.
fn at_hand(sandbox: &Sandbox) -> Vec<(String, String, u32)> {
    let names = [".env", "my app/.env", "other.env"];
    let of = |name: &&str| {
        let path = sandbox.path(name);
        let mode = fs::metadata(&path).ok()?.permissions().mode() & 0o777;
        Some(((*name).to_owned(), fs::read_to_string(path).unwrap(), mode))
    };
    names.iter().filter_map(of).collect()
}

/// The same; a rebase lets git write the file again, and then the hook names the mode.
fn at_kept(sandbox: &Sandbox, before: &[(String, String, u32)]) -> Vec<(String, String, u32)> {
    let now = at_hand(sandbox);
    let mode = |name: &str| before.iter().find(|(known, ..)| known == name).map_or(0, |(.., mode)| *mode);
    now.into_iter().map(|(name, text, _)| (name.clone(), text, mode(&name))).collect()
}

/// The steps of a screen, as a script: before the push, the push itself where another one is told, and after it.
fn script(text: &str) -> (String, Option<String>, String) {
    let mut steps: Vec<String> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("  -> "), line.strip_prefix("     ")) {
            (Some(step), _) => steps.push(step.to_owned()),
            (_, Some(more)) => steps.last_mut().unwrap().push_str(&format!(" {more}")),
            _ => {}
        }
    }
    assert!(!steps.is_empty(), "{text}");
    let (mut before, mut instead, mut after) = (String::new(), None, String::new());
    for step in steps {
        let (what, command) = match step.rsplit_once(": ") {
            Some((what, command)) if command.starts_with("git ") || command.starts_with("cd ") => (what, command),
            _ => ("", &*step),
        };
        let words: Vec<&str> = what.split(' ').collect();
        if words.first() == Some(&"write") && what.contains(" before ") {
            let (new, rest) = what["write ".len()..].split_once(" before ").unwrap();
            let (id, old) = rest.split_once(" instead of ").unwrap();
            let edit = format!("sed -i 's/^{old} {id}/{new} {id}/'");
            before.push_str(&format!("GIT_SEQUENCE_EDITOR=\"{edit}\" {command}\n"));
        } else if what == "push this instead" {
            instead = Some(command.to_owned());
        } else if what == "after the push" {
            after.push_str(command);
        } else if let Some(rest) = what.strip_prefix("remove the secret from ") {
            let file = rest.strip_suffix(", then").unwrap();
            before.push_str(&format!("test ! -f {file} || echo keep > {file}\n{command}\n"));
        } else {
            before.push_str(&format!("{command}\n"));
        }
    }
    (before, instead, after)
}

fn run(sandbox: &Sandbox, script: &str) -> crate::common::Output {
    let run = sandbox.shell(script).env("GIT_EDITOR", "printf 'keep\\n' >");
    let who = ["AUTHOR", "COMMITTER"];
    let run = who.iter().fold(run, |run, who| {
        run.env(&format!("GIT_{who}_NAME"), "Ada").env(&format!("GIT_{who}_EMAIL"), "ada@example.com")
    });
    run.run()
}

/// With a remote that has the first commit.
fn start() -> Sandbox {
    let sandbox = with_remote();
    commit(&sandbox, "keep", "keep\n");
    sandbox
}

/// An env file in an earlier commit.
fn deep() -> Sandbox {
    let sandbox = start();
    commit(&sandbox, ".env", GOOD);
    commit(&sandbox, "later", "later\n");
    sandbox
}

#[test]
fn the_newest_commit() {
    let sandbox = start();
    commit(&sandbox, ".env", GOOD);
    let case = Case::new(sandbox, &["main"], "main");
    let said = case.obey();
    assert!(said.contains("-> git rm -q --cached -f --ignore-unmatch :/.env && git commit --amend"), "{said}");
    assert_eq!(at_hand(&case.sandbox)[0].2, 0o600, "nothing wrote the file");
    // Two files of one commit, and one that git tracks under a strange name.
    let sandbox = start();
    sandbox.file("my app/.env", 0o600, fill(GOOD));
    sandbox.git(&["add", "-f", "my app/.env"]);
    commit(&sandbox, ".env", GOOD);
    drop(Case::new(sandbox, &["main"], "main").obey());
}

#[test]
fn an_earlier_commit() {
    let case = Case::new(deep(), &["main"], "main");
    let said = case.obey();
    assert!(said.contains("instead of pick: git rebase -i "), "{said}");
    assert_eq!(case.sandbox.git(&["log", "--format=%s", "main"]), "later\n.env\nkeep\nstart", "each commit stays");
    // git would stop at the later change of the file.
    let sandbox = deep();
    commit(&sandbox, ".env", "DB_PASSWORD={password2}\n");
    assert!(Case::new(sandbox, &["main"], "main").obey().contains("git reset --soft "));
    // A file that was changed since then; a rebase would refuse.
    let sandbox = deep();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password2}\n"));
    assert!(Case::new(sandbox, &["main"], "main").obey().contains("git reset --soft "));
}

/// A rebase would put the old file over the one at hand, for git ignores that one.
#[test]
fn an_env_file_that_was_taken_out_again() {
    let sandbox = deep();
    sandbox.git(&["rm", "-q", "--cached", ".env"]);
    sandbox.file(".gitignore", 0o644, ".env\n");
    sandbox.git(&["add", ".gitignore"]);
    sandbox.git(&["commit", "-qm", "out"]);
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password2}\n"));
    let case = Case::new(sandbox, &["main"], "main");
    assert!(case.obey().contains("git reset --soft "));
    assert_eq!(fs::read_to_string(case.sandbox.path(".env")).unwrap(), fill("DB_PASSWORD={password2}\n"));
}

#[test]
fn the_first_commit_of_all() {
    for is_changed in [false, true] {
        let sandbox = project(&[Git("init")]);
        sandbox.git(&["init", "-q", "--bare", "../remote.git"]);
        sandbox.git(&["remote", "add", "origin", "../remote.git"]);
        drop(sandbox.envward(&["hook", "install"]).code(0));
        sandbox.file("keep", 0o644, "keep\n");
        sandbox.git(&["add", "keep"]);
        commit(&sandbox, ".env", GOOD);
        commit(&sandbox, "later", "keep\n");
        if is_changed {
            commit(&sandbox, ".env", "DB_PASSWORD={password2}\n");
        }
        let said = Case::new(sandbox, &["main"], "main").obey();
        let expected = if is_changed { "git update-ref -d HEAD" } else { "git rebase -i --root" };
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn with_a_merge() {
    let sandbox = deep();
    sandbox.git(&["checkout", "-qb", "side", "HEAD~2"]);
    commit(&sandbox, "side", "side\n");
    sandbox.git(&["checkout", "-q", "main"]);
    sandbox.git(&["merge", "-q", "--no-edit", "side"]);
    commit(&sandbox, "last", "last\n");
    let case = Case::new(sandbox, &["main"], "main");
    let said = case.obey();
    assert!(said.contains("git rebase -i --rebase-merges "), "{said}");
    assert!(!case.sandbox.git(&["log", "--merges", "--format=%s", "main"]).is_empty(), "the merge stays");
    // What a merge adds by itself.
    for is_last in [true, false] {
        let sandbox = start();
        sandbox.git(&["checkout", "-qb", "side"]);
        commit(&sandbox, "a", "x\n");
        sandbox.git(&["checkout", "-q", "main"]);
        commit(&sandbox, "b", "x\n");
        sandbox.git(&["merge", "-q", "--no-commit", "side"]);
        sandbox.file("other.env", 0o600, fill(GOOD));
        sandbox.git(&["add", "-f", "other.env"]);
        sandbox.git(&["commit", "-qnm", "merge"]);
        if !is_last {
            commit(&sandbox, "c", "x\n");
        }
        let said = Case::new(sandbox, &["main"], "main").obey();
        assert_eq!(said.contains("git reset --soft "), !is_last, "{said}");
    }
}

/// On another branch than the one that is checked out, with an env file at hand that git ignores.
fn elsewhere(branch: &str, commits: &[(&str, &str)]) -> Sandbox {
    let sandbox = start();
    sandbox.git(&["checkout", "-qb", branch]);
    commits.iter().for_each(|(path, text)| commit(&sandbox, path, text));
    sandbox.git(&["checkout", "-q", "main"]);
    sandbox.file(".git/info/exclude", 0o644, ".env\n");
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={hex32}\n"));
    sandbox
}

const EARLIER: [(&str, &str); 2] = [(".env", GOOD), ("later", "later\n")];
const TWICE: [(&str, &str); 3] = [(".env", GOOD), ("later", "later\n"), (".env", "DB_PASSWORD={password2}\n")];

#[test]
fn a_branch_that_is_not_checked_out() {
    let quoted: &[(&str, &str)] = &[("o'clock.env", GOOD)];
    for (branch, commits) in
        [("other", &EARLIER[..1]), ("feature/it's", &EARLIER), ("other", &TWICE), ("other", quoted)]
    {
        let sandbox = elsewhere(branch, commits);
        let main = sandbox.git(&["rev-parse", "main"]);
        let push: &'static str = if branch == "other" { "other" } else { "\"feature/it's\"" };
        let case = Case::new(sandbox, &[], branch.split_once("'").map_or("other", |_| "feature/it's"));
        let args = ["origin", branch];
        let text = is_refused(&case.sandbox, &args);
        let (before, _, after) = script(&text);
        let hand = at_hand(&case.sandbox);
        let output = run(&case.sandbox, &format!("set -e\n{before}\ngit push -q origin {push}\n{after}"));
        assert_eq!(output.code, 0, "{text}\n{}{}", output.stdout, output.stderr);
        assert_eq!(at_hand(&case.sandbox), hand, "{text}");
        case.is_clean(&text);
        assert_eq!(case.sandbox.git(&["rev-parse", "main"]), main, "{text}");
        assert_eq!(case.sandbox.git(&["worktree", "list"]).lines().count(), 1, "{text}");
        let copy = case.sandbox.root().join("project-fix");
        assert!(!copy.exists(), "{text}");
    }
}

#[test]
fn a_branch_of_another_work_tree() {
    let sandbox = elsewhere("other", &EARLIER);
    sandbox.git(&["worktree", "add", "-q", "../linked", "other"]);
    let file = sandbox.root().join("linked/.env");
    let text = fs::read_to_string(&file).unwrap();
    let case = Case::new(sandbox, &["other"], "other");
    let said = case.obey();
    assert!(said.contains("-> cd /") && said.contains("/linked\n"), "{said}");
    assert_eq!(fs::read_to_string(&file).unwrap(), text, "{said}");
}

#[test]
fn tags() {
    for (commits, is_annotated) in [(&EARLIER[..1], false), (&EARLIER, true), (&TWICE, false)] {
        let sandbox = elsewhere("other", commits);
        let annotated = ["tag", "-m", "one", "v1", "other"];
        sandbox.git(if is_annotated { &annotated } else { &["tag", "v1", "other"] });
        let said = Case::new(sandbox, &["v1"], "v1").obey();
        assert!(said.contains(if is_annotated { "git tag -f -a v1" } else { "git tag -f v1" }), "{said}");
    }
    // Of the branch that is checked out.
    let sandbox = deep();
    sandbox.git(&["tag", "v1", "HEAD^"]);
    drop(Case::new(sandbox, &["v1"], "v1").obey());
}

#[test]
fn a_commit_by_another_name() {
    let sandbox = deep();
    commit(&sandbox, "last", "last\n");
    drop(Case::new(sandbox, &["HEAD~1:main"], "main").obey());
    // Where the commits become one, their number is another.
    let sandbox = deep();
    commit(&sandbox, ".env", "DB_PASSWORD={password2}\n");
    commit(&sandbox, "last", "last\n");
    let said = Case::new(sandbox, &["HEAD~1:main"], "main").obey();
    assert!(said.contains("push this instead: git push origin HEAD:refs/heads/main"), "{said}");
    // Without a branch.
    let sandbox = deep();
    sandbox.git(&["checkout", "-q", "--detach"]);
    drop(Case::new(sandbox, &["HEAD:main"], "main").obey());
    let sandbox = elsewhere("other", &EARLIER);
    drop(Case::new(sandbox, &["other~0:main"], "main").obey());
}

#[test]
fn a_value_in_use_in_a_file() {
    let ignored = |sandbox: &Sandbox| {
        sandbox.file(".env", 0o600, fill(GOOD));
        sandbox.file(".git/info/exclude", 0o644, ".env\n");
    };
    let sandbox = start();
    ignored(&sandbox);
    commit(&sandbox, "notes", "{password}\n");
    drop(Case::new(sandbox, &["main"], "main").obey());
    let sandbox = start();
    ignored(&sandbox);
    commit(&sandbox, "notes", "{password}\n");
    commit(&sandbox, "later", "later\n");
    assert!(Case::new(sandbox, &["main"], "main").obey().contains("git rebase -i "));
    // Taken out again, and gone.
    for is_gone in [false, true] {
        let sandbox = start();
        ignored(&sandbox);
        commit(&sandbox, "notes", "{password}\n");
        if is_gone {
            sandbox.git(&["rm", "-q", "notes"]);
            sandbox.git(&["commit", "-qm", "out"]);
        } else {
            commit(&sandbox, "notes", "none\n");
        }
        assert!(Case::new(sandbox, &["main"], "main").obey().contains("git reset --soft "));
    }
}

#[test]
fn a_value_in_use_in_a_message() {
    for place in ["last", "earlier", "merge"] {
        let sandbox = start();
        sandbox.file(".env", 0o600, fill(GOOD));
        sandbox.file(".git/info/exclude", 0o644, ".env\n");
        let message = fill("the password is {password}");
        if place == "merge" {
            sandbox.git(&["checkout", "-qb", "side", "HEAD^"]);
            commit(&sandbox, "side", "side\n");
            sandbox.git(&["checkout", "-q", "main"]);
            sandbox.git(&["merge", "-q", "-m", &message, "side"]);
        } else {
            sandbox.file("more", 0o644, "more\n");
            sandbox.git(&["add", "more"]);
            sandbox.git(&["commit", "-qnm", &message]);
        }
        if place != "last" {
            commit(&sandbox, "later", "later\n");
        }
        let said = Case::new(sandbox, &["main"], "main").obey();
        assert!(said.contains(if place == "last" { "git commit --amend" } else { "git rebase -i " }), "{said}");
    }
}

/// Two commits, one after the other.
#[test]
fn as_often_as_it_takes() {
    let sandbox = deep();
    commit(&sandbox, "other.env", "DB_PASSWORD={password2}\n");
    let case = Case { rounds: 2, ..Case::new(sandbox, &["main"], "main") };
    drop(case.obey());
}
