//! The command line.

use super::*;

#[test]
fn a_path_that_does_not_exist() {
    let sandbox = Sandbox::new();
    for command in ["check", "scan"] {
        let output = sandbox.envward(&[command, "no/such", "--format", "json"]).code(2);
        assert_eq!(problems(&output.json()), ["no-such-path"]);
        assert!(output.stderr.contains("no/such"), "{}", output.stderr);
    }
    let output = sandbox.envward(&["hook", "install", "no/such"]).code(2);
    assert!(output.stderr.contains("no/such"), "{}", output.stderr);
}

/// What standard error says: the message and, in one line, the hint.
#[track_caller]
fn told(stderr: &str) -> (String, String) {
    let text = stderr.replace("\n        ", " ");
    let (message, hint) = text.split_once("\n  hint: ").unwrap_or_else(|| panic!("no hint: {text}"));
    (message.strip_prefix("error: ").unwrap().to_owned(), hint.trim_end().to_owned())
}

/// `args | message | hint`: what the command line got wrong.
const USAGE: &str = "\
scan --range main | --range takes two commits with dots between them | such as --range main..HEAD or --range main...HEAD
scan --range a..b . . | --range and --since-commit are for one repository | name one path, and leave out --recursive and --format jsonl
scan --since-commit a --format jsonl | --range and --since-commit are for one repository | name one path, and leave out --recursive and --format jsonl
scan --summary --format sarif | --summary prints text, JSON or a page | leave out --format, or give --format json or --format html
summary --project --format json | --project prints text or a page | for a program: envward rotation status --format json
scan --advice --format jsonl | --advice prints text only | leave out --format
scan --advice --format json | --advice prints text only | leave out --format
preflight prod.env | preflight takes a directory or a compose file | such as `envward preflight .` or `envward preflight -f compose.yaml`
generate hex --count 0 | --count takes a number from 1 to 10000 | such as --count 10
incident --exposed backend . | --exposed covers all services, so it takes no service | leave out the service, or leave out --exposed
incident --exposed --yes --reason= | a reason is one line of 1 to 200 characters | such as --reason 'laptop stolen'
rotation record JWT_SECRET --at 2999-01-01 --reason x | --at is after today | name the day on which the value was made, such as --at 2026-01-31
rotation record JWT_SECRET --at 01.02.2026 --reason x | the value of --at <DATE> is not allowed | write the day as year-month-day, such as 2026-02-01
rotation record JWT_SECRET --expires 2020-01-01 | --expires is before today | name the day on which the value stops being valid, such as --expires 2027-03-01, or: --expires never
rotation install --cron --notify sms:1 | --notify does not begin with mail:, ntfy:, webhook: or command: | such as --notify mail:ops@example.org
rotation install --cron --notify mail:-t | that is no plain mail address | such as --notify mail:ops@example.org
rotation install --cron --notify ntfy:a | that is no URL with http or https, or it has characters that a URL must escape | such as --notify ntfy:https://ntfy.example.org/backups
rotation install --cron --notify webhook:http://a/?b=c | that URL contains a password, and other users can read the command line | write the URL into a private file, and name that: --notify webhook:@FILE (or `-` for standard input)
rotation install --cron --notify command:a | --notify command: needs an absolute path | such as --notify command:/usr/local/bin/tell-ops
rotation install --cron --notify ntfy:- --notify webhook:- | standard input has one URL, and two channels want it | write the other URL into a private file, and name that: --notify webhook:@FILE
rotation snooze JWT_SECRET --until 2020-01-01 --reason x | --until is before today, or more than a year ahead | name a day from today to a year ahead: --until DATE
rotation export --format prometheus --out m.txt | the name of the file in --out does not end in .prom | such as --out envward.prom: the Prometheus collector reads no other files";

/// The same for what cannot be done as things stand.
const BLOCKED: &str = "\
scan --since-commit nonsense | this repository does not contain that commit | give a branch, a tag or an id; `git log --oneline --all` lists the commits
scan --advice --replacements here | the file for the replacements would be in the work tree | name a file outside the work tree: --replacements FILE
rotation rotate JWT_SECERT | no env file in use here contains a secret with that key | did you mean `JWT_SECRET`? `envward rotation status` lists the secrets in use
rotation rotate NO_SUCH_KEY | no env file in use here contains a secret with that key | list the secrets in use with `envward rotation status`
rotation rotate JWT_SECRET --stdin | the new value is empty | type the new value, or pipe it in: envward rotation rotate JWT_SECRET prod.env --stdin
rotation rotate JWT_SECRET --abandon | no new value waits for this secret | there is nothing to discard; make a new value: envward rotation rotate JWT_SECRET prod.env
rotation promote JWT_SECRET | no new value waits for this secret | make a new value first: envward rotation rotate JWT_SECRET prod.env
rotation promote JWT_SECRET --confirm | this secret has no old value to confirm | use a new value first: envward rotation promote JWT_SECRET prod.env
rotation rollback JWT_SECRET | nothing is kept of an earlier value of this secret | a rotation can be rolled back from promote until it is confirmed: envward rotation status
rotation verify JWT_SECRET --docker | standard input is not the output of `docker inspect` | pipe it in: docker compose ps -q | xargs docker inspect | envward rotation verify
rotation verify JWT_SECRET --postgres --role app | standard input contains no row of pg_authid | run as a superuser: psql -X -At -c \"select rolname, rolpassword from pg_authid\"
rotation verify JWT_SECRET --redis | standard input is not the output of ACL LIST or ACL GETUSER | run `redis-cli ACL LIST` as a user who may run it
rotation verify JWT_SECRET --argon2 | standard input contains no argon2id hash | pipe in the table that your service reads: envward key export prints one
rotation promote FOO_TOKEN | that key is empty or has a placeholder | fill it first: envward init, or envward generate hex --into new/.env FOO_TOKEN";

#[test]
fn an_error_says_what_is_wrong_and_what_to_type() {
    let sandbox = repository();
    sandbox.file("new/.env", 0o600, "FOO_TOKEN=\n");
    for line in USAGE.lines().chain(BLOCKED.lines()) {
        let (args, expected) = line.split_once(" | ").unwrap();
        let (message, hint) = expected.split_once(" | ").unwrap();
        let args: Vec<&str> = args.split(' ').collect();
        let output = sandbox.envward(&args).code(2);
        assert_eq!(told(&output.stderr), (message.to_owned(), hint.to_owned()), "{args:?}");
    }
}

/// The kind in a JSON report: `usage` is for the command line alone.
#[test]
fn an_error_says_its_kind() {
    let sandbox = repository();
    let kind = |args: &[&str], state: &str| {
        let run = sandbox.command(&[args, &["--format", "json"]].concat()).env("ENVWARD_STATE_DIR", state).run();
        problems(&run.code(2).json())
    };
    let state = sandbox.root().join("state").display().to_string();
    assert_eq!(kind(&["scan", "--range", "main"], &state), ["usage"]);
    assert_eq!(kind(&["scan", "--range", "main..nonsense"], &state), ["refused"]);
    let status = ["rotation", "status"];
    assert_eq!(kind(&status, "/dev/null"), ["ledger"]);
    let off = sandbox.command(&status).env("ENVWARD_STATE_DIR", "/dev/null").run().code(2);
    let message = "the ledger is disabled: ENVWARD_STATE_DIR is /dev/null";
    let hint = "unset ENVWARD_STATE_DIR, or set it to a directory outside the project";
    assert_eq!(told(&off.stderr), (message.to_owned(), hint.to_owned()));
    sandbox.file("envward.toml", 0o644, fill("[project]\nname = \"{hex64}\"\n"));
    assert_eq!(kind(&status, &state), ["refused"]);
    let named = sandbox.envward(&status).code(2);
    let hint = "give the project a name without a secret: `name` under [project] in envward.toml";
    assert_eq!(
        told(&named.stderr),
        ("the name or the path of the project contains a secret".to_owned(), hint.to_owned())
    );
}
