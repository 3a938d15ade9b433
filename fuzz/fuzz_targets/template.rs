//! `init`: an example, and an env file that is there, with a NUL byte between. What is filled reads back.
#![no_main]

use envward::config::Config;
use envward::env::Document;
use envward::secret::Secret;
use envward::secret::class::url_password;
use envward::template::{Plan, Source, put};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
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
                let whole = filled.assignments()[step.index].value.expose();
                let part = url_password(whole).unwrap_or_else(|| whole.to_vec());
                assert_eq!(part, value.expose(), "the value, or the password of a URL");
            }
        }
    }
});
