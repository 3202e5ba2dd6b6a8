"""What is this payload, and what is wrong with it? Pure.

A payload is recognised by its shape, and the one schema it must agree with is picked first: a request by its `operationName`, a
notification by `messageType` and `notificationType`, a Bayeux message by its meta channel and direction, an answer by the members beside
its `statusCode`. So a complaint is about InitiateConference's destination, never about a union. What is not recognised is a problem.
"""

from __future__ import annotations

from callproof.validator.keywords import problems_of
from callproof.validator.problem import Problem, closest, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias

    from callproof.json_values import Json, JsonObject
    from callproof.validator.problem import Path
    from callproof.validator.schemas import Answer, Notification, Schemas

    Found: TypeAlias = "Iterator[Subject | Problem]"

REQUEST = "request"
RESPONSE = "response"
NOTIFICATION = "notification"
BAYEUX = "bayeux"
#: What `--as` takes beside the name of a schema of the contract.
KINDS = (REQUEST, RESPONSE, NOTIFICATION, BAYEUX)


class Subject:
    """A part of a payload that was recognised, and the schema it is judged by."""

    __slots__ = ("kind", "name", "path", "schema", "value")

    def __init__(self, kind: str, name: str, schema: JsonObject, value: Json, path: Path) -> None:
        self.kind = kind
        self.name = name
        self.schema = schema
        self.value = value
        self.path = path


class Judgement:
    """What was recognised in a payload, and everything that is wrong with it."""

    __slots__ = ("problems", "subjects")

    def __init__(self, subjects: list[Subject], problems: list[Problem]) -> None:
        self.subjects = subjects
        self.problems = problems


def problems(value: Json, schemas: Schemas, wanted: str = "") -> list[Problem]:
    """Everything that is wrong with the payload. `wanted` is one of KINDS or the name of a schema; without it the shape decides."""
    return judged(value, schemas, wanted).problems


def classify(value: Json, schemas: Schemas, wanted: str = "") -> list[Subject]:
    """What the payload is: one subject, or one for each message of a batch; none when nothing is recognised."""
    return [found for found in _recognised(value, schemas, wanted) if isinstance(found, Subject)]


def judged(value: Json, schemas: Schemas, wanted: str = "") -> Judgement:
    """Both answers at once. KeyError when `wanted` is neither a kind nor a schema of the contract."""
    subjects: list[Subject] = []
    found: list[Problem] = []
    for part in _recognised(value, schemas, wanted):
        if isinstance(part, Problem):
            found.append(part)
            continue
        subjects.append(part)
        found += problems_of(part.value, part.schema, schemas, part.path, part.name)
    return Judgement(subjects, found)


def _recognised(value: Json, schemas: Schemas, wanted: str) -> Found:
    if wanted and wanted not in KINDS:
        yield Subject(wanted, wanted, schemas.reference(wanted), value, ())
    elif not isinstance(value, list):
        yield from _one(value, schemas, wanted, (), None)
    elif wanted == BAYEUX or any(isinstance(item, dict) and "channel" in item for item in value):
        from_server = True if any(map(_is_from_server, value)) else None
        for number, item in enumerate(value):
            yield from _one(item, schemas, wanted or BAYEUX, (number,), from_server)
    elif value:
        for number, item in enumerate(value):
            yield from _one(item, schemas, wanted, (number,), None)
    else:
        yield _unrecognised((), "is an empty array")


def _one(value: Json, schemas: Schemas, wanted: str, path: Path, from_server: bool | None) -> Found:
    if not isinstance(value, dict):
        yield _unrecognised(path, f"is {shown(value)}")
    elif wanted == REQUEST or (not wanted and "operationName" in value and "channel" not in value):
        yield from _request(value, schemas, path)
    elif wanted == RESPONSE or (not wanted and "statusCode" in value and "channel" not in value):
        yield _answer(value, schemas, path)
    elif wanted == BAYEUX or "channel" in value:
        yield from _message(value, schemas, path, from_server)
    elif wanted == NOTIFICATION or "messageType" in value:
        yield from _news(value, schemas.notifications, schemas, path)
    else:
        yield _nothing(value, path)


def _request(value: JsonObject, schemas: Schemas, path: Path) -> Found:
    word = value.get("operationName")
    if isinstance(word, str) and word in schemas.operations:
        name = schemas.operations[word]
        yield Subject(REQUEST, name, schemas.components[name], value, path)
    else:
        yield _unknown(
            "operationName", word, schemas.operations, "an operation that the contract describes", value, path
        )


def _answer(value: JsonObject, schemas: Schemas, path: Path) -> Subject:
    """The form whose statusCode and members fit best; among equals the one that has least against it."""
    status = value.get("statusCode")
    fitting = [
        form for form in schemas.answers if not problems_of(status, form.status, schemas)
    ] or schemas.answers
    whole = [form for form in fitting if all(member in value for member in form.members)] or fitting
    most = max(len(form.members) for form in whole)
    best = [form for form in whole if len(form.members) == most] if most and whole is not fitting else whole

    def complaints(form: Answer) -> int:
        return len(problems_of(value, form.schema, schemas))

    form = min(best, key=complaints)
    return Subject(RESPONSE, form.name, form.schema, value, path)


def _message(value: JsonObject, schemas: Schemas, path: Path, from_server: bool | None) -> Found:
    channel = value.get("channel")
    news = [known for known in schemas.notifications if known.channel == channel]
    if isinstance(channel, str) and channel in schemas.replies:
        is_reply = _is_from_server(value) if from_server is None else from_server
        name = schemas.replies[channel] if is_reply else schemas.requests[channel]
        yield Subject(
            "Bayeux reply" if is_reply else "Bayeux request", name, schemas.components[name], value, path
        )
    elif not news:
        known = [*dict.fromkeys(known.channel for known in schemas.notifications), *schemas.replies]
        yield _unknown("channel", channel, known, "a channel that the contract describes", value, path)
    elif "data" not in value and "successful" in value:
        yield Problem(
            path,
            "unrecognised",
            "answers a publication, which the contract knows nothing of",
            "a notification with data",
        )
    else:
        yield from _notification(value, news, schemas, path)


def _notification(value: JsonObject, news: list[Notification], schemas: Schemas, path: Path) -> Found:
    data = value.get("data")
    for found in _news(data if isinstance(data, dict) else {}, news, schemas, (*path, "data")):
        if isinstance(found, Subject):
            found = Subject(NOTIFICATION, found.name, schemas.components[found.name], value, path)
        yield found


def _news(data: JsonObject, news: list[Notification], schemas: Schemas, path: Path) -> Found:
    """A notification's data alone. What has no messageType is held to the schema that fits its notificationType."""
    message_type, kind = data.get("messageType"), data.get("notificationType")
    same = [known for known in news if "messageType" not in data or message_type in known.message_types]
    if not same:
        words = [word for known in news for word in known.message_types]
        yield _unknown(
            "messageType", message_type, words, "a messageType that the contract describes", data, path
        )
        return
    exact = [known for known in same if kind in known.notification_types]
    general = [known for known in same if not known.notification_types]
    picked = next(iter([*exact, *general, *same]))
    yield Subject("notification data", picked.name, picked.data, data, path)


def _is_from_server(message: Json) -> bool:
    """Whether only a server sends such a message: a reply, a notification, or a handshake that brings a clientId."""
    if not isinstance(message, dict):
        return False
    if "successful" in message or "error" in message:
        return True
    if message.get("channel") == "/meta/handshake":
        return "clientId" in message
    return "data" in message


def _unknown(
    member: str, word: Json, known: Iterable[str], expected: str, value: JsonObject, path: Path
) -> Problem:
    """The member that would pick the schema is absent, is no string or is a word that leads nowhere."""
    rule = f"unknown-{member}"
    if member not in value:
        slip = closest(member, value)
        if slip:
            what = f"is an unknown member where {shown(member)} is missing"
            return Problem((*path, slip), "required", what, suggestion=member, at_name=True)
        return Problem(path, "required", f"lacks the member {shown(member)}")
    if not isinstance(word, str):
        return Problem((*path, member), "type", f"is {shown(word)}", "a string")
    return Problem((*path, member), rule, f"is {shown(word)}", expected, suggestion=closest(word, known))


def _nothing(value: JsonObject, path: Path) -> Problem:
    for marker in ("operationName", "statusCode", "channel", "messageType"):
        if slip := closest(marker, value):
            return Problem(
                (*path, slip),
                "unrecognised",
                "is a member by which nothing is recognised",
                suggestion=marker,
                at_name=True,
            )
    return _unrecognised(
        path, "is an object with none of the members operationName, statusCode, channel, messageType"
    )


def _unrecognised(path: Path, what: str) -> Problem:
    return Problem(path, "unrecognised", what, "a request, an answer, a notification or Bayeux messages")
