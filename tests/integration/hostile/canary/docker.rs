//! Docker.

use super::*;

#[test]
fn in_compose_files() {
    run(&[
        in_compose("environment", |marker| {
            format!("services:\n  a:\n    image: x\n    environment: {{DB_PASSWORD: {marker}, {marker}: x}}\n")
        }),
        in_compose("a list", |marker| {
            format!("services:\n  a:\n    image: x\n    environment: [DB_PASSWORD={marker}, {marker}=x, {marker}]\n")
        }),
        in_compose("a default", |marker| {
            format!(
                "services:\n  a:\n    image: x\n    environment: ['DB_PASSWORD=${{X:-{marker}}}', 'URL=postgres://u:{marker}@db/x']\n"
            )
        }),
        in_compose("commands and labels", |marker| {
            format!(
                "services:\n  a:\n    image: x\n    command: redis-server --requirepass {marker}\n    entrypoint: [x, '--password={marker}', '{marker}']\n    \
                 labels: {{token: {marker}, {marker}: x}}\n    healthcheck: {{test: 'curl -H token={marker} x'}}\n"
            )
        }),
        in_compose("build and configs", |marker| {
            format!(
                "services:\n  a:\n    build: {{context: ., args: {{NPM_TOKEN: {marker}}}, target: {marker}}}\nconfigs:\n  c: {{content: 'password={marker}'}}\n"
            )
        }),
        in_compose("a Dockerfile, contexts and fields of its own", |marker| {
            format!(
                "x-a: {{DB_PASSWORD: {marker}, {marker}: [A_TOKEN={marker}]}}\nservices:\n  a:\n    build:\n      context: https://u:{marker}@a.example/{marker}\n      \
                 additional_contexts: {{{marker}: 'docker-image://{marker}', b: './{marker}', c: '/{marker}'}}\n      target: {marker}\n      \
                 dockerfile_inline: |\n        FROM {marker} AS {marker}\n        ENV DB_PASSWORD={marker}\n        COPY --from={marker} /{marker} /\n"
            )
        }),
        in_compose("options, hooks and what is taken over", |marker| {
            format!(
                "services:\n  a:\n    image: x\n    logging: {{driver: x, options: {{splunk-token: {marker}}}}}\n    \
                 post_start: [{{command: 'redis-cli -a {marker}', environment: [A_TOKEN={marker}]}}]\n    \
                 annotations: {{token: {marker}}}\n    volumes_from: [b]\n    devices: ['/dev/sda:/{marker}']\n  \
                 b: {{image: x, volumes: ['~/.ssh/{marker}:/x', '/{marker}/.aws:/y']}}\nvolumes:\n  \
                 v: {{driver_opts: {{o: 'username={marker},password={marker}'}}}}\n"
            )
        }),
        in_compose("names", |marker| {
            format!(
                "services:\n  {marker}:\n    image: {marker}/x:{marker}\n    networks: [{marker}]\n    depends_on: [{marker}, b]\n    env_file: {marker}.env\n    \
                 volumes: ['./{marker}:/x', '/etc:/{marker}']\n    ports: ['5432:5432']\n    user: {marker}\n    restart: {marker}\n    cap_add: [{marker}]\n  \
                 b: {{image: '${{{marker}}}', environment: {{DB_PASSWORD: {marker}}}}}\nsecrets:\n  {marker}: {{file: ./{marker}.txt}}\n"
            )
        }),
        case("an override and its variables", |sandbox, marker| {
            sandbox.file(
                "compose.yaml",
                0o644,
                "services:\n  a: {image: 'x:${T}', environment: {A: '${DB_PASSWORD}'}}\n",
            );
            sandbox.file(
                format!("compose.{marker}.yaml"),
                0o644,
                format!("services:\n  a: {{environment: {{B_TOKEN: {marker}}}}}\n"),
            );
            env(
                sandbox,
                &format!(
                    "DB_PASSWORD={marker}\nT={marker}\nCORS_ORIGINS=http://{marker}.example\nAPI_URL=http://u:{marker}@a.example\nADMIN_API_KEY={marker}\n"
                ),
            );
        }),
        case("secret files", |sandbox, marker| {
            sandbox.file(
                "compose.yaml",
                0o644,
                "services:\n  a: {image: x, env_file: conf, secrets: [s]}\nsecrets: {s: {file: ./s.txt}}\n",
            );
            sandbox.file("conf", 0o644, format!("{marker}\nA={marker}\n"));
            sandbox.file("s.txt", 0o644, format!("{marker}\n"));
        }),
        broken_compose("an unknown key", |marker| format!("services:\n  a: {{image: x, {marker}: 1}}\n")),
        broken_compose("a truth that is none", |marker| format!("services:\n  a: {{image: x, init: '{marker}'}}\n")),
        broken_compose("an undefined secret", |marker| {
            format!("services:\n  a: {{image: x, secrets: ['{marker}']}}\n")
        }),
        broken_compose("a key twice", |marker| format!("services:\n  a: {{image: {marker}, image: {marker}}}\n")),
        broken_compose("no YAML", |marker| format!("services: {{{marker}: [\n")),
        broken_compose("no such alias", |marker| format!("services: *{marker}\n")),
        broken_compose("no such expansion", |marker| format!("services:\n  a: {{image: '${{{marker}!}}'}}\n")),
        broken_compose("no such file", |marker| {
            format!("services:\n  a: {{extends: {{file: '../{marker}', service: {marker}}}}}\n")
        }),
        broken_compose("nothing to extend", |marker| format!("services:\n  a: {{extends: {marker}}}\n")),
        bad_config("an unknown attestation", |marker| {
            format!("[preflight.attestations]\n{marker} = {{ on = 2026-01-01, by = \"x\" }}\n")
        }),
        bad_config("an unknown profile", |marker| format!("[preflight]\nprofile = \"{marker}\"\n")),
        config("an attestation", |marker| {
            format!(
                "[preflight.attestations]\nmonitoring = {{ on = 2026-01-01, by = \"{marker}\", until = 2099-01-01 }}\n"
            )
        }),
    ]);
}

#[test]
fn in_dockerfiles() {
    run(&[
        in_dockerfile("settings", |marker| {
            format!(
                "ARG A={marker}\nFROM x:1.0\nENV DB_PASSWORD={marker} {marker}=x\nARG {marker}\nARG API_KEY={marker}\nLABEL token={marker} {marker}=1\n"
            )
        }),
        in_dockerfile("commands", |marker| {
            format!(
                "FROM x:1.0\nRUN curl -u u:{marker} https://u:{marker}@example.com && export TOKEN={marker}\nRUN --mount=type=secret,id={marker} x\nCMD redis-cli -a {marker} --token {marker}\nENTRYPOINT [\"{marker}\"]\nHEALTHCHECK CMD mysqladmin -p{marker} ping\n"
            )
        }),
        in_dockerfile("here-documents", |marker| {
            format!(
                "FROM x:1.0\nRUN cat <<EOF > /x\nTOKEN={marker}\nEOF\nCOPY <<{marker} /app/.env\nDB_PASSWORD={marker}\n{marker}\n"
            )
        }),
        in_dockerfile("names", |marker| {
            format!(
                "FROM {marker}:{marker} AS {marker}\nFROM x/{marker}:latest\nCOPY --from={marker} --chown={marker} /{marker}/.env {marker}.pem ./\nUSER {marker}\nONBUILD USER {marker}\n"
            )
        }),
        in_dockerfile("what is done in others, and files of registries", |marker| {
            format!(
                "FROM x:1.0\nONBUILD ENV DB_PASSWORD={marker}\nONBUILD RUN x --token {marker}\nRUN --mount=from={marker},target=/x true\nRUN echo \"machine a login b password {marker}\" > .netrc\nRUN npm config set //a/:_authToken {marker}\nCOPY <<EOF .npmrc\n//a/:_auth={marker}\nEOF\n"
            )
        }),
        in_dockerfile("comments", |marker| {
            format!("# {marker}\n# escape=`\nFROM x:1.0 # {marker}\nRUN x \\\n# {marker}\n  y\n")
        }),
        broken_dockerfile("a word of no instruction", |marker| format!("FROM x:1.0\n{marker} {marker}\n")),
        broken_dockerfile("no end of a here-document", |marker| format!("FROM x:1.0\nRUN <<{marker}\nx {marker}\n")),
        broken_dockerfile("no FROM", |marker| format!("RUN {marker}\n")),
        case("its name and what it copies", |sandbox, marker| {
            sandbox.file(format!("{marker}/Dockerfile.{marker}"), 0o644, format!("FROM x\nCOPY . /{marker}\n"));
            sandbox.file(format!("{marker}/Dockerfile.{marker}.dockerignore"), 0o644, format!("{marker}\n"));
            sandbox.file(format!("{marker}/.env"), 0o600, format!("DB_PASSWORD={marker}\n"));
        }),
    ]);
}

#[test]
fn in_what_docker_says() {
    run(&[
        inspection("an environment", |marker| {
            format!(
                "[{{\"Name\":\"/api\",\"HostConfig\":{{}},\"Config\":{{\"User\":\"{marker}\",\"Env\":[\"DB_PASSWORD={marker}\",\"{marker}=x\",\"{marker}\",\"URL=postgres://u:{marker}@db/x\",\"N={marker}\"]}}}}]"
            )
        }),
        inspection("names", |marker| {
            format!(
                "[{{\"Name\":\"/{marker}\",\"HostConfig\":{{}},\"Mounts\":[{{\"Type\":\"bind\",\"Source\":\"/etc/{marker}\"}}],\"Config\":{{\"Image\":\"{marker}:{marker}\",\"Env\":[\"A_TOKEN={marker}\"]}}}}]"
            )
        }),
        inspection("docker ps and docker stats", |marker| {
            format!(
                "{{\"Names\":\"api\",\"Image\":\"{marker}\",\"State\":\"{marker}\",\"Status\":\"Up ({marker})\",\"Labels\":\"{marker}\"}}\n{{\"Name\":\"api\",\"MemPerc\":\"{marker}\",\"CPUPerc\":\"{marker}%\"}}"
            )
        }),
        inspection("a health check, rights and ports", |marker| {
            format!(
                "[{{\"Name\":\"/api\",\"ImageName\":\"{marker}\",\"State\":{{\"Status\":\"running\",\"OOMKilled\":true,\"Health\":{{\"Status\":\
                 \"unhealthy\",\"Log\":[{{\"ExitCode\":1,\"Output\":\"{marker}\"}}]}}}},\"HostConfig\":{{\"CapAdd\":[\"{marker}\",\"SYS_ADMIN\"],\
                 \"SecurityOpt\":[\"seccomp={marker}\"],\"Devices\":[{{\"PathOnHost\":\"/dev/sda/{marker}\"}}],\"PortBindings\":{{\"{marker}\":[\
                 {{\"HostIp\":\"{marker}\"}}],\"5432/tcp\":[{{\"HostIp\":\"{marker}\"}}]}}}},\"Config\":{{\"Entrypoint\":[\"{marker}\"],\"Cmd\":\
                 \"sh -c {marker}\",\"Labels\":{{\"{marker}\":\"{marker}\",\"com.docker.compose.service\":\"{marker}\"}}}}}}]"
            )
        }),
        inspection("docker compose ps and docker images", |marker| {
            format!(
                "{{\"Name\":\"api\",\"Project\":\"{marker}\",\"Service\":\"{marker}\",\"State\":\"{marker}\",\"Health\":\"{marker}\",\
                 \"Ports\":\"{marker}:1->5432/tcp\",\"Publishers\":[{{\"URL\":\"{marker}\",\"TargetPort\":5432,\"PublishedPort\":1}}]}}\n\
                 {{\"ID\":\"1d\",\"Repository\":\"redis\",\"Tag\":\"7\",\"CreatedAt\":\"2024-01-02 {marker}\",\"Digest\":\"{marker}\"}}"
            )
        }),
        scanned("Trivy", |marker| {
            format!(
                "{{\"SchemaVersion\":2,\"ArtifactName\":\"u:{marker}@host/{marker}:{marker}\",\"CreatedAt\":\"{marker}\",\"Results\":[{{\"Target\":\
                 \"{marker}\",\"Vulnerabilities\":[{{\"VulnerabilityID\":\"{marker}\",\"Severity\":\"HIGH\",\"FixedVersion\":\"{marker}\"}}],\
                 \"Secrets\":[{{\"Match\":\"{marker}\"}}]}}]}}"
            )
        }),
        scanned("Docker Scout", |marker| {
            format!(
                "{{\"runs\":[{{\"tool\":{{\"driver\":{{\"name\":\"docker scout {marker}\",\"rules\":[{{\"id\":\"{marker}\",\"properties\":\
                 {{\"cvssV3_severity\":\"HIGH\",\"fixed_version\":\"{marker}\"}}}}]}}}},\"results\":[{{\"ruleId\":\"{marker}\",\"message\":\
                 {{\"text\":\"{marker}\"}}}}],\"properties\":{{\"imageName\":\"{marker}\"}}}}]}}"
            )
        }),
        Case { incomplete: true, ..scanned("no report", str::to_owned) },
        Case {
            commands: INSPECT,
            ..case("a value that was replaced", |sandbox, marker| {
                let text = format!("DB_PASSWORD={marker}\n");
                env(sandbox, &text);
                drop(sandbox.envward(&["rotation", "status"]));
                env(sandbox, "DB_PASSWORD=\n");
                drop(sandbox.envward(&["rotation", "status"]));
                let text = format!(
                    "[{{\"Name\":\"/api\",\"HostConfig\":{{}},\"Config\":{{\"Env\":[\"PGPASSWORD={marker}\"]}}}}]"
                );
                sandbox.file("inspect.json", 0o600, text);
            })
        },
        broken_inspection("no JSON", |marker| format!("error: {marker}")),
        broken_inspection("another type", |marker| format!("[{{\"Name\":{{\"{marker}\":1}}}}]")),
        broken_inspection("no container", |marker| format!("[{{\"Name\":\"{marker}\"}}]")),
    ]);
}
