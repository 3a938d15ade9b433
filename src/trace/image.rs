//! The layouts of images in a tar file: what `docker save` writes, and OCI's.
//!
//! <https://github.com/moby/moby/blob/master/image/spec/spec.md>
//! <https://github.com/opencontainers/image-spec/blob/main/image-layout.md>

use std::collections::BTreeMap;

use serde_json::Value;

use super::searcher::{Hit, names};
use super::sighting::ImagePart;
use crate::name::Name;
use crate::secret::search::Needles;

/// The largest description that is kept, and how much of all of them.
const LARGEST: u64 = 4 << 20;
const MOST: u64 = 32 << 20;
/// So deep an index names indexes.
const DEPTH: usize = 3;

/// The descriptions of a tar file that may be an image.
#[derive(Default)]
pub(super) struct Layout {
    texts: BTreeMap<Vec<u8>, Vec<u8>>,
    size: u64,
}

/// One image.
struct Image {
    names: Vec<Name>,
    config: Vec<u8>,
    layers: Vec<Vec<u8>>,
}

impl Layout {
    /// Whether a member may describe an image.
    pub(super) fn wants(&self, name: &[u8], size: u64) -> bool {
        let is_blob = name.starts_with(b"blobs/") && size < LARGEST / 4;
        let is_text = !name.contains(&b'/') && name.ends_with(b".json");
        (is_blob || is_text) && size <= LARGEST && self.size + size <= MOST
    }

    /// Keeps the text of one.
    pub(super) fn keep(&mut self, name: Vec<u8>, text: Vec<u8>) {
        // A small layer is none.
        if text.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|first| matches!(first, b'{' | b'[')) {
            self.size += text.len() as u64;
            self.texts.insert(name, text);
        }
    }

    /// Says of each hit what of an image it is in. Its members from `depth` on are those of this file.
    pub(super) fn tell(&self, needles: &Needles, depth: usize, hits: &mut [Hit]) {
        if hits.is_empty() {
            return;
        }
        let images = self.images();
        if images.is_empty() {
            return;
        }
        for hit in hits {
            let Some(member) = hit.inside.get(depth) else { continue };
            let of = |image: &&Image| image.config == *member || image.layers.contains(member);
            let tags: Vec<Name> = images.iter().filter(of).flat_map(|image| image.names.iter().cloned()).collect();
            let part = match images.iter().find(of) {
                Some(image) if image.config == *member => self.of_config(needles, member, hit.value),
                Some(image) => {
                    let at = image.layers.iter().position(|layer| layer == member).unwrap_or(0);
                    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
                    ImagePart::Layer(Some((number(at + 1), number(image.layers.len()))))
                }
                None if self.texts.contains_key(member) => ImagePart::Configuration,
                None => ImagePart::Layer(None),
            };
            hit.image = Some((part, tags));
        }
    }

    fn json(&self, name: &[u8]) -> Option<Value> {
        serde_json::from_slice(self.texts.get(name)?).ok()
    }

    fn images(&self) -> Vec<Image> {
        let docker = self.json(b"manifest.json");
        let entries = docker.as_ref().and_then(Value::as_array).into_iter().flatten();
        let mut images: Vec<Image> = entries.filter_map(of_docker).collect();
        if images.is_empty() {
            self.of_index(b"index.json", DEPTH, &mut images);
        }
        images
    }

    /// The images that an index names, or an index in it.
    fn of_index(&self, name: &[u8], depth: usize, images: &mut Vec<Image>) {
        let Some(index) = self.json(name).filter(|_| depth > 0) else { return };
        for entry in index.get("manifests").and_then(Value::as_array).into_iter().flatten() {
            let Some(blob) = blob(entry) else { continue };
            let label = |key| entry.get("annotations").and_then(|all| all.get(key)).and_then(Value::as_str);
            let tag = label("io.containerd.image.name").or_else(|| label("org.opencontainers.image.ref.name"));
            let Some(manifest) = self.json(&blob) else { continue };
            let config = manifest.get("config").and_then(self::blob);
            let layers = manifest.get("layers").and_then(Value::as_array);
            match (config, layers) {
                (Some(config), Some(layers)) => images.push(Image {
                    names: tag.map(|tag| Name(tag.as_bytes().to_vec())).into_iter().collect(),
                    config,
                    layers: layers.iter().filter_map(self::blob).collect(),
                }),
                _ => self.of_index(&blob, depth - 1, images),
            }
        }
    }

    /// Where in an image's configuration a value is.
    fn of_config(&self, needles: &Needles, name: &[u8], value: usize) -> ImagePart {
        let Some(config) = self.json(name) else { return ImagePart::Configuration };
        let has = |text: &Value| {
            let text = text.as_str().unwrap_or_default();
            names(needles, text.as_bytes()).iter().any(|(found, _)| *found == value)
        };
        let variables = config.get("config").and_then(|config| config.get("Env")).and_then(Value::as_array);
        if variables.into_iter().flatten().any(has) {
            return ImagePart::Environment;
        }
        let steps = config.get("history").and_then(Value::as_array);
        let is_in_step = |step: &Value| ["created_by", "comment"].iter().filter_map(|key| step.get(key)).any(has);
        match steps.into_iter().flatten().position(is_in_step) {
            Some(at) => ImagePart::History(u32::try_from(at + 1).unwrap_or(u32::MAX)),
            None => ImagePart::Configuration,
        }
    }
}

fn of_docker(entry: &Value) -> Option<Image> {
    let bytes = |text: &Value| text.as_str().map(|text| text.as_bytes().to_vec());
    let list = |key: &str| entry.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(bytes);
    Some(Image {
        names: list("RepoTags").map(Name).collect(),
        config: entry.get("Config").and_then(bytes)?,
        layers: list("Layers").collect(),
    })
}

/// The member of a descriptor's digest: `blobs/sha256/…`.
fn blob(descriptor: &Value) -> Option<Vec<u8>> {
    let digest = descriptor.get("digest")?.as_str()?;
    Some(format!("blobs/{}", digest.replacen(':', "/", 1)).into_bytes())
}
