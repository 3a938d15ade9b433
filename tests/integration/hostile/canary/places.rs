//! The value in places outside git: what `trace` finds, and what it cannot read.

use super::*;
use crate::common::tar;
use serde_json::json;

fn packed(name: &str, text: &str) -> Vec<u8> {
    tar::tar(&[(name.to_owned(), text.as_bytes().to_vec())])
}

#[test]
fn in_places_outside_git() {
    run(&[
        case("ignored files", |sandbox, marker| {
            plain(sandbox, marker);
            sandbox.file(".gitignore", 0o644, "*.log\n.env\n");
            sandbox.file("app.log", 0o644, format!("GET /?token={marker}\n"));
            sandbox.file("encoded.log", 0o644, encode::base64(marker.as_bytes()));
            sandbox.file(format!("{marker}/{marker}.log"), 0o644, marker);
        }),
        case("histories", |sandbox, marker| {
            plain(sandbox, marker);
            for name in [".bash_history", ".zsh_history", ".psql_history", ".viminfo"] {
                fs::write(sandbox.root().join("home").join(name), format!("mysql -p{marker}\n")).unwrap();
            }
        }),
        case("archives", |sandbox, marker| {
            plain(sandbox, marker);
            sandbox.file("a.tar", 0o644, packed(&format!("{marker}/{marker}"), marker));
            sandbox.file(format!("{marker}.tar"), 0o644, packed("x", marker));
            // Cut in the middle of a member.
            sandbox.file(format!("cut-{marker}.tar"), 0o644, &packed(marker, &marker.repeat(100))[..1200]);
        }),
        case("an image", |sandbox, marker| {
            plain(sandbox, marker);
            let config = json!({
                "config": { "Env": [format!("A={marker}")], "Labels": { marker: marker } },
                "history": [{ "created_by": format!("RUN login {marker}") }],
            });
            let layer = vec![(format!("app/{marker}/.env"), format!("DB_PASSWORD={marker}\n").into_bytes())];
            sandbox.file("image.tar", 0o644, tar::image(&config, &[layer]));
        }),
        Case {
            commands: &[&["trace", "--processes", ".env"]],
            ..case("a process", |sandbox, marker| {
                plain(sandbox, marker);
                let _ = sandbox.process(&format!("backup --password={marker} {marker}"));
            })
        },
    ]);
}
