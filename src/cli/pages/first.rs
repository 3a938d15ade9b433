//! envward itself, and the commands for a first look.

use super::{CONFIG, DONE, ENV_FILES, LEDGER, Page, REPORT, STATE, TEMPLATES, XDG_STATE};

pub(super) const PAGES: &[Page] = &[
    Page {
        command: "",
        status: REPORT,
        files: &[ENV_FILES, TEMPLATES, CONFIG, LEDGER],
        environment: &[STATE, XDG_STATE],
        examples: &[
            ("envward demo", "See what envward finds"),
            ("envward check", "Check the project of the current directory"),
            ("envward hook install", "Stop the next leak before it is committed"),
            ("envward rotation status", "See how old your secrets are"),
        ],
        see: &["git(1)", "docker-compose(1)"],
    },
    Page {
        command: "check",
        status: REPORT,
        files: &[ENV_FILES, TEMPLATES, CONFIG, LEDGER],
        environment: &[STATE, XDG_STATE],
        examples: &[
            ("envward check", "Check the project of the current directory"),
            ("envward check backend/.env", "Check one env file"),
            ("envward check --fix --dry-run", "Show what --fix would change"),
            ("envward check --fix", "Fix file modes and ignore files"),
            ("envward check --format json", "Write a report for a program"),
            ("envward check --print-config", "Show the configuration in use"),
        ],
        see: &["envward-explain(1)", "envward-scan(1)", "envward-preflight(1)", "gitignore(5)"],
    },
    Page {
        command: "scan",
        status: REPORT,
        files: &[ENV_FILES, CONFIG],
        environment: &[("GIT_INDEX_FILE", "with --staged: the index to read")],
        examples: &[
            ("envward scan", "Scan the repository of the current directory"),
            ("envward scan --advice", "Print how to clean up, in order"),
            ("envward scan --staged", "Check what the next commit adds"),
            ("envward scan --range main..HEAD", "Check the commits of a branch, as in CI"),
            ("envward scan --recursive /srv/git", "Scan every repository below a directory"),
            ("envward scan --live /etc/app/prod.env", "Search also for secrets of another env file"),
        ],
        see: &["envward-incident(1)", "git-log(1)", "git-filter-repo(1)"],
    },
    Page {
        command: "preflight",
        status: REPORT,
        files: &[
            ("compose.yaml, docker-compose.yml", "the compose files of the project"),
            ("Dockerfile, .dockerignore", "the builds that the compose files name"),
            ENV_FILES,
            CONFIG,
        ],
        environment: &[STATE, XDG_STATE],
        examples: &[
            ("envward preflight", "Check the project before a deployment"),
            ("envward preflight -f compose.yaml -f prod.yaml", "Check compose files that are deployed together"),
            ("envward preflight --format checklist", "Answer the deployment checklists line by line"),
            ("docker inspect $(docker ps -q) | envward preflight --inspect -", "Check the running containers"),
            ("envward preflight --scan-report api.json", "Check also the report of an image scanner"),
        ],
        see: &["envward-check(1)", "envward-explain(1)", "docker-compose(1)"],
    },
    Page {
        command: "demo",
        status: &[(0, "the report was printed"), (2, "the throwaway project could not be made")],
        files: &[("/tmp/envward-demo-*", "the throwaway project; removed at the end")],
        environment: &[("TMPDIR", "make the throwaway project in this directory")],
        examples: &[("envward demo", "See what envward finds")],
        see: &["envward-check(1)"],
    },
    Page {
        command: "explain",
        status: DONE,
        files: &[],
        environment: &[],
        examples: &[
            ("envward explain", "List all checks"),
            ("envward explain weak-secret", "Explain one check"),
            ("envward explain --all > checks.md", "Write the documentation of all checks"),
        ],
        see: &["envward-check(1)", "envward-preflight(1)"],
    },
    Page {
        command: "completions",
        status: DONE,
        files: &[],
        environment: &[("ENVWARD_COMPLETE", "the script sets this to the name of the shell when it asks envward")],
        examples: &[
            ("source <(envward completions bash)", "Complete in this bash; put the line into ~/.bashrc for every bash"),
            ("envward completions zsh > ~/.zfunc/_envward", "Complete in zsh, if ~/.zfunc is in your fpath"),
            ("envward completions fish > ~/.config/fish/completions/envward.fish", "Complete in fish"),
        ],
        see: &["bash(1)", "zshcompsys(1)", "fish(1)"],
    },
    Page {
        command: "man",
        status: DONE,
        files: &[],
        environment: &[],
        examples: &[
            ("envward man rotation rotate | man -l -", "Read the page of one command"),
            ("envward man > envward.1", "Write the main page into a file"),
            ("envward man --dir /usr/local/share/man/man1", "Install the pages of all commands"),
        ],
        see: &["man(1)"],
    },
];
