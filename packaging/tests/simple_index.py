#!/usr/bin/env python3
"""Makes a package index (PEP 503) of a folder with wheels, and serves it until this process ends.

    simple_index.py WHEELS FOLDER

Prints the address. pip takes it as PIP_INDEX_URL, uv as UV_INDEX_URL.
"""

import functools
import http.server
import shutil
import sys
from pathlib import Path


def make(wheels: Path, folder: Path) -> None:
    for wheel in wheels.glob("*.whl"):
        name = wheel.name.split("-")[0].replace("_", "-").lower()
        place = folder / "simple" / name
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(wheel, place)
    for place in (folder / "simple").iterdir():
        links = "".join(f'<a href="{file.name}">{file.name}</a>\n' for file in sorted(place.iterdir()))
        (place / "index.html").write_text(f"<!DOCTYPE html>\n<html><body>\n{links}</body></html>\n")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]))
    handler = functools.partial(Quiet, directory=sys.argv[2])
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        print(f"http://127.0.0.1:{server.server_address[1]}/simple", flush=True)
        server.serve_forever()
