"""Masks secrets in whatever leaves the suite: documents, lines of a terminal, the transcript, files.

A secret that a reader must be able to follow has an alias as its mask, the same throughout: `client#1` is one Bayeux session. A secret
that was recognised once is masked wherever it appears later, in every encoding that it travels in. What is promised, and for which
secrets it cannot be, is in docs/secrets.md.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from callproof import limits
from callproof.redaction.known import Known
from callproof.redaction.layers import Layer, layers
from callproof.redaction.named import is_client_id, is_secret, may_name_client, named
from callproof.shortening import BEGIN, END, NUMBERS, PART, WHOLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from callproof.json_values import Json

MASK = "***"
_SHORTEST_INSIDE = limits.SECRET_INSIDE.default
_AUTHORIZATION = frozenset({"authorization", "proxy-authorization"})
_LONGEST_NUMBER = 10**100  # writing longer ones takes more than linear time
_DIGITS = "".join(NUMBERS)
_LONG_VALUE = re.compile(f"{BEGIN}([{_DIGITS}]{{1,6}}+)([{WHOLE}{PART}])([^{END}]*+){END}")
_MARKS = dict.fromkeys(map(ord, (*NUMBERS, BEGIN, WHOLE, PART, END)), "\N{REPLACEMENT CHARACTER}")


class Redactor:
    """Masks values before they are kept or shown. It learns secrets as it meets them.

    `secrets` are those of the run. `public` values are never masked, even if an agent logs in with them: if a login name is also a
    number, masking it would hide the calls.
    """

    def __init__(self, secrets: Iterable[str] = (), public: Iterable[str] = ()) -> None:
        self._public = frozenset(public)
        self._known = Known()
        self._aliases: dict[tuple[str, str], str] = {}
        self._numbers: Counter[str] = Counter()
        for secret in secrets:
            self.learn(secret)

    # What is secret -----------------------------------------------------------------------------------------------------

    def learn(self, secret: str, mask: str = MASK) -> None:
        """Mask this value from now on, in every encoding. It is one of the run's own: a password, a token, the value of a header."""
        self._learn(secret, mask, passing=False)

    def learn_login(self, user: str, password: str) -> None:
        """Mask a user name, a password, and the two as HTTP Basic sends them (RFC 7617)."""
        self.learn(user)
        self.learn(password)
        self.learn(f"{user}:{password}")

    def learn_from(self, value: Json) -> None:
        """Mask from now on what this JSON value names as secret: members, headers as HAR has them, session ids, and those in its texts."""
        below: list[tuple[Json, str]] = [(value, "")]  # with the name that says what it is
        while below:
            inner, named_by = below.pop()
            if isinstance(inner, dict):
                below.extend(
                    (member, _named_by(inner, name, named_by)) for name, member in reversed(inner.items())
                )
            elif isinstance(inner, list):
                below.extend(
                    (element, named_by if is_secret(named_by) else "") for element in reversed(inner)
                )
            elif not isinstance(inner, str):
                continue
            elif is_client_id(named_by):
                self._alias("client", inner)
            elif is_secret(named_by):
                self._meet(inner)
            else:
                self._learn_from_text(inner)

    def _learn(self, secret: str, mask: str, *, passing: bool) -> None:
        if secret and secret not in self._public:
            self._known.add(secret, mask, passing=passing)

    def _meet(self, secret: str, mask: str = MASK) -> None:
        """Learn what a server or a file has named as secret, unless it is so short that masking it would hide too much."""
        if len(secret) >= _SHORTEST_INSIDE:
            self._learn(secret, mask, passing=True)

    def _alias(self, kind: str, secret: str) -> str:
        alias = self._aliases.get((kind, secret))
        if alias is None:
            self._numbers[kind] += 1
            alias = self._aliases[kind, secret] = f"{kind}#{self._numbers[kind]}"
        self._meet(secret, alias)
        return alias

    def _learn_from_text(self, text: str) -> None:
        if not may_name_client(text):
            return
        for layer in layers(text):
            for found in named(layer.text):
                if found.is_client:
                    self._alias("client", layer.text[found.start : found.end])

    # Masking ------------------------------------------------------------------------------------------------------------

    def headers(self, headers: Iterable[tuple[str, str]]) -> list[Json]:
        """Return the headers as masked pairs. Names and attributes of cookies stay; their values are masked."""
        pairs = [(name, self._header(name.lower(), value)) for name, value in headers]
        return [[self._masked(name), value] for name, value in pairs]

    def text(self, text: str) -> str:
        """Return a text with every secret in it masked, whether known before or recognised by its name."""
        return self._masked(text)

    def shown(self, text: str, most: int | None = None) -> str:
        """Return a text as people see it: masked first, then with the values cut that `to_show` marked, then as a whole after `most`."""
        text = self._masked(text)
        if not text.isascii():
            text = _LONG_VALUE.sub(self._cut, text).translate(_MARKS)
        return text if most is None or len(text) <= most else text[:most] + " ..."

    def value(self, value: Json) -> Json:
        """Return a JSON value with its secrets masked: known ones anywhere, others by the member's name."""
        self.learn_from(value)
        return self._masked_value(value)

    def _cut(self, marked: re.Match[str]) -> str:
        """The beginning of a long value. If it was kept in part, its end may be part of a secret and is not shown."""
        most, text = int("".join(NUMBERS[digit] for digit in marked[1])), marked[3]
        return (
            text[: min(most, max(0, len(text) - self._known.longest))] if marked[2] == PART else text[:most]
        )

    def _header(self, name: str, value: str) -> str:
        if name in _AUTHORIZATION:
            scheme, space, credentials = value.partition(" ")
            self._meet(credentials if space else scheme)
            return f"{self._masked(scheme)} {MASK}" if space else MASK
        if name == "cookie":
            return "; ".join(self._cookie(pair) for pair in value.split("; "))
        if name == "set-cookie":
            pair, semicolon, attributes = value.partition(";")
            return self._cookie(pair) + semicolon + self._masked(attributes)
        if is_secret(name):
            self._meet(value)
            return MASK
        return self._masked(value)

    def _cookie(self, pair: str) -> str:
        name, equals, value = pair.partition("=")
        if not equals:
            return MASK
        alias = self._alias("cookie", value) if value else ""
        return f"{self._masked(name)}={alias}"

    def _masked_value(self, value: Json, named_by: str = "") -> Json:
        if value is not None and is_client_id(named_by):
            return self._alias("client", value if isinstance(value, str) else json.dumps(value))
        if isinstance(value, dict):
            return {
                self._masked(name): self._masked_value(member, _named_by(value, name, named_by))
                for name, member in value.items()
            }
        if isinstance(value, list):
            return [self._masked_value(element, named_by) for element in value]
        if isinstance(value, str):
            return MASK if is_secret(named_by) else self._masked(value)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LONGEST_NUMBER:
            return self._known.mask_of(str(value)) or value
        return value

    def _masked(self, text: str) -> str:
        whole = self._known.mask_of(text)
        return whole if whole is not None else _replaced(text, self._spans(text))

    def _spans(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Where secrets stand. Names are read first, in every layer, so that a secret is masked also before the name that tells it."""
        read: list[Layer] = []
        for layer in layers(text):
            read.append(layer)
            for found in named(layer.text):
                secret = layer.text[found.start : found.end]
                mask = self._known.mask_of(secret) or (
                    self._alias("client", secret) if found.is_client else MASK
                )
                yield *layer.source(found.start, found.end), mask
        for layer in read:
            for start, end, mask in self._known.spans(layer.text):
                yield *layer.source(start, end), mask


def _named_by(value: dict[str, Json], name: str, above: str) -> str:
    """The name that says what a member is: its own, that of the header in HAR's `{"name": ..., "value": ...}`, or the one above if
    everything below that is secret."""
    said = value.get("name")
    if name == "value" and isinstance(said, str) and is_secret(said):
        return said
    return above if is_secret(above) and not is_secret(name) else name


def _replaced(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """The text with the mask of each span in its place; spans that overlap become one, with the mask of the one that begins first."""
    merged: list[tuple[int, int, str]] = []
    for start, end, mask in sorted(spans, key=lambda span: (span[0], -span[1])):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]), merged[-1][2])
        else:
            merged.append((start, end, mask))
    pieces: list[str] = []
    at = 0
    for start, end, mask in merged:
        pieces += (text[at:start], mask)
        at = end
    return "".join((*pieces, text[at:])) if pieces else text
