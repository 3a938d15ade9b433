//! Standard input: images in both layouts, and what other programs write.

use super::*;
use crate::common::tar;
use serde_json::json;

const IN_IMAGE: &str = "live-value-in-image";
const IN_STREAM: &str = "live-value-in-stream";

fn piped(sandbox: &Sandbox, input: Vec<u8>, code: i32) -> Value {
    sandbox.command(&["trace", "-", "--format", "json"]).stdin_bytes(input).run().code(code).json()
}

fn layer(name: &str, text: &str) -> Vec<(String, Vec<u8>)> {
    vec![(name.to_owned(), text.as_bytes().to_vec())]
}

#[test]
fn an_image_of_docker_names_layer_file_environment_and_step() {
    let sandbox = Sandbox::new();
    sandbox.file(
        ".env",
        0o600,
        fill("DB_PASSWORD={password}\nAPI_TOKEN={token}\nNPM_TOKEN={token2}\nLABEL_TOKEN={token3}\n"),
    );
    let config = json!({
        "config": { "Env": ["PATH=/bin", fill("API_TOKEN={token}")], "Labels": { "a": fill("{token3}") } },
        "history": [{ "created_by": "FROM" }, { "created_by": fill("|1 NPM_TOKEN={token2} /bin/sh -c npm ci") }],
    });
    let layers = [layer("app/index.js", "run()"), layer("app/.env", &fill("DB_PASSWORD={password}\n"))];
    let image = tar::image(&config, &layers);
    let report = piped(&sandbox, image.clone(), 1);
    let parts: Vec<(&str, &str)> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["key"].as_str().unwrap(), one["facts"]["part"].as_str().unwrap()))
        .collect();
    let expected = [
        ("API_TOKEN", "environment"),
        ("DB_PASSWORD", "layer"),
        ("LABEL_TOKEN", "configuration"),
        ("NPM_TOKEN", "history"),
    ];
    let mut sorted = parts.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
    let of = |key: &str| report["findings"].as_array().unwrap().iter().find(|one| one["key"] == key).unwrap();
    let password = of("DB_PASSWORD");
    assert_eq!(
        (&password["check"], &password["origin"], &password["severity"]),
        (&IN_IMAGE.into(), &"image".into(), &"error".into())
    );
    assert_eq!((&password["facts"]["layer"], &password["facts"]["layers"]), (&2.into(), &2.into()));
    assert_eq!(password["facts"]["member"], "app/.env");
    assert!(password["facts"]["blob"].as_str().unwrap().starts_with("blobs/sha256/"));
    assert_eq!(password["facts"]["images"], json!(["shop:1.4.2"]));
    assert_eq!(of("NPM_TOKEN")["facts"]["step"], 2);
    // Compressed, and in a file that everybody can read.
    sandbox.file("app.tar.gz", 0o644, gzip(&image));
    let report = trace(&sandbox, &["app.tar.gz"], 1);
    assert_eq!(report["findings"].as_array().unwrap().len(), 4);
    assert_eq!(report["findings"][0]["path"], "app.tar.gz");
    assert_eq!(report["findings"][0]["origin"], "image");
}

#[test]
fn an_image_of_oci_with_compressed_layers() {
    let sandbox = project();
    let layers = [gzip(&tar::tar(&layer("etc/x", "y"))), gzip(&tar::tar(&layer("app/.env", &value())))];
    let report = piped(&sandbox, tar::oci_image(&json!({}), &layers), 1);
    let one = listed::the(&report, IN_IMAGE, "-");
    assert_eq!((&one["facts"]["layer"], &one["facts"]["images"]), (&2.into(), &json!(["1.4.2"])));
    let text = sandbox.command(&["trace", "-"]).stdin_bytes(tar::oci_image(&json!({}), &layers)).run().code(1).stdout;
    assert!(text.contains("standard input\n") && text.contains("app/.env in layer 2 of 2 contains"), "{text}");
}

#[test]
fn what_other_programs_write() {
    let sandbox = project();
    let dump = format!("COPY users FROM stdin;\n1\t{}\n", value());
    let report = piped(&sandbox, dump.clone().into_bytes(), 1);
    let one = listed::the(&report, IN_STREAM, "-");
    assert_eq!((&one["line"], &one["severity"], &one["origin"]), (&2.into(), &"error".into(), &"stream".into()));
    let report = piped(&sandbox, tar::tar(&layer("dump.sql", &dump)), 1);
    assert_eq!(listed::the(&report, IN_STREAM, "-")["facts"]["member"], "dump.sql");
    assert_eq!(listed::findings(&piped(&sandbox, Vec::new(), 0)), NONE);
    assert_eq!(listed::findings(&piped(&sandbox, b"nothing\n".repeat(100_000), 0)), NONE);
    // A stream that ends too early was not searched wholly.
    let cut = tar::tar(&layer("dump.sql", &dump.repeat(100)));
    let report = piped(&sandbox, cut[..2000].to_vec(), 2);
    assert_eq!(listed::problems(&report), ["unreadable-archive -"]);
    assert_eq!(listed::findings(&report).len(), 1);
}
