"""What all packages of a release have in common."""

import gzip
import os
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
NAME = "envward"
VERSION = tomllib.loads((TOP / "Cargo.toml").read_text())["package"]["version"]
LICENCES = ["LICENSE-APACHE", "LICENSE-MIT"]
COMPLETIONS = {"bash": "envward", "zsh": "_envward", "fish": "envward.fish", "elvish": "envward.elv"}


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


def write_pages(runnable: Path, pages: Path, completions: Path) -> None:
    """The manual pages and the completions, as the program prints them."""
    run(runnable, "man", "--dir", pages)
    for shell, name in COMPLETIONS.items():
        (completions / name).write_text(run(runnable, "completions", shell))


def compress(content: bytes, path: Path) -> None:
    """As `gzip -9n`: without a name and a date."""
    path.write_bytes(gzip.compress(content, 9, mtime=0))


def write_tar(folder: Path, top: Path, archive: object) -> None:
    """The folder, under the name `top`, as an archive whose bytes depend on nothing but the files."""

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        entry.mtime = last_commit()
        entry.mode = 0o755 if entry.mode & 0o100 else 0o644
        return entry

    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as out:
        for path in sorted(folder.rglob("*")):
            out.add(path, top / path.relative_to(folder), recursive=False, filter=plain)
