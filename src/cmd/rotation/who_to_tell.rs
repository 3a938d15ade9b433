//! Who has to be told a new value, and how: the server of a compose stack that has the old one, and the services that
//! read it.

use super::files::is_one_secret;
use super::rotate::Case;
use super::tell::redis_user;
use crate::cmd::compose;
use crate::docker::compose::Service;
use crate::env::{Document, Dollar, Key, Quote, is_plain};
use crate::path::RelPath;
use crate::project::{Engine, ReadPlace, Server};
use crate::rotation::address::addresses;
use crate::rotation::steps::{Kind, Means};
use crate::rotation::value_places::Form;
use crate::secret::Secret;
use crate::shell::for_shell;
use crate::system::System;

/// A server that has the old password.
pub(super) struct Told<'a> {
    service: Service<'a>,
    pub(super) engine: Engine,
    /// The users that it is started with, the one with this password first.
    users: Vec<Vec<u8>>,
}

impl<'a> Told<'a> {
    fn of(server: &Server<'a>, old: &Secret) -> Option<Self> {
        let (with, without): (Vec<_>, Vec<_>) = server.accounts.iter().partition(|account| account.password.ct_eq(old));
        let users = with.iter().chain(&without).map(|account| account.user.clone()).collect();
        (!with.is_empty()).then_some(Self { service: server.service, engine: server.engine, users })
    }

    /// Whose password it is.
    pub(super) fn user(&self) -> Option<&[u8]> {
        self.users.first().map(Vec::as_slice)
    }
}

impl Case<'_> {
    /// The server of a stack that is started with the old value, else the one that a URL with it leads to.
    pub(super) fn told(&self) -> Option<Told<'_>> {
        let project = &self.survey.project;
        let stacks = compose::gravest(project.stacks.iter().collect(), |stack| *stack);
        let servers: Vec<Server<'_>> = stacks.iter().flat_map(|stack| project.servers(stack)).collect();
        if let Some(told) = servers.iter().find_map(|server| Told::of(server, &self.found.value)) {
            return Some(told);
        }
        let hosts: Vec<Vec<u8>> =
            self.urls().flat_map(|url| addresses(bytes(url))).filter_map(|address| address.host).collect();
        let is_host = |service: &Service<'_>| {
            service.hosts().iter().any(|name| hosts.iter().any(|host| host.eq_ignore_ascii_case(name.as_bytes())))
        };
        let mut services = stacks.iter().flat_map(|stack| stack.services()).filter(is_host);
        services.find_map(|service| Some(Told { engine: Engine::of(&service)?, service, users: Vec::new() }))
    }

    /// What the steps need to know.
    pub(super) fn means(&self, kind: Kind, system: &System) -> Means {
        let root = &self.survey.located.root;
        let told = self.told();
        let exec = told.as_ref().map(|told| {
            let compose = compose::command(told.service.stack, root, system);
            format!("{compose} exec -T {}", for_shell(&RelPath::from(told.service.name())))
        });
        Means {
            exec,
            superuser: told.as_ref().and_then(|told| superuser(self, told)),
            user: self.user_of(kind),
            is_role_open: matches!(kind, Kind::Postgres | Kind::Mariadb) && self.role(None).is_err(),
            in_use: self.in_use(),
            recreate: self.recreate(system),
            inspect: self.inspect(system),
            is_exposed: self.is_exposed(),
            next_role: None,
        }
    }

    /// The user for whom a client of the server asks.
    fn user_of(&self, kind: Kind) -> Option<String> {
        let user = match kind {
            Kind::Redis => redis_user(self, None).ok().filter(|user| user != "default"),
            Kind::Mariadb => self.role(None).ok(),
            _ => None,
        };
        Some(for_shell(&RelPath::from(user?.as_str())))
    }

    /// The commands that make every container again which has the value.
    pub(super) fn recreate(&self, system: &System) -> Vec<String> {
        compose::recreate(&self.survey.project, &self.read_places(), &self.survey.located.root, system)
    }

    /// The commands that print `docker inspect` of the stacks whose containers have the value.
    fn inspect(&self, system: &System) -> Vec<String> {
        let (project, root) = (&self.survey.project, &self.survey.located.root);
        let stacks = compose::gravest(project.readers(&self.read_places()), |readers| readers.stack);
        let command = |stack| format!("{} ps -q | xargs docker inspect", compose::command(stack, root, system));
        stacks.iter().map(|readers| command(readers.stack)).collect()
    }

    /// Where the value stands, as its readers read it.
    fn read_places(&self) -> Vec<ReadPlace> {
        let files = &self.survey.project.files;
        let has_reference = |path: &RelPath| {
            let document = files.iter().find(|file| file.path == *path).and_then(|file| file.document.as_ref());
            document.is_some_and(|document| document.assignments().iter().any(|one| one.dollar == Dollar::Reference))
        };
        // A key that is made of others changes with them, and of a file behind `secrets:` all is read.
        let place = |(path, key): (&RelPath, Option<&Key>)| -> ReadPlace {
            let is_whole = is_one_secret(self.survey, path) || has_reference(path);
            (path.clone(), key.filter(|_| !is_whole).cloned())
        };
        let own = (&self.status.file, Some(&self.status.key));
        let places = self.places.iter().map(|one| (&one.file, one.key.as_ref())).chain([own]).map(place);
        places.collect()
    }

    /// The password in use, as a shell takes it out of the env file: where it is there without quotes.
    fn in_use(&self) -> Option<String> {
        let document: &Document = self.file.document.as_ref()?;
        let key = &self.status.key;
        let index = document.find(key)?;
        let own = document.assignments().get(index)?;
        let is_whole =
            self.places.iter().any(|one| one.file == self.status.file && one.index == index && one.form == Form::Whole);
        let is_bare =
            own.quote == Quote::Bare && !own.export && is_plain(&own.value) && document.places(key.as_str()).len() == 1;
        let path = self.survey.report.shell_path(&self.status.file);
        (is_whole && is_bare).then(|| format!("\"$(sed -n 's/^{key}=\\([^[:space:]]*\\).*/\\1/p' {path})\""))
    }
}

/// The user that may change passwords: of PostgreSQL's image it is the one that the container is started with.
fn superuser(case: &Case<'_>, told: &Told<'_>) -> Option<String> {
    let given = case.survey.project.given(&told.service);
    let said = ["POSTGRES_USER", "POSTGRESQL_USERNAME"].iter().find_map(|key| given.get(*key));
    let user = said.map_or_else(|| b"postgres".to_vec(), |one| bytes(&one.value).to_vec());
    (told.engine == Engine::Postgres && !user.is_empty()).then(|| for_shell(&RelPath::new(user)))
}

#[expect(clippy::disallowed_methods, reason = "users and hosts are compared")]
fn bytes(secret: &Secret) -> &[u8] {
    secret.expose()
}
