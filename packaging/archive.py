"""Makes an archive of the program for people who use no package manager: the program, its licences, the manual pages and the
completions."""

import io
import shutil
import tempfile
from pathlib import Path

from common import NAME, TOP, VERSION, compress, licences, write_pages, write_tar
from targets import Target


def build(target: Target, program: Path, runnable: Path, bin_dir: Path, dist: Path) -> Path:
    name = f"{NAME}-{VERSION}-{target.rust}"
    made, tar = dist / f"{name}.tar.gz", io.BytesIO()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        shutil.copy(program, folder / NAME)
        (folder / NAME).chmod(0o755)
        for text in [*licences(bin_dir), TOP / "README.md", TOP / "CHANGELOG.md", TOP / "SECURITY.md"]:
            shutil.copy(text, folder)
            (folder / text.name).chmod(0o644)
        (folder / "completions").mkdir()
        write_pages(runnable, folder / "man", folder / "completions")
        write_tar(folder, Path(name), tar)
    compress(tar.getvalue(), made)
    return made
