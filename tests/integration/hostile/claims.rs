//! SECURITY.md, row by row: each claim, and the attacks that would break it.

use std::collections::BTreeSet;

use crate::common::own_file;

/// How a claim begins, and the tests that attack it: a file below `tests/integration` and a function in it.
type Claim = (&'static str, &'static [(&'static str, &'static str)]);

const CLAIMS: &[Claim] = &[
    // What envward protects against.
    (
        "another user of the host reads an env file",
        &[("check/work_tree/access.rs", ""), ("check/work_tree/links.rs", "")],
    ),
    (
        "an env file, or a secret from one, is committed",
        &[("hook/staged/values.rs", ""), ("hook/with_git/push.rs", "")],
    ),
    (
        "an env file was committed long ago",
        &[("scan/history/hiding_places.rs", ""), ("scan/history/unreachable.rs", "")],
    ),
    ("an env file gets into a Docker image", &[("compose/dockerignore/mod.rs", ""), ("check/work_tree/docker.rs", "")]),
    (
        "a secret is readable or half written for a moment",
        &[
            ("files/write_safety/killed.rs", "while_a_file_is_replaced"),
            ("files/write_safety/refused.rs", "while_a_file_is_made"),
            ("faults/mod.rs", "survives"),
            ("faults/together.rs", "twenty_writers_at_once"),
        ],
    ),
    ("a replaced secret still works", &[("rotation/proof.rs", ""), ("rotation/servers.rs", "")]),
    ("a secret is never replaced", &[("rotation/ages/first_look.rs", ""), ("rotation/ages/later_looks.rs", "")]),
    ("a token or a certificate expires unnoticed", &[("rotation/expiry.rs", "")]),
    ("an admin key leaks where it is verified", &[("hostile/canary/keys.rs", "a_new_key_is_in_its_file_alone")]),
    ("a planted hash asks for all memory", &[("key/verbs/verify.rs", ""), ("key/interop.rs", "")]),
    ("a secret can be guessed", &[("check/work_tree/content.rs", ""), ("check/told_by_content.rs", "")]),
    ("a service is compromised", &[("incident/seen.rs", ""), ("incident/stacks.rs", "")]),
    (
        "one of many hosts is compromised",
        &[
            ("rotation/fleet/roles.rs", "a_host_writes_only_its_own_rows"),
            ("rotation/fleet/roles.rs", "a_host_cannot_say_when_its_report_arrived"),
        ],
    ),
    ("evidence leaks", &[("incident/mod.rs", "")]),
    ("a tool fails silently", &[("hostile/bad_input/output.rs", "what_the_system_has_too_little_of")]),
    ("envward leaks a secret itself", &[("hostile/canary/itself.rs", "the_test_itself_finds_a_leak")]),
    // A value is never printed.
    ("**Keys:**", &[("hostile/canary/env_files.rs", "in_env_files")]),
    ("**Names:**", &[("hostile/canary/names.rs", "in_names")]),
    ("**Errors:**", &[("hostile/canary/failures.rs", "in_failures"), ("hostile/canary/docker.rs", "in_compose_files")]),
    ("**Crashes:**", &[("files/write_safety/memory.rs", "")]),
    // Hostile input.
    (
        "envward runs no program in a repository",
        &[("hostile/no_program_runs/mod.rs", "each_program_by_itself"), ("hostile/bad_input/nothing_runs.rs", "")],
    ),
    ("envward runs git only to make the repository", &[("house/source.rs", "programs_are_started_in_one_place")]),
    ("The crate forbids unsafe code", &[("house/source.rs", "libgit2_is_asked_for_the_owner_alone")]),
    (
        "envward reads everything in a repository itself",
        &[
            ("hostile/fuzz_repositories/mod.rs", "reftables"),
            ("hostile/extremes/circles.rs", "every_verb_comes_to_an_end"),
            ("hostile/no_program_runs/mod.rs", "files_that_have_no_end"),
        ],
    ),
    (
        "A file is opened without waiting",
        &[
            ("hostile/bad_input/files.rs", "a_named_pipe"),
            ("hostile/extremes/swapped.rs", "nothing_outside_is_touched"),
            ("hostile/extremes/large.rs", "in_the_place_of_each_file"),
        ],
    ),
    ("`trace` opens only regular files", &[("trace/hostile.rs", "bombs_end_and_are_told")]),
    ("Packs are read in small blocks", &[("hostile/trust/meanwhile.rs", ""), ("hostile/trust/sizes.rs", "in_packs")]),
    (
        "Sizes and depths have",
        &[
            ("hostile/extremes/deep.rs", "a_hundred_thousand_trees_in_one_another"),
            ("hostile/extremes/deep.rs", "a_chain_of_five_thousand_deltas"),
            ("hostile/extremes/deep.rs", "many_refs"),
            ("hostile/extremes/large.rs", "in_a_commit"),
            ("hostile/trust/sizes.rs", "deltas_that_multiply"),
            ("compose/properties.rs", "aliases_of_aliases_end_early"),
            ("compose/properties.rs", "interpolation_is_bounded"),
            ("compose/properties.rs", "includes_and_extends_end_early"),
        ],
    ),
    ("An object that disappears during the scan", &[("git/shapes.rs", "a_repack_meanwhile_changes_nothing")]),
    ("A bug in envward ends only the work", &[("hostile/fuzz_repositories/mod.rs", "objects_in_packs")]),
    ("A repository that another user owns", &[("hostile/bad_input/repositories.rs", "a_foreign_owner")]),
    ("The work tree is the directory that contains", &[("hostile/trust/elsewhere.rs", "nothing_outside_is_changed")]),
    ("A name on the command line", &[("hostile/trust/names.rs", "a_name_of_two_things_is_a_problem")]),
    (
        "envward verifies the id of each object",
        &[
            ("hostile/bad_input/repositories.rs", "an_object_with_the_content_of_another"),
            ("hostile/trust/packs.rs", "every_bit_of_a_small_pack"),
        ],
    ),
    (
        "Control characters in names are escaped",
        &[
            ("hostile/extremes/deep.rs", "names_of_every_length_and_kind"),
            ("report/formats.rs", "text_fits_a_terminal_and_cannot_move_it"),
        ],
    ),
    (
        "On an HTML page a name is text",
        &[("report/pages.rs", "a_hostile_name_is_text"), ("report/pages.rs", "a_page_needs_nothing_else")],
    ),
    (
        "A repository cannot make its own report green",
        &[("hostile/trust/pushes.rs", ""), ("check/config/accepted.rs", "")],
    ),
];

/// The rows and the points of a section.
fn claims_in(page: &str, section: &str) -> Vec<String> {
    let text = page.split(&format!("## {section}\n")).nth(1).unwrap_or_else(|| panic!("no section {section}"));
    let text = text.split("\n## ").next().unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| threat |"));
    let rows = rows.map(|line| line.trim_start_matches("| ").to_owned());
    rows.chain(text.lines().filter_map(|line| Some(line.strip_prefix("- ")?.to_owned()))).collect()
}

#[test]
fn every_claim_is_attacked() {
    let page = own_file("SECURITY.md");
    let mut seen = BTreeSet::new();
    for section in ["What envward protects against", "A value is never printed", "Hostile input"] {
        for text in claims_in(&page, section) {
            // What shows a value because somebody asked for it is no claim.
            if text.starts_with('`') && section == "A value is never printed" {
                continue;
            }
            let claim = CLAIMS.iter().position(|(begin, _)| text.starts_with(begin));
            assert!(seen.insert(claim.unwrap_or_else(|| panic!("no test attacks this: {text}"))), "said twice: {text}");
        }
    }
    assert_eq!(seen.len(), CLAIMS.len(), "SECURITY.md says less than is attacked");
}

#[test]
fn every_attack_is_there() {
    for (claim, attacks) in CLAIMS {
        assert!(!attacks.is_empty(), "{claim}");
        for (path, function) in *attacks {
            let text = own_file(&format!("tests/integration/{path}"));
            assert!(
                function.is_empty() || text.contains(&format!("fn {function}(")),
                "{claim}: {path} has no {function}"
            );
        }
    }
}
