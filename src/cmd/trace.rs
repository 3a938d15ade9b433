//! `envward trace`: where else on this host the secrets in use are.

use std::io::Write;

use super::output;
use crate::cli::Trace;
use crate::engine::trace::{self, Asked};
use crate::error::Error;
use crate::policy::Status;
use crate::system::System;

/// Runs it.
pub(super) fn run(args: &Trace, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let asked = Asked {
        terms: output::terms("trace", &args.output.judging),
        paths: &args.paths,
        has_host: args.host,
        has_processes: args.processes || args.host,
        one_file_system: args.one_file_system,
        project: args.project.as_deref(),
        live: &args.live,
    };
    let traced = trace::one(&asked, system)?;
    output::report(traced.report, &traced.mask, &traced.root, &args.output, system, out)
}
