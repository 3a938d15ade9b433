"""Writes the hashes of the wheels, in the form that `pip install --require-hashes` reads.

After a release this file goes into packaging/action/hashes, under the name VERSION.txt.
"""

import hashlib
from pathlib import Path

from common import NAME, VERSION


def build(wheels: list[Path], dist: Path) -> Path:
    digests = sorted(hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in wheels)
    lines = [f"{NAME}=={VERSION}", *(f"    --hash=sha256:{digest}" for digest in digests)]
    path = dist / f"{NAME}-{VERSION}-hashes.txt"
    path.write_text(" \\\n".join(lines) + "\n")
    return path
