"""Secrets that are recognised by the name beside them: a member, a parameter, a header line, a login in a link. Linear in the text."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_CLIENT = re.compile("client", re.IGNORECASE)
_CLIENT_ID = re.compile(r"client[-_]?id", re.IGNORECASE)
_SECRET = re.compile(
    r"pass(?:word|wd|phrase)|secret|token|api[-_]?key|credential|session-?id|authori[sz]ation|cookie",
    re.IGNORECASE,
)
_NAME = re.compile(f"{_CLIENT_ID.pattern}|{_SECRET.pattern}", re.IGNORECASE)
_REST_OF_WORD = re.compile(r"[\w-]*+")
#: What may stand between a name and its value, and the value: a member of a JSON text, also cut off; a parameter.
_MEMBER = re.compile(r'"\s*+:\s*+"((?:[^"\\]|\\.)++)', re.DOTALL)
_PARAMETER = re.compile(r"=([^\s&;?\"'<>\\]++)")
#: A line of a header in a text. Its name is the whole word, because "token: required" is a sentence.
_HEADER_LINE = re.compile(r":[ \t]*+([^\r\n\"<>]++)")
_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})
_WORD_BEFORE = re.compile(r"[\w-]{0,40}\Z")
_USER_IN_URL = re.compile(r"(?<=://)([^/@\s\"<>]++)@")
_SCHEME = re.compile(r"\b(basic|bearer)[ \t]++([\w+/=.~-]{8,}+)", re.IGNORECASE)
_SHORTEST_BEARER = 16


class Named(NamedTuple):
    """A secret from `start` to `end`; `is_client` says that it is the id of a Bayeux session."""

    start: int
    end: int
    is_client: bool = False


@lru_cache(maxsize=1024)
def is_client_id(name: str) -> bool:
    """Whether a member of this name is the id of a Bayeux session."""
    return name.lower() in ("clientid", "client_id", "client-id")


def may_name_client(text: str) -> bool:
    """Whether a text may name the id of a Bayeux session; letters are never written as escapes by honest programs."""
    return _CLIENT.search(text) is not None


@lru_cache(maxsize=1024)
def is_secret(name: str) -> bool:
    """Whether the value of a member, parameter or header of this name is a secret."""
    return _SECRET.search(name) is not None


def named(text: str) -> Iterator[Named]:
    """The secrets in a text."""
    yield from _beside_names(text)
    if "://" in text:
        for found in _USER_IN_URL.finditer(text):
            yield Named(*found.span(1))
    for found in _SCHEME.finditer(text):
        if _are_credentials(found[1].lower(), found[2]):
            yield Named(*found.span(2))


def _beside_names(text: str) -> Iterator[Named]:
    """Every word that contains a name is looked at once, then the scan goes on behind it or behind its value: so the cost is linear."""
    at = 0
    while name := _NAME.search(text, at):
        rest = _REST_OF_WORD.match(text, name.end())
        assert rest is not None  # it may be empty
        at = rest.end()
        value = _MEMBER.match(text, at) or _PARAMETER.match(text, at) or _header_line(text, name.start(), at)
        if value is not None:
            is_client = _CLIENT_ID.match(name[0]) is not None
            yield Named(*value.span(1), is_client)
            at = value.end()


def _header_line(text: str, start: int, end: int) -> re.Match[str] | None:
    if not text.startswith(":", end):
        return None
    before = _WORD_BEFORE.search(text[max(0, start - 40) : start])
    word = (before[0] if before else "") + text[start:end]
    return _HEADER_LINE.match(text, end) if word.lower() in _HEADERS else None


def _are_credentials(scheme: str, text: str) -> bool:
    """Whether what follows the word is a credential of that scheme, not the next word of a sentence."""
    if scheme == "bearer":
        return len(text) >= _SHORTEST_BEARER
    try:
        return b":" in b64decode(
            text + "=" * (-len(text) % 4), altchars=b"-_" if "-" in text or "_" in text else None
        )
    except (binascii.Error, ValueError):
        return False
