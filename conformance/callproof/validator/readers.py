"""The formats in which payloads come, one row each. Pure: whoever opens a file hands in its bytes, piece by piece.

Adding a format is adding a row: its name, the endings of its file names, and a function from pieces of bytes to documents.
"""

from __future__ import annotations

from callproof.validator.document import Document, read_document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class Reader:
    """A format. `read` yields each document as soon as it is whole, and raises NotJson."""

    __slots__ = ("endings", "name", "read")

    def __init__(
        self, name: str, endings: tuple[str, ...], read: Callable[[Iterable[bytes]], Iterator[Document]]
    ) -> None:
        self.name = name
        self.endings = endings
        self.read = read


def _json(pieces: Iterable[bytes]) -> Iterator[Document]:
    yield read_document(b"".join(pieces))


#: The first is for a file whose name tells nothing, and for standard input.
READERS: tuple[Reader, ...] = (Reader("JSON", (".json",), _json),)


def reader_for(file: str) -> Reader:
    """The reader for a file of this name."""
    return next((reader for reader in READERS if file.endswith(reader.endings)), READERS[0])


def endings() -> tuple[str, ...]:
    """The endings of file names for which there is a reader."""
    return tuple(ending for reader in READERS for ending in reader.endings)
