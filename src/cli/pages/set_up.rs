//! The commands that set a project up.

use super::{CONFIG, DONE, ENV_FILES, LEDGER, Page, Row, STATE, TEMPLATES, XDG_STATE};

const HOOKS: Row = (".git/hooks, core.hooksPath", "where git looks for hooks");
const BEFORE: Row = ("pre-commit.before-envward", "the hook that was there before; it runs first");
const TEMPLATE_DIR: Row = ("init.templateDir, ~/.config/git/template", "with --global: git's template directory");
const CONFIG_HOME: Row = ("XDG_CONFIG_HOME", "with --global: git's template directory is below this directory");

pub(super) const PAGES: &[Page] = &[
    Page {
        command: "init",
        status: &[
            (0, "the env files are filled, or there was nothing to do"),
            (2, "nothing was written, or a line in an ignore file is missing"),
        ],
        files: &[
            TEMPLATES,
            ENV_FILES,
            (".gitignore, .dockerignore", "init adds the env files, before it creates them"),
            CONFIG,
            LEDGER,
        ],
        environment: &[STATE, XDG_STATE],
        examples: &[
            ("envward init --dry-run", "Show what would be made"),
            ("envward init", "Fill the env file beside each template"),
            ("envward init .env.example --output .env.staging", "Fill an env file of another name"),
            ("envward init --list", "List the built-in templates"),
            ("envward init --template production", "Start from a built-in template"),
            ("envward init --update", "Add keys that are new in the template"),
        ],
        see: &["envward-generate(1)", "envward-check(1)"],
    },
    Page {
        command: "generate",
        status: DONE,
        files: &[ENV_FILES, LEDGER],
        environment: &[STATE, XDG_STATE],
        examples: &[
            ("envward generate hex", "Print 64 random bytes as hexadecimal digits"),
            ("envward generate password --into .env SMTP_PASSWORD", "Write a password into an env file"),
        ],
        see: &["envward-init(1)", "envward-rotation-rotate(1)"],
    },
    Page {
        command: "generate hex",
        status: DONE,
        files: &[ENV_FILES, LEDGER],
        environment: &[STATE, XDG_STATE],
        examples: &[
            ("envward generate hex", "Print 64 random bytes as 128 digits"),
            ("envward generate hex --bytes 32", "Print 32 random bytes as 64 digits"),
            (
                "envward generate hex --into .env SESSION_SECRET",
                "Write a value into an env file; nobody sees the value",
            ),
        ],
        see: &["envward-generate-password(1)", "envward-init(1)"],
    },
    Page {
        command: "generate password",
        status: DONE,
        files: &[ENV_FILES, LEDGER],
        environment: &[STATE, XDG_STATE],
        examples: &[
            ("envward generate password", "Print 64 random letters and digits"),
            ("envward generate password --length 32 --count 3", "Print three passwords of 32 characters"),
            (
                "envward generate password --into .env SMTP_PASSWORD",
                "Write a password into an env file; nobody sees it",
            ),
        ],
        see: &["envward-generate-hex(1)", "envward-init(1)"],
    },
    Page {
        command: "hook",
        status: &[
            (0, "the hooks are installed, or the hook found nothing"),
            (1, "see the page of the command"),
            (2, "the command failed"),
        ],
        files: &[HOOKS, BEFORE, CONFIG],
        environment: &[],
        examples: &[
            ("envward hook install", "Install the hooks in this repository"),
            ("envward hook status", "Show whether git runs them"),
        ],
        see: &["githooks(5)", "git-commit(1)"],
    },
    Page {
        command: "hook install",
        status: &[
            (0, "the hooks are installed"),
            (1, "a hook of another tool is there: add the printed line to it"),
            (2, "the hooks are not installed"),
        ],
        files: &[HOOKS, BEFORE, TEMPLATE_DIR],
        environment: &[CONFIG_HOME],
        examples: &[
            ("envward hook install", "Install the hooks in this repository"),
            ("envward hook install /srv/app", "Install the hooks in another repository"),
            ("envward hook install --global", "Install the hooks in every repository created or cloned from now on"),
        ],
        see: &["envward-hook-status(1)", "githooks(5)"],
    },
    Page {
        command: "hook uninstall",
        status: DONE,
        files: &[HOOKS, BEFORE, TEMPLATE_DIR],
        environment: &[CONFIG_HOME],
        examples: &[
            ("envward hook uninstall", "Remove the hooks from this repository"),
            ("envward hook uninstall --global", "Give new repositories no hooks any more"),
        ],
        see: &["envward-hook-install(1)", "githooks(5)"],
    },
    Page {
        command: "hook status",
        status: &[
            (0, "all hooks are installed, and git runs them"),
            (1, "a hook is missing, or git does not run it"),
            (2, "the hooks could not be examined"),
        ],
        files: &[HOOKS, BEFORE, TEMPLATE_DIR],
        environment: &[CONFIG_HOME],
        examples: &[("envward hook status", "Show the hooks of this repository")],
        see: &["envward-hook-install(1)", "githooks(5)"],
    },
    Page {
        command: "hook run",
        status: &[
            (0, "git may go on"),
            (1, "the commit or push contains an env file or a secret: git stops"),
            (2, "not everything was examined: git stops"),
        ],
        files: &[ENV_FILES, CONFIG, LEDGER],
        environment: &[
            ("GIT_DIR, GIT_WORK_TREE", "the repository; git sets these for a hook"),
            ("GIT_INDEX_FILE", "the index that git commits"),
            ("GIT_QUARANTINE_PATH", "where a server keeps a push until it is accepted"),
            STATE,
        ],
        examples: &[
            ("envward hook run pre-commit", "Check what is staged, as the hook does"),
            ("envward hook run pre-push", "Check the commits that no remote has"),
        ],
        see: &["envward-hook-install(1)", "githooks(5)"],
    },
];
