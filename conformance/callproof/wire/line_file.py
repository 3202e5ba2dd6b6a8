"""A file that grows by whole lines and never stands in the way: the first failure is kept, and nothing is written after it."""

import os
from pathlib import Path

from callproof.not_written import FileNotWritten
from callproof.private_files import open_private


class LineFile:
    """Appends lines to a file, each at once. No method raises OSError; `failure` says why the file is not whole.

    A run that cannot write must still be able to end its calls, so its writers look at `failure` when they can afford to stop.
    If it is `durable`, a line is on the disk when `write` returns.
    """

    def __init__(self, path: Path, *, fresh: bool = False, durable: bool = False) -> None:
        """Open the file, or create it for its owner alone. `fresh` removes what a regular file contains."""
        self.path = path
        self.failure: FileNotWritten | None = None
        self._durable = durable
        self._descriptor = -1
        try:
            self._descriptor = open_private(path, fresh=fresh)
        except OSError as error:
            self.failure = FileNotWritten(path, error)

    def fileno(self) -> int:
        """The descriptor while the file is open, otherwise -1."""
        return self._descriptor

    def write(self, line: str) -> bool:
        """Append the line; whether it was written whole."""
        if self._descriptor < 0:
            return False
        rest = memoryview((line + "\n").encode())
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
            if self._durable:
                os.fsync(self._descriptor)
        except OSError as error:
            self.failure = FileNotWritten(self.path, error)
            self.close()
        return self.failure is None

    def close(self) -> None:
        """Close the file, if it is open."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            try:
                os.close(descriptor)
            except OSError as error:  # NFS reports a full disk here
                self.failure = self.failure or FileNotWritten(self.path, error)
