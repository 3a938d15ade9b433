//! The database servers of a stack, and with whose passwords they are started.

use std::collections::BTreeMap;

use crate::docker::compose::{Location, Service, Stack};
use crate::path::RelPath;
use crate::project::load::Project;
use crate::project::service_environment::Given;
use crate::secret::{Secret, class};

/// What a server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// PostgreSQL.
    Postgres,
    /// MySQL.
    Mysql,
    /// MariaDB.
    Mariadb,
    /// Redis or Valkey.
    Redis,
    /// MongoDB.
    Mongo,
    /// `RabbitMQ`.
    Rabbit,
}

use Engine::{Mariadb, Mongo, Mysql, Postgres, Rabbit, Redis};

/// The names of images, and what they are.
const IMAGES: [(&str, Engine); 15] = [
    ("postgres", Postgres),
    ("postgresql", Postgres),
    ("postgis", Postgres),
    ("timescaledb", Postgres),
    ("pgvector", Postgres),
    ("mysql", Mysql),
    ("percona", Mysql),
    ("mariadb", Mariadb),
    ("redis", Redis),
    ("redis-stack-server", Redis),
    ("valkey", Redis),
    ("keydb", Redis),
    ("mongo", Mongo),
    ("mongodb", Mongo),
    ("rabbitmq", Rabbit),
];

/// The setting of a password, that of its user, and the user where that is not set. The images' own documentation.
const ACCOUNTS: [(Engine, &str, &str, &str); 14] = [
    (Postgres, "POSTGRES_PASSWORD", "POSTGRES_USER", "postgres"),
    (Postgres, "POSTGRESQL_PASSWORD", "POSTGRESQL_USERNAME", "postgres"),
    (Mysql, "MYSQL_ROOT_PASSWORD", "", "root"),
    (Mysql, "MYSQL_PASSWORD", "MYSQL_USER", ""),
    (Mariadb, "MARIADB_ROOT_PASSWORD", "", "root"),
    (Mariadb, "MYSQL_ROOT_PASSWORD", "", "root"),
    (Mariadb, "MARIADB_PASSWORD", "MARIADB_USER", ""),
    (Mariadb, "MYSQL_PASSWORD", "MYSQL_USER", ""),
    (Redis, "REDIS_PASSWORD", "", "default"),
    (Redis, "VALKEY_PASSWORD", "", "default"),
    (Mongo, "MONGO_INITDB_ROOT_PASSWORD", "MONGO_INITDB_ROOT_USERNAME", ""),
    (Mongo, "MONGODB_ROOT_PASSWORD", "MONGODB_ROOT_USER", "root"),
    (Rabbit, "RABBITMQ_DEFAULT_PASS", "RABBITMQ_DEFAULT_USER", "guest"),
    (Rabbit, "RABBITMQ_PASSWORD", "RABBITMQ_USERNAME", "user"),
];

/// A user of a server, and the password with which it is started.
#[derive(Debug)]
pub struct Account {
    /// The user.
    pub user: Vec<u8>,
    /// The password.
    pub password: Secret,
}

/// A server of a stack.
#[derive(Debug)]
pub struct Server<'a> {
    /// Its service.
    pub service: Service<'a>,
    /// What it is.
    pub engine: Engine,
    /// Whom it knows.
    pub accounts: Vec<Account>,
}

impl Engine {
    /// What the image of a service is.
    #[must_use]
    pub fn of(service: &Service<'_>) -> Option<Self> {
        let name = service.image_name()?;
        IMAGES.iter().find(|(known, _)| *known == name).map(|(_, engine)| *engine)
    }

    /// The scheme of its URLs.
    #[must_use]
    pub fn scheme(self) -> &'static str {
        match self {
            Postgres => "postgres",
            Mysql => "mysql",
            Mariadb => "mariadb",
            Redis => "redis",
            Mongo => "mongodb",
            Rabbit => "amqp",
        }
    }

    /// Whether URLs of a scheme lead to one.
    #[must_use]
    pub fn speaks(self, scheme: &str) -> bool {
        class::are_of_a_kind(self.scheme(), scheme)
    }
}

impl Project {
    /// The servers of a stack that are started with a password which is known here.
    #[must_use]
    pub fn servers<'a>(&self, stack: &'a Stack) -> Vec<Server<'a>> {
        let of = |service: Service<'a>| {
            let engine = Engine::of(&service)?;
            let given = self.given(&service);
            let accounts = self.accounts(&service, engine, &given);
            (!accounts.is_empty()).then_some(Server { service, engine, accounts })
        };
        stack.services().filter_map(of).collect()
    }

    fn accounts(&self, service: &Service<'_>, engine: Engine, given: &BTreeMap<String, Given>) -> Vec<Account> {
        let mut accounts: Vec<Account> = Vec::new();
        if let Some(password) = required(service, given).filter(|_| engine == Redis) {
            accounts.push(Account { user: b"default".to_vec(), password });
        }
        let is_redis_alone = engine == Redis && !accounts.is_empty();
        for (_, key, user_key, user) in ACCOUNTS.iter().filter(|one| one.0 == engine && !is_redis_alone) {
            let Some(password) = self.password(service, given, key) else { continue };
            let said = given.get(*user_key).map(|one| bytes(&one.value).to_vec());
            let user = said.unwrap_or_else(|| user.as_bytes().to_vec());
            // Redis's own image reads no such setting.
            let is_read = engine != Redis || service.text(&["image"]).is_some_and(|image| image.contains("bitnami"));
            if !user.is_empty() && is_read && accounts.iter().all(|known| known.user != user) {
                accounts.push(Account { user, password });
            }
        }
        accounts
    }

    /// The value of a setting, or the content of the secret that `KEY_FILE` names.
    fn password(&self, service: &Service<'_>, given: &BTreeMap<String, Given>, key: &str) -> Option<Secret> {
        if let Some(one) = given.get(key).filter(|one| !one.value.is_empty()) {
            return Some(Secret::copy_of(bytes(&one.value)));
        }
        let file = given.get(&format!("{key}_FILE"))?;
        let path = RelPath::new(bytes(&file.value));
        let secrets = service.stack.file_secrets();
        let secret = secrets.iter().find(|secret| secret.name.as_bytes() == path.file_name())?;
        let Location::Below(path) = &secret.location else { return None };
        let file = self.files.iter().find(|file| file.path == *path)?;
        file.secrets.first().map(|secret| Secret::copy_of(bytes(&secret.value)))
    }
}

/// The password behind `--requirepass`, in whatever word of the command it stands; `$NAME` is the container's setting.
fn required(service: &Service<'_>, given: &BTreeMap<String, Given>) -> Option<Secret> {
    let lines = ["command", "entrypoint"].map(|key| service.words(key).join(" "));
    let line = lines.iter().find(|line| line.contains("requirepass"))?;
    let (_, behind) = line.split_once("requirepass")?;
    let word = behind.split_whitespace().next()?.trim_matches(['"', '\'']);
    match word.strip_prefix('$') {
        Some(name) => given.get(name.trim_matches(['{', '}'])).map(|one| Secret::copy_of(bytes(&one.value))),
        None => Some(Secret::copy_of(word.as_bytes())),
    }
}

#[expect(clippy::disallowed_methods, reason = "users, paths and passwords are compared and copied")]
fn bytes(secret: &Secret) -> &[u8] {
    secret.expose()
}
