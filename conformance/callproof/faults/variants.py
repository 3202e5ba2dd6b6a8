"""The variants of the fault bench, as data: every `*.yaml` file of this folder is an array of them, with a schema.

Each mistake is reported with its place and the variant's name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

import jsonschema_rs

from callproof.json_values import Json, JsonObject, as_list, as_object, objects_in, text_of
from callproof.strict_yaml import NOWHERE, Mistake, NotYaml, Place, read_yaml

from .functions import ANSWERS, MESSAGES, NOTIFICATIONS, REQUESTS
from .ids import FORMS
from .members import CONVERSIONS, NO_EDIT, TESTS, Edit, Test
from .model import NUMBERS, Match, OwnAnswer, Rule, TableChange, Variant

FOLDER = Path(__file__).parent
#: What a rule may apply to, by its name in the data.
LOOKS_AT = ("request", "answer", "message", "reply", "notification", "delivery")
_FUNCTIONS = {"request": REQUESTS, "answer": ANSWERS, "message": MESSAGES, "notification": NOTIFICATIONS}
_EDITS = ("set", "append", "convert", "rename", "remove")


class BadVariants(Exception):
    """Files of variants that cannot be used, with all mistakes in them."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, mistakes)))


def read_variants(folder: Path = FOLDER) -> tuple[Variant, ...]:
    """Read all files of the folder, in the order of their names. Raises BadVariants with all mistakes."""
    return parse({path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))})


def parse(texts: Mapping[str, str]) -> tuple[Variant, ...]:
    """Return the variants from the texts of their files, by name. Raises BadVariants, also when there are none."""
    mistakes: list[Mistake] = []
    found: dict[str, Variant] = {}
    for file, text in texts.items():
        for place, item in _items(file, text, mistakes):
            variant = _variant(item)
            wrong = [*_mistakes(variant), *(["appears twice"] if variant.name in found else [])]
            mistakes += [Mistake(place, "variant", f"{variant.name}: {sentence}") for sentence in wrong]
            found.setdefault(variant.name, variant)
    if not found and not mistakes:
        mistakes.append(Mistake(NOWHERE, "empty", "there are no variants"))
    if mistakes:
        raise BadVariants(mistakes)
    return tuple(found.values())


def _items(file: str, text: str, mistakes: list[Mistake]) -> list[tuple[Place, JsonObject]]:
    """The entries of a file, each with its place; none when the file has a mistake."""
    try:
        value, places = read_yaml(text, file)
    except NotYaml as error:
        mistakes.append(Mistake(error.place, "yaml", f"is not YAML: {error.reason}"))
        return []
    before = len(mistakes)
    for fault in _validator().iter_errors(value):
        text = f"{_name_at(value, fault.instance_path)}: {fault.message}"
        mistakes.append(Mistake(places.at(*fault.instance_path), fault.kind.name, text))
    return (
        []
        if len(mistakes) > before
        else [(places.at(index), item) for index, item in enumerate(objects_in(value))]
    )


def _name_at(value: Json, path: Sequence[str | int]) -> str:
    """The name of the variant that a path points into, with the rest of the path."""
    entries = as_list(value)
    index = path[0] if path else None
    if not isinstance(index, int):
        return "the file"
    name = text_of(as_object(entries[index]).get("name")) or f"entry {index + 1}"
    return ": ".join(filter(None, (name, ".".join(map(str, path[1:])))))


def _variant(item: Mapping[str, Json]) -> Variant:
    """One entry; the schema has accepted it, so every cast is safe."""
    return Variant(
        **_plain(item, _VARIANT),
        needs=_words(item, "needs"),
        codes=_words(item, "codes"),
        scenarios=_words(item, "scenarios"),
        related=_words(item, "related"),
        rules=tuple(_rule(rule) for rule in _objects(item, "rules")),
        table=tuple(_table_change(change) for change in _objects(item, "table")),
        acknowledge=item.get("acknowledge") == "on",
    )


def _rule(item: Mapping[str, Json]) -> Rule:
    on = next(name for name in LOOKS_AT if name in item)
    answers = item.get("answers")
    return Rule(
        on=on,
        match=_match(as_object(item[on])),
        edit=_edit(item),
        also_to=_words(item, "also to"),
        adds=tuple((cast(float, add.get("after", 0.0)), _edit(add)) for add in _objects(item, "adds")),
        answers=_own_answer(answers) if isinstance(answers, dict) else None,
        **_plain(item, _RULE),
    )


def _match(item: Mapping[str, Json]) -> Match:
    path = item.get("path")
    return Match(
        path=re.compile(path) if isinstance(path, str) else None,
        code=_code(item.get("code", "")),
        members=(*_known_members(item), *_tests(item, "members")),
        asked=_tests(item, "asked"),
        nth=_numbers(item.get("nth")),
        **_plain(item, _MATCH),
    )


#: Words of the data, each with the field that takes its value unchanged.
_VARIANT = {name: name for name in ("name", "area", "title", "expects", "ids", "over")}
_RULE = {
    **{name: name for name in ("drop", "times", "delay", "status", "headers", "text", "gather", "function")},
    "behind the next": "behind_next",
    "content type": "content_type",
    "instead to": "instead_to",
    "is answered": "reply",
    "is published": "publishes",
    "one by one": "one_by_one",
    "replies first": "replies_first",
    "sent as": "sent_as",
    "subscribed to": "subscribed",
}
_SAME = ("agent", "method", "operation", "login", "leg", "after", "channel", "subscription", "waited")
_MATCH = {**{name: name for name in _SAME}, "while held": "held"}


def _plain(item: Mapping[str, Json], words: Mapping[str, str]) -> dict[str, Any]:  # the schema checks types
    """The fields that the data names; the others keep their defaults."""
    return {field: item[word] for word, field in words.items() if word in item}


#: Members of a notification that have their own word in the data.
_SHORT = {
    "message": "data.messageType",
    "notification": "data.notificationType",
    "state": "data.call.state",
    "call type": "data.call.callType",
}


def _known_members(item: Mapping[str, Json]) -> tuple[Test, ...]:
    return tuple(_test(path, item[word]) for word, path in _SHORT.items() if word in item)


def _tests(item: Mapping[str, Json], name: str) -> tuple[Test, ...]:
    return tuple(_test(path, wanted) for path, wanted in cast(Mapping[str, Json], item.get(name, {})).items())


def _test(path: str, wanted: Json) -> Test:
    """A plain value means equality; an object of one member names another test."""
    if isinstance(wanted, dict) and len(wanted) == 1 and (kind := next(iter(wanted))) in TESTS:
        return Test(path, kind, wanted[kind])
    return Test(path, "is", wanted)


def _edit(item: Mapping[str, Json]) -> Edit:
    if not any(name in item for name in _EDITS):
        return NO_EDIT
    return Edit(
        set=cast(Mapping[str, Json], item.get("set", {})),
        append=cast(Mapping[str, Json], item.get("append", {})),
        convert=cast(Mapping[str, str], item.get("convert", {})),
        rename=cast(Mapping[str, str], item.get("rename", {})),
        remove=_words(item, "remove"),
    )


def _own_answer(item: Mapping[str, Json]) -> OwnAnswer:
    body = str(item["text"]).encode() if "text" in item else json.dumps(item.get("value")).encode()
    content_type = str(item.get("content type", "application/json"))
    return OwnAnswer(cast(int, item.get("status", 200)), body, content_type)


def _table_change(item: Mapping[str, Json]) -> TableChange:
    return TableChange(
        row=str(item.get("row", "")),
        edit=_edit(item),
        removes=bool(item.get("removed")),
        adds=cast(Mapping[str, Json], item.get("add", {})),
        to=str(item.get("to", "operations")),
    )


def _mistakes(variant: Variant) -> Iterator[str]:
    """What the schema cannot check: unknown names, rules without effect, variants that prove nothing."""
    if not (variant.rules or variant.ids):
        yield "has no rule, so nothing would show whether it took effect"
    if variant.ids and variant.ids not in FORMS:
        yield f"{variant.ids} is not a form of ids; there are {', '.join(FORMS)}"
    for number, rule in enumerate(variant.rules, 1):
        yield from (f"rule {number}: {sentence}" for sentence in _mistakes_of_rule(rule))


def _mistakes_of_rule(rule: Rule) -> Iterator[str]:
    if rule.function and rule.function not in _FUNCTIONS.get(rule.on, {}):
        yield f"{rule.function} is not a function for a rule on a {rule.on}"
    if unknown := [name for name in rule.edit.convert.values() if name not in CONVERSIONS]:
        yield f"{unknown[0]} is not a conversion; there are {', '.join(CONVERSIONS)}"
    if rule.sent_as not in ("", "owner", *NUMBERS):
        yield f"{rule.sent_as} is not an agent"


def _words(item: Mapping[str, Json], name: str) -> tuple[str, ...]:
    value = item.get(name, [])
    return (value,) if isinstance(value, str) else tuple(cast(Sequence[str], value))


def _code(value: Json) -> str | tuple[int, ...]:
    return value if isinstance(value, str) else _numbers(value)


def _numbers(value: Json) -> tuple[int, ...]:
    return (value,) if isinstance(value, int) else tuple(cast(Sequence[int], value or ()))


def _objects(item: Mapping[str, Json], name: str) -> Sequence[Mapping[str, Json]]:
    return cast(Sequence[Mapping[str, Json]], item.get(name, []))


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    schema = json.loads((FOLDER / "fault.schema.json").read_text(encoding="utf-8"))
    return jsonschema_rs.Draft202012Validator(schema)
