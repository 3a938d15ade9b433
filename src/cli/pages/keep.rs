//! The commands for the ages of secrets, and for admin keys.

use super::{CONFIG, DONE, ENV_FILES, LEDGER, Page, Row, STATE, XDG_STATE};

const KEPT: Row = (".env.KEY.previous", "what promote changed, until it is confirmed, with mode 0600");

const WAITING: Row = (".env.KEY.pending", "the new value before promote, with mode 0600");

pub(super) const PAGES: &[Page] = &[
    Page {
        command: "rotation",
        status: &[
            (0, "nothing is due, or the step is done"),
            (1, "see the page of the command"),
            (2, "the command failed"),
        ],
        files: &[ENV_FILES, CONFIG, LEDGER],
        environment: &[STATE, XDG_STATE],
        examples: &[
            ("envward rotation status", "Show every secret, the most urgent first"),
            ("envward rotation rotate DB_PASSWORD .env", "Make a new value, and read the steps"),
            ("envward rotation promote DB_PASSWORD .env", "Write the new value into the env files"),
        ],
        see: &["envward-check(1)", "envward-incident(1)"],
    },
    Page {
        command: "rotation status",
        status: &[
            (0, "nothing is due"),
            (1, "a secret is due or exposed, a value expires within a week, or an env file is missing"),
            (2, "not everything was examined, the ledger cannot be used, or a host has not reported"),
        ],
        files: &[ENV_FILES, CONFIG, LEDGER],
        environment: &[STATE, XDG_STATE],
        examples: &[
            ("envward rotation status", "Show every secret, the most urgent first"),
            ("envward rotation status --due --within 14d", "Show what is due, or becomes due within two weeks"),
            ("envward rotation status --trace", "Count also the other places on this host that contain each secret"),
            ("envward rotation status --remind", "Print today's reminders, as the daily job does"),
            ("envward rotation status --from - --due < fleet.csv", "Show what is due on all hosts"),
        ],
        see: &["envward-rotation-rotate(1)", "envward-rotation-install(1)"],
    },
    Page {
        command: "rotation rotate",
        status: DONE,
        files: &[ENV_FILES, WAITING, LEDGER],
        environment: &[STATE, XDG_STATE],
        examples: &[
            ("envward rotation rotate DB_PASSWORD .env --dry-run", "Show which files use the secret, and the steps"),
            ("envward rotation rotate DB_PASSWORD .env", "Make a new value, and print the steps"),
            (
                "envward rotation rotate DB_PASSWORD .env --sql | psql -X -v ON_ERROR_STOP=1",
                "Set the new password in PostgreSQL",
            ),
            ("envward rotation rotate STRIPE_SECRET_KEY .env --stdin < new-key", "Use a value from a provider"),
            ("envward rotation rotate DB_PASSWORD .env --abandon", "Discard the new value"),
        ],
        see: &["envward-rotation-promote(1)", "envward-rotation-status(1)"],
    },
    Page {
        command: "rotation promote",
        status: &[
            (0, "the new value is written, or the replacement is confirmed"),
            (1, "not confirmed: see the output"),
            (2, "nothing was written"),
        ],
        files: &[ENV_FILES, WAITING, KEPT, LEDGER],
        environment: &[STATE, XDG_STATE],
        examples: &[
            (
                "envward rotation promote DB_PASSWORD .env",
                "Write the new value into every file that uses the current one",
            ),
            ("envward rotation promote DB_PASSWORD .env --confirm", "Confirm that nothing uses the old value"),
            ("envward rotation promote DB_PASSWORD .env --confirm --unproven 'no access'", "Confirm without a proof"),
        ],
        see: &["envward-rotation-verify(1)", "envward-rotation-rollback(1)", "docker-compose(1)"],
    },
    Page {
        command: "rotation verify",
        status: &[
            (0, "proven: what was examined uses only the new value"),
            (1, "the old value is still in use: each place is named"),
            (2, "envward could not tell"),
        ],
        files: &[ENV_FILES, KEPT, LEDGER],
        environment: &[STATE, XDG_STATE],
        examples: &[
            (
                "docker inspect api | envward rotation verify DB_PASSWORD .env --docker",
                "Compare what a container runs with",
            ),
            (
                "envward rotation verify DB_PASSWORD .env --postgres < roles.txt",
                "Compare what PostgreSQL accepts: `envward rotation promote` shows the query",
            ),
        ],
        see: &["envward-rotation-promote(1)", "docker-inspect(1)", "psql(1)"],
    },
    Page {
        command: "rotation rollback",
        status: &[
            (0, "the old value is in use again"),
            (1, "a place was edited meanwhile and is not changed: see the output"),
            (2, "nothing was written"),
        ],
        files: &[ENV_FILES, WAITING, KEPT, LEDGER],
        environment: &[STATE, XDG_STATE],
        examples: &[
            ("envward rotation rollback DB_PASSWORD .env --sql | psql -X", "Set the old password in PostgreSQL again"),
            ("envward rotation rollback DB_PASSWORD .env", "Write the old value back"),
        ],
        see: &["envward-rotation-promote(1)"],
    },
    Page {
        command: "rotation record",
        status: DONE,
        files: &[ENV_FILES, LEDGER],
        environment: &[STATE, XDG_STATE],
        examples: &[
            (
                "envward rotation record DB_PASSWORD .env --at 2026-01-31 --reason audit",
                "Record the day on which a password was set",
            ),
            (
                "envward rotation record STRIPE_SECRET_KEY .env --expires 2027-03-01",
                "Record the day on which a provider ends a key",
            ),
        ],
        see: &["envward-rotation-status(1)"],
    },
    Page {
        command: "rotation snooze",
        status: DONE,
        files: &[ENV_FILES, LEDGER],
        environment: &[STATE, XDG_STATE],
        examples: &[(
            "envward rotation snooze DB_PASSWORD .env --until 2027-01-31 --reason move",
            "Send no reminders until the end of January",
        )],
        see: &["envward-rotation-status(1)", "envward-rotation-install(1)"],
    },
    Page {
        command: "rotation export",
        status: &[(0, "the dates are written"), (2, "not everything was examined, or nothing was written")],
        files: &[ENV_FILES, LEDGER],
        environment: &[STATE, XDG_STATE],
        examples: &[
            ("envward rotation export --format prometheus --out envward.prom", "Write metrics for node_exporter"),
            ("envward rotation export --format ical --out rotation.ics", "Write a calendar"),
            (
                "envward rotation export --format sql --schema | psql",
                "Create the table of all hosts in PostgreSQL, once",
            ),
            ("envward rotation export --format sql | psql service=envward", "Send the ages of this host to that table"),
        ],
        see: &["envward-rotation-install(1)"],
    },
    Page {
        command: "rotation install",
        status: DONE,
        files: &[
            ("/etc/systemd/system/envward-rotation.*", "with --systemd: the service and its timer"),
            ("/etc/cron.d/envward-rotation", "with --cron: the line for cron"),
            ("/etc/systemd/system/envward-fleet.service", "with --fleet: the service that sends the ages"),
            ("/etc/envward/envward-notify", "with --notify: the script that sends the reminder"),
            ("/etc/envward/envward-notify.channels", "with --notify: its channels, with mode 0600"),
            LEDGER,
        ],
        environment: &[STATE, XDG_STATE],
        examples: &[
            ("sudo envward rotation install --systemd /srv/app --dry-run", "Show the files of the daily job"),
            ("sudo envward rotation install --systemd /srv/app", "Install the daily job"),
            ("sudo envward rotation install --cron /srv/app", "Install the daily job without systemd"),
            (
                "envward rotation install --systemd --replace --notify mail:ops@example.org",
                "Also send the reminder by mail",
            ),
            (
                "envward rotation install --systemd --replace --notify webhook:- < url",
                "Send it to the webhook whose URL is in a private file",
            ),
            (
                "sudo envward rotation install --systemd --replace --fleet fleet-db /srv/app",
                "Also send the ages to PostgreSQL",
            ),
        ],
        see: &["envward-rotation-status(1)", "systemd.timer(5)", "crontab(5)"],
    },
    Page {
        command: "key",
        status: &[
            (0, "the command did what it should"),
            (1, "verify: the key is not valid"),
            (2, "the command failed"),
        ],
        files: &[LEDGER, CONFIG],
        environment: &[STATE, XDG_STATE],
        examples: &[
            ("envward key new --prefix takumi_admin --name 'ops laptop'", "Make a key, and show it once"),
            ("envward key list", "List all keys"),
        ],
        see: &["envward-rotation-status(1)"],
    },
    Page {
        command: "key new",
        status: DONE,
        files: &[LEDGER, CONFIG],
        environment: &[STATE, XDG_STATE],
        examples: &[
            (
                "envward key new --prefix takumi_admin --name 'ops laptop'",
                "Make a key, and show it once on the terminal",
            ),
            ("envward key new --prefix takumi_admin --name deploy --out deploy.key", "Write the key into a new file"),
            (
                "envward key new --prefix takumi --name deploy --replaces ID --out next.key",
                "Make a key that replaces another one (`envward key list` shows the ID)",
            ),
        ],
        see: &["envward-key-revoke(1)", "envward-key-export(1)"],
    },
    Page {
        command: "key hash",
        status: DONE,
        files: &[],
        environment: &[],
        examples: &[
            ("envward key hash < deploy.key", "Print the hash of a key in a file"),
            ("envward key hash --key-file deploy.key --params owasp-46m", "Hash with other parameters"),
        ],
        see: &["envward-key-verify(1)"],
    },
    Page {
        command: "key verify",
        status: &[
            (0, "the key matches"),
            (1, "the key does not match, or is revoked or expired"),
            (2, "envward could not tell, for example because the key contains a typo"),
        ],
        files: &[LEDGER, CONFIG],
        environment: &[STATE, XDG_STATE],
        examples: &[
            ("envward key verify --key-file deploy.key", "Verify a key with the registry of the project"),
            ("envward key verify --hash-file deploy.hash < deploy.key", "Verify a key with a hash in a file"),
        ],
        see: &["envward-key-hash(1)", "envward-key-list(1)"],
    },
    Page {
        command: "key list",
        status: DONE,
        files: &[LEDGER, CONFIG],
        environment: &[STATE, XDG_STATE],
        examples: &[
            ("envward key list", "List the keys of this project"),
            ("envward key list --project /srv/app --format json", "List the keys of another project, for a program"),
        ],
        see: &["envward-key-revoke(1)", "envward-rotation-status(1)"],
    },
    Page {
        command: "key revoke",
        status: DONE,
        files: &[LEDGER, CONFIG],
        environment: &[STATE, XDG_STATE],
        examples: &[(
            "envward key revoke ID --reason 'laptop stolen'",
            "Revoke a key (`envward key list` shows the ID)",
        )],
        see: &["envward-key-list(1)", "envward-key-export(1)"],
    },
    Page {
        command: "key export",
        status: DONE,
        files: &[LEDGER, CONFIG],
        environment: &[STATE, XDG_STATE],
        examples: &[
            (
                "envward key export --format sql | psql -X -v ON_ERROR_STOP=1 app",
                "Write the hashes into the database of your application",
            ),
            ("envward key export --format json > keys.json", "Write the hashes into a file"),
        ],
        see: &["envward-key-new(1)", "psql(1)"],
    },
];
