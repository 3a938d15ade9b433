//! `envward preflight`: what it says, and of what it says nothing.

mod files;
mod lines;

use std::collections::BTreeSet;

use crate::common::fill::fill;
use crate::common::{Sandbox, TODAY};
use envward::check::{Kind, Tier};
use envward::checks;
use envward::config::ATTESTATIONS;
use envward::preflight::{CHECKLISTS, Line};
use serde_json::Value;

/// A deployment that satisfies every line of both checklists.
fn valid() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    let digest = format!("@sha256:{}", "4c0fdaa8b6341bfd".repeat(4));
    let service = |body: &str| {
        format!(
            "{body}    restart: always\n    read_only: true\n    tmpfs: [/tmp]\n    cap_drop: [ALL]\n    security_opt: \
             [no-new-privileges:true]\n    logging: {{driver: json-file, options: {{max-size: 10m, max-file: '3'}}}}\n    \
             deploy:\n      resources:\n        limits: {{cpus: '1.0', memory: 1G}}\n        reservations: {{cpus: '0.5', memory: 512M}}\n"
        )
    };
    let api = service(
        "  api:\n    build: {context: backend}\n    image: takumi/api:1.4.2\n    init: true\n    env_file: [.env]\n    networks: \
         [front, back]\n    ports: ['127.0.0.1:3001:3001']\n    depends_on:\n      postgres: {condition: service_healthy}\n      \
         redis: {condition: service_healthy}\n      migrate: {condition: service_completed_successfully}\n    healthcheck: \
         {test: [CMD, node, health.js], interval: 30s, timeout: 5s, retries: 3}\n",
    );
    let postgres = service(&format!(
        "  postgres:\n    image: postgres:15.5-alpine{digest}\n    networks: [back]\n    secrets: [db_password]\n    \
         environment:\n      POSTGRES_USER: ${{DB_USER:?}}\n      POSTGRES_PASSWORD_FILE: /run/secrets/db_password\n    volumes: \
         ['data:/var/lib/postgresql/data', './postgres.conf:/etc/postgres.conf:ro']\n    healthcheck: {{test: [CMD-SHELL, \
         'pg_isready -U ${{DB_USER}}'], interval: 10s, timeout: 5s}}\n"
    ));
    let redis = service(&format!(
        "  redis:\n    image: redis:7.2.3-alpine{digest}\n    networks: [back]\n    command: [redis-server, --requirepass, \
         '${{REDIS_PASSWORD:?}}']\n    healthcheck: {{test: [CMD, redis-cli, ping], interval: 10s, timeout: 3s}}\n"
    ));
    let grafana = service(&format!(
        "  grafana:\n    image: grafana/grafana:10.2.3{digest}\n    networks: [back]\n    environment:\n      GF_SECURITY_ADMIN_PASSWORD: \
         ${{GRAFANA_PASSWORD:?}}\n    healthcheck: {{test: [CMD, /probe], interval: 10s, timeout: 5s}}\n"
    ));
    let migrate = service(&format!(
        "  migrate:\n    image: takumi/migrate:1.4.2{digest}\n    networks: [back]\n    environment: ['DATABASE_URL=${{DATABASE_URL}}']\n"
    ))
    .replace("restart: always", "restart: 'no'");
    sandbox.file(
        "compose.yaml",
        0o644,
        format!(
            "services:\n{api}{postgres}{redis}{grafana}{migrate}networks:\n  front: {{}}\n  back: {{internal: true}}\nvolumes:\n  data: {{}}\n\
             secrets:\n  db_password: {{file: ./db_password.txt}}\n"
        ),
    );
    sandbox.file("db_password.txt", 0o600, fill("{password}\n"));
    sandbox.file("postgres.conf", 0o644, "log_connections = on\n");
    let keys = "NODE_ENV=\nDB_USER=\nREDIS_PASSWORD=\nDATABASE_URL=\nJWT_SECRET=\nCORS_ORIGINS=\nRATE_LIMIT_MAX=\nGRAFANA_PASSWORD=\n\
                ADMIN_KEY_HASH=\nBILLING_URL=\n";
    for environment in ["development", "test", "production"] {
        sandbox.file(format!(".env.{environment}.example"), 0o644, keys);
    }
    sandbox.file(
        ".env",
        0o600,
        fill(
            "NODE_ENV=production\nDB_USER=takumi\nREDIS_PASSWORD={password2}\nDATABASE_URL=postgres://takumi:{password}@postgres/takumi\n\
             JWT_SECRET={hex64}\nCORS_ORIGINS=https://takumi.example\nRATE_LIMIT_MAX=100\nGRAFANA_PASSWORD={token}\n\
             ADMIN_KEY_HASH={hex64b}\nBILLING_URL=https://billing.example\n",
        ),
    );
    sandbox.file(".gitignore", 0o644, "/.env\n/db_password.txt\n");
    sandbox.file("backend/.dockerignore", 0o644, "**/.env*\n");
    sandbox.file(
        "backend/Dockerfile",
        0o644,
        format!(
            "FROM node:18.19.0-alpine{digest} AS builder\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci --omit=dev\nCOPY src ./src\nRUN npm run \
             build\n\nFROM node:18.19.0-alpine{digest}\nWORKDIR /app\nRUN apk add --no-cache dumb-init\nCOPY --from=builder /app/dist ./dist\nUSER \
             1001\nHEALTHCHECK CMD [\"node\", \"health.js\"]\nENTRYPOINT [\"dumb-init\", \"--\"]\nCMD [\"node\", \"dist/index.js\"]\n"
        ),
    );
    let said: String =
        ATTESTATIONS.iter().map(|one| format!("{} = {{ on = 2026-06-01, by = \"Ada\" }}\n", one.id)).collect();
    sandbox.file("envward.toml", 0o644, format!("[preflight.attestations]\n{said}"));
    sandbox
}

fn json(sandbox: &Sandbox, args: &[&str]) -> Value {
    sandbox.envward(&[&["preflight", "--format", "json", "--as-of", TODAY], args].concat()).json()
}

fn ids(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|one| format!("{} {} {}", one["check"].as_str().unwrap(), one["severity"].as_str().unwrap(), one["key"]))
        .collect()
}
