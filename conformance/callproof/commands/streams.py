"""Standard output and standard error that stay usable when the reader has gone or the stream is closed.

It imports nothing until something is wrong, because users of `callproof check` in a commit hook feel its start-up time.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TextIO


class NotWritten(Exception):
    """Standard output cannot be written. `reader_left` is true if the reader closed it."""

    def __init__(self, error: OSError) -> None:
        self.reader_left = isinstance(error, BrokenPipeError)
        super().__init__(f"standard output cannot be written ({error.strerror or error})")


class _Careful:
    """A stream that knows its own failures. If it is `forgiving`, it drops what it cannot write."""

    def __init__(self, stream: TextIO, *, forgiving: bool) -> None:
        self.stream = stream
        self.failed = False
        self.mask: Callable[[str], str] = str
        self._forgiving = forgiving

    def write(self, text: str) -> int:
        try:
            return self.stream.write(self.mask(text))
        except OSError as error:
            return self._fail(error)

    def flush(self) -> None:
        try:
            self.stream.flush()
        except OSError as error:
            self._fail(error)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def _fail(self, error: OSError) -> int:
        self.failed = True
        if self._forgiving:
            return 0
        raise NotWritten(error) from error


def mask_errors(mask: Callable[[str], str]) -> None:
    """Apply `mask` to everything that this command writes to standard error from now on, tracebacks included."""
    if isinstance(sys.stderr, _Careful):
        sys.stderr.mask = mask


class Streams:
    """While this is entered, writing to standard output raises NotWritten, and writing to standard error never fails."""

    def __enter__(self) -> None:
        _replace_closed()
        for stream in (sys.stdout, sys.stderr):  # a file name need not be text, and no report fails over one
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        self._out = _Careful(sys.stdout, forgiving=False)
        self._err = _Careful(sys.stderr, forgiving=True)
        sys.stdout, sys.stderr = self._out, self._err

    def __exit__(self, *_: object) -> None:
        sys.stdout, sys.stderr = self._out.stream, self._err.stream
        for careful in (self._out, self._err):
            if careful.failed:
                _discard_the_rest(careful.stream)


def _discard_the_rest(stream: TextIO) -> None:
    """Discard what the stream still holds; otherwise Python reports the failure again at exit."""
    import os

    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, stream.fileno())
    finally:
        os.close(nowhere)


def _replace_closed() -> None:
    """Replace a stream that was closed before the start, so that no file of a run gets its descriptor."""
    if sys.stdout is not None and sys.stderr is not None:
        return
    import os

    for number, name, mode in ((1, "stdout", os.O_RDONLY), (2, "stderr", os.O_WRONLY)):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, mode)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            setattr(sys, name, os.fdopen(number, "w", encoding="utf-8"))
