//! envward guards a project's secrets from the moment they are made until they are replaced.
//!
//! The way of the data:
//!
//! ```text
//! argv -> cli -> config -----------------------+
//! project, leak (work tree | index | objects) -> Artifact -> checks -> Finding -> policy -> Report -> text|json|sarif|github
//!         +- Problem (unreadable, corrupt, unsupported) -----------------> Report.problems -> exit status 2
//! ```
//!
//! The rooms, each of which knows only those on the lines below its own (a test holds that):
//!
//! ```layers
//! main          parses the command line, and keeps values out of a crash
//! cmd           one file or folder for each verb: reads arguments, calls the engine, picks a report
//! engine        what several verbs share: a run over a project, its repositories, the staged and the pushed, fixes, the ledger
//! cli           the command line as structs
//! system        what the system is asked for, once: the clock, the user, the variables
//! error         why a command could not do its work
//! report        a report as text, JSON, SARIF, annotations for GitHub, a checklist; values in names are masked
//! preflight     the deployment checklists: which check answers which line
//! summary       many reports put together: counts, the most severe repositories, problems by kind. Pure
//! policy        findings to a report: the only place that hides, accepts or ranks
//! checks        one file for each check: its documentation, its examples, its function
//! rotation      how old secrets are, what is due, and how they are replaced. Pure
//! template      from an example to a filled env file. Pure
//! incident      what a leak reaches. Pure
//! trace         where else on the host values in use are: files, what is packed in them, processes, streams
//! leak          what git shows of secrets that it should not
//! project       the work tree: its files, what is read of them, what belongs together
//! hook          the scripts of git's hooks, and whether git runs them
//! config ledger envward.toml; the rotation's state: names, days, fingerprints, no values
//! finding       what a check found: typed facts and a fixed wording
//! check         what a check is
//! agents        coding agents: what each leaves out, where its settings and its transcripts are. Pure
//! git           a repository by our own readers. Knows nothing of what is bad
//! docker        compose files, Dockerfiles, images, what docker inspect says. Pure
//! guard         a fault of our own in one file or repository ends that one alone
//! env           the env file, byte for byte; names of env files; what other readers see. Pure
//! files         the only room that opens or writes private files
//! terminal      the screen, questions, progress
//! problem       what could not be examined
//! secret        the only holder of a value: its class, strength and forms; making, masking, searching and hashing one
//! environment   development, test or production
//! shell         words of a command
//! path name     paths below a root; names from outside that may be shown
//! text          escaping and wrapping
//! threads work  work in several threads; counts of work, for tests
//! ```

pub mod agents;
pub mod check;
pub mod checks;
pub mod cli;
pub mod cmd;
pub mod config;
pub mod docker;
pub mod engine;
pub mod env;
pub mod environment;
pub mod error;
pub mod files;
pub mod finding;
pub mod git;
mod guard;
pub mod hook;
pub mod incident;
pub mod leak;
pub mod ledger;
pub mod name;
pub mod path;
pub mod policy;
pub mod preflight;
pub mod problem;
pub mod project;
pub mod report;
pub mod rotation;
pub mod secret;
pub mod shell;
pub mod summary;
pub mod system;
pub mod template;
pub mod terminal;
pub mod text;
mod threads;
pub mod trace;
mod work;

pub use secret::{apikey, keyhash};
