//! The steps of a replacement, by what the secret is for. A new value is never named on the way: it goes from a private
//! file to where it is needed.

use super::evidence;
use crate::env::Key;
use crate::secret::class::{Class, are_of_a_kind, words};

/// The command that replaces a secret; `file` is quoted for a shell. What is not made here comes on standard input.
#[must_use]
pub fn rotate(key: &Key, file: &str, by_hand: bool) -> String {
    let input = if by_hand { " --stdin" } else { "" };
    format!("envward rotation rotate {key} {file}{input}")
}

/// What kind of thing is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A role of PostgreSQL.
    Postgres,
    /// A user of MySQL, or of a server that may be either.
    Mysql,
    /// A user of MariaDB.
    Mariadb,
    /// Redis or Valkey.
    Redis,
    /// Another database, or any other service with a password of one's own.
    Service,
    /// A key that signs: the application can accept the next or the previous one, too.
    Signing,
    /// A key that encrypts stored data.
    Encryption,
    /// What another service issues.
    Issued,
    /// An admin API key of one's own.
    Admin,
}

impl Kind {
    /// By the class, the key's words, and the scheme of a URL that holds the value.
    #[must_use]
    pub fn of(class: Class, key: &str, scheme: Option<&str>, is_issued: bool) -> Self {
        let words: Vec<String> = words(key).iter().map(|word| word.to_ascii_uppercase()).collect();
        let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        // Of a password the URL tells more than the name does.
        let by_scheme = scheme.filter(|_| matches!(class, Class::DatabasePassword | Class::Password | Class::Other));
        match (class, by_scheme) {
            (Class::JwtSecret | Class::SessionSecret, _) => Self::Signing,
            (Class::EncryptionKey, _) => Self::Encryption,
            (Class::AdminApiKey, _) => Self::Admin,
            (_, Some("mariadb")) => Self::Mariadb,
            (_, Some(scheme)) if are_of_a_kind("mysql", scheme) => Self::Mysql,
            (_, Some(scheme)) if are_of_a_kind("postgres", scheme) => Self::Postgres,
            (_, Some(scheme)) if are_of_a_kind("redis", scheme) => Self::Redis,
            (Class::DatabasePassword, Some(_)) => Self::Service,
            (Class::DatabasePassword, None) if has(&["REDIS", "VALKEY"]) => Self::Redis,
            (Class::DatabasePassword, None) if has(&["MYSQL"]) => Self::Mysql,
            (Class::DatabasePassword, None) if has(&["MARIADB"]) => Self::Mariadb,
            (Class::DatabasePassword, None) if has(&["MONGO", "MONGODB", "RABBITMQ", "AMQP", "MSSQL"]) => Self::Service,
            (Class::DatabasePassword, None) => Self::Postgres,
            _ if is_issued => Self::Issued,
            _ => Self::Service,
        }
    }

    /// Whether the new value waits in the env file itself, under `KEY_NEXT`, where the application can read it already.
    #[must_use]
    pub fn overlaps(self) -> bool {
        matches!(self, Self::Signing | Self::Encryption)
    }
}

/// What is known of the server that has the old password, and of who reads it.
#[derive(Clone, Debug, Default)]
pub struct Means {
    /// The command that runs another one in the server's container: `docker compose exec -T db`.
    pub exec: Option<String>,
    /// The user that the server is started with, quoted for a shell.
    pub superuser: Option<String>,
    /// Whose password it is, quoted for a shell; in Redis nothing for the user that gives no name.
    pub user: Option<String>,
    /// Whether nothing says whose password it is.
    pub is_role_open: bool,
    /// A shell's expression of the password that is in use, where one can be written down.
    pub in_use: Option<String>,
    /// The commands that make the containers again which have the old one.
    pub recreate: Vec<String>,
    /// The commands that print `docker inspect` of the containers of those stacks.
    pub inspect: Vec<String>,
    /// Whether the old value leaked, so that nothing may accept it any more.
    pub is_exposed: bool,
    /// The role that gets the new password, if two roles take turns.
    pub next_role: Option<String>,
    /// Which server and which users are meant, if there are several: ` (app-db: app)`.
    pub label: String,
    /// The options that name them in the command that tells the server: ` --server app-db --role app`.
    pub telling: String,
    /// The option that names the server in the command that proves it: ` --server app-db`.
    pub proving: String,
}

/// One server, or one user of a server, that has to be told.
pub type Told = (Kind, Means);

impl Means {
    /// The client of PostgreSQL, as a user who may change passwords.
    #[must_use]
    pub fn psql(&self) -> String {
        let psql = "psql -X -v ON_ERROR_STOP=1";
        match (&self.exec, &self.superuser) {
            (Some(exec), Some(user)) => format!("{exec} {psql} -U {user} -d postgres"),
            (Some(exec), None) => format!("{exec} {psql} -d postgres"),
            (None, _) => format!("{psql} -d postgres"),
        }
    }

    /// A client that has to give the password that is replaced: it goes by a variable, which others cannot read.
    fn client(&self, variable: &str, program: &str) -> String {
        let auth = self.in_use.as_ref().map(|text| format!("{variable}={text} ")).unwrap_or_default();
        match self.exec.as_ref().and_then(|exec| exec.rsplit_once(' ')) {
            Some((exec, service)) => format!("{auth}{exec} -e {variable} {service} {program}"),
            None => format!("{auth}{program}"),
        }
    }

    fn redis_cli(&self) -> String {
        let user = self.user.as_ref().map(|user| format!(" --user {user}")).unwrap_or_default();
        self.client("REDISCLI_AUTH", &format!("redis-cli{user}"))
    }

    /// The client of the user who may read `mysql.user`.
    fn mysql_root(&self, kind: Kind) -> String {
        let program = if kind == Kind::Mariadb { "mariadb -u root" } else { "mysql -u root" };
        match self.exec.as_ref().and_then(|exec| exec.rsplit_once(' ')) {
            Some((exec, service)) => format!("{exec} -e MYSQL_PWD {service} {program}"),
            None => program.to_owned(),
        }
    }

    /// The client of MariaDB, as the user whose password it is.
    #[must_use]
    pub fn mariadb(&self) -> String {
        self.client("MYSQL_PWD", &format!("mariadb -u {}", self.user.as_deref().unwrap_or("NAME")))
    }
}

/// A step: what to do, and the commands for it, where there are any.
pub type Step = (String, Vec<String>);

/// The steps behind the new value. `at` is `KEY FILE`, quoted for a shell, and `place` where the new value waits. The first
/// of `told` says what the secret is.
#[must_use]
pub fn steps(key: &str, at: &str, place: &str, told: &[Told]) -> Vec<Step> {
    let Some((kind, means)) = told.first() else { return Vec::new() };
    let has_redis = told.iter().any(|(kind, _)| *kind == Kind::Redis);
    // Redis keeps the old value in its configuration, which the last step speaks of.
    let kind = if has_redis && evidence_of_server(*kind).is_some() { Kind::Redis } else { *kind };
    let ours = |what: &str, verb: &str| Some((what.to_owned(), vec![format!("envward rotation {verb}")]));
    let overlap = match kind {
        Kind::Signing if means.is_exposed => {
            ". The old value leaked, so it is not kept: everyone is logged out".to_owned()
        }
        Kind::Signing => format!(". {key}_PREVIOUS keeps the old value, for tokens that were signed with it"),
        Kind::Encryption => format!(". {key}_PREVIOUS keeps the old value, for data that was missed"),
        _ => String::new(),
    };
    let put = ours(&format!("Write the new value into all files listed above{overlap}"), &format!("promote {at}"));
    let restart = match means.recreate.is_empty() {
        true => "Restart the programs that read these files, and check that they work",
        false => {
            "Recreate the containers that use these files, and check that they work. `docker compose restart` would not \
             read the env files again"
        }
    };
    let restart = Some((restart.to_owned(), means.recreate.clone()));
    let last = match kind {
        // Nothing accepts the old value after `promote`: there are no old tokens to wait for.
        Kind::Signing if means.is_exposed => "When all services work with the new value, finish the rotation:",
        Kind::Signing => "When the last token that was signed with the old value has expired:",
        Kind::Encryption => "When no data is encrypted with the old value:",
        Kind::Issued => "Revoke the old value at its provider, then:",
        Kind::Redis => {
            "Put the new value into redis.conf or the compose command, if it is written there. When nothing uses the old \
             value:"
        }
        Kind::Postgres | Kind::Mysql | Kind::Mariadb | Kind::Service | Kind::Admin => {
            "When all services work with the new value, finish the rotation:"
        }
    };
    let confirm = ours(last, &format!("promote {at} --confirm"));
    let tells = told.iter().filter_map(|one| tell(one, key, at, place, &at_once(told.len())));
    tells.chain([put, restart, prove(at, told), confirm].into_iter().flatten()).collect()
}

/// The evidence of `verify` that shows whether the server itself still accepts the old value; `None` where no server has to
/// be told one.
#[must_use]
pub fn evidence_of_server(kind: Kind) -> Option<evidence::Kind> {
    match kind {
        Kind::Postgres => Some(evidence::Kind::Postgres),
        Kind::Mysql | Kind::Mariadb => Some(evidence::Kind::Mysql),
        Kind::Redis => Some(evidence::Kind::Redis),
        Kind::Service | Kind::Signing | Kind::Encryption | Kind::Issued | Kind::Admin => None,
    }
}

/// The step that proves that nothing uses the old value; `None` if envward knows of no evidence. `at` is `KEY FILE`,
/// quoted for a shell.
#[must_use]
pub fn prove(at: &str, told: &[Told]) -> Option<Step> {
    // Two users of one server are in the same evidence.
    let mut seen = std::collections::BTreeSet::new();
    let servers = told.iter().filter(|(kind, means)| {
        evidence_of_server(*kind).is_some_and(|evidence| seen.insert((evidence.word(), &means.proving)))
    });
    let mut commands: Vec<String> = servers.filter_map(|(kind, means)| refusal(*kind, at, means)).collect();
    let inspect = told.first().map(|(_, means)| means.inspect.as_slice()).unwrap_or_default();
    commands.extend(inspect.iter().map(|inspect| format!("{inspect} | envward rotation verify {at} --docker")));
    let what = match told.iter().any(|(kind, _)| matches!(kind, Kind::Mysql | Kind::Mariadb)) {
        true => {
            "Prove that nothing uses the old value. Set MYSQL_PWD to the password of root for the command with mysql.user"
        }
        false => "Prove that nothing uses the old value",
    };
    (!commands.is_empty()).then(|| (what.to_owned(), commands))
}

/// The command that shows whether a server still accepts the old value; `None` where no server has to be told one.
#[must_use]
pub fn refusal(kind: Kind, at: &str, means: &Means) -> Option<String> {
    let role = if means.is_role_open { " --role NAME" } else { "" };
    let server = &means.proving;
    let verify = |evidence: &str, flag: &str| format!("{evidence} | envward rotation verify {at} {flag}{server}{role}");
    match kind {
        Kind::Postgres => {
            let query = "-At -c \"select rolname, rolpassword from pg_authid\"";
            Some(verify(&format!("{} {query}", means.psql()), "--postgres"))
        }
        Kind::Mysql | Kind::Mariadb => {
            let query = "select user, host, plugin, hex(authentication_string) from mysql.user";
            Some(verify(&format!("{} -e \"{query}\"", means.mysql_root(kind)), "--mysql"))
        }
        Kind::Redis => Some(verify(&format!("{} ACL LIST", means.redis_cli()), "--redis")),
        Kind::Service | Kind::Signing | Kind::Encryption | Kind::Issued | Kind::Admin => None,
    }
}

/// What is true from the first step on, until the files have the new value and the containers are recreated.
fn at_once(servers: usize) -> String {
    let steps = match servers {
        1 => "steps 2 and 3".to_owned(),
        several => format!("the steps up to {}", several + 2),
    };
    format!("From then on new connections need the new password, so do {steps} immediately. Open connections stay open")
}

/// The first steps: who has to know the new value before it is promoted.
fn tell((kind, means): &Told, key: &str, at: &str, place: &str, at_once: &str) -> Option<Step> {
    let label = &means.label;
    let plain = |text: String| Some((text, Vec::new()));
    let piped =
        |what: String, flag: &str, to: &str| Some((what, vec![format!("envward rotation rotate {at} {flag} | {to}")]));
    match *kind {
        Kind::Postgres if means.next_role.is_some() => {
            let role = means.next_role.as_deref().unwrap_or_default();
            let what = format!(
                "Tell PostgreSQL; psql must print ALTER ROLE. The role {role} may then do what the role in use may, and \
                 both can connect"
            );
            piped(what, "--sql", &means.psql())
        }
        Kind::Postgres => {
            let (open, flag) = sql(means);
            let what = format!("Tell PostgreSQL{label}; psql must print ALTER ROLE. {at_once}{open}");
            piped(what, &flag, &means.psql())
        }
        Kind::Mariadb => {
            let (open, flag) = sql(means);
            let auth = if means.in_use.is_some() { "" } else { ". Set MYSQL_PWD to the current password first" };
            let what = format!("Tell MariaDB{label}. It must print no error. {at_once}{auth}{open}");
            piped(what, &flag, &means.mariadb())
        }
        Kind::Mysql => plain(format!(
            "Tell the database{label} in its own client, not on a command line, which other users can read: ALTER USER \
             'NAME'@'HOST' IDENTIFIED BY, with the new value from {place}. {at_once}"
        )),
        Kind::Redis => {
            let auth = if means.in_use.is_some() { "" } else { ". Set REDISCLI_AUTH to the current password first" };
            let what = "It must answer OK. Until its next restart it accepts both passwords";
            let flag = format!("--redis{}", means.telling);
            piped(format!("Tell Redis{label} (6 or later). {what}{auth}"), &flag, &means.redis_cli())
        }
        Kind::Service => plain(format!("Give the service{label} the new value from {place}")),
        Kind::Signing if means.is_exposed => None,
        Kind::Signing => plain(format!(
            "Make the application also accept tokens signed with {key}_NEXT, and restart it. Skip this step if everyone \
             may be logged out"
        )),
        Kind::Encryption => {
            plain(format!("Encrypt the data of {key} again, with {key}_NEXT. Keep a backup until the last step"))
        }
        Kind::Issued => None,
        Kind::Admin => plain("Give the service the hash of the new key, and its clients the key".into()),
    }
}

/// What is said where nothing tells whose password it is, and the flags that print the statement.
fn sql(means: &Means) -> (&'static str, String) {
    let telling = &means.telling;
    match means.is_role_open {
        true => (". Replace NAME with the user whose password this is", format!("--sql{telling} --role NAME")),
        false => ("", format!("--sql{telling}")),
    }
}

#[cfg(test)]
mod tests;
