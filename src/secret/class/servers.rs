//! Kinds of database servers: the schemes of their URLs, and the words in the names of the keys that hold their passwords.

use super::has_word;

/// Schemes, and the words of keys that hold the passwords of what they lead to.
const FAMILIES: [(&[&str], &str); 6] = [
    (&["postgres", "postgresql", "pgsql"], "POSTGRES POSTGRESQL PG PGSQL TIMESCALE DB DATABASE SQL"),
    (&["mysql", "mysql2", "mariadb"], "MYSQL MARIADB DB DATABASE SQL"),
    (&["redis", "rediss", "valkey", "valkeys"], "REDIS VALKEY KEYDB"),
    (&["mongodb"], "MONGO MONGODB DB DATABASE"),
    (&["amqp", "amqps"], "RABBITMQ AMQP RABBIT"),
    (&["mssql", "sqlserver"], "MSSQL SQLSERVER SA DB DATABASE SQL"),
];

/// Whether two schemes lead to the same kind of server.
#[must_use]
pub fn are_of_a_kind(one: &str, other: &str) -> bool {
    FAMILIES.iter().any(|(schemes, _)| schemes.contains(&one) && schemes.contains(&other))
}

/// Whether URLs of a scheme lead to the kind of server whose password a key of this name holds.
#[must_use]
pub fn leads_to(scheme: &str, name: &str) -> bool {
    let family = FAMILIES.iter().find(|(schemes, _)| schemes.contains(&scheme)).map(|(_, family)| *family);
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
            ("redis", "DB_PASSWORD", false),
            ("redis", "VALKEY_PASSWORD", true),
            ("https", "DB_PASSWORD", false),
        ] {
            assert_eq!(leads_to(scheme, name), leads, "{scheme} {name}");
        }
        assert!(are_of_a_kind("postgres", "postgresql") && are_of_a_kind("redis", "valkeys"));
        assert!(!are_of_a_kind("postgres", "mysql") && !are_of_a_kind("https", "https"));
    }
}
