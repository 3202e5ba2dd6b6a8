"""Types as the stubs need them, in no language yet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scalar:
    """string, integer, number or boolean."""

    name: str


@dataclass(frozen=True)
class Words:
    """One of these values."""

    values: tuple[str | int | float | bool, ...]


@dataclass(frozen=True)
class OpenWords:
    """A string: these are documented, others are possible."""

    values: tuple[str, ...]


@dataclass(frozen=True)
class Named:
    """The declaration of that name."""

    name: str


@dataclass(frozen=True)
class ListOf:
    item: Shape


@dataclass(frozen=True)
class MapOf:
    """An object whose names are data."""

    value: Shape


@dataclass(frozen=True)
class Union:
    options: tuple[Shape, ...]


@dataclass(frozen=True)
class Member:
    name: str
    shape: Shape
    required: bool
    text: str = ""


@dataclass(frozen=True)
class Record:
    """An object with known members; others are possible and to be ignored."""

    members: tuple[Member, ...]


@dataclass(frozen=True)
class Anything:
    """Any JSON value."""


@dataclass(frozen=True)
class Nothing:
    """A member that must not be there."""


Shape = Scalar | Words | OpenWords | Named | ListOf | MapOf | Union | Record | Anything | Nothing


@dataclass(frozen=True)
class Declaration:
    """A type with a name. ``owner`` is the schema component it was found in: its own name, or that of the schema around it."""

    name: str
    shape: Shape
    text: str
    owner: str


def names_in(shape: Shape) -> list[str]:
    """The declarations that the shape refers to, in order."""
    match shape:
        case Named(name):
            return [name]
        case ListOf(inner) | MapOf(inner):
            return names_in(inner)
        case Union(options):
            return [name for option in options for name in names_in(option)]
        case Record(members):
            return [name for member in members for name in names_in(member.shape)]
        case _:
            return []
