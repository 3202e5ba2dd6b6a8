"""Requirement files to values: every entry is read, and the clause that it points to is put in. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from callproof.catalogue.composing import predicates, strings
from callproof.catalogue.form import Form, read
from callproof.catalogue.mistakes import BadCatalogue, listed
from callproof.catalogue.requirement import Basis, Clause, Level, NotTested, Requirement, Source
from callproof.catalogue.scenario import Reading
from callproof.json_values import Json, JsonObject, as_object, objects_in
from callproof.strict_yaml import Mistake, Place, Places
from callproof.suggestions import did_you_mean

#: On these a MUST needs a reason of its own, and may have one. What is stated needs none; what is inferred is never a MUST.
_WITH_REASON = frozenset({"sample", "bayeux", "http"})


@dataclass(frozen=True)
class Surroundings:
    """What an entry may refer to: the clauses of the contract by their pointers, and the profiles."""

    clauses: Mapping[str, JsonObject]
    profiles: Sequence[str]


def requirements(
    texts: Mapping[str, str], form: Form, around: Surroundings
) -> tuple[tuple[Requirement, ...], list[Mistake]]:
    """The requirements of these files, in their order, and all that is wrong with the files."""
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
            name, pointer = str(item["id"]), str(item["clause"])
            mistakes.extend(_mistakes(item, index, places, around))
            if name in found:
                problem = f"{name} is in the catalogue already, at {found[name].place}"
                mistakes.append(
                    Mistake(places.at(index, "id"), "id-taken", problem, "give it an id of its own")
                )
            elif (other := pointed.setdefault(pointer, name)) != name:
                problem = f"{name} points to the clause of {other}"
                remedy = "point to the sentence that it judges, or add one to the contract"
                mistakes.append(Mistake(places.at(index, "clause"), "clause-taken", problem, remedy))
            elif pointer in around.clauses:
                found[name] = _requirement(item, around.clauses[pointer], index, places)
    if not found and not mistakes:
        place = Place("requirements", 1)
        mistakes.append(
            Mistake(
                place, "no-requirements", "there are no requirements", "a suite without any judges nothing"
            )
        )
    return tuple(found.values()), mistakes


# What no schema can say ----------------------------------------------------------------------------------------------


def _mistakes(item: JsonObject, index: int, places: Places, around: Surroundings) -> Iterator[Mistake]:
    name, pointer = str(item["id"]), str(item["clause"])
    for profile in strings(item["profiles"]):
        if profile not in around.profiles:
            remedy = did_you_mean(profile, around.profiles, f"there are {listed(around.profiles)}")
            yield Mistake(
                places.at(index, "profiles"),
                "unknown-profile",
                f"{name}: there is no profile {profile}",
                remedy,
            )
    if pointer not in around.clauses:
        yield Mistake(
            places.at(index, "clause"),
            "dangling-clause",
            f"{name} points to nothing: {pointer}",
            _nearest(pointer, around),
        )
    else:
        yield from _level_mistakes(item, str(around.clauses[pointer]["basis"]), index, places)
    seen: set[str] = set()
    for number, reading in enumerate(objects_in(item.get("accepts"))):
        if str(reading["id"]) in seen:
            problem = f"{name} lists the reading {reading['id']} twice"
            yield Mistake(places.at(index, "accepts", number), "reading-twice", problem, "rename one of them")
        seen.add(str(reading["id"]))


def _nearest(pointer: str, around: Surroundings) -> str:
    """What a dangling pointer probably meant: a sentence of the same file if there is such a file, else of another."""
    file, _, wanted = pointer.partition("#")
    beside = {known.partition("#")[2] for known in around.clauses if known.partition("#")[0] == file}
    if beside:
        return did_you_mean(wanted, sorted(beside), f"add the sentence to {file} and run `make contract`")
    files = {known.partition("#")[0] for known in around.clauses}
    return did_you_mean(
        file, sorted(files), "no file of this name has sentences; run `make contract` if it is new"
    )


def _level_mistakes(item: JsonObject, basis: str, index: int, places: Places) -> Iterator[Mistake]:
    """A level is no stricter than its basis bears."""
    name, is_must, reason = str(item["id"]), item["level"] == "MUST", "must_because" in item
    if is_must and basis == "inferred":
        problem = f"{name} is a MUST on a clause whose basis is inferred"
        yield Mistake(
            places.at(index, "level"),
            "level-beyond-basis",
            problem,
            "make it a SHOULD, or find a source that states it",
        )
    elif is_must and basis == "sample" and not reason:
        problem = f"{name} is a MUST on samples alone"
        yield Mistake(
            places.at(index, "level"),
            "level-beyond-basis",
            problem,
            "say in must_because what breaks otherwise",
        )
    elif reason and not (is_must and basis in _WITH_REASON):
        problem = f"{name} has must_because and is a {item['level']} on the basis {basis}"
        remedy = f"leave it out; it belongs to a MUST on {listed(sorted(_WITH_REASON))}"
        yield Mistake(places.at(index, "must_because"), "level-beyond-basis", problem, remedy)


# Values --------------------------------------------------------------------------------------------------------------


def _requirement(item: JsonObject, sentence: JsonObject, index: int, places: Places) -> Requirement:
    """One entry, which the schema has found good, so that every cast says what is known."""
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
        accepts=tuple(
            _reading(reading, places.at(index, "accepts", number))
            for number, reading in enumerate(objects_in(item.get("accepts")))
        ),
        not_tested=_not_tested(not_tested) if not_tested else None,
        place=places.at(index),
    )


def _clause(pointer: str, sentence: JsonObject) -> Clause:
    """The section of a source is what follows its last comma; before it stand the page and its version."""
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
