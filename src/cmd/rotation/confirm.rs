//! `envward rotation promote --confirm`: the end of a rotation.

use std::io::{IsTerminal as _, Write};

use super::files::{self, change};
use super::kept_out::section;
use super::pending::without;
use super::previous;
use super::promote::{is_unfinished, proof_steps};
use super::record::check_text;
use super::remaining_places::{self, Remains};
use super::rotate::Case;
use super::servers::Server;
use crate::cli::rotation::Promote;
use crate::cmd::output::{self, wrapped};
use crate::engine::rotation::ledger;
use crate::env::names::PREVIOUS;
use crate::error::Error;
use crate::policy::Status;
use crate::rotation::confirm;
use crate::rotation::steps::{Kind, Means, Told, evidence_of_server, prove};
use crate::secret::Secret;
use crate::secret::mask::Mask;
use crate::system::System;
use crate::terminal::Prompt;

/// The old value is refused everywhere: it is removed from the files, and the ledger calls it retired.
pub(super) fn run(case: &Case<'_>, args: &Promote, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    // A rotation can also be ended where somebody put another value into the file since.
    if !is_unfinished(case) {
        return Err(Error::blocked_here(
            "this secret has no old value to confirm",
            format!("use a new value first: envward rotation promote {}", case.at()),
        ));
    }
    let still = remaining_places::find(case, &ledger::fingerprints(&case.survey.place)?);
    if !still.places.is_empty() {
        return not_yet(still, case, system, out);
    }
    let unproven = match is_proven(case) {
        true => None,
        false => match why_unproven(case, args, system)? {
            Some(reason) => Some(reason),
            None => return unproven(case, system, out),
        },
    };
    for file in files::alike(case.survey, case.file) {
        let name = format!("{}{PREVIOUS}", case.status.key);
        if file.document.as_ref().is_some_and(|document| !document.places(&name).is_empty()) {
            change(case.survey, &file.path, &|document| without(&document, &case.status.key, PREVIOUS))?;
        }
    }
    let role = previous::find(case.survey, case.status)?.and_then(|kept| kept.role);
    // Before the ledger: a run that is killed between the two can be done again.
    previous::remove(case.survey, case.status)?;
    case.survey.update_secret(case.status, system, &mut |book, index, now| {
        confirm(book, index, unproven.as_deref(), now);
    })?;
    let what = match unproven {
        None => format!("confirmed: the rotation of {} is finished, nothing uses its old value", case.status.key),
        Some(_) => format!("confirmed without proof: the rotation of {} is finished", case.status.key),
    };
    let mut text = wrapped(&what, system.style);
    if let Some(role) = role {
        text += &wrapped(&format!("The role {role} is not in use any more. Take its password away:"), system.style);
        let statement = format!("ALTER ROLE \\\"{}\\\" PASSWORD NULL", role.replace('"', "\\\"\\\""));
        text += &format!("  -> {} -c \"{statement}\"\n", case.means(case.kind(), system).psql());
    }
    output::text(&case.past.text(&text), &case.survey.report.mask, out)?;
    Ok(Status::Clean)
}

/// Whether evidence showed that the old value is out of use, of every server that has to refuse it.
pub(super) fn is_proven(case: &Case<'_>) -> bool {
    case.values().any(|one| one.shown.is_some()) && case.missing(None).is_empty()
}

/// What still has to be proven, and the commands for it. Of a password of a server that is the server's refusal.
/// `shown_now` is evidence that is being recorded.
pub(super) fn missing_proof(case: &Case<'_>, before: &str, shown_now: Option<&str>, system: &System) -> String {
    let key = &case.status.key;
    let missing = case.missing(shown_now);
    if missing.is_empty() {
        let what = format!("{before}nothing proves that the old value of {key} is out of use");
        return wrapped(&what, system.style) + &proof_steps(case, &case.at(), system);
    }
    let told = case.told(case.kind(), system);
    let is_missing = |kind: Kind, means: &Means| {
        let is_it = |server: &&Server<'_>| {
            let is_named = means.proving.is_empty() || means.proving == format!(" --server {}", server.name);
            server.evidence() == evidence_of_server(kind) && is_named
        };
        missing.iter().any(is_it)
    };
    let told: Vec<Told> = told.into_iter().filter(|(kind, means)| is_missing(*kind, means)).collect();
    let told: Vec<Told> =
        told.into_iter().map(|(kind, means)| (kind, Means { inspect: Vec::new(), ..means })).collect();
    let (how, commands) = prove(&case.at(), &told).unwrap_or_default();
    let which = match case.servers.len() {
        0 | 1 => format!("that the server refuses the old value of {key}"),
        _ => {
            let names: Vec<String> = missing.iter().map(|server| server.shown()).collect();
            format!("that each of these servers refuses the old value of {key}: {}", names.join("; "))
        }
    };
    section(&format!("{before}nothing proves {which}. {how}:"), &commands, system)
}

/// Why nobody proved it: the reason that was given, or what a person says on the terminal; `None` without either.
fn why_unproven(case: &Case<'_>, args: &Promote, system: &System) -> Result<Option<String>, Error> {
    if let Some(reason) = &args.unproven {
        check_text(reason, &case.survey.report.mask)?;
        return Ok(Some(reason.clone()));
    }
    if !std::io::stdin().is_terminal() {
        return Ok(None);
    }
    let at = format!("{} of {}", case.status.key, case.status.file);
    let question = format!("nothing proves that the old value of {at} is out of use. Finish anyway? Type yes");
    let mut prompt = Prompt::open().map_err(|_| Error::NoTerminal)?;
    let answer = prompt.open_line(&case.survey.report.mask.text(&question)).map_err(|_| Error::NoTerminal)?;
    let is_yes = answer.ct_eq(&Secret::copy_of(b"yes"));
    Ok(is_yes.then(|| format!("answered on the terminal on {}", system.today)))
}

/// What is missing, and how to get it.
fn unproven(case: &Case<'_>, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let mut text = missing_proof(case, "not confirmed: ", None, system);
    text += "If nobody can prove it, say why:\n";
    text += &format!("  -> envward rotation promote {} --confirm --unproven REASON\n", case.at());
    output::text(&case.past.text(&text), &case.survey.report.mask, out)?;
    Ok(Status::Findings)
}

/// Anyone who reads one of these files is refused when nothing takes the old value any more.
fn not_yet(still: Remains, case: &Case<'_>, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    // It is in use nowhere, so that the report's own mask does not know it.
    let old = Mask::new(Vec::from_iter(still.value));
    let mut text = "not confirmed: the old value is still in\n".to_owned();
    still.places.iter().for_each(|(path, what)| text += &format!("  {path}: {what}\n"));
    let path = case.survey.report.shell_path(&case.status.file);
    text += "Write the new value there (it is in ";
    text += &format!(
        "{}), or remove the old one, and recreate the services that read it. Then finish the rotation:\n",
        case.status.file
    );
    text += &format!("  -> envward rotation promote {} {path} --confirm\n", case.status.key);
    output::text(&old.text(&wrapped(&text, system.style)), &case.survey.report.mask, out)?;
    Ok(Status::Findings)
}
