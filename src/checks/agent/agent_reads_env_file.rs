//! `agent-reads-env-file`: an agent whose own exclusion does not cover every env file.

use crate::agents::{Insertion, Syntax};
use crate::check::{Check, Example, Fix, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::path::RelPath;
use crate::project::{Project, ProjectFile, Setup};

pub(crate) static CHECK: Check = Check {
    id: "agent-reads-env-file",
    title: "a coding agent that is not told to leave out an env file",
    doc: r#"## What it does

Reports a coding agent that is set up in the project (its folder or file is there) and whose own exclusion does not cover every env file with secrets. One finding for each agent. envward knows Aider, Claude Code, Cline, Continue, Crush, Cursor, Gemini CLI, Junie, opencode, Roo Code, Windsurf and Zed, what each leaves out by default, and whether it leaves out what git ignores. docs/agents.md names the file, the syntax, the limits and the source of each rule.

Only rules in the project count: those in a home directory do not protect anybody else. Templates are not reported. If only a part of the project is checked, this check does not run.

Such a rule is advice to the agent, not a wall. It stops the agent's own tool for reading files. A command in a terminal (`cat .env`, a test that prints its settings) and an MCP server can still read the file, and some agents use the rule for their index only. A file that the agent must never read belongs to another user, or outside the machine on which the agent runs.

Not reported: GitHub Copilot, whose content exclusion is on the server and does not apply to its agent mode, and Codex CLI, which has no exclusion file in the project.

## Why it matters

An agent reads files to find out how a project works, and sends what it reads to its provider. From there a secret can come back: in a transcript, a log, a commit message, a test.

## What to do

`envward check --fix` adds the env files to the agent's ignore file. To the settings of Claude Code it adds `Read(/.env)` under `permissions.deny`, and changes no other byte; settings with comments or in another shape are left alone. `envward check --fix --dry-run` shows each line first. For opencode and Zed, write the rule yourself. Then replace secrets that an agent may have read.

## Facts

- `agent`: the agent
- `files`: the env files that its exclusion does not cover
- `exclusion`: the file in which they belong
- `fix`: whether `envward check --fix` adds them
"#,
    group: Group::Agent,
    severity: Severity::Warning,
    kinds: &[Kind::Project],
    tier: Tier::Exposure,
    fix: Some(Fix::AgentExclusion),
    checklist: &[],
    bad: &[
        Example {
            about: "no rule for Claude Code",
            steps: &[
                Step::File("CLAUDE.md", 0o644, "# The project\n"),
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
            ],
        },
        Example {
            about: "a rule that covers only one of two files",
            steps: &[
                Step::File(
                    ".claude/settings.json",
                    0o644,
                    r#"
{"permissions": {"deny": ["Read(/.env)"]}}
"#,
                ),
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
                Step::File("backend/.env", 0o600, "JWT_SECRET={hex64}\n"),
            ],
        },
        Example {
            about: "an ignore rule of git, which Cline does not obey",
            steps: &[
                Step::Git("init"),
                Step::File(".gitignore", 0o644, ".env\n"),
                Step::File(".clinerules", 0o644, "Use tabs.\n"),
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
            ],
        },
        Example {
            about: "a word for all tools that replaces the default of opencode",
            steps: &[
                Step::File("opencode.json", 0o644, "{\"permission\": \"allow\"}\n"),
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
            ],
        },
    ],
    good: &[
        Example { about: "no agent", steps: &[Step::File(".env", 0o600, "DB_PASSWORD={password}\n")] },
        Example {
            about: "a rule for Claude Code",
            steps: &[
                Step::File(
                    ".claude/settings.json",
                    0o644,
                    r#"
{"permissions": {"deny": ["Read(./.env)", "Read(./.env.*)"]}}
"#,
                ),
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
                Step::File("backend/.env.production", 0o600, "JWT_SECRET={hex64}\n"),
            ],
        },
        Example {
            about: "an ignore rule of git, which Gemini CLI obeys",
            steps: &[
                Step::Git("init"),
                Step::File(".gitignore", 0o644, ".env\n"),
                Step::File("GEMINI.md", 0o644, "# The project\n"),
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
            ],
        },
        Example {
            about: "the default of opencode, which asks before it reads an env file",
            steps: &[Step::File("opencode.json", 0o644, "{}\n"), Step::File(".env", 0o600, "DB_PASSWORD={password}\n")],
        },
        Example {
            about: "an env file without a secret",
            steps: &[Step::File(".clinerules", 0o644, "Use tabs.\n"), Step::File(".env", 0o600, "PORT=8080\n")],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Project(project) = artifact else { return };
    if project.agents.setups.is_empty() {
        return;
    }
    let files: Vec<&ProjectFile> =
        project.files.iter().filter(|file| file.is_private() && file.may_hold_secrets()).collect();
    findings.extend(project.agents.setups.iter().filter_map(|setup| of_setup(setup, &files)));
}

fn of_setup(setup: &Setup, files: &[&ProjectFile]) -> Option<Finding> {
    let is_open = |file: &&&ProjectFile| {
        let is_ignored = file.git.is_some_and(|git| git.ignored);
        file.path.strip_dir(&setup.dir).is_some_and(|below| !setup.exclusion.covers(&below, is_ignored))
    };
    let open: Vec<RelPath> = files.iter().filter(is_open).map(|file| file.path.clone()).collect();
    if open.is_empty() {
        return None;
    }
    let below: Vec<RelPath> = open.iter().filter_map(|path| path.strip_dir(&setup.dir)).collect();
    let is_fixable = match setup.agent.syntax {
        Syntax::Lines => true,
        Syntax::Claude => setup.has_folder && Insertion::of(setup.text.as_deref().map(Vec::as_slice), &below).is_some(),
        Syntax::Opencode | Syntax::Zed => false,
    };
    let help = match (setup.agent.syntax, is_fixable) {
        (_, true) => "add the files to {exclusion} (advice to the agent, not a wall): envward check --fix",
        (Syntax::Claude, false) => {
            "deny Read(/FILE) under permissions.deny in {exclusion} (advice to the agent, not a wall)"
        }
        (Syntax::Opencode, _) => {
            "deny read for these files in {exclusion}, behind the rule that allows it (advice to the agent, not a wall)"
        }
        (Syntax::Zed | Syntax::Lines, _) => {
            "add the files to private_files in {exclusion} (advice to the agent, not a wall)"
        }
    };
    let what = "{agent} is set up here, and no rule of its own keeps it from reading {files}";
    let finding = Finding::new(&CHECK, Origin::Worktree(setup.sign.clone()), what, help)
        .fact("agent", Fact::Word(setup.agent.name))
        .fact("files", Fact::Paths(open))
        .fact("exclusion", Fact::Path(setup.exclusion_file()))
        .fact("fix", Fact::Flag(is_fixable));
    Some(finding)
}

/// The agent that a finding is about, and the env files that it could read, below the agent's directory.
pub(crate) fn setup_of<'p>(finding: &Finding, project: &'p Project) -> Option<(&'p Setup, Vec<RelPath>)> {
    let (Some(Fact::Word(agent)), Some(Fact::Paths(files))) = (finding.get("agent"), finding.get("files")) else {
        return None;
    };
    let is_it = |setup: &&Setup| setup.agent.name == *agent && setup.sign == *finding.origin.path();
    let setup = project.agents.setups.iter().find(is_it)?;
    Some((setup, files.iter().filter_map(|path| path.strip_dir(&setup.dir)).collect()))
}
