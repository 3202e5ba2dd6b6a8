"""The event half: channels, the messages on them and which way they go. ``action`` is the server's: it sends or receives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from callproof.contract_diff.changes import Change, Direction, Effect
from callproof.contract_diff.schemas import Comparison
from callproof.contract_diff.views import Document, Schemas
from callproof.contract_diff.wording import changes_of
from callproof.json_values import Json, JsonObject, as_list, as_object, text_of

_WORDS = ("title", "summary", "description", "x-basis", "x-source")
_DIRECTIONS = {"send": Direction.TO_CLIENT, "receive": Direction.TO_SERVER}
_OPPOSITE = {Direction.TO_CLIENT: Direction.TO_SERVER, Direction.TO_SERVER: Direction.TO_CLIENT}


@dataclass(frozen=True)
class _Message:
    """A message on a channel, and which way it goes."""

    name: str
    address: str
    direction: Direction
    value: JsonObject

    @property
    def place(self) -> str:
        return f"{self.name} on {self.address}"


#: Which way a message goes -> whom it breaks when it is removed, and when it is added.
_GONE = {
    Direction.TO_CLIENT: (Effect.BREAKS_BOTH, "a server may no longer send it, and a client that waits for it waits in vain"),
    Direction.TO_SERVER: (Effect.BREAKS_CLIENTS, "a client that sends it is refused"),
}  # fmt: skip
_COME = {
    Direction.TO_CLIENT: (Effect.BREAKS_CLIENTS, "a client may now receive it"),
    Direction.TO_SERVER: (Effect.BREAKS_SERVERS, "a server must now accept it"),
}


def event_changes(old: Document, new: Document) -> Iterator[Change]:
    """Every change of the event half. Raises Unreadable."""
    before, now = _channels(old), _channels(new)
    for address in before:
        if address not in now:
            consequence = "a client that subscribes or sends there is left without it"
            yield Change(Effect.BREAKS_CLIENTS, f"channel {address}", "removed", consequence)
    for address, channel in now.items():
        if address not in before:
            consequence = "a server must now offer it"
            yield Change(Effect.BREAKS_SERVERS, f"channel {address}", "added", consequence)
        elif changed := [name for name in _WORDS if channel.get(name) != before[address].get(name)]:
            yield Change(Effect.DOCUMENTS, f"channel {address}", f"{', '.join(changed)} changed")
    in_both = before.keys() & now.keys()
    yield from _message_changes(Comparison(old, new), _messages(old, in_both), _messages(new, in_both))


def _message_changes(
    comparison: Comparison,
    before: dict[tuple[str, str, Direction], _Message],
    now: dict[tuple[str, str, Direction], _Message],
) -> Iterator[Change]:
    for key, message in before.items():
        if key not in now:
            effect, consequence = _GONE[message.direction]
            yield Change(effect, message.place, "removed", consequence)
    for key, message in now.items():
        if key not in before:
            effect, consequence = _COME[message.direction]
            yield Change(effect, message.place, "added", consequence)
            continue
        old, new = before[key].value, message.value
        for part in ("payload", "headers"):
            differences = comparison.differences(_schemas(old.get(part)), _schemas(new.get(part)))
            yield from changes_of(differences, message.direction, message.place)
        if changed := [name for name in _WORDS if old.get(name) != new.get(name)]:
            yield Change(Effect.DOCUMENTS, message.place, f"{', '.join(changed)} changed")


def _channels(document: Document) -> dict[str, JsonObject]:
    found = {}
    for name, value in as_object(document.value.get("channels")).items():
        channel = document.resolved(value)
        found[text_of(channel.get("address")) or name] = channel
    return found


def _messages(document: Document, addresses: set[str]) -> dict[tuple[str, str, Direction], _Message]:
    found = {}
    for value in as_object(document.value.get("operations")).values():
        operation = document.resolved(value)
        direction = _DIRECTIONS.get(text_of(operation.get("action")), Direction.TO_CLIENT)
        reply = document.resolved(operation.get("reply"))
        for holder, way in ((operation, direction), (reply, _OPPOSITE[direction])):
            for message in _messages_of(document, holder, way):
                if message.address in addresses:
                    found[message.name, message.address, way] = message
    return found


def _messages_of(document: Document, holder: JsonObject, direction: Direction) -> Iterator[_Message]:
    """The messages of an operation or of its reply; without a list of their own, those of the channel."""
    channel = document.resolved(holder.get("channel"))
    address = text_of(channel.get("address"))
    listed: list[Json] = as_list(holder.get("messages"))
    if "messages" not in holder:
        listed = [*as_object(channel.get("messages")).values()]
    for value in listed:
        message = document.resolved(value)
        name = text_of(message.get("name")) or text_of(as_object(value).get("$ref")).rpartition("/")[2]
        yield _Message(name, address, direction, message)


def _schemas(value: Json) -> Schemas:
    return (value,) if isinstance(value, dict | bool) else ()
