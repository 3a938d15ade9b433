//! The caches that are started without a password, where a file got one for them: Redis refuses a client that sends one then.

use super::Surroundings;
use super::prepare::Ready;
use crate::checks::compose::authentication;
use crate::docker::compose::{Service, Stack};
use crate::project::Engine;
use crate::secret::class::{self, Class};
use crate::template::Done;

/// What is to be said of each of them.
pub(super) fn notes(ready: &[Ready<'_>], around: &Surroundings) -> Vec<String> {
    let steps = ready.iter().flat_map(|one| &one.filled.done);
    let made = steps.filter(|(step, done)| {
        step.class == Some(Class::DatabasePassword) && matches!(done, Done::Made(_) | Done::Taken | Done::Given(_))
    });
    let Some(key) =
        made.filter_map(|(step, _)| step.key.as_ref()).find(|key| class::leads_to("redis", key.as_str())).cloned()
    else {
        return Vec::new();
    };
    let services = around.project.stacks.iter().flat_map(Stack::services);
    let mut notes: Vec<String> = services
        .filter(|service| is_open(service, around))
        .map(|service| {
            let program = if service.image_name().is_some_and(|name| name == "valkey") { "valkey" } else { "redis" };
            format!(
                "{} starts without a password, and refuses a client that sends {key}: give it `command: {program}-server \
                 --requirepass ${{{key}:?}}` in {}",
                service.name(),
                service.stack.named
            )
        })
        .collect();
    notes.dedup();
    notes
}

/// Whether nothing tells a server of Redis its password. A variable that is still empty tells it, too.
fn is_open(service: &Service<'_>, around: &Surroundings) -> bool {
    let asks = || ["command", "entrypoint"].iter().any(|key| service.words(key).join(" ").contains("requirepass"));
    let name = service.image_name().unwrap_or_default();
    Engine::of(service) == Some(Engine::Redis)
        && !asks()
        && authentication::missing(*service, &name, &around.project).is_some()
}
