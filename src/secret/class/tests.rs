#![allow(clippy::string_slice, reason = "the tests cut what is ASCII")]

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use proptest::prelude::*;

use super::Class::*;
use super::*;

/// Built here, so that no scanner takes the source for a leak.
fn random_hex() -> String {
    ["9f86d081", "884c7d65", "9a2feaa0", "c55ad015"].concat()
}

/// In both cases, with digits.
fn mixed() -> String {
    ["q7Rz2kVx", "9LmT4wNb", "Yc8Hd1Kp", "3Fs"].concat()
}

fn jwt() -> String {
    let part = |text: &str| Base64UrlUnpadded::encode_string(text.as_bytes());
    format!("{}.{}.{}", part("{\"alg\":\"HS256\"}"), part("{\"sub\":\"ada\"}"), "aB3-dE5_".repeat(4))
}

#[test]
fn no_secrets() {
    let hex = random_hex();
    let table = [
        ("AUTH_RATE", "60/minute"),
        ("OAUTH_TOKEN_URL", "https://example.com/token"),
        ("TOKEN_EXPIRY", "15m"),
        ("ACCESS_TOKEN_EXPIRES_IN", "3600"),
        ("JWT_ALGORITHM", "HS256"),
        ("JWT_SECRET_FILE", "/run/secrets/jwt"),
        ("DB_PASSWORD", "/run/secrets/db"),
        ("TLS_PRIVATE_KEY", "./certs/server.key"),
        ("DB_PASSWORD", "${DB_PASSWORD}"),
        ("DB_PASSWORD", "${DB_PASSWORD:?needed}"),
        ("DATABASE_URL", "postgres://app:${DB_PASSWORD}@db:5432/app"),
        ("DATABASE_URL", "postgres://app@db:5432/app"),
        ("DATABASE_URL", "sqlite:///data/app.db"),
        ("SITE_URL", "https://example.com/@user:x"),
        ("GOPRIVATE", "github.com/company"),
        ("USERNAME", "somebody"),
        ("STRIPE_PUBLIC_KEY", &hex),
        ("STRIPE_PUBLISHABLE_KEY", &hex),
        ("NEXT_PUBLIC_API_KEY", &hex),
        ("VITE_MAPS_TOKEN", &hex),
        ("AWS_ACCESS_KEY_ID", "AKIAABCDEFGHIJKLMNOP"),
        ("S3_ACCESS_KEY", "AKIAABCDEFGHIJKLMNOP"),
        ("GOOGLE_CLIENT_ID", &hex),
        ("PASSWORD_MIN_LENGTH", "12"),
        ("PASSWORD_RESET_URL", "https://example.com"),
        ("SECRET_NAME", "prod/db"),
        ("KEY_PREFIX", "app:"),
        ("KEYBOARD", "us"),
        ("MONKEY", "banana"),
        ("COMPASS", "north"),
        ("BYPASS", "on"),
        ("OLDPWD", "/srv/old"),
        ("COMPAT", "true"),
        ("API_KEY_HEADER", "X-Api-Key"),
        ("PASSWORD_ADMIN_EMAIL", "ada@example.com"),
        ("IMAGE_SHA256", &(hex.clone() + &hex)),
        ("COMMIT", &hex),
        ("RELEASE", &(hex.clone() + "0a1b2c3d")),
        ("PRICE", &format!("price_{hex}")),
        ("TRACE", "9f86d081-884c-4d65-9a2f-c55ad0159a2f"),
        ("FEATURES", "YWxsIG9mIHRoaXMgaXMgdGV4dCB0aGF0IHNvbWVib2R5IHdyb3RlLCBhbmQgbm8ga2V5"),
        ("ADMIN_AUTH", "db:5432"),
        ("OIDC_AUTH", "https://sso.example.com"),
        ("APP_CONFIG", "{\"port\":3000,\"password_url\":\"https://a/b\"}"),
        ("CALLBACK", "https://app.example.com/?token=TOKEN&state=x"),
        ("JWT_KEY", "-----BEGIN PUBLIC KEY-----\\nMIIB\\n-----END PUBLIC KEY-----"),
        ("DB_PASSWORD", "arn:aws:secretsmanager:eu-west-1:1:secret:prod/db"),
        ("DB_PASSWORD", "{cipher}9f86d081884c7d659a2feaa0"),
        ("DSN", "host=db user=app dbname=app"),
        ("COMPOSE_PROJECT_NAME", "app"),
        ("PASS_THROUGH", "yes"),
        ("PWD", "/home/app"),
        ("KEY", "null"),
        ("SORT_KEY", "name"),
        ("DROPBOX_APP_KEY", "some-app"),
        ("CACHE_KEY", "users"),
        ("USE_TOKEN", "true"),
        ("MAX_TOKENS", "4096"),
        ("SALT", "localhost"),
        ("AUTH", "info@example.com"),
        ("GIT_HASH", &hex),
        ("BASIC_AUTH", "true"),
        ("NGINX_BASIC_AUTH", "/etc/nginx/htpasswd"),
        ("IMAGE_DIGEST", &hex),
        ("SENTRY_DSN", &format!("https://{hex}@o1.ingest.sentry.io/2")),
        ("VITE_ERRORS", &format!("https://{hex}@o1.ingest.de.sentry.io/4501")),
        ("ERRORS_DSN", &format!("http://{hex}@errors.example.com:9000/sentry/17")),
        ("GLITCHTIP_URL", &format!("https://{hex}@app.glitchtip.com/3")),
        ("PWD", "/volume1/app"),
        ("OLD_PWD", "/volume1/app"),
        ("PIN", "83650174"),
        ("LED_PIN", "17"),
        ("API_KEY_FINGERPRINT_OLD", &hex),
        ("API_KEY_SUPPLIER", "x"),
        ("SUPABASE_JWKS", "{\"kty\":\"RSA\",\"n\":\"x\"}"),
        ("NEXT_PUBLIC_SESSION", &jwt()),
        ("BRANCH", "sk-translation-of-the-pages"),
        ("MODEL", "hf_base"),
        ("CHANNEL", &format!("12345678a:{}", "aB3-d".repeat(7))),
        ("SOME_KEY", "a1-b2-c3-d4-e5-f6-g7-h8"),
        ("PRICE", &format!("price_{}", mixed())),
        ("TRACE", "9f86D081-884c-4d65-9a2f-c55ad0159a2f"),
        ("SEED_PHRASE", "The quick brown fox jumps over the lazy dog and runs home"),
        ("SEED_PHRASE", &["lamp"; 13].join(" ")),
        ("GRAFANA_AUTH", "admin:abc"),
        ("GRAFANA_AUTH", "two words:hunter22"),
        ("GRAFANA_AUTH", "admin:hunter 22"),
        ("GRAFANA_AUTH", "localhost:3000"),
        ("OAUTH_TOKEN", "https://example.com/token"),
        ("DB_PASSWORD", "/etc/app/password"),
        ("SESSION_SECRET", "15m"),
        ("ACCESS_TOKEN", "1.5 hours"),
        ("SALT", "4096"),
        ("SALT", "my-db.example.com"),
        ("SALT", "10.0.0.1:5432"),
        ("SALT", "info@example.com"),
        ("MIRROR", "https://a-user-with-a-long-name@example.com/x"),
    ];
    for (key, value) in table {
        assert_eq!(of(key, value.as_bytes()), None, "{key}={value}");
    }
}

#[test]
fn secrets() {
    let hex = random_hex();
    let token = "sk_live_".to_owned() + &"a1".repeat(12);
    let hook = "https://hooks.slack.com/services/".to_owned() + &"T0/".repeat(10);
    let table = [
        ("DB_PASSWORD", "postgres", DatabasePassword),
        ("DB_PASSWORD", "", DatabasePassword),
        ("DB_PASSWORD", "changeme", DatabasePassword),
        ("DB_PASSWORD", "null", DatabasePassword),
        ("DB_PASSWORD", "${DB_PASSWORD:-postgres}", DatabasePassword),
        ("DB_PWD", "x", DatabasePassword),
        ("dbPassword", "x", DatabasePassword),
        ("PGPASSWORD", "x", DatabasePassword),
        ("REDIS_PASSWORD_2", "x", DatabasePassword),
        ("POSTGRES_PASSWORD_PROD", "x", DatabasePassword),
        ("NEO4J_AUTH", "neo4j/password", DatabasePassword),
        ("DATABASE_URL", "postgres://app:x@db/app", DatabasePassword),
        ("CELERY_BROKER", "amqp://guest:guest@rabbit:5672//", DatabasePassword),
        ("ConnectionStrings__Default", "Server=db;User Id=sa;Password=x;", DatabasePassword),
        ("SMTP_URL", "smtp://user:x@mail", Password),
        ("SMTP_PASS", "x", Password),
        ("DOOR_PASSWORD", "1234", Password),
        ("GRAFANA_ADMIN_PASSWORD", "admin", Password),
        ("JWT_SECRET", "secret", JwtSecret),
        ("ACCESS_TOKEN_SECRET", "x", JwtSecret),
        ("JWT_SECRET_AUTH_SERVICE", &hex, JwtSecret),
        ("SECRET_KEY_BASE", &hex, SessionSecret),
        ("SESSION_SECRET", "keyboard cat", SessionSecret),
        ("NEXTAUTH_SECRET", "x", SessionSecret),
        ("APP_KEY", "", EncryptionKey),
        ("N8N_ENCRYPTION_KEY", "x", EncryptionKey),
        ("ADMIN_API_KEY", "x", AdminApiKey),
        ("STRIPE_SECRET_KEY", &token, ApiKey),
        ("ANYTHING", &token, ApiKey),
        ("OPENAI_APIKEY", "x", ApiKey),
        ("AWS_SECRET_ACCESS_KEY", &hex, ApiKey),
        ("GITHUB_TOKEN", "x", ApiKey),
        ("ALERTS", &hook, ApiKey),
        ("SENTRY_DSN", &format!("https://{hex}:{hex}@sentry.io/2"), Password),
        ("SENTRY_DSN", &format!("https://{hex}{hex}@o1.ingest.sentry.io/2"), ApiKey),
        ("SENTRY_DSN", &format!("https://{hex}@sentry.io/api/x"), ApiKey),
        ("SENTRY_DSN", &format!("https://{hex}@sentry.io/"), ApiKey),
        ("SENTRY_DSN", &format!("postgres://{hex}@sentry.io/2"), ApiKey),
        ("SENTRY_DSN", &token, ApiKey),
        ("SENTRY_AUTH_TOKEN", &hex, ApiKey),
        ("PACKAGES", &format!("https://{hex}@packages.example.com/2"), ApiKey),
        ("PACKAGES", &format!("https://{hex}@notsentry.io/2"), ApiKey),
        ("ADMIN_PASSWORD_HASH", "x", Hash),
        ("ADMIN", "$2b$12$abcdefghijklmnopqrstuv", Hash),
        ("TLS_KEY", "-----BEGIN PRIVATE KEY-----\\nMII", PrivateKey),
        ("HTTP_BASIC_AUTH", "user:pass", Password),
        ("AZURE_BLOB_ACCOUNT_KEY", "x", ApiKey),
        ("GCP", "{\"type\":\"service_account\",\"private_key\":\"x\"}", PrivateKey),
        ("PASSWORD_SALT", "salt", Other),
        ("MYSQLPASS", "x", DatabasePassword),
        ("FTPPASS", "x", Password),
        ("REDISPWD", "x", DatabasePassword),
        ("LDAPPW", "x", Password),
        ("MASTERKEY", "x", EncryptionKey),
        ("JWTKEY", "x", JwtSecret),
        ("AUTHKEY", &hex, Other),
        ("GITLAB_PAT", "glx", ApiKey),
        ("PASSWORD_ROOT", "x", Password),
        ("PASSWORD_POSTGRES", "x", Password),
        ("API_KEY_OPENAI", "x", ApiKey),
        ("API_KEY_SUPPLIER", &hex, ApiKey),
        ("WEBHOOK_SIGNING", &hex, Other),
        ("REQUEST_HMAC", &hex, Other),
        ("WACHTWOORD", "x", Password),
        ("DB_CONTRASEÑA", "x", DatabasePassword),
        ("MOT_DE_PASSE", "x", Password),
        ("CLAVE", &hex, Other),
        ("GRAFANA_AUTH", "admin:hunter22", Password),
        ("MONKEY", &hex, Other),
        ("SEED_PHRASE", &["lamp"; 12].join(" "), Other),
        ("DSN", "host=db user=app password=x dbname=app", DatabasePassword),
        ("DSN", "host=db password='a b' dbname=app", DatabasePassword),
        ("BLOB", &format!("https://a.blob.core.windows.net/c?sv=2024&sig={hex}%3D"), Password),
        ("UPSTREAM", &format!("https://api.example.com/?access_token={hex}"), Password),
        ("HEADERS", &format!("Authorization=Bearer {hex}"), ApiKey),
        ("ANYTHING", &format!("hvs.{hex}"), ApiKey),
        ("ANYTHING", &format!("sk-{hex}"), ApiKey),
        ("SOME_KEY", &hex, Other),
        ("GITHUB_CLIENT_SECRET", "123", ApiKey),
        ("APP_SIGNING_SECRET", "x", Other),
        ("ADMIN_TOKEN", "x", AdminApiKey),
        ("SSH_PRIVATE_KEY", "x", PrivateKey),
        ("SESSION_KEY", "x", SessionSecret),
        ("URL_SIGNING_KEY", "x", Other),
        ("HSM_PIN", "83650174", Password),
        ("HTTP_BASIC_AUTH", "x", Password),
        ("GRAFANA_AUTH", "admin:abcd", Password),
        ("GRAFANA_AUTH", "admin:1234567", Password),
        ("ANYTHING", &jwt(), ApiKey),
        ("ANYTHING", "{\"kty\":\"RSA\",\"d\":\"x\"}", PrivateKey),
        ("ANYTHING", &Base64::encode_string(b"-----BEGIN PRIVATE KEY-----\nMII"), PrivateKey),
        ("ANYTHING", &format!("123456789:{}", "aB3-d".repeat(7)), ApiKey),
        // Eight characters, and a dash: no UUID, and no `price_…`.
        ("ANYTHING", &format!("{}-{}", &mixed()[..8], mixed()), Other),
        ("SOME_KEY", &mixed().to_uppercase(), Other),
        ("DATABASE_URL", "postgresql+asyncpg://app:x@db/app", DatabasePassword),
        ("DATABASE_URL", "psql://app:x@db/app", DatabasePassword),
        ("RESULT_BACKEND", "db+mysql://app:x@db/app", DatabasePassword),
        ("SPRING_R2DBC_URL", "r2dbc:pool:postgresql://app:x@db/app", DatabasePassword),
        ("SPRING_URL", "jdbc:mysql:loadbalance://app:x@db/app", DatabasePassword),
        ("EMAIL_URL", "smtp+tls://app:x@mail.example.com:587", Password),
        ("MIRROR", &format!("https://ghp_{}@github.com/a/b", "abcdefgh".repeat(3)), ApiKey),
        ("ERRORS_DSN", "https://a-user-with-a-long-name@errors.example.com/2", ApiKey),
        // What is a setting under a doubtful name may be a bad password, or a good one that looks like a setting.
        ("DB_PASSWORD", "15m", DatabasePassword),
        ("DB_PASSWORD", "see https://example.com", DatabasePassword),
        ("DB_PASSWORD", "/q7Rz/kVx", DatabasePassword),
        ("GITHUB_TOKEN", "twenty_characters_00", ApiKey),
        ("SALT", "83650174", Other),
        ("SALT", "pass.w$rd", Other),
        ("SALT", "p@ss", Other),
        ("SALT", &["aB3"; 26].join("."), Other),
    ];
    for (key, value, class) in table {
        assert_eq!(of(key, value.as_bytes()), Some(class), "{key}={value}");
    }
}

#[test]
fn lengths() {
    let (half, whole) = (random_hex().repeat(2), random_hex().repeat(4));
    let long = "aB3-".repeat(22);
    let table = [
        (DatabasePassword, half.as_str(), true),
        (DatabasePassword, &random_hex(), false),
        (JwtSecret, &whole, true),
        (JwtSecret, &half, false),
        (JwtSecret, &long, true),
        (JwtSecret, "-----BEGIN PRIVATE KEY-----", true),
        (SessionSecret, &half, true),
        (SessionSecret, &random_hex(), false),
        (EncryptionKey, long.get(..32).unwrap(), true),
        (AdminApiKey, "short", false),
        (Password, "exactly-sixteen!", true),
        (Password, "too-short", false),
        (ApiKey, "x", true),
    ];
    for (class, value, enough) in table {
        assert_eq!(length(class, value.as_bytes()) == Length::Enough, enough, "{class:?}");
    }
}

#[test]
fn the_length_that_is_asked_of_a_jwt_secret() {
    let cases = [
        (random_hex().repeat(2), "64 bytes, which are 128 hex digits: 64 hex digits are 32 bytes"),
        (random_hex(), "64 bytes, as 128 hex digits"),
        ("hunter2".to_owned(), "64 bytes, as 128 hex digits or 86 characters of base64"),
    ];
    for (value, need) in cases {
        assert_eq!(length(JwtSecret, value.as_bytes()), Length::Short { need });
    }
}

#[test]
fn a_new_secret_is_long_enough_and_its_word_names_its_class() {
    for class in Class::ALL {
        let digits = usize::try_from(class.bytes()).unwrap() * 2;
        assert_eq!(length(class, &random_hex().repeat(4).as_bytes()[..digits]), Length::Enough, "{class:?}");
        assert_eq!(Class::from_word(class.word()), Some(class));
    }
    assert_eq!(Class::from_word("secret"), None);
}

#[test]
fn what_a_value_is_by_itself() {
    let bcrypt = "$2b$12$".to_owned() + &"a".repeat(53);
    let (digest, token) = (random_hex().repeat(2), "sk_live_".to_owned() + &"a1".repeat(12));
    for (value, class, is_like_a_hash) in [
        (bcrypt.as_str(), Some(Hash), true),
        (&format!(" {bcrypt} "), Some(Hash), true),
        // A line that htpasswd writes, and the same as it is written for Compose.
        (&format!("admin:{bcrypt}"), Some(Hash), true),
        (&format!("admin:{bcrypt}").replace('$', "$$"), Some(Hash), true),
        ("admin:hunter2", None, false),
        (&token, Some(ApiKey), false),
        (&format!("${{TOKEN:-{token}}}"), Some(ApiKey), true),
        ("postgres://app:x@db/app", Some(DatabasePassword), false),
        (&digest, None, true),
        (&format!("sha256:{digest}"), None, true),
        (&digest.replace('9', "x"), None, false),
        (&random_hex(), None, false),
        ("{PBKDF2}10000$a", None, true),
        ("$7$a", None, true),
        ("hunter2", None, false),
    ] {
        let says = (of_value(value.as_bytes()), is_hash(value.as_bytes()), is_hash_like(value.as_bytes()));
        assert_eq!(says, (class, class == Some(Hash), is_like_a_hash), "{value}");
    }
}

#[test]
fn the_id_of_a_key_that_signs_packages() {
    let id = random_hex();
    let spaced = format!("{} {}", &id[..16], &id[16..]);
    for (name, value, is_one) in [
        ("NODE_GPG_KEY", id.as_str(), true),
        ("pgp_key", &spaced, true),
        ("KEY_FINGERPRINT", &id[..8], true),
        ("NODE_GPG_KEY", &id[..9], false),
        ("NODE_GPG_KEY", &id.replace('9', "x"), false),
        ("NODE_KEY", &id, false),
        ("GPG_KEYS", &format!("{id} {id}"), true),
        ("GPG_KEYS", &format!("0x{id},{id}"), true),
        ("GPG_KEYS", &format!("{id} {}", &id[1..]), false),
    ] {
        assert_eq!(is_fingerprint(name, value.as_bytes()), is_one, "{name}={value}");
    }
    let capitals = "A1B2C3D4".repeat(5);
    for (value, is_one) in [
        (capitals.clone(), true),
        (format!("0x{capitals} {capitals}"), true),
        (capitals[1..].to_owned(), false),
        (capitals.to_lowercase(), false),
        (String::new(), false),
    ] {
        assert_eq!(is_signers(value.as_bytes()), is_one, "{value}");
    }
}

#[test]
fn names_in_words() {
    let table: [(&str, &[&str]); 5] = [
        ("DB_PASSWORD", &["DB", "PASSWORD"]),
        ("dbPassword2", &["db", "Password", "2"]),
        ("APIKey.v1", &["API", "Key", "v", "1"]),
        ("__a--b", &["a", "b"]),
        ("", &[]),
    ];
    for (name, expected) in table {
        assert_eq!(words(name), expected);
    }
}

proptest! {
    #[test]
    fn any_bytes_are_taken(key in ".{0,40}", value in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = of(&key, &value);
        let _ = url_password(&value);
    }
}
