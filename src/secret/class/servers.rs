//! Kinds of database servers: the schemes of their URLs, and the words in the names of the keys that hold their passwords.

use super::has_word;

/// Schemes, and the words of keys that hold the passwords of what they lead to. The schemes are those of the servers, and of
/// what reads URLs: dj-database-url, django-environ, SQLAlchemy, Celery, Go's drivers.
const FAMILIES: [(&str, &str); 6] = [
    (
        "postgres postgresql pgsql psql pgx postgis timescale timescaledb timescalegis",
        "POSTGRES POSTGRESQL PG PGSQL TIMESCALE DB DATABASE SQL",
    ),
    ("mysql mysql2 mysqlx mysqlgis mysql-connector mariadb", "MYSQL MARIADB DB DATABASE SQL"),
    ("redis rediss rediscache valkey valkeys", "REDIS VALKEY KEYDB"),
    ("mongodb", "MONGO MONGODB DB DATABASE"),
    ("amqp amqps pyamqp", "RABBITMQ AMQP RABBIT"),
    ("mssql mssqlms sqlserver", "MSSQL SQLSERVER SA DB DATABASE SQL"),
];

/// Schemes of databases, caches and brokers of which no more is known here.
const OTHERS: &str = "cassandra clickhouse clickhouses cockroach cockroachdb couchdb crdb bolt ecto influxdb jdbc memcached neo4j \
oracle oraclegis redshift snowflake sqlalchemy";

/// Whether a list of words contains one.
fn is_in(list: &str, scheme: &str) -> bool {
    list.split_ascii_whitespace().any(|one| one == scheme)
}

/// Whether URLs of a scheme lead to a database, a cache or a broker.
pub(super) fn is_database(scheme: &str) -> bool {
    is_in(OTHERS, scheme) || FAMILIES.iter().any(|(schemes, _)| is_in(schemes, scheme))
}

/// Whether two schemes lead to the same kind of server.
#[must_use]
pub fn are_of_a_kind(one: &str, other: &str) -> bool {
    FAMILIES.iter().any(|(schemes, _)| is_in(schemes, one) && is_in(schemes, other))
}

/// Whether URLs of a scheme lead to the kind of server whose password a key of this name holds.
#[must_use]
pub fn leads_to(scheme: &str, name: &str) -> bool {
    let family = FAMILIES.iter().find(|(schemes, _)| is_in(schemes, scheme)).map(|(_, family)| *family);
    family.unwrap_or_default().split_ascii_whitespace().any(|word| has_word(name, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_password_a_key_holds() {
        for (scheme, name, leads) in [
            ("postgres", "POSTGRES_PASSWORD", true),
            ("pgsql", "dbPassword", true),
            ("postgis", "DB_PASSWORD", true),
            ("mysql-connector", "MYSQL_PASSWORD", true),
            ("redshift", "DB_PASSWORD", false),
            ("redis", "DB_PASSWORD", false),
            ("redis", "VALKEY_PASSWORD", true),
            ("https", "DB_PASSWORD", false),
        ] {
            assert_eq!(leads_to(scheme, name), leads, "{scheme} {name}");
        }
        assert!(are_of_a_kind("postgres", "psql") && are_of_a_kind("redis", "valkeys"));
        assert!(!are_of_a_kind("postgres", "mysql") && !are_of_a_kind("https", "https"));
        assert!(is_database("rediscache") && is_database("redshift") && !is_database("https"));
    }
}
