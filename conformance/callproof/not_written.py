"""A file that could not be written: one sentence with the system's reason and the remedy. Writers keep it as a value, or raise it."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from itertools import groupby

#: What helps, by the system's error. EDQUOT does not exist everywhere.
_REMEDIES = {
    errno.ENOSPC: "free some space, or name another folder",
    getattr(errno, "EDQUOT", -1): "free some of your quota, or name another folder",
    errno.EFBIG: "raise the limit on the size of files (ulimit -f)",
    errno.EROFS: "name a folder that can be written",
    errno.EIO: "check the disk, or name another folder",
    errno.EPIPE: "its reader has gone; run again",
}
_OTHERWISE = "name another folder"


class FileNotWritten(Exception):
    """A file that a run needed and could not write, because the disk is full, read-only or broken."""

    def __init__(self, file: object, error: OSError) -> None:
        self.file = str(file)
        self.reason = error.strerror or str(error)
        self.remedy = _REMEDIES.get(error.errno or 0, _OTHERWISE)
        super().__init__(f"{self.file} cannot be written: {self.reason}; {self.remedy}")


def in_one_sentence(failures: Iterable[FileNotWritten]) -> str:
    """The failures as one sentence: files with the same reason stand together, each once."""
    ordered = sorted(failures, key=lambda failure: (failure.reason, failure.remedy))
    parts = []
    for (reason, remedy), group in groupby(ordered, key=lambda failure: (failure.reason, failure.remedy)):
        files = ", ".join(dict.fromkeys(failure.file for failure in group))
        parts.append(f"{files} cannot be written: {reason}; {remedy}")
    return "; ".join(parts)
