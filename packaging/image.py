"""Builds the image of packaging/Containerfile with buildah, which needs no daemon, and writes it as an OCI archive.

`skopeo copy oci-archive:FILE docker://REGISTRY/envward:VERSION` publishes it; `docker load` and `podman load` read it, too.
"""

import shutil
import tarfile
import tempfile
from pathlib import Path

from common import NAME, TOP, VERSION, last_commit, licences, run
from targets import Target


def prepare(context: Path, program: Path, bin_dir: Path) -> None:
    shutil.copy(program, context / NAME)
    (context / NAME).chmod(0o755)
    texts = context / "licenses"
    texts.mkdir()
    for text in licences(bin_dir):
        shutil.copy(text, texts)
        (texts / text.name).chmod(0o644)


def write_tar(layout: Path, archive: Path) -> None:
    """The folder as an archive whose bytes depend on nothing but the files."""

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        entry.mtime = last_commit()
        entry.mode = 0o755 if entry.isdir() else 0o644
        return entry

    with tarfile.open(archive, "w", format=tarfile.USTAR_FORMAT) as out:
        for path in sorted(layout.rglob("*")):
            out.add(path, path.relative_to(layout), recursive=False, filter=plain)


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
        write_tar(layout, archive)
    return archive
