"""Reads env files as somebody else does: `read.py READER FILE...`.

Prints a line of JSON for each file: the keys and values, or "refused". Readers that expand references see an
environment without any of the file's names.
"""

import glob
import http.server
import json
import os
import re
import socketserver
import subprocess
import sys
import tempfile
import threading


class Refused(Exception):
    """The reader takes none of the file."""


def python_dotenv(path):
    import dotenv

    return {key: value for key, value in dotenv.dotenv_values(path).items() if value is not None}


def honcho(path):
    from honcho.environ import parse

    try:
        with open(path, encoding="utf-8") as file:
            return parse(file.read())
    except ValueError:
        raise Refused from None


def make(path):
    """What a recipe of a Makefile sees that includes the file and exports all."""
    with tempfile.TemporaryDirectory() as home:
        makefile = os.path.join(home, "Makefile")
        with open(makefile, "w") as file:
            file.write(f"include {path}\nexport\nSHELL = /bin/sh\n.PHONY: the-recipe\nthe-recipe:; @/usr/bin/env -0\n")
        result = run(["make", "--silent", "--file", makefile, "the-recipe"], {})
    if result.returncode != 0:
        raise Refused
    pairs = (pair.partition("=") for pair in result.stdout.decode(errors="replace").split("\0") if pair)
    own = {"PATH", "SHELL", "CURDIR", "MAKEFILE_LIST", "GNUMAKEFLAGS", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKE_TERMOUT", "MAKE_TERMERR"}
    return {key: value for key, _, value in pairs if key not in own}


def direnv(path):
    """The real `direnv dotenv`, which prints what it read as JSON."""
    result = run(["direnv", "dotenv", "json", path], {"HOME": "/nonexistent"})
    if result.returncode != 0:
        raise Refused
    return json.loads(result.stdout)


def godotenv(*paths):
    """Go's godotenv of Debian's package, in a program of a few lines: all files at once."""
    with tempfile.TemporaryDirectory() as home:
        source = os.path.join(home, "read.go")
        with open(source, "w") as file:
            file.write(GODOTENV)
        settings = {"HOME": home, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": home}
        result = run(["go", "run", source, *paths], settings)
    return [json.loads(line) for line in result.stdout.splitlines()]


GODOTENV = """package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/joho/godotenv"
)

func main() {
	for _, path := range os.Args[1:] {
		var seen interface{} = "refused"
		if values, err := godotenv.Read(path); err == nil {
			seen = values
		}
		line, _ := json.Marshal(seen)
		fmt.Println(string(line))
	}
}
"""


# --- Docker


def docker_rules(path):
    """`docker run --env-file`, by its documentation: lines, no quotes, no escapes, comments only from a line's start."""
    with open(path, "rb") as file:
        text = file.read()
    try:
        text = text.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError:
        raise Refused from None
    values = {}
    for line in re.split(r"\r?\n", text):
        line = line.lstrip()
        if not line or line.startswith("#"):
            continue
        key, separator, value = line.partition("=")
        # "variable 'X' contains whitespaces", "no variable name".
        if not key or re.search(r"\s", key):
            raise Refused
        # A key alone takes the caller's value, and here there is none.
        if separator:
            values[key] = value
    return values


class Daemon(http.server.BaseHTTPRequestHandler):
    """As much of Docker's daemon as `docker create` needs to say what it read."""

    created = None

    def do_HEAD(self):
        self.answer(200, {})

    do_GET = do_HEAD

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Daemon.created = json.loads(body)
        self.answer(201, {"Id": "0", "Warnings": []})

    def answer(self, status, value):
        body = b"" if self.command == "HEAD" else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Api-Version", "1.43")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if body:
            self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

    def get_request(self):
        return super().get_request()[0], ("docker", 0)

    def handle_error(self, *_):
        # The client hangs up when it has what it wants; whether that was enough its status says.
        pass


def docker_client(path):
    """The real `docker create --env-file`, talking to a daemon that only listens."""
    with tempfile.TemporaryDirectory() as home:
        socket = os.path.join(home, "socket")
        server = Server(socket, Daemon)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        Daemon.created = None
        command = ["docker", "-H", f"unix://{socket}", "create", "--env-file", path, "image"]
        status = run(command, {"HOME": home}).returncode
        server.shutdown()
        server.server_close()
    if status != 0 or Daemon.created is None:
        raise Refused
    return dict(pair.split("=", 1) for pair in Daemon.created["Env"] or [])


# --- Docker Compose


def compose(service, arguments):
    """What `docker-compose config` makes of one service."""
    with tempfile.TemporaryDirectory() as home:
        file = os.path.join(home, "compose.json")
        with open(file, "w") as out:
            json.dump({"services": {"service": {"image": "image", **service}}}, out)
        program = compose_program()
        command = [program, *arguments, "-f", file, "config", "--format", "json"]
        result = run(command, {"HOME": home})
    if result.returncode != 0:
        raise Refused
    environment = json.loads(result.stdout)["services"]["service"].get("environment") or {}
    # It prints a file that it could read again.
    return {key: value.replace("$$", "$") for key, value in environment.items() if value is not None}


def compose_program():
    # The package's own `docker-compose` is a wrapper that hides failures.
    import compose as package

    return os.path.join(os.path.dirname(package.__file__), "docker-compose")


def compose_env_file(path):
    """`env_file:` of a service."""
    return compose({"env_file": [os.path.abspath(path)]}, [])


def compose_env_files(*paths):
    """The same of many files: together, and in halves where one of them is refused."""
    services = {f"s{index}": {"image": "image", "env_file": [path]} for index, path in enumerate(paths)}
    with tempfile.TemporaryDirectory() as home:
        file = os.path.join(home, "compose.json")
        with open(file, "w") as out:
            json.dump({"services": services}, out)
        result = run([compose_program(), "-f", file, "config", "--format", "json"], {"HOME": home})
    if result.returncode != 0 and len(paths) > 1:
        half = len(paths) // 2
        return compose_env_files(*paths[:half]) + compose_env_files(*paths[half:])
    if result.returncode != 0:
        return ["refused"]
    services = json.loads(result.stdout)["services"]
    environments = (services[f"s{index}"].get("environment") or {} for index in range(len(paths)))
    return [{key: undollared(value) for key, value in one.items() if value is not None} for one in environments]


def undollared(value):
    """`config` writes a file that Compose can read again."""
    return value.replace("$$", "$")


def compose_interpolation(path):
    """`.env` of the project, taken by `${KEY}` in the compose file."""
    with open(path, errors="replace") as file:
        keys = re.findall(r"^(\w+)=", file.read(), re.MULTILINE)
    return compose({"environment": {key: f"${{{key}}}" for key in keys}}, ["--env-file", path])


# --- systemd


def systemd_library(path):
    """EnvironmentFile= as systemd reads it: the function it calls, in the library it has it in."""
    import ctypes

    found = glob.glob("/usr/lib/systemd/libsystemd-shared-*.so")
    found += glob.glob("/usr/lib/*/systemd/libsystemd-shared-*.so")
    load = ctypes.CDLL(found[0]).load_env_file
    pointers = ctypes.POINTER(ctypes.c_char_p)
    load.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(pointers)]
    pairs = pointers()
    if load(None, os.fsencode(path), ctypes.byref(pairs)) < 0:
        raise Refused
    values = {}
    index = 0
    while pairs and pairs[index]:
        key, _, value = pairs[index].decode().partition("=")
        values[key] = value
        index += 1
    return values


def systemd_rules(path):
    """EnvironmentFile= by systemd.exec(5)."""
    with open(path, "rb") as file:
        text = file.read()
    if b"\0" in text:
        raise Refused
    try:
        text = text.decode()
    except UnicodeDecodeError:
        raise Refused from None
    values = {}
    at = 0
    while at < len(text):
        # Blank space before a line; then a comment, to its end: a backslash there takes the next line along.
        if text[at] in " \t\r\n":
            at += 1
        elif text[at] in "#;":
            at = re.compile(r"(?:\\.|[^\\\r\n])*", re.DOTALL).match(text, at).end()
        else:
            key = re.compile(r"[^=\r\n]*").match(text, at)
            at = key.end()
            if text[at : at + 1] == "=":
                value, at = systemd_value(text, at + 1)
                values[key[0].rstrip()] = value
    return values


def systemd_value(text, at):
    """The value from `at`, and where it ends. Quotes hold only where a value or a quoted part has just begun."""
    at = re.compile(r"[ \t]*").match(text, at).end()
    value, kept = "", 0
    fresh = True
    while at < len(text) and text[at] not in "\r\n":
        character = text[at]
        if fresh and character in "'\"":
            close = re.compile(r"'[^']*'?" if character == "'" else r'"(?:\\.|[^\\"])*"?', re.DOTALL).match(text, at)
            inner = close[0][1:].removesuffix(character)
            value += inner if character == "'" else re.sub(r"\\(\n|[\"\\`$])", lambda one: one[1].strip("\n"), inner)
            at, kept = close.end(), len(value)
            at = re.compile(r"[ \t]*").match(text, at).end()
            continue
        fresh = False
        if character == "\\":
            value += text[at + 1 : at + 2].strip("\n")
            at, kept = at + 2, len(value)
            continue
        value += character
        if character not in " \t":
            kept = len(value)
        at += 1
    return value[:kept], at


def run(command, environment):
    environment = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)


READERS = {
    "python-dotenv": python_dotenv,
    "docker-rules": docker_rules,
    "docker-client": docker_client,
    "compose-env-file": compose_env_file,
    "compose-interpolation": compose_interpolation,
    "systemd-library": systemd_library,
    "systemd-rules": systemd_rules,
    "honcho": honcho,
    "direnv": direnv,
    "make": make,
}

# What takes all files at once.
MANY = {"compose-env-files": compose_env_files, "godotenv": godotenv}


def main(name, *paths):
    if name in MANY:
        for seen in MANY[name](*paths):
            print(json.dumps(seen))
        return
    for path in paths:
        try:
            print(json.dumps(READERS[name](path)))
        except Refused:
            print(json.dumps("refused"))


if __name__ == "__main__":
    main(*sys.argv[1:])
