//! The pages in HTML, from the real binary: judged by a strict parser, hostile names, and what an incomplete page says.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::formats::{clean, deployment, everything_wrong, incomplete};
use crate::common::fill::fill;
use crate::common::{Output, Sandbox, skip};

/// What must never be markup, as a name may contain it. No slash: it is one part of a path.
const MARKUP: &str = "<img src=x onerror=alert(1)>'\"&amp;<script>";

/// Names full of markup: of a file, a directory, a branch and an author, with signs that turn a text round.
fn hostile() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    let path = format!("{MARKUP}\u{202e}\u{1b}[31m/.env");
    sandbox.file(&path, 0o644, fill("DB_PASSWORD={password}\nJWT_SECRET={hex64}\n"));
    sandbox.git(&["add", "--force", "--all"]);
    let commit = sandbox.git_command("", &["commit", "--quiet", "--message", "add"]);
    let author = "Eve \"onload=x' &quot;\u{202e}";
    drop(commit.env("GIT_AUTHOR_NAME", author).env("GIT_COMMITTER_NAME", author).run().code(0));
    sandbox.git(&["branch", "<svg&onload=alert(1)>"]);
    sandbox.file(".env", 0o600, fill("API_TOKEN={token}\n"));
    sandbox.file(format!(".env.{MARKUP}"), 0o666, "not an env file\n");
    sandbox.fifo(format!("{MARKUP}.env"));
    let ignore = format!("[[ignore]]\ncheck = \"env-file-mode\"\nreason = '''{}'''\n", MARKUP.replace('\'', ""));
    sandbox.file("envward.toml", 0o644, ignore);
    sandbox
}

/// A secret that is as old as somebody recorded.
fn recorded() -> Sandbox {
    let sandbox = clean();
    drop(sandbox.envward(&["rotation", "record", "DB_PASSWORD", ".env", "--at", "2020-01-01", "--reason", "wiki"]));
    sandbox
}

/// A repository with findings and one that cannot be read.
fn mirrors() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("shop/.env", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox.git_in("shop", &["init", "--quiet"]);
    sandbox.git_in("shop", &["add", "--force", ".env"]);
    sandbox.git_in("shop", &["commit", "--quiet", "--message", "add"]);
    sandbox.mkdir("broken", 0o755);
    sandbox.git_in("broken", &["init", "--quiet"]);
    sandbox.file("broken/.git/HEAD", 0o644, "nothing\n");
    sandbox
}

const CLEAN: &str = r#"{ "schema": "envward.report/1", "version": "0.1.0", "command": "scan", "as_of": "2026-06-30", "status": "clean",
    "findings": [], "hidden": [], "unused_ignores": [], "problems": [], "accepted": [],
    "examined": { "files": 0, "env_files": 1, "index_entries": 1, "commits": 1, "objects": 1 } }"#;

const HOSTILE_REPORT: &str = r#"{ "schema": "envward.report/1", "version": "0.1.0", "command": "scan", "as_of": "2026-06-30",
    "status": "findings", "repository": "<img src=x onerror=alert(1)>'\"&amp;<script>\u202e\u001b[31m",
    "findings": [ { "check": "weak-secret", "severity": "error", "title": "<img src=x onerror=alert(1)>'\"&amp;<script>\u202e\u001b[31m",
        "origin": "worktree", "path": "<script>", "object": null, "line": 1, "key": "A", "facts": {}, "help": "x" } ],
    "hidden": [], "unused_ignores": [], "problems": [], "accepted": [],
    "examined": { "files": 0, "env_files": 1, "index_entries": 1, "commits": 1, "objects": 1 } }"#;

/// A report of another machine.
fn written(report: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("report.json", 0o644, report);
    sandbox
}

/// Every command that writes a page, and the status it must end with.
fn pages() -> Vec<(&'static str, Sandbox, Vec<&'static str>, i32)> {
    vec![
        ("everything", everything_wrong(), vec!["check"], 1),
        ("all", everything_wrong(), vec!["check", "--all"], 1),
        ("scan", everything_wrong(), vec!["scan"], 1),
        ("several", everything_wrong(), vec!["scan", ".", "../project"], 1),
        ("trace", everything_wrong(), vec!["trace", "."], 0),
        ("severe", everything_wrong(), vec!["check", "--min-severity", "critical"], 1),
        ("incomplete", incomplete(), vec!["check"], 2),
        ("clean", clean(), vec!["check"], 0),
        ("readers", everything_wrong(), vec!["check", "--readers"], 1),
        ("hostile-readers", hostile(), vec!["check", "--readers"], 2),
        ("due-clean", clean(), vec!["rotation", "status", "--due"], 0),
        ("due", clean(), vec!["rotation", "status", "--due", "--within", "3650d"], 1),
        ("empty", Sandbox::new(), vec!["check"], 2),
        ("deployment", deployment(), vec!["preflight"], 1),
        ("error", clean(), vec!["check", "no-such-place"], 2),
        ("usage", clean(), vec!["check", "--as-of", "x"], 2),
        ("ages", everything_wrong(), vec!["rotation", "status"], 1),
        ("ages-incomplete", incomplete(), vec!["rotation", "status"], 2),
        ("old", recorded(), vec!["rotation", "status"], 1),
        ("later", clean(), vec!["rotation", "status", "--as-of", "2099-01-01"], 1),
        ("project", everything_wrong(), vec!["summary", "--project"], 1),
        ("project-old", recorded(), vec!["summary", "--project"], 1),
        ("project-clean", clean(), vec!["summary", "--project"], 0),
        ("project-incomplete", incomplete(), vec!["summary", "--project"], 2),
        ("many", mirrors(), vec!["scan", "--recursive", "--summary", "."], 2),
        ("many-clean", written(CLEAN), vec!["summary", "report.json"], 0),
        ("many-unread", written("{"), vec!["summary", "report.json", "no-such-file"], 2),
        ("hostile", hostile(), vec!["check"], 2),
        ("hostile-project", hostile(), vec!["summary", "--project"], 2),
        ("hostile-many", written(HOSTILE_REPORT), vec!["summary", "report.json"], 1),
        ("hostile-scan", hostile(), vec!["scan"], 2),
        ("hostile-trace", hostile(), vec!["trace", "."], 2),
        ("hostile-ages", hostile(), vec!["rotation", "status"], 2),
        ("hostile-preflight", hostile(), vec!["preflight"], 2),
    ]
}

fn page(sandbox: &Sandbox, args: &[&str]) -> Output {
    sandbox.envward(&[args, &["--format", "html"]].concat())
}

fn count(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

#[test]
fn a_page_has_the_status_of_the_text() {
    for (name, sandbox, args, code) in pages() {
        let html = page(&sandbox, &args);
        assert_eq!(html.code, code, "{name}: {}", html.stderr);
        assert_eq!(sandbox.envward(&args).code, code, "{name}");
    }
}

/// One file: nothing is loaded, nothing is run, and no link leads out of the page.
#[test]
fn a_page_needs_nothing_else() {
    for (name, sandbox, args, _) in pages() {
        let text = page(&sandbox, &args).stdout;
        assert!(text.starts_with("<!doctype html>\n<html lang=\"en\""), "{name}");
        for (part, number) in [("<title>", 1), ("<h1>", 1), ("<main ", 1), ("<style>", 1), ("</html>\n", 1)] {
            assert_eq!(count(&text, part), number, "{name}: {part}");
        }
        for part in [
            "<script", "<img", "<link", "<iframe", "<form", "<base", "http://", "https://", "url(", "@import",
            " style=", " src=\"", "\u{202e}", "\u{1b}",
        ] {
            assert_eq!(count(&text, part), 0, "{name}: {part}");
        }
        assert_eq!(count(&text, "href="), count(&text, "href=\"#"), "{name}");
        let policy = text.find("default-src &#39;none&#39;; style-src &#39;sha256-").expect("a policy");
        assert!(policy < text.find("<style>").unwrap(), "{name}");
        assert_eq!(count(&text, "unsafe"), 0, "{name}");
    }
}

/// A browser drops a style sheet whose hash is another one.
#[test]
fn the_policy_allows_this_style_sheet() {
    use sha2::Digest as _;
    let text = page(&clean(), &["check"]).stdout;
    let sheet = text.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    let hash = crate::common::encode::base64(&sha2::Sha256::digest(sheet.as_bytes()));
    assert!(text.contains(&format!("&#39;sha256-{hash}&#39;")), "{hash}");
}

#[test]
fn a_hostile_name_is_text() {
    for (name, sandbox, args, _) in pages().into_iter().filter(|(name, ..)| name.starts_with("hostile")) {
        let text = page(&sandbox, &args).stdout;
        assert!(
            text.contains("&lt;img src=x onerror=alert(1)&gt;&#39;&quot;&amp;amp;&lt;script&gt;"),
            "{name}: {text}"
        );
        // No secret of the file is in another place, so that a trace does not name it.
        assert!(name == "hostile-trace" || text.contains("\\u{202e}\\u{1b}[31m"), "{name}");
    }
    let sandbox = hostile();
    let text = page(&sandbox, &["scan"]).stdout;
    for part in ["Eve &quot;onload=x&#39; &amp;quot;\\u{202e}", "refs/heads/&lt;svg&amp;onload=alert(1)&gt;"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

/// A page that is kept is read without its exit status.
#[test]
fn an_incomplete_page_says_so_first() {
    for (name, sandbox, args, code) in pages() {
        let text = page(&sandbox, &args).stdout;
        let title = text.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
        let verdict = text.split("class=\"verdict\"").nth(1).unwrap().split("<section").next().unwrap();
        assert_eq!(title.starts_with("incomplete: "), code == 2, "{name}: {title}");
        assert_eq!(verdict.contains(">incomplete</span>"), code == 2, "{name}: {verdict}");
        assert_eq!(verdict.contains(">clean</span>"), name.ends_with("clean"), "{name}: {verdict}");
        if code == 2 && !matches!(name, "error" | "usage") && !name.contains("project") {
            assert!(text.contains(">not examined</h2>"), "{name}");
        }
    }
}

/// What to do is the same as on the screen, and each finding is on the page.
#[test]
fn each_finding_is_on_the_page_with_its_command() {
    for (name, sandbox, args, _) in
        pages().into_iter().filter(|(name, ..)| matches!(*name, "everything" | "deployment"))
    {
        let text = page(&sandbox, &args).stdout;
        let json = sandbox.envward(&[&args[..], &["--format", "json"]].concat()).json();
        for finding in json["findings"].as_array().unwrap() {
            let check = finding["check"].as_str().unwrap();
            assert!(text.contains(&format!("<code class=\"check\">{check}</code>")), "{name}: {check}");
        }
        let screen = sandbox.envward(&args).stdout;
        let commands: Vec<&str> = screen.lines().filter_map(|line| line.trim().strip_prefix("-> envward ")).collect();
        assert!(commands.len() > 3, "{screen}");
        for command in commands {
            assert!(text.contains(&format!("<code>envward {command}</code>")), "{name}: {command}: {text}");
        }
    }
    let text = page(&everything_wrong(), &["check"]).stdout;
    assert!(text.contains(">1 finding ignored</summary>") && text.contains("(known)"), "{text}");
}

#[test]
fn the_times_are_those_of_the_commits() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox.git(&["add", "--force", ".env"]);
    sandbox.git(&["commit", "--message", "add"]);
    sandbox.git(&["rm", "--cached", ".env"]);
    sandbox.git(&["commit", "--message", "remove"]);
    let text = page(&sandbox, &["scan"]).stdout;
    let json = sandbox.envward(&["scan", "--format", "json"]).json();
    let file = json["findings"].as_array().unwrap().iter().find(|one| one["check"] == "env-file-in-history").unwrap();
    let added = &file["facts"]["added"]["time"].as_str().unwrap()[..10];
    let table = text.split("<table class=\"timeline\">").nth(1).unwrap().split("</table>").next().unwrap();
    assert!(table.contains(&format!("<td data-of=\"added\">{added}</td>")), "{table}");
    assert!(table.contains(&format!("<td data-of=\"removed\">{added}</td>")), "{table}");
    assert!(table.contains(">secrets in use</span>") && table.contains(">in use</span>"), "{table}");
    assert!(table.contains("role=\"img\" aria-label=\""), "{table}");
}

#[test]
fn the_calendar_names_what_will_be_due() {
    let sandbox = clean();
    let text = page(&sandbox, &["rotation", "status"]).stdout;
    let json = sandbox.envward(&["rotation", "status", "--format", "json"]).json();
    let table = text.split("<table class=\"calendar\">").nth(1).unwrap().split("</table>").next().unwrap();
    for (day, word) in [("soft_due", "due"), ("hard_due", "overdue")] {
        let day = json["secrets"][0][day].as_str().unwrap();
        assert!(table.contains(&format!(">{word}</span> <b>{day}</b> <span>DB_PASSWORD of .env</span>")), "{table}");
    }
    let label = format!("{} days old; due after", json["secrets"][0]["age_days"]);
    assert!(text.contains(&label), "{label}: {text}");
}

/// Time went by: the first value is retired, and the months say when another one came.
#[test]
fn a_project_is_told_month_by_month() {
    let sandbox = recorded();
    let ledger = crate::common::ledger::ledger(&sandbox);
    let old = "PRAGMA foreign_keys = OFF; INSERT INTO value (secret, state, since, basis, by, unsure, judge) \
               SELECT id, 'retired', '2026-01-01', 'declared', 'ada', 0, '0.1.0' FROM secret;";
    let new = "UPDATE value SET since = '2026-05-04', basis = 'rotated', id = id + 10 WHERE state = 'current';";
    ledger.execute_batch(&format!("{old}{new}UPDATE secret SET first_seen = '2026-03-20';")).unwrap();
    let before = std::fs::read(crate::common::ledger::state(&sandbox).join("ledger.sqlite")).unwrap();
    let args = ["summary", "--project", "--as-of", crate::common::TODAY];
    let text = sandbox.envward(&args).stdout;
    for line in [
        "2026-03         1        0       0    89d",
        "2026-05         1        1       0    27d",
        "2026-06         1        0       0    57d",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(text.contains("oldest 57 days (DB_PASSWORD of .env), median 57 days"), "{text}");
    let html = page(&sandbox, &args).stdout;
    let row = "<th scope=\"row\">2026-05</th><td data-of=\"secrets\" class=\"number\">1</td><td data-of=\"replaced\" class=\"number\">1</td>";
    assert!(html.contains(row), "{html}");
    drop(sandbox.envward(&["summary", "--project"]));
    let after = std::fs::read(crate::common::ledger::state(&sandbox).join("ledger.sqlite")).unwrap();
    assert!(before == after, "nothing is recorded");
}

#[test]
fn a_summary_without_a_ledger_says_that_there_is_no_trend() {
    let sandbox = clean();
    let text = sandbox.envward(&["summary", "--project"]).code(0).stdout;
    assert!(text.contains("no trend yet") && text.contains("no secret is exposed or due"), "{text}");
    assert!(!crate::common::ledger::state(&sandbox).exists(), "nothing is recorded");
    let text = sandbox.envward(&["summary", "--project", "--as-of", "2099-01-01"]).code(1).stdout;
    assert!(text.contains("1 secret is overdue: replace it now"), "{text}");
    drop(sandbox.envward(&["summary", "--project", "--as-of", "2099-01-01", "--exit-zero"]).code(0));
}

/// A secret may be exposed by a history that could not be read.
#[test]
fn a_summary_without_a_readable_history_is_incomplete() {
    let sandbox = clean();
    sandbox.git(&["init"]);
    sandbox.file(".git/objects/ab/cdefabcdefabcdefabcdefabcdefabcdefabcd", 0o644, "broken");
    let output = sandbox.envward(&["summary", "--project"]).code(2);
    assert!(output.stdout.contains("nothing that was examined is due\n"), "{}", output.stdout);
    assert!(output.stdout.contains("\nnot examined  "), "{}", output.stdout);
    let html = page(&sandbox, &["summary", "--project"]).code(2).stdout;
    assert!(html.contains("<title>incomplete: ") && html.contains("git history not examined: "), "{html}");
}

/// What is due soon was asked for, and nothing is wrong with the ledger.
#[test]
fn what_is_due_soon_is_called_so() {
    let text = page(&clean(), &["rotation", "status", "--due", "--within", "3650d"]).code(1).stdout;
    assert!(text.contains("<span>1 secret is due soon</span></h1>"), "{text}");
    let text = page(&clean(), &["rotation", "status", "--due"]).code(0).stdout;
    assert!(text.contains("<span>no secret is due</span></h1>") && text.contains("no secret to show"), "{text}");
}

/// What was told before is not on the page, so that the verdict must not be about everything.
#[test]
fn a_page_of_what_is_new_says_so() {
    let sandbox = mirrors();
    std::fs::remove_dir_all(sandbox.path("broken")).unwrap();
    let verdict = || {
        let text = page(&sandbox, &["scan", "--new", "shop"]).stdout;
        text.split("<h1>").nth(1).unwrap().split("</h1>").next().unwrap().to_owned()
    };
    assert!(verdict().contains("new since the last complete scan: 1 secret in use is exposed"));
    let second = verdict();
    assert!(second.contains("new since the last complete scan: no finding"), "{second}");
}

/// The table of `--readers` is on the page, too.
#[test]
fn readers_that_see_another_value_are_named() {
    let sandbox = clean();
    sandbox.file(".env", 0o600, fill("API_TOKEN={token}\nODD=ab#cd\n"));
    let text = page(&sandbox, &["check", "--readers"]).stdout;
    let table = text.split("<table class=\"readers\">").nth(1).unwrap().split("</table>").next().unwrap();
    assert!(table.contains("<code>ODD</code>") && !table.contains("API_TOKEN") && table.contains("node"), "{table}");
    assert!(text.contains("1 key is the same for all readers"), "{text}");
}

#[test]
fn a_page_of_all_hosts_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.file("fleet.csv", 0o644, "host,project\n");
    let output = page(&sandbox, &["rotation", "status", "--from", "fleet.csv"]).code(2);
    assert!(output.stderr.contains("  hint: "), "{}", output.stderr);
    assert!(output.stdout.contains(">incomplete</span>"), "{}", output.stdout);
}

/// html5lib in its strict mode refuses what a browser would repair.
const JUDGE: &str = "
import sys, html5lib
text = sys.stdin.buffer.read().decode()
tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
html = {'lang': tree.get('lang'), 'title': tree.findtext('head/title'), 'h1': len(tree.findall('.//h1'))}
assert html['lang'] == 'en' and html['title'] and html['h1'] == 1, html
levels = [int(e.tag[1]) for e in tree.iter() if e.tag in ('h1', 'h2', 'h3', 'h4', 'h5', 'h6')]
assert all(b - a <= 1 for a, b in zip(levels, levels[1:])), levels
ids = [e.get('id') for e in tree.iter() if e.get('id')]
assert len(ids) == len(set(ids)), ids
for e in tree.iter():
    for name in ('href', 'aria-labelledby'):
        if e.get(name): assert e.get(name).lstrip('#') in ids, e.get(name)
for table in tree.iter('table'):
    assert table.find('caption') is not None
    assert all(cell.get('scope') for cell in table.iter('th'))
    width = len(table.findall('thead/tr/th'))
    for row in table.findall('tbody/tr'):
        assert sum(int(cell.get('colspan', 1)) for cell in row) == width, row
for drawing in tree.iter('{http://www.w3.org/2000/svg}svg'):
    assert drawing.get('role') == 'img' and drawing.get('aria-label')
known = set('html head meta title style body a header p strong code span main div h1 h2 h3 ul li b nav section article details summary table caption thead tbody tr th td footer'.split())
assert not {e.tag for e in tree.iter() if isinstance(e.tag, str) and '}' not in e.tag} - known
print(len(text))
";

#[test]
fn a_strict_parser_takes_every_page() {
    let program = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/gate/venv/bin/python");
    if !program.is_file() {
        return skip("target/gate is missing: `.ci/readers` installs it");
    }
    let judged = |text: &str| {
        let mut child = Command::new(&program);
        let child = child.args(["-c", JUDGE]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = child.spawn().unwrap();
        std::io::Write::write_all(child.stdin.as_mut().unwrap(), text.as_bytes()).unwrap();
        drop(child.stdin.take());
        let output = child.wait_with_output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    for (name, sandbox, args, _) in pages() {
        let (agrees, said) = judged(&page(&sandbox, &args).stdout);
        assert!(agrees, "{name}: {said}");
    }
    // The judge sees what would be wrong.
    let text = page(&everything_wrong(), &["check"]).stdout;
    for (right, wrong) in
        [("</h1>", ""), ("lang=\"en\"", ""), ("<main ", "<script></script><main "), ("\">", "\"\">"), ("<h3>", "<h4>")]
    {
        assert!(text.contains(right) && !judged(&text.replacen(right, wrong, 1)).0, "{right}");
    }
}
