//! `secret-in-agent-settings`: a secret that is written in the settings of a coding agent.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::git::live_value_elsewhere;
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::project::{AgentSettings, FoundSecret, ProjectFile, SettingsSecret};
use crate::secret::Tag;
use std::collections::BTreeMap;

pub(crate) static CHECK: Check = Check {
    id: "secret-in-agent-settings",
    title: "a secret that is written in the settings of a coding agent",
    doc: r#"## What it does

Reports a secret in the settings of a coding agent or of its MCP servers, committed or not: `.mcp.json`, `.cursor/mcp.json`, `.vscode/mcp.json`, `.roo/mcp.json`, `.junie/mcp/mcp.json`, `.claude/settings.json`, `.claude/settings.local.json`, `.gemini/settings.json`, `.zed/settings.json`, `opencode.json`, `opencode.jsonc`, `crush.json` and `.crush.json`. It looks at every text: the environment of a server, its arguments (`--api-key x`), headers, URLs with a password, and the commands that Claude Code was allowed (`Bash(PGPASSWORD=x psql)`). Comments and trailing commas are read; a file that is no JSON is searched all the same. A secret counts if it is not easy to guess and not a placeholder.

Severity: error if git tracks the file or does not ignore it; warning if git ignores it, or outside a repository. If the value is in use and git contains it, live-value-elsewhere reports the place, and this check does not report it again.

Not counted as secrets: `${VAR}`, `${VAR:-}`, `${env:VAR}`, `${input:id}`, `{env:VAR}`, `{file:path}`, `$VAR`. The default in `${VAR:-default}` counts.

## Why it matters

These files are shared with everybody who works on the project, and the agent itself reads them. A key for an MCP server often opens a whole database or account.

## What to do

Refer to a variable: `${VAR}` in `.mcp.json` and in the settings of Gemini CLI and Claude Code, `${env:VAR}` in Cursor and Roo Code, `${input:id}` in VS Code, `{env:VAR}` in opencode, `$VAR` in Crush. Then replace the secret: the agent's provider may have it already.

## Facts

- `class`: the class of the secret
- `in_use`: the env file that has the value; null if none has
- `in_use_key`: its key there; null if none has the value, or if the key may not be printed
- `tracked`: whether git tracks the settings; null outside a repository
- `ignored`: whether git ignores them; null outside a repository

The key is the name in the settings.
"#,
    group: Group::Agent,
    severity: Severity::Error,
    kinds: &[Kind::Project],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "the key of an MCP server",
            steps: &[
                Step::Git("init"),
                Step::File(
                    ".mcp.json",
                    0o644,
                    r#"
{"mcpServers": {"db": {"command": "npx", "env": {"DB_PASSWORD": "{password}"}}}}
"#,
                ),
            ],
        },
        Example {
            about: "a value in use, in an argument",
            steps: &[
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
                Step::File(
                    ".cursor/mcp.json",
                    0o644,
                    r#"
{"mcpServers": {"db": {"args": ["postgres://app:{password}@db/app"]}}}
"#,
                ),
            ],
        },
        Example {
            about: "a command that was allowed once",
            steps: &[Step::File(
                ".claude/settings.local.json",
                0o600,
                r#"
{"permissions": {"allow": ["Bash(PGPASSWORD={password} psql:*)"]}}
"#,
            )],
        },
        Example {
            about: "behind a comment",
            steps: &[Step::File(
                ".vscode/mcp.json",
                0o644,
                r#"
{
  // the wiki
  "servers": {"wiki": {"headers": {"Authorization": "Bearer {token}"}}},
}
"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "references",
            steps: &[
                Step::File(
                    ".mcp.json",
                    0o644,
                    r#"
{"mcpServers": {"db": {"env": {"DB_PASSWORD": "${DB_PASSWORD}"}, "headers": {"Authorization": "Bearer ${API_TOKEN}"}}}}
"#,
                ),
                Step::File(
                    ".vscode/mcp.json",
                    0o644,
                    r#"
{"servers": {"db": {"env": {"API_KEY": "${input:api-key}", "OTHER_KEY": "${env:OTHER_KEY}"}}}}
"#,
                ),
                Step::File(
                    "opencode.json",
                    0o644,
                    r#"
{"provider": {"x": {"options": {"apiKey": "{env:X_API_KEY}"}}}}
"#,
                ),
            ],
        },
        Example {
            about: "a placeholder",
            steps: &[Step::File(
                ".mcp.json",
                0o644,
                r#"
{"mcpServers": {"db": {"env": {"API_KEY": "<your-api-key>"}}}}
"#,
            )],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Project(project) = artifact else { return };
    if project.agents.settings.is_empty() {
        return;
    }
    let in_use = project.files.iter().flat_map(|file| file.in_use().map(move |secret| (file, secret)));
    let mut known: BTreeMap<Tag, (&ProjectFile, &FoundSecret)> = BTreeMap::new();
    for (file, secret) in in_use {
        known.entry(context.group.tag(&secret.value)).or_insert((file, secret));
    }
    for settings in &project.agents.settings {
        let found = |secret: &SettingsSecret| known.get(&context.group.tag(&secret.value)).copied();
        findings.extend(settings.secrets.iter().map(|secret| finding(settings, secret, found(secret))));
    }
}

fn finding(settings: &AgentSettings, secret: &SettingsSecret, in_use: Option<(&ProjectFile, &FoundSecret)>) -> Finding {
    let what = match (in_use.map(|(_, known)| known.key.is_some()), secret.key.is_some()) {
        (Some(true), _) => "these settings of a coding agent contain the value of {in_use_key} from {in_use}",
        (Some(false), _) => "these settings of a coding agent contain a secret from {in_use}",
        (None, true) => "these settings of a coding agent contain {the secret|the secrets} {key}",
        (None, false) => "these settings of a coding agent contain a secret",
    };
    let is_open = settings.git.is_some_and(|git| git.tracked || !git.ignored);
    let flag = |value: Option<bool>| value.map_or(Fact::None, Fact::Flag);
    let key = in_use.and_then(|(_, known)| known.key.clone());
    Finding::new(&CHECK, Origin::Worktree(settings.path.clone()), what, HELP)
        .severity(if is_open { Severity::Error } else { Severity::Warning })
        .line(secret.line)
        .key(secret.key.as_ref())
        .fact("class", Fact::Word(secret.class.word()))
        .fact("in_use", in_use.map_or(Fact::None, |(file, _)| Fact::Path(file.path.clone())))
        .fact("in_use_key", key.map_or(Fact::None, Fact::Key))
        .fact("tracked", flag(settings.git.map(|git| git.tracked)))
        .fact("ignored", flag(settings.git.map(|git| git.ignored)))
}

const HELP: &str = "refer to a variable instead, and replace the secret: the agent's provider may have it";

/// Of a value in use that git contains, the finding about git says more: it alone is kept.
pub(crate) fn tell_once(findings: &mut Vec<Finding>) {
    let elsewhere: Vec<Finding> =
        findings.iter().filter(|other| other.is_of(&live_value_elsewhere::CHECK)).cloned().collect();
    findings.retain(|finding| !finding.is_of(&CHECK) || elsewhere.iter().all(|other| !is_same(finding, other)));
}

fn is_same(finding: &Finding, other: &Finding) -> bool {
    let is_file = finding.get("in_use").is_some_and(|file| *file != Fact::None && other.get("in_use") == Some(file));
    let is_key = match finding.get("in_use_key") {
        Some(Fact::Key(key)) => other.key.as_ref() == Some(key),
        _ => other.key.is_none(),
    };
    finding.origin.path() == other.origin.path() && is_file && is_key
}
