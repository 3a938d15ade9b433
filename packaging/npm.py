"""Packs npm packages: one for each system with the program, and `envward`, which runs the one that npm chose.

Nothing runs when they are installed: there is no install script.
"""

import json
import shutil
import tempfile
import tomllib
from pathlib import Path

from common import NAME, TOP, VERSION, licences, run
from targets import TARGETS, Target

SCOPE = f"@{NAME}"


def shared() -> dict:
    project = tomllib.loads((TOP / "packaging/pypi/pyproject.toml").read_text())["project"]
    repository = project["urls"]["Repository"]
    return {
        "version": VERSION,
        "description": project["description"],
        "license": project["license"],
        "repository": {"type": "git", "url": f"git+{repository}.git"},
        "homepage": f"{repository}#readme",
        "bugs": project["urls"]["Issues"],
    }


def name_of(target: Target) -> str:
    return f"{SCOPE}/{'-'.join(target.npm)}"


def pack(manifest: dict, programs: dict[str, Path], bin_dir: Path, dist: Path) -> Path:
    """`npm pack` gives all files one date and sorts them."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name, source in programs.items():
            (place / name).parent.mkdir(exist_ok=True)
            shutil.copy(source, place / name)
            (place / name).chmod(0o755)
        for text in licences(bin_dir):
            shutil.copy(text, place)
        shutil.copy(TOP / "packaging/pypi/ABOUT.md", place / "README.md")
        (place / "package.json").write_text(json.dumps(manifest, indent=2) + "\n")
        done = run("npm", "pack", "--json", "--ignore-scripts", "--pack-destination", dist.resolve(), cwd=place)
        return dist / json.loads(done)[0]["filename"].replace("@", "").replace("/", "-")


def build(target: Target, program: Path, bin_dir: Path, dist: Path) -> Path:
    system, processor = target.npm
    manifest = {
        "name": name_of(target),
        **shared(),
        "os": [system],
        "cpu": [processor],
        "files": ["bin", *(text.name for text in licences(bin_dir))],
        "preferUnplugged": True,
        "publishConfig": {"access": "public"},
    }
    return pack(manifest, {"bin/envward": program}, bin_dir, dist)


def build_launcher(bin_dir: Path, dist: Path) -> Path:
    manifest = {
        "name": NAME,
        **shared(),
        "keywords": ["secrets", "dotenv", "git-hooks", "pre-commit", "security"],
        "bin": {NAME: "bin/envward.js"},
        "files": ["bin", *(text.name for text in licences(bin_dir))],
        "engines": {"node": ">=18"},
        "optionalDependencies": {name_of(target): VERSION for target in TARGETS},
    }
    return pack(manifest, {"bin/envward.js": TOP / "packaging/npm/envward.js"}, bin_dir, dist)
