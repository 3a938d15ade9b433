//! The database servers that have the old password, and the users whose password it is there. Each has to be told the new
//! one, and each has to show that it refuses the old one.

use super::files::alike;
use super::rotate::Case;
use crate::cmd::compose;
use crate::docker::compose::{Node, Service, Stack};
use crate::env::{Document, Dollar, Key};
use crate::project::Engine;
use crate::rotation::address::{Address, addresses, has_password};
use crate::rotation::evidence;
use crate::rotation::steps::{Kind, evidence_of_server};
use crate::rotation::value_places::Form;
use crate::rotation::{beside, host_of, user_of};
use crate::secret::Secret;
use crate::secret::class::{self, Class};

/// A server that has the old password.
#[derive(Debug)]
pub(super) struct Server<'a> {
    pub(super) kind: Kind,
    /// Its service; `None` outside the stacks of the project.
    pub(super) service: Option<Service<'a>>,
    host: Option<Vec<u8>>,
    /// Whose password it is; empty if nothing says it.
    pub(super) users: Vec<Vec<u8>>,
    /// Its name in a command and in the ledger, which no other server has.
    pub(super) name: String,
    /// Whether only the name of the key says what it is.
    pub(super) is_guessed: bool,
}

/// One sign of a server: an account that it is started with, an address, or settings beside the key.
struct Sign<'a> {
    kind: Option<Kind>,
    at: At<'a>,
    user: Option<Vec<u8>>,
}

/// Where a sign points.
enum At<'a> {
    Service(Service<'a>),
    Host(Vec<u8>),
    /// Nowhere, or to this host, on which any of the servers may be.
    Open,
}

impl Server<'_> {
    /// The evidence by which it shows that it refuses the old value.
    pub(super) fn evidence(&self) -> Option<evidence::Kind> {
        evidence_of_server(self.kind)
    }

    /// Whether a sign of this kind can be of this server: URLs of MySQL lead to MariaDB, too.
    fn is(&self, kind: Kind) -> bool {
        self.kind == kind || self.evidence().is_some() && self.evidence() == evidence_of_server(kind)
    }

    fn has(&self, user: &[u8]) -> bool {
        self.users.iter().any(|known| known == user)
    }

    /// The server and its users, as a person reads them: `app-db: app, report`.
    pub(super) fn shown(&self) -> String {
        self.shown_with(&self.users)
    }

    pub(super) fn shown_with(&self, users: &[Vec<u8>]) -> String {
        let users: Vec<String> = users.iter().map(|user| crate::text::sanitize(user)).collect();
        match users.is_empty() {
            true => self.name.clone(),
            false => format!("{}: {}", self.name, users.join(", ")),
        }
    }
}

/// The servers with the old password, those that the key speaks of first.
pub(super) fn find<'a>(case: &Case<'a>) -> Vec<Server<'a>> {
    let base = case.kind_by_name();
    let stacks = case.stacks();
    let mut found: Vec<Server<'a>> = Vec::new();
    let signs = accounts(case, &stacks).into_iter().chain(of_addresses(case, &stacks)).chain(settings(case, &stacks));
    signs.for_each(|sign| add(&mut found, sign, base));
    if found.is_empty() && evidence_of_server(base).is_some() {
        let user = case.file.document.as_ref().and_then(|document| user_of(document, case.status.key.as_str()));
        add(&mut found, Sign { kind: None, at: At::Open, user }, base);
    }
    found.sort_by_key(|server| !server.is(base));
    let is_free = |name: &String| case.survey.report.mask.is_free(name) && case.past.is_free(name);
    name(&mut found, &is_free);
    found
}

fn add<'a>(found: &mut Vec<Server<'a>>, sign: Sign<'a>, base: Kind) {
    let fits = |server: &Server<'_>| match sign.kind {
        Some(kind) => server.is(kind),
        // A database of any kind; an address of Redis is that of a cache.
        None => server.kind != Kind::Redis || server.service.is_some(),
    };
    let known = match &sign.at {
        At::Service(service) => found.iter().position(|one| one.service.is_some_and(|known| are_same(&known, service))),
        At::Host(host) => found.iter().position(|one| one.host.as_ref() == Some(host) && fits(one)),
        At::Open => {
            let has = |one: &Server<'_>| sign.user.as_ref().is_none_or(|user| one.has(user));
            let wanted = sign.kind.unwrap_or(base);
            found.iter().position(|one| fits(one) && has(one)).or_else(|| found.iter().position(|one| one.is(wanted)))
        }
    };
    let server = match known.and_then(|index| found.get_mut(index)) {
        Some(server) => server,
        None => {
            let (service, host) = match sign.at {
                At::Service(service) => (Some(service), None),
                At::Host(host) => (None, Some(host)),
                At::Open => (None, None),
            };
            let kind = sign.kind.unwrap_or(base);
            let is_guessed = sign.kind.is_none();
            found.push(Server { kind, service, host, users: Vec::new(), name: String::new(), is_guessed });
            let Some(server) = found.last_mut() else { return };
            server
        }
    };
    server.is_guessed &= sign.kind.is_none();
    server.users.extend(sign.user.filter(|user| !server.has(user)));
}

/// Whether two services are one container: the same name in stacks of one project of Compose.
fn are_same(one: &Service<'_>, other: &Service<'_>) -> bool {
    one.name() == other.name() && compose::is_one_project(one.stack, other.stack)
}

/// The accounts with which servers are started. A weak password is that of a server which reads one of the places.
fn accounts<'a>(case: &Case<'a>, stacks: &[&'a Stack]) -> Vec<Sign<'a>> {
    let (project, old) = (&case.survey.project, case.old());
    let readers = project.readers(&case.read_places());
    let reads = |service: &Service<'_>| {
        let of_stack = readers.iter().filter(|one| compose::is_one_project(one.stack, service.stack));
        of_stack.flat_map(|one| &one.services).any(|name| *name == service.name())
    };
    let mut found = Vec::new();
    for server in stacks.iter().flat_map(|stack| project.servers(stack)) {
        let is_meant = !old.is_weak() || reads(&server.service);
        for account in server.accounts.iter().filter(|one| is_meant && one.password.ct_eq(old.value)) {
            let (kind, at) = (Some(kind_of(server.engine)), At::Service(server.service));
            found.push(Sign { kind, at, user: Some(account.user.clone()) });
        }
    }
    found
}

/// The addresses with the password: in the env files, also where it is a reference, and in the services of the stacks.
fn of_addresses<'a>(case: &Case<'a>, stacks: &[&'a Stack]) -> Vec<Sign<'a>> {
    let old = case.old();
    let mut found = Vec::new();
    for file in alike(case.survey, case.file) {
        // A stack that reads the file knows its hosts.
        let mut stacks = stacks.to_vec();
        stacks.sort_by_key(|stack| !stack.reads(&file.path));
        for assignment in file.document.iter().flat_map(Document::assignments) {
            let text = open(&assignment.value);
            let follows = assignment.dollar == Dollar::Reference;
            let with = addresses(text).into_iter().filter(|one| has_password(text, one, open(old.value)));
            let with = with.filter(|one| !old.is_weak() || follows || old.owner.owns(one));
            found.extend(with.filter_map(|one| of_address(one, &stacks)));
        }
    }
    let keys: Vec<&str> = case.places.iter().filter_map(|place| place.key.as_ref()).map(Key::as_str).collect();
    for stack in stacks {
        let mut texts = Vec::new();
        stack.services().for_each(|service| scalars(service.node, &mut texts));
        for scalar in texts {
            let text = scalar.value.as_str().as_bytes();
            let follows = scalar.variables.iter().any(|one| keys.contains(&one.name.as_str()));
            let with = addresses(text).into_iter().filter(|one| has_password(text, one, open(old.value)));
            found.extend(with.filter(|_| !old.is_weak() || follows).filter_map(|one| of_address(one, &[*stack])));
        }
    }
    found
}

fn scalars<'n>(node: &'n Node, found: &mut Vec<&'n crate::docker::compose::Scalar>) {
    found.extend(node.scalar());
    node.items().iter().for_each(|item| scalars(item, found));
    node.entries().iter().for_each(|entry| scalars(&entry.node, found));
}

/// `None` for an address of something else than a database.
fn of_address<'a>(address: Address, stacks: &[&'a Stack]) -> Option<Sign<'a>> {
    let at = place(address.host.as_deref(), stacks);
    let engine = match &at {
        At::Service(service) => Engine::of(service),
        _ => None,
    };
    let kind = match (&address.scheme, engine) {
        (Some(scheme), Some(engine)) if engine.speaks(scheme) => kind_of(engine),
        (Some(scheme), _) => kind_of_scheme(scheme)?,
        (None, Some(engine)) => kind_of(engine),
        (None, None) => return Some(Sign { kind: None, at, user: address.user }),
    };
    Some(Sign { kind: Some(kind), at, user: address.user })
}

/// The settings beside each key that is the password: `DB_USER` and `DB_HOST`.
fn settings<'a>(case: &Case<'a>, stacks: &[&'a Stack]) -> Vec<Sign<'a>> {
    let mut found = Vec::new();
    for one in case.places.iter().filter(|place| place.form == Form::Whole) {
        let files = &case.survey.project.files;
        let document = files.iter().find(|file| file.path == one.file).and_then(|file| file.document.as_ref());
        let (Some(document), Some(key)) = (document, &one.key) else { continue };
        let name = key.as_str();
        if class::of(name, b"x") != Some(Class::DatabasePassword) {
            continue;
        }
        let mut stacks = stacks.to_vec();
        stacks.sort_by_key(|stack| !stack.reads(&one.file));
        let at = place(host_of(document, name).as_deref(), &stacks);
        found.push(Sign { kind: said_by(name), at, user: user_of(document, name) });
    }
    found
}

/// The service of a host, else the host.
fn place<'a>(host: Option<&[u8]>, stacks: &[&'a Stack]) -> At<'a> {
    const HERE: [&[u8]; 5] = [b"localhost", b"127.0.0.1", b"::1", b"host.docker.internal", b"0.0.0.0"];
    let Some(host) = host.filter(|host| !host.is_empty() && !HERE.contains(host)) else { return At::Open };
    let is_it = |service: &Service<'_>| service.hosts().iter().any(|name| host.eq_ignore_ascii_case(name.as_bytes()));
    let mut services = stacks.iter().flat_map(|stack| stack.services()).filter(is_it);
    services.next().map_or_else(|| At::Host(host.to_vec()), At::Service)
}

fn kind_of(engine: Engine) -> Kind {
    match engine {
        Engine::Postgres => Kind::Postgres,
        Engine::Mysql => Kind::Mysql,
        Engine::Mariadb => Kind::Mariadb,
        Engine::Redis => Kind::Redis,
        Engine::Mongo | Engine::Rabbit => Kind::Service,
    }
}

/// The kind of the database to which URLs of a scheme lead.
fn kind_of_scheme(scheme: &str) -> Option<Kind> {
    let is_database = class::are_of_a_kind(scheme, scheme);
    is_database.then(|| Kind::of(Class::DatabasePassword, "", Some(scheme), false))
}

/// The kind that a key's name says; `None` for a database of any kind.
fn said_by(name: &str) -> Option<Kind> {
    let kind = Kind::of(Class::DatabasePassword, name, None, false);
    let is_said = ["POSTGRES", "POSTGRESQL", "PG", "PGPASSWORD"].iter().any(|word| class::has_word(name, word));
    (kind != Kind::Postgres || is_said).then_some(kind)
}

/// Each server gets its shortest name that is its own. A name that contains a secret is not written down.
fn name(servers: &mut [Server<'_>], is_free: &dyn Fn(&String) -> bool) {
    let of_kind = |server: &Server<'_>| server.evidence().map_or("server", evidence::Kind::word).to_owned();
    let short: Vec<String> =
        servers.iter().map(|server| short(server).filter(is_free).unwrap_or_else(|| of_kind(server))).collect();
    let mut known: Vec<String> = Vec::new();
    for (server, own) in servers.iter_mut().zip(&short) {
        let is_shared = short.iter().filter(|other| *other == own).count() > 1;
        let dir = server.service.filter(|_| is_shared).map(|service| service.stack.dir.to_string()).filter(is_free);
        let whole =
            dir.filter(|dir| !dir.is_empty()).map_or_else(|| own.clone(), |dir| format!("{}/{own}", plain(&dir)));
        let mut name = whole.clone();
        while known.contains(&name) {
            name = format!("{whole}-{}", known.len() + 1);
        }
        known.push(name.clone());
        server.name = name;
    }
}

fn short(server: &Server<'_>) -> Option<String> {
    let of_host = || server.host.as_ref().map(|host| plain(&String::from_utf8_lossy(host)));
    let of_service = server.service.map(|service| plain(service.name()));
    of_service.or_else(of_host)
}

/// A name that a shell, a person and the ledger take as it is.
fn plain(text: &str) -> String {
    let is_plain = |one: char| one.is_ascii_alphanumeric() || "._-/:".contains(one);
    text.chars().map(|one| if is_plain(one) { one } else { '_' }).collect()
}

impl<'a> Case<'a> {
    /// The stacks that read a place of the value; if there is none, all.
    fn stacks(&self) -> Vec<&'a Stack> {
        let project = &self.survey.project;
        let readers = compose::gravest(project.readers(&self.read_places()), |readers| readers.stack);
        match readers.is_empty() {
            true => compose::gravest(project.started().collect(), |stack| *stack),
            false => readers.into_iter().map(|readers| readers.stack).collect(),
        }
    }

    /// What kind of thing is told first.
    pub(super) fn kind(&self) -> Kind {
        let named = self.kind_by_name();
        match (self.status.class, self.servers.first()) {
            (Class::DatabasePassword | Class::Password | Class::Other, Some(server)) => server.kind,
            _ => named,
        }
    }

    /// What the key alone says, with its own URL and the settings beside it.
    fn kind_by_name(&self) -> Kind {
        let (class, key) = (self.status.class, self.status.key.as_str());
        let own = self
            .places
            .iter()
            .find(|place| place.file == self.status.file && place.key.as_ref() == Some(&self.status.key));
        let of_url = own.and_then(|place| self.url_at(place)).and_then(|url| class::url_scheme(open(url)));
        let scheme = of_url.map(str::to_ascii_lowercase).or_else(|| self.is_mysql().then(|| "mysql".to_owned()));
        Kind::of(class, key, scheme.as_deref(), self.file.is_by_hand(self.found))
    }

    /// Whether the settings beside it say MySQL or MariaDB: `DB_CONNECTION=mysql`, `DB_PORT=3306`.
    fn is_mysql(&self) -> bool {
        const ENGINE: [&str; 7] = ["CONNECTION", "ENGINE", "TYPE", "DRIVER", "DIALECT", "CLIENT", "ADAPTER"];
        /// Of both (IANA, `mysql`).
        const PORT: &[u8] = b"3306";
        let value = |word: &str| {
            let found = beside(self.file.document.as_ref()?, self.status.key.as_str(), &[word])?;
            Some(found.to_ascii_lowercase())
        };
        let has = |value: &[u8], name: &str| memchr::memmem::find(value, name.as_bytes()).is_some();
        let mut engines = ENGINE.iter().filter_map(|word| value(word)).peekable();
        match engines.peek() {
            Some(_) => engines.any(|engine| has(&engine, "mysql") || has(&engine, "mariadb")),
            None => value("PORT").is_some_and(|port| port == PORT),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "addresses and passwords are compared")]
fn open(secret: &Secret) -> &[u8] {
    secret.expose()
}
