-- The schema, version 1, if the database does not have one yet.
DO $envward$
BEGIN
    IF current_setting('server_version_num')::integer < 150000 THEN
        RAISE EXCEPTION 'envward needs PostgreSQL 15 or later; this is %', current_setting('server_version');
    END IF;
    IF current_setting('server_encoding') <> 'UTF8' THEN
        RAISE EXCEPTION 'the encoding of this database is %, and envward needs UTF8', current_setting('server_encoding')
            USING HINT = 'make another database: CREATE DATABASE envward ENCODING UTF8 TEMPLATE template0';
    END IF;
    IF to_regnamespace('envward') IS NOT NULL THEN
        RETURN;
    END IF;
    -- Two hosts may be the first at the same time.
    PERFORM pg_advisory_xact_lock(hashtextextended('schema envward', 0));
    IF EXISTS (SELECT FROM pg_namespace WHERE nspname = 'envward') THEN
        RETURN;
    END IF;
    IF NOT has_database_privilege(current_database(), 'CREATE')
        OR NOT EXISTS (SELECT FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolcreaterole))
    THEN
        RAISE EXCEPTION 'this database has no schema "envward", and the role "%" may not create it', current_user
            USING HINT = 'run once as an administrator: envward rotation export --format sql --schema | psql';
    END IF;

    -- A host is a member of envward_host, and its role has the name of the host. A person who reads about all hosts is a
    -- member of envward_reader.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'envward_host') THEN
        CREATE ROLE envward_host NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'envward_reader') THEN
        CREATE ROLE envward_reader NOLOGIN;
    END IF;

    CREATE SCHEMA envward;
    CREATE TABLE envward.schema_version (version integer NOT NULL);
    INSERT INTO envward.schema_version VALUES (1);

    -- One row for each project of each host: the last report.
    CREATE TABLE envward.reports (
        host text NOT NULL CHECK (host <> ''),
        project text NOT NULL CHECK (project <> ''),
        envward text NOT NULL,
        host_time timestamptz NOT NULL,
        received timestamptz NOT NULL,
        complete boolean NOT NULL,
        PRIMARY KEY (host, project)
    );
    COMMENT ON COLUMN envward.reports.host_time IS 'when the report was made, by the clock of the host';
    COMMENT ON COLUMN envward.reports.received IS 'when the report arrived, by the clock of the database';
    COMMENT ON COLUMN envward.reports.complete IS 'whether the host could read every env file';

    -- One row for each secret, admin key and expiry date. No value, no fingerprint.
    CREATE TABLE envward.secrets (
        host text NOT NULL,
        project text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('secret', 'admin key', 'expiry')),
        file text NOT NULL,
        key text NOT NULL,
        state text NOT NULL,
        environment text NOT NULL,
        class text,
        age_basis text,
        since date,
        rotated date,
        soft_due date,
        hard_due date,
        expires date,
        expires_source text,
        exposed boolean NOT NULL,
        exposed_why text,
        remarks text,
        proven date,
        snoozed_until date,
        last_seen date,
        mark text,
        gone timestamptz,
        PRIMARY KEY (host, project, kind, file, key, state),
        FOREIGN KEY (host, project) REFERENCES envward.reports ON DELETE CASCADE
    );
    COMMENT ON COLUMN envward.secrets.since IS 'since when the value is in use, as far as known: age_basis says how';
    COMMENT ON COLUMN envward.secrets.rotated IS 'when envward wrote the value in use';
    COMMENT ON COLUMN envward.secrets.mark IS 'the same for equal values, under the fleet key of the hosts';
    COMMENT ON COLUMN envward.secrets.gone IS 'when a report no longer contained the row';

    -- One row for each change of a row above. Hosts only add to it.
    CREATE TABLE envward.events (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT now(),
        host text NOT NULL,
        project text NOT NULL,
        kind text NOT NULL,
        file text NOT NULL,
        key text NOT NULL,
        state text NOT NULL,
        what text NOT NULL CHECK (what IN ('added', 'changed', 'gone', 'returned')),
        changes jsonb,
        FOREIGN KEY (host, project) REFERENCES envward.reports ON DELETE CASCADE
    );
    CREATE INDEX ON envward.events (host, project, at);

    -- The clock of a host may be wrong, so the database says when a report arrived.
    CREATE FUNCTION envward.stamp() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
        NEW.received := now();
        RETURN NEW;
    END $body$;
    CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON envward.reports FOR EACH ROW EXECUTE FUNCTION envward.stamp();

    -- Takes the report of one project. It runs with the rights of the host, so that the policies below decide.
    CREATE PROCEDURE envward.push(report jsonb) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
    DECLARE
        its envward.secrets := jsonb_populate_record(NULL::envward.secrets, report - 'rows');
    BEGIN
        IF its.host <> current_user AND row_security_active('envward.secrets') THEN
            RAISE EXCEPTION 'the role "%" may not write rows of the host "%"', current_user, its.host
                USING ERRCODE = 'insufficient_privilege',
                HINT = 'a host logs in as the role with its name; envward rotation export --host NAME gives another name';
        END IF;
        -- Locks this project of this host until the end: of two runs at once, one waits.
        INSERT INTO envward.reports AS known (host, project, envward, host_time, complete)
        SELECT its.host, its.project, report ->> 'envward', (report ->> 'host_time')::timestamptz,
            (report ->> 'complete')::boolean
        ON CONFLICT (host, project) DO UPDATE
        SET envward = EXCLUDED.envward, host_time = EXCLUDED.host_time, complete = EXCLUDED.complete;

        INSERT INTO envward.events (host, project, kind, file, key, state, what, changes)
        SELECT sent.host, sent.project, sent.kind, sent.file, sent.key, sent.state,
            CASE WHEN known.host IS NULL THEN 'added' WHEN known.gone IS NOT NULL THEN 'returned' ELSE 'changed' END,
            difference.changes
        FROM jsonb_populate_recordset(its, report -> 'rows') AS sent
        LEFT JOIN envward.secrets AS known ON (known.host, known.project, known.kind, known.file, known.key, known.state)
            = (sent.host, sent.project, sent.kind, sent.file, sent.key, sent.state)
        CROSS JOIN LATERAL (
            SELECT jsonb_object_agg(one.key, jsonb_build_array(other.value, one.value)) AS changes
            FROM jsonb_each(to_jsonb(sent) - '{mark,last_seen,gone}'::text[]) AS one
            JOIN jsonb_each(to_jsonb(known)) AS other ON other.key = one.key
            WHERE one.value IS DISTINCT FROM other.value
        ) AS difference
        WHERE known.host IS NULL OR known.gone IS NOT NULL OR difference.changes IS NOT NULL;

        INSERT INTO envward.secrets AS known
        SELECT sent.* FROM jsonb_populate_recordset(its, report -> 'rows') AS sent
        ON CONFLICT (host, project, kind, file, key, state) DO UPDATE
        SET (environment, class, age_basis, since, rotated, soft_due, hard_due, expires, expires_source, exposed,
            exposed_why, remarks, proven, snoozed_until, last_seen, mark, gone)
            = (EXCLUDED.environment, EXCLUDED.class, EXCLUDED.age_basis, EXCLUDED.since, EXCLUDED.rotated,
            EXCLUDED.soft_due, EXCLUDED.hard_due, EXCLUDED.expires, EXCLUDED.expires_source, EXCLUDED.exposed,
            EXCLUDED.exposed_why, EXCLUDED.remarks, EXCLUDED.proven, EXCLUDED.snoozed_until, EXCLUDED.last_seen,
            EXCLUDED.mark, NULL);

        -- What a host could not read may still be there.
        IF (report ->> 'complete')::boolean THEN
            WITH gone AS (
                UPDATE envward.secrets AS known SET gone = now()
                WHERE known.host = its.host AND known.project = its.project AND known.gone IS NULL
                    AND (known.kind, known.file, known.key, known.state) NOT IN (
                        SELECT sent.kind, sent.file, sent.key, sent.state
                        FROM jsonb_populate_recordset(its, report -> 'rows') AS sent)
                RETURNING known.*
            )
            INSERT INTO envward.events (host, project, kind, file, key, state, what)
            SELECT gone.host, gone.project, gone.kind, gone.file, gone.key, gone.state, 'gone' FROM gone;
        END IF;
    END $body$;

    -- What `envward rotation status --from -` reads: every host that may report, its reports, and the rows of each.
    CREATE VIEW envward.fleet WITH (security_invoker = true) AS
    WITH hosts AS (
        SELECT host FROM envward.reports
        UNION
        SELECT member.rolname::text FROM pg_auth_members AS membership
        JOIN pg_roles AS member ON member.oid = membership.member AND member.rolcanlogin
        JOIN pg_roles AS hosts ON hosts.oid = membership.roleid AND hosts.rolname = 'envward_host'
        -- PostgreSQL 16 gives a new role to the role that creates it.
        WHERE NOT membership.admin_option
    ), rows AS (
        SELECT hosts.host, reports.project, reports.envward, reports.host_time, reports.received, reports.complete,
            secrets.kind, secrets.environment, secrets.file, secrets.key, secrets.class, secrets.state, secrets.age_basis,
            secrets.since, secrets.rotated, secrets.soft_due, secrets.hard_due, secrets.expires, secrets.expires_source,
            secrets.exposed, secrets.exposed_why, secrets.remarks, secrets.proven, secrets.snoozed_until,
            secrets.last_seen, secrets.mark
        FROM hosts
        LEFT JOIN envward.reports ON reports.host = hosts.host
        LEFT JOIN envward.secrets ON secrets.host = reports.host AND secrets.project = reports.project
            AND secrets.gone IS NULL
    )
    -- As text, because the settings of a session change how PostgreSQL writes dates.
    SELECT 1 AS schema, count(*) OVER () AS rows, to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS read_at,
        host, project, envward, to_char(host_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS host_time,
        to_char(received AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS received, complete, kind, environment, file,
        key, class, state, age_basis, to_char(since, 'YYYY-MM-DD') AS since, to_char(rotated, 'YYYY-MM-DD') AS rotated,
        to_char(soft_due, 'YYYY-MM-DD') AS soft_due, to_char(hard_due, 'YYYY-MM-DD') AS hard_due,
        to_char(expires, 'YYYY-MM-DD') AS expires, expires_source, exposed, exposed_why, remarks,
        to_char(proven, 'YYYY-MM-DD') AS proven, to_char(snoozed_until, 'YYYY-MM-DD') AS snoozed_until,
        to_char(last_seen, 'YYYY-MM-DD') AS last_seen, mark
    FROM rows ORDER BY host, project, file, key, kind, state;

    ALTER TABLE envward.reports ENABLE ROW LEVEL SECURITY;
    ALTER TABLE envward.secrets ENABLE ROW LEVEL SECURITY;
    ALTER TABLE envward.events ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own_rows ON envward.reports TO envward_host USING (host = current_user) WITH CHECK (host = current_user);
    CREATE POLICY own_rows ON envward.secrets TO envward_host USING (host = current_user) WITH CHECK (host = current_user);
    CREATE POLICY own_rows ON envward.events TO envward_host USING (host = current_user) WITH CHECK (host = current_user);
    CREATE POLICY all_rows ON envward.reports FOR SELECT TO envward_reader USING (true);
    CREATE POLICY all_rows ON envward.secrets FOR SELECT TO envward_reader USING (true);
    CREATE POLICY all_rows ON envward.events FOR SELECT TO envward_reader USING (true);
    GRANT USAGE ON SCHEMA envward TO envward_host, envward_reader;
    GRANT SELECT ON ALL TABLES IN SCHEMA envward TO envward_host, envward_reader;
    GRANT INSERT, UPDATE ON envward.reports, envward.secrets TO envward_host;
    -- Not the time: it is the database's.
    GRANT INSERT (host, project, kind, file, key, state, what, changes) ON envward.events TO envward_host;
END $envward$;

-- A schema that this envward does not know: nothing is written.
DO $envward$
DECLARE
    found integer;
BEGIN
    SELECT version INTO found FROM envward.schema_version;
    IF found IS DISTINCT FROM 1 THEN
        RAISE EXCEPTION 'the database has version % of the schema "envward", and this envward knows version 1', found
            USING HINT = 'update envward on this host; nothing was written';
    END IF;
END $envward$;
