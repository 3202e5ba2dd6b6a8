"""Other ids for calls: the server's ids are translated on the way out and back on the way in. Pure.

A form is a name in FORMS. An id is recognised where it first appears: beside a `callUuid`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from callproof.json_values import Json

from .traffic import Answer, Message, Request

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUV"
#: What may be an id of the server behind, and what may be an id in one of the forms below.
_WORD = re.compile(r"[0-9A-Za-z-]{16,64}")
_MADE = re.compile(r"[0-9A-Za-z._~!$&'()*+,=:@-]{16,64}")


def _uuid(agent: str, call_id: str) -> str:
    """A lower-case UUID; both parties of a call see the same one."""
    digits = hashlib.sha256(call_id.encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


def _number(agent: str, call_id: str) -> str:
    """A decimal number of eighteen digits; both parties of a call see the same one."""
    return str(10**17 + int(hashlib.sha256(call_id.encode()).hexdigest(), 16) % (9 * 10**17))


def _signs(agent: str, call_id: str) -> str:
    """A name with signs that may stand in a path as they are (RFC 3986, 3.3)."""
    return f"call:{_number(agent, call_id)}@node~7+(a,b)"


def _own_for_each(agent: str, call_id: str) -> str:
    """An id in the form of the samples, different for each agent."""
    digest = hashlib.sha256(f"{agent} {call_id}".encode()).digest()
    return "".join(_ALPHABET[byte % 32] for byte in digest)


#: Each with the members, besides `id`, that keep the server's value.
FORMS: Mapping[str, tuple[Callable[[str, str], str], frozenset[str]]] = {
    "lower-case uuid": (_uuid, frozenset({"callUuid"})),
    "lower-case uuid throughout": (_uuid, frozenset()),
    "number": (_number, frozenset()),
    "signs of a path": (_signs, frozenset()),
    "own for each agent": (_own_for_each, frozenset()),
}


class Ids:
    """Remembers which id replaces which. `translated` counts the texts changed on the way out."""

    def __init__(self, form: str) -> None:
        self._make, self._kept = FORMS[form]
        self._out: dict[tuple[str, str], str] = {}
        self._back: dict[tuple[str, str], str] = {}
        self.translated = 0

    def request(self, agent: str, request: Request) -> Request:
        """Return the request with the server's ids in its path and its body."""

        def back(text: str) -> str:
            return _MADE.sub(lambda m: self._back.get((agent, m.group()), m.group()), text)

        body = request.body
        if any(made.encode("ascii") in body for _, made in self._back):
            body = back(body.decode("utf-8")).encode()
        return replace(request, path=back(request.path), body=body)

    def answer(self, agent: str, answer: Answer) -> Answer:
        """Return an HTTP answer with the agent's ids."""
        value = answer.value
        changed = self._outward(agent, value)
        return answer if changed == value else answer.with_value(changed)

    def event(self, agent: str, message: Message) -> Message:
        """Return a notification with the agent's ids."""
        changed = self._outward(agent, message)
        return changed if isinstance(changed, dict) else message

    def _outward(self, agent: str, value: Json) -> Json:
        for call_id in _ids_in(value):
            if (agent, call_id) not in self._out:
                made = self._make(agent, call_id)
                self._out[agent, call_id] = made
                self._back[agent, made] = call_id
        return self._replaced(agent, value)

    def _replaced(self, agent: str, value: Json) -> Json:
        if isinstance(value, dict):
            return {n: v if n in self._kept else self._replaced(agent, v) for n, v in value.items()}
        if isinstance(value, list):
            return [self._replaced(agent, item) for item in value]
        if not isinstance(value, str):
            return value
        changed = _WORD.sub(lambda m: self._out.get((agent, m.group()), m.group()), value)
        self.translated += changed != value
        return changed


def _ids_in(value: Json) -> list[str]:
    """Return the ids of all call resources in the value."""
    if isinstance(value, list):
        return [found for item in value for found in _ids_in(item)]
    if not isinstance(value, dict):
        return []
    names = ("id", "callUuid") if "callUuid" in value else ()
    own = [name for name in map(value.get, names) if isinstance(name, str)]
    return own + [found for member in value.values() for found in _ids_in(member)]
