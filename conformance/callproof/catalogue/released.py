"""The requirements promised with each release: ids and levels, one file for each version, never edited. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from callproof.catalogue.requirement import Catalogue
from callproof.strict_yaml import Mistake, Place
from callproof.suggestions import did_you_mean


@dataclass(frozen=True)
class Promise:
    """A requirement as it was released with a version."""

    id: str
    level: str
    version: str
    place: Place


def promises(texts: Mapping[str, str]) -> list[Promise]:
    """The promises in these files: each line of `released/0.1.0.txt` has an id and a level; `#` begins a comment."""
    found = []
    for file in sorted(texts, key=_version_of):
        for number, line in enumerate(texts[file].splitlines(), start=1):
            if line and not line.startswith("#"):
                name, _, level = line.partition(" ")
                version = file.rpartition("/")[2].removesuffix(".txt")
                found.append(Promise(name, level, version, Place(file, number)))
    return found


def broken(promised: list[Promise], catalogue: Catalogue) -> Iterator[Mistake]:
    """A mistake for every promise that the catalogue breaks, and for every requirement whose `since` is not its first version."""
    first: dict[str, Promise] = {}
    for promise in promised:
        name, version = promise.id, promise.version
        first.setdefault(name, promise)
        if name not in catalogue:
            problem = f"{name} was released with {version} but is no longer in the catalogue"
            remedy = did_you_mean(name, catalogue.ids, "put it back")
            yield Mistake(promise.place, "released", problem, remedy)
        elif catalogue[name].level != promise.level:
            problem = f"{name} was released as a {promise.level} but is a {catalogue[name].level} now"
            remedy = "keep the level; a new level needs a new id"
            yield Mistake(catalogue[name].place, "released", problem, remedy)
    newest = max((_numbers(promise.version)[:2] for promise in promised), default=())
    for requirement in catalogue:
        kept, since = first.get(requirement.id), _numbers(requirement.since)
        says = f"{requirement.id} says since {requirement.since}"
        if kept is not None and since != _numbers(kept.version)[:2]:
            problem = f"{says}, but was released with {kept.version}"
            remedy = "name the version in which it was first released"
            yield Mistake(requirement.place, "since", problem, remedy)
        elif kept is None and since <= newest:
            problem = f"{says}, but that version was released without it"
            yield Mistake(requirement.place, "since", problem, "name the next version")


def _version_of(file: str) -> tuple[int, ...]:
    return _numbers(file.rpartition("/")[2].removesuffix(".txt"))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())
