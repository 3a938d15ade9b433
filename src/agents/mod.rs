//! Coding agents: how one sees that an agent is set up in a project, which files it leaves out, and where its settings
//! and its transcripts are. Pure: texts and paths in, verdicts out.
//!
//! Each row has its source: the tool's own documentation, or where that says nothing its code. docs/agents.md is the same
//! for people, with the limits of each rule.

mod claude;
mod disobeys;
mod exclusion;
mod jsonc;
mod opencode;
mod places;
mod settings;
mod zed;

pub use claude::Insertion;
pub use exclusion::Exclusion;
pub use places::{is_folder, is_noted, is_settings, state_of};
pub use settings::{Written, written};

use crate::path::RelPath;

/// How an agent's exclusion is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// A text of git's ignore rules.
    Lines,
    /// `permissions.deny` in Claude Code's settings.
    Claude,
    /// `permission` or `permissions` in opencode's configuration.
    Opencode,
    /// `private_files` and `file_scan_exclusions` in Zed's settings.
    Zed,
}

/// A file, and whether its text says something.
pub type Setting = (&'static str, fn(&[u8]) -> bool);

/// A coding agent.
#[derive(Debug)]
pub struct Agent {
    /// Its name.
    pub name: &'static str,
    /// Files, and folders (`…/`), that show that it is set up in the directory in which they are.
    pub signs: &'static [&'static str],
    /// The files of its exclusion; a line or an entry is added to the first.
    pub files: &'static [&'static str],
    /// How they are written.
    pub syntax: Syntax,
    /// What it leaves out unasked, as git's ignore rules.
    pub built_in: &'static str,
    /// Whether it leaves out what git ignores.
    pub obeys_git: bool,
    /// The file that may tell it not to, and how that is seen.
    pub disobeys: Option<Setting>,
    /// Whether its rules take letters of either case for the same: those of the npm package `ignore` do.
    pub folds_case: bool,
    /// Whether its last rule decides that is about a file or a directory above it; git's do not bring a file back.
    pub is_by_last: bool,
}

/// An agent whose exclusion is a text of git's ignore rules.
const fn lines(name: &'static str, signs: &'static [&'static str], files: &'static [&'static str]) -> Agent {
    let (syntax, built_in, disobeys) = (Syntax::Lines, "", None);
    let (obeys_git, folds_case, is_by_last) = (false, false, false);
    Agent { name, signs, files, syntax, built_in, obeys_git, disobeys, folds_case, is_by_last }
}

/// The agents, by name.
pub static AGENTS: [Agent; 12] = [
    // aider.chat/docs/config/options.html: `--aiderignore` ("default: .aiderignore in git root"); files that git ignores
    // are only taken with `--add-gitignore-files`. aider/repo.py matches with pathspec.
    Agent {
        obeys_git: true,
        disobeys: Some((".aider.conf.yml", disobeys::aider)),
        is_by_last: true,
        ..lines(
            "Aider",
            &[".aider.conf.yml", ".aiderignore", ".aider.chat.history.md", ".aider.input.history"],
            &[".aiderignore"],
        )
    },
    // code.claude.com/docs/en/permissions, "Read and Edit": deny rules in both settings files; the patterns are git's.
    Agent {
        syntax: Syntax::Claude,
        folds_case: true,
        ..lines(
            "Claude Code",
            &[".claude/", "CLAUDE.md", "CLAUDE.local.md"],
            &[".claude/settings.json", ".claude/settings.local.json"],
        )
    },
    // docs.cline.bot/customization/clineignore; src/core/ignore/ClineIgnoreController.ts matches with `ignore`.
    Agent { folds_case: true, ..lines("Cline", &[".clinerules", ".clinerules/", ".clineignore"], &[".clineignore"]) },
    // github.com/continuedev/continue, core/indexing/ignore.ts, DEFAULT_SECURITY_IGNORE_FILETYPES: its tools never read
    // these.
    Agent {
        built_in: "*.env\n*.env.*\n.env*\n*.bak\n*.backup\n*.old\n*.orig\n*.secret\n*.secrets\n",
        folds_case: true,
        ..lines("Continue", &[".continue/", ".continueignore", ".continuerc.json"], &[".continueignore"])
    },
    // github.com/charmbracelet/crush, README, "Ignoring Files".
    Agent {
        obeys_git: true,
        ..lines("Crush", &[".crush.json", "crush.json", ".crush/", ".crushignore"], &[".crushignore"])
    },
    // cursor.com/docs/reference/ignore-file, and docs.cursor.com/context/ignore-files, "Global ignore files": the list
    // that is the default. What git ignores is left out of the index alone (cursor.com/help/customization/ignore-files).
    Agent {
        built_in: "**/.env\n**/.env.*\n",
        ..lines("Cursor", &[".cursor/", ".cursorrules", ".cursorignore"], &[".cursorignore"])
    },
    // geminicli.com/docs/cli/gemini-ignore; `context.fileFiltering` in geminicli.com/docs/cli/configuration.
    // `.gemini/` alone may be the reviewer on GitHub.
    Agent {
        obeys_git: true,
        disobeys: Some((".gemini/settings.json", disobeys::gemini)),
        folds_case: true,
        ..lines("Gemini CLI", &[".gemini/settings.json", "GEMINI.md", ".geminiignore"], &[".geminiignore"])
    },
    // jetbrains.com/help/junie/aiignore.html.
    lines("Junie", &[".junie/", ".aiignore"], &[".aiignore"]),
    // opencode.ai/docs/permissions (version 2) and opencode.ai/v1/docs/permissions: `.env` files are asked for or denied
    // by default, and the last rule that matches wins.
    Agent {
        syntax: Syntax::Opencode,
        ..lines(
            "opencode",
            &["opencode.json", "opencode.jsonc", ".opencode/"],
            &["opencode.json", "opencode.jsonc", ".opencode/opencode.json", ".opencode/opencode.jsonc"],
        )
    },
    // docs.roocode.com/features/rooignore.
    Agent {
        folds_case: true,
        ..lines("Roo Code", &[".roo/", ".roomodes", ".roorules", ".rooignore"], &[".rooignore"])
    },
    // docs.windsurf.com/context-awareness/windsurf-ignore: what git ignores and hidden paths are not indexed.
    Agent {
        built_in: ".*\n",
        obeys_git: true,
        ..lines("Windsurf", &[".windsurf/", ".windsurfrules", ".codeiumignore"], &[".codeiumignore"])
    },
    // zed.dev/docs/reference/all-settings, "Private Files": the default. crates/agent/src/tools/read_file_tool.rs refuses
    // what the user's settings or the project's name.
    Agent {
        syntax: Syntax::Zed,
        built_in: "**/.env*\n**/*.pem\n**/*.key\n**/*.cert\n**/*.crt\n**/secrets.yml\n",
        ..lines("Zed", &[".zed/"], &[".zed/settings.json"])
    },
];

/// Whether a path ends with these parts.
fn ends_with(path: &RelPath, tail: &str) -> bool {
    let Some(before) = path.as_bytes().strip_suffix(tail.as_bytes()) else { return false };
    before.is_empty() || before.ends_with(b"/")
}

/// The directory in which an agent is set up by this path, and the sign that it is.
pub fn signs(path: &RelPath) -> impl Iterator<Item = (&'static Agent, RelPath)> + '_ {
    let of = move |agent: &'static Agent| {
        let sign = agent.signs.iter().find(|sign| ends_with(path, sign.trim_end_matches('/')))?;
        let depth = sign.trim_end_matches('/').split('/').count();
        let dir = std::iter::successors(Some(path.clone()), |path| Some(path.parent())).nth(depth)?;
        Some((agent, dir))
    };
    AGENTS.iter().filter_map(of)
}
