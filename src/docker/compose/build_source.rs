//! What a service is built from: its context, its Dockerfile, and the other contexts that it names.

use super::location::Location;
use super::node::{Entry, Node, Place};
use super::service::Service;
use crate::path::RelPath;

/// Where files of a build are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Site {
    /// Below the project root.
    Below(RelPath),
    /// Elsewhere on the host.
    Outside,
    /// A repository or an archive that the builder fetches.
    Remote,
}

/// What is built.
#[derive(Clone, Debug)]
pub enum Recipe<'a> {
    /// A Dockerfile.
    File(Site),
    /// A text of the compose file itself.
    Inline(&'a Node),
}

/// What a named context is. Source: <https://docs.docker.com/reference/compose-file/build/#additional_contexts>.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Other {
    /// An image, by its reference.
    Image(String),
    /// What another service builds.
    Service,
    /// Files.
    Files(Site),
}

/// A context that a build knows by a name besides its own.
#[derive(Clone, Debug)]
pub struct NamedContext {
    /// The name.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub what: Other,
}

/// How a service is built.
#[derive(Clone, Debug)]
pub struct Building<'a> {
    /// Where the context stands, else `build:`.
    pub place: Place,
    /// The build context.
    pub context: Site,
    /// The Dockerfile.
    pub recipe: Recipe<'a>,
    /// The stage that is the image, where not the last one is.
    pub target: Option<&'a str>,
    /// The other contexts.
    pub named: Vec<NamedContext>,
}

impl<'a> Service<'a> {
    /// How it is built; `None` where it is not.
    #[must_use]
    pub fn building(&self) -> Option<Building<'a>> {
        let build = self.at(&["build"])?;
        let context = build.get("context");
        let place = context.map_or(build.place, |context| context.place);
        let text = context.and_then(Node::text).filter(|text| !text.is_empty()).unwrap_or(".");
        let recipe = match build.get("dockerfile_inline").filter(|inline| !inline.is_null()) {
            Some(inline) => Recipe::Inline(inline),
            None => Recipe::File(self.dockerfile(place, text, build.get("dockerfile").and_then(Node::text))),
        };
        let entries = build.get("additional_contexts").map(Node::entries).unwrap_or_default();
        Some(Building {
            place,
            context: self.site(place, text),
            recipe,
            target: build.get("target").and_then(Node::text).filter(|target| !target.is_empty()),
            named: entries.iter().filter_map(|entry| self.named_context(entry)).collect(),
        })
    }

    /// A relative path is one of the context, wherever that is.
    fn dockerfile(&self, place: Place, context: &str, file: Option<&str>) -> Site {
        let file = file.unwrap_or("Dockerfile");
        match is_remote(context) {
            true => Site::Remote,
            false if file.starts_with('/') => self.site(place, file),
            false => self.site(place, &format!("{context}/{file}")),
        }
    }

    fn site(&self, place: Place, text: &str) -> Site {
        match self.stack.locate(place, text) {
            _ if is_remote(text) => Site::Remote,
            Location::Below(path) => Site::Below(path),
            Location::Absolute(_) | Location::Elsewhere => Site::Outside,
        }
    }

    fn named_context(&self, entry: &Entry) -> Option<NamedContext> {
        let text = entry.node.text()?;
        let what = match text.split_once(':') {
            Some(("docker-image", image)) => Other::Image(image.trim_start_matches('/').to_owned()),
            Some(("service" | "target", _)) => Other::Service,
            _ => Other::Files(self.site(entry.node.place, text)),
        };
        Some(NamedContext { name: entry.key.as_str().to_owned(), place: entry.place, what })
    }
}

/// A build context that is a repository or an archive of somebody's.
fn is_remote(context: &str) -> bool {
    context.contains("://") || context.starts_with("git@") || context.starts_with("github.com/")
}
