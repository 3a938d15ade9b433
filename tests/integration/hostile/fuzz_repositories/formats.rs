//! What is changed, and how its checksums are made right again.

use std::fs;
use std::path::PathBuf;

use crate::common::Sandbox;
use crate::common::dice::Dice;
use crate::common::fill::fill;
use crate::common::packs::{
    self, BLOB, COMMIT, Entry, Id, Pack, TREE, commit_of, deflated, header, id_of, put, tree_of, with_sum,
};

const HISTORY: &[&str] = &["scan --format json", "check", "hook run pre-push"];
const INDEX: &[&str] = &["scan --staged", "hook run pre-commit", "check"];

/// Changes the repository by what the dice say.
type Change = dyn Fn(&Sandbox, &mut Dice);

pub struct Ground {
    pub sandbox: Sandbox,
    pub verbs: &'static [&'static str],
    /// Whether a scan must show the leak, or say that it could not look, whatever was changed.
    pub keeps_the_leak: bool,
    change: Box<Change>,
}

impl Ground {
    pub fn change(&self, dice: &mut Dice) {
        (self.change)(&self.sandbox, dice);
    }
}

fn leak() -> Vec<u8> {
    fill("DB_PASSWORD={password}\n").into_bytes()
}

fn git_dir(sandbox: &Sandbox) -> PathBuf {
    sandbox.path(".git")
}

/// The objects of a history with a leak: kind, content, id.
fn objects() -> [(u8, Vec<u8>, Id); 3] {
    let blob = id_of(BLOB, &leak());
    let tree = tree_of(&[(".env", blob)]);
    let commit = commit_of(id_of(TREE, &tree));
    [(BLOB, leak(), blob), (TREE, tree.clone(), id_of(TREE, &tree)), (COMMIT, commit.clone(), id_of(COMMIT, &commit))]
}

/// A repository with such a history in a pack written here; the blob's content a delta on something like it.
fn packed(change: impl Fn(&Sandbox, &mut Dice) + 'static) -> Ground {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    let (pack, commit) = sound();
    pack.install(&git_dir(&sandbox), commit);
    Ground { sandbox, verbs: HISTORY, keeps_the_leak: true, change: Box::new(change) }
}

fn sound() -> (Pack, Id) {
    let (mut pack, objects) = (Pack::default(), objects());
    let base = pack.whole(BLOB, b"something\n");
    let (_, content, blob) = &objects[0];
    pack.on_id(*blob, base, &packs::inserting(10, content.len().try_into().unwrap(), content));
    let at = pack.len();
    pack.whole(TREE, b"");
    let (_, tree, id) = &objects[1];
    pack.on_distance(*id, pack.len() - at, &packs::inserting(0, tree.len().try_into().unwrap(), tree));
    let (_, commit, id) = &objects[2];
    pack.whole(COMMIT, commit);
    (pack, *id)
}

fn put_pack(sandbox: &Sandbox, file: &[u8], entries: &[Entry]) {
    put(&git_dir(sandbox), "objects/pack/pack-odd.pack", file);
    put(&git_dir(sandbox), "objects/pack/pack-odd.idx", &packs::index_2(entries, file));
}

/// A header, an id or a content is changed before it is deflated.
pub fn pack_entries() -> Ground {
    packed(|sandbox, dice| {
        let mut pack = Pack::default();
        let odd = dice.roll(4);
        for (number, (kind, content, id)) in objects().into_iter().chain([(BLOB, leak(), [9; 20])]).enumerate() {
            let size = content.len().try_into().unwrap();
            let delta = packs::inserting(size, size, &content);
            let head = |kind| header(kind, delta.len().try_into().unwrap());
            let distance = u8::try_from(dice.roll(127)).unwrap();
            let (mut head, mut content) = match dice.roll(3) {
                0 => (header(kind, size), content),
                1 => ([&head(packs::REF_DELTA)[..], &[9; 20]].concat(), delta),
                _ => ([&head(packs::OFS_DELTA)[..], &[distance]].concat(), delta),
            };
            if number == odd {
                let part = if dice.roll(2) == 0 { &mut head } else { &mut content };
                dice.change(part);
            }
            pack.entry(id, &head, &content);
        }
        put_pack(sandbox, &pack.file(), &pack.entries);
    })
}

pub fn pack_bytes() -> Ground {
    packed(|sandbox, dice| {
        let (pack, _) = sound();
        let mut bytes = pack.file();
        bytes.truncate(bytes.len() - 20);
        dice.change(&mut bytes);
        put_pack(sandbox, &with_sum(bytes), &pack.entries);
    })
}

/// Changes an index and makes its checksum right: what it says of an object's place, or any of its bytes.
fn indexed(path: &'static str, write: fn(&[Entry], &[u8]) -> Vec<u8>) -> Ground {
    let ground = packed(move |sandbox, dice| {
        let (pack, _) = sound();
        let mut entries = pack.entries.clone();
        let is_place = dice.roll(2) == 0;
        if is_place {
            let at = dice.roll(entries.len());
            entries[at].offset = dice.place(pack.len());
        }
        let mut bytes = write(&entries, &pack.file());
        if !is_place {
            bytes.truncate(bytes.len() - 20);
            dice.change(&mut bytes);
            bytes = with_sum(bytes);
        }
        put(&git_dir(sandbox), path, &bytes);
    });
    if path.ends_with("multi-pack-index") {
        fs::remove_file(git_dir(&ground.sandbox).join("objects/pack/pack-odd.idx")).unwrap();
    }
    ground
}

pub fn index_1() -> Ground {
    indexed("objects/pack/pack-odd.idx", packs::index_1)
}

pub fn index_2() -> Ground {
    indexed("objects/pack/pack-odd.idx", packs::index_2)
}

pub fn multi_pack_index() -> Ground {
    indexed("objects/pack/multi-pack-index", |entries, _| packs::multi_pack_index("pack-odd.idx", entries))
}

/// The content of one object before it is deflated, or what it is deflated to.
pub fn loose() -> Ground {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    let hex = crate::common::encode::hex;
    put(&git_dir(&sandbox), "refs/heads/main", format!("{}\n", hex(&objects()[2].2)).as_bytes());
    let change = move |sandbox: &Sandbox, dice: &mut Dice| {
        let odd = dice.roll(3);
        for (number, (kind, content, id)) in objects().into_iter().enumerate() {
            let word = ["", "commit", "tree", "blob"][usize::from(kind)];
            let mut bytes = [format!("{word} {}\0", content.len()).as_bytes(), &content].concat();
            let is_before = number == odd && dice.roll(3) > 0;
            if is_before {
                dice.change(&mut bytes);
            }
            let mut bytes = deflated(&bytes);
            if number == odd && !is_before {
                dice.change(&mut bytes);
            }
            let name = hex(&id);
            put(&git_dir(sandbox), &format!("objects/{}/{}", &name[..2], &name[2..]), &bytes);
        }
    };
    Ground { sandbox, verbs: HISTORY, keeps_the_leak: true, change: Box::new(change) }
}

/// A repository by git, with a leak in its history, and one that is staged.
fn made(flags: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&[&["init", "-q"], flags].concat());
    sandbox.file(".env", 0o600, leak());
    sandbox.git(&["add", "-f", ".env"]);
    sandbox.git(&["commit", "-qm", "in"]);
    sandbox.git(&["rm", "-qf", ".env"]);
    sandbox.git(&["commit", "-qm", "out"]);
    sandbox.git(&["tag", "-a", "-m", "x", "v1"]);
    sandbox.file("staged/.env", 0o600, fill("STAGED_PASSWORD={password-staged}\n"));
    sandbox.file("a/b/text", 0o644, "text\n");
    sandbox.git(&["add", "-f", "staged/.env", "a"]);
    sandbox
}

/// Changes a file that git made, and then makes it right by this.
fn changed(sandbox: Sandbox, path: String, repair: fn(Vec<u8>) -> Vec<u8>) -> Ground {
    let sound = fs::read(sandbox.path(&path)).unwrap();
    let change = move |sandbox: &Sandbox, dice: &mut Dice| {
        let mut bytes = sound.clone();
        dice.change(&mut bytes);
        fs::write(sandbox.path(&path), repair(bytes)).unwrap();
    };
    Ground { sandbox, verbs: HISTORY, keeps_the_leak: true, change: Box::new(change) }
}

/// git's index, in this version.
pub fn staged(version: &str) -> Ground {
    let sandbox = made(&[]);
    sandbox.git(&["update-index", "--index-version", version]);
    let ground = changed(sandbox, ".git/index".to_owned(), |mut bytes| {
        bytes.truncate(bytes.len().saturating_sub(20));
        with_sum(bytes)
    });
    Ground { verbs: INDEX, keeps_the_leak: false, ..ground }
}

pub fn file(path: &str) -> Ground {
    let sandbox = made(&[]);
    sandbox.git(&["pack-refs", "--all"]);
    changed(sandbox, path.to_owned(), |bytes| bytes)
}

/// A table of refs; the checksum of its end is made right.
pub fn reftable() -> Ground {
    const FOOTER: usize = 68;
    let sandbox = made(&["--ref-format=reftable"]);
    sandbox.git(&["pack-refs", "--all"]);
    let tables = fs::read_dir(sandbox.path(".git/reftable")).unwrap().map(|entry| entry.unwrap().file_name());
    let table = tables.map(|name| name.into_string().unwrap()).find(|name| name.ends_with(".ref")).unwrap();
    changed(sandbox, format!(".git/reftable/{table}"), |mut bytes| {
        if let Some(start) = bytes.len().checked_sub(FOOTER) {
            let end = bytes.len() - 4;
            let sum = libdeflater::crc32(&bytes[start..end]);
            bytes[end..].copy_from_slice(&sum.to_be_bytes());
        }
        bytes
    })
}
