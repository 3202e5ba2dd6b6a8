"""From requirement files to values: reads every entry and adds the clause that it points to. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, cast

from callproof.catalogue.composing import Whereabouts, predicates, strings
from callproof.catalogue.form import Form, read
from callproof.catalogue.mistakes import BadCatalogue, listed
from callproof.catalogue.requirement import Basis, Clause, Level, NotTested, Requirement, Source
from callproof.catalogue.scenario import Reading
from callproof.json_values import Json, JsonObject, as_object, objects_in
from callproof.strict_yaml import Mistake, Place
from callproof.suggestions import did_you_mean

#: The bases on which a MUST may give a reason of its own. A stated clause needs none; an inferred one is never a MUST.
_WITH_REASON = frozenset({"sample", "bayeux", "http"})


@dataclass(frozen=True)
class Surroundings:
    """What an entry may refer to: the clauses of the contract, by pointer, and the profiles."""

    clauses: Mapping[str, JsonObject]
    profiles: Sequence[str]


def requirements(
    texts: Mapping[str, str], form: Form, around: Surroundings
) -> tuple[tuple[Requirement, ...], list[Mistake]]:
    """The requirements of these files, in order, and all mistakes in the files."""
    mistakes: list[Mistake] = []
    found: dict[str, Requirement] = {}
    pointed: dict[str, str] = {}
    for file, text in texts.items():
        try:
            value, places = read(text, file)
        except BadCatalogue as bad:
            mistakes.extend(bad.mistakes)
            continue
        if wrong := form.mistakes(value, places):
            mistakes.extend(wrong)
            continue
        for index, item in enumerate(objects_in(value)):
            at = partial(places.at, index)
            name, pointer = str(item["id"]), str(item["clause"])
            mistakes.extend(_mistakes(item, at, around))
            if name in found:
                problem = f"{name} is in the catalogue already, at {found[name].place}"
                mistakes.append(Mistake(at("id"), "id-taken", problem, "give it an id of its own"))
            elif (other := pointed.setdefault(pointer, name)) != name:
                problem = f"{name} points to the same clause as {other}"
                remedy = "point to the sentence that it judges, or add a sentence to the contract"
                mistakes.append(Mistake(at("clause"), "clause-taken", problem, remedy))
            elif pointer in around.clauses:
                found[name] = _requirement(item, around.clauses[pointer], at)
    if not found and not mistakes:
        problem, remedy = "there are no requirements", "a suite without requirements judges nothing"
        mistakes.append(Mistake(Place("requirements", 1), "no-requirements", problem, remedy))
    return tuple(found.values()), mistakes


# What the schema cannot say ----------------------------------------------------------------------------------------------


def _mistakes(item: JsonObject, at: Whereabouts, around: Surroundings) -> Iterator[Mistake]:
    name, pointer = str(item["id"]), str(item["clause"])
    for profile in strings(item["profiles"]):
        if profile not in around.profiles:
            problem = f"{name}: there is no profile {profile}"
            remedy = did_you_mean(profile, around.profiles, f"there are {listed(around.profiles)}")
            yield Mistake(at("profiles"), "unknown-profile", problem, remedy)
    if pointer in around.clauses:
        yield from _level_mistakes(item, str(around.clauses[pointer]["basis"]), at)
    else:
        problem = f"{name} points to nothing: {pointer}"
        yield Mistake(at("clause"), "dangling-clause", problem, _nearest(pointer, around))
    readings = [str(reading["id"]) for reading in objects_in(item.get("accepts"))]
    for number, reading in enumerate(readings):
        if reading in readings[:number]:
            problem = f"{name} lists the reading {reading} twice"
            yield Mistake(at("accepts", number), "reading-twice", problem, "rename one of them")


def _nearest(pointer: str, around: Surroundings) -> str:
    """What a dangling pointer probably meant: a clause of the same file if the file exists, else another file."""
    file, _, wanted = pointer.partition("#")
    beside = {known.partition("#")[2] for known in around.clauses if known.partition("#")[0] == file}
    if beside:
        return did_you_mean(wanted, sorted(beside), f"add the sentence to {file} and run `make contract`")
    files = {known.partition("#")[0] for known in around.clauses}
    return did_you_mean(
        file, sorted(files), "no file of this name has sentences; run `make contract` if it is new"
    )


def _level_mistakes(item: JsonObject, basis: str, at: Whereabouts) -> Iterator[Mistake]:
    """A level must not be stricter than its basis allows."""
    name, is_must, member = str(item["id"]), item["level"] == "MUST", "level"
    has_reason = "must_because" in item
    if is_must and basis == "inferred":
        problem = f"{name} is a MUST on a clause whose basis is inferred"
        remedy = "make it a SHOULD, or find a source that states it"
    elif is_must and basis == "sample" and not has_reason:
        problem = f"{name} is a MUST on samples alone"
        remedy = "say in must_because what breaks otherwise"
    elif has_reason and not (is_must and basis in _WITH_REASON):
        problem = f"{name} has must_because and is a {item['level']} on the basis {basis}"
        remedy = f"leave it out; it belongs to a MUST on {listed(sorted(_WITH_REASON))}"
        member = "must_because"
    else:
        return
    yield Mistake(at(member), "level-beyond-basis", problem, remedy)


# Values --------------------------------------------------------------------------------------------------------------


def _requirement(item: JsonObject, sentence: JsonObject, at: Whereabouts) -> Requirement:
    """One entry. It is valid against the schema, so every cast is safe."""
    readings = enumerate(objects_in(item.get("accepts")))
    not_tested = as_object(item.get("not_tested"))
    return Requirement(
        id=str(item["id"]),
        title=str(item["title"]),
        level=cast(Level, item["level"]),
        clause=_clause(str(item["clause"]), sentence),
        rationale=str(item["rationale"]),
        since=str(item["since"]),
        profiles=strings(item["profiles"]),
        must_because=str(item.get("must_because", "")),
        applies_if=str(item.get("applies_if", "always")),
        accepts=tuple(_reading(reading, at("accepts", number)) for number, reading in readings),
        not_tested=_not_tested(not_tested) if not_tested else None,
        place=at(),
    )


def _clause(pointer: str, sentence: JsonObject) -> Clause:
    """The section of a source follows its last comma; the page and its version come before it."""
    doc, _, section = str(sentence["source"]).rpartition(", ")
    return Clause(pointer, str(sentence["text"]), cast(Basis, sentence["basis"]), Source(doc, section))


def _reading(reading: Mapping[str, Json], place: Place) -> Reading:
    return Reading(
        id=str(reading["id"]),
        text=str(reading["text"]),
        verdict=cast(Literal["pass", "warn", "info"], reading["verdict"]),
        predicates=predicates(as_object(reading.get("shows"))),
        rule=str(reading.get("by", "")),
        place=place,
    )


def _not_tested(value: JsonObject) -> NotTested:
    reason = cast(Literal["needs-vendor-hook", "not-observable", "destructive"], value["reason"])
    return NotTested(reason, str(value["details"]))
