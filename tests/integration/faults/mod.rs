//! Faults under every verb that writes: a process that ends at a system call, a call that the system refuses, too little of
//! everything, a state directory that cannot be used, a clock that jumps, many writers at once.
//!
//! After each: every file is the old one or the new one and private; the next run leaves nothing behind, and the ledger and
//! the env files agree; a run that failed ends with 2 and says what to do.
//!
//! A part of the faults is tried with each verb. `ENVWARD_FAULTS=each` tries one at each place, for half an hour, and
//! `ENVWARD_FAULTS=all` every one at every call, for hours.

mod book;
mod calls;
mod clock;
mod fault;
mod reads;
mod scene;
mod surroundings;
mod together;
mod verbs;
mod world;

use scene::Scene;
use verbs::VERBS;

/// A verb under all faults, or under its part of them.
fn survives(name: &str) {
    let number = VERBS.iter().position(|verb| verb.name == name).expect("a verb of the table");
    let Some(scene) = Scene::of(&VERBS[number]) else { return };
    let (mut failures, mut reached) = (Vec::new(), 0);
    for (kind, faults) in fault::faults(&scene, number) {
        let (mut tried, mut failed) = (0, 0);
        for fault in &faults {
            // A fault that is not reached: another number of calls than the last time, or none of that name.
            let Some(answer) = fault.run(&scene) else { continue };
            tried += 1;
            if let Err(why) = answer {
                failed += 1;
                failures.push(format!("{}\n    {why}", fault.name()));
            }
        }
        reached += tried;
        eprintln!("{name}: {kind}: {} faults, {tried} reached, {failed} failures", faults.len());
    }
    assert!(failures.is_empty(), "{name}: {} failures:\n{}", failures.len(), failures.join("\n"));
    assert!(reached > 5, "{name}: only {reached} faults were reached");
}

/// A test for each verb, so that they run side by side; and one that none is missing.
macro_rules! each_verb {
    ($($name:ident)+) => {
        $(#[test] fn $name() { survives(stringify!($name)); })+

        #[test]
        fn every_verb_has_a_test() {
            let names: Vec<&str> = VERBS.iter().map(|verb| verb.name).collect();
            assert_eq!(names, [$(stringify!($name)),+]);
        }
    };
}

each_verb! {
    init init_update generate generate_file generate_by_link generate_replace key_new key_replaces key_revoke key_verify
    first_status status remind outbox outbox_told accept_clock migration rotate rotate_next rotate_stdin rotate_sql abandon
    abandon_next promote promote_next verify confirm confirm_next rollback rollback_next record snooze export install
    hook_install hook_install_over hook_uninstall hook_global fix rewrite incident scan_new
    scan_new_again advice
}
