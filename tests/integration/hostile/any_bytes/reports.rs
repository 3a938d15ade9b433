//! Reports that other machines wrote, as `envward summary` reads them.

use envward::summary::{Reading, Summary, read};

pub fn run(data: &[u8]) {
    let mut summary = Summary::default();
    let mut inputs = 0_u64;
    read(data, &"input".into(), &mut |place, reading| {
        inputs += 1;
        match reading {
            Reading::Part(part) => {
                if let Err(repeated) = summary.add(*part) {
                    summary.add_unread(repeated.problem(place));
                }
            }
            Reading::Unread(problem) => summary.add_unread(problem),
        }
    });
    // Nothing is no report, and what is none is never clean.
    assert!(inputs > 0);
    assert!(summary.repositories.all() + summary.unread_count > 0 || !summary.problems.is_empty());
}
