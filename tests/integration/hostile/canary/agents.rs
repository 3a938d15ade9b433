//! The settings and the transcripts of coding agents.

use super::*;

/// A case whose settings of this name have this text, beside an env file that the agents may read.
fn in_settings(name: &'static str, path: &'static str, text: fn(&str) -> String) -> Case {
    case(name, move |sandbox, marker| {
        sandbox.file(path, 0o644, text(marker));
        env(sandbox, &format!("DB_PASSWORD={marker}\nA={marker}\n"));
        sandbox.file("CLAUDE.md", 0o644, "# x\n");
        sandbox.file(".clinerules", 0o644, "x\n");
    })
}

#[test]
fn in_settings_of_agents() {
    run(&[
        in_settings("an environment and headers", ".mcp.json", |marker| {
            format!(
                r#"{{"mcpServers": {{"{marker}": {{"env": {{"DB_PASSWORD": "{marker}", "{marker}": "x", "A": "{marker}"}},
                "headers": {{"Authorization": "Bearer {marker}"}}, "url": "https://u:{marker}@a.example"}}}}}}"#
            )
        }),
        in_settings("arguments and comments", ".vscode/mcp.json", |marker| {
            format!(
                "{{ // {marker}\n \"servers\": {{\"a\": {{\"args\": [\"--token\", \"{marker}\", \"--api-key={marker}\", \"{marker}\"]}}}}, }}"
            )
        }),
        in_settings("rules of Claude Code", ".claude/settings.json", |marker| {
            format!(
                r#"{{"env": {{"API_TOKEN": "{marker}"}}, "permissions": {{"allow": ["Bash(PGPASSWORD={marker} psql)", "{marker}"],
                "deny": ["Read(./{marker})", "{marker}"]}}}}"#
            )
        }),
        in_settings("no JSON", ".claude/settings.local.json", |marker| {
            format!("{{\"API_TOKEN\": \"{marker}\n\"{marker}\": [{marker}")
        }),
        in_settings("opencode", "opencode.json", |marker| {
            format!(
                r#"{{"permission": {{"read": {{"{marker}": "allow", "*": "{marker}"}}}}, "provider": {{"x": {{"apiKey": "${{X:-{marker}}}"}}}}}}"#
            )
        }),
        in_settings("Gemini CLI", ".gemini/settings.json", |marker| {
            format!(r#"{{"{marker}": {{"API_KEY": "{marker}"}}, "context": {{"fileFiltering": "{marker}"}}}}"#)
        }),
        in_settings("Zed", ".zed/settings.json", |marker| {
            format!(
                r#"{{"private_files": ["{marker}[", "{marker}"], "context_servers": {{"a": {{"API_KEY": "{marker}"}}}}}}"#
            )
        }),
        case("names, transcripts and ignore files", |sandbox, marker| {
            sandbox.file(".aider.chat.history.md", 0o644, format!("{marker}\n"));
            sandbox.file(format!(".specstory/history/{marker}.md"), 0o644, format!("{marker}\n"));
            sandbox.file(format!("{marker}/.claude/settings.json"), 0o644, format!("{{\"a\": \"{marker}\"}}"));
            sandbox.file(format!("{marker}/.env"), 0o600, format!("DB_PASSWORD={marker}\n"));
            sandbox.file(".cursorignore", 0o644, format!("{marker}\n!{marker}\n"));
            sandbox.file(format!("{marker}.env"), 0o600, format!("DB_PASSWORD={marker}\n"));
            sandbox.file("Dockerfile", 0o644, "FROM scratch\n");
        }),
    ]);
}
