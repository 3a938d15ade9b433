//! tar files and images, written by hand.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::leak::hex;

/// A tar file with these members.
pub fn tar(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, content) in members {
        out.extend(member(name, content));
    }
    out.extend([0; 1024]);
    out
}

/// One member, in the format of POSIX; a name that is too long comes before it as GNU writes it.
pub fn member(name: &str, content: &[u8]) -> Vec<u8> {
    if name.len() > 100 {
        let short = "x".repeat(100);
        return [header("././@LongLink", name.len(), b'L'), padded(name.as_bytes()), member(&short, content)].concat();
    }
    [header(name, content.len(), b'0'), padded(content)].concat()
}

/// A header.
pub fn header(name: &str, size: usize, kind: u8) -> Vec<u8> {
    let mut block = vec![0; 512];
    let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, name.as_bytes());
    put(100, b"0000644\0");
    put(124, format!("{size:011o}\0").as_bytes());
    put(148, b"        ");
    put(156, &[kind]);
    put(257, b"ustar\x0000");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

fn padded(content: &[u8]) -> Vec<u8> {
    let mut out = content.to_vec();
    out.resize(content.len().div_ceil(512) * 512, 0);
    out
}

fn blob(content: &[u8]) -> String {
    format!("blobs/sha256/{}", hex(&Sha256::digest(content)))
}

/// An image as `docker save` writes it, with these layers.
pub fn image(config: &Value, layers: &[Vec<(String, Vec<u8>)>]) -> Vec<u8> {
    let config = config.to_string().into_bytes();
    let layers: Vec<Vec<u8>> = layers.iter().map(|files| tar(files)).collect();
    let names: Vec<String> = layers.iter().map(|layer| blob(layer)).collect();
    let manifest = json!([{ "Config": blob(&config), "RepoTags": ["shop:1.4.2"], "Layers": names }]);
    let mut members: Vec<(String, Vec<u8>)> = names.into_iter().zip(layers).collect();
    members.push((blob(&config), config));
    members.push(("manifest.json".to_owned(), manifest.to_string().into_bytes()));
    tar(&members)
}

/// The same as an OCI layout, compressed layers and no manifest of Docker's.
pub fn oci_image(config: &Value, layers: &[Vec<u8>]) -> Vec<u8> {
    let config = config.to_string().into_bytes();
    let digest = |content: &[u8]| format!("sha256:{}", hex(&Sha256::digest(content)));
    let of_layer = |layer: &Vec<u8>| json!({ "digest": digest(layer), "size": layer.len() });
    let manifest = json!({
        "schemaVersion": 2,
        "config": { "digest": digest(&config), "size": config.len() },
        "layers": layers.iter().map(of_layer).collect::<Vec<_>>(),
    });
    let manifest = manifest.to_string().into_bytes();
    let index = json!({
        "schemaVersion": 2,
        "manifests": [{
            "digest": digest(&manifest),
            "annotations": { "org.opencontainers.image.ref.name": "1.4.2" },
        }],
    });
    let mut members = vec![("oci-layout".to_owned(), b"{\"imageLayoutVersion\":\"1.0.0\"}".to_vec())];
    members.extend(layers.iter().map(|layer| (blob(layer), layer.clone())));
    members.extend([(blob(&config), config), (blob(&manifest), manifest)]);
    members.push(("index.json".to_owned(), index.to_string().into_bytes()));
    tar(&members)
}
