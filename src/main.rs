//! The program: parse, run, exit. No logic.

use std::io::{self, Write};
use std::panic;
use std::process::ExitCode;

use envward::cli;
use envward::cmd;
use envward::policy::Status;

fn main() -> ExitCode {
    keep_values_in();
    allow_many_files();
    // A panic must not end in Rust's own status 101, which no caller expects.
    panic::catch_unwind(work).unwrap_or(ExitCode::from(2))
}

fn work() -> ExitCode {
    let (mut out, mut err) = (io::BufWriter::new(io::stdout().lock()), io::stderr());
    let args: Vec<_> = std::env::args_os().collect();
    let answer = cmd::complete(&args, &mut out).unwrap_or_else(|| match cli::parse(&args) {
        Ok(cli) => cmd::main(&cli, &mut out, &mut err),
        Err(error) => cmd::usage(&error, &args, &mut out, &mut err),
    });
    match (answer, out.flush()) {
        (Status::Clean, Ok(())) => ExitCode::SUCCESS,
        (Status::Findings, Ok(())) => ExitCode::from(1),
        _ => ExitCode::from(2),
    }
}

/// A crash must not carry a value out: no core dump, and of a panic the place alone, for its message may quote.
fn keep_values_in() {
    // Where the limit cannot be lowered the kernel already forbids more.
    let _ = nix::sys::resource::setrlimit(nix::sys::resource::Resource::RLIMIT_CORE, 0, 0);
    // That limit does not hold for a handler of dumps that the kernel starts itself (`core_pattern` with a pipe).
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_dumpable(false);
    // A file that would be larger than the shell allows (`ulimit -f`) is an error to tell, not the end: blocked, the
    // signal leaves the write to fail.
    let mut too_large = nix::sys::signal::SigSet::empty();
    too_large.add(nix::sys::signal::Signal::SIGXFSZ);
    let _ = too_large.thread_block();
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let _ =
            writeln!(io::stderr(), "error: envward broke at {place}\n  hint: this is a bug; please report the place");
    }));
}

/// A repository may have more packs than a shell allows open files: usually 1,024, for programs that cannot take more.
fn allow_many_files() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    const ENOUGH: u64 = 1 << 16;
    if let Ok((now, most)) = getrlimit(Resource::RLIMIT_NOFILE) {
        let _ = setrlimit(Resource::RLIMIT_NOFILE, now.max(most.min(ENOUGH)), most);
    }
}
