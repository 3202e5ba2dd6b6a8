"""Members of JSON values, reached by a path such as `data.call.participants.0.phoneNumber`: read, tested, edited. Pure.

A part of a path is the name of a member, the index of an element, or `*` for every element; `$` alone is the whole value.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from callproof.json_values import Json, as_object


@dataclass(frozen=True)
class Test:
    """What a member must be for a rule to apply to the message: `kind` is one of TESTS, `value` its argument."""

    path: str
    kind: str
    value: Json

    __test__ = False  # pytest collects classes by this name


@dataclass(frozen=True)
class Edit:
    """A change to a JSON value, applied in this order: set, append, convert, rename, remove.

    In a value to set or append, `{"from": PATH}` stands for the value at that path before the edit.
    """

    set: Mapping[str, Json] = field(default_factory=dict)
    append: Mapping[str, Json] = field(default_factory=dict)
    convert: Mapping[str, str] = field(default_factory=dict)
    rename: Mapping[str, str] = field(default_factory=dict)
    remove: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        return not (self.set or self.append or self.convert or self.rename or self.remove)


NO_EDIT = Edit()


def read(value: Json, path: str) -> list[Json]:
    """Return all values at the path: none when nothing is there, several with a `*`."""
    found = [value]
    for part in path.split(".") if path != "$" else ():
        found = [child for parent in found for child in _children(parent, part)]
    return found


def first(value: Json, path: str) -> Json:
    """Return what is at the path, or None."""
    found = read(value, path)
    return found[0] if found else None


def holds(test: Test, value: Json) -> bool:
    """Whether the member passes the test."""
    return TESTS[test.kind](read(value, test.path), test.value)


def edited(value: Json, edit: Edit) -> Json:
    """Return an edited copy; a path to nothing changes nothing."""
    if edit.is_nothing:
        return value
    result = copy.deepcopy(value)
    for step in _STEPS:
        step(result, edit, value)
    return result


def _set(result: Json, edit: Edit, value: Json) -> None:
    for path, new in edit.set.items():
        for parent, name in _places(result, path):
            _put(parent, name, resolved(new, value))


def _append(result: Json, edit: Edit, value: Json) -> None:
    for path, new in edit.append.items():
        for array in read(result, path):
            if isinstance(array, list):
                array.append(resolved(new, value))


def _convert(result: Json, edit: Edit, value: Json) -> None:
    for path, conversion in edit.convert.items():
        for parent, name in _places(result, path):
            for old in _children(parent, name):
                _put(parent, name, CONVERSIONS[conversion](old))


def _rename(result: Json, edit: Edit, value: Json) -> None:
    for path, new_name in edit.rename.items():
        for parent, name in _places(result, path):
            if isinstance(parent, dict) and name in parent:
                parent[new_name] = parent.pop(name)


def _remove(result: Json, edit: Edit, value: Json) -> None:
    for path in edit.remove:
        for parent, name in _places(result, path):
            _take(parent, name)


#: The parts of an edit in the order in which they are applied: to the copy, with the value as it was.
_STEPS: tuple[Callable[[Json, Edit, Json], None], ...] = (_set, _append, _convert, _rename, _remove)


def object_in(value: Json, path: str) -> dict[str, Json]:
    """Return the object at the path, or an empty one."""
    return as_object(first(value, path))


def _children(parent: Json, part: str) -> list[Json]:
    if isinstance(parent, dict):
        return [parent[part]] if part in parent else []
    if isinstance(parent, list):
        if part == "*":
            return list(parent)
        return [parent[int(part)]] if part.isdecimal() and int(part) < len(parent) else []
    return []


def _places(value: Json, path: str) -> Iterator[tuple[Json, str]]:
    """Yield every object or array that holds, or could hold, the last part of the path."""
    way, _, name = path.rpartition(".")
    for parent in read(value, way) if way else [value]:
        if isinstance(parent, list) and name == "*":
            yield from ((parent, str(index)) for index in range(len(parent)))
        elif isinstance(parent, dict | list):
            yield parent, name


def _put(parent: Json, name: str, value: Json) -> None:
    if isinstance(parent, dict):
        parent[name] = value
    elif isinstance(parent, list) and name.isdecimal() and int(name) < len(parent):
        parent[int(name)] = value


def _take(parent: Json, name: str) -> None:
    if isinstance(parent, dict):
        parent.pop(name, None)
    elif isinstance(parent, list) and name.isdecimal() and int(name) < len(parent):
        del parent[int(name)]


def resolved(new: Json, value: Json) -> Json:
    """Return `new` with every `from` in it replaced by the value it points to."""
    if isinstance(new, list):
        return [resolved(item, value) for item in new]
    if isinstance(new, dict):
        if set(new) == {"from"} and isinstance(path := new["from"], str):
            return copy.deepcopy(first(value, path))
        return {name: resolved(member, value) for name, member in new.items()}
    return new


def _type_of(value: Json) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "null" if value is None else "object"


def _equal(one: Json, other: Json) -> bool:
    """Equal, except that 0 is not false."""
    return _type_of(one) == _type_of(other) and one == other


def _as_number(value: Json) -> Json:
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def _reversed_members(value: Json) -> Json:
    """Reverse every array of strings and the members of every object."""
    if isinstance(value, dict):
        return {name: _reversed_members(member) for name, member in reversed(value.items())}
    if isinstance(value, list):
        items = [_reversed_members(item) for item in value]
        return items[::-1] if all(isinstance(item, str) for item in items) else items
    return value


def _on_an_inner_host(value: Json) -> Json:
    """Replace the host of an address, as a server does that builds links from its own name."""
    return re.sub("^https?://[^/]+", "http://node-17.inner:8080", value) if isinstance(value, str) else value


def _as_call_zz(value: Json) -> Json:
    """Point an id, path or address to a call that does not exist."""
    return re.sub("[^/]{3}$", "ZZZ", value) if isinstance(value, str) else value


def _plain_numbers(value: Json) -> Json:
    """Turn participants into the strings of the older form of the API."""
    return [first(item, "phoneNumber") for item in value] if isinstance(value, list) else value


TESTS: Mapping[str, Callable[[list[Json], Json], bool]] = {
    "is": lambda found, value: any(_equal(item, value) for item in found),
    "one of": lambda found, value: (
        isinstance(value, list) and any(_equal(i, v) for i in found for v in value)
    ),
    "matches": lambda found, value: any(
        isinstance(i, str) and re.search(str(value), i) is not None for i in found
    ),
    "type": lambda found, value: any(_type_of(item) == value for item in found),
    "present": lambda found, value: bool(found) is bool(value),
    "at least": lambda found, value: any(
        _type_of(item) == "number" and item >= value  # type: ignore[operator]  # both are numbers: the schema has the second
        for item in found
    ),
    "contains": lambda found, value: any(isinstance(item, list) and value in item for item in found),
}

CONVERSIONS: Mapping[str, Callable[[Json], Json]] = {
    "number": _as_number,
    "text": lambda value: str(value).lower() if isinstance(value, bool) else str(value),
    "boolean": lambda value: value in ("On", "true", True),
    "members reversed": _reversed_members,
    "plain numbers": _plain_numbers,
    "last segment": lambda value: value.rpartition("/")[2] if isinstance(value, str) else value,
    "without first character": lambda value: value[1:] if isinstance(value, str) else value,
    "on an inner host": _on_an_inner_host,
    "as call ZZ": _as_call_zz,
    "as call of nobody": lambda value: "00ff00ff00ff00ff",
    "wrapped": lambda value: [value],
    "as a decimal": lambda value: str(int(value, 16)) if isinstance(value, str) else value,
}
