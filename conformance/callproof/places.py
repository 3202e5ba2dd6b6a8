"""YAML with the line of every value, so that a complaint about a file says where to look. Pure."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import yaml

from callproof.model import Json, Place


class NotYaml(Exception):
    """The text is not YAML; `place` is where reading stopped."""

    def __init__(self, place: Place, problem: str) -> None:
        self.place = place
        self.problem = problem
        super().__init__(f"{place}: is not YAML: {problem}")


class _Loader(yaml.SafeLoader):
    """YAML as JSON has it: only true and false are booleans, so `on` is a word; there are no dates; a key is there once."""

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
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} is there twice", key.start_mark
                )
            seen.add(str(key.value))
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


def read_yaml(text: str, file: str) -> tuple[Json, Places]:
    """The value of a text and the places in it. Raises NotYaml."""
    try:
        node = yaml.compose(text, Loader=_Loader)
        value: Json = yaml.load(text, Loader=_Loader)  # noqa: S506  # a SafeLoader, made stricter
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise NotYaml(Place(file, mark.line + 1 if mark else 1), str(error.problem)) from error
    except yaml.YAMLError as error:
        raise NotYaml(Place(file, 1), str(error).replace("\n", " ")) from error
    return value, Places(file, _line_numbers(node))


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
