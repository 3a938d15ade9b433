//! Stored passwords of known values, as their documentation or another implementation gives them.

use super::*;

fn secret(text: &str) -> Secret {
    Secret::copy_of(text.as_bytes())
}

fn text_of(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).unwrap().to_owned()
}

type Read = fn(&[u8], &Users<'_>, &Values<'_>) -> Result<Vec<Observation>, Fault>;

fn uses(read: Read, text: &str, user: &str, new: &str, old: Option<&str>) -> Result<Uses, Fault> {
    let (new, old) = (secret(new), old.map(secret));
    let names = [user.to_owned()];
    let users = Users { names: &names, spared: None };
    read(text.as_bytes(), &users, &Values { new: &new, old: old.as_ref() }).map(|found| found[0].uses)
}

/// The places that still accept the old value.
fn old_places(read: Read, text: &str, (names, spared): (&[&str], Option<&str>)) -> Result<Vec<String>, Fault> {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let (new, old) = (secret("pencil"), secret("another"));
    let found = read(text.as_bytes(), &Users { names: &names, spared }, &Values { new: &new, old: Some(&old) })?;
    Ok(found.into_iter().filter(|one| one.uses.is_old()).map(|one| one.place).collect())
}

/// A user that nobody named has the password, too: as long as it accepts the old value, nothing is proven.
#[test]
fn another_user_with_the_old_value() {
    let native = |password: &str| {
        use sha1::Digest as _;
        format!("*{}", text_of(&crypt::hex(&sha1::Sha1::digest(sha1::Sha1::digest(password)))))
    };
    let md5 = |password: &str, role: &str| {
        use md5::Digest as _;
        format!("md5{}", text_of(&crypt::hex(&md5::Md5::digest(format!("{password}{role}")))))
    };
    let rows = |name: &str| {
        let postgres = format!("app|{}\n{name}|{}\nlocked|\n", md5("pencil", "app"), md5("another", name));
        let (new, old) = (native("pencil"), native("another"));
        let mysql = format!("app\t%\tmysql_native_password\t{new}\n{name}\t%\tmysql_native_password\t{old}\n");
        let (new, old) = (crypt_sha256("pencil"), crypt_sha256("another"));
        let redis = format!("user app on #{new} ~* +@all\nuser {name} on #{old} ~* +@all\nuser open on nopass\n");
        [(postgres::read as Read, postgres, "role"), (mysql::read, mysql, "user"), (redis::read, redis, "user")]
    };
    for (read, text, word) in rows("report") {
        let place = if text.contains('%') { "user 'report'@'%'".to_owned() } else { format!("{word} report") };
        for names in [&["app"][..], &["app", "report"]] {
            assert_eq!(old_places(read, &text, (names, None)), Ok(vec![place.clone()]), "{text}");
        }
        // It keeps the old value on purpose, until the end.
        assert_eq!(old_places(read, &text, (&["app"], Some("report"))), Ok(Vec::new()), "{text}");
        assert_eq!(old_places(read, &text, (&["app", "nobody"], None)), Err(Fault::NoSuchUser), "{text}");
    }
    let salt = "QUFBQUFBQUFBQUFBQUFBQQ==";
    let key = "A".repeat(43) + "=";
    let dear = format!("x|SCRAM-SHA-256$409600:{salt}${key}:{key}\n").repeat(13);
    let text = format!("app|{}\n{dear}", md5("pencil", "app"));
    assert_eq!(old_places(postgres::read, &text, (&["app"], None)), Err(Fault::TooMany));
}

/// Both ways round: as the new value, and as the old one.
fn assert_takes(read: Read, text: &str, user: &str, password: &str) {
    assert_eq!(uses(read, text, user, password, Some("another")), Ok(Uses::New), "{text}");
    assert_eq!(uses(read, text, user, "another", Some(password)), Ok(Uses::Old), "{text}");
    assert_eq!(uses(read, text, user, "another", Some("a third one")), Ok(Uses::Other), "{text}");
}

#[test]
fn postgres() {
    // RFC 7677 section 3: user and pencil; the two keys follow from the salted password.
    let scram = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";
    for text in [
        format!("user|{scram}\n"),
        format!(" rolname | rolpassword \n---------+----\n postgres | \n user    | {scram}\n(2 rows)\n"),
        format!("rolname,rolpassword\nother,x\nuser,{scram}\n"),
        format!("\"user\",\"{scram}\"\r\n"),
        format!("user\t{scram}\n"),
    ] {
        assert_takes(postgres::read, &text, "user", "pencil");
        assert_eq!(uses(postgres::read, &text, "nobody", "pencil", None), Err(Fault::NoSuchUser), "{text}");
    }
    // PostgreSQL's documentation of pg_authid: md5('penciluser').
    assert_takes(postgres::read, "user|md520c46e3762c864548e296b33c3406aa9\n", "user", "pencil");
    // RFC 4013 section 3: SASLprep maps a soft hyphen to nothing.
    let prepared =
        scram.replace("WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=", "jm4XkHvFe7q0xZ4vmAKJUiTKPr1F+7MXnYyksTUVeBE=");
    assert_takes(postgres::read, &format!("user|{prepared}\n"), "user", "I\u{ad}X");
    let costly = scram.replace("4096", "2000000000");
    for (text, fault) in [
        ("user|\n".to_owned(), Fault::NoPassword),
        (format!("user|{costly}\n"), Fault::UnknownForm),
        ("user|{SSHA}x\n".to_owned(), Fault::UnknownForm),
        ("user|md5abc\n".to_owned(), Fault::UnknownForm),
        (format!("user|md5{}\n", "g".repeat(32)), Fault::UnknownForm),
        ("[]".to_owned(), Fault::WrongKind),
        (String::new(), Fault::WrongKind),
    ] {
        assert_eq!(uses(postgres::read, &text, "user", "pencil", None), Err(fault), "{text}");
    }
}

#[test]
fn redis() {
    // SHA-256 of "pencil".
    let digest = "13809668fb436386706f67dcb052ed584a04ba16a8c02a17d66d34c30fceda21";
    let other = digest.replace('1', "2");
    let list = format!("user app on sanitize-payload #{digest} ~* &* +@all\nuser default on nopass ~* &* +@all\n");
    let user = format!("flags\non\npasswords\n{digest}\ncommands\n+@all\n");
    let shown = format!("1) \"user app on #{digest} ~* +@all\"\n2) \"user default off\"\n");
    let nested = format!(" 3) \"passwords\"\n 4) 1) \"{digest}\"\n").replace("4) 1) ", "1) ");
    for text in [&list, &user, &shown, &nested] {
        assert_takes(redis::read, text, "app", "pencil");
    }
    let both = list.replace("~*", &format!("#{other} ~*"));
    assert_eq!(uses(redis::read, &both, "app", "pencil", Some("another")), Ok(Uses::New), "a third password");
    assert_eq!(uses(redis::read, &both, "app", "pencil", None), Ok(Uses::Other), "it may be the old one");
    assert_eq!(uses(redis::read, &list, "app", "pencil", None), Ok(Uses::New), "the only password");
    assert_eq!(uses(redis::read, &list, "default", "pencil", None), Ok(Uses::Both), "nopass");
    assert_eq!(uses(redis::read, &list, "nobody", "pencil", None), Err(Fault::NoSuchUser));
    assert_eq!(uses(redis::read, &shown, "default", "pencil", None), Err(Fault::NoPassword));
    assert_eq!(uses(redis::read, "NOAUTH Authentication required.\n", "app", "pencil", None), Err(Fault::WrongKind));
    assert_eq!(uses(redis::read, "", "app", "pencil", None), Err(Fault::WrongKind));
    let two = list.replace(&format!("#{digest}"), &format!("#{digest} #{}", crypt_sha256("another")));
    assert_eq!(uses(redis::read, &two, "app", "pencil", Some("another")), Ok(Uses::Both));
}

fn crypt_sha256(text: &str) -> String {
    use sha2::Digest as _;
    text_of(&crypt::hex(&sha2::Sha256::digest(text)))
}

#[test]
fn mysql() {
    // MySQL's function PASSWORD('pencil').
    let native = "*7614BE58636C810A9D8970A50B3B2A78450413E4";
    for text in [
        format!("user\thost\tplugin\tauthentication_string\napp\t%\tmysql_native_password\t{native}\n"),
        format!("+---+\n| app  | % | mysql_native_password | {native} |\n+---+\n"),
        format!("app,%,mysql_native_password,{native}\n"),
    ] {
        assert_takes(mysql::read, &text, "app", "pencil");
        assert_eq!(uses(mysql::read, &text, "nobody", "pencil", None), Err(Fault::NoSuchUser), "{text}");
    }
    // MariaDB's documentation, "Authentication Plugin - ed25519": the password is `secret`.
    let ed25519 = "app\t%\ted25519\tZIgUREUg5PVgQ6LskhXmO+eZLS0nC8be6HPjYWR4YJY\n";
    assert_takes(mysql::read, ed25519, "app", "secret");
    // Hashcat's example of its mode 7401, of the password `hashcat`.
    let salt = "F9CC98CE08892924F50A213B6BC571A2C11778C5";
    let digest = "625479393559393965414D45316477456B484F41316E64484742577A2E3162785353526B7554584647562F";
    let caching = format!("app\tlocalhost\tcaching_sha2_password\t24412430303524{salt}{digest}\n");
    assert_takes(mysql::read, &caching, "app", "hashcat");
    for (text, fault) in [
        ("app\t%\tcaching_sha2_password\t$A$005$short\n", Fault::UnknownForm),
        ("app\t%\tauth_socket\tx\n", Fault::UnknownForm),
        ("app\t%\tmysql_native_password\t*ABC\n", Fault::UnknownForm),
        ("app\t%\tmysql_native_password\t\n", Fault::NoPassword),
        ("ERROR 1142 (42000): SELECT command denied\n", Fault::WrongKind),
    ] {
        assert_eq!(uses(mysql::read, text, "app", "pencil", None), Err(fault), "{text}");
    }
    for (thousands, digest) in [("005", "x".repeat(42)), ("000", "x".repeat(43))] {
        let text = format!("app\t%\tcaching_sha2_password\t$A${thousands}${}{digest}\n", "s".repeat(20));
        assert_eq!(uses(mysql::read, &text, "app", "pencil", None), Err(Fault::UnknownForm), "{text}");
    }
    // One host after another: all of them count.
    let two = format!("app\t%\tmysql_native_password\t{native}\napp\t10.0.0.%\ted25519\t{}", "A".repeat(43));
    let new = secret("pencil");
    let users = Users { names: &["app".to_owned()], spared: None };
    let found = mysql::read(two.as_bytes(), &users, &Values { new: &new, old: None }).unwrap();
    assert_eq!(found.iter().map(|one| one.uses).collect::<Vec<_>>(), [Uses::New, Uses::Other]);
    assert_eq!(found[1].place, "user 'app'@'10.0.0.%'");
    assert_eq!(Verdict::of(&found), Verdict::Unclear);
}

/// What `mysql` writes into a pipe where a salt contains a line break, a tab and a backslash.
#[test]
fn a_salt_with_escapes() {
    let salt = b"0123\t567\n9abc\\efghij";
    let digest = text_of(&crypt::sha256_crypt(b"pencil", salt, 5000));
    let escaped = text_of(salt).replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n");
    let text = format!("app\t%\tcaching_sha2_password\t$A$005${escaped}{digest}\n");
    assert_takes(mysql::read, &text, "app", "pencil");
}

/// As OpenSSL computes it: `openssl passwd -5 -salt SALT`.
#[test]
fn sha256_crypt_of_another_program() {
    let hash = |password: &[u8], salt: &[u8], rounds| text_of(&crypt::sha256_crypt(password, salt, rounds));
    assert_eq!(hash(b"Hello world!", b"saltstring", 5000), "5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5");
    assert_eq!(
        hash(
            b"a very much longer text to encrypt.  This one even stretches over morethan one line.",
            b"anotherlongsalts",
            1400
        ),
        "Rx.j8H.h8HjEDGomFU8bDkXm3XIUnzyxf12oP84Bnq1"
    );
}

#[test]
fn key_hashes() {
    use rand::rngs::SysRng;
    let cheap = keyhash_cost();
    let hash = |key: &str| crate::keyhash::hash(key.as_bytes(), cheap, &mut SysRng).unwrap();
    let text = format!("INSERT INTO api_key VALUES ('a', '{}');\n({}, 1)\n", hash("first"), hash("second"));
    let read = |new: &str, old: &str| {
        let (new, old) = (secret(new), secret(old));
        key_hashes::read(text.as_bytes(), &Values { new: &new, old: Some(&old) })
    };
    let one = |line: usize, uses| vec![Observation { place: format!("the hash on line {line}"), uses }];
    assert_eq!(read("second", "zeroth"), Ok(one(2, Uses::New)));
    assert_eq!(Verdict::of(&read("second", "first").unwrap()), Verdict::OldInUse);
    assert_eq!(read("x", "y"), Err(Fault::Unrelated));
    let new = secret("x");
    let fault = |text: &str| key_hashes::read(text.as_bytes(), &Values { new: &new, old: None }).unwrap_err();
    assert_eq!(fault("nothing"), Fault::WrongKind);
    assert_eq!(fault("$argon2id$v=19$m=8,t=1"), Fault::UnknownForm);
    let dear = "$argon2id$v=19$m=262144,t=16,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";
    assert_eq!(fault(&dear.repeat(5)), Fault::TooMany);
}

fn keyhash_cost() -> crate::keyhash::Cost {
    crate::keyhash::Cost::new(8, 1, 1).unwrap()
}

#[test]
fn other_users_may_cost_so_much_together() {
    assert_eq!(admit_others([4_000_000, 1_000_000].into_iter()), Ok(()));
    assert_eq!(admit_others([4_000_000, 1_000_001].into_iter()), Err(Fault::TooMany));
}

#[test]
fn what_all_observations_show_together() {
    let of = |uses: &[Uses]| {
        let one = |uses: &Uses| Observation { place: "role app".to_owned(), uses: *uses };
        Verdict::of(&uses.iter().map(one).collect::<Vec<_>>())
    };
    assert_eq!(of(&[]), Verdict::Unclear);
    assert_eq!(of(&[Uses::New, Uses::New]), Verdict::Proven);
    assert_eq!(of(&[Uses::New, Uses::Other]), Verdict::Unclear);
    assert_eq!(of(&[Uses::Other]), Verdict::Unclear);
    for old in [Uses::Old, Uses::Both] {
        assert_eq!(of(&[Uses::New, old, Uses::Other]), Verdict::OldInUse);
    }
    let words = [Kind::Docker, Kind::Postgres, Kind::Redis, Kind::Mysql, Kind::Argon2].map(Kind::word);
    assert_eq!(words, ["docker", "postgres", "redis", "mysql", "argon2"]);
}
