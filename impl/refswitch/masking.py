"""Secrets in what people and clients send: the log, the journal and messages about files show a mask in their place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

MASK = "***"
_SECRET = re.compile(
    r"pass(?:word|wd|phrase)|secret|token|api[-_]?key|credential|session-?id|authori[sz]ation|cookie",
    re.IGNORECASE,
)
_PATH_PARAMETER = re.compile(r";([^;/=]*+)=[^;/\s]*+")
_PARAMETER = re.compile(r"[^&;]++")
#: Data of callers, which belongs to whoever reads the journal. A member there that is called a token is no login.
_OF_CALLERS = frozenset({"userData", "extensions"})


def is_secret(name: str) -> bool:
    """Whether the value of a member or parameter of this name is a secret."""
    return _SECRET.search(name) is not None


def masked_path(path: str) -> str:
    """The path without the values of its parameters: servlet containers carry the session there (`;jsessionid=...`)."""
    return _PATH_PARAMETER.sub(rf";\1={MASK}", path) if ";" in path else path


def masked_query(query: str) -> str:
    """The query as sent, without the values of parameters that are secrets by their name."""
    return _PARAMETER.sub(_parameter, query)


def masked(value: Any) -> Any:
    """The JSON value without what its names tell to be secret, as deep as it goes; the data of calls stays as it is."""
    if isinstance(value, Mapping):
        return {name: _member(name, inner) for name, inner in value.items()}
    if isinstance(value, str):
        return _PATH_PARAMETER.sub(_path_parameter, value) if ";" in value else value
    return [masked(inner) for inner in value] if isinstance(value, list) else value


def masked_text(text: str) -> str:
    """A text that is not JSON, such as a form or a body that was cut off; nothing of it is shown if it names a secret."""
    return MASK if is_secret(text) else text


def _member(name: str, value: Any) -> Any:
    if name in _OF_CALLERS:
        return value
    return MASK if is_secret(name) and value is not None else masked(value)


def _path_parameter(found: re.Match[str]) -> str:
    """In a sentence, only what is secret: a refusal repeats the address."""
    return f";{found[1]}={MASK}" if is_secret(found[1]) else found[0]


def _parameter(found: re.Match[str]) -> str:
    name, equals, _ = found[0].partition("=")
    return f"{name}={MASK}" if equals and is_secret(name) else found[0]
