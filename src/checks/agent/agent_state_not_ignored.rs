//! `agent-state-not-ignored`: transcripts and personal settings of an agent that git or Docker would take.

use crate::check::{Check, Example, Fix, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::path::RelPath;
use crate::project::AgentState;

pub(crate) static CHECK: Check = Check {
    id: "agent-state-not-ignored",
    title: "transcripts or personal settings of a coding agent that git or Docker would take",
    doc: r#"## What it does

Reports what a coding agent keeps in the project for one person, if git tracks it, if no ignore rule of git covers it, or if docker build sends it to Docker: `.aider.chat.history.md`, `.aider.input.history` and `.aider.llm.history` (Aider), `.claude/settings.local.json` and `CLAUDE.local.md` (Claude Code), `.specstory/history/` (SpecStory: chats of several agents), and `.crush/` (Crush: sessions and logs). Severity: error if git tracks it, else warning.

Other agents keep their transcripts in a home directory or in the editor, and so have none in the project: Cline, Codex CLI, Continue, Cursor, Gemini CLI, Junie, opencode, Roo Code, Windsurf, Zed. docs/agents.md names the sources.

## Why it matters

A transcript contains what the agent read and what its commands printed, often with a secret. The personal settings of Claude Code list the commands that were allowed, with everything in them. A commit publishes both, and an image that copies them gives them to everyone who can pull it.

## What to do

`envward check --fix` adds the line to `.gitignore` or to the ignore file of Docker. If git tracks the file: `git rm --cached`, commit, and replace the secrets in it.

## Facts

- `agent`: the tool that writes it
- `tracked`: whether git tracks it
- `context`: the directory of the build context; null if git would take it
- `ignore_file`: the ignore file that Docker uses; null if git would take it
- `fix`: whether `envward check --fix` adds a line
"#,
    group: Group::Agent,
    severity: Severity::Error,
    kinds: &[Kind::Project],
    tier: Tier::Exposure,
    fix: Some(Fix::AgentState),
    checklist: &[],
    bad: &[
        Example {
            about: "a transcript of Aider that `git add .` would take",
            steps: &[Step::Git("init"), Step::File(".aider.chat.history.md", 0o644, "# aider chat started\n")],
        },
        Example {
            about: "personal settings that git tracks",
            steps: &[
                Step::Git("init"),
                Step::File(".claude/settings.local.json", 0o644, "{}\n"),
                Step::Git("add .claude/settings.local.json"),
            ],
        },
        Example {
            about: "transcripts in a build context",
            steps: &[
                Step::File("Dockerfile", 0o644, "FROM scratch\n"),
                Step::File(".specstory/history/2026-11-01.md", 0o644, "# A chat\n"),
            ],
        },
    ],
    good: &[
        Example {
            about: "ignored",
            steps: &[
                Step::Git("init"),
                Step::File(
                    ".gitignore",
                    0o644,
                    r#"
.aider*
.specstory/
"#,
                ),
                Step::File(".aider.chat.history.md", 0o644, "# aider chat started\n"),
                Step::File(".specstory/history/2026-11-01.md", 0o644, "# A chat\n"),
            ],
        },
        Example {
            about: "settings for everybody",
            steps: &[Step::Git("init"), Step::File(".claude/settings.json", 0o644, "{}\n")],
        },
        Example {
            about: "neither a repository nor a build context",
            steps: &[Step::File(".aider.chat.history.md", 0o644, "# aider chat started\n")],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Project(project) = artifact else { return };
    for state in &project.agents.states {
        findings.extend(in_git(state));
        for build in &context.project.contexts {
            let dir = if build.dir.is_root() { RelPath::from(".") } else { build.dir.clone() };
            findings.extend(build.lets_through(&state.file).into_iter().map(|ignore_file| {
                let what = "docker build sends the transcripts or personal settings of {agent} to Docker: {ignore_file} does not exclude them";
                finding(state, what, "exclude {path} in {ignore_file}: envward check --fix", true)
                    .fact("context", Fact::Path(dir.clone()))
                    .fact("ignore_file", Fact::Path(ignore_file.clone()))
            }));
        }
    }
}

fn in_git(state: &AgentState) -> Option<Finding> {
    let found = match (state.is_tracked, state.is_ignored?) {
        (false, true) => return None,
        (false, false) => finding(
            state,
            "git does not ignore the transcripts or personal settings of {agent}: `git add .` would stage them",
            "ignore {path} in .gitignore: envward check --fix",
            true,
        ),
        (true, is_ignored) => finding(
            state,
            "git tracks transcripts or personal settings of {agent}",
            "remove them from git, and replace the secrets in them: {git} rm -r --cached -- {path:git}",
            !is_ignored,
        )
        .severity(Severity::Error),
    };
    Some(found.fact("context", Fact::None).fact("ignore_file", Fact::None))
}

fn finding(state: &AgentState, what: &'static str, help: &'static str, is_fixable: bool) -> Finding {
    Finding::new(&CHECK, Origin::Worktree(state.path.clone()), what, help)
        .severity(Severity::Warning)
        .fact("agent", Fact::Word(state.agent))
        .fact("tracked", Fact::Flag(state.is_tracked))
        .fact("fix", Fact::Flag(is_fixable))
}
