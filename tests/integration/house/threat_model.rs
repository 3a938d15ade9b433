//! docs/threat-model.md names a test for each claim: each of them must be there.

use std::collections::BTreeSet;
use std::path::Path;

use crate::common::own_file;

/// The names of tests in the page: paths of modules of this test program, as `cargo test` prints them.
fn named(page: &str) -> BTreeSet<String> {
    let is_name = |text: &&str| {
        text.contains("::") && text.bytes().all(|byte| byte.is_ascii_lowercase() || b"_:0123456789".contains(&byte))
    };
    page.split('`').skip(1).step_by(2).filter(is_name).map(str::to_owned).collect()
}

/// Whether a module has this test.
fn is_there(name: &str) -> bool {
    let Some((module, function)) = name.rsplit_once("::") else { return false };
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration").join(module.replace("::", "/"));
    let files = [base.with_extension("rs"), base.join("mod.rs")];
    let texts = files.iter().filter_map(|file| std::fs::read_to_string(file).ok());
    texts
        .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
        .any(|line| line.trim_start().starts_with(&format!("fn {function}(")))
}

#[test]
fn each_claim_names_a_test_that_is_there() {
    let page = own_file("docs/threat-model.md");
    let names = named(&page);
    assert!(names.len() > 50, "{}", names.len());
    let missing: Vec<&String> = names.iter().filter(|name| !is_there(name)).collect();
    assert!(missing.is_empty(), "no such test: {missing:#?}");
    let claims = page.split_once("## Claims").unwrap().1.split_once("## Code that others wrote").unwrap().0;
    let rows = claims.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| claim"));
    let bare: Vec<&str> = rows.filter(|row| named(row).is_empty()).collect();
    assert!(bare.is_empty(), "claims without a test: {bare:#?}");
    assert!(!is_there("hostile::canary::names::no_such_test"));
}
