"""What all packages of a release have in common."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
NAME = "envward"
VERSION = tomllib.loads((TOP / "Cargo.toml").read_text())["package"]["version"]
LICENCES = ["LICENSE-APACHE", "LICENSE-MIT"]


def run(*command: object, **options: object) -> str:
    """The output of a command. If it fails, the build ends and shows what the command printed."""
    words = [str(word) for word in command]
    done = subprocess.run(words, check=False, text=True, capture_output=True, **options)
    if done.returncode:
        sys.exit(f"packaging: {' '.join(words)} ended with status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def last_commit() -> int:
    """The date of the last commit: no archive has another date, so the same commit makes the same bytes."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    return int(given or run("git", "-C", TOP, "log", "-1", "--format=%ct"))


def crates(bin_dir: Path) -> list[Path]:
    """The licences of the crates in the program: what the release wrote directly into BIN."""
    return sorted(path for path in bin_dir.iterdir() if path.is_file())


def licences(bin_dir: Path) -> list[Path]:
    return [TOP / name for name in LICENCES] + crates(bin_dir)
