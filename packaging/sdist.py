"""Packs the source for PyPI with maturin: for systems that have no wheel, pip builds it with Rust."""

from pathlib import Path

from common import NAME, TOP, VERSION, run


def build(dist: Path) -> Path:
    run("maturin", "sdist", "--out", dist, cwd=TOP / "packaging/pypi")
    return dist / f"{NAME}-{VERSION}.tar.gz"
