//! The program: parse, run, exit. No logic.

use std::io::{self, Write};
use std::panic;
use std::process::ExitCode;

use clap::Parser;
use envward::cli::Cli;
use envward::cmd;
use envward::report::Status;
use envward::system::System;

fn main() -> ExitCode {
    keep_values_in();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return cmd::usage(&error, &mut io::stdout(), &mut io::stderr()),
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    // A panic must not end in Rust's own status 101, which no caller expects.
    let work = panic::AssertUnwindSafe(|| System::ask().and_then(|system| cmd::run(&cli, &system, &mut out)));
    let Ok(answer) = panic::catch_unwind(work) else { return ExitCode::from(2) };
    let flushed = out.flush();
    match (answer, flushed) {
        (Ok(Status::Clean), Ok(())) => ExitCode::SUCCESS,
        (Ok(Status::Findings), Ok(())) => ExitCode::from(1),
        (Ok(_), _) => ExitCode::from(2),
        (Err(error), _) => {
            cmd::complain(&error, &cli, &mut out, &mut io::stderr());
            drop(out.flush());
            ExitCode::from(2)
        }
    }
}

/// A crash must not carry a value out: no core dump, and of a panic the place alone, for its message may quote.
fn keep_values_in() {
    // Where the limit cannot be lowered the kernel already forbids more.
    let _ = nix::sys::resource::setrlimit(nix::sys::resource::Resource::RLIMIT_CORE, 0, 0);
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let _ =
            writeln!(io::stderr(), "error: envward broke at {place}\n  hint: this is a bug; please report the place");
    }));
}
