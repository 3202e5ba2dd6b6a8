"""The HTTP half: endpoints, their parameters, bodies and answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from callproof.contract_diff.changes import Change, Direction, Effect
from callproof.contract_diff.schemas import Comparison
from callproof.contract_diff.views import Document, Schemas, canonical
from callproof.contract_diff.wording import changes_of
from callproof.json_values import Json, JsonObject, as_list, as_object, objects_in, text_of

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_PARAMETER = re.compile(r"\{[^}]*\}")
_WORDS = ("operationId", "summary", "description", "tags", "deprecated", "x-basis", "x-source")


@dataclass(frozen=True)
class _Endpoint:
    """A method and a path. The names in braces are the document's own business, so they do not tell endpoints apart."""

    place: str
    item: JsonObject
    operation: JsonObject


def http_changes(old: Document, new: Document) -> Iterator[Change]:
    """Every change of the HTTP half. Raises Unreadable."""
    comparison = Comparison(old, new)
    before, now = _endpoints(old), _endpoints(new)
    for key, endpoint in before.items():
        if key not in now:
            yield Change(Effect.BREAKS_CLIENTS, endpoint.place, "removed", "a client that uses it is refused")
    for key, endpoint in now.items():
        if key not in before:
            yield Change(Effect.BREAKS_SERVERS, endpoint.place, "added", "a server must now offer it")
        else:
            yield from _Pair(comparison, before[key], endpoint).changes()
    yield from _scheme_changes(old, new)


def _endpoints(document: Document) -> dict[tuple[str, str], _Endpoint]:
    found = {}
    for path, item in as_object(document.value.get("paths")).items():
        shared = document.resolved(item)
        for method in _METHODS:
            if method in shared:
                place = f"{method.upper()} {path}"
                endpoint = _Endpoint(place, shared, as_object(shared[method]))
                found[method, _PARAMETER.sub("{}", path)] = endpoint
    return found


def _scheme_changes(old: Document, new: Document) -> Iterator[Change]:
    before, now = (
        as_object(as_object(document.value.get("components")).get("securitySchemes"))
        for document in (old, new)
    )
    for name in before:
        if name in now and _without_words(before[name]) != _without_words(now[name]):
            what = "the security scheme changed"
            yield Change(Effect.MAY_BREAK_BOTH, name, what, "no tool can tell who breaks: read both")


def _without_words(scheme: Json) -> str:
    return canonical(
        {k: v for k, v in as_object(scheme).items() if k != "description" and not k.startswith("x-")}
    )


class _Pair:
    """One endpoint in both documents."""

    def __init__(self, comparison: Comparison, old: _Endpoint, new: _Endpoint) -> None:
        self._comparison = comparison
        self._old = old
        self._new = new
        self._place = new.place

    def changes(self) -> Iterator[Change]:
        """Every change of the endpoint."""
        yield from self._words()
        yield from self._security()
        yield from self._parameters()
        yield from self._body()
        yield from self._answers()

    def _words(self) -> Iterator[Change]:
        old, new = self._old.operation, self._new.operation
        if changed := [name for name in _WORDS if old.get(name) != new.get(name)]:
            yield Change(Effect.DOCUMENTS, self._place, f"{', '.join(changed)} changed")
        if old.get("servers") != new.get("servers"):
            yield Change(
                Effect.MAY_BREAK_CLIENTS, self._place, "servers changed", "a client may call another address"
            )

    def _security(self) -> Iterator[Change]:
        before, now = (
            {canonical(way): _way(way) for way in _ways(document, endpoint)}
            for document, endpoint in ((self._comparison.old, self._old), (self._comparison.new, self._new))
        )
        for way in [way for way in before if way not in now]:
            effect, consequence = (
                Effect.BREAKS_CLIENTS,
                f"a client that logs in with {before[way]} is now refused",
            )
            yield Change(effect, self._place, f"login with {before[way]} removed", consequence)
        for way in [way for way in now if way not in before]:
            effect, consequence = Effect.BREAKS_SERVERS, f"a server must now accept {now[way]}"
            yield Change(effect, self._place, f"login with {now[way]} added", consequence)

    # parameters --------------------------------------------------------------------------------------------------------

    def _parameters(self) -> Iterator[Change]:
        before = _parameters(self._comparison.old, self._old)
        now = _parameters(self._comparison.new, self._new)
        for key, parameter in before.items():
            if key not in now:
                what, effect = f"{_named(parameter)} removed", Effect.MAY_BREAK_CLIENTS
                yield Change(
                    effect, self._place, what, "a server may now ignore or refuse what a client sends there"
                )
        for key, parameter in now.items():
            if key in before:
                yield from self._parameter(before[key], parameter)
            elif parameter.get("required") is True:
                what, effect = f"{_named(parameter)} added, and required", Effect.BREAKS_CLIENTS
                yield Change(effect, self._place, what, "a client that does not send it is now refused")
            else:
                consequence = "a client may send it; a server that does not know it ignores it"
                yield Change(Effect.WIDENS, self._place, f"optional {_named(parameter)} added", consequence)

    def _parameter(self, old: JsonObject, new: JsonObject) -> Iterator[Change]:
        place = f"{self._place}, {_named(new)}"
        yield from _requirement(old, new, place, "it")
        differences = self._comparison.differences(_schemas(old.get("schema")), _schemas(new.get("schema")))
        yield from changes_of(differences, Direction.TO_SERVER, place)
        if [old.get("style"), old.get("explode")] != [new.get("style"), new.get("explode")]:
            yield Change(
                Effect.MAY_BREAK_BOTH, place, "style changed", "no tool can tell who breaks: read both"
            )
        if old.get("description") != new.get("description"):
            yield Change(Effect.DOCUMENTS, place, "description changed")

    # bodies and answers ------------------------------------------------------------------------------------------------

    def _body(self) -> Iterator[Change]:
        old = self._comparison.old.resolved(self._old.operation.get("requestBody"))
        new = self._comparison.new.resolved(self._new.operation.get("requestBody"))
        if old and new:
            yield from _requirement(old, new, self._place, "a body")
        elif new.get("required") is True:
            consequence = "a client that sends none is now refused"
            yield Change(Effect.BREAKS_CLIENTS, self._place, "a body is now required", consequence)
        yield from self._contents(old, new, Direction.TO_SERVER, self._place)

    def _answers(self) -> Iterator[Change]:
        before = _answers(self._comparison.old, self._old)
        now = _answers(self._comparison.new, self._new)
        for status in sorted({*before, *now}):
            place = f"{self._place}, answer {status}"
            old, new = _covering(before, status), _covering(now, status)
            if old is None:
                consequence = f"a client may now receive the HTTP status {status}"
                yield Change(Effect.BREAKS_CLIENTS, place, "added", consequence)
            elif new is None:
                consequence = f"a server may no longer answer with the HTTP status {status}"
                yield Change(Effect.BREAKS_SERVERS, place, "removed", consequence)
            else:
                yield from self._answer(status in before, status in now, old, new, place)

    def _answer(
        self, was: bool, remains: bool, old: JsonObject, new: JsonObject, place: str
    ) -> Iterator[Change]:
        """An answer in both; one that was not listed fell under ``default``, or does so now."""
        if was != remains:
            verb = (
                "no longer listed, so that default covers it" if was else "listed; default covered it before"
            )
            yield Change(Effect.DOCUMENTS, place, verb)
        elif old.get("description") != new.get("description"):
            yield Change(Effect.DOCUMENTS, place, "description changed")
        yield from self._contents(old, new, Direction.TO_CLIENT, place)
        yield from self._headers(as_object(old.get("headers")), as_object(new.get("headers")), place)
        if old.get("links") != new.get("links") and was and remains:
            yield Change(Effect.DOCUMENTS, place, "links changed")

    def _contents(
        self, old: JsonObject, new: JsonObject, direction: Direction, place: str
    ) -> Iterator[Change]:
        before, now = as_object(old.get("content")), as_object(new.get("content"))
        narrower, wider = _media_effects(direction)
        for media in [media for media in before if media not in now]:
            yield Change(narrower[0], place, f"{media} removed", narrower[1].format(media))
        for media in [media for media in now if media not in before]:
            yield Change(wider[0], place, f"{media} added", wider[1].format(media))
        for media in [media for media in now if media in before]:
            pair = [_schemas(as_object(content[media]).get("schema")) for content in (before, now)]
            yield from changes_of(self._comparison.differences(*pair), direction, place)

    def _headers(self, old: Mapping[str, Json], new: Mapping[str, Json], place: str) -> Iterator[Change]:
        before = {name.lower(): self._comparison.old.resolved(header) for name, header in old.items()}
        now = {name.lower(): self._comparison.new.resolved(header) for name, header in new.items()}
        for name in sorted({*before, *now}):
            at = f"{place}, header {name}"
            was, remains = (headers.get(name, {}) for headers in (before, now))
            if bool(was.get("required")) != bool(remains.get("required")):
                effect, verb, consequence = _HEADER_REQUIRED[bool(remains.get("required"))]
                yield Change(effect, at, verb, consequence)
            elif name not in now:
                consequence = "a client that reads it may no longer find it"
                yield Change(Effect.MAY_BREAK_CLIENTS, at, "removed", consequence)
            elif name not in before:
                consequence = "a server may send it; a client that does not know it ignores it"
                yield Change(Effect.WIDENS, at, "added", consequence)
            if name in before and name in now:
                pair = [_schemas(header.get("schema")) for header in (was, remains)]
                yield from changes_of(self._comparison.differences(*pair), Direction.TO_CLIENT, at)


_HEADER_REQUIRED = {
    True: (Effect.BREAKS_SERVERS, "now required", "a server must now send it"),
    False: (Effect.BREAKS_CLIENTS, "no longer required", "a client may now receive an answer without it"),
}


def _media_effects(direction: Direction) -> tuple[tuple[Effect, str], tuple[Effect, str]]:
    """Whom a media type breaks that is removed, and one that is added."""
    if direction is Direction.TO_SERVER:
        lost = (Effect.BREAKS_CLIENTS, "a client that sends {} is now refused")
        return lost, (Effect.BREAKS_SERVERS, "a server must now accept {}")
    gained = (Effect.BREAKS_CLIENTS, "a client may now receive {}")
    return (Effect.BREAKS_SERVERS, "a server may no longer send {}"), gained


def _requirement(old: JsonObject, new: JsonObject, place: str, what: str) -> Iterator[Change]:
    before, now = (value.get("required") is True for value in (old, new))
    named = "" if what == "it" else f"{what} is "
    if now and not before:
        effect, consequence = Effect.BREAKS_CLIENTS, f"a client that does not send {what} is now refused"
        yield Change(effect, place, f"{named}now required", consequence)
    if before and not now:
        effect, consequence = Effect.BREAKS_SERVERS, f"a server must now accept requests without {what}"
        yield Change(effect, place, f"{named}no longer required", consequence)


def _parameters(document: Document, endpoint: _Endpoint) -> dict[tuple[str, str], JsonObject]:
    """The parameters of the endpoint and those of its path; a path parameter is told apart by its position."""
    found: dict[tuple[str, str], JsonObject] = {}
    positions = re.findall(r"\{([^}]*)\}", endpoint.place)
    for holder in (endpoint.item, endpoint.operation):
        for value in as_list(holder.get("parameters")):
            parameter = document.resolved(value)
            name, where = text_of(parameter.get("name")), text_of(parameter.get("in"))
            key = str(positions.index(name)) if where == "path" and name in positions else name
            found[where, key.lower() if where == "header" else key] = parameter
    return found


def _named(parameter: JsonObject) -> str:
    return f"{text_of(parameter.get('in'))} parameter {text_of(parameter.get('name'))}"


def _answers(document: Document, endpoint: _Endpoint) -> dict[str, JsonObject]:
    answers = as_object(endpoint.operation.get("responses"))
    return {
        status.upper() if status != "default" else status: document.resolved(a)
        for status, a in answers.items()
    }


def _covering(answers: Mapping[str, JsonObject], status: str) -> JsonObject | None:
    """The answer that describes a status: its own, that of its range (4XX), or the default one."""
    return answers.get(status, answers.get(f"{status[:1]}XX", answers.get("default")))


def _ways(document: Document, endpoint: _Endpoint) -> list[JsonObject]:
    """The alternative ways to log in; one empty way if none is needed."""
    own = endpoint.operation.get("security")
    return objects_in(own if own is not None else document.value.get("security")) or [{}]


def _way(way: JsonObject) -> str:
    return " and ".join(way) or "nothing"


def _schemas(value: Json) -> Schemas:
    return (value,) if isinstance(value, dict | bool) else ()
