//! The images of the host: inspected, or listed by Docker, Compose or Podman.

use super::Image;
use super::label::RawLabels;
use super::raw::{Names, Raw};
use super::units::day;
use crate::path::RelPath;

/// `None` for one without a name and an id.
pub(super) fn of(raw: Raw) -> Option<Image> {
    let made = raw.created.as_ref().and_then(day).or_else(|| raw.created_at.as_ref().and_then(day));
    let is_built =
        raw.config.as_ref().and_then(|config| config.labels.as_ref()).is_some_and(RawLabels::are_of_built_image);
    let names = match raw.names {
        Some(Names::Many(names)) => names,
        Some(Names::One(name)) => vec![name],
        None => Vec::new(),
    };
    let listed = raw.repository.zip(raw.tag).filter(|(repository, tag)| repository != NONE && tag != NONE);
    let listed = listed.map(|(repository, tag)| format!("{repository}:{tag}"));
    let tags: Vec<String> = raw.repo_tags.into_iter().flatten().chain(names).chain(listed).collect();
    let name = RelPath::from(tags.first().or(raw.id.as_ref())?.as_str());
    Some(Image { name, tags, made, is_built })
}

/// What Docker writes where there is no name.
const NONE: &str = "<none>";
