//! `init`: an example, and an env file that is there, with a NUL byte between. What is filled reads back.

use envward::config::Config;
use envward::env::Document;
use envward::secret::Secret;
use envward::secret::class::password;
use envward::template::{Plan, Source, put};

pub fn run(bytes: &[u8]) {
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let mut next = || Document::parse(Secret::copy_of(parts.next().unwrap_or_default()));
    let (example, there) = (next(), next());
    let config = Config::default();
    let base = Document::parse(Secret::copy_of(example.text().expose()));
    let sources = [
        Source { base, fresh_from: 0, example: &example },
        Source { fresh_from: there.assignments().len(), base: there, example: &example },
    ];
    let Ok(plan) = Plan::new(&sources, &[], &config) else { return };
    let value = Secret::copy_of(b"a-value-of-the-fuzzer");
    for (source, steps) in sources.iter().zip(&plan.files) {
        for step in steps {
            assert!(step.index < source.base.assignments().len(), "a step is about an assignment");
            if let Ok(filled) = put(&source.base, step.index, &value) {
                let one = &filled.assignments()[step.index];
                let (name, whole) = (String::from_utf8_lossy(filled.name(one)), one.value.expose());
                let part = password(&name, whole).unwrap_or_else(|| whole.to_vec());
                assert_eq!(part, value.expose(), "the value, or the password in an address or behind a user");
            }
        }
    }
}
