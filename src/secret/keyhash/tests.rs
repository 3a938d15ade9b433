#![allow(clippy::string_slice, clippy::disallowed_methods, reason = "the tests cut what they made themselves")]

use proptest::prelude::*;
use rand::rngs::SysRng;

use super::*;

/// Cheap: what is shown does not depend on the cost.
fn cheap() -> Cost {
    Cost::new(8, 1, 1).unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// RFC 9106 5.3, the vector of argon2id. It has a secret and associated data, which PHC strings have not.
#[test]
fn the_vector_of_rfc_9106() {
    let mut params = argon2::ParamsBuilder::new();
    params.m_cost(32).t_cost(3).p_cost(4).data(argon2::AssociatedData::new(&[4; 12]).unwrap());
    let secret = [3; 8];
    let argon2 =
        Argon2::new_with_secret(&secret, Algorithm::Argon2id, Version::V0x13, params.build().unwrap()).unwrap();
    let mut output = [0; 32];
    argon2.hash_password_into(&[1; 32], &[2; 16], &mut output).unwrap();
    assert_eq!(output.to_vec(), hex("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"));
}

/// The vectors of the reference implementation (phc-winner-argon2 20190702, src/test.c, `Argon2_id`, version 0x13).
#[test]
fn the_vectors_of_the_reference_implementation() {
    let cases = [
        (2, 65536, 1, "password", "somesalt", "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"),
        (2, 262_144, 1, "password", "somesalt", "78fe1ec91fb3aa5657d72e710854e4c3d9b9198c742f9616c2f085bed95b2e8c"),
        (2, 256, 1, "password", "somesalt", "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"),
        (2, 256, 2, "password", "somesalt", "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037"),
        (1, 65536, 1, "password", "somesalt", "f6a5adc1ba723dddef9b5ac1d464e180fcd9dffc9d1cbf76cca2fed795d9ca98"),
        (4, 65536, 1, "password", "somesalt", "9025d48e68ef7395cca9079da4c4ec3affb3c8911fe4f86d1a2520856f63172c"),
        (
            2,
            65536,
            1,
            "differentpassword",
            "somesalt",
            "0b84d652cf6b0c4beaef0dfe278ba6a80df6696281d7e0d2891b817d8c458fde",
        ),
        (2, 65536, 1, "password", "diffsalt", "bdf32b05ccc42eb15d58fd19b1f856b113da1e9a5874fdcc544308565aa8141c"),
    ];
    for (passes, memory, lanes, key, salt, output) in cases {
        let cost = Cost::new(memory, passes, lanes).unwrap();
        let stored = Phc { cost, salt: salt.as_bytes().to_vec(), output: hex(output) }.to_string();
        assert_eq!(verify(key.as_bytes(), &stored), Ok(true), "{stored}");
        assert_eq!(verify(b"another", &stored), Ok(false), "{stored}");
    }
    // And how the reference writes one.
    let written = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    assert_eq!(Phc::parse(written).unwrap().to_string(), written);
    assert_eq!(verify(b"password", written), Ok(true));
}

#[test]
fn what_is_hashed_is_verified() {
    let stored = hash(b"a key", cheap(), &mut SysRng).unwrap();
    assert!(stored.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
    assert_eq!(verify(b"a key", &stored), Ok(true));
    assert_eq!(verify(b"a kez", &stored), Ok(false));
    assert_ne!(hash(b"a key", cheap(), &mut SysRng).unwrap(), stored, "the salt is new each time");
    assert_eq!(verify(b"", &stored), Err(Fault::EmptyKey));
    assert_eq!(hash(b"", cheap(), &mut SysRng), Err(Fault::EmptyKey));
    let changed = stored.replace("t=1", "t=2");
    assert_eq!(verify(b"a key", &changed), Ok(false));
}

#[test]
fn what_cannot_be_verified_is_named() {
    use Foreign::{Argon2d, Argon2i, Bcrypt, Other};
    let (salt, output) = ("c29tZXNhbHQ", "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");
    let with = |cost: &str| format!("$argon2id$v=19${cost}${salt}${output}");
    let cases = [
        ("", Fault::NotAHash),
        ("hunter2", Fault::NotAHash),
        // What Docker Compose leaves of one.
        ("=19=65536,t=2,p=1", Fault::NotAHash),
        ("$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$AA", Fault::Foreign(Argon2i)),
        ("$argon2d$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$AA", Fault::Foreign(Argon2d)),
        ("$2b$12$abcdefghijklmnopqrstuv", Fault::Foreign(Bcrypt)),
        ("$6$rounds=5000$salt$hash", Fault::Foreign(Other)),
        ("{SSHA}abc", Fault::Foreign(Other)),
        (&with("m=65536,t=2,p=1").replace("v=19", "v=16"), Fault::Foreign(Foreign::Version)),
        (&with("m=65536,t=2,p=1").replace("v=19$", ""), Fault::Foreign(Foreign::Version)),
        (&with("m=65536,t=2,p=1").replace("v=19", "v19"), Fault::Damaged),
        (&with("m=65536,t=2,p=1").replace("v=19", "v=x"), Fault::Damaged),
        (&with("t=2,m=65536,p=1"), Fault::Damaged),
        (&with("m=65536,t=2"), Fault::Damaged),
        (&with("m=65536,t=2,p=1,keyid=AA"), Fault::Damaged),
        (&with("m=065536,t=2,p=1"), Fault::Damaged),
        (&with("m=+65536,t=2,p=1"), Fault::Damaged),
        (&with("m=-1,t=2,p=1"), Fault::Damaged),
        (&with("m=65536,t=0,p=1"), Fault::Damaged),
        (&with("m=65536,t=2,p=0"), Fault::Damaged),
        (&with("m=7,t=2,p=1"), Fault::Damaged),
        (&with("m=8,t=2,p=2"), Fault::Damaged),
        (&with("m=4194304,t=1,p=1"), Fault::TooCostly),
        (&with("m=262145,t=1,p=1"), Fault::TooCostly),
        (&with("m=65536,t=17,p=1"), Fault::TooCostly),
        (&with("m=65536,t=1,p=17"), Fault::TooCostly),
        (&with("m=99999999999999999999,t=1,p=1"), Fault::TooCostly),
        (&with("m=4294967295,t=4294967295,p=16777215"), Fault::TooCostly),
        (&(with("m=65536,t=2,p=1") + "$more"), Fault::Damaged),
        (&(with("m=65536,t=2,p=1") + "="), Fault::Damaged),
        (&(with("m=65536,t=2,p=1") + "\n"), Fault::Damaged),
        (&with("m=65536,t=2,p=1").replace(salt, "c2hvcnQ"), Fault::CutOff),
        (&with("m=65536,t=2,p=1").replace(salt, &"A".repeat(88)), Fault::Damaged),
        (&format!("{:a<512}", with("m=65536,t=2,p=1")), Fault::CutOff),
        (&format!("{:a<513}", with("m=65536,t=2,p=1")), Fault::TooLong),
    ];
    for (text, fault) in cases {
        assert_eq!(verify(b"a key", text), Err(fault), "{text}");
        assert_eq!(needs_rehash(text, cheap()), Err(fault), "{text}");
    }
}

#[test]
fn a_string_that_lost_its_end_is_not_verified() {
    let whole = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    let mut unnoticed = Vec::new();
    for end in 2..whole.len() {
        match verify(b"password", &whole[..end]) {
            Err(Fault::CutOff | Fault::Damaged) => {}
            other => unnoticed.push((whole.len() - end, other)),
        }
    }
    // Only where it happens to end on four bytes without bits left over: 24 of them.
    assert_eq!(unnoticed, [(11, Ok(false))]);
}

#[test]
fn the_floor_and_the_names() {
    for choice in CHOICES {
        assert!(!choice.cost.is_weak(), "{}", choice.name);
        assert_eq!(Cost::parse(choice.name), Ok(choice.cost));
        assert_eq!(Cost::parse(&choice.cost.to_string()), Ok(choice.cost));
        assert!(choice.cost.covers(Cost::DEFAULT), "{}", choice.name);
    }
    assert_eq!(Cost::DEFAULT, Cost::parse("owasp-19m").unwrap());
    for (text, weak) in [
        ("m=19456,t=1,p=1", true),
        ("m=19455,t=2,p=1", true),
        ("m=7168,t=4,p=1", true),
        ("m=7167,t=16,p=1", true),
        ("m=47103,t=1,p=4", true),
        ("m=262144,t=1,p=1", false),
        ("m=7168,t=16,p=1", false),
        ("m=19456,t=2,p=16", false),
    ] {
        let cost = Cost::parse(text).unwrap();
        assert_eq!(cost.is_weak(), weak, "{text}");
        assert_eq!(cost.covers(Cost::DEFAULT), !weak, "{text}");
    }
    let second = Cost::parse("rfc9106-64m").unwrap();
    assert!(!Cost::DEFAULT.covers(second) && second.covers(second));
    for text in ["", "owasp", "19456", "m=19456", "m=19456,t=2", "m=19456, t=2, p=1", "m=a,t=2,p=1"] {
        assert_eq!(Cost::parse(text), Err(Fault::Cost), "{text}");
    }
    assert_eq!(Cost::parse("m=4194304,t=1,p=1"), Err(Fault::TooCostly));
}

#[test]
fn a_rehash_is_due_for_short_salts_and_outputs_too() {
    let parts = |salt, output| Phc { cost: Cost::DEFAULT, salt: vec![1; salt], output: vec![2; output] }.to_string();
    assert_eq!(needs_rehash(&parts(16, 32), Cost::DEFAULT), Ok(false));
    assert_eq!(needs_rehash(&parts(8, 32), Cost::DEFAULT), Ok(true));
    assert_eq!(needs_rehash(&parts(16, 16), Cost::DEFAULT), Ok(true));
    let longest = Phc { cost: Cost::MOST, salt: vec![1; 64], output: vec![2; 64] }.to_string();
    assert_eq!(Phc::parse(&longest).unwrap().to_string(), longest);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "(\\$argon2id\\$v=19\\$)?[$=,a-z0-9+/]{0,80}|\\PC{0,40}") {
        if let Ok(phc) = Phc::parse(&text) {
            prop_assert_eq!(phc.to_string(), text);
        }
    }
}
