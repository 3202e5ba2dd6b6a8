"""The call model: rows added and removed, situations in which an operation is possible, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from callproof.contract_diff.changes import Change, Effect
from callproof.contract_diff.views import canonical
from callproof.json_values import Json, JsonObject, as_list, as_object, objects_in, text_of

#: Members of a row that restrict the situations it applies to; an absent member restricts nothing.
_SITUATIONS = (
    "in", "of", "consult", "begun", "conference", "monitoring", "arrival", "room", "mute", "recording", "monitoredUser", "when",
)  # fmt: skip
#: Members that speak to people.
_WORDS = ("basis", "source", "text", "displayName")

#: Effects of what rests on an inference, which no server is bound by.
_SOFTER = {
    Effect.BREAKS_CLIENTS: Effect.MAY_BREAK_CLIENTS,
    Effect.BREAKS_SERVERS: Effect.MAY_BREAK_SERVERS,
    Effect.BREAKS_BOTH: Effect.MAY_BREAK_BOTH,
}


@dataclass(frozen=True)
class _Part:
    """One table of the model: whom a row breaks that is added, and one that is removed."""

    name: str
    added: tuple[Effect, str]
    removed: tuple[Effect, str]


_POSSIBLE = (Effect.BREAKS_SERVERS, "a server must now offer and accept it")
_IMPOSSIBLE = (Effect.BREAKS_CLIENTS, "a client that does it is now refused")
_PARTS = (
    _Part("operations", _POSSIBLE, _IMPOSSIBLE),
    _Part("devices", _POSSIBLE, _IMPOSSIBLE),
    _Part("agentStates", _POSSIBLE, _IMPOSSIBLE),
    _Part(
        "network",
        (Effect.MAY_BREAK_CLIENTS, "a client may now be notified of it"),
        (Effect.MAY_BREAK_SERVERS, "a server may no longer notify of it"),
    ),
)


def row_changes(old: JsonObject, new: JsonObject) -> Iterator[Change]:
    """Every change of the call model."""
    for part in _PARTS:
        before, now = (
            {text_of(row.get("id")): row for row in objects_in(m.get(part.name))} for m in (old, new)
        )
        for name in [name for name in before if name not in now]:
            yield _lone(before[name], "removed", part.removed)
        for name, row in now.items():
            if name in before:
                yield from _row_changes(before[name], row)
            else:
                yield _lone(row, "added", part.added)
    yield from _effect_changes(as_object(old.get("effects")), as_object(new.get("effects")))


def _lone(row: JsonObject, verb: str, judged: tuple[Effect, str]) -> Change:
    effect, consequence = judged
    if verb == "added" and ("needs" in row or row.get("offered") is False or row.get("served") is False):
        return Change(Effect.WIDENS, _place(row), "row added", "a server may offer it and need not")
    return Change(_certain(effect, row), _place(row), f"row {verb}", consequence)


def _row_changes(old: JsonObject, new: JsonObject) -> Iterator[Change]:
    place = _place(new)
    for name in _SITUATIONS:
        yield from _situation_changes(name, old, new, place)
    outcome = [
        name
        for name in dict.fromkeys([*old, *new])
        if name not in (*_SITUATIONS, *_WORDS, "id") and canonical(old.get(name)) != canonical(new.get(name))
    ]
    for name in outcome:
        what = f"{name} {_shown(old.get(name))} -> {_shown(new.get(name))}"
        consequence = "what follows is different: a server must do it, and a client meets it"
        yield Change(_certain(Effect.BREAKS_BOTH, new), place, what, consequence)
    if changed := [name for name in _WORDS if old.get(name) != new.get(name)]:
        yield Change(Effect.DOCUMENTS, place, f"{', '.join(changed)} changed")


def _situation_changes(name: str, old: JsonObject, new: JsonObject, place: str) -> Iterator[Change]:
    if canonical(old.get(name)) == canonical(new.get(name)):
        return
    before, now = (
        None if name not in row else {canonical(item) for item in _items(row[name])} for row in (old, new)
    )
    what = f"{name} {_shown(old.get(name))} -> {_shown(new.get(name))}"
    if now is not None and (before is None or not before <= now):
        consequence = "the operation is possible in fewer situations: a client that relies on it is refused"
        yield Change(_certain(Effect.BREAKS_CLIENTS, new), place, what, consequence)
    if before is not None and (now is None or not now <= before):
        consequence = "the operation is possible in more situations: a server must now accept it there"
        yield Change(_certain(Effect.BREAKS_SERVERS, new), place, what, consequence)


def _effect_changes(old: JsonObject, new: JsonObject) -> Iterator[Change]:
    for name in dict.fromkeys([*old, *new]):
        before, now = as_object(old.get(name)), as_object(new.get(name))
        place = f"call model, effect {name}"
        if name not in old or name not in new:
            verb = "removed" if name in old else "added"
            words = text_of((before or now).get("text"))
            yield Change(
                Effect.DOCUMENTS, place, f'{verb}: "{words}"', "the rows that name it are listed too"
            )
        elif before.get("text") != now.get("text"):
            what = f'reworded: "{text_of(before.get("text"))}" -> "{text_of(now.get("text"))}"'
            consequence = "read both: a machine cannot tell whether the meaning changed"
            yield Change(Effect.DOCUMENTS, place, what, consequence)
        elif before != now:
            yield Change(Effect.DOCUMENTS, place, "basis or source changed")


def _items(value: Json) -> list[Json]:
    """The situations that a member lists; of an object, each member is one."""
    if isinstance(value, dict):
        return [{name: member} for name, member in value.items()]
    return as_list(value) if isinstance(value, list) else [value]


def _certain(effect: Effect, row: JsonObject) -> Effect:
    return _SOFTER.get(effect, effect) if row.get("basis") == "inferred" else effect


def _place(row: JsonObject) -> str:
    what = text_of(row.get("operation")) or text_of(row.get("event"))
    name = text_of(row.get("id"))
    return f"call model, {what}, row {name}" if what else f"call model, row {name}"


def _shown(value: Json) -> str:
    if value is None:
        return "(any)" if value is None else ""
    return canonical(value).replace('"', "")
