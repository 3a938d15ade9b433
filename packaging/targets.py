"""The systems that a release has a program for, and what each kind of package calls them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    rust: str
    # A static Linux program runs with glibc and with musl, so one wheel has the tags of both.
    wheel: str
    # `process.platform` and `process.arch` of Node.
    npm: tuple[str, str]
    # Debian's name of the architecture; the image of a container has the same. None: there is no such package.
    debian: str | None


TARGETS = [
    Target(
        "x86_64-unknown-linux-musl",
        "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64",
        ("linux", "x64"),
        "amd64",
    ),
    Target(
        "aarch64-unknown-linux-musl",
        "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
        ("linux", "arm64"),
        "arm64",
    ),
    Target("aarch64-apple-darwin", "macosx_11_0_arm64", ("darwin", "arm64"), None),
    Target("x86_64-apple-darwin", "macosx_10_12_x86_64", ("darwin", "x64"), None),
]
