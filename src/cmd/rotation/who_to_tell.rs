//! Who has to be told a new value, and how: the server of a compose stack that has the old one, and the services that
//! read it.

use super::files::is_one_secret;
use super::rotate::{Case, role_of};
use super::servers::Server;
use super::tell::redis_user;
use crate::cmd::compose;
use crate::env::{Document, Dollar, Key, Quote, is_plain};
use crate::path::RelPath;
use crate::project::ReadPlace;
use crate::rotation::steps::{Kind, Means, Told};
use crate::rotation::value_places::Form;
use crate::secret::Secret;
use crate::shell::for_shell;
use crate::system::System;

impl Case<'_> {
    /// What the steps need to know of the first one who is told.
    pub(super) fn means(&self, kind: Kind, system: &System) -> Means {
        self.told(kind, system).into_iter().next().map(|(_, means)| means).unwrap_or_default()
    }

    /// Everyone who has to be told, and what the steps need to know: first what the key says, then every server.
    pub(super) fn told(&self, kind: Kind, system: &System) -> Vec<Told> {
        let common = Means {
            in_use: self.in_use(),
            recreate: self.recreate(system),
            inspect: self.inspect(system),
            is_exposed: self.is_exposed(),
            ..Means::default()
        };
        let of = |server| {
            self.told_of(server, system).into_iter().map(|means| Means {
                in_use: common.in_use.clone(),
                recreate: common.recreate.clone(),
                inspect: common.inspect.clone(),
                is_exposed: common.is_exposed,
                ..means
            })
        };
        let servers = self.servers.iter().flat_map(|server| of(server).map(|means| (server.kind, means)));
        let mut told: Vec<Told> = servers.collect();
        if told.iter().all(|(known, _)| *known != kind) {
            told.insert(0, (kind, common));
        }
        told
    }

    /// The same once for each user of PostgreSQL, which `\password` needs.
    pub(super) fn by_user(&self, (kind, means): Told) -> Vec<(Told, Option<String>)> {
        let is_it = |server: &&Server<'_>| server.kind == kind && self.label(server, &server.users) == means.label;
        let users = self.servers.iter().find(is_it).map(|server| server.users.clone()).unwrap_or_default();
        let roles: Vec<String> = users.iter().filter_map(|user| role_of(user)).collect();
        match kind == Kind::Postgres && !roles.is_empty() {
            true => roles.into_iter().map(|role| ((kind, means.clone()), Some(role))).collect(),
            false => vec![((kind, means), self.role(None).ok())],
        }
    }

    fn label(&self, server: &Server<'_>, users: &[Vec<u8>]) -> String {
        match self.count_users() > 1 {
            true => format!(" ({})", server.shown_with(users)),
            false => String::new(),
        }
    }

    /// What is known of one server: once, or for each user of MariaDB, who sets its own password.
    fn told_of(&self, server: &Server<'_>, system: &System) -> Vec<Means> {
        let root = &self.survey.located.root;
        let exec = server.service.map(|service| {
            let compose = compose::command(service.stack, root, system);
            format!("{compose} exec -T {}", for_shell(&RelPath::from(service.name())))
        });
        let is_one_of = |fits: &dyn Fn(&Server<'_>) -> bool| self.servers.iter().filter(|one| fits(one)).count() > 1;
        let is_sql = |one: &Server<'_>| matches!(one.kind, Kind::Postgres | Kind::Mariadb);
        let is_several_to_tell = match server.kind {
            Kind::Redis => is_one_of(&|one| one.kind == Kind::Redis),
            _ => is_one_of(&is_sql),
        };
        let option = |is_needed: bool| match is_needed {
            true => format!(" --server {}", server.name),
            false => String::new(),
        };
        let means = |users: &[Vec<u8>], role: Option<&str>| Means {
            exec: exec.clone(),
            superuser: superuser(self, server),
            user: users.first().and_then(|user| self.client_user(server.kind, user)),
            is_role_open: matches!(server.kind, Kind::Postgres | Kind::Mariadb)
                && users.iter().all(|user| role_of(user).is_none()),
            label: self.label(server, users),
            telling: option(is_several_to_tell)
                + &role.map(|role| format!(" --role {}", for_shell(&RelPath::from(role)))).unwrap_or_default(),
            proving: option(is_one_of(&|one| one.evidence() == server.evidence())),
            ..Means::default()
        };
        match server.kind == Kind::Mariadb && server.users.len() > 1 {
            true => {
                let of = |user: &Vec<u8>| means(std::slice::from_ref(user), role_of(user).as_deref());
                server.users.iter().map(of).collect()
            }
            false => vec![means(&server.users, None)],
        }
    }

    /// The user for whom a client of the server asks.
    fn client_user(&self, kind: Kind, user: &[u8]) -> Option<String> {
        let user = match kind {
            Kind::Redis => redis_user(self, std::str::from_utf8(user).ok()).ok().filter(|user| user != "default"),
            Kind::Mariadb => role_of(user),
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
    pub(super) fn read_places(&self) -> Vec<ReadPlace> {
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
fn superuser(case: &Case<'_>, server: &Server<'_>) -> Option<String> {
    let given = case.survey.project.given(server.service.as_ref()?);
    let said = ["POSTGRES_USER", "POSTGRESQL_USERNAME"].iter().find_map(|key| given.get(*key));
    let user = said.map_or_else(|| b"postgres".to_vec(), |one| bytes(&one.value).to_vec());
    (server.kind == Kind::Postgres && !user.is_empty()).then(|| for_shell(&RelPath::new(user)))
}

#[expect(clippy::disallowed_methods, reason = "a user is named")]
fn bytes(secret: &Secret) -> &[u8] {
    secret.expose()
}
