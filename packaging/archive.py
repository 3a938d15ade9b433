"""Makes an archive of the program for people who use no package manager: the program, its licences, the manual pages and the
completions."""

import gzip
import io
import shutil
import tarfile
import tempfile
from pathlib import Path

from common import NAME, TOP, VERSION, last_commit, licences, run
from deb import COMPLETIONS
from targets import Target


def tar(folder: Path, top: str) -> bytes:
    """The folder as an archive whose bytes depend on nothing but the files."""

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        entry.mtime = last_commit()
        entry.mode = 0o755 if entry.isdir() or entry.name == f"{top}/{NAME}" else 0o644
        return entry

    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path in sorted(folder.rglob("*")):
            archive.add(path, f"{top}/{path.relative_to(folder)}", recursive=False, filter=plain)
    return out.getvalue()


def build(target: Target, program: Path, runnable: Path, bin_dir: Path, dist: Path) -> Path:
    name = f"{NAME}-{VERSION}-{target.rust}"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        shutil.copy(program, folder / NAME)
        for text in [*licences(bin_dir), TOP / "README.md", TOP / "CHANGELOG.md", TOP / "SECURITY.md"]:
            shutil.copy(text, folder)
        run(runnable, "man", "--dir", folder / "man")
        (folder / "completions").mkdir()
        for shell, file in COMPLETIONS.items():
            (folder / "completions" / file).write_text(run(runnable, "completions", shell))
        made = dist / f"{name}.tar.gz"
        made.write_bytes(gzip.compress(tar(folder, name), 9, mtime=0))
    return made
