//! What enables the authentication of a service: what each image needs, and what a service has.

use crate::docker::compose::{Location, MountKind, Service};
use crate::docker::image::Reference;
use crate::env::Document;
use crate::project::Project;
use crate::secret::placeholder;
use crate::secret::strength::{self, Strength};

/// Whether the authentication of this kind of service is known here.
pub(crate) fn is_judged(service: &Service<'_>) -> bool {
    service.image_name().is_some_and(|name| judge_of(&name).is_some())
}

/// What is missing so that a service of this image asks for authentication; `None` if nothing is missing.
pub(crate) fn missing(service: Service<'_>, name: &str, project: &Project) -> Option<&'static str> {
    let view = View { documents: documents(&service, project), service };
    judge_of(name).and_then(|judge| judge(&view)).or_else(|| allows_empty(&view))
}

fn judge_of(name: &str) -> Option<Judge> {
    FAMILIES.iter().find(|(names, _)| names.contains(&name)).map(|(_, judge)| *judge)
}

/// What is missing, if anything is.
type Judge = fn(&View<'_>) -> Option<&'static str>;

/// Image names, and the function that examines them.
const FAMILIES: [(&[&str], Judge); 16] = [
    // grafana.com/docs/grafana, "Configure Grafana": admin_password, auth.anonymous.
    (&["grafana", "grafana-oss", "grafana-enterprise"], grafana),
    // elastic.co/docs, "Security settings in Elasticsearch": xpack.security.enabled.
    (&["elasticsearch"], elasticsearch),
    // docs.opensearch.org, "Disabling and enabling the Security plugin".
    (&["opensearch"], |view| {
        let off = ["DISABLE_SECURITY_PLUGIN", "plugins.security.disabled"].iter().any(|key| view.is(key, "true"));
        off.then_some("the security plugin")
    }),
    // prometheus.io/docs/prometheus/latest/configuration/https: --web.config.file.
    (&["prometheus", "alertmanager", "node-exporter"], |view| {
        (!view.has_word("web.config.file")).then_some("--web.config.file")
    }),
    // redis.io/docs, "Redis security": requirepass, and ACLs.
    (&["redis", "redis-stack-server", "valkey", "keydb"], redis),
    // hub.docker.com/_/mongo, "Authentication"; hub.docker.com/r/bitnami/mongodb.
    (&["mongo", "mongodb"], |view| {
        let has = ["MONGO_INITDB_ROOT_PASSWORD", "MONGO_INITDB_ROOT_PASSWORD_FILE", "MONGODB_ROOT_PASSWORD"];
        (!has.iter().any(|key| view.is_set(key)) && !view.has_word("--auth") && !view.has_word("--keyFile"))
            .then_some("MONGO_INITDB_ROOT_PASSWORD")
    }),
    // min.io/docs, "Core settings": MINIO_ROOT_PASSWORD; without it both have well-known default values.
    (&["minio"], |view| {
        let has = ["MINIO_ROOT_PASSWORD", "MINIO_ROOT_PASSWORD_FILE", "MINIO_SECRET_KEY"];
        (!has.iter().any(|key| view.is_set(key))).then_some("MINIO_ROOT_PASSWORD")
    }),
    // hub.docker.com/_/mongo-express: ME_CONFIG_BASICAUTH_PASSWORD.
    (&["mongo-express"], |view| {
        let has = ["ME_CONFIG_BASICAUTH_PASSWORD", "ME_CONFIG_BASICAUTH_PASSWORD_FILE"];
        (!has.iter().any(|key| view.is_set(key))).then_some("ME_CONFIG_BASICAUTH_PASSWORD")
    }),
    // rabbitmq.com/docs/access-control: the default user is guest, and so is its password.
    (&["rabbitmq"], |view| {
        let missing = !view.is_set("RABBITMQ_DEFAULT_PASS") || view.is("RABBITMQ_DEFAULT_PASS", "guest");
        (missing && !view.is_set("RABBITMQ_DEFAULT_PASS_FILE") && !view.mounts("rabbitmq"))
            .then_some("RABBITMQ_DEFAULT_PASS")
    }),
    // hub.docker.com/_/postgres: POSTGRES_HOST_AUTH_METHOD.
    (&["postgres", "postgis", "timescaledb", "pgvector"], |view| {
        view.is("POSTGRES_HOST_AUTH_METHOD", "trust").then_some("POSTGRES_HOST_AUTH_METHOD other than trust")
    }),
    (&["mysql", "mariadb"], mysql),
    // doc.traefik.io/traefik/operations/api: "insecure: enable the API directly on the entry point".
    (&["traefik"], |view| {
        let by_flag = ["--api.insecure", "--api.insecure=true"].iter().any(|flag| view.has_argument(flag));
        (by_flag || view.is_yes("TRAEFIK_API_INSECURE")).then_some("--api.insecure=false")
    }),
    // neo4j.com/docs/operations-manual/current/docker/introduction: NEO4J_AUTH.
    (&["neo4j"], |view| view.is("NEO4J_AUTH", "none").then_some("NEO4J_AUTH other than none")),
    // meilisearch.com/docs: without a master key no request is refused.
    (&["meilisearch"], |view| {
        let has = view.is_set("MEILI_MASTER_KEY") || view.has_word("--master-key") || view.mounts("config.toml");
        (!has).then_some("MEILI_MASTER_KEY")
    }),
    // qdrant.tech/documentation/guides/security: "by default, all self-deployed Qdrant instances are not secure".
    (&["qdrant"], |view| {
        let has = view.is_set("QDRANT__SERVICE__API_KEY") || view.mounts("qdrant/config");
        (!has).then_some("QDRANT__SERVICE__API_KEY")
    }),
    // github.com/joeferner/redis-commander: HTTP_USER and HTTP_PASSWORD.
    (&["redis-commander"], |view| {
        let has = ["HTTP_PASSWORD", "HTTP_PASSWORD_FILE", "HTTP_PASSWORD_HASH", "HTTP_PASSWORD_HASH_FILE"];
        (!has.iter().any(|key| view.is_set(key))).then_some("HTTP_PASSWORD")
    }),
];

/// From this version security is enabled by default: Elasticsearch's guide, "security by default".
const SECURED: u64 = 8;

fn elasticsearch(view: &View<'_>) -> Option<&'static str> {
    let image = view.service.text(&["image"])?;
    let tag = Reference::of(image).tag.unwrap_or_default();
    let is_old = tag.split('.').next().and_then(|major| major.parse::<u64>().ok()).is_some_and(|major| major < SECURED);
    let off = view.is("xpack.security.enabled", "false")
        || is_old && !view.is_set("xpack.security.enabled") && !view.mounts("elasticsearch.yml");
    off.then_some("xpack.security.enabled=true")
}

/// The variable by which images allow a server without a password (Bitnami's containers).
fn allows_empty(view: &View<'_>) -> Option<&'static str> {
    view.is_yes("ALLOW_EMPTY_PASSWORD").then_some("ALLOW_EMPTY_PASSWORD=no")
}

fn grafana(view: &View<'_>) -> Option<&'static str> {
    if view.is_yes("GF_AUTH_ANONYMOUS_ENABLED") {
        return Some("GF_AUTH_ANONYMOUS_ENABLED=false");
    }
    let has_file = view.is_set("GF_SECURITY_ADMIN_PASSWORD__FILE") || view.mounts("grafana.ini");
    if view.is_weak("GF_SECURITY_ADMIN_PASSWORD") {
        return Some("a strong GF_SECURITY_ADMIN_PASSWORD");
    }
    let missing = !view.is_set("GF_SECURITY_ADMIN_PASSWORD") && !has_file;
    (missing && !view.is_yes("GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION")).then_some("GF_SECURITY_ADMIN_PASSWORD")
}

/// hub.docker.com/_/mysql and hub.docker.com/_/mariadb: the variables that allow an empty password. Their entry points ask
/// whether one is empty (`[ -z "$MYSQL_ALLOW_EMPTY_PASSWORD" ]`), so `no` allows it, too.
fn mysql(view: &View<'_>) -> Option<&'static str> {
    let allowed = ["MYSQL_ALLOW_EMPTY_PASSWORD", "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "MARIADB_ALLOW_EMPTY_PASSWORD"];
    let passwords = [
        "MYSQL_ROOT_PASSWORD",
        "MYSQL_ROOT_PASSWORD_FILE",
        "MYSQL_RANDOM_ROOT_PASSWORD",
        "MARIADB_ROOT_PASSWORD",
        "MARIADB_ROOT_PASSWORD_FILE",
        "MARIADB_ROOT_PASSWORD_HASH",
        "MARIADB_RANDOM_ROOT_PASSWORD",
    ];
    let has = |keys: &[&str]| keys.iter().any(|key| view.is_set(key));
    (has(&allowed) && !has(&passwords)).then_some("a root password")
}

fn redis(view: &View<'_>) -> Option<&'static str> {
    let set = ["REDIS_PASSWORD", "REDIS_PASSWORD_FILE", "VALKEY_PASSWORD", "VALKEY_PASSWORD_FILE", "REDIS_ARGS"];
    let by_image = view.owner_is("bitnami") || view.owner_is("bitnamilegacy") || view.has_name("redis-stack-server");
    let on = view.has_word("requirepass") && !view.has_empty("requirepass")
        || view.has_word("aclfile")
        || by_image && set.iter().any(|key| view.is_set(key));
    (!on && !view.mounts(".conf") && !view.has_word(".conf")).then_some("--requirepass")
}

/// The service's env files, the last one first; `None` where one of them was not read, and anything may be in it.
fn documents<'a>(service: &Service<'_>, project: &'a Project) -> Option<Vec<&'a Document>> {
    let mut documents = Vec::new();
    for file in service.env_files() {
        let Location::Below(path) = file.location else { return None };
        let found = project.files.iter().find(|known| known.path == path)?;
        documents.push(found.document.as_ref()?);
    }
    documents.reverse();
    Some(documents)
}

/// The settings of a service.
struct View<'a> {
    service: Service<'a>,
    documents: Option<Vec<&'a Document>>,
}

impl View<'_> {
    /// The text before and after interpolation: a variable that is not defined here may be on the host.
    #[expect(clippy::disallowed_methods, reason = "compared with known words")]
    fn value(&self, key: &str) -> Option<Vec<u8>> {
        if let Some(entry) = self.service.environment().iter().find(|entry| entry.key.as_str() == key) {
            let Some(scalar) = entry.node.scalar() else {
                return Some(
                    self.service.stack.variables.get(key).map_or(b"${?}".to_vec(), |value| value.expose().to_vec()),
                );
            };
            let is_open = scalar.value.as_str().is_empty() && scalar.is_open();
            return Some(if is_open { b"${?}".to_vec() } else { scalar.value.as_str().as_bytes().to_vec() });
        }
        for document in self.documents.iter().flatten() {
            if let Some(assignment) = document.places(key).last().and_then(|index| document.assignments().get(*index)) {
                return Some(assignment.value.expose().to_vec());
            }
        }
        // An env file that was not read may say anything.
        self.documents.is_none().then(|| b"${?}".to_vec())
    }

    fn is_set(&self, key: &str) -> bool {
        self.value(key).is_some_and(|value| !value.is_empty())
    }

    fn is(&self, key: &str, word: &str) -> bool {
        self.value(key).is_some_and(|value| value.eq_ignore_ascii_case(word.as_bytes()))
    }

    fn is_yes(&self, key: &str) -> bool {
        ["1", "true", "yes", "on"].iter().any(|word| self.is(key, word))
    }

    fn is_weak(&self, key: &str) -> bool {
        let open = |value: &Vec<u8>| value.starts_with(b"$");
        self.value(key)
            .filter(|value| !open(value))
            .is_some_and(|value| strength::of(&value) == Strength::Weak || placeholder::of_key(key, &value).is_some())
    }

    fn has_argument(&self, argument: &str) -> bool {
        ["command", "entrypoint"].iter().any(|key| self.service.words(key).iter().any(|word| word == argument))
    }

    /// Whether the word after this option is empty: `--requirepass ''`.
    fn has_empty(&self, flag: &str) -> bool {
        let words = self.service.words("command");
        words.windows(2).any(|pair| matches!(pair, [before, word] if before.ends_with(flag) && word.is_empty()))
    }

    fn has_word(&self, part: &str) -> bool {
        ["command", "entrypoint"].iter().any(|key| self.service.words(key).iter().any(|word| word.contains(part)))
    }

    /// Whether a file or directory with this text in its name is mounted.
    fn mounts(&self, part: &str) -> bool {
        let configs = self.service.at(&["configs"]).is_some();
        let has = |text: &str| text.contains(part);
        configs || self.service.mounts().iter().any(|mount| has(&mount.target) && mount.kind == MountKind::Bind)
    }

    fn owner_is(&self, owner: &str) -> bool {
        self.service.text(&["image"]).is_some_and(|image| image.split('/').any(|part| part == owner))
    }

    fn has_name(&self, name: &str) -> bool {
        self.service.image_name().is_some_and(|image| image == name)
    }
}
