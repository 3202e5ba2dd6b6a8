"""The kinds of hostile server, one row each: what it spoils, how, and the exit codes that `run` and `listen` may end with."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import json
import ssl
import struct
import zlib
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any, NamedTuple

from conformance.tests.hostile.relay import Answer, Asked, Spoil, head, lines

_MIB = 2**20
_CHUNKED = b"Transfer-Encoding: chunked"

#: Exit codes of `run`. What exceeds a bound of ours or cannot be read is never a verdict: undetermined (2), nothing judged (5), or calls
#: that were placed and cannot be ended (7).
NO_VERDICT = frozenset({2, 5, 7})
#: What the documentation or a standard forbids may be a violation (1); what a client may live with may leave all that was selected met (0).
ANY_VERDICT = NO_VERDICT | {0, 1}
#: Exit codes of `listen`, to which nobody sends a notification: none arrived (2), or the server refused or ended the session (5).
NOTHING_HEARD = frozenset({2, 5})
#: The kind sends notifications: they are judged.
HEARD = NOTHING_HEARD | {0, 1}


class Kind(NamedTuple):
    """A kind of hostile server."""

    #: What it does, in words.
    what: str
    #: The requests that it spoils: a word of `relay.WHERE`.
    where: str
    spoil: Spoil
    run: Collection[int] = NO_VERDICT
    listen: Collection[int] = NOTHING_HEARD


# How answers are spoilt -------------------------------------------------------------------------------------------------


def answering(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> Spoil:
    """Answer everything with this."""

    async def spoil(asked: Asked) -> bool:
        await asked.answer(body, *headers, status=status)
        return True

    return spoil


def sending(*pieces: bytes, then_close: bool = True) -> Spoil:
    """Answer everything with these bytes, and close or stay silent."""

    async def spoil(asked: Asked) -> bool:
        await asked.send(*pieces)
        if not then_close:
            await asyncio.Event().wait()
        return False

    return spoil


def for_ever(first: bytes, piece: bytes, every_s: float = 0.0) -> Spoil:
    """Answer with `first`, and then with `piece` again and again."""

    async def spoil(asked: Asked) -> bool:
        await asked.send(first)
        while True:
            await asked.send(piece)
            await asyncio.sleep(every_s)

    return spoil


def trickling(data: bytes, every_s: float = 0.25) -> Spoil:
    """Answer with one byte at a time: each arrives within any time limit for a single read."""

    async def spoil(asked: Asked) -> bool:
        for position in range(len(data)):
            await asked.send(data[position : position + 1])
            await asyncio.sleep(every_s)
        return True

    return spoil


def changing(change: Callable[[list[dict[str, Any]], Asked], Any]) -> Spoil:
    """Relay the real server's Bayeux replies, changed: `change` returns what to send instead, as a JSON value or as bytes."""

    async def spoil(asked: Asked) -> bool:
        answer = await asked.relayed()
        made = change(answer.replies, asked)
        await asked.send(answer.bytes_with(made if isinstance(made, bytes) else json.dumps(made).encode()))
        return True

    return spoil


def around(before: bytes = b"", after: bytes = b"", *, headers: bytes = b"") -> Spoil:
    """Relay the real answer with bytes before it, after it or at the end of its head."""

    async def spoil(asked: Asked) -> bool:
        answer = await asked.relayed()
        top, _, body = answer.bytes_with(answer.body).partition(b"\r\n\r\n")
        await asked.send(before + top + b"\r\n" + headers + b"\r\n" + body + after)
        return True

    return spoil


def cutting(part: Callable[[bytes], bytes], *, with_reset: bool = False) -> Spoil:
    """Relay a part of the real answer, and close the connection."""

    async def spoil(asked: Asked) -> bool:
        answer = await asked.relayed()
        await asked.send(part(answer.bytes_with(answer.body)))
        if with_reset:
            asked.writer.transport.abort()
        return False

    return spoil


def with_length(length: Callable[[int], bytes]) -> Spoil:
    """Relay the real answer with another Content-Length."""

    async def spoil(asked: Asked) -> bool:
        answer = await asked.relayed()
        pairs = [*answer.headers, (b"Content-Length", length(len(answer.body)))]
        await asked.send(answer.status + b"\r\n" + lines(pairs) + b"\r\n" + answer.body)
        return False

    return spoil


def in_frames(*frames: bytes, again: bytes = b"") -> Spoil:
    """Accept the WebSocket as RFC 6455 says, send these frames at once, and then `again` for ever."""

    async def spoil(asked: Asked) -> bool:
        key = next(value for name, value in asked.headers if name.lower() == b"sec-websocket-key")
        await asked.send(_accepted(_accept_key(key)), *frames)
        while again:
            await asked.send(again)
        await asyncio.Event().wait()
        return False

    return spoil


def _bombing(layers: int) -> Spoil:
    """Answer with 512 MiB of blanks, which gzip makes a thousand times smaller, and again smaller in each further layer."""

    @cache
    def made() -> bytes:
        packed = _packed_blanks(512)
        for _ in range(layers - 1):
            packed = gzip.compress(packed)
        return packed

    async def spoil(asked: Asked) -> bool:
        await asked.answer(made(), b"Content-Encoding: " + b", ".join([b"gzip"] * layers))
        return True

    return spoil


def _packed_blanks(mebibytes: int) -> bytes:
    """So many MiB of blanks as gzip (RFC 1952), made from one block again and again, in no time.

    The checksum at its end is wrong; whoever reads as far as that has unpacked everything.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(b" " * _MIB) + packer.flush(zlib.Z_FULL_FLUSH)  # it refers to nothing before it
    end = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS).flush()
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff" + block * mebibytes + end + b"\x00" * 8


async def _silent(asked: Asked) -> bool:
    await asyncio.Event().wait()
    return False


async def _nothing(asked: Asked) -> bool:
    return False


async def _two_answers(asked: Asked) -> bool:
    answer: Answer = await asked.relayed()
    await asked.send(answer.bytes_with(answer.body) * 2)
    return True


async def _tls_alert(asked: Asked) -> bool:
    """A fatal alert, handshake_failure (RFC 8446, 6), as servers send that expect TLS."""
    await asked.send(b"\x15\x03\x03\x00\x02\x02\x28")
    return False


async def _tls_hello(asked: Asked) -> bool:
    """The client hello of a real TLS client, to whom the server then listens."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname="localhost")
    try:
        client.do_handshake()
    except ssl.SSLWantReadError:
        await asked.send(outgoing.read())
    return False


# Values that are spoilt --------------------------------------------------------------------------------------------------


def _accept_key(key: bytes) -> bytes:
    return base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())


def _accepted(key: bytes | None) -> bytes:
    named = [] if key is None else [b"Sec-WebSocket-Accept: " + key]
    usual = [b"Upgrade: websocket", b"Connection: Upgrade", *named]
    return b"HTTP/1.1 101 Switching Protocols\r\n" + b"".join(line + b"\r\n" for line in usual) + b"\r\n"


def _frame(opcode: int, payload: bytes, *, is_last: bool = True, length: int | None = None) -> bytes:
    """A frame of RFC 6455 as a server sends it; `length` lies about the payload's."""
    size = len(payload) if length is None else length
    first = bytes([(0x80 if is_last else 0) | opcode])
    if size < 126:
        return first + bytes([size]) + payload
    if size < 65_536:
        return first + b"\x7e" + struct.pack("!H", size) + payload
    return first + b"\x7f" + struct.pack("!Q", size) + payload


def _notification(number: int = 0, more: Any = None) -> dict[str, Any]:
    return {"channel": "/v2/me/calls", "data": {"number": number, "more": more}}


def _advising(**advice: Any) -> Spoil:
    """Add this advice to every reply."""
    return changing(lambda replies, _: [{**reply, "advice": advice} for reply in replies])


def _literal(placeholder: str, text: bytes) -> Callable[[list[dict[str, Any]]], bytes]:
    """Write a literal that is not JSON in the place of a word."""
    return lambda replies: json.dumps(replies).encode().replace(json.dumps(placeholder).encode(), text)


def _advising_literal(text: bytes) -> Spoil:
    write = _literal("HERE", text)
    advice = {"reconnect": "retry", "interval": "HERE", "timeout": "HERE"}
    return changing(lambda replies, _: write([{**reply, "advice": advice} for reply in replies]))


def _replies(asked: Asked, **members: Any) -> list[dict[str, Any]]:
    """Replies to the messages of a request, made here."""
    return [
        {"channel": one["channel"], "id": one.get("id"), "successful": True, **members}
        for one in asked.messages
    ]


def _replying(make: Callable[[Asked], Any]) -> Spoil:
    """Answer Bayeux messages without asking the real server."""

    async def spoil(asked: Asked) -> bool:
        await asked.answer(json.dumps(make(asked)).encode())
        return True

    return spoil


def _failing(error: str, **advice: Any) -> Spoil:
    return _replying(lambda asked: _replies(asked, successful=False, error=error, advice=advice))


_HTML = b"<!doctype html><title>maintenance</title>" + b"<p>We are back soon." * 100
_COOKIES = b"".join(b"Set-Cookie: c%d=%s; Path=/\r\n" % (number, b"x" * 200) for number in range(2_000))
_PADDED = b'{"statusCode":0}' + b" " * 200

# The rows ----------------------------------------------------------------------------------------------------------------

KINDS: Mapping[str, Kind] = {
    # More than anybody needs.
    "endless-body": Kind(
        "bodies in chunks that never end",
        "answer",
        for_ever(head(_CHUNKED), b"10000\r\n" + b" " * 65_536 + b"\r\n"),
    ),
    "endless-body-of-operations": Kind(
        "the same, once calls are placed",
        "operation",
        for_ever(head(_CHUNKED), b"10000\r\n" + b" " * 65_536 + b"\r\n"),
    ),
    "endless-body-of-connects": Kind(
        "the same, when a poll is answered",
        "connect",
        for_ever(head(_CHUNKED), b"10000\r\n" + b" " * 65_536 + b"\r\n"),
    ),
    "endless-body-without-a-length": Kind(
        "bodies that only the end of the connection would end",
        "answer",
        for_ever(head(b"Connection: close"), b" " * 65_536),
    ),
    "gzip-bomb": Kind("512 MiB in half a MiB", "answer", _bombing(1)),
    "gzip-bomb-of-connects": Kind("the same, when a poll is answered", "connect", _bombing(1)),
    "gzip-in-gzip": Kind("codings around codings", "answer", _bombing(3)),
    "unknown-coding": Kind(
        "a coding that nobody asked for", "answer", answering(b"\x00\x01", b"Content-Encoding: rot13")
    ),
    "broken-gzip": Kind(
        "gzip that is no gzip", "cometd", answering(b"\x1f\x8b\x08never", b"Content-Encoding: gzip")
    ),
    "endless-headers": Kind(
        "headers that never end",
        "answer",
        for_ever(b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"x" * 1000 + b"\r\n"),
    ),
    "endless-header": Kind(
        "one header that never ends", "cometd", for_ever(b"HTTP/1.1 200 OK\r\nX-More: ", b"x" * 65_536)
    ),
    "endless-status-line": Kind(
        "a first line that never ends", "answer", for_ever(b"HTTP/1.1 200 ", b"O" * 65_536)
    ),
    "endless-interim-answers": Kind(
        "100 Continue for ever", "answer", for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.001)
    ),
    "endless-chunk-extension": Kind(
        "an extension that never ends", "answer", for_ever(head(_CHUNKED) + b"5;", b"x" * 65_536)
    ),
    "endless-trailers": Kind(
        "trailers that never end",
        "answer",
        for_ever(head(_CHUNKED) + b"0\r\n", b"X-More: " + b"x" * 1000 + b"\r\n"),
    ),
    "two-thousand-cookies": Kind(
        "2,000 cookies in every answer", "cometd", around(headers=_COOKIES), ANY_VERDICT
    ),
    "fifty-notifications": Kind(
        "50 notifications more with every poll",
        "connect",
        changing(lambda replies, _: [*replies, *map(_notification, range(50))]),
        ANY_VERDICT,
        HEARD,
    ),
    "fifty-large-notifications": Kind(
        "50 notifications of 200 KB more with every poll",
        "connect",
        changing(
            lambda replies, _: [*replies, *(_notification(number, "x" * 200_000) for number in range(50))]
        ),
        ANY_VERDICT,
        HEARD,
    ),
    "a-hundred-thousand-messages": Kind(
        "100,000 messages in one answer",
        "connect",
        changing(lambda replies, _: [*replies, *map(_notification, range(100_000))]),
        ANY_VERDICT,
        HEARD,
    ),
    "client-id-of-a-megabyte": Kind(
        "a clientId of 1 MB",
        "handshake",
        changing(lambda replies, _: [{**reply, "clientId": "x" * 1_000_000} for reply in replies]),
        ANY_VERDICT,
    ),
    "error-of-a-megabyte": Kind(
        "an error of 1 MB", "connect", _failing("500::" + "\x1b[2J\u202e" * 160_000), ANY_VERDICT
    ),
    "wide-json": Kind(
        "a member with 500,000 members",
        "answer",
        answering(json.dumps({"statusCode": 0, **{f"m{number}": 0 for number in range(500_000)}}).encode()),
        ANY_VERDICT,
    ),
    # Slower than anybody needs.
    "silence": Kind("no answer at all", "answer", _silent),
    "silence-to-operations": Kind("the same, once calls are placed", "operation", _silent, ANY_VERDICT),
    "silence-to-connects": Kind("polls that are never answered", "connect", _silent, ANY_VERDICT),
    "trickling-head": Kind("heads a byte at a time", "answer", trickling(head(length=0) * 100)),
    "trickling-body": Kind(
        "bodies a byte at a time", "answer", trickling(head(length=len(_PADDED)) + _PADDED, 0.1)
    ),
    "trickling-body-of-connects": Kind(
        "polls' answers a byte at a time",
        "connect",
        trickling(head(length=len(_PADDED)) + _PADDED, 0.1),
        ANY_VERDICT,
    ),
    "retry-after-for-ever": Kind(
        "come back in a second, for ever",
        "answer",
        answering(b"", b"Retry-After: 1", status=b"503 Service Unavailable"),
    ),
    "retry-after-a-minute": Kind(
        "come back in 59 seconds, for ever",
        "answer",
        answering(b"", b"Retry-After: 59", status=b"503 Service Unavailable"),
    ),
    "retry-after-for-an-age": Kind(
        "come back in some thousand years",
        "cometd",
        answering(b"", b"Retry-After: 99999999999", status=b"503 No"),
    ),
    "retry-after-more-digits-than-a-number": Kind(
        "come back after more seconds than a number can count",
        "answer",
        answering(b"", b"Retry-After: " + b"9" * 5_000, status=b"429 Too Many Requests"),
    ),
    "retry-after-no-date": Kind(
        "come back at a date that no calendar has",
        "cometd",
        answering(b"", b"Retry-After: Mon, 99 Feb 99999 99:99:99 +9999", status=b"503 Service Unavailable"),
    ),
    # Advice that leads a client round and round.
    "advice-of-nothing": Kind(
        "interval 0, timeout 0", "cometd", _advising(reconnect="retry", interval=0, timeout=0), ANY_VERDICT
    ),
    "advice-of-infinity": Kind(
        "interval and timeout 1e300",
        "cometd",
        _advising(reconnect="retry", interval=1e300, timeout=1e300),
        ANY_VERDICT,
    ),
    "advice-below-zero": Kind(
        "interval and timeout -1e9",
        "cometd",
        _advising(reconnect="retry", interval=-1e9, timeout=-1e9),
        ANY_VERDICT,
    ),
    "advice-that-is-not-a-number": Kind(
        "interval and timeout NaN", "cometd", _advising_literal(b"NaN"), ANY_VERDICT
    ),
    "advice-beyond-a-float": Kind(
        "interval and timeout 1e999", "cometd", _advising_literal(b"1e999"), ANY_VERDICT
    ),
    "advice-of-many-digits": Kind(
        "interval and timeout of 6,000 digits", "cometd", _advising_literal(b"9" * 6_000)
    ),
    "advice-of-other-types": Kind(
        "advice in words", "cometd", _advising(reconnect=["retry"], interval="soon", timeout={}), ANY_VERDICT
    ),
    "advice-that-is-no-object": Kind(
        "advice that is a list",
        "cometd",
        changing(lambda replies, _: [{**one, "advice": [1]} for one in replies]),
        ANY_VERDICT,
    ),
    "handshake-again-for-ever": Kind(
        "every poll is answered with the advice to shake hands again",
        "connect",
        _failing("402::Unknown client", reconnect="handshake", interval=0),
        ANY_VERDICT,
    ),
    "handshake-refused-for-ever": Kind(
        "every handshake is refused with the advice to try again",
        "handshake",
        _failing("500::busy", reconnect="handshake", interval=0),
        ANY_VERDICT,
    ),
    "connect-answered-at-once": Kind(
        "polls that are never held", "connect", _replying(lambda asked: _replies(asked)), ANY_VERDICT
    ),
    "connect-refused-for-ever": Kind(
        "every poll is refused with the advice to poll again",
        "connect",
        _failing("500::no", reconnect="retry", interval=0),
        ANY_VERDICT,
    ),
    "redirect-to-itself": Kind(
        "redirections in a circle",
        "answer",
        answering(b"", b"Location: /api/v2/me", status=b"302 Found"),
        ANY_VERDICT,
    ),
    "redirect-elsewhere": Kind(
        "redirections to another server",
        "cometd",
        answering(
            b"", b"Location: http://127.0.0.1:9/api/v2/notifications", status=b"307 Temporary Redirect"
        ),
        ANY_VERDICT,
    ),
    # Replies that are not replies.
    "wrong-ids": Kind(
        "ids of other messages",
        "cometd",
        changing(lambda replies, _: [{**one, "id": "wrong"} for one in replies]),
        ANY_VERDICT,
    ),
    "replies-to-nobody": Kind(
        "replies on channels and for clients that do not exist",
        "cometd",
        changing(
            lambda replies, _: (
                [*replies, {"channel": "/meta/nobody", "successful": True, "clientId": "nobody"}] * 2
            )
        ),
        ANY_VERDICT,
    ),
    "no-replies": Kind("empty arrays", "connect", answering(b"[]"), ANY_VERDICT),
    "numbers-for-replies": Kind(
        "arrays of everything but messages",
        "cometd",
        answering(b'[1, null, "x", [[]], {"channel": 7}]'),
        ANY_VERDICT,
    ),
    "no-client-id": Kind(
        "handshakes without clientId",
        "handshake",
        _replying(lambda asked: _replies(asked, version="1.0")),
        ANY_VERDICT,
    ),
    "no-transport-in-common": Kind(
        "a handshake that offers no transport",
        "handshake",
        changing(lambda replies, _: [{**one, "supportedConnectionTypes": []} for one in replies]),
        ANY_VERDICT,
    ),
    # JSON that is not JSON, or too much of it.
    "deep-json": Kind("100,000 levels of arrays", "answer", answering(b"[" * 100_000 + b"]" * 100_000)),
    "deep-replies": Kind("the same over CometD", "cometd", answering(b"[" * 100_000 + b"]" * 100_000)),
    "deep-notification": Kind(
        "a notification of 5,000 levels",
        "connect",
        changing(
            lambda replies, _: _literal("HERE", b"[" * 5_000 + b"]" * 5_000)(
                [*replies, _notification(0, "HERE")]
            )
        ),
        NO_VERDICT,
        HEARD,
    ),
    "notification-of-many-digits": Kind(
        "a notification with a number of 6,000 digits",
        "connect",
        changing(lambda replies, _: _literal("HERE", b"9" * 6_000)([*replies, _notification(0, "HERE")])),
        NO_VERDICT,
        HEARD,
    ),
    "number-of-many-digits": Kind(
        "a status of 6,000 digits",
        "answer",
        answering(b'{"statusCode": ' + b"9" * 6_000 + b"}"),
    ),
    "lone-surrogates": Kind(
        "text that is no Unicode",
        "connect",
        changing(lambda replies, _: [*replies, _notification(0, "\ud800\udfff\ud83d")]),
        ANY_VERDICT,
        HEARD,
    ),
    "control-characters": Kind(
        "a terminal's commands in every text",
        "connect",
        changing(
            lambda replies, _: [
                *replies,
                {"channel": "/v2/me/calls\x1b[2J\u202e\x9b31m", "data": "\x07" * 100},
            ]
        ),
        ANY_VERDICT,
        HEARD,
    ),
    "not-utf-8": Kind(
        "Latin-1 that says UTF-8", "answer", answering(b'{"statusCode": 0, "name": "Al\xefce"}'), ANY_VERDICT
    ),
    "page-in-place-of-json": Kind(
        "a page of HTML with status 200", "answer", answering(_HTML, b"Content-Type: text/html"), ANY_VERDICT
    ),
    "page-in-place-of-replies": Kind(
        "the same over CometD", "cometd", answering(_HTML, b"Content-Type: text/html"), ANY_VERDICT
    ),
    # HTTP that is not HTTP.
    "status-000": Kind("status 000", "answer", answering(_PADDED, status=b"000 Nothing"), ANY_VERDICT),
    "status-999": Kind("status 999", "answer", answering(_PADDED, status=b"999 Everything"), ANY_VERDICT),
    "status-in-words": Kind(
        "a status in words", "cometd", answering(_PADDED, status=b"OK fine"), ANY_VERDICT
    ),
    "status-204-with-a-body": Kind(
        "204 with a body", "cometd", answering(_PADDED, status=b"204 No Content"), ANY_VERDICT
    ),
    "status-101-unasked": Kind(
        "101 to a request that asked for no upgrade",
        "answer",
        sending(_accepted(None), then_close=False),
        ANY_VERDICT,
    ),
    "http-0.9": Kind("a body without a head", "answer", sending(_HTML), ANY_VERDICT),
    "http-2": Kind(
        "the preface of HTTP/2",
        "answer",
        sending(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + b"\x00" * 18),
        ANY_VERDICT,
    ),
    "header-without-colon": Kind(
        "a header without a colon", "cometd", around(headers=b"nonsense\r\n"), ANY_VERDICT
    ),
    "non-ascii-headers": Kind(
        "headers in UTF-8 and Latin-1",
        "cometd",
        around(headers=b"X-N\xc3\xa4me: v\xe4lue\r\nServer: \xff\xfe\r\n"),
        ANY_VERDICT,
    ),
    "non-ascii-cookie": Kind(
        "a cookie beyond ASCII",
        "answer",
        around(headers=b"Set-Cookie: s\xc3\xa4ss=v\xe4l; Path=/\r\n"),
        ANY_VERDICT,
    ),
    "cookie-with-a-line-break": Kind(
        "a cookie with control characters",
        "cometd",
        around(headers=b"Set-Cookie: a=b\x00\x0bc; Path=/\r\n"),
        ANY_VERDICT,
    ),
    "content-type-beyond-ascii": Kind(
        "a media type beyond ASCII",
        "cometd",
        around(headers=b"Content-Type: \xff/\xfe; charset=\xe4\r\n"),
        ANY_VERDICT,
    ),
    "length-too-short": Kind(
        "a Content-Length that is too short",
        "answer",
        with_length(lambda real: str(max(0, real - 5)).encode()),
        ANY_VERDICT,
    ),
    "length-too-long": Kind(
        "a Content-Length that is too long", "answer", with_length(lambda real: str(real + 5).encode())
    ),
    "length-below-zero": Kind("Content-Length -1", "cometd", with_length(lambda _: b"-1"), ANY_VERDICT),
    "length-of-an-exabyte": Kind(
        "Content-Length of an exabyte", "answer", with_length(lambda _: b"1" + b"0" * 18)
    ),
    "two-lengths": Kind(
        "two Content-Lengths",
        "cometd",
        with_length(lambda real: b"%d\r\nContent-Length: %d" % (real, real + 1)),
        ANY_VERDICT,
    ),
    "chunk-of-an-exabyte": Kind(
        "a chunk of 2 to the 64th bytes",
        "answer",
        sending(head(_CHUNKED), b"FFFFFFFFFFFFFFFF\r\nx", then_close=False),
    ),
    "chunk-below-zero": Kind(
        "a chunk of -1 byte", "cometd", sending(head(_CHUNKED), b"-1\r\nx\r\n"), ANY_VERDICT
    ),
    "chunks-of-a-byte": Kind(
        "a body of one-byte chunks, for ever", "answer", for_ever(head(_CHUNKED), b"1\r\n \r\n" * 5_000)
    ),
    "cut-in-the-head": Kind("the end in mid-head", "answer", cutting(lambda answer: answer[:30])),
    "cut-in-the-body": Kind("the end in mid-body", "operation", cutting(lambda answer: answer[:-3])),
    "reset-in-the-body": Kind(
        "a reset in mid-body", "connect", cutting(lambda answer: answer[:-3], with_reset=True), ANY_VERDICT
    ),
    "closes-at-once": Kind("the end before any byte", "answer", _nothing),
    "answer-before-the-request": Kind(
        "an answer to a request that nobody sent",
        "open",
        sending(head(length=2) + b"{}", then_close=False),
        ANY_VERDICT,
    ),
    "two-answers": Kind("every answer twice", "answer", _two_answers, ANY_VERDICT),
    "tls-alert": Kind("a TLS alert on a plain port", "open", _tls_alert, ANY_VERDICT),
    "tls-hello": Kind("a TLS hello on a plain port", "open", _tls_hello, ANY_VERDICT),
    "another-protocol": Kind(
        "the greeting of an SSH server",
        "open",
        sending(b"SSH-2.0-OpenSSH_9.9\r\n", then_close=False),
        ANY_VERDICT,
    ),
    # WebSockets that are not WebSockets.
    "upgrade-without-a-key": Kind(
        "101 without an accept key", "upgrade", sending(_accepted(None), then_close=False), ANY_VERDICT
    ),
    "upgrade-with-a-wrong-key": Kind(
        "101 with a wrong accept key",
        "upgrade",
        sending(_accepted(b"d3Jvbmc="), then_close=False),
        ANY_VERDICT,
    ),
    "upgrade-that-hangs": Kind("no answer to the upgrade", "upgrade", _silent, ANY_VERDICT),
    "upgrade-that-trickles": Kind(
        "the answer a byte at a time", "upgrade", trickling(_accepted(b"d3Jvbmc=") * 20), ANY_VERDICT
    ),
    "upgrade-refused-at-length": Kind(
        "a refusal whose body never ends",
        "upgrade",
        for_ever(head(_CHUNKED, status=b"403 Forbidden"), b"10000\r\n" + b" " * 65_536 + b"\r\n"),
        ANY_VERDICT,
    ),
    "socket-that-is-silent": Kind("a WebSocket that says nothing", "upgrade", in_frames(), ANY_VERDICT),
    "giant-frame": Kind(
        "a frame of an exabyte", "upgrade", in_frames(_frame(1, b"[" * 1000, length=2**60)), ANY_VERDICT
    ),
    "frame-of-64-mib": Kind(
        "a frame of 64 MiB", "upgrade", in_frames(_frame(1, b" " * 64 * _MIB)), ANY_VERDICT
    ),
    "endless-fragments": Kind(
        "a message whose fragments never end",
        "upgrade",
        in_frames(_frame(1, b"[", is_last=False), again=_frame(0, b" " * 65_536, is_last=False)),
        ANY_VERDICT,
    ),
    "binary-frames": Kind("binary frames", "upgrade", in_frames(_frame(2, b"\x00\xff" * 100)), ANY_VERDICT),
    "text-that-is-no-text": Kind(
        "a text frame that is not UTF-8", "upgrade", in_frames(_frame(1, b"\xff\xfe")), ANY_VERDICT
    ),
    "flood-of-pings": Kind(
        "pings without end", "upgrade", in_frames(again=_frame(9, b"x" * 125) * 100), ANY_VERDICT
    ),
    "flood-of-notifications": Kind(
        "notifications without end",
        "upgrade",
        in_frames(again=_frame(1, json.dumps([_notification()]).encode()) * 100),
        ANY_VERDICT,
        HEARD,
    ),
    "unknown-opcode": Kind("a frame of a reserved kind", "upgrade", in_frames(_frame(5, b"x")), ANY_VERDICT),
    "deep-frame": Kind(
        "a frame of 100,000 levels", "upgrade", in_frames(_frame(1, b"[" * 100_000)), ANY_VERDICT
    ),
}

#: The kinds that CI tries: quick ones, of each sort.
SHARE = (
    "endless-body",
    "gzip-bomb",
    "endless-headers",
    "trickling-body",
    "fifty-notifications",
    "retry-after-for-an-age",
    "advice-of-nothing",
    "advice-beyond-a-float",
    "deep-replies",
    "deep-notification",
    "non-ascii-cookie",
    "tls-alert",
    "giant-frame",
)
