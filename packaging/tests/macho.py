#!/usr/bin/env python3
"""Examines a program for macOS without running it: which libraries it loads, for which system, and whether it is signed.

    macho.py PROGRAM
"""

import struct
import sys
from pathlib import Path

# <mach-o/loader.h>, <mach/machine.h>
MAGIC_64 = 0xFEEDFACF
CPUS = {0x01000007: "x86_64", 0x0100000C: "arm64"}
LOAD_DYLIB = 0x0C
CODE_SIGNATURE = 0x1D
VERSION_MIN_MACOS = 0x24
BUILD_VERSION = 0x32
PLATFORM_MACOS = 1
# Every macOS has them: its C library, and the one with which libgit2 compares file names. Nothing else may be needed.
LIBRARIES = {"/usr/lib/libSystem.B.dylib", "/usr/lib/libiconv.2.dylib"}


def load_commands(data: bytes):
    magic, cpu, _, kind, count = struct.unpack_from("<5I", data)
    if magic != MAGIC_64 or kind != 2:
        sys.exit("macho: this is no 64-bit program for macOS")
    yield None, CPUS.get(cpu, hex(cpu))
    at = 32
    for _ in range(count):
        command, size = struct.unpack_from("<2I", data, at)
        yield command, data[at : at + size]
        at += size


def version(number: int) -> str:
    return f"{number >> 16}.{number >> 8 & 0xFF}"


def main(path: Path) -> None:
    cpu, oldest, signed, libraries = None, None, False, set()
    for command, content in load_commands(path.read_bytes()):
        if command is None:
            cpu = content
        elif command == LOAD_DYLIB:
            (name,) = struct.unpack_from("<I", content, 8)
            libraries.add(content[name:].split(b"\0")[0].decode())
        elif command == BUILD_VERSION:
            platform, number = struct.unpack_from("<2I", content, 8)
            oldest = version(number) if platform == PLATFORM_MACOS else None
        elif command == VERSION_MIN_MACOS:
            oldest = version(struct.unpack_from("<I", content, 8)[0])
        elif command == CODE_SIGNATURE:
            signed = True
    if libraries - LIBRARIES:
        sys.exit(f"macho: {path} loads {', '.join(sorted(libraries - LIBRARIES))}")
    if oldest is None:
        sys.exit(f"macho: {path} does not say from which macOS it runs")
    # macOS starts no unsigned program on arm64.
    if cpu == "arm64" and not signed:
        sys.exit(f"macho: {path} has no signature")
    print(f"{path.parent.name}: {cpu}, from macOS {oldest}, {'signed' if signed else 'not signed'}, only linked and not run")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
