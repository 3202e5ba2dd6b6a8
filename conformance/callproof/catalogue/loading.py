"""Scenario files to values: YAML in, `Scenario`, `Flow` and `Unasked` out, and every complaint with its file and line.

`read_suite` reads a folder; `parse` takes one text and is pure.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import jsonschema_rs

from callproof.catalogue import composing, review
from callproof.catalogue.composing import VERB, objects
from callproof.catalogue.scenario import AGENTS, NOTHING_UNASKED, Flow, Scenario, Unasked
from callproof.json_values import Json, JsonObject, as_object
from callproof.strict_yaml import NotYaml, Place, Places, read_yaml

SCENARIOS = Path(__file__).parent / "scenarios"
#: Which further keys a step with this verb may have.
_BESIDE: Mapping[str, frozenset[str]] = {
    "asks": frozenset({"is", "wrong", "as", "twin", "proves", "answer"}),
    "hears": frozenset({"as", "proves", "where", "times"}),
    "may hear": frozenset(),
    "sends": frozenset({"as", "twin", "answer", "remembers", "agrees"}),
    "reads": frozenset({"as", "answer", "remembers", "agrees"}),
    "exchanges": frozenset({"as", "twin", "replies", "remembers"}),
    "collects": frozenset({"as", "replies", "remembers"}),
    "order": frozenset({"proves"}),
    "nothing else": frozenset({"proves", "strangers"}),
}


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong in a scenario file, and where."""

    place: Place
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


class BadScenario(Exception):
    """Scenario files that cannot be used; `problems` has one entry for each mistake."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Suite:
    """All scenarios, the flows they may begin with, and what is proved unasked."""

    scenarios: tuple[Scenario, ...] = ()
    flows: Mapping[str, Flow] = field(default_factory=dict)
    unasked: Unasked = NOTHING_UNASKED

    @property
    def proves(self) -> frozenset[str]:
        return frozenset().union(self.unasked.proves, *(scenario.proves for scenario in self.scenarios))


def read_suite(folder: Path = SCENARIOS) -> Suite:
    """Read every `*.yaml` below the folder. Raises BadScenario with all mistakes of all files."""
    problems: list[Problem] = []
    read: list[Scenario | Flow | Unasked] = []
    for path in sorted(folder.rglob("*.yaml")):
        try:
            read.append(parse(path.read_text(encoding="utf-8"), str(path.relative_to(folder))))
        except BadScenario as bad:
            problems.extend(bad.problems)
    suite = _collected(read, problems)
    for place, text in review.problems(suite.scenarios, suite.flows):
        problems.append(Problem(place, text))
    if problems:
        raise BadScenario(problems)
    return suite


def unknown_requirements(suite: Suite, known: Iterable[str]) -> tuple[Problem, ...]:
    """A problem for every id that a scenario cites and the catalogue does not have."""
    ids = sorted(known)
    found: list[Problem] = []
    for scenario in suite.scenarios:
        for cited in sorted(scenario.proves - set(ids)):
            found.append(
                Problem(
                    scenario.place,
                    f"proves {cited}, which the catalogue does not have{_did_you_mean(cited, ids)}",
                )
            )
    for cited in sorted(suite.unasked.proves - set(ids)):
        found.append(
            Problem(
                Place("unasked.yaml", 1),
                f"proves {cited}, which the catalogue does not have{_did_you_mean(cited, ids)}",
            )
        )
    return tuple(found)


def parse(text: str, file: str) -> Scenario | Flow | Unasked:
    """One scenario file. Raises BadScenario."""
    try:
        value, places = read_yaml(text, file)
    except NotYaml as error:
        raise BadScenario([Problem(error.place, f"is not YAML: {error.reason}")]) from error
    if not isinstance(value, dict):
        raise BadScenario([Problem(Place(file, 1), "is not a mapping")])
    kind = "unasked" if "unasked" in value else "flow" if "flow" in value else "scenario"
    problems = _against_schema(value, kind, places)
    if problems:
        raise BadScenario(problems)
    return _KINDS[kind](value, places.at)


def _collected(read: Sequence[Scenario | Flow | Unasked], problems: list[Problem]) -> Suite:
    scenarios: dict[str, Scenario] = {}
    flows: dict[str, Flow] = {}
    unasked = NOTHING_UNASKED
    for item in read:
        if isinstance(item, Unasked):
            unasked = item
        elif isinstance(item, Flow):
            flows[item.name] = item
        elif item.id in scenarios:
            problems.append(Problem(item.place, f"the id {item.id} is taken by {scenarios[item.id].place}"))
        else:
            scenarios[item.id] = item
    return Suite(tuple(scenarios[key] for key in sorted(scenarios)), flows, unasked)


# Lines and the schema ------------------------------------------------------------------------------------------------


@cache
def _schema() -> JsonObject:
    schema: JsonObject = json.loads((SCENARIOS / "scenario.schema.json").read_text(encoding="utf-8"))
    return schema


def _names_in(schema: Json) -> Iterator[str]:
    """Every member that the schema names, at whatever depth."""
    for inner in schema if isinstance(schema, list) else as_object(schema).values():
        yield from _names_in(inner)
    yield from as_object(as_object(schema).get("properties"))


@cache
def _validator(kind: str) -> jsonschema_rs.Validator:
    schema = _schema()
    return jsonschema_rs.validator_for(
        {"$ref": f"#/$defs/{kind}", "$defs": schema["$defs"], "$schema": schema["$schema"]}
    )


def _against_schema(value: dict[str, Json], kind: str, places: Places) -> list[Problem]:
    problems: list[Problem] = []
    for error in _validator(kind).iter_errors(value):
        path = tuple(error.instance_path)
        problems.append(
            Problem(
                places.at(*path), f"{_shown_path(path)}{error.message}{_hint(error.message, value, path)}"
            )
        )
    if not problems and kind != "unasked":
        problems.extend(_verb_problems(value, places))
    return problems


def _verb_problems(value: dict[str, Json], places: Places) -> list[Problem]:
    """What the schema cannot say: exactly one verb in a step, and only the keys that belong to it."""
    problems: list[Problem] = []
    for index, step in enumerate(objects(value["steps"])):
        place = places.at("steps", index)
        verbs = [key for key in step if VERB.match(key)]
        if len(verbs) != 1:
            problems.append(
                Problem(
                    place, f"a step has one verb, this one has {len(verbs)}: {', '.join(verbs) or 'none'}"
                )
            )
            continue
        verb = composing.verb(verbs[0])[1]
        for key in step.keys() - {verbs[0]} - _BESIDE[verb]:
            problems.append(Problem(places.at("steps", index, key), f"`{key}` does not go with `{verbs[0]}`"))
    return problems


def _hint(message: str, value: Json, path: Sequence[str | int]) -> str:
    """A suggestion for a mistyped key."""
    unexpected = re.search(r"\('([^']+)' (?:was|were) unexpected\)", message)
    if not unexpected:
        return ""
    verbs = [
        f"{agent} {verb}" for agent in AGENTS for verb in _BESIDE if verb not in ("order", "nothing else")
    ]
    return _did_you_mean(unexpected[1], [*_names_in(_schema()), *verbs])


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _shown_path(path: Sequence[str | int]) -> str:
    return (
        "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".") + ": "
        if path
        else ""
    )


_KINDS: Mapping[str, Callable[[dict[str, Json], composing.Whereabouts], Scenario | Flow | Unasked]] = {
    "scenario": composing.scenario,
    "flow": composing.flow,
    "unasked": composing.unasked,
}
