//! Coding agents: what of them `check` reports, what it leaves alone, and what `--fix` writes.

use std::fs;

use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::listed::{findings, problems, project, report, the};
use envward::checks::Step::{self, File, Git, Link};

const ENV: Step = File(".env", 0o600, "DB_PASSWORD={password}\n");
const NONE: [&str; 0] = [];

/// Every finding of this group, as `severity check path key`.
fn of_agents(sandbox: &Sandbox, args: &[&str], code: i32) -> Vec<String> {
    let found = findings(&report(sandbox, args, code));
    found.into_iter().filter(|line| line.contains(" agent-") || line.contains("agent-settings")).collect()
}

fn text(sandbox: &Sandbox, path: &str) -> String {
    fs::read_to_string(sandbox.path(path)).unwrap()
}

#[test]
fn each_agent_is_one_finding_whatever_the_number_of_files() {
    let sandbox = project(&[
        ENV,
        File("a/.env", 0o600, "JWT_SECRET={hex64}\n"),
        File("b/prod.env", 0o600, "API_KEY={token}\n"),
        File(".aider.conf.yml", 0o644, "model: x\n"),
        File("CLAUDE.md", 0o644, "x\n"),
        File(".clinerules/a.md", 0o644, "x\n"),
        File(".continue/rules/a.md", 0o644, "x\n"),
        File("crush.json", 0o644, "{}\n"),
        File(".cursor/rules/a.mdc", 0o644, "x\n"),
        File("GEMINI.md", 0o644, "x\n"),
        File(".junie/guidelines.md", 0o644, "x\n"),
        File("opencode.json", 0o644, "{\"permission\": {\"read\": \"allow\"}}\n"),
        File(".roo/rules/a.md", 0o644, "x\n"),
        File(".windsurfrules", 0o644, "x\n"),
        File(".zed/settings.json", 0o644, "{}\n"),
    ]);
    let report = report(&sandbox, &["check"], 1);
    let all: Vec<&serde_json::Value> =
        report["findings"].as_array().unwrap().iter().filter(|one| one["check"] == "agent-reads-env-file").collect();
    let shown = |one: &&serde_json::Value| {
        let files: Vec<&str> =
            one["facts"]["files"].as_array().unwrap().iter().map(|file| file.as_str().unwrap()).collect();
        format!("{} {}: {}", one["path"].as_str().unwrap(), one["facts"]["agent"].as_str().unwrap(), files.join(" "))
    };
    let mut shown: Vec<String> = all.iter().map(shown).collect();
    shown.sort();
    assert_eq!(
        shown,
        [
            ".aider.conf.yml Aider: .env a/.env b/prod.env",
            ".clinerules Cline: .env a/.env b/prod.env",
            ".cursor Cursor: b/prod.env",
            ".junie Junie: .env a/.env b/prod.env",
            ".roo Roo Code: .env a/.env b/prod.env",
            ".windsurfrules Windsurf: b/prod.env",
            ".zed/settings.json Zed: b/prod.env",
            "CLAUDE.md Claude Code: .env a/.env b/prod.env",
            "GEMINI.md Gemini CLI: .env a/.env b/prod.env",
            "crush.json Crush: .env a/.env b/prod.env",
            "opencode.json opencode: .env a/.env b/prod.env",
        ]
    );
}

#[test]
fn what_git_ignores_counts_only_for_agents_that_obey_it() {
    let sandbox = project(&[
        Git("init"),
        File(".gitignore", 0o644, ".env\n"),
        ENV,
        File("GEMINI.md", 0o644, "x\n"),
        File(".aiderignore", 0o644, ""),
        File(".junie/a.md", 0o644, "x\n"),
    ]);
    assert_eq!(of_agents(&sandbox, &["check"], 1), ["warning agent-reads-env-file .junie"]);
    sandbox.file(".gemini/settings.json", 0o644, "{\"context\": {\"fileFiltering\": {\"respectGitIgnore\": false}}}");
    sandbox.file(".aider.conf.yml", 0o644, "add-gitignore-files: true\n");
    assert_eq!(
        of_agents(&sandbox, &["check"], 1),
        [
            "warning agent-reads-env-file .aiderignore",
            "warning agent-reads-env-file .gemini/settings.json",
            "warning agent-reads-env-file .junie"
        ]
    );
}

#[test]
fn an_agent_in_a_directory_is_asked_about_that_directory() {
    let sandbox = project(&[
        Git("init"),
        ENV,
        File("a/.clineignore", 0o644, "/.env\n"),
        File("a/.env", 0o600, "JWT_SECRET={hex64}\n"),
        File("b/.rooignore", 0o644, ""),
        File("b/.env", 0o600, "API_KEY={token}\n"),
        // Below another one of the same agent: its own file says nothing.
        File("b/c/.rooignore", 0o644, ""),
    ]);
    assert_eq!(of_agents(&sandbox, &["check"], 1), ["warning agent-reads-env-file b/.rooignore"]);
    // Of a part nobody knows what is set up above it.
    for part in ["b", "b/.env"] {
        assert_eq!(of_agents(&sandbox, &["check", part, "--exit-zero"], 0), NONE, "{part}");
    }
}

#[test]
fn lines_are_added_to_ignore_files_and_shown_first() {
    let sandbox = project(&[
        ENV,
        File("a b/.env", 0o600, "JWT_SECRET={hex64}\n"),
        File(".clineignore", 0o640, "*.log"),
        File(".roomodes", 0o644, "x\n"),
    ]);
    let output = sandbox.envward(&["check", "--fix", "--dry-run"]).code(1);
    let lines: Vec<&str> = output.stdout.lines().filter(|line| line.starts_with("would fix")).collect();
    assert_eq!(
        lines,
        [
            "would fix  .clineignore: new line /.env",
            "would fix  .clineignore: new line /a\\ b/.env",
            "would fix  .rooignore: new line /.env",
            "would fix  .rooignore: new line /a\\ b/.env",
        ]
    );
    assert_eq!(text(&sandbox, ".clineignore"), "*.log");
    drop(sandbox.envward(&["check", "--fix"]).code(0));
    assert_eq!(text(&sandbox, ".clineignore"), "*.log\n/.env\n/a\\ b/.env\n");
    assert_eq!(text(&sandbox, ".rooignore"), "/.env\n/a\\ b/.env\n");
    assert_eq!(of_agents(&sandbox, &["check"], 0), NONE);
    assert!(!sandbox.envward(&["check", "--fix"]).code(0).stdout.contains("fixed"));
}

#[test]
fn rules_are_added_to_the_settings_of_claude_code_and_no_other_byte_changes() {
    let before =
        "{\n  \"model\": \"opus\",\n  \"permissions\": {\n    \"deny\": [ \"Read(x)\" ],\n    \"allow\": []\n  }\n}";
    let sandbox =
        project(&[ENV, File("a/.env", 0o600, "JWT_SECRET={hex64}\n"), File(".claude/settings.json", 0o640, before)]);
    let output = sandbox.envward(&["check", "--fix", "--dry-run"]).code(1);
    let line = ".claude/settings.json: new in permissions.deny: Read(/.env), Read(/a/.env)";
    assert!(output.stdout.contains(&format!("would fix  {line}")), "{}", output.stdout);
    assert_eq!(text(&sandbox, ".claude/settings.json"), before);
    let output = sandbox.envward(&["check", "--fix"]).code(0);
    assert!(output.stdout.contains(&format!("fixed  {line}")), "{}", output.stdout);
    let after = before.replace("\"Read(x)\"", "\"Read(x)\", \"Read(/.env)\", \"Read(/a/.env)\"");
    assert_eq!(text(&sandbox, ".claude/settings.json"), after);
    assert_eq!(of_agents(&sandbox, &["check"], 0), NONE);
}

#[test]
fn settings_are_made_where_their_folder_is_there() {
    let sandbox = project(&[ENV, File(".claude/commands/a.md", 0o644, "x\n")]);
    drop(sandbox.envward(&["check", "--fix"]).code(0));
    let made: serde_json::Value = serde_json::from_str(&text(&sandbox, ".claude/settings.json")).unwrap();
    assert_eq!(made, serde_json::json!({"permissions": {"deny": ["Read(/.env)"]}}));
}

/// What a person wrote is not guessed at: there is advice, and no fix.
#[test]
fn odd_settings_are_left_alone() {
    for (path, before) in [
        (".claude/settings.json", "{ // mine\n  \"permissions\": {\"deny\": []}\n}\n"),
        (".claude/settings.json", "{\"permissions\": {\"deny\": \"Read\"}}"),
        ("opencode.json", "{\"permission\": \"allow\"}"),
    ] {
        let sandbox = project(&[ENV]);
        sandbox.file(path, 0o644, before);
        let output = sandbox.envward(&["check", "--fix"]).code(1);
        assert!(
            !output.stdout.contains("fixed") && !output.stdout.contains("envward check --fix"),
            "{}",
            output.stdout
        );
        assert_eq!(text(&sandbox, path), before);
        let report = report(&sandbox, &["check"], 1);
        assert_eq!(the(&report, "agent-reads-env-file", path)["facts"]["fix"], false);
    }
    let sandbox = project(&[ENV, File("CLAUDE.md", 0o644, "x\n")]);
    drop(sandbox.envward(&["check", "--fix"]).code(1));
    assert!(!sandbox.path(".claude").exists(), "no folder is made");
    // A link is not followed.
    let sandbox = project(&[ENV, File("mine", 0o644, "{}\n"), Link(".clineignore", "mine")]);
    let output = sandbox.envward(&["check", "--fix"]).code(1);
    assert!(output.stdout.contains("it is a symbolic link"), "{}", output.stdout);
    assert_eq!(text(&sandbox, "mine"), "{}\n");
}

#[test]
fn a_secret_in_settings_is_found_by_key_and_line() {
    let sandbox = project(&[
        Git("init"),
        File(
            ".mcp.json",
            0o644,
            r#"
{
  "mcpServers": {
    "a": {"env": {"API_KEY": "{token}", "HOST": "db.example.com", "PORT": "5432", "DB_PASSWORD": "postgres"}},
    "b": {"args": ["-y", "server", "--api-key", "{token2}"], "env": {"X_TOKEN": "${X_TOKEN:-{hex64}}"}},
    "c": {"headers": {"Authorization": "Bearer {token3}"}, "url": "https://a.example/mcp"}
  }
}
"#,
        ),
    ]);
    let report = report(&sandbox, &["check"], 1);
    let found = report["findings"].as_array().unwrap();
    let shown: Vec<String> =
        found.iter().map(|one| format!("{}:{} {}", one["path"].as_str().unwrap(), one["line"], one["key"])).collect();
    assert_eq!(
        shown,
        [
            ".mcp.json:3 \"API_KEY\"",
            ".mcp.json:4 \"X_TOKEN\"",
            ".mcp.json:4 \"api-key\"",
            ".mcp.json:5 \"Authorization\""
        ]
    );
    assert!(found.iter().all(|one| one["severity"] == "error" && one["facts"]["in_use"].is_null()));
}

#[test]
fn references_are_no_secrets() {
    for reference in [
        "${API_KEY}",
        "${API_KEY:-}",
        "${env:API_KEY}",
        "${input:api-key}",
        "{env:API_KEY}",
        "{file:~/.key}",
        "$API_KEY",
        "Bearer ${API_KEY}",
        "Bearer $API_KEY",
        "Bearer {env:API_KEY}",
        "$(cat key)",
        "<API_KEY>",
        "your-api-key-here",
        "YOUR_API_KEY",
        "",
    ] {
        let sandbox = Sandbox::new();
        let text = format!("{{\"a\": {{\"API_KEY\": \"{reference}\", \"args\": [\"--api-key\", \"{reference}\"]}}}}");
        sandbox.file(".mcp.json", 0o644, text);
        assert_eq!(of_agents(&sandbox, &["check", "--exit-zero"], 0), NONE, "{reference}");
    }
}

/// A value in use in a file that git has is told once, by the check that knows since when.
#[test]
fn a_value_in_use_is_told_once() {
    let settings = File(".mcp.json", 0o644, "{\"a\": {\"env\": {\"DB_PASSWORD\": \"{password}\"}}}\n");
    let sandbox = project(&[Git("init"), File(".gitignore", 0o644, ".env\n"), ENV, settings]);
    let one = ["error secret-in-agent-settings .mcp.json DB_PASSWORD"];
    assert_eq!(findings(&report(&sandbox, &["check"], 1)), ["error live-value-elsewhere .mcp.json DB_PASSWORD"]);
    let without_git = project(&[ENV, settings]);
    let alone = report(&without_git, &["check"], 1);
    assert_eq!(findings(&alone), ["warning secret-in-agent-settings .mcp.json DB_PASSWORD"]);
    let facts = &alone["findings"][0]["facts"];
    assert_eq!((facts["in_use"].as_str(), facts["in_use_key"].as_str()), (Some(".env"), Some("DB_PASSWORD")));
    sandbox.git(&["add", "--all"]);
    let told = ["critical live-value-elsewhere .mcp.json DB_PASSWORD"];
    assert_eq!(findings(&report(&sandbox, &["check"], 1)), told);
    sandbox.git(&["commit", "-qm", "x"]);
    assert_eq!(findings(&report(&sandbox, &["check"], 1)), told);
    // Without the history nothing else tells it.
    assert_eq!(findings(&report(&sandbox, &["check", "--no-history"], 1)), one);
    sandbox.file(".gitignore", 0o644, ".env\n.mcp.json\n");
    sandbox.git(&["rm", "-q", "--cached", ".mcp.json"]);
    let both = findings(&report(&sandbox, &["check"], 1));
    assert_eq!(both, told, "history has it still");
}

#[test]
fn transcripts_are_told_by_their_folder_and_fixed() {
    let sandbox = project(&[
        Git("init"),
        File("Dockerfile", 0o644, "FROM scratch\n"),
        File(".specstory/history/a.md", 0o644, "x\n"),
        File(".specstory/history/b.md", 0o644, "x\n"),
        File(".aider.input.history", 0o644, "x\n"),
        // Crush ignores its own folder.
        File(".crush/.gitignore", 0o644, "*\n"),
        File(".crush/crush.db", 0o644, "x\n"),
        Git("add -f .aider.input.history"),
    ]);
    assert_eq!(
        of_agents(&sandbox, &["check"], 1),
        [
            "error agent-state-not-ignored .aider.input.history",
            "warning agent-state-not-ignored .aider.input.history",
            "warning agent-state-not-ignored .crush",
            "warning agent-state-not-ignored .specstory/history",
            "warning agent-state-not-ignored .specstory/history",
        ]
    );
    drop(sandbox.envward(&["check", "--fix"]).code(1));
    assert_eq!(text(&sandbox, ".gitignore"), "/.aider.input.history\n/.specstory/history\n");
    assert_eq!(text(&sandbox, ".dockerignore"), ".aider.input.history\n.crush\n.specstory/history\n");
    assert_eq!(of_agents(&sandbox, &["check"], 1), ["error agent-state-not-ignored .aider.input.history"]);
    sandbox.git(&["rm", "-q", "--cached", ".aider.input.history"]);
    assert_eq!(of_agents(&sandbox, &["check"], 0), NONE);
}

/// Settings that cannot be read are a problem, and never clean.
#[test]
fn settings_that_cannot_be_read() {
    let sandbox = Sandbox::new();
    sandbox.file(".mcp.json", 0o644, " ".repeat((1 << 20) + 1));
    assert_eq!(problems(&report(&sandbox, &["check"], 2)), ["too-large .mcp.json"]);
    let sandbox = project(&[ENV, Link(".mcp.json", ".env"), Link(".claude", "."), Git("init")]);
    assert_eq!(of_agents(&sandbox, &["check", "--exit-zero"], 0), NONE);
    // Deep, cut and odd: searched all the same.
    let token = fill("{token}");
    for text in [
        format!("{}\"API_KEY\": \"{token}\"", "[{\"a\":".repeat(20_000)),
        format!("\u{feff}{{\"API_KEY\": \"{token}\"}}"),
        format!("{{'x': 1, \"API_KEY\": \"{token}\" \"b\" /*"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.file(".mcp.json", 0o644, text);
        assert_eq!(of_agents(&sandbox, &["check"], 1), ["warning secret-in-agent-settings .mcp.json API_KEY"]);
    }
}

#[test]
fn a_project_without_agents_is_told_nothing() {
    let sandbox = project(&[
        ENV,
        File("AGENTS.md", 0o644, "x\n"),
        File(".github/copilot-instructions.md", 0o644, "x\n"),
        File(".codex/config.toml", 0o644, "model = \"x\"\n"),
        File(".vscode/settings.json", 0o644, "{\"a\": 1}\n"),
        File("src/settings.json", 0o644, "{\"API_KEY\": \"{token}\"}\n"),
    ]);
    assert_eq!(findings(&report(&sandbox, &["check"], 0)), NONE);
}
