use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::Placeholder::*;
use super::*;

#[test]
fn kinds() {
    let table = [
        ("changeme", Some(ChangeMe)),
        ("change-me", Some(ChangeMe)),
        ("CHANGE_ME_IN_PRODUCTION", Some(ChangeMe)),
        ("ChangeMe2024!", Some(ChangeMe)),
        ("changethis", Some(ChangeMe)),
        ("!ChangeThisMercureHubJWTSecretKey!", Some(ChangeMe)),
        ("please-change-this-secret", Some(ChangeMe)),
        ("replace_with_a_real_key", Some(ChangeMe)),
        ("REPLACE_ME", Some(ChangeMe)),
        ("changeEncryptionKey", Some(ChangeMe)),
        ("get_a_key_from_aws", Some(Blank)),
        ("must be changed", Some(ChangeMe)),
        ("insecure_and_should_be_updated", Some(ChangeMe)),
        ("your-password-here", Some(Blank)),
        ("your_api_key", Some(Blank)),
        ("yourpassword", Some(Blank)),
        ("YourStrongPassword1", Some(Blank)),
        ("put-your-key-here", Some(Blank)),
        ("enter_secret", Some(Blank)),
        ("secret_here", Some(Blank)),
        ("<INSERT_KEY>", Some(Blank)),
        ("<password>", Some(Blank)),
        ("[token]", Some(Blank)),
        ("{{ db_password }}", Some(Blank)),
        ("xxxx", Some(Blank)),
        ("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", Some(Blank)),
        ("****", Some(Blank)),
        ("...", Some(Blank)),
        ("sk-xxxxxxxx", Some(Blank)),
        ("ghp_...", Some(Blank)),
        ("d2dc414f9953226bad0a356c794XXXXX", Some(Blank)),
        ("PLxk6OlXXXXXVj3YYYY", Some(Blank)),
        ("re-XXXX-live", Some(Blank)),
        ("AIzaSyXXXXXXXXd8k2", Some(Blank)),
        ("AKIA****************", Some(Blank)),
        ("sk-lf-1234567890", Some(Example)),
        ("token_0123456789", Some(Example)),
        ("pk-abcdefgh", Some(Example)),
        ("sk-lf-1234509876", None),
        ("release-2345", None),
        ("Twitter API secret for normal oAuth not oAuth2", Some(Blank)),
        ("the password of the database", Some(Blank)),
        ("correct horse battery staple", None),
        ("{{ db_password | urlencode }}", Some(Blank)),
        ("{{ lookup('env', 'DB_PASSWORD') }}", Some(Blank)),
        ("{{ with secret \"db\" }}{{ .Data.password }}{{ end }}", Some(Blank)),
        ("<%= ENV.fetch(\"DB_PASSWORD\") %>", Some(Blank)),
        ("{{ p | default('q7Rz2kVx9LmT4wNbYc8H') }}", None),
        ("{{ p }}q7Rz2kVx9LmT4wNbYc8H", None),
        ("q7Rz{{x9LmT4wNbYc8H", None),
        ("placeholder", Some(Blank)),
        ("example", Some(Example)),
        ("my-example-key", Some(Example)),
        ("dummy_token", Some(Example)),
        ("TODO", Some(Example)),
        ("tbd", Some(Example)),
        ("null", Some(Nothing)),
        ("None", Some(Nothing)),
        ("undefined", Some(Nothing)),
        ("false", Some(Nothing)),
        ("n/a", Some(Nothing)),
        ("", None),
        ("${DB_PASSWORD}", None),
        ("$DB_PASSWORD", None),
        ("postgres", None),
        ("secret", None),
        ("password", None),
        ("admin", None),
        ("exchange", None),
        ("yourself", None),
        ("mypassword", None),
        ("[x9$k;2", None),
        ("Kx9xxx", None),
        ("t7XXXXq0b3Zr8Lw2", None),
        ("a1b2xxxxxxxx", Some(Blank)),
        ("abc...", Some(Blank)),
        ("abc***", Some(Blank)),
        ("sk-xxx", Some(Blank)),
        ("q7Rz2kVx9LmT4wNbYc8H-xxx", None),
        ("[a9$k;2b]", None),
        ("[ab1234567]", None),
        ("<ab;c>", None),
        ("${YOUR_PASSWORD}", None),
        (&format!("AKIA{}EXAMPLE", "J7Q2W9X4Z"), Some(Example)),
        (&format!("your-{}", "a".repeat(195)), Some(Blank)),
        (&format!("your-{}", "a".repeat(196)), None),
    ];
    for (value, expected) in table {
        assert_eq!(of(value.as_bytes()), expected, "{value}");
    }
    assert_eq!(of(("wJalrXUtnFEMI/K7MDENG/bPxRfiCY".to_owned() + "EXAMPLEKEY").as_bytes()), Some(Example));
}

#[test]
fn a_private_key_whose_digits_are_left_out() {
    let key = |digits: &str| format!("-----BEGIN PRIVATE KEY-----\\n{digits}\\n-----END PRIVATE KEY-----");
    assert_eq!(of(key("...").as_bytes()), Some(Blank));
    assert_eq!(of(key(&"aB3dE5gH".repeat(8)).as_bytes()), None);
}

#[test]
fn the_key_as_its_value() {
    assert_eq!(of_key("DB_PASSWORD", b"db_password"), Some(Blank));
    assert_eq!(of_key("JWT_SECRET", b"jwt-secret"), Some(Blank));
    assert_eq!(of_key("DB_PASSWORD", b"password"), None);
    assert_eq!(of_key("PASSWORD", b"password"), None);
    assert_eq!(of_key("DB_PASSWORD", b"changeme"), Some(ChangeMe));
}

fn random(letters: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(proptest::sample::select(letters), 16..90)
}

proptest! {
    // What holds of nearly every random value fails once in some hundred runs: the values are the same in each run.
    #![proptest_config(ProptestConfig { cases: 2000, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn random_values_are_real(
        value in random(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        word in proptest::sample::select(&["xxx", "todo", "Your", "change", "example", "none"][..]),
        at in 0_usize..16,
    ) {
        prop_assert_eq!(of(&value), None);
        let mut with = value;
        with.splice(at..at, word.bytes());
        with.push(b'q');
        prop_assert_eq!(of(&with), None);
    }

    #[test]
    fn random_hex_and_base64_are_real(
        hex in random(b"0123456789abcdef"),
        base64 in random(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/-_"),
    ) {
        prop_assert_eq!(of(&hex), None);
        prop_assert_eq!(of(&base64), None);
    }

    #[test]
    fn any_bytes_are_taken(value in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = of_key("DB_PASSWORD", &value);
    }
}
