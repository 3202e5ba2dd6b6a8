"""Files that only their owner may read, and that no planted link leads elsewhere.

Where the system has modes, a file gets 0600 and a folder 0700, also when a file with another mode is written over. A symbolic link in the
place of a file is replaced or refused, never followed.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path

_FILE, _FOLDER = 0o600, 0o700
#: No system has all of them.
_SAFELY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def open_private(file: Path, *, fresh: bool = False) -> int:
    """Open a file for appending and return its descriptor; `fresh` removes what it contains. A pipe is opened as it is.

    Raises OSError, also for a symbolic link.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | (os.O_TRUNC if fresh else 0)
    descriptor = os.open(file, flags | _SAFELY, _FILE)
    try:
        if hasattr(os, "fchmod") and stat.S_ISREG(os.fstat(descriptor).st_mode):
            with contextlib.suppress(PermissionError):  # somebody else's file, which they let us write
                os.fchmod(descriptor, _FILE)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def write_private(file: Path, text: str) -> None:
    """Write a whole text file in one step: readers see the old file or the new one. Raises OSError; then the old file stays."""
    descriptor, name = tempfile.mkstemp(
        prefix=f".{file.name}.", dir=file.parent
    )  # 0600, in a file that is new
    try:
        with open(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.replace(name, file)
    except BaseException:
        os.unlink(name)
        raise


def make_private_folder(folder: Path) -> None:
    """Make a folder and those above it; one that exists keeps its mode. Raises OSError."""
    try:
        folder.mkdir(_FOLDER)
    except FileNotFoundError:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(_FOLDER)
    except FileExistsError:
        if not folder.is_dir():
            raise
