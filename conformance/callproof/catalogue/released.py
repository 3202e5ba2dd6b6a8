"""What was promised with a release: ids and levels, one file for each version, never edited. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from callproof.catalogue.requirement import Catalogue
from callproof.strict_yaml import Mistake, Place
from callproof.suggestions import did_you_mean


@dataclass(frozen=True)
class Promise:
    """A requirement as a version was released with it."""

    id: str
    level: str
    version: str
    place: Place


def promises(texts: Mapping[str, str]) -> list[Promise]:
    """The promises of these files, by name: `released/0.1.0.txt` has an id and a level in each line; `#` begins a comment."""
    found = []
    for file in sorted(texts, key=_version_of):
        for number, line in enumerate(texts[file].splitlines(), start=1):
            if line and not line.startswith("#"):
                name, _, level = line.partition(" ")
                version = file.rpartition("/")[2].removesuffix(".txt")
                found.append(Promise(name, level, version, Place(file, number)))
    return found


def broken(promised: list[Promise], catalogue: Catalogue) -> Iterator[Mistake]:
    """Every promise that the catalogue does not keep, and every requirement that claims another version than its first."""
    first: dict[str, Promise] = {}
    for promise in promised:
        if promise.id not in catalogue:
            problem = f"{promise.id} was released with {promise.version} and is no longer in the catalogue"
            yield Mistake(
                promise.place, "released", problem, did_you_mean(promise.id, catalogue.ids, "put it back")
            )
        elif catalogue[promise.id].level != promise.level:
            problem = (
                f"{promise.id} was released as a {promise.level} and is a {catalogue[promise.id].level} now"
            )
            yield Mistake(
                catalogue[promise.id].place,
                "released",
                problem,
                "keep the level; another one needs another id",
            )
        first.setdefault(promise.id, promise)
    newest = max((_numbers(promise.version)[:2] for promise in promised), default=())
    for requirement in catalogue:
        kept = first.get(requirement.id)
        since = _numbers(requirement.since)
        if kept is not None and since != _numbers(kept.version)[:2]:
            problem = f"{requirement.id} says since {requirement.since} and was released with {kept.version}"
            yield Mistake(
                requirement.place, "since", problem, "name the version that it was released with first"
            )
        elif kept is None and since <= newest:
            problem = (
                f"{requirement.id} says since {requirement.since}, and that version was released without it"
            )
            yield Mistake(requirement.place, "since", problem, "name the version to come")


def _version_of(file: str) -> tuple[int, ...]:
    return _numbers(file.rpartition("/")[2].removesuffix(".txt"))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())
