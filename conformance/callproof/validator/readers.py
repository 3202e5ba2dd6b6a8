"""The formats of payloads, one row each. Pure: the caller opens the file and passes its bytes, piece by piece."""

from __future__ import annotations

from callproof.validator.document import Document, read_document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeAlias

    # Yields each document as soon as it is whole, and raises NotJson.
    Reader: TypeAlias = Callable[[Iterable[bytes]], Iterator[Document]]


def read_json(pieces: Iterable[bytes]) -> Iterator[Document]:
    """The one document of a JSON file."""
    yield read_document(b"".join(pieces))


#: The ending of a file's name -> what reads it. Adding a format is adding a row.
READERS: dict[str, Reader] = {".json": read_json}


def reader_for(file: str) -> Reader:
    """The reader for a file of this name; a name without a known ending, such as that of standard input, means JSON."""
    return next((read for ending, read in READERS.items() if file.endswith(ending)), read_json)
