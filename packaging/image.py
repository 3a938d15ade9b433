"""Builds the image of packaging/Containerfile with buildah, which needs no daemon, and writes it as an OCI archive.

`skopeo copy oci-archive:FILE docker://REGISTRY/envward:VERSION` publishes it; `docker load` and `podman load` read it, too.
"""

import shutil
import tempfile
from pathlib import Path

from common import NAME, TOP, VERSION, last_commit, licences, run, write_tar
from targets import Target


def prepare(context: Path, program: Path, bin_dir: Path) -> None:
    shutil.copy(program, context / NAME)
    (context / NAME).chmod(0o755)
    texts = context / "licenses"
    texts.mkdir()
    for text in licences(bin_dir):
        shutil.copy(text, texts)
        (texts / text.name).chmod(0o644)


def build(target: Target, program: Path, bin_dir: Path, dist: Path) -> Path:
    archive = dist / f"{NAME}-{VERSION}-{target.debian}.oci.tar"
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        context, layout = place / "context", place / "layout"
        context.mkdir()
        prepare(context, program, bin_dir)
        buildah = ["buildah", "--storage-driver", "vfs", "--root", place / "root", "--runroot", place / "run"]
        options = ["--isolation", "chroot", "--format", "oci", "--arch", target.debian, "--os", "linux"]
        fixed = ["--timestamp", last_commit(), "--identity-label=false"]
        file = ["--file", TOP / "packaging/Containerfile"]
        run(*buildah, "build", "--quiet", *options, *fixed, *file, "--tag", NAME, context)
        run(*buildah, "push", "--quiet", NAME, f"oci:{layout}:{VERSION}")
        with archive.open("wb") as out:
            write_tar(layout, Path(), out)
    return archive
