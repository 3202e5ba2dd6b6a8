"""What `check` is asked to judge: finds the files below the folders, and reads them within bounds.

Whatever is not read is left out with a reason; nothing is skipped without a word but what is hidden and what `--ignore` names. In folders
only regular files are opened. A link is followed if it stays inside the folder that was named; device and inode tell files and folders that
were met before, so loops end. A path on the command line may also be a pipe or a device: it is read as a stream. Nothing limits how long a
stream may keep `check` waiting for its next byte, as for every filter; Ctrl-C ends it.
"""

from __future__ import annotations

import os
import stat
import sys
from itertools import islice

from callproof import limits
from callproof.validator.readers import READ, READERS, LeftOut, ending_of, format_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import BinaryIO, TypeAlias

    # Told of every input that is left out, and why.
    LeaveOut: TypeAlias = Callable[[str, str], None]
    Identity: TypeAlias = tuple[int, int] | str

STDIN = "-"
_PIECE = 1024 * 1024  # bytes that are read at a time
_MIB = 1024 * 1024
_SMALLER = "write one message per line into .ndjson files, and split those"
_LINK_LOOP = "is a link that leads to itself"
_GONE = "was there when the folder was read, and is gone"
# what a path is that is neither a file nor a folder, by the type in its mode
_KINDS = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class Input:
    """A file or a stream. `in_folder` says that a folder stood for it, so that only a regular file may be opened at its path."""

    __slots__ = ("in_folder", "path")

    def __init__(self, path: str, in_folder: bool) -> None:
        self.path = path
        self.in_folder = in_folder


class Inputs:
    """The inputs of one invocation. `ignored` are patterns of names, or of paths below a folder that was named."""

    def __init__(self, ignored: Sequence[str], leave_out: LeaveOut) -> None:
        self._ignored = ignored
        self._leave_out = leave_out
        self._met: set[Identity] = set()
        self._accounted = 0  # what was left out, and what was met, now or before
        self._entries = 0  # names below the folder at hand, hidden and ignored ones too

    def files(self, paths: Sequence[str]) -> Iterator[Input]:
        """The files and streams to judge, each once, those of a folder in the order of their names."""
        for path in paths:
            for named in self._expanded(path):
                yield from self._named(named)

    def _expanded(self, path: str) -> list[str]:
        """The path, or what a pattern stands for: some shells leave patterns to the program."""
        if path == STDIN or os.path.lexists(path) or not any(sign in path for sign in "*?["):
            return [path]
        from glob import glob

        if not (found := sorted(glob(path, recursive=True))):
            self._leave(path, "matches nothing")
        return found

    def _named(self, path: str) -> Iterator[Input]:
        """What a path on the command line stands for."""
        if path == STDIN:
            if self._is_new(STDIN):
                yield Input(path, in_folder=False)
            return
        try:
            status = os.stat(path)
        except OSError as error:
            self._leave(path, _reason(error))
        except ValueError:  # a name that no system has, such as one with a null character
            self._leave(path, "is not a name that a file can have")
        else:
            if stat.S_ISDIR(status.st_mode):
                yield from self._folder(path)
            elif stat.S_ISSOCK(status.st_mode):
                self._leave(path, "is a socket")
            elif self._is_new(_identity(status, path)):
                yield Input(path, in_folder=False)

    def _folder(self, root: str) -> Iterator[Input]:
        """The files below a folder, depth first. `pending` is a stack of paths, so depth costs no recursion."""
        before, self._entries = self._accounted, 0
        inside = os.path.realpath(root)
        pending = [root]
        while pending:
            path = pending.pop()
            kind = stat.S_IFDIR if path == root else self._kind(path, inside)
            if kind == stat.S_IFDIR:
                pending += self._below(path, root)
                if self._entries > limits.ENTRIES.default:
                    most = f"{limits.ENTRIES.default:,}"
                    self._leave(root, f"holds more than {most} files and folders; name some of them")
                    return
            elif kind == stat.S_IFREG:
                yield Input(path, in_folder=True)
        if self._accounted == before:
            self._leave(root, f"holds no file that can be judged; {READ}")

    def _below(self, folder: str, root: str) -> list[str]:
        """What a folder holds, without what is hidden or ignored, last name first; nothing if it was met before."""
        try:
            status = os.stat(folder)
            if not self._is_new(_identity(status, folder)):
                self._accounted += 1
                return []
            with os.scandir(folder) as entries:
                names = [entry.name for entry in islice(entries, limits.ENTRIES.default + 1)]
        except OSError as error:
            self._leave(folder, _reason(error, in_folder=True))
            return []
        self._entries += len(names)
        shown = sorted((name for name in names if not _is_hidden(name)), reverse=True)
        paths = [os.path.join(folder, name) for name in shown]
        return [path for path in paths if not self._is_ignored(path, root)] if self._ignored else paths

    def _kind(self, path: str, inside: str) -> int:
        """The type of what is to be read at a path below a folder; 0 if it is left out, or was met before."""
        try:
            status = os.lstat(path)
            if stat.S_ISLNK(status.st_mode) or _is_reparse_point(status):
                status = _followed(path, inside)
        except LeftOut as error:
            self._leave(path, str(error))
            return 0
        except OSError as error:
            self._leave(path, _reason(error, in_folder=True))
            return 0
        kind = stat.S_IFMT(status.st_mode)
        if kind == stat.S_IFDIR:
            return 0 if os.path.basename(path).startswith(".") else kind
        if kind != stat.S_IFREG:
            self._leave(path, f"is {_KINDS.get(kind, 'neither a file nor a folder')}")
            return 0
        return self._file(path, status)

    def _file(self, path: str, status: os.stat_result) -> int:
        ending = ending_of(path)
        if ending in READERS:
            self._accounted += 1
            return stat.S_IFREG if self._is_new(_identity(status, path)) else 0
        if os.path.basename(path).startswith("."):
            return 0
        try:
            format_of(path)
            pattern = f"*{ending}" if ending else os.path.basename(path)
            why = f"its name does not say what it holds; {READ}; leave it out with --ignore '{pattern}'"
        except LeftOut as error:
            why = str(error)
        self._leave(path, why)
        return 0

    def _is_ignored(self, path: str, root: str) -> bool:
        from fnmatch import fnmatch

        names = os.path.basename(path), os.path.relpath(path, root).replace(os.sep, "/")
        return any(fnmatch(name, pattern) for name in names for pattern in self._ignored)

    def _is_new(self, identity: Identity) -> bool:
        if identity in self._met:
            return False
        self._met.add(identity)
        return True

    def _leave(self, path: str, why: str) -> None:
        self._accounted += 1
        self._leave_out(path, why)


def pieces_of(source: Input, most: int) -> Iterator[bytes]:
    """The bytes of a file or a stream, at most so many. Raises LeftOut, also when it goes on beyond."""
    try:
        if source.path == STDIN:
            yield from _pieces(_standard_input(), most)
            return
        with open(source.path, "rb", opener=_without_waiting if source.in_folder else None) as stream:
            yield from _pieces(stream, most, _size_of(stream, source.in_folder))
    except OSError as error:
        raise LeftOut(_reason(error, source.in_folder)) from None


def _pieces(stream: BinaryIO, most: int, size: int | None = None) -> Iterator[bytes]:
    done = 0
    while size is None or done < size:
        piece = stream.read(_PIECE if size is None else min(_PIECE, size - done))
        if not piece:
            return
        done += len(piece)
        if done > most:
            raise LeftOut(f"is larger than {most // _MIB:,} MiB; {_SMALLER}")
        yield piece


def _size_of(stream: BinaryIO, in_folder: bool) -> int | None:
    """How much of the file is judged: what it holds now, though it may grow. None for a stream, which is read to its end."""
    status = os.fstat(stream.fileno())
    if stat.S_ISREG(status.st_mode):
        return status.st_size or None  # some systems say 0 of files that they make up as they are read
    if in_folder:
        raise LeftOut(
            f"has become {_KINDS.get(stat.S_IFMT(status.st_mode), 'something else')} since the folder was read"
        )
    return None


def _without_waiting(file: str, flags: int) -> int:
    """Open a path that was a regular file a moment ago: should it be a pipe by now, opening it must not wait for a writer."""
    return os.open(file, flags | getattr(os, "O_NONBLOCK", 0))


def _standard_input() -> BinaryIO:
    if sys.stdin is None or sys.stdin.closed:
        raise LeftOut("standard input is closed")
    return sys.stdin.buffer


def _followed(path: str, inside: str) -> os.stat_result:
    """The status of what a link leads to. Raises LeftOut if that lies outside the folder, and OSError if it cannot be read."""
    real = os.path.realpath(path)
    try:
        status = os.stat(path)
    except FileNotFoundError:
        raise LeftOut("is a link that leads nowhere") from None
    if not _lies_in(real, inside):
        raise LeftOut("is a link that leads out of the folder; name what it leads to")
    return status


def _is_reparse_point(status: os.stat_result) -> bool:
    """Whether Windows follows something here that is not a link by its mode, such as a junction."""
    return bool(getattr(status, "st_reparse_tag", False))


def _lies_in(path: str, folder: str) -> bool:
    """Whether the folder is among those around the path. Names do not tell: on some systems several of them mean one folder."""
    wanted = _identity(os.stat(folder), folder)
    while _identity(os.stat(path), path) != wanted:
        path, inner = os.path.dirname(path), path
        if path == inner:
            return False
    return True


def _is_hidden(name: str) -> bool:
    """Hidden is what begins with a dot, unless its ending says that it holds payloads."""
    return name.startswith(".") and ending_of(name) not in READERS


def _identity(status: os.stat_result, path: str) -> Identity:
    """What tells a file from all others, whatever its name; a system without inodes has only the name."""
    return (status.st_dev, status.st_ino) if status.st_ino else os.path.normcase(os.path.realpath(path))


def _reason(error: OSError, in_folder: bool = False) -> str:
    import errno

    if error.errno == errno.ELOOP:
        return _LINK_LOOP
    if in_folder and isinstance(error, FileNotFoundError):
        return _GONE
    return error.strerror or str(error)
