"""Packs a program that is already built into a Python wheel.

maturin would compile it again, so PyPI would get another file than npm and Debian.
"""

import tomllib
from pathlib import Path

import wheel_file
from common import NAME, TOP, VERSION, last_commit, licences
from targets import Target


def metadata(licence_names: list[str]) -> str:
    """METADATA, from the same file that maturin reads."""
    project = tomllib.loads((TOP / "packaging/pypi/pyproject.toml").read_text())["project"]
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {NAME}",
        f"Version: {VERSION}",
        f"Summary: {project['description']}",
        f"Keywords: {','.join(project['keywords'])}",
        f"License-Expression: {project['license']}",
        f"Requires-Python: {project['requires-python']}",
        "Description-Content-Type: text/markdown",
        *(f"License-File: {name}" for name in licence_names),
        *(f"Classifier: {one}" for one in project["classifiers"]),
        *(f"Project-URL: {name}, {url}" for name, url in project["urls"].items()),
    ]
    return "\n".join(lines) + "\n\n" + (TOP / "packaging/pypi" / project["readme"]).read_text()


def build(target: Target, program: Path, bin_dir: Path, dist: Path) -> Path:
    base, info = f"{NAME}-{VERSION}", f"{NAME}-{VERSION}.dist-info"
    texts = licences(bin_dir)
    files = [
        (f"{base}.data/scripts/{NAME}", 0o755, program.read_bytes()),
        *((f"{info}/licenses/{text.name}", 0o644, text.read_bytes()) for text in texts),
        (f"{info}/METADATA", 0o644, metadata([text.name for text in texts]).encode()),
        (f"{info}/WHEEL", 0o644, wheel_file.tags(target.wheel.split("."), is_pure=False)),
    ]
    wheel = dist / f"{base}-py3-none-{target.wheel}.whl"
    wheel_file.write(wheel, info, files, last_commit())
    return wheel
