//! What a command line hands over in plain: `--token x`, `--password=x`, `NAME=x`, `redis-cli -a x`.

use crate::secret::class;

/// How a program takes a password behind a flag of one letter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// `-a x`
    Next,
    /// `-px`
    Joined,
    /// `-px` and `-p x`
    Both,
    /// `-u user:x`
    Pair,
    /// `-U user%x`
    Percent,
}

/// Programs whose flag is a password, with what says so.
const PROGRAMS: [(&str, &str, Takes); 37] = [
    // redis.io/docs/latest/develop/tools/cli: "-a <password>"; its forks took the client over.
    ("redis-cli", "-a", Takes::Next),
    ("valkey-cli", "-a", Takes::Next),
    ("keydb-cli", "-a", Takes::Next),
    // redis.io/docs/latest/operate/oss_and_stack/management/optimization/benchmarks: "-a <password>".
    ("redis-benchmark", "-a", Takes::Next),
    // dev.mysql.com/doc/refman/8.4/en/connection-options.html, --password[=password], -p[password]: no blank between.
    ("mysql", "-p", Takes::Joined),
    ("mysqladmin", "-p", Takes::Joined),
    ("mysqldump", "-p", Takes::Joined),
    ("mysqlcheck", "-p", Takes::Joined),
    ("mysqlshow", "-p", Takes::Joined),
    ("mysqlimport", "-p", Takes::Joined),
    // mariadb.com/kb/en/mariadb-command-line-client, -p, --password[=name]; the others take the same.
    ("mariadb", "-p", Takes::Joined),
    ("mariadb-admin", "-p", Takes::Joined),
    ("mariadb-dump", "-p", Takes::Joined),
    ("mariadb-check", "-p", Takes::Joined),
    // mongodb.com/docs/mongodb-shell/reference/options: "--password <password>, -p <password>".
    ("mongo", "-p", Takes::Both),
    ("mongosh", "-p", Takes::Both),
    // mongodb.com/docs/database-tools: "--password=<password>, -p=<password>".
    ("mongodump", "-p", Takes::Both),
    ("mongorestore", "-p", Takes::Both),
    ("mongoexport", "-p", Takes::Both),
    ("mongoimport", "-p", Takes::Both),
    // sshpass(1): "-ppassword".
    ("sshpass", "-p", Takes::Both),
    // curl(1): "-u, --user <user:password>", "-U, --proxy-user <user:password>".
    ("curl", "-u", Takes::Pair),
    ("curl", "--user", Takes::Pair),
    ("curl", "--proxy-user", Takes::Pair),
    // httpie.io/docs/cli/basic-auth: "-a username:password".
    ("http", "-a", Takes::Pair),
    // ldapsearch(1), ldapwhoami(1), ldapadd(1), ldapmodify(1): "-w passwd".
    ("ldapsearch", "-w", Takes::Both),
    ("ldapwhoami", "-w", Takes::Both),
    ("ldapadd", "-w", Takes::Both),
    ("ldapmodify", "-w", Takes::Both),
    // docs.docker.com/reference/cli/docker/login: "-p, --password"; podman-login(1) has the same.
    ("login", "-p", Takes::Next),
    // learn.microsoft.com/sql/tools/sqlcmd/sqlcmd-utility: "-P password".
    ("sqlcmd", "-P", Takes::Both),
    // mosquitto_pub(1), mosquitto_sub(1): "-P, --pw".
    ("mosquitto_pub", "-P", Takes::Next),
    ("mosquitto_sub", "-P", Takes::Next),
    // smbclient(1): "-U|--user=[DOMAIN\\]USERNAME[%PASSWORD]".
    ("smbclient", "-U", Takes::Percent),
    // rabbitmq.com/docs/management-cli: "-p PASSWORD, --password=PASSWORD".
    ("rabbitmqadmin", "-p", Takes::Next),
    // ipmitool(1): "-P <password>".
    ("ipmitool", "-P", Takes::Next),
    // cassandra.apache.org/doc/latest/cassandra/managing/tools/cqlsh.html: "-p, --password".
    ("cqlsh", "-p", Takes::Next),
];

/// Settings of package managers that hold a secret, at the end of a longer name (`//registry.npmjs.org/:_authToken`).
/// Sources: docs.npmjs.com/cli/configuring-npm/npmrc, "Auth related configuration"; yarnpkg.com/configuration/yarnrc.
const SETTINGS: [(&str, &str); 5] = [
    ("_authToken", "TOKEN"),
    ("_auth", "TOKEN"),
    ("_password", PASSWORD),
    ("npmAuthToken", "TOKEN"),
    ("npmAuthIdent", "TOKEN"),
];

/// First words of a line of two whose second one is a password: redis.conf, and netrc(5) where a line is a word's.
const LINES: [&str; 3] = ["requirepass", "masterauth", "password"];

/// Flags that take a password, whatever it looks like: redis.io/docs/latest/operate/oss_and_stack/management/config
/// (`--requirepass`, `--masterauth`), and by their names.
const FLAGS: [&str; 7] = ["requirepass", "masterauth", "password", "pass", "passwd", "root-password", "http-password"];

/// What a word of a command gives, under what name. The name is that of a key of an env file.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a str,
    /// The word that holds it, by its place.
    pub(crate) at: usize,
    /// Whether the program is known to take a password here; else the value must look like one.
    pub(crate) is_sure: bool,
}

/// A name for what is a password by the flag alone.
const PASSWORD: &str = "PASSWORD";

/// What the words of a command line give.
pub(crate) fn given<'a>(words: &[&'a str]) -> Vec<Given<'a>> {
    let mut found = Vec::new();
    let mut programs: Vec<(&str, Takes)> = Vec::new();
    let (mut before, mut is_config, mut is_netrc) = ("", false, false);
    // chpasswd(8) reads `user:password` from its standard input.
    let is_chpasswd = words.iter().any(|word| word.rsplit('/').next() == Some("chpasswd"));
    for (at, word) in words.iter().copied().enumerate() {
        if matches!(word, ";" | "|" | "||" | "&&" | "&") {
            programs.clear();
            (is_config, is_netrc) = (false, false);
        }
        let name = word.rsplit('/').next().unwrap_or_default();
        programs.extend(PROGRAMS.iter().filter(|(known, ..)| *known == name).map(|(_, flag, takes)| (*flag, *takes)));
        let short = programs.iter().find_map(|(flag, takes)| of_short(flag, *takes, before, word));
        let is_line = is_netrc && before == "password" || words.len() == 2 && at == 1 && LINES.contains(&before);
        let login = is_chpasswd.then(|| word.split_once(':').map(|(_, password)| password)).flatten();
        let known = short.or(login).or_else(|| is_line.then_some(word)).map(|value| (PASSWORD, value, true));
        let setting = setting(before.trim_end_matches(':')).map(|name| (name, word, true));
        let one = known.or(setting).or_else(|| of_word(word)).or_else(|| of_flag(before, word));
        // A header's word: `Authorization: Bearer x`, `X-API-Key: x`.
        let one = one.or_else(|| matches!(before, "Bearer" | "bearer").then_some(("TOKEN", word, false)));
        let one = one.or_else(|| Some((before.strip_suffix(':').filter(|name| name.contains('-'))?, word, false)));
        // `aws configure set aws_secret_access_key x`.
        let one = one.or_else(|| (is_config && !before.starts_with('-')).then_some((before, word, false)));
        found.extend(one.map(|(name, value, is_sure)| Given { name, value, at, is_sure }));
        is_config |= matches!(word, "config" | "configure");
        is_netrc |= matches!(word, "machine" | "login");
        before = word;
    }
    found
}

/// The name for what a setting of a package manager holds.
fn setting(word: &str) -> Option<&'static str> {
    let is = |end: &str| word.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with([':', '.', ']']));
    SETTINGS.iter().find(|(end, _)| is(end)).map(|(_, name)| *name)
}

fn of_short<'a>(flag: &str, takes: Takes, before: &str, word: &'a str) -> Option<&'a str> {
    let joined = || word.strip_prefix(flag).filter(|rest| !rest.is_empty());
    let next = || (before == flag).then_some(word);
    match takes {
        Takes::Next => next(),
        Takes::Joined => joined(),
        Takes::Both => next().or_else(joined),
        Takes::Pair => next().and_then(|pair| pair.split_once(':')).map(|(_, password)| password),
        Takes::Percent => next().and_then(|pair| pair.split_once('%')).map(|(_, password)| password),
    }
    .filter(|value| !value.starts_with('-'))
}

/// `--name=value`, `-Dname=value`, `NAME=value`, `name: value`, or a URL with a password.
pub(crate) fn of_word(word: &str) -> Option<(&str, &str, bool)> {
    let word = word.trim();
    if class::url_password(word.as_bytes()).is_some() {
        return Some(("URL", word, true));
    }
    let (name, value) = word.split_once('=').or_else(|| word.split_once(": "))?;
    // What base64 is filled up with is no assignment.
    if word.ends_with('=') && value.trim_end_matches('=').is_empty() {
        return None;
    }
    let (flag, name) = (name.starts_with('-'), name.trim().trim_start_matches('-'));
    let name = name.strip_prefix('D').filter(|_| word.starts_with("-D")).unwrap_or(name);
    // `gitlab_rails['smtp_password'] = 'x'`
    let quotes = ['\'', '"', '[', ']', ' '];
    let name = name.trim_end_matches(quotes).rsplit(quotes).next().unwrap_or(name);
    let name = if flag && FLAGS.contains(&name) { PASSWORD } else { setting(name).unwrap_or(name) };
    Some((name, value.trim_matches([' ', '"', '\'', ',', ';']), true))
}

/// `--name value`, `requirepass value`. Of a flag that nobody knows what stands behind it may be another argument.
fn of_flag<'a>(before: &'a str, word: &'a str) -> Option<(&'a str, &'a str, bool)> {
    let flag = before.strip_prefix('-').filter(|flag| !flag.contains('='))?;
    let name = flag.trim_start_matches('-');
    if word.is_empty() || word.starts_with(['-', '/', '.', '<', '%']) || name.starts_with("no-") {
        return None;
    }
    match FLAGS.contains(&name) {
        true => Some((PASSWORD, word, true)),
        // A letter says nothing.
        false => (name.len() > 1).then_some((name, word, false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(line: &str) -> Vec<String> {
        let words: Vec<&str> = line.split(' ').collect();
        given(&words)
            .iter()
            .map(|one| format!("{}={}{}", one.name, one.value, if one.is_sure { "" } else { "?" }))
            .collect()
    }

    #[test]
    fn flags_of_programs() {
        let table = [
            ("CMD redis-cli -a x ping", "PASSWORD=x"),
            ("/usr/bin/mariadb-admin ping -uroot -px", "PASSWORD=x"),
            ("curl -fs -u elastic:x http://localhost:9200", "PASSWORD=x"),
            ("smbclient //nas/a -U app%x", "PASSWORD=x"),
            ("docker login -u ci -p x", "PASSWORD=x"),
            ("java -Ddb.password=x -jar a.jar", "db.password=x"),
            ("redis-server --requirepass x", "PASSWORD=x"),
            ("tunnel run --token x", "token=x?"),
            ("echo //registry.npmjs.org/:_authToken=x", "TOKEN=x"),
            ("npm config set //npm.example/:_authToken x", "TOKEN=x"),
            ("yarn config set npmAuthToken x", "TOKEN=x"),
            ("aws configure set aws_secret_access_key x", "aws_secret_access_key=x?"),
            ("echo machine git.example login ci password x", "PASSWORD=x"),
            ("password x", "PASSWORD=x"),
            ("requirepass x", "PASSWORD=x"),
            // base64 ends like an assignment.
            ("redis-server --requirepass eA==", "PASSWORD=eA=="),
            ("app --password eHg=", "PASSWORD=eHg="),
            ("tunnel run --token eHg=", "token=eHg=?"),
            ("curl -H Authorization: Bearer eHg=", "TOKEN=eHg=?"),
            ("app --password=eHg=", "PASSWORD=eHg="),
            ("curl -H X-API-Key: x", "X-API-Key=x?"),
            ("echo root:x | chpasswd", "PASSWORD=x"),
        ];
        for (line, expected) in table {
            assert!(values(line).iter().any(|one| one == expected), "{line}: {:?}", values(line));
        }
    }

    #[test]
    fn settings_in_the_words_of_other_languages() {
        let named = |line| of_word(line).map(|(name, value, _)| (name, value));
        assert_eq!(named("gitlab_rails['smtp_password'] = 'x'"), Some(("smtp_password", "x")));
        assert_eq!(named("config[\"db\"][\"password\"] = \"x\";"), Some(("password", "x")));
        assert_eq!(named("\"password\": \"x\","), Some(("password", "x")));
        assert_eq!(named("eHg="), None);
    }

    #[test]
    fn letters_of_others() {
        for line in [
            "serve -p 8080 -a 0.0.0.0",
            "mysql -p db",
            "redis-cli -h cache && ls -a x",
            "tar -p x",
            "a --no-token x",
            "read the password x",
            "host: x",
        ] {
            assert_eq!(values(line), [""; 0], "{line}");
        }
    }
}
