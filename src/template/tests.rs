use std::collections::BTreeMap;

use rand::SeedableRng;
use rand::rngs::StdRng;

use super::*;
use crate::config::Config;
use crate::env::Document;
use crate::secret::Secret;

fn document(text: &str) -> Document {
    Document::parse(Secret::copy_of(text.as_bytes()))
}

#[expect(clippy::disallowed_methods, reason = "a test looks at what was written")]
fn text(document: &Document) -> String {
    std::str::from_utf8(document.text().expose()).unwrap().to_owned()
}

/// A file as it stands, with its example; without it, the example is what it is made of.
struct File {
    example: Document,
    existing: Option<Document>,
}

fn new(example: &str) -> File {
    File { example: document(example), existing: None }
}

fn over(existing: &str, example: &str) -> File {
    File { example: document(example), existing: Some(document(existing)) }
}

fn sources(files: &[File]) -> Vec<Source<'_>> {
    let source = |file: &File| {
        let base = document(&text(file.existing.as_ref().unwrap_or(&file.example)));
        let fresh_from = file.existing.as_ref().map_or(0, |existing| existing.assignments().len());
        (base, fresh_from)
    };
    files
        .iter()
        .map(|file| {
            let (base, fresh_from) = source(file);
            Source { base, fresh_from, example: &file.example }
        })
        .collect()
}

fn filled_beside(files: &[File], others: &[&Document], answers: &Answers) -> Vec<Filled> {
    let sources = sources(files);
    let config = Config::default();
    let plan = Plan::new(&sources, others, &config).unwrap();
    fill(plan, sources, answers, &config, &mut StdRng::seed_from_u64(1)).unwrap_or_else(|_| panic!("not filled"))
}

fn filled(files: &[File]) -> Vec<Filled> {
    filled_beside(files, &[], &Answers::new())
}

fn broken(file: File) -> (bool, Option<u32>, Fault) {
    let files = [file];
    let broken = Plan::new(&sources(&files), &[], &Config::default()).unwrap_err();
    (broken.in_example, broken.line.map(std::num::NonZeroU32::get), broken.fault)
}

/// The written values by key.
fn values(filled: &Filled) -> BTreeMap<String, String> {
    let document = &filled.document;
    let pair = |one: &crate::env::Assignment| {
        let written = std::str::from_utf8(document.written(one)).unwrap().to_owned();
        (one.key.as_ref().unwrap().to_string(), written)
    };
    document.assignments().iter().map(pair).collect()
}

fn done(filled: &Filled) -> Vec<(String, Action, Done)> {
    filled.done.iter().map(|(step, done)| (step.name.clone(), step.action.clone(), *done)).collect()
}

fn is_hex(value: &str, digits: usize) -> bool {
    value.len() == digits && value.bytes().all(|byte| b"0123456789abcdef".contains(&byte))
}

fn is_base62(value: &str, length: usize) -> bool {
    value.len() == length && value.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[test]
fn only_what_is_open_is_filled_and_every_other_byte_stays() {
    let example =
        "# head\r\n\r\nexport DB_PASSWORD=\"changeme\" # the database\r\nHOST=localhost\r\n\tJWT_SECRET = ''\r\nEND=1";
    let [file] = filled(&[new(example)]).try_into().unwrap();
    let values = values(&file);
    assert!(is_base62(&values["DB_PASSWORD"], 64) && is_hex(&values["JWT_SECRET"], 128));
    let restored = text(&file.document).replace(&values["DB_PASSWORD"], "changeme").replace(&values["JWT_SECRET"], "");
    assert_eq!(restored, example);
}

#[test]
fn annotations_say_what_is_made() {
    let example = "# envward: hex 16\nA=\n# envward: password 30\nB=x\n# envward: urlsafe 43\nC=changeme\n\
                   # envward: same A\nD=\n# envward: keep\nDB_PASSWORD=postgres\n# envward: ask\nE=\n\
                   # envward: key\nF_HASH=\n# envward: hex\nG=\n";
    let [file] = filled(&[new(example)]).try_into().unwrap();
    let values = values(&file);
    assert!(is_hex(&values["A"], 32) && is_base62(&values["B"], 30) && is_hex(&values["G"], 128));
    assert_eq!((values["C"].len(), &values["D"], values["DB_PASSWORD"].as_str()), (43, &values["A"], "postgres"));
    let left: Vec<_> = done(&file).into_iter().filter(|(_, _, done)| *done == Done::Left).collect();
    let expected = [("E", Why::Asked), ("F_HASH", Why::Hash)];
    assert_eq!(left, expected.map(|(key, why)| (key.to_owned(), Action::Person(why), Done::Left)));
}

#[test]
fn a_weak_value_of_an_example_is_replaced_in_a_new_file_and_kept_in_an_old_one() {
    let example = "DB_PASSWORD=postgres\nGRAFANA_PASSWORD=admin\nSTRIPE_SECRET_KEY=test\nPORT=80\n";
    let [fresh] = filled(&[new(example)]).try_into().unwrap();
    let fresh = values(&fresh);
    assert!(is_base62(&fresh["DB_PASSWORD"], 64) && is_base62(&fresh["GRAFANA_PASSWORD"], 32));
    assert_eq!((fresh["STRIPE_SECRET_KEY"].as_str(), fresh["PORT"].as_str()), ("test", "80"));
    // A key that both ends of the project have is in an example; a provider's never is.
    let [known] = filled(&[new("QDRANT_API_KEY=somebody123\nOPENAI_API_KEY=\n")]).try_into().unwrap();
    assert!(is_hex(&values(&known)["QDRANT_API_KEY"], 64) && values(&known)["OPENAI_API_KEY"].is_empty());
    let [old] = filled(&[over(example, example)]).try_into().unwrap();
    assert_eq!(text(&old.document), example);
    assert!(done(&old).iter().all(|(_, _, done)| *done == Done::Left));
}

#[test]
fn a_second_run_changes_nothing() {
    for shipped in &SHIPPED {
        let [first] = filled(&[new(shipped.text)]).try_into().unwrap();
        let made = text(&first.document);
        let [second] = filled(&[over(&made, shipped.text)]).try_into().unwrap();
        assert_eq!(text(&second.document), made, "{}", shipped.name);
        assert!(done(&second).iter().all(|(_, _, done)| *done == Done::Left), "{}", shipped.name);
    }
}

#[test]
fn one_name_has_one_value_in_all_files() {
    let files = [new("JWT_SECRET=\n"), new("JWT_SECRET=changeme\n"), over("JWT_SECRET=\n", "JWT_SECRET=\n")];
    let all: Vec<_> = filled(&files).iter().map(values).collect();
    assert!(is_hex(&all[0]["JWT_SECRET"], 128));
    assert!(all.iter().all(|values| values == &all[0]));
}

#[test]
fn a_value_that_is_there_is_taken_over_unless_there_are_two() {
    let (one, other) = (document("JWT_SECRET=Tr0ub4dor-and-three\n"), document("JWT_SECRET=another-one-77\n"));
    let files = [new("JWT_SECRET=\n")];
    let [taken] = filled_beside(&files, &[&one], &Answers::new()).try_into().unwrap();
    assert_eq!(text(&taken.document), text(&one));
    assert_eq!(taken.done[0].1, Done::Taken);
    let [made] = filled_beside(&files, &[&one, &other], &Answers::new()).try_into().unwrap();
    assert!(is_hex(&values(&made)["JWT_SECRET"], 128));
}

#[test]
fn the_password_in_a_url_is_that_of_its_key() {
    let example = "DATABASE_URL=\"postgres://${DB_USER}:changeme@db/app?x=1\"\nDB_USER=app\nDB_PASSWORD=\n\
                   DIRECT_URL=postgres://app:changeme@db/app\nREDIS_URL=redis://:changeme@redis\n";
    let [file] = filled(&[new(example)]).try_into().unwrap();
    let values = values(&file);
    let password = &values["DB_PASSWORD"];
    assert_eq!(values["DATABASE_URL"], format!("postgres://${{DB_USER}}:{password}@db/app?x=1"));
    assert_eq!(values["DIRECT_URL"], format!("postgres://app:{password}@db/app"));
    let redis = values["REDIS_URL"].strip_prefix("redis://:").unwrap().strip_suffix("@redis").unwrap();
    assert!(is_base62(redis, 64) && redis != password);
}

#[test]
fn the_key_of_a_urls_password_may_stand_in_another_file() {
    let files = [new("POSTGRES_PASSWORD=changeme\n"), new("DB_URL=postgresql://app:secret@db/app\n")];
    let all: Vec<_> = filled(&files).iter().map(values).collect();
    assert_eq!(all[1]["DB_URL"], format!("postgresql://app:{}@db/app", all[0]["POSTGRES_PASSWORD"]));
}

#[test]
fn urls_without_a_key_share_a_password_by_their_user() {
    let example = "A_URL=postgres://app:x@db/a\nB_URL=postgres://app:x@db/b\nC_URL=postgres://other:x@db/b\n";
    let [file] = filled(&[new(example)]).try_into().unwrap();
    let values = values(&file);
    let password = |key: &str| values[key].split([':', '@']).nth(2).unwrap().to_owned();
    assert!(is_base62(&password("A_URL"), 64));
    assert_eq!(password("A_URL"), password("B_URL"));
    assert_ne!(password("A_URL"), password("C_URL"));
}

#[test]
fn references_are_kept_or_written_out() {
    let example =
        "DB_PASSWORD=\nA=postgres://app:${DB_PASSWORD}@db\n# envward: expand\nB=postgres://app:${DB_PASSWORD}@db\n";
    let [file] = filled(&[new(example)]).try_into().unwrap();
    let values = values(&file);
    assert_eq!(values["A"], "postgres://app:${DB_PASSWORD}@db");
    assert_eq!(values["B"], format!("postgres://app:{}@db", values["DB_PASSWORD"]));
    // What it refers to has no value yet.
    let waits = "SMTP_PASSWORD=\n# envward: expand\nMAIL=smtp://me:${SMTP_PASSWORD}@mail\n";
    let [file] = filled(&[new(waits)]).try_into().unwrap();
    assert_eq!(text(&file.document), waits);
    assert_eq!(file.done[1].0.action, Action::Person(Why::Waits));
}

#[test]
fn what_was_typed_is_put_in_every_file() {
    let files = [new("SMTP_PASSWORD=\n"), new("SMTP_PASSWORD=''\n# envward: same SMTP_PASSWORD\nMAIL_PASS=\n")];
    let answers = Answers::from([("SMTP_PASSWORD".to_owned(), Secret::copy_of(b"it's \"$x\" #1"))]);
    let all = filled_beside(&files, &[], &answers);
    for (file, index) in [(0, 0), (1, 0), (1, 1)] {
        let value = &all[file].document.assignments()[index].value;
        assert!(value.ct_eq(&Secret::copy_of(b"it's \"$x\" #1")), "{file} {index}");
    }
}

#[test]
fn settings_are_left_and_listed() {
    let example = "HOST=\nORIGIN=https://your-domain.com\nDEBUG=false\nPORT=3000\nTOKEN_FILE=/run/secrets/x\n";
    let [file] = filled(&[new(example)]).try_into().unwrap();
    assert_eq!(text(&file.document), example);
    let names: Vec<_> = done(&file).into_iter().map(|(name, action, _)| (name, action)).collect();
    let expected = [("HOST", Why::Empty), ("ORIGIN", Why::Setting)];
    assert_eq!(names, expected.map(|(name, why)| (name.to_owned(), Action::Person(why))));
}

#[test]
fn what_may_be_meant_to_stay_empty_does() {
    let cases = [
        ("REDIS_PASSWORD=\nREDIS_URL=redis://localhost:6379\n", Why::Empty),
        ("CELERY_SENTINEL_PASSWORD=\n", Why::Empty),
        ("S3_ACCESS_KEY=\nS3_SECRET_KEY=\n", Why::Issued),
        ("TURNSTILE_SITE_KEY=\nTURNSTILE_SECRET_KEY=\n", Why::Issued),
    ];
    for (example, why) in cases {
        let [file] = filled(&[new(example)]).try_into().unwrap();
        assert_eq!(text(&file.document), example);
        assert!(done(&file).iter().any(|(_, action, _)| *action == Action::Person(why)), "{example}");
    }
    let [made] = filled(&[new("REDIS_PASSWORD=\nREDIS_URL=redis://:x@redis:6379\n")]).try_into().unwrap();
    assert!(is_base62(&values(&made)["REDIS_PASSWORD"], 64));
}

#[test]
fn a_demonstration_among_many_is_replaced() {
    let demo = random();
    let example = format!("A_SECRET={demo}\nB_SECRET=\nC_SECRET=\nSTRIPE_SECRET_KEY={demo}\nD_SECRET=x\n");
    let [file] = filled(&[new(&example)]).try_into().unwrap();
    let values = values(&file);
    assert!(is_hex(&values["A_SECRET"], 64) && values["A_SECRET"] != demo);
    // What is not made here stays, and is said.
    assert_eq!(values["STRIPE_SECRET_KEY"], demo);
    assert!(done(&file).iter().any(|(_, action, _)| *action == Action::Person(Why::Published)));
}

#[test]
fn nothing_is_planned_over_what_is_broken() {
    let real = format!("# x\nAPI_SECRET={}\n", crate::template::tests::random());
    let cases = [
        (new("A=1\nB C\n"), true, Some(2), Fault::Refused),
        (new("A=1\nA=2\n"), true, Some(2), Fault::Twice(crate::env::Key::printable(b"A"))),
        (over("A=1\nA=2\n", "A=\n"), false, Some(2), Fault::Twice(crate::env::Key::printable(b"A"))),
        (over("A='1\n", "A=\n"), false, Some(1), Fault::Refused),
        (new("# envward: hex 64\n\nA=\n"), true, Some(1), Fault::Stray),
        (new("# envward: hex x\nA=\n"), true, Some(1), Fault::Annotation),
        (new("# envward: hex 0\nA=\n"), true, Some(1), Fault::Annotation),
        (new("# envward: hex 1 2\nA=\n"), true, Some(1), Fault::Annotation),
        (new("# envward: keep it\nA=\n"), true, Some(1), Fault::Annotation),
        (new("# envward: hex\n# envward: keep\nA=\n"), true, Some(2), Fault::Annotation),
        (new("# envward: hex 15\nA=\n"), true, Some(1), Fault::WeakOrder),
        (new("# envward: make\nA=\n"), true, Some(1), Fault::Annotation),
        (new("# envward: same B\nA=\n"), true, Some(2), Fault::NoSuchKey),
        (new("# envward: same A\nA=\n"), true, Some(2), Fault::NoSuchKey),
        (new(&real), true, Some(2), Fault::RealSecret(crate::env::Key::printable(b"API_SECRET"))),
        (over("A=1\n", &real), true, Some(2), Fault::RealSecret(crate::env::Key::printable(b"API_SECRET"))),
        (new("A=encrypted:BE9Y7LKANx77X1\n"), true, None, Fault::Encrypted),
    ];
    for (file, in_example, line, fault) in cases {
        let shown = text(file.existing.as_ref().unwrap_or(&file.example));
        assert_eq!(broken(file), (in_example, line, fault), "{shown}");
    }
}

/// 64 hexadecimal digits of no meaning.
fn random() -> String {
    let value = crate::secret::generate::Recipe::hex(32).unwrap().make(&mut StdRng::seed_from_u64(9)).unwrap();
    text(&Document::parse(value))
}
