"""The formats of payloads, one row each. Pure: the caller opens the file and passes its bytes, piece by piece."""

from __future__ import annotations

from callproof import limits
from callproof.json_values import as_object
from callproof.validator.document import Document, NotJson, TooMuch, decoded, read_document
from callproof.validator.finding import Finding
from callproof.validator.payload import MARKERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeAlias

    from callproof.json_values import Json
    from callproof.limits import Bound

    # Yields each document as soon as it is whole, or in its place what is wrong with it. Raises LeftOut.
    Reader: TypeAlias = Callable[[Iterable[bytes]], Iterator[Document | NotJson]]

_MIB = 1024 * 1024
_BOM = b"\xef\xbb\xbf"
#: The members of the lines of a transcript and of a journal.
_RECORDS = ({"id", "ms", "wall", "agent", "kind", "body"}, {"number", "seconds", "kind", "event"})
_LEDGER = ("run", "intent", "settled", "leg", "released")  # the events on its lines
_LINES_INSTEAD = "write one message per line into an .ndjson file instead"


class LeftOut(Exception):
    """An input, or the rest of it, is not judged; the message says why, and what to do about it."""


def read_json(pieces: Iterable[bytes]) -> Iterator[Document | NotJson]:
    """The one document of a JSON file."""
    try:
        document = read_document(_text(pieces))
    except NotJson as error:
        yield error
        return
    except TooMuch:
        raise LeftOut(f"holds more than {limits.VALUES.default:,} values; {_LINES_INSTEAD}") from None
    _refuse_foreign(document.value)
    yield document


def read_lines(pieces: Iterable[bytes]) -> Iterator[Document | NotJson]:
    """A document on each line that is not blank."""
    number, is_empty = 0, True
    for line in _lines(pieces):
        number += 1
        if number > limits.LINE_COUNT.default:
            raise LeftOut(f"has more than {limits.LINE_COUNT.default:,} lines; split it")
        if not line.strip():
            continue
        is_empty = False
        try:
            document = read_document(decoded(line), number)
        except NotJson as error:
            yield NotJson(number - 1 + error.line, error.column, error.finding)
            continue
        except TooMuch:
            raise LeftOut(f"line {number} holds more than {limits.VALUES.default:,} values") from None
        _refuse_foreign(document.value)
        yield document
    if is_empty:
        yield NotJson(1, 1, Finding((), "json", "is empty", "one JSON document per line"))


def read_by_first_byte(pieces: Iterable[bytes]) -> Iterator[Document | NotJson]:
    """A file whose name does not say what it holds: JSON if it begins with an object or an array."""
    held: list[bytes] = []
    rest = iter(pieces)
    for piece in rest:
        held.append(piece)
        if begun := piece.removeprefix(_BOM).lstrip():
            if begun[:1] not in b"{[":
                raise LeftOut(f"does not begin like JSON, and its name does not say what it holds; {READ}")
            break
    yield from read_json(_chained(held, rest))


class Format:
    """How files of one ending are read, and how many bytes of one."""

    __slots__ = ("most", "read")

    def __init__(self, read: Reader, most: Bound) -> None:
        self.read = read
        self.most = most


_JSON = Format(read_json, limits.FILE)
_LINES = Format(read_lines, limits.LINES)
_UNNAMED = Format(read_by_first_byte, limits.FILE)

#: The ending of a file's name, in small letters -> how it is read. Adding a format is adding a row.
READERS: dict[str, Format] = {".json": _JSON, ".ndjson": _LINES, ".jsonl": _LINES}
READ = f"check reads {', '.join(READERS)}"
#: Endings of files that hold payloads in a form that is not read -> why such a file is left out.
NOT_READ: dict[str, str] = {
    ".har": "is a HAR recording, which check does not read; save its bodies as JSON files",
    ".log": "is a log, which check does not read; save the JSON in it as one document per line (.ndjson)",
    ".yaml": "is YAML, which check does not read; convert it to JSON",
    ".yml": "is YAML, which check does not read; convert it to JSON",
    ".gz": "is compressed, and check does not read it; unpack it first",
    ".zip": "is compressed, and check does not read it; unpack it first",
    ".zst": "is compressed, and check does not read it; unpack it first",
}


def ending_of(file: str) -> str:
    """The ending of a file's name in small letters, with its dot; empty if there is none."""
    name = file.replace("\\", "/").rpartition("/")[2]
    before, dot, ending = name.rpartition(".")
    return dot + ending.lower() if before else ""


def format_of(file: str) -> Format:
    """How a file of this name is read. A name without an ending, such as that of standard input, means JSON. Raises LeftOut."""
    ending = ending_of(file)
    if ending in NOT_READ:
        raise LeftOut(NOT_READ[ending])
    return READERS.get(ending, _UNNAMED) if ending else _JSON


def _text(pieces: Iterable[bytes]) -> str:
    whole = bytearray()
    for piece in pieces:
        whole += piece
    return decoded(whole)


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Each line without its end, and what stands behind the last end. Raises LeftOut."""
    rest = b""
    for piece in pieces:
        whole = rest + piece
        *lines, rest = whole.split(b"\n")
        yield from (line.removesuffix(b"\r") for line in lines)
        if len(rest) > limits.LINE.default:
            raise LeftOut(f"has a line longer than {limits.LINE.default // _MIB} MiB")
    if rest:
        yield rest


def _chained(held: Iterable[bytes], rest: Iterable[bytes]) -> Iterator[bytes]:
    yield from held
    yield from rest


def _refuse_foreign(value: Json) -> None:
    """Refuse JSON that people keep beside payloads. Raises LeftOut."""
    members = as_object(value)
    if isinstance(as_object(members.get("log")).get("entries"), list):
        raise LeftOut(NOT_READ[".har"])
    if str(members.get("format")).startswith("callproof."):
        raise LeftOut("is a report of callproof, not a payload")
    if any(record <= members.keys() for record in _RECORDS) or (
        members.get("event") in _LEDGER and not any(marker in members for marker in MARKERS)
    ):
        raise LeftOut("is a record that callproof or refswitch made, which check does not read")
