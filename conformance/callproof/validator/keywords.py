"""Judges a value by a schema of the contract and says in plain words what is wrong with it. Pure.

The contract's schemas keep to a small set of keywords that mean the same in OpenAPI 3.0 and in JSON Schema; a lint holds that line, so
one table is the whole judge. A general engine gives the verdict alone: it cannot say "a leg that is Released offers no operation",
suggest a word from an open list, or see that a required member is there under a misspelled name. That both always agree on valid and
invalid is tested, with jsonschema-rs as the other.
"""

from __future__ import annotations

import re
from json import dumps

from callproof.json_values import as_list, as_object
from callproof.validator.problem import WARNING, Problem, closest, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeAlias

    from callproof.json_values import Json, JsonObject
    from callproof.validator.problem import Path
    from callproof.validator.schemas import Schemas

    # (argument of the keyword, value) -> what is wrong and what was expected, or None
    Breach: TypeAlias = tuple[str, str] | None

_ARTICLES = {
    "string": "a string",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "an array",
    "object": "an object",
}
_CHOOSING = frozenset({"allOf", "anyOf", "oneOf", "not"})
_ALIKE = 0.85  # how near an unknown name must be to a known one to be taken for a slip
_SELECTORS = ("enum", "not", "type")  # a branch that fails by one of these was hardly the one that was meant


class Place:
    """Where in the payload and in the contract the judge stands."""

    __slots__ = ("path", "schema", "unknown")

    def __init__(self, path: Path, schema: str, unknown: list[str] | None = None) -> None:
        self.path = path
        self.schema = schema
        #: Members of this object that no branch of its schema knows; None: not looked at yet.
        self.unknown = unknown

    def member(self, step: str | int) -> Place:
        return Place((*self.path, step), self.schema)


def problems_of(
    value: Json, schema: JsonObject, schemas: Schemas, path: Path = (), name: str = ""
) -> list[Problem]:
    """Everything that is wrong with the value, each thing once.

    A rule that hinges on a member which is wrong itself is not complained of: nobody knows whether it applies.
    """
    found = list(dict.fromkeys(_judged(value, schema, schemas, Place(path, name))))
    wrong = {problem.about for problem in _errors(found) if not problem.hinges}
    slips = {problem.path for problem in found if problem.rule == "required"}
    return [
        problem
        for problem in found
        if wrong.isdisjoint(problem.hinges)
        and not (problem.rule == "unknown-member" and problem.path in slips)
    ]


def _judged(value: Json, schema: JsonObject, schemas: Schemas, place: Place) -> Iterator[Problem]:
    name, schema = schemas.resolved(schema)
    place = Place(place.path, name or place.schema, place.unknown)
    kind = schema.get("type")
    if isinstance(kind, str) and not _is(value, kind):
        yield Problem(place.path, "type", _is_what(value), _form(kind, name, schema), schema=place.schema)
        return
    for keyword in _applying(schema, value):
        if (found := _BREACHES[keyword](schema[keyword], value)) is not None:
            yield _breach(keyword, found, value, name, schema, place)
    if "x-open-enum" in schema:
        yield from _open_word(value, schema["x-open-enum"], place)
    if isinstance(value, dict):
        yield from _members(value, schema, schemas, place)
    elif isinstance(value, list) and "items" in schema:
        items = as_object(schema["items"])
        for number, item in enumerate(value):
            yield from _judged(item, items, schemas, place.member(number))
    if not _CHOOSING.isdisjoint(schema):
        yield from _branches(value, schema, schemas, place)


# Keywords that look at one value ----------------------------------------------------------------------------------------


def _enum(allowed: Json, value: Json) -> Breach:
    words = as_list(allowed)
    if any(_same(value, word) for word in words):
        return None
    expected = " or ".join(map(shown, words)) if len(words) < 3 else f"one of {', '.join(map(shown, words))}"
    return f"is {shown(value)}", expected


def _pattern(pattern: Json, value: Json) -> Breach:
    if not isinstance(value, str) or re.search(_ended(str(pattern)), value):
        return None
    return f"is {shown(value)}", f"a string that matches {pattern}"


def _characters(value: Json) -> int | None:
    return len(value) if isinstance(value, str) else None


def _items(value: Json) -> int | None:
    return len(value) if isinstance(value, list) else None


def _member_count(value: Json) -> int | None:
    return len(value) if isinstance(value, dict) else None


def _size(value: Json) -> int | float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _bound(
    measure: Callable[[Json], int | float | None], least: bool, noun: str
) -> Callable[[Json, Json], Breach]:
    """A keyword that holds a measure of the value to a least or a greatest number."""

    def breach(limit: Json, value: Json) -> Breach:
        size = measure(value)
        if size is None or not isinstance(limit, int | float) or (size >= limit if least else size <= limit):
            return None
        plural = noun + "s" if noun and limit != 1 else noun
        expected = f"{'at least' if least else 'at most'} {limit} {plural}".rstrip()
        if not noun:
            return f"is {size}", expected
        what = f"has {size} {noun if size == 1 else noun + 's'}"
        return what, f"no {noun}" if limit == 0 and not least else expected

    return breach


def _unique(wanted: Json, value: Json) -> Breach:
    if wanted is not True or not isinstance(value, list):
        return None
    seen: set[str] = set()
    for item in value:
        key = _key(item)
        if key in seen:
            return f"has {shown(item)} twice", "each item once"
        seen.add(key)
    return None


_BREACHES: dict[str, Callable[[Json, Json], Breach]] = {
    "enum": _enum,
    "pattern": _pattern,
    "minLength": _bound(_characters, True, "character"),
    "maxLength": _bound(_characters, False, "character"),
    "minimum": _bound(_size, True, ""),
    "maximum": _bound(_size, False, ""),
    "minItems": _bound(_items, True, "item"),
    "maxItems": _bound(_items, False, "item"),
    "minProperties": _bound(_member_count, True, "member"),
    "maxProperties": _bound(_member_count, False, "member"),
    "uniqueItems": _unique,
}


def _applying(schema: JsonObject, value: Json) -> Iterator[str]:
    """The keywords of the table that the schema has. A string that is too long is not searched as well: patterns take time."""
    too_long = "maxLength" in schema and _BREACHES["maxLength"](schema["maxLength"], value) is not None
    return (keyword for keyword in schema if keyword in _BREACHES and not (too_long and keyword == "pattern"))


def _breach(
    keyword: str, found: tuple[str, str], value: Json, name: str, schema: JsonObject, place: Place
) -> Problem:
    what, expected = found
    suggestion = ""
    if keyword == "enum" and isinstance(value, str):
        suggestion = closest(value, (word for word in as_list(schema["enum"]) if isinstance(word, str)))
    if keyword == "pattern":
        expected = _form("string", name, schema)
    return Problem(place.path, keyword, what, expected, suggestion=suggestion, schema=place.schema)


def _open_word(value: Json, words: Json, place: Place) -> Iterator[Problem]:
    """A list of documented words is no closed list: another word is legal, and may be a slip all the same."""
    if isinstance(words, list) and isinstance(value, str) and value not in words:
        suggestion = closest(value, map(str, words))
        what = f"is {shown(value)}, which is none of the documented words"
        yield Problem(
            place.path, "x-open-enum", what, suggestion=suggestion, schema=place.schema, severity=WARNING
        )


# Keywords that look at members -----------------------------------------------------------------------------------------


def _members(value: JsonObject, schema: JsonObject, schemas: Schemas, place: Place) -> Iterator[Problem]:
    known: dict[str, JsonObject] = {}
    outermost = place.unknown is None
    if place.unknown is None:
        known = schemas.members(schema)
        place.unknown = [name for name in value if name not in known] if known else []
    taken: set[str] = set()
    for required in as_list(schema.get("required")):
        if isinstance(required, str) and required not in value:
            slip = closest(required, place.unknown)
            taken.add(slip)
            yield _missing(required, slip, place)
    properties = as_object(schema.get("properties"))
    for name, member in value.items():
        if name in properties:
            yield from _judged(member, as_object(properties[name]), schemas, place.member(name))
        elif "additionalProperties" in schema:
            yield from _additional(name, member, schema, schemas, place)
    if outermost and known:
        absent = [name for name in known if name not in value]
        yield from _slips((name for name in place.unknown if name not in taken), absent, place)


def _missing(required: str, slip: str, place: Place) -> Problem:
    if slip:
        what = f"is an unknown member where {shown(required)} is missing"
        path = (*place.path, slip)
        return Problem(
            path,
            "required",
            what,
            suggestion=required,
            schema=place.schema,
            at_name=True,
            about=(*place.path, required),
        )
    what = f"lacks the member {shown(required)}"
    return Problem(place.path, "required", what, schema=place.schema, about=(*place.path, required))


def _slips(unknown: Iterable[str], absent: list[str], place: Place) -> Iterator[Problem]:
    """Unknown members are legal; one that is nearly a known and absent name is hardly meant."""
    for name in unknown if absent else ():
        meant = closest(name, absent, _ALIKE)
        if meant:
            what = "is a member that the contract does not know"
            path = (*place.path, name)
            yield Problem(
                path,
                "unknown-member",
                what,
                suggestion=meant,
                schema=place.schema,
                severity=WARNING,
                at_name=True,
            )


def _additional(
    name: str, member: Json, schema: JsonObject, schemas: Schemas, place: Place
) -> Iterator[Problem]:
    rule = schema["additionalProperties"]
    if rule is False:
        known = as_object(schema.get("properties"))
        what = "is a member that is not allowed here"
        path = (*place.path, name)
        yield Problem(
            path,
            "additionalProperties",
            what,
            suggestion=closest(name, known),
            schema=place.schema,
            at_name=True,
        )
    elif isinstance(rule, dict):
        yield from _judged(member, rule, schemas, place.member(name))


# Keywords that choose between schemas ---------------------------------------------------------------------------------


def _branches(value: Json, schema: JsonObject, schemas: Schemas, place: Place) -> Iterator[Problem]:
    for branch in as_list(schema.get("allOf")):
        yield from _judged(value, as_object(branch), schemas, place)
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            yield from _choice(keyword, value, schema, schemas, place)
    if "not" in schema:
        denied = as_object(schema["not"])
        if not _errors(_judged(value, denied, schemas, place)):
            yield _denied(value, denied, place)


def _choice(
    keyword: str, value: Json, schema: JsonObject, schemas: Schemas, place: Place
) -> Iterator[Problem]:
    outcomes = [
        list(_judged(value, as_object(branch), schemas, place)) for branch in as_list(schema[keyword])
    ]
    taken = [outcome for outcome in outcomes if not _errors(outcome)]
    if keyword == "oneOf" and len(taken) > 1:
        yield Problem(
            place.path, "oneOf", f"fits {len(taken)} of the forms", "exactly one", schema=place.schema
        )
    elif taken:
        yield from min(taken, key=len)
    else:
        yield from _no_branch(keyword, outcomes, schema, place)


def _no_branch(
    keyword: str, outcomes: list[list[Problem]], schema: JsonObject, place: Place
) -> Iterator[Problem]:
    """Tells of the branch that was meant: the one against which least speaks beside its own demands."""
    failures = [_errors(outcome) for outcome in outcomes]
    if all(any(error.rule == "type" and error.path == place.path for error in errors) for errors in failures):
        forms = " or ".join(
            dict.fromkeys(error.expected for errors in failures for error in errors if error.rule == "type")
        )
        yield Problem(place.path, "type", failures[0][0].what, forms, schema=place.schema)
        return
    meant = min(
        range(len(failures)),
        key=lambda number: (_strangeness(failures[number], place.path), len(failures[number])),
    )
    branch = as_object(as_list(schema[keyword])[meant])
    is_rule = not any(word in part for word in ("type", "$ref") for part in (schema, branch))
    sentence = _sentence(schema) if is_rule else ""
    hinges = tuple(
        error.about for errors in failures for error in errors if _strangeness([error], place.path)
    )
    for error in failures[meant]:
        yield _by_rule(error, sentence, place.schema, (*hinges, error.about)) if sentence else error


def _strangeness(errors: list[Problem], path: Path) -> int:
    """How little a branch with these errors can be the one that was meant: 2 when the value itself is of another kind."""
    degrees = [
        2 if error.path == path else 1
        for error in errors
        if error.rule in _SELECTORS and len(error.path) <= len(path) + 1
    ]
    return max(degrees, default=0)


def _by_rule(error: Problem, sentence: str, rule: str, hinges: tuple[Path, ...]) -> Problem:
    """The fault under the name of the rule that it breaks, with the rule's own sentence in place of an expectation."""
    what = f"{error.what}; {sentence}"
    name = rule or error.rule
    return Problem(
        error.path,
        name,
        what,
        suggestion=error.suggestion,
        schema=rule,
        at_name=error.at_name,
        about=error.about,
        hinges=hinges,
    )


def _denied(value: Json, denied: JsonObject, place: Place) -> Problem:
    if not denied:
        return Problem(place.path, "not", "must not be there", schema=place.schema, at_name=True)
    words = denied.get("enum")
    if isinstance(words, list):
        return Problem(place.path, "not", f"is {shown(value)}", "another value", schema=place.schema)
    return Problem(place.path, "not", "has a form that is ruled out here", schema=place.schema)


def _errors(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity != WARNING]


# Values and words ------------------------------------------------------------------------------------------------------


def _is(value: Json, kind: str) -> bool:
    """As JSON Schema has it: true is no number, and 2.0 is a whole one."""
    match kind:
        case "integer":
            return not isinstance(value, bool) and (
                isinstance(value, int) or (isinstance(value, float) and value.is_integer())
            )
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "array":
            return isinstance(value, list)
        case "object":
            return isinstance(value, dict)
    return False


def _is_what(value: Json) -> str:
    if isinstance(value, str):
        return f"is the string {shown(value)}"
    return f"is the number {shown(value)}" if _is(value, "number") else f"is {shown(value)}"


def _same(one: Json, other: Json) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _key(value: Json) -> str:
    """Equal for values that JSON Schema takes for equal, whatever the order of their members."""
    return dumps(_whole_numbers(value), sort_keys=True)


def _whole_numbers(value: Json) -> Json:
    if isinstance(value, list):
        return [_whole_numbers(item) for item in value]
    if isinstance(value, dict):
        return {name: _whole_numbers(member) for name, member in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _ended(pattern: str) -> str:
    """JSON Schema's $ is the very end of the string; Python's also stands before a last line feed."""
    return pattern[:-1] + r"\Z" if pattern.endswith("$") and not pattern.endswith(r"\$") else pattern


def _form(kind: str, name: str, schema: JsonObject) -> str:
    """What a value of the schema looks like, in the words of the contract: "a string (Seconds: whole seconds, ...)"."""
    article = _ARTICLES.get(kind, kind)
    pattern = schema.get("pattern")
    if name and "description" in schema:
        return f"{article} ({name}: {_sentence(schema)})"
    return f"{article} that matches {pattern}" if isinstance(pattern, str) else article


def _sentence(schema: JsonObject) -> str:
    """The first sentence of the description, as it stands inside a line."""
    first = str(schema.get("description", "")).partition(". ")[0].strip().rstrip(".")
    return first[:1].lower() + first[1:] if first[1:2].islower() or first[1:2] == " " else first
