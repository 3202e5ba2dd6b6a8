"""Reads YAML with the line of every place in it, limited to what JSON can express.

YAML's other types, its tags and its aliases are refused: our files do not need them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from .limits import YAML_LEVELS
from .masking import is_secret
from .violations import place_of, shown

MOST_LEVELS = YAML_LEVELS.default

_TAG = "tag:yaml.org,2002:"
_SCALARS = {
    _TAG + "str": "text",
    _TAG + "int": "a number",
    _TAG + "float": "a number",
    _TAG + "bool": "true or false",
    _TAG + "null": "null",
}


class FileNotUsable(Exception):
    """A file written by a person cannot be used; the sentence says where and why."""

    def __init__(self, where: str, problem: str) -> None:
        self.where = where
        self.problem = problem
        super().__init__(f"{where}: {problem}")


def read_shipped_yaml(file: Path) -> Any:
    """The value of a YAML file that ships with the server. Its form is known, so the lines are not kept."""
    return yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)  # the safe loader in C


class YamlDocument:
    """The value of a YAML text. Errors refer to the text as `name`, and `needs` says what it must contain.

    Raises FileNotUsable for text that is not YAML, and for YAML that JSON cannot express.
    """

    def __init__(self, name: str, text: str, needs: str) -> None:
        self._name = name
        self._lines: dict[tuple[str | int, ...], int] = {}
        try:
            self._loader = _Loader(text)
            root = self._loader.get_single_node()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
            words = str(error.problem)
            raise FileNotUsable(
                where, words if isinstance(error, _NotPlain) else f"is not YAML ({words})"
            ) from None
        except yaml.YAMLError as error:
            raise FileNotUsable(name, f"is not YAML ({str(error).splitlines()[0]})") from None
        self.value: Any = None if root is None else self._read(root, ())
        if self.value is None:
            raise FileNotUsable(name, f"is empty; it needs {needs}")

    def refusal(self, steps: Sequence[str | int], problem: str) -> FileNotUsable:
        """The error for a problem at a place, with the line of that place or of the value that contains it."""
        for length in range(len(steps), -1, -1):
            line = self._lines.get(tuple(steps[:length]))
            if line is not None:
                return FileNotUsable(f"{self._name}:{line}", f"{place_of(steps)} {problem}")
        return FileNotUsable(self._name, f"{place_of(steps)} {problem}")

    def _read(self, node: yaml.Node, steps: tuple[str | int, ...]) -> Any:
        self._lines[steps] = node.start_mark.line + 1
        if isinstance(node, yaml.SequenceNode) and node.tag == _TAG + "seq":
            return [self._read(entry, (*steps, index)) for index, entry in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode) and node.tag == _TAG + "map":
            return {name: self._read(entry, (*steps, name)) for name, entry in self._members(node, steps)}
        if isinstance(node, yaml.ScalarNode) and node.tag in _SCALARS:
            return self._scalar(node, steps)
        kind = (
            f"is of the YAML type {node.tag.removeprefix(_TAG)}" if node.tag.startswith(_TAG) else "has a tag"
        )
        raise self.refusal(steps, f"{kind[:80]}; write it in quotes, without a tag")

    def _members(self, node: yaml.MappingNode, steps: tuple[str | int, ...]) -> list[tuple[str, yaml.Node]]:
        lines: dict[str, int] = {}
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise FileNotUsable(f"{self._name}:{line}", f"{place_of(steps)} has a name that is not text")
            name = self._scalar(key, steps) if key.tag == _TAG + "str" else None
            if not isinstance(name, str):
                problem = f"has the name {shown(key.value)}, which is not text; write it in quotes"
                raise FileNotUsable(f"{self._name}:{line}", f"{place_of(steps)} {problem}")
            if name in lines:
                where = f"{self._name}:{lines[name]}"
                raise FileNotUsable(
                    where, f"{place_of((*steps, name))} is given here and again in line {line}"
                )
            lines[name] = line
        return [(key.value, entry) for key, entry in node.value]

    def _scalar(self, node: yaml.ScalarNode, steps: tuple[str | int, ...]) -> Any:
        """A value that JSON also has: not NaN, not half of a surrogate pair, not a number longer than Python converts."""
        try:
            value = self._loader.construct_object(node)
            json.dumps(value, allow_nan=False, ensure_ascii=False).encode("utf-8")
        except (ValueError, KeyError):  # KeyError: PyYAML on `!!bool x`
            said = "" if any(is_secret(str(step)) for step in steps) else f", but is {shown(node.value)}"
            raise self.refusal(steps, f"must be {_SCALARS[node.tag]} that JSON can hold{said}") from None
        return value


class _NotPlain(yaml.MarkedYAMLError):
    """Valid YAML that JSON cannot express."""


class _Loader(yaml.SafeLoader):
    """Refuses such YAML while composing it, because a few aliases can expand to millions of values."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._level = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise self._refusal("has an alias; write out the value that it stands for")
        if self._level == MOST_LEVELS:
            raise self._refusal(f"is nested deeper than {MOST_LEVELS} levels")
        self._level += 1
        node = super().compose_node(parent, index)
        self._level -= 1
        return node

    def _refusal(self, problem: str) -> _NotPlain:
        return _NotPlain(problem=problem, problem_mark=self.peek_event().start_mark)  # type: ignore[no-untyped-call]  # types-PyYAML lacks it
