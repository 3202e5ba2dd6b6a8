"""How a secret may be spelled, and how to find one in bytes however it is spelled. Shares nothing with what it tests."""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote, quote_plus, unquote, unquote_plus
from xml.sax.saxutils import escape


def _dumped(text: str) -> str:
    return json.dumps(text)[1:-1]


def _units(text: str) -> list[int]:
    whole = text.encode("utf-16-be")
    return [int.from_bytes(whole[at : at + 2], "big") for at in range(0, len(whole), 2)]


ENCODINGS: Mapping[str, Callable[[str], str]] = {
    "plain": str,
    "Base64": lambda text: b64encode(text.encode()).decode(),
    "Base64 without padding": lambda text: b64encode(text.encode()).decode().rstrip("="),
    "Base64 for URLs": lambda text: urlsafe_b64encode(text.encode()).decode(),
    "percent": lambda text: quote(text, safe=""),
    "percent, lower case": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "form": quote_plus,
    "JSON": _dumped,
    "JSON as UTF-8": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON, all escaped": lambda text: "".join(rf"\u{unit:04X}" for unit in _units(text)),
    "JSON in JSON": lambda text: _dumped(_dumped(text)),
    "JSON in JSON in JSON": lambda text: _dumped(_dumped(_dumped(text))),
    "JSON in a link": lambda text: quote(_dumped(text)),
    "HTML": html.escape,
    "HTML by number": lambda text: "".join(f"&#{ord(each)};" for each in text),
    "HTML by hexadecimal number": lambda text: "".join(f"&#x{ord(each):X};" for each in text),
    "XML": escape,
    "UTF-8 read as Latin-1": lambda text: text.encode().decode("latin-1"),
}
#: Most layers that are read in search of a secret.
_DEEPEST = 5


def found_in(content: bytes, secrets: Iterable[str]) -> set[str]:
    """The secrets that stand in the content, in any encoding."""
    readings = _readings(content.decode("utf-8", "backslashreplace"))
    return {
        secret
        for secret in secrets
        for reading in readings
        for encode in ENCODINGS.values()
        if encode(secret) in reading
    }


def _readings(text: str) -> list[str]:
    """The text, and what it says to whoever reads its escapes, over and over."""
    readings = [text]
    for _ in range(_DEEPEST):
        last = readings[-1]
        for read in (unquote, unquote_plus, html.unescape, _unescaped):
            readings.append(read(last))
        readings.append(_unescaped(html.unescape(unquote(last))))
        if readings[-1] == last:
            break
    return list(dict.fromkeys(readings))


def _unescaped(text: str) -> str:
    """The text with the escapes of JSON strings read once."""

    def read(found: re.Match[str]) -> str:
        return str(json.loads(f'"{found[0]}"'))

    return re.sub(r'(?:\\u[0-9a-fA-F]{4})+|\\["\\/bfnrt]', read, text)
