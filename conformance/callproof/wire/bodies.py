"""Reads the body of an answer piece by piece, decompresses it, and stops at a bound: a few kilobytes of gzip can become gigabytes."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterable, Iterator
from typing import Protocol

from callproof import limits

from .limits import TooLarge


class Unreadable(Exception):
    """The body cannot be decompressed; the message is a clause that says why."""


class _Decoder(Protocol):
    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What this piece becomes, in pieces of bounded size. Raises Unreadable."""

    def end(self) -> None:
        """Raises Unreadable if the body broke off."""


async def read_body(pieces: AsyncIterable[bytes], encoding: str, most_bytes: int) -> bytes:
    """Read a body; `encoding` is its Content-Encoding.

    Raises TooLarge, as soon as more than `most_bytes` have arrived or come out of the decompression, and Unreadable.
    """
    decoders = [_decoder(name) for name in reversed(encoding.lower().replace(" ", "").split(",")) if name]
    received, body = 0, bytearray()
    async for piece in pieces:
        received += len(piece)
        for decoded in _through(decoders, piece):
            body += decoded
            if max(received, len(body)) > most_bytes:
                raise _too_large(most_bytes, is_compressed=bool(decoders))
        if received > most_bytes:
            raise _too_large(most_bytes, is_compressed=bool(decoders))
    if received:
        for decoder in decoders:
            decoder.end()
    return bytes(body)


def _too_large(most_bytes: int, *, is_compressed: bool) -> TooLarge:
    how = ", decompressed," if is_compressed else ""
    return TooLarge(
        f"its body{how} is longer than {most_bytes} bytes; set {limits.ANSWER_BYTES.option} if that is right"
    )


def _through(decoders: list[_Decoder], piece: bytes) -> Iterator[bytes]:
    if not decoders:
        yield piece
        return
    for decoded in decoders[0].pieces(piece):
        yield from _through(decoders[1:], decoded)


_PIECE = 64 * 1024


class _Zlib:
    """gzip and deflate (RFC 9110, 8.4.1). Some servers send deflate without the zlib header."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._inner = zlib.decompressobj(zlib.MAX_WBITS | (16 if name == "gzip" else 0))
        self._is_first = True

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while data and not self._inner.eof:
            yield self._decompressed(data)
            data = self._inner.unconsumed_tail

    def _decompressed(self, data: bytes) -> bytes:
        is_first, self._is_first = self._is_first, False
        try:
            return self._inner.decompress(data, _PIECE)
        except zlib.error as error:
            if not is_first or self._name == "gzip":
                raise Unreadable(f"it says Content-Encoding: {self._name}, and is not ({error})") from error
            self._inner = zlib.decompressobj(-zlib.MAX_WBITS)
            return self._decompressed(data)

    def end(self) -> None:
        if not self._inner.eof:
            raise Unreadable(f"its compressed body ({self._name}) breaks off")


def _decoder(name: str) -> _Decoder:
    """Raises Unreadable for an encoding that was not asked for and that the suite does not know."""
    if name in ("gzip", "x-gzip", "deflate"):
        return _Zlib(name.removeprefix("x-"))
    if name == "identity":
        return _Identity()
    raise Unreadable(
        f"it says Content-Encoding: {name[:40]}, which the suite did not ask for and does not read"
    )


class _Identity:
    def pieces(self, data: bytes) -> Iterator[bytes]:
        yield data

    def end(self) -> None:
        """Nothing can break off."""
