"""Makes a Debian package with cargo-deb. `[package.metadata.deb]` in Cargo.toml says which file goes where."""

import os
import shutil
from email.utils import formatdate
from pathlib import Path

from common import NAME, TOP, VERSION, compress, crates, last_commit, run, write_pages
from targets import Target

STAGE = TOP / "target/packaging/debian"


def changelog() -> str:
    date = formatdate(last_commit())
    first = f"{NAME} ({VERSION}-1) unstable; urgency=medium"
    return f"{first}\n\n  * Version {VERSION}: see changelog.gz.\n\n -- The envward authors <envward@users.noreply.github.com>  {date}\n"


def stage(runnable: Path, bin_dir: Path) -> None:
    """The files that are made, or have another name here than in the package."""
    shutil.rmtree(STAGE, ignore_errors=True)
    pages, completions, units, doc = (STAGE / name for name in ["man", "completions", "units", "doc"])
    for place in [pages, completions, units, doc]:
        place.mkdir(parents=True)
    write_pages(runnable, pages, completions)
    for page in pages.iterdir():
        compress(page.read_bytes(), page.with_name(page.name + ".gz"))
        page.unlink()
    failed = (TOP / "hooks/envward-rotation-failed.service").read_text().replace("@SCOPE@", "--system")
    (units / "envward-rotation-failed.service").write_text(failed)
    shutil.copy(TOP / "hooks/envward-rotation.timer", units)
    shutil.copy(TOP / "packaging/debian/envward-rotation.service", units)
    for text in [TOP / "README.md", TOP / "SECURITY.md", *crates(bin_dir)]:
        shutil.copy(text, doc)
    for page in sorted((TOP / "docs").glob("*.md")):
        shutil.copy(page, doc)
    compress((TOP / "CHANGELOG.md").read_bytes(), doc / "changelog.gz")
    (STAGE / "changelog").write_text(changelog())


def build(target: Target, program: Path, dist: Path) -> Path:
    place = TOP / "target/packaging/cargo"
    built = place / target.rust / "release" / NAME
    built.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(program, built)
    deb = dist / f"{NAME}_{VERSION}-1_{target.debian}.deb"
    options = ["--no-build", "--no-strip", "--target", target.rust, "--output", deb.resolve()]
    given = {"CARGO_TARGET_DIR": str(place), "SOURCE_DATE_EPOCH": str(last_commit())}
    run("cargo", "deb", *options, cwd=TOP, env={**os.environ, **given})
    return deb
