"""Builds what the hooks of .pre-commit-hooks.yaml install: a package without files that needs the wheel of this version.

It is a build backend of Python (PEP 517) and needs no other one: a hook installs the wheel of envward and nothing else.
"""

import re
from pathlib import Path

import wheel_file

NAME = "envward_hooks"


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    # pip calls this in the top directory of the repository. Old versions of Python have no parser of TOML.
    version = re.search(r'^version = "([^"]+)"', Path("Cargo.toml").read_text(), re.MULTILINE).group(1)
    info = f"{NAME}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {version}\nRequires-Dist: envward=={version}\n"
    files = [
        (f"{info}/METADATA", 0o644, metadata.encode()),
        (f"{info}/WHEEL", 0o644, wheel_file.tags(["any"], is_pure=True)),
    ]
    wheel = f"{NAME}-{version}-py3-none-any.whl"
    # Any date after 1980, which is the first of a zip archive.
    wheel_file.write(Path(wheel_directory) / wheel, info, files, date=10**9)
    return wheel
