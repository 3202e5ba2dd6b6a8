"""Masking of what must not be written down: credentials, cookies, tokens, the ids of Bayeux sessions.

If a reader must be able to follow a secret, its mask is an alias, the same throughout a transcript: `client#1` is one Bayeux session.
A secret that was recognised once is masked wherever it appears later: a session id in the text of an error, a cookie in a link.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from callproof.bayeux import Json

_MASK = "***"
_SHORTEST_FOUND_INSIDE = 6
"""A shorter secret is masked only as a whole value; searched for in texts, it would hide too much."""

_AUTHORIZATION = frozenset({"authorization", "proxy-authorization"})
_SECRET_NAME = re.compile(
    r"pass(word|wd|phrase)|secret|token|api[-_]?key|credential|session-?id|authori[sz]ation", re.IGNORECASE
)


def _named(name: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns that find the value of a member or parameter of this name in a text that is not JSON as a whole.

    In order: a member of a JSON text, also cut off; one of a JSON text within a string; one within a form or a
    link; a parameter.
    """
    return tuple(
        re.compile(rf"((?:{name})\w*{before})({value})", re.IGNORECASE | re.DOTALL)
        for before, value in (
            (r'"\s*:\s*"', r'(?:[^"\\]|\\.)+'),
            (r'\\"\s*:\s*\\"', r'.+?(?=\\"|\Z)'),
            (r"%22(?:\s|%20|\+)*(?::|%3A)(?:\s|%20|\+)*%22", r"[^\s&]+?(?=%22|[\s&]|\Z)"),
            (r"=", r'[^\s&;?"\\]+'),
        )
    )


_CLIENT_ID_IN_TEXT = _named("clientId")
_SECRET_IN_TEXT = _named(_SECRET_NAME.pattern)
_USER_IN_URL = re.compile(r"(?<=://)[^/@\s\"]+@")


class Redactor:
    """Masks values before they are kept. It learns secrets as it meets them.

    `secrets` are the user names and passwords of the run. `public` values are never masked, even if an agent logs in with them: if a
    login name is also a number, masking it would hide the calls.
    """

    def __init__(self, secrets: Iterable[str] = (), public: Iterable[str] = ()) -> None:
        self._public = frozenset(public)
        self._aliases: dict[tuple[str, str], str] = {}
        self._known: dict[str, str] = {}
        self._inside: re.Pattern[str] | None = None
        for secret in secrets:
            self.learn(secret)

    def learn(self, secret: str, mask: str = _MASK) -> None:
        """Mask this value from now on, also as URLs and JSON texts spell it."""
        if not secret or secret in self._public:
            return
        for form in (secret, quote(secret, safe=""), json.dumps(secret)[1:-1]):
            self._known.setdefault(form, mask)
        self._inside = None

    def learn_login(self, user: str, password: str) -> None:
        """Mask a user name, a password, and the two as HTTP Basic sends them (RFC 7617)."""
        self.learn(user)
        self.learn(password)
        self.learn(b64encode(f"{user}:{password}".encode()).decode())

    def headers(self, headers: Iterable[tuple[str, str]]) -> list[Json]:
        """Return the headers as masked pairs. Names and attributes of cookies stay; their values are masked."""
        return [[name, self._header(name.lower(), value)] for name, value in headers]

    def text(self, text: str) -> str:
        """Return a text with every secret in it masked, whether known before or recognised by its name."""
        self._learn_from_text(text)
        return self._masked(text)

    def value(self, value: Json) -> Json:
        """Return a JSON value with its secrets masked: known ones anywhere, others by the member's name."""
        self._learn_from_value(value)
        return self._masked_value(value)

    def _alias(self, kind: str, secret: str) -> str:
        number = 1 + sum(1 for known_kind, _ in self._aliases if known_kind == kind)
        alias = self._aliases.setdefault((kind, secret), f"{kind}#{number}")
        if len(secret) >= _SHORTEST_FOUND_INSIDE:
            self.learn(secret, alias)
        return alias

    def _header(self, name: str, value: str) -> str:
        if name in _AUTHORIZATION:
            scheme, space, credentials = value.partition(" ")
            self.learn(credentials if space else scheme)
            return f"{scheme} {_MASK}" if space else _MASK
        if name == "cookie":
            return "; ".join(self._cookie(pair) for pair in value.split("; "))
        if name == "set-cookie":
            pair, semicolon, attributes = value.partition(";")
            return self._cookie(pair) + semicolon + self.text(attributes)
        if _SECRET_NAME.search(name):
            self.learn(value)
            return _MASK
        return self.text(value)

    def _cookie(self, pair: str) -> str:
        name, equals, value = pair.partition("=")
        return f"{name}={self._alias('cookie', value)}" if equals and value else pair if equals else _MASK

    def _learn_from_text(self, text: str) -> None:
        for pattern in _CLIENT_ID_IN_TEXT:
            for found in pattern.finditer(text):
                self._alias("client", found[2])

    def _learn_from_value(self, value: Json) -> None:
        if isinstance(value, dict):
            for name, member in value.items():
                if name == "clientId" and isinstance(member, str):
                    self._alias("client", member)
                elif isinstance(member, str) and _SECRET_NAME.search(name):
                    if len(member) >= _SHORTEST_FOUND_INSIDE:
                        self.learn(member)
                else:
                    self._learn_from_value(member)
        elif isinstance(value, list):
            for element in value:
                self._learn_from_value(element)
        elif isinstance(value, str):
            self._learn_from_text(value)

    def _masked_value(self, value: Json) -> Json:
        if isinstance(value, dict):
            return {self._masked(name): self._masked_member(name, member) for name, member in value.items()}
        if isinstance(value, list):
            return [self._masked_value(element) for element in value]
        return self._masked(value) if isinstance(value, str) else value

    def _masked_member(self, name: str, member: Json) -> Json:
        if name == "clientId" and member is not None:
            return self._alias("client", member if isinstance(member, str) else json.dumps(member))
        if isinstance(member, str) and _SECRET_NAME.search(name):
            return _MASK
        return self._masked_value(member)

    def _masked(self, text: str) -> str:
        if text in self._known:
            return self._known[text]
        for pattern in _CLIENT_ID_IN_TEXT:
            text = pattern.sub(lambda found: found[1] + self._alias("client", found[2]), text)
        for pattern in _SECRET_IN_TEXT:
            text = pattern.sub(rf"\g<1>{_MASK}", text)
        text = _USER_IN_URL.sub(f"{_MASK}@", text)
        return self._pattern().sub(lambda found: self._known[found[0]], text)

    def _pattern(self) -> re.Pattern[str]:
        """Longest first, so that a password which contains the user name is masked as a whole."""
        if self._inside is None:
            long = [secret for secret in self._known if len(secret) >= _SHORTEST_FOUND_INSIDE]
            self._inside = re.compile(_any_of(sorted(long, key=len, reverse=True)))
        return self._inside


def _any_of(texts: Sequence[str]) -> str:
    return "|".join(re.escape(text) for text in texts) if texts else r"(?!)"
