"""YAML with the line of every value, so that mistakes in a file are reported with their places. Pure."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import yaml

from callproof import limits
from callproof.json_values import Json

#: Ours nest less than ten levels; deeper nesting could crash recursive readers.
_DEEPEST = limits.YAML_DEEPEST.default


@dataclass(frozen=True, order=True)
class Place:
    """A file and a line, so that a mistake can be found."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


NOWHERE = Place("", 0)


@dataclass(frozen=True, order=True)
class Mistake:
    """What is wrong in a file that a person wrote, and where.

    `rule` is stable and machine readable, or empty; `text` and `remedy` are for people.
    """

    place: Place
    rule: str
    text: str
    remedy: str = ""

    def __str__(self) -> str:
        rule = f" [{self.rule}]" if self.rule else ""
        return f"{self.place}: {'; '.join(filter(None, (self.text, self.remedy)))}{rule}"


class NotYaml(Exception):
    """The text is not YAML, or uses YAML that is not supported here; `place` is where reading stopped."""

    def __init__(self, place: Place, reason: str) -> None:
        self.place = place
        self.reason = reason
        super().__init__(f"{place}: is not YAML: {reason}")


_TEXT = "tag:yaml.org,2002:str"


class _Loader(yaml.SafeLoader):
    """YAML with the values of JSON: only true and false are booleans, so `on` is a string; dates are strings; keys are unique."""

    yaml_implicit_resolvers = {  # noqa: RUF012  # the library's own class attribute
        first: [
            (tag, pattern)
            for tag, pattern in resolvers
            if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
        ]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag != _TEXT:
                raise yaml.constructor.ConstructorError(None, None, _no_text(key), key.start_mark)
            if key.value in seen:
                twice = f"the key {key.value!r} occurs twice"
                raise yaml.constructor.ConstructorError(None, None, twice, key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


@dataclass(frozen=True)
class Places:
    """The line on which each value of a file begins."""

    file: str
    numbers: Mapping[tuple[str | int, ...], int]

    def at(self, *path: str | int) -> Place:
        """The place of the value at this path, or of the nearest one around it."""
        where = tuple(path)
        while where not in self.numbers and where:
            where = where[:-1]
        return Place(self.file, self.numbers.get(where, 1))


def read_yaml(text: str, file: str, *, aliases: bool = True) -> tuple[Json, Places]:
    """The value of a text and the places in it. Raises NotYaml.

    Without `aliases`, anchors are refused too: a short untrusted file could use them to expand without end.
    """
    try:
        _refuse_excess(text, file, aliases)
        loader = _Loader(text)
        node = loader.get_single_node()
        value: Json = None if node is None else loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise NotYaml(Place(file, mark.line + 1 if mark else 1), str(error.problem)) from error
    except yaml.YAMLError as error:
        raise NotYaml(Place(file, 1), str(error).replace("\n", " ")) from error
    except ValueError as error:  # a number that Python will not make, such as one of five thousand digits
        raise NotYaml(Place(file, 1), f"a number in it cannot be read ({error})") from error
    return value, Places(file, _line_numbers(node))


def _refuse_excess(text: str, file: str, aliases: bool) -> None:
    """Check the text event by event, before any value is built."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        mark, tag = event.start_mark, getattr(event, "tag", None)
        place = Place(file, mark.line + 1 if mark else 1)
        if tag is not None:
            raise NotYaml(
                place, "tags, which begin with !, are not supported; write the value alone, or in quotes"
            )
        if not aliases and getattr(event, "anchor", None) is not None:
            raise NotYaml(place, "anchors and aliases (& and *) are not supported; write the value out")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise NotYaml(place, f"it is nested deeper than {_DEEPEST} levels")


def _no_text(key: yaml.Node) -> str:
    shown = f"the key {key.value}" if isinstance(key, yaml.ScalarNode) and key.value else "this key"
    return f"{shown} is not a string; put it in quotes"


def _line_numbers(
    node: yaml.Node | None, path: tuple[str | int, ...] = ()
) -> dict[tuple[str | int, ...], int]:
    if node is None:
        return {}
    found = {path: node.start_mark.line + 1}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*path, str(key.value))
            found.update(_line_numbers(value, inner))
            found[inner] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            found.update(_line_numbers(value, (*path, index)))
    return found
