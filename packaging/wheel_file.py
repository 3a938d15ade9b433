"""Writes a wheel: a zip archive that lists its files with their hashes.

https://packaging.python.org/en/latest/specifications/binary-distribution-format/
"""

from __future__ import annotations

import base64
import hashlib
import time
import zipfile
from pathlib import Path


def record_line(name: str, content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(content)}\n"


def tags(platforms: list[str], is_pure: bool) -> bytes:
    lines = ["Wheel-Version: 1.0", "Generator: envward", f"Root-Is-Purelib: {str(is_pure).lower()}"]
    return "\n".join([*lines, *(f"Tag: py3-none-{platform}" for platform in platforms), ""]).encode()


def write(path: Path, info: str, files: list[tuple[str, int, bytes]], date: int) -> None:
    """`files`: the name, the mode and the content of each. `info`: the folder of the metadata."""
    record = "".join(record_line(name, content) for name, _, content in files) + f"{info}/RECORD,,\n"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, mode, content in [*files, (f"{info}/RECORD", 0o644, record.encode())]:
            entry = zipfile.ZipInfo(name, time.gmtime(date)[:6])
            # 3: the mode is one of Unix.
            entry.create_system, entry.external_attr = 3, (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
