use super::*;

#[test]
fn kinds() {
    let of = |class, key, scheme| Kind::of(class, key, scheme, false);
    assert_eq!(of(Class::DatabasePassword, "DB_PASSWORD", None), Kind::Postgres);
    assert_eq!(of(Class::DatabasePassword, "DB_PASSWORD", Some("mysql")), Kind::Mysql);
    assert_eq!(of(Class::DatabasePassword, "MARIADB_PASSWORD", None), Kind::Mariadb);
    assert_eq!(of(Class::DatabasePassword, "DB_PASSWORD", Some("mongodb")), Kind::Service);
    assert_eq!(of(Class::DatabasePassword, "CACHE_PASSWORD", Some("rediss")), Kind::Redis);
    assert_eq!(of(Class::DatabasePassword, "DATABASE_URL", Some("postgis")), Kind::Postgres);
    assert_eq!(of(Class::DatabasePassword, "DATABASE_URL", Some("mysqlgis")), Kind::Mysql);
    assert_eq!(of(Class::DatabasePassword, "REDIS_PASSWORD", None), Kind::Redis);
    assert_eq!(of(Class::Password, "CACHE_PASSWORD", Some("redis")), Kind::Redis);
    assert_eq!(of(Class::Password, "MAIL_PASSWORD", Some("smtp")), Kind::Service);
    assert_eq!(of(Class::JwtSecret, "JWT_SECRET", None), Kind::Signing);
    assert_eq!(Kind::of(Class::ApiKey, "STRIPE_SECRET_KEY", None, true), Kind::Issued);
}

#[test]
fn every_kind_ends_with_its_confirmation() {
    use Kind::{Admin, Encryption, Issued, Mariadb, Mysql, Postgres, Redis, Service, Signing};
    for kind in [Postgres, Mysql, Mariadb, Redis, Service, Signing, Encryption, Issued, Admin] {
        let steps = steps("K", "K .env", ".env.K.pending", &[(kind, Means::default())]);
        let commands: Vec<&str> = steps.iter().flat_map(|(_, commands)| commands).map(String::as_str).collect();
        assert!(commands.contains(&"envward rotation promote K .env"), "{kind:?}");
        assert_eq!(commands.last(), Some(&"envward rotation promote K .env --confirm"), "{kind:?}");
    }
}

fn lines(told: &[Told]) -> Vec<String> {
    let steps = steps("K", "K .env", ".env.K.pending", told);
    steps.into_iter().flat_map(|(what, commands)| [vec![what], commands].concat()).collect()
}

fn say(told: &[Told], part: &str) -> bool {
    lines(told).iter().any(|line| line.contains(part))
}

#[test]
fn clients_in_a_container_and_outside() {
    let means = Means {
        exec: Some("docker compose exec -T db".into()),
        user: Some("app".into()),
        in_use: Some("\"$P\"".into()),
        ..Means::default()
    };
    let inside = "docker compose exec -T -e";
    assert_eq!(means.psql(), "docker compose exec -T db psql -X -v ON_ERROR_STOP=1 -d postgres");
    assert_eq!(means.mariadb(), format!("MYSQL_PWD=\"$P\" {inside} MYSQL_PWD db mariadb -u app"));
    assert_eq!(means.redis_cli(), format!("REDISCLI_AUTH=\"$P\" {inside} REDISCLI_AUTH db redis-cli --user app"));
    assert_eq!(means.mysql_root(Kind::Mariadb), format!("{inside} MYSQL_PWD db mariadb -u root"));
    assert_eq!(means.mysql_root(Kind::Mysql), format!("{inside} MYSQL_PWD db mysql -u root"));
    let outside = Means::default();
    assert_eq!(outside.mariadb(), "mariadb -u NAME");
    assert_eq!(outside.redis_cli(), "redis-cli");
    assert_eq!(outside.mysql_root(Kind::Mysql), "mysql -u root");
}

#[test]
fn the_old_value_is_kept_where_something_still_needs_it_and_it_did_not_leak() {
    let leaked = || Means { is_exposed: true, ..Means::default() };
    let kept = "K_PREVIOUS keeps the old value";
    for kind in [Kind::Signing, Kind::Encryption] {
        assert!(say(&[(kind, Means::default())], kept) && say(&[(kind, Means::default())], "with K_NEXT"), "{kind:?}");
    }
    assert!(!say(&[(Kind::Signing, leaked())], kept) && !say(&[(Kind::Signing, leaked())], "K_NEXT"));
    assert!(say(&[(Kind::Signing, leaked())], "everyone is logged out"));
    assert!(say(&[(Kind::Encryption, leaked())], kept));
    assert!(!say(&[(Kind::Postgres, Means::default())], kept));
}

#[test]
fn each_server_is_told_and_proves_it() {
    let server = |kind| (kind, Means { is_role_open: true, proving: " --server db".into(), ..Means::default() });
    let flags = [
        (Kind::Postgres, "--postgres"),
        (Kind::Mysql, "--mysql"),
        (Kind::Mariadb, "--mysql"),
        (Kind::Redis, "--redis"),
    ];
    for (kind, flag) in flags {
        assert!(
            say(&[server(kind)], &format!(" | envward rotation verify K .env {flag} --server db --role NAME")),
            "{kind:?}"
        );
    }
    assert!(say(&[server(Kind::Mysql)], "Set MYSQL_PWD to the password of root"));
    assert!(!say(&[server(Kind::Postgres)], "MYSQL_PWD") && !say(&[server(Kind::Service)], "Prove"));
    for (kind, flag) in
        [(Kind::Postgres, "--sql --role NAME"), (Kind::Mariadb, "--sql --role NAME"), (Kind::Redis, "--redis")]
    {
        assert!(say(&[server(kind)], &format!("envward rotation rotate K .env {flag} | ")), "{kind:?}");
    }
    assert!(say(&[server(Kind::Postgres)], "Replace NAME with the user"));
    assert!(!say(&[(Kind::Postgres, Means::default())], "NAME"));
    assert!(say(&[server(Kind::Mysql)], "in its own client") && say(&[server(Kind::Service)], "Give the service"));
    let next = Means { next_role: Some("app_b".into()), ..Means::default() };
    assert!(say(&[(Kind::Postgres, next)], "The role app_b may then do"));
    assert!(!say(&[server(Kind::Postgres)], "may then do"));
}

/// Where one of two servers is Redis, its configuration is to be changed.
#[test]
fn the_last_step() {
    let last = |kinds: &[Kind]| {
        let told: Vec<Told> = kinds.iter().map(|kind| (*kind, Means::default())).collect();
        steps("K", "K .env", ".env.K.pending", &told).pop().unwrap().0
    };
    for kinds in [&[Kind::Redis][..], &[Kind::Postgres, Kind::Redis]] {
        assert!(last(kinds).contains("redis.conf"), "{kinds:?}");
    }
    for kinds in [&[Kind::Postgres][..], &[Kind::Postgres, Kind::Mysql], &[Kind::Service, Kind::Redis]] {
        assert!(last(kinds).contains("finish the rotation"), "{kinds:?}");
    }
    let two = [(Kind::Postgres, Means::default()), (Kind::Mysql, Means::default())];
    assert!(say(&two, "do the steps up to 4 immediately") && say(&two[..1], "do steps 2 and 3 immediately"));
}

#[test]
fn databases_by_the_words_of_a_key() {
    let of = |key| Kind::of(Class::DatabasePassword, key, None, false);
    assert_eq!([of("MYSQL_PASSWORD"), of("VALKEY_PASSWORD")], [Kind::Mysql, Kind::Redis]);
    for key in ["MONGO_PASSWORD", "RABBITMQ_PASSWORD", "MSSQL_PASSWORD"] {
        assert_eq!(of(key), Kind::Service, "{key}");
    }
}
