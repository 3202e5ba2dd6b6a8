"""Recognises a payload and validates it. Pure.

The shape of a payload decides the one schema that it must fit: a request by its `operationName`, a
notification by `messageType` and `notificationType`, a Bayeux message by its meta channel and direction, an answer by the members beside
its `statusCode`. So a finding is about InitiateConference's destination, never about a union. A payload that is not recognised is an error;
one that Genesys documents elsewhere and this contract does not describe is a note of the rule `not-judged`.
"""

from __future__ import annotations

from callproof.json_values import as_object
from callproof.validator import elsewhere
from callproof.validator.evaluation import evaluate
from callproof.validator.finding import NOT_JUDGED, NOTE, Finding, shown
from callproof.validator.guesses import Guesses
from callproof.validator.members import missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeAlias

    from callproof.json_values import Json, JsonObject
    from callproof.validator.finding import Path
    from callproof.validator.schemas import Answer, Notification, Schemas

    Found: TypeAlias = "Iterator[Subject | Finding]"
    # (object, what judges it, its path, whether the batch came from a server: None when only the message itself can tell)
    Recogniser: TypeAlias = "Callable[[JsonObject, _Judging, Path, bool | None], Found]"

REQUEST = "request"
RESPONSE = "response"
NOTIFICATION = "notification"
BAYEUX = "bayeux"
#: What `--as` accepts besides the name of a schema of the contract.
KINDS = (REQUEST, RESPONSE, NOTIFICATION, BAYEUX)
_ANYTHING_KNOWN = "a request, an answer, a notification or Bayeux messages"


class Subject:
    """A recognised part of a payload, and the schema it is validated against."""

    __slots__ = ("kind", "name", "path", "schema", "value")

    def __init__(self, kind: str, name: str, schema: JsonObject, value: Json, path: Path) -> None:
        self.kind = kind
        self.name = name
        self.schema = schema
        self.value = value
        self.path = path


class Validated:
    """The recognised parts of a payload, and all findings about it, notes included."""

    __slots__ = ("findings", "subjects")

    def __init__(self, subjects: list[Subject], findings: list[Finding]) -> None:
        self.subjects = subjects
        self.findings = findings

    @property
    def not_judged(self) -> list[Finding]:
        """The notes about parts that were read and not judged."""
        return [finding for finding in self.findings if finding.severity == NOTE]


class _Judging:
    """What judges a payload: the contract's schemas, and suggestions within a budget."""

    __slots__ = ("guesses", "schemas")

    def __init__(self, schemas: Schemas, guesses: Guesses) -> None:
        self.schemas = schemas
        self.guesses = guesses

    def evaluate(self, value: Json, schema: JsonObject, path: Path = (), name: str = "") -> list[Finding]:
        return evaluate(value, schema, self.schemas, path, name, self.guesses)


def validate(value: Json, schemas: Schemas, wanted: str = "") -> Validated:
    """Recognise a payload and validate it. `wanted` is one of KINDS or the name of a schema; without it the shape decides.

    Raises KeyError when `wanted` is neither a kind nor a schema of the contract.
    """
    validated = Validated([], [])
    for subject, findings in judged(value, schemas, wanted, Guesses()):
        validated.subjects += [subject] if subject is not None else []
        validated.findings += findings
    return validated


def judged(
    value: Json, schemas: Schemas, wanted: str, guesses: Guesses
) -> Iterator[tuple[Subject | None, list[Finding]]]:
    """Each part of a payload with its findings, one after the other, so that memory does not grow with the number of parts.

    A part that is not recognised has no subject. Takes and raises what `validate` does.
    """
    judging = _Judging(schemas, guesses)
    for part in _recognised(value, judging, wanted):
        if isinstance(part, Finding):
            yield None, [part]
        else:
            yield part, judging.evaluate(part.value, part.schema, part.path, part.name)


def _recognised(value: Json, judging: _Judging, wanted: str) -> Found:
    if wanted and wanted not in KINDS:
        yield Subject(wanted, wanted, judging.schemas.reference(wanted), value, ())
    elif isinstance(value, list):
        yield from _batch(value, judging, wanted)
    else:
        yield from _one(value, judging, wanted, (), None)


def _batch(values: list[Json], judging: _Judging, wanted: str) -> Found:
    """Each item of an array; if one is a Bayeux message, all are, and all come from the same side."""
    if not values and wanted != BAYEUX:
        yield Finding((), "unrecognised", "is an empty array", _ANYTHING_KNOWN)
    is_bayeux = wanted == BAYEUX or any("channel" in as_object(item) for item in values)
    from_server = True if is_bayeux and any(map(_is_from_server, values)) else None
    for number, item in enumerate(values):
        yield from _one(item, judging, wanted or (BAYEUX if is_bayeux else ""), (number,), from_server)


def _one(value: Json, judging: _Judging, wanted: str, path: Path, from_server: bool | None) -> Found:
    if not isinstance(value, dict):
        yield Finding(path, "unrecognised", f"is {shown(value)}", _ANYTHING_KNOWN)
        return
    kind = wanted or _kind(value)
    if kind:
        yield from _RECOGNISERS[kind](value, judging, path, from_server)
    else:
        yield _unmarked(value, judging, path)


def _kind(value: JsonObject) -> str:
    """The kind of the first marker; the answer of GET /me/channels/{channel} has a channel too, which is an object."""
    if "statusCode" in value and isinstance(value.get("channel"), dict):
        return RESPONSE
    return next((kind for kind, marker in _MARKERS.items() if marker in value), "")


def _request(value: JsonObject, judging: _Judging, path: Path, _: bool | None) -> Found:
    word, schemas = value.get("operationName"), judging.schemas
    if isinstance(word, str) and word in schemas.operations:
        name = schemas.operations[word]
        yield Subject(REQUEST, name, schemas.components[name], value, path)
    elif isinstance(word, str) and word in elsewhere.OPERATIONS:
        yield _elsewhere("operationName", value, path)
    else:
        expected = "an operation that the contract describes"
        yield _unknown("operationName", schemas.operations, expected, value, judging, path)


def _response(value: JsonObject, judging: _Judging, path: Path, _: bool | None) -> Found:
    """The form whose statusCode and members fit best; among equals the one with the fewest findings."""
    form = min(_fitting(value, judging), key=lambda form: len(judging.evaluate(value, form.schema)))
    yield Subject(RESPONSE, form.name, form.schema, value, path)


def _fitting(value: JsonObject, judging: _Judging) -> list[Answer]:
    status, answers = value.get("statusCode"), judging.schemas.answers
    by_status = [form for form in answers if not judging.evaluate(status, form.status)] or answers
    whole = [form for form in by_status if value.keys() >= set(form.members)]
    most = max((len(form.members) for form in whole), default=0)
    return [form for form in whole if len(form.members) == most] or by_status


def _message(value: JsonObject, judging: _Judging, path: Path, from_server: bool | None) -> Found:
    channel, schemas = value.get("channel"), judging.schemas
    news = [known for known in schemas.notifications if known.channel == channel]
    if isinstance(channel, str) and channel in schemas.replies:
        yield _meta(channel, value, schemas, path, from_server)
    elif not news and isinstance(channel, str) and channel in elsewhere.TOPICS:
        yield _elsewhere("channel", value, path)
    elif not news:
        known = [*dict.fromkeys(known.channel for known in schemas.notifications), *schemas.replies]
        yield _unknown("channel", known, "a channel that the contract describes", value, judging, path)
    elif "data" not in value and "successful" in value:
        what = "answers a publication, which the contract does not describe"
        yield Finding(path, "unrecognised", what, "a notification with data")
    else:
        for found in _data(as_object(value.get("data")), news, judging, (*path, "data")):
            if isinstance(found, Subject):
                found = Subject(NOTIFICATION, found.name, schemas.components[found.name], value, path)
            yield found


def _meta(channel: str, value: JsonObject, schemas: Schemas, path: Path, from_server: bool | None) -> Subject:
    is_reply = _is_from_server(value) if from_server is None else from_server
    name = (schemas.replies if is_reply else schemas.requests)[channel]
    kind = "Bayeux reply" if is_reply else "Bayeux request"
    return Subject(kind, name, schemas.components[name], value, path)


def _notification(value: JsonObject, judging: _Judging, path: Path, from_server: bool | None) -> Found:
    """A notification as a message, or its data alone."""
    if "channel" in value:
        yield from _message(value, judging, path, from_server)
    elif isinstance(word := value.get("messageType"), str) and word in elsewhere.MESSAGE_TYPES:
        yield _elsewhere("messageType", value, path)
    else:
        yield from _data(value, judging.schemas.notifications, judging, path)


def _data(data: JsonObject, news: list[Notification], judging: _Judging, path: Path) -> Found:
    """A notification's data alone. Without a messageType it is validated against the schema that fits its notificationType."""
    message_type, kind = data.get("messageType"), data.get("notificationType")
    same = [known for known in news if "messageType" not in data or message_type in known.message_types]
    if not same:
        words = [word for known in news for word in known.message_types]
        yield _unknown("messageType", words, "a messageType that the contract describes", data, judging, path)
        return
    exact = [known for known in same if kind in known.notification_types]
    general = [known for known in same if not known.notification_types]
    picked = [*exact, *general, *same][0]
    yield Subject("notification data", picked.name, picked.data, data, path)


#: The member that identifies each kind, in order of precedence: an object with a channel is a message.
_MARKERS = {BAYEUX: "channel", REQUEST: "operationName", RESPONSE: "statusCode", NOTIFICATION: "messageType"}
#: The members by which a payload is recognised.
MARKERS = tuple(_MARKERS.values())
_RECOGNISERS: dict[str, Recogniser] = {
    REQUEST: _request, RESPONSE: _response, NOTIFICATION: _notification, BAYEUX: _message,
}  # fmt: skip


def _is_from_server(message: Json) -> bool:
    """Whether only a server sends such a message: a reply, a notification, or a handshake that brings a clientId."""
    members = as_object(message)
    if "successful" in members or "error" in members:
        return True
    return ("clientId" if members.get("channel") == "/meta/handshake" else "data") in members


def _elsewhere(member: str, value: JsonObject, path: Path) -> Finding:
    """The note about a message that Genesys documents and this contract does not describe."""
    what = (
        f"is {shown(value[member])}, which Genesys documents and this contract does not describe; not judged"
    )
    return Finding((*path, member), NOT_JUDGED, what, severity=NOTE)


def _unknown(
    member: str, known: Iterable[str], expected: str, value: JsonObject, judging: _Judging, path: Path
) -> Finding:
    """The member that selects the schema is absent, is not a string, or is an unknown word."""
    if member not in value:
        return missing(member, judging.guesses.closest(member, value), path)
    word = value[member]
    if not isinstance(word, str):
        return Finding((*path, member), "type", f"is {shown(word)}", "a string")
    suggestion = judging.guesses.closest(word, known)
    return Finding((*path, member), f"unknown-{member}", f"is {shown(word)}", expected, suggestion=suggestion)


def _unmarked(value: JsonObject, judging: _Judging, path: Path) -> Finding:
    for marker in _MARKERS.values():
        if slip := judging.guesses.closest(marker, value):
            what = "is a member that identifies no payload"
            return Finding((*path, slip), "unrecognised", what, suggestion=marker, at_name=True)
    what = f"is an object with none of the members {', '.join(_MARKERS.values())}"
    if not path and (name := judging.schemas.resource(value)):
        what += f", but with all that {name} requires (--as {name} judges it)"
    return Finding(path, "unrecognised", what, _ANYTHING_KNOWN)
