"""Takes URLs apart as somebody else does: `urls.py PARSER`, one a line on standard input, a line of JSON for each."""

import json
import sys
from urllib.parse import urlsplit


def libpq(url):
    from psycopg2 import ProgrammingError
    from psycopg2.extensions import parse_dsn

    try:
        parts = parse_dsn(url)
    except ProgrammingError:
        raise ValueError from None
    return parts.get("user"), parts.get("password"), parts.get("host"), parts.get("port"), "/" + parts.get("dbname", "")


def urllib(url):
    parts = urlsplit(url)
    # Not decoded: what would have to be is a difference, too.
    return parts.username, parts.password, parts.hostname, parts.port, parts.path


def redis_py(url):
    from redis.connection import parse_url

    parts = parse_url(url)
    path = f"/{parts['db']}" if "db" in parts else ""
    return parts.get("username"), parts.get("password"), parts.get("host"), parts.get("port"), path


PARSERS = {"libpq": libpq, "urllib": urllib, "redis-py": redis_py}


def main(name):
    for line in sys.stdin:
        try:
            found = PARSERS[name](line.rstrip("\n"))
            texts = ["" if part is None else str(part) for part in found]
            print(json.dumps(dict(zip(("user", "password", "host", "port", "path"), texts, strict=True))))
        except ValueError:
            print(json.dumps("refused"))


if __name__ == "__main__":
    main(*sys.argv[1:])
