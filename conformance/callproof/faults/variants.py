"""The variants of the fault bench, as data: every `*.yaml` file of this folder is an array of them, with a schema.

What is wrong with a file is told with the file and the variant's name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import cast

import jsonschema_rs
import yaml

from callproof.bayeux import LONG_POLLING
from callproof.json_values import Json

from .functions import ANSWERS, MESSAGES, NOTIFICATIONS, REQUESTS
from .ids import FORMS
from .members import CONVERSIONS, NO_EDIT, TESTS, Edit, Test
from .model import NUMBERS, Match, OwnAnswer, Rule, TableChange, Variant

__all__ = ["BadVariants", "parse", "read_variants"]

FOLDER = Path(__file__).parent
#: What a rule may look at, each with what it is called in the data.
LOOKS_AT = ("request", "answer", "message", "reply", "notification", "delivery")
_FUNCTIONS = {"request": REQUESTS, "answer": ANSWERS, "message": MESSAGES, "notification": NOTIFICATIONS}
_EDITS = ("set", "append", "convert", "rename", "remove")


class BadVariants(Exception):
    """A file of variants that cannot be used; `problems` has a line for each mistake."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


def read_variants(folder: Path = FOLDER) -> tuple[Variant, ...]:
    """Read all files of the folder, in the order of their names. Raises BadVariants with all mistakes."""
    return parse({path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))})


def parse(texts: Mapping[str, str]) -> tuple[Variant, ...]:
    """Return the variants from the texts of their files, by name. Raises BadVariants; no variants at all are bad too."""
    problems: list[str] = []
    found: dict[str, Variant] = {}
    for file, text in texts.items():
        for item in _items(file, text, problems):
            variant = _variant(item)
            if variant.name in found:
                problems.append(f"{file}: {variant.name}: is there already")
            problems += [f"{file}: {variant.name}: {problem}" for problem in _problems(variant)]
            found.setdefault(variant.name, variant)
    if not found and not problems:
        problems.append("there are no variants")
    if problems:
        raise BadVariants(problems)
    return tuple(found.values())


def _items(file: str, text: str, problems: list[str]) -> list[Mapping[str, Json]]:
    try:
        value: Json = yaml.safe_load(text)
    except yaml.YAMLError as error:
        problems.append(f"{file}: is not YAML: {error}")
        return []
    mistakes = list(_validator().iter_errors(value))
    for mistake in mistakes:
        place = list(mistake.instance_path)
        where = ".".join(str(step) for step in place[1:])
        problems.append(f"{file}: {_name_at(value, place)}: {where}: {mistake.message}")
    return (
        [] if mistakes or not isinstance(value, list) else [item for item in value if isinstance(item, dict)]
    )


def _name_at(value: Json, place: Sequence[str | int]) -> str:
    if isinstance(value, list) and place and isinstance(place[0], int):
        entry = value[place[0]]
        name = entry.get("name") if isinstance(entry, dict) else None
        return name if isinstance(name, str) else f"entry {place[0] + 1}"
    return "file"


def _variant(item: Mapping[str, Json]) -> Variant:
    """One entry that the schema has found good, so that every cast says what is known."""
    return Variant(
        name=str(item["name"]),
        area=str(item["area"]),
        title=str(item["title"]),
        expects=str(item.get("expects", "")),
        codes=_words(item, "codes"),
        scenarios=_words(item, "scenarios"),
        related=_words(item, "related"),
        rules=tuple(_rule(rule) for rule in _objects(item, "rules")),
        table=tuple(_table_change(change) for change in _objects(item, "table")),
        ids=str(item.get("ids", "")),
        over=str(item.get("over", LONG_POLLING)),
        acknowledge=item.get("acknowledge") == "on",
    )


def _rule(item: Mapping[str, Json]) -> Rule:
    on = next(name for name in LOOKS_AT if name in item)
    answers = cast("Mapping[str, Json] | None", item.get("answers"))
    return Rule(
        on=on,
        match=_match(cast(Mapping[str, Json], item[on])),
        edit=_edit(item),
        drop=bool(item.get("drop")),
        times=cast(int, item.get("times", 1)),
        delay=cast(float, item.get("delay", 0.0)),
        behind_next=bool(item.get("behind the next")),
        also_to=_words(item, "also to"),
        instead_to=str(item.get("instead to", "")),
        subscribed=str(item.get("subscribed to", "")),
        adds=tuple((cast(float, add.get("after", 0.0)), _edit(add)) for add in _objects(item, "adds")),
        status=cast(int, item.get("status", 0)),
        content_type=str(item.get("content type", "")),
        headers=cast("Mapping[str, str | None]", item.get("headers", {})),
        text=cast("str | None", item.get("text")),
        answers=None if answers is None else _own_answer(answers),
        reply=cast("Mapping[str, Json] | None", item.get("is answered")),
        publishes=bool(item.get("is published")),
        sent_as=str(item.get("sent as", "")),
        gather=cast(float, item.get("gather", 0.0)),
        one_by_one=bool(item.get("one by one")),
        replies_first=bool(item.get("replies first")),
        function=str(item.get("function", "")),
    )


def _match(item: Mapping[str, Json]) -> Match:
    path = item.get("path")
    return Match(
        agent=str(item.get("agent", "")),
        method=str(item.get("method", "")),
        path=re.compile(path) if isinstance(path, str) else None,
        operation=str(item.get("operation", "")),
        code=_code(item.get("code", "")),
        login=str(item.get("login", "")),
        leg=str(item.get("leg", "")),
        after=str(item.get("after", "")),
        channel=str(item.get("channel", "")),
        subscription=str(item.get("subscription", "")),
        held=cast("bool | None", item.get("while held")),
        waited=cast("bool | None", item.get("waited")),
        members=(*_known_members(item), *_tests(item, "members")),
        asked=_tests(item, "asked"),
        nth=_numbers(item.get("nth")),
    )


#: Members of a notification that have a word of their own.
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
    return OwnAnswer(
        cast(int, item.get("status", 200)), body, str(item.get("content type", "application/json"))
    )


def _table_change(item: Mapping[str, Json]) -> TableChange:
    return TableChange(
        row=str(item.get("row", "")),
        edit=_edit(item),
        removes=bool(item.get("removed")),
        adds=cast(Mapping[str, Json], item.get("add", {})),
        to=str(item.get("to", "operations")),
    )


def _problems(variant: Variant) -> list[str]:
    """What the schema cannot see: names that lead nowhere, rules that can do nothing, variants that prove nothing."""
    problems = (
        []
        if variant.rules or variant.ids
        else ["has no rule, so that nothing would tell whether it was brought to bear"]
    )
    if variant.ids and variant.ids not in FORMS:
        problems.append(f"{variant.ids} is no form of ids; there are {', '.join(FORMS)}")
    for number, rule in enumerate(variant.rules, 1):
        if rule.function and rule.function not in _FUNCTIONS.get(rule.on, {}):
            problems.append(f"rule {number}: {rule.function} is no function for a rule on a {rule.on}")
        if unknown := [name for name in rule.edit.convert.values() if name not in CONVERSIONS]:
            problems.append(
                f"rule {number}: {unknown[0]} is no conversion; there are {', '.join(CONVERSIONS)}"
            )
        if rule.sent_as not in ("", "owner", *NUMBERS):
            problems.append(f"rule {number}: {rule.sent_as} is nobody")
    return problems


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
    return jsonschema_rs.Draft202012Validator(
        json.loads((FOLDER / "fault.schema.json").read_text(encoding="utf-8"))
    )
