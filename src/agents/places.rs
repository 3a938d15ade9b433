//! Where agents keep what matters here: the names that the walk looks out for.

use super::ends_with;
use crate::path::RelPath;

/// Settings in JSON, with or without comments, in which a key may be written. The files of MCP servers are those of
/// code.claude.com/docs/en/mcp (`.mcp.json`), cursor.com/docs/mcp, code.visualstudio.com/docs/agents/reference/
/// mcp-configuration, docs.roocode.com/features/mcp/using-mcp-in-roo (`.roo/mcp.json`) and
/// jetbrains.com/help/junie/model-context-protocol-mcp.html (`.junie/mcp/mcp.json`).
const SETTINGS: [&str; 13] = [
    ".mcp.json",
    ".cursor/mcp.json",
    ".vscode/mcp.json",
    ".roo/mcp.json",
    ".junie/mcp/mcp.json",
    ".claude/settings.json",
    ".claude/settings.local.json",
    ".gemini/settings.json",
    ".zed/settings.json",
    "opencode.json",
    "opencode.jsonc",
    "crush.json",
    ".crush.json",
];

/// What an agent leaves in a project for one person, with the agent: transcripts, and settings of one
/// person. A folder ends with `/`.
///
/// Sources: aider.chat/docs/config/options.html, "History Files"; code.claude.com/docs/en/settings and /memory;
/// docs.specstory.com (`.specstory/history`, chats of Cursor, Copilot and Claude Code); github.com/charmbracelet/crush,
/// README, "Logging", and its `data_directory`, whose default is `.crush`.
const STATE: [(&str, &str); 7] = [
    (".aider.chat.history.md", "Aider"),
    (".aider.input.history", "Aider"),
    (".aider.llm.history", "Aider"),
    (".claude/settings.local.json", "Claude Code"),
    ("CLAUDE.local.md", "Claude Code"),
    (".specstory/history/", "SpecStory"),
    (".crush/", "Crush"),
];

/// Whether a directory of this name is an agent's.
#[must_use]
pub fn is_folder(name: &[u8]) -> bool {
    matches!(
        name,
        b".claude"
            | b".clinerules"
            | b".continue"
            | b".crush"
            | b".cursor"
            | b".junie"
            | b".opencode"
            | b".roo"
            | b".specstory"
            | b".windsurf"
            | b".zed"
    )
}

/// Whether the walk notes a file. Every name of a work tree passes here: most leave at once, without a copy.
#[must_use]
pub fn is_noted(dir: &RelPath, name: &[u8]) -> bool {
    let parent = || dir.file_name();
    match name {
        b"CLAUDE.md"
        | b"CLAUDE.local.md"
        | b"GEMINI.md"
        | b"opencode.json"
        | b"opencode.jsonc"
        | b"crush.json"
        | b".crush.json"
        | b".mcp.json"
        | b".aider.conf.yml"
        | b".aider.chat.history.md"
        | b".aider.input.history"
        | b".aider.llm.history"
        | b".aiderignore"
        | b".aiignore"
        | b".clineignore"
        | b".clinerules"
        | b".codeiumignore"
        | b".continueignore"
        | b".continuerc.json"
        | b".crushignore"
        | b".cursorignore"
        | b".cursorrules"
        | b".geminiignore"
        | b".rooignore"
        | b".roomodes"
        | b".roorules"
        | b".windsurfrules" => true,
        b"mcp.json" => matches!(parent(), b".cursor" | b".vscode" | b".roo" | b"mcp"),
        b"settings.json" => matches!(parent(), b".claude" | b".gemini" | b".zed"),
        b"settings.local.json" => parent() == b".claude",
        _ => match parent() {
            b"history" => ends_with(dir, ".specstory/history"),
            b".crush" => true,
            b"logs" => ends_with(dir, ".crush/logs"),
            _ => false,
        },
    }
}

/// Whether a file is an agent's settings, in which a secret may be written.
#[must_use]
pub fn is_settings(path: &RelPath) -> bool {
    SETTINGS.iter().any(|tail| ends_with(path, tail))
}

/// The transcript or the personal settings that a file is or belongs to, and the agent that writes it.
#[must_use]
pub fn state_of(path: &RelPath) -> Option<(RelPath, &'static str)> {
    STATE.iter().find_map(|(tail, agent)| match tail.strip_suffix('/') {
        None => ends_with(path, tail).then(|| (path.clone(), *agent)),
        Some(folder) => {
            let mut dirs = std::iter::successors(Some(path.parent()), |dir| (!dir.is_root()).then(|| dir.parent()));
            dirs.find(|dir| ends_with(dir, folder)).map(|dir| (dir, *agent))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agents::AGENTS;

    fn is_met(name: &str) -> bool {
        let path = RelPath::from(name.trim_end_matches('/'));
        if name.ends_with('/') { is_folder(path.file_name()) } else { is_noted(&path.parent(), path.file_name()) }
    }

    /// A name of the tables that the walk does not note would never be found.
    #[test]
    fn the_walk_notes_what_the_tables_name() {
        let signs = AGENTS.iter().flat_map(|agent| agent.signs.iter().chain(agent.files));
        let states = STATE.iter().map(|(name, _)| name).filter(|name| !name.ends_with('/'));
        let unmet: Vec<&&str> = signs.chain(states).chain(&SETTINGS).filter(|name| !is_met(name)).collect();
        assert!(unmet.is_empty(), "{unmet:?}");
        for name in [".specstory/history/2026-01-01.md", "a/.crush/crush.db", ".crush/logs/crush.log"] {
            assert!(is_met(name), "{name}");
            assert!(state_of(&RelPath::from(name)).is_some(), "{name}");
        }
        for name in
            ["README.md", "src/settings.json", "history/a.md", "mcp.json", "logs/crush.log", ".vscode/settings.json"]
        {
            assert!(!is_met(name), "{name}");
        }
    }

    #[test]
    fn state_is_named_by_its_folder() {
        for (path, expected) in [
            ("a/.specstory/history/x.md", Some("a/.specstory/history")),
            (".crush/logs/crush.log", Some(".crush")),
            ("b/.claude/settings.local.json", Some("b/.claude/settings.local.json")),
            (".claude/settings.json", None),
            ("specstory/history/x.md", None),
        ] {
            let found = state_of(&RelPath::from(path)).map(|(path, _)| path);
            assert_eq!(found, expected.map(RelPath::from), "{path}");
        }
    }
}
