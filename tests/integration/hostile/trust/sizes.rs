//! Small files that say they are large.

use super::scene::{Scene, VERBS, assert_none, leak};
use crate::common::packs::{
    BLOB, COMMIT, Id, OFS_DELTA, Pack, TREE, commit_of, header, id_of, inserting, put, put_loose, tree_of,
};

/// Nothing of it has more in memory, in KiB: what an honest small repository takes, and room for threads and tables.
const ENOUGH: u64 = 300 << 10;

const CLAIMS: [u64; 4] = [14 << 30, 3 << 30, 300 << 20, 1 << 62];

/// Looks at it with every verb, and at the memory.
fn faults(scene: &Scene, what: &str) -> Vec<String> {
    let mut faults = scene.faults(what);
    for verb in VERBS {
        let peak = scene.endures(verb).peak;
        if peak > ENOUGH {
            faults.push(format!("{what}: {verb}: {} MiB in memory", peak >> 10));
        }
    }
    faults
}

/// How an object is written that says it has so many bytes.
type Claim = (&'static str, fn(&mut Pack, Id, &[u8], u64));

const IN_PACKS: [Claim; 5] = [
    ("an object", |pack, id, content, claim| pack.entry(id, &header(BLOB, claim), content)),
    ("the base of a delta", |pack, id, content, claim| {
        let at = pack.len();
        pack.entry([1; 20], &header(BLOB, claim), b"small");
        pack.on_distance(id, pack.len() - at, &inserting(claim, content.len().try_into().unwrap(), content));
    }),
    ("the result of a delta", |pack, id, content, claim| {
        let at = pack.len();
        pack.whole(BLOB, b"small");
        pack.on_distance(id, pack.len() - at, &inserting(5, claim, content));
    }),
    ("a delta itself", |pack, id, content, claim| {
        pack.whole(BLOB, b"small");
        let head = [header(OFS_DELTA, claim), vec![5]].concat();
        pack.entry(id, &head, &inserting(5, content.len().try_into().unwrap(), content));
    }),
    ("the base as the delta says it", |pack, id, content, claim| {
        let base = pack.whole(BLOB, b"small");
        pack.on_id(id, base, &inserting(claim, content.len().try_into().unwrap(), content));
    }),
];

#[test]
fn in_packs() {
    let mut wrong = Vec::new();
    for (what, add) in IN_PACKS {
        for claim in CLAIMS {
            let scene = Scene::new();
            let (text, mut pack) = (leak("claim"), Pack::default());
            let blob = id_of(BLOB, &text);
            add(&mut pack, blob, &text, claim);
            let commit = pack.commit_of(".env", blob);
            pack.install(&scene.git_dir(), commit);
            wrong.extend(faults(&scene, &format!("{what} claims {claim} bytes")));
        }
    }
    assert_none(&wrong);
}

#[test]
fn commits_and_trees_in_packs() {
    let mut wrong = Vec::new();
    for claim in CLAIMS {
        for part in [COMMIT, TREE] {
            let (scene, mut pack) = (Scene::new(), Pack::default());
            let blob = pack.whole(BLOB, &leak("claim"));
            let tree = tree_of(&[(".env", blob)]);
            let said = |kind, content: &[u8]| if kind == part { claim } else { content.len().try_into().unwrap() };
            let tree = pack.claiming(TREE, &tree, said(TREE, &tree));
            let commit = commit_of(tree);
            let commit = pack.claiming(COMMIT, &commit, said(COMMIT, &commit));
            pack.install(&scene.git_dir(), commit);
            wrong.extend(faults(&scene, &format!("an object of kind {part} claims {claim} bytes")));
        }
    }
    assert_none(&wrong);
}

#[test]
fn loose_ones() {
    let mut wrong = Vec::new();
    for claim in ["15032385536", "314572800", "18446744073709551615", "99999999999999999999999", "-1", "0", "", "5x"] {
        let scene = Scene::new();
        let (git_dir, text) = (scene.git_dir(), leak("claim"));
        let blob = put_loose(&git_dir, &format!("blob {claim}"), &text);
        let tree = tree_of(&[(".env", blob)]);
        let tree = put_loose(&git_dir, &format!("tree {}", tree.len()), &tree);
        let commit = commit_of(tree);
        let commit = put_loose(&git_dir, &format!("commit {}", commit.len()), &commit);
        let line = format!("{}\n", crate::common::encode::hex(&commit));
        put(&git_dir, "refs/heads/main", line.as_bytes());
        wrong.extend(faults(&scene, &format!("a loose object claims {claim:?} bytes")));
    }
    assert_none(&wrong);
}

/// A little that becomes much: deltas that copy a mebibyte again and again.
#[test]
fn deltas_that_multiply() {
    let (scene, mut pack) = (Scene::new(), Pack::default());
    let mut base = pack.whole(BLOB, &vec![b'x'; 1 << 16]);
    let mut length = 1_u64 << 16;
    for level in 0..6_u8 {
        // Each copies the whole of the one before, eight times.
        let mut delta = [crate::common::packs::size_of(length), crate::common::packs::size_of(length * 8)].concat();
        let piece = length.min(0xff_ffff);
        for _ in 0..8 * length / piece {
            let [_, _, _, _, _, a, b, c] = piece.to_be_bytes();
            delta.extend([0xf0, c, b, a]);
        }
        let id = [level; 20];
        pack.on_id(id, base, &delta);
        (base, length) = (id, length * 8);
    }
    let commit = pack.commit_of(".env", base);
    pack.install(&scene.git_dir(), commit);
    let ordeals = VERBS.map(|verb| (verb, scene.endures(verb)));
    let fault = |(verb, ordeal): &(&str, crate::common::ordeal::Ordeal)| {
        let fault = ordeal.fault();
        fault.or_else(|| (*verb == "scan --format json" && ordeal.code() != Some(2)).then(|| "not 2".to_owned()))
    };
    assert_none(&ordeals.iter().filter_map(|run| Some(format!("{}: {}", run.0, fault(run)?))).collect::<Vec<_>>());
}
