//! What holds for every compose file: reading one ends, and never in a panic.

use std::collections::BTreeMap;
use std::sync::Arc;

use envward::docker::compose::{FaultKind, Files, Node, Request, Stack, Value};
use envward::env::Document;
use envward::environment::Environment;
use envward::path::RelPath;
use envward::secret::Secret;
use proptest::collection::vec;
use proptest::prelude::*;

/// Files that are in nobody's file system.
struct Memory(BTreeMap<&'static str, Vec<u8>>);

impl Files for Memory {
    fn read(&mut self, path: &RelPath) -> Option<Vec<u8>> {
        self.0.get(path.to_str()?).cloned()
    }

    fn variables(&mut self, path: &RelPath) -> Option<Arc<Document>> {
        self.read(path).map(|bytes| Arc::new(Document::parse(Secret::new(bytes))))
    }
}

fn load(files: &[(&'static str, Vec<u8>)]) -> Result<Stack, FaultKind> {
    let given = files.iter().map(|(name, _)| *name).filter(|name| name.starts_with('c'));
    let request = Request { files: given.map(RelPath::from).collect(), ..Request::default() };
    let mut memory = Memory(files.iter().cloned().collect());
    Stack::load(&request, &mut memory, Environment::Production).map_err(|failure| failure.fault.kind)
}

/// Asks everything that the checks ask.
fn ask(stack: &Stack) -> usize {
    let mut seen = stack.hosts().len() + stack.file_secrets().len() + usize::from(stack.is_partial());
    for service in stack.services() {
        seen += service.ports().len() + service.mounts().len() + service.env_files().len();
        seen += service.dependencies().len() + service.networks().len() + service.words("command").len();
        seen += usize::from(service.is_one_shot()) + usize::from(service.building().is_some());
        seen += service.image_name().map_or(0, |name| name.len()) + service.environment().len();
    }
    seen
}

/// Pieces that mean something to YAML or to Compose, and some that do not.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    const WORDS: &[&str] = &[
        "services:",
        "\n  a:",
        "\n    image: x",
        "\n    ports: [",
        "'1:1'",
        "]",
        "{",
        "}",
        "&a ",
        "*a",
        "<<: ",
        "!reset ",
        "!override ",
        "\n---\n",
        "- ",
        ": ",
        "\n",
        "    ",
        "${A:-",
        "${",
        "$$",
        "\n    extends: ",
        "\ninclude: [d.yml]",
        "|\n",
        ">-\n",
        "\"",
        "'",
        "#",
        "\n    volumes: ['./a:/b:ro']",
        "\n    environment: [A=$A, B]",
        "\n    env_file: x",
        "\t",
        "%YAML",
        "\n    depends_on: [a, b]",
        "? ",
        "0x1f",
        "1e3",
        "~",
        "!!str ",
        ",",
    ];
    let piece = prop_oneof![
        8 => prop::sample::select(WORDS).prop_map(|word| word.as_bytes().to_vec()),
        1 => any::<u8>().prop_map(|byte| vec![byte]),
    ];
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2048, ..ProptestConfig::default() })]

    #[test]
    fn any_files_are_read_to_an_end(one in pieces(), two in pieces(), other in pieces(), env in vec(any::<u8>(), 0..40)) {
        let files = [("c.yml", [b"services:\n  a:\n    image: x\n".to_vec(), one].concat()), ("c2.yml", two), ("d.yml", other), (".env", env)];
        if let Ok(stack) = load(&files) {
            ask(&stack);
        }
    }

    #[test]
    fn a_line_is_where_its_key_is(before in 0..20_usize) {
        let text = format!("{}services:\n  a:\n    image: x\n    user: 'u'\n", "# c\n".repeat(before));
        let stack = load(&[("c.yml", text.into_bytes())]).unwrap();
        let service = stack.service("a").unwrap();
        let line = u32::try_from(before).unwrap() + 2;
        prop_assert_eq!(service.place().line.get(), line);
        prop_assert_eq!(service.at(&["user"]).unwrap().place.line.get(), line + 2);
    }
}

#[test]
fn aliases_of_aliases_end_early() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..40 {
        let below = level - 1;
        text.push_str(&format!("a{level}: &a{level} [{}]\n", vec![format!("*a{below}"); 9].join(", ")));
    }
    assert_eq!(load(&[("c.yml", text.into_bytes())]).unwrap_err(), FaultKind::TooMuch);
    let mut deep = String::from("a0: &a0 [x]\n");
    for level in 1..400 {
        deep.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
    }
    assert_eq!(load(&[("c.yml", deep.into_bytes())]).unwrap_err(), FaultKind::TooMuch);
}

#[test]
fn services_are_counted() {
    let services = |count: usize| (0..count).map(|index| format!("  s{index}: {{image: x}}\n")).collect::<String>();
    let text = |count| format!("services:\n{}", services(count)).into_bytes();
    assert_eq!(load(&[("c.yml", text(4096))]).unwrap().services().count(), 4096);
    assert_eq!(load(&[("c.yml", text(4097))]).unwrap_err(), FaultKind::TooMuch);
}

#[test]
fn includes_and_extends_end_early() {
    let both = b"include: [d.yml, d.yml]\nservices: {}\n".to_vec();
    let files = [
        ("c.yml", both.clone()),
        ("d.yml", b"include: [e.yml, e.yml]\n".to_vec()),
        ("e.yml", b"include: [c.yml]\n".to_vec()),
    ];
    assert_eq!(load(&files).unwrap_err(), FaultKind::Circle);
    let mut many = String::from("services:\n");
    for index in 0..400 {
        many.push_str(&format!("  s{index}: {{extends: {{file: d.yml, service: x}}}}\n"));
    }
    let files = [("c.yml", many.into_bytes()), ("d.yml", b"services: {x: {image: y}}\n".to_vec())];
    // One file that hundreds of services extend is read once.
    assert_eq!(load(&files).unwrap().services().count(), 400);
}

#[test]
fn interpolation_is_bounded() {
    let mut text = String::from("services:\n  a:\n    image: x\n    environment:\n");
    for index in 0..100 {
        text.push_str(&format!("      K{index}: '{}'\n", "${A}".repeat(1000)));
    }
    let env = format!("A={}\n", "x".repeat(1000)).into_bytes();
    assert_eq!(load(&[("c.yml", text.into_bytes()), (".env", env)]).unwrap_err(), FaultKind::BadExpansion);
}

#[test]
fn nothing_of_a_file_is_in_its_debug_output() {
    let marker = "m4rk3r";
    let text = format!("services:\n  a:\n    image: {marker}\n    environment: {{K: '${{X:-{marker}}}'}}\n");
    let stack = load(&[("c.yml", text.into_bytes()), (".env", format!("Y={marker}\n").into_bytes())]).unwrap();
    assert!(!format!("{stack:?}").contains(marker));
    assert!(
        matches!(stack.root().value, Value::Map(_))
            && stack.root().get("services").is_some_and(|node: &Node| !node.is_null())
    );
}
