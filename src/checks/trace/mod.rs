//! Where else values in use are: in files outside git, in processes, in images, in what another program writes.

pub(crate) mod live_value_in_image;
pub(crate) mod live_value_in_process;
pub(crate) mod live_value_in_stream;
pub(crate) mod live_value_on_disk;
pub(crate) mod place_not_searched;

use crate::checks::Rule;
use crate::finding::{Fact, Finding, Severity};
use crate::trace::{Reach, Sighting};

/// The checks of this group.
pub(super) static RULES: &[Rule] =
    rules![live_value_in_image, live_value_in_process, live_value_in_stream, live_value_on_disk, place_not_searched];

/// A place is as bad as the accounts that can read it.
fn severity(reach: Reach) -> Severity {
    match reach {
        Reach::Everyone | Reach::Web => Severity::Critical,
        Reach::Group | Reach::OtherUser => Severity::Error,
        Reach::Owner => Severity::Warning,
        Reach::Root => Severity::Note,
    }
}

/// Who can read a place, as a person says it.
fn readers(reach: Option<Reach>) -> Fact {
    reach.map_or(Fact::None, |reach| {
        Fact::Word(match reach {
            Reach::Everyone => "every account of this host",
            Reach::Web => "everybody who can reach the web server",
            Reach::Group => "the members of a group",
            Reach::OtherUser => "another account",
            Reach::Owner => "only the owner of the project",
            Reach::Root => "only root",
        })
    })
}

/// What all places have in common.
fn with_facts(finding: Finding, sighting: &Sighting) -> Finding {
    let finding = finding
        .key(sighting.key.as_ref())
        .fact("in_use", Fact::Path(sighting.in_use.clone()))
        .fact("form", Fact::Word(sighting.form.word()))
        .fact("part", Fact::Word(sighting.image.map_or(sighting.part.word(), |part| part.word())))
        .fact("member", sighting.member.clone().map_or(Fact::None, Fact::Path))
        .fact("more", Fact::Number(sighting.more))
        .fact("offset", sighting.offset.map_or(Fact::None, Fact::Number));
    match sighting.line {
        Some(line) => finding.line(line),
        None => finding,
    }
}

/// Who can read it, and who owns it.
fn with_reach(finding: Finding, sighting: &Sighting) -> Finding {
    finding
        .fact("reach", sighting.reach.map_or(Fact::None, |reach| Fact::Word(reach.word())))
        .fact("readers", readers(sighting.reach))
        .fact("owner", sighting.owner.clone().map_or(Fact::None, Fact::Name))
        .fact("mode", sighting.mode.map_or(Fact::None, Fact::Mode))
}
