"""A lock on an open file that the system removes when its process ends, however it ends. Where files cannot be locked, none is held."""

from __future__ import annotations

import os
import sys
from pathlib import Path

#: Windows locks bytes, and nobody may read a locked one: this one lies behind every ledger.
_BYTE = 2**30

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    _TAKEN: tuple[type[OSError], ...] = (PermissionError, BlockingIOError)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    _TAKEN = (BlockingIOError,)


def hold(descriptor: int) -> bool:
    """Lock an open file until it is closed; false if another process has locked it."""
    try:
        _lock(descriptor)
    except _TAKEN:
        return False
    except OSError:  # a file system without locks: better no lock than no run
        return True
    return True


def is_held(file: Path) -> bool:
    """Whether a process that is still running has locked this file. A file that cannot be opened is not locked."""
    try:
        descriptor = os.open(file, os.O_RDWR | getattr(os, "O_BINARY", 0))
    except OSError:
        return False
    try:
        return not hold(descriptor)
    finally:
        os.close(descriptor)
