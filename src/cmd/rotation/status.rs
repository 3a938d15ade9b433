//! `envward rotation status`.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::fleet;
use crate::cli::rotation::{RotationFormat, Status as Args};
use crate::cmd::output::lost;
use crate::engine::rotation::outbox::Outbox;
use crate::engine::rotation::survey::{Options, Survey};
use crate::engine::rotation::told::mark_told;
use crate::engine::terms::Terms;
use crate::engine::trace::other_places;
use crate::error::Error;
use crate::finding::Severity;
use crate::path::RelPath;
use crate::policy::Status;
use crate::report::html::write_rotation;
use crate::report::rotation::{Message, write_json, write_lines, write_table};
use crate::rotation::{SecretStatus, Told, ToldOf, is_to_be_reminded, plus};
use crate::system::System;

/// Runs it.
pub(super) fn run(args: &Args, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    if let Some(from) = &args.from {
        return fleet::run(from, args, system, out);
    }
    if !args.outbox {
        return look(args, None, system, out);
    }
    let mut outbox = Outbox::open(args.paths.first().map(PathBuf::as_path), system)?;
    let looked = outbox.settle(system).and_then(|()| look(args, Some(&outbox), system, out));
    if let Err(error) = &looked {
        // Somebody must hear of it; the error itself is what the command ends with.
        drop(outbox.put_failure(error, system));
    }
    looked
}

fn look(args: &Args, outbox: Option<&Outbox>, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let options = Options {
        config: args.config.as_deref(),
        as_of: args.as_of,
        accept_clock: args.accept_clock,
        is_read_only: false,
    };
    let day = args.as_of.unwrap_or(system.today);
    // All are examined before anything is printed: one that is wrong must not leave half an answer.
    let mut surveys: Vec<Survey> =
        paths(&args.paths).into_iter().map(|path| Survey::of(path, &options, system)).collect::<Result<_, _>>()?;
    if args.trace {
        surveys.iter_mut().try_for_each(|survey| count_places(survey, args, system))?;
    }
    surveys.iter_mut().for_each(|survey| {
        choose_keys(survey, args, day);
        choose_expiries(survey, args, day);
    });
    let chosen: Vec<Vec<&SecretStatus>> = surveys.iter().map(|survey| choose(survey, args, day)).collect();
    let status =
        surveys.iter().zip(&chosen).map(|(survey, chosen)| survey.report.status(chosen, until(args, day))).max();
    let status = status.unwrap_or(Status::Clean);
    let told = told(&surveys, &chosen, day);
    if let Some(outbox) = outbox {
        let projects: Vec<_> = surveys.iter().zip(&chosen).map(|(one, chosen)| (&one.report, chosen.clone())).collect();
        let message = Message::of(&projects, day, &system.host);
        message.map_or(Ok(()), |message| outbox.put(&message, Some(&told), system))?;
    }
    print(args, &surveys, &chosen, (day, status), system, out)?;
    if let (true, None, Some(survey)) = (args.remind, outbox, surveys.first()) {
        // After it was printed: a reminder that nobody saw is none.
        out.flush().map_err(|error| lost(&error))?;
        mark_told(&told, &survey.place, system)?;
    }
    Ok(match status {
        Status::Findings if args.exit_zero => Status::Clean,
        status => status,
    })
}

/// Searches the places of this host.
fn count_places(survey: &mut Survey, args: &Args, system: &System) -> Result<(), Error> {
    let config = args.config.as_deref();
    let terms = Terms { command: "rotation status", config, as_of: args.as_of, fail_on: Severity::Note };
    let mut counts: BTreeMap<(RelPath, String), usize> = BTreeMap::new();
    for place in other_places(&survey.located.root, terms, system)? {
        let Some(key) = place.key else { continue };
        *counts.entry((place.file, key.as_str().to_owned())).or_default() += 1;
    }
    survey.report.places = Some(counts);
    Ok(())
}

/// What was asked for: without a path, the project that one is in.
pub(super) fn paths(given: &[PathBuf]) -> Vec<Option<&Path>> {
    match given {
        [] => vec![None],
        paths => paths.iter().map(|path| Some(path.as_path())).collect(),
    }
}

/// The day up to which a soft date counts.
fn until(args: &Args, day: Date) -> Date {
    plus(day, args.within.unwrap_or(0))
}

/// The secrets to show.
fn choose<'a>(survey: &'a Survey, args: &Args, day: Date) -> Vec<&'a SecretStatus> {
    let is_wanted = |status: &&SecretStatus| match () {
        () if args.remind => is_to_be_reminded(status, day),
        () if args.due => status.urgency.is_due() || status.soft_due <= until(args, day),
        () => true,
    };
    // One value under two keys is one thing to do.
    let is_said = |status: &&SecretStatus| (args.due || args.remind) && survey.report.is_said_of_twin(status);
    survey.asked().filter(is_wanted).filter(|status| !is_said(status)).collect()
}

/// Leaves the admin keys to show. They belong to the project as a whole.
fn choose_keys(survey: &mut Survey, args: &Args, day: Date) {
    let is_whole = survey.located.below.is_root();
    survey.report.keys.retain(|key| match () {
        () if !is_whole => false,
        () if args.remind => key.is_to_be_reminded(day),
        () if args.due => key.is_due(until(args, day)),
        () => true,
    });
}

/// Leaves the expiry dates to show.
fn choose_expiries(survey: &mut Survey, args: &Args, day: Date) {
    let below = survey.located.below.clone();
    survey.report.expiries.retain(|one| match () {
        () if one.date.file.strip_dir(&below).is_none() => false,
        () if args.remind => one.is_to_be_reminded(day),
        () if args.due => one.is_due(until(args, day)),
        () => true,
    });
}

fn print(
    args: &Args,
    surveys: &[Survey],
    chosen: &[Vec<&SecretStatus>],
    (day, status): (Date, Status),
    system: &System,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let style = system.style;
    let projects =
        || surveys.iter().zip(chosen).map(|(survey, chosen)| (&survey.report, chosen.clone())).collect::<Vec<_>>();
    let written = match args.format {
        RotationFormat::Json => write_json(&projects(), day, status, out),
        RotationFormat::Html => write_rotation(&projects(), day, status, out),
        RotationFormat::Text => surveys.iter().zip(chosen).enumerate().try_for_each(|(at, (survey, chosen))| {
            if args.due || args.remind {
                return write_lines(&survey.report, chosen, day, style, out);
            }
            if at > 0 {
                writeln!(out)?;
            }
            write_table(&survey.report, chosen, day, style, out)
        }),
    };
    written.map_err(|error| lost(&error))
}

/// What a reminder tells of each project.
fn told(surveys: &[Survey], chosen: &[Vec<&SecretStatus>], day: Date) -> Told {
    let of = |(survey, chosen): (&Survey, &Vec<&SecretStatus>)| {
        let report = &survey.report;
        ToldOf::new(&report.name, chosen, &report.expiries, &report.keys, &report.mask)
    };
    Told::new(day, surveys.iter().zip(chosen).map(of).collect())
}
