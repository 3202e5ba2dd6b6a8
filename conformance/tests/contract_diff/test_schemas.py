"""A change of a schema breaks the side that sends if it is narrower, and the side that reads if it is wider."""

from __future__ import annotations

from typing import Any

import pytest

from callproof import limits
from callproof.contract_diff import NotComparable
from conformance.tests.contract_diff.small import changes, told, with_answer, with_body

POST = "POST /me/calls/{id}"
N, W, U, D = "narrower", "wider", "undecided", "documents"

STRING = {"type": "string"}
OBJECT = {"type": "object", "properties": {"a": STRING}}


def obj(**members: Any) -> dict[str, Any]:
    return {**OBJECT, **members}


def string(**more: Any) -> dict[str, Any]:
    return {"type": "string", **more}


def integer(**more: Any) -> dict[str, Any]:
    return {"type": "integer", **more}


def number(**more: Any) -> dict[str, Any]:
    return {"type": "number", **more}


def array(**more: Any) -> dict[str, Any]:
    return {"type": "array", **more}


def needs(name: str, **members: Any) -> dict[str, Any]:
    """An object that needs a member."""
    return {"type": "object", "required": [name], "properties": {name: {}, **members}}


def tagged(*names: str, keyword: str = "oneOf") -> dict[str, Any]:
    """A union of objects that the member `kind` tells apart."""
    branches = [
        {"type": "object", "required": ["kind"], "properties": {"kind": string(enum=[n])}} for n in names
    ]
    return {keyword: branches, "discriminator": {"propertyName": "kind"}}


#: Old schema, new schema, and each difference: its kind, where, what, and the values that are lost or gained.
TABLE: list[tuple[Any, Any, list[tuple[str, str, str, str]]]] = [
    # types
    (STRING, integer(), [
        (N, "", "type string -> integer", "a value of type string"),
        (W, "", "type string -> integer", "a value of type integer")]),
    (number(), integer(), [(N, "", "type number -> integer", "a value of type number")]),
    (integer(), number(), [(W, "", "type integer -> number", "a value of type number")]),
    (STRING, string(nullable=True), [(W, "", "type string -> null or string", "a value of type null")]),
    ({"type": ["string", "null"]}, STRING, [(N, "", "type null or string -> string", "a value of type null")]),
    (string(nullable=True), {"type": ["string", "null"]}, []),
    # values
    (string(enum=["On", "Off"]), string(enum=["Off", "On", "Auto"]), [(W, "", "Auto added", "Auto")]),
    (string(enum=["On", "Off"]), string(enum=["On"]), [(N, "", "Off removed", "Off")]),
    (STRING, string(enum=["On"]), [(N, "", "only On", "another value")]),
    (string(enum=["On"]), STRING, [(W, "", "no longer only On", "another value")]),
    (string(enum=["On"]), {"const": "On"}, []),
    (string(enum=["On"]), {"enum": ["On", 1]}, [(W, "", "1 added", "1")]),
    # bounds
    (string(minLength=1), string(minLength=3), [(N, "", "minLength 1 -> 3", "a string of fewer than 3 characters")]),
    (string(minLength=3), string(minLength=1), [(W, "", "minLength 3 -> 1", "a string of fewer than 3 characters")]),
    (STRING, string(minLength=0), []),
    (STRING, string(maxLength=8), [(N, "", "maxLength 8 added", "a string of more than 8 characters")]),
    (string(maxLength=8), STRING, [(W, "", "maxLength 8 removed", "a string of more than 8 characters")]),
    (integer(minimum=0), integer(minimum=1), [(N, "", "minimum 0 -> 1", "a number below 1")]),
    (integer(maximum=9), integer(maximum=20), [(W, "", "maximum 9 -> 20", "a number above 9")]),
    (integer(minimum=1), integer(minimum=1, exclusiveMinimum=True), [
        (N, "", "minimum 1 -> 1 (excluded)", "a number below 1, or 1 itself")]),
    (integer(maximum=5, exclusiveMaximum=True), integer(exclusiveMaximum=5), []),
    (array(items={}), array(items={}, minItems=1), [(N, "", "minItems 1 added", "an empty array")]),
    (array(maxItems=3), array(maxItems=4), [(W, "", "maxItems 3 -> 4", "an array of more than 3 items")]),
    ({"type": "object", "minProperties": 1}, {"type": "object"}, [(W, "", "minProperties 1 removed", "an empty object")]),
    ({"type": "object"}, {"type": "object", "maxProperties": 2}, [(N, "", "maxProperties 2 added", "an object of more than 2 members")]),
    (integer(multipleOf=2), integer(multipleOf=4), [(N, "", "multipleOf 2 -> 4", "a number that is not a multiple of 4")]),
    (integer(multipleOf=4), integer(multipleOf=2), [(W, "", "multipleOf 4 -> 2", "a number that is not a multiple of 4")]),
    (integer(multipleOf=4), integer(multipleOf=6), [(U, "", "multipleOf 4 -> 6", "")]),
    (string(minItems=1), STRING, []),  # a bound of another type bounds nothing
    (array(uniqueItems=True), array(), [(W, "", "uniqueItems removed", "an array with equal items")]),
    # what cannot be decided
    (string(pattern="^[0-9]+$"), string(pattern="^[0-9+]+$"), [(U, "", "pattern ^[0-9]+$ -> ^[0-9+]+$", "")]),
    (STRING, string(pattern="^a"), [(N, "", "pattern ^a added", "a string that does not match it")]),
    (string(pattern="^a"), STRING, [(W, "", "pattern ^a removed", "a string that does not match it")]),
    (string(format="uri"), string(format="uuid"), [(U, "", "format uri -> uuid", "")]),
    (STRING, string(format="uri"), [(N, "", "format uri added", "a value that is not in that format")]),
    (integer(default=1), integer(default=2), [(U, "", "default 1 -> 2", "")]),
    ({"type": "object", "propertyNames": {"pattern": "^a"}}, {"type": "object"}, [(U, "", "propertyNames changed", "")]),
    # members
    (OBJECT, obj(required=["a"]), [(N, "", "a is now required", "an object without a")]),
    (obj(required=["a"]), OBJECT, [(W, "", "a is no longer required", "an object without a")]),
    (OBJECT, obj(required=["b"], properties={"a": STRING, "b": STRING}), [(N, "", "b added, and required", "an object without b")]),
    (obj(required=["a"]), {"type": "object"}, [(W, "", "a removed, which was required", "an object without a")]),
    (OBJECT, obj(properties={"a": STRING, "b": STRING}), [("new", "b", "optional member added", "")]),
    (obj(properties={"a": STRING, "b": STRING}), OBJECT, [("lost", "b", "optional member removed", "")]),
    (obj(additionalProperties=False), obj(additionalProperties=False, properties={"a": STRING, "b": STRING}), [
        (W, "b", "added, where other members are forbidden", "an object with b")]),
    (obj(additionalProperties=False, properties={"a": STRING, "b": STRING}), obj(additionalProperties=False), [
        (N, "b", "removed, where other members are forbidden", "an object with b")]),
    (OBJECT, obj(additionalProperties=False), [(N, "", "other members are now forbidden", "other members")]),
    (obj(additionalProperties=False), OBJECT, [(W, "", "other members are no longer forbidden", "other members")]),
    (obj(additionalProperties=STRING), obj(additionalProperties=string(maxLength=4)), [
        (N, "(any other member)", "maxLength 4 added", "a string of more than 4 characters")]),
    (obj(additionalProperties=STRING), obj(additionalProperties=STRING, properties={"a": STRING, "b": string(maxLength=4)}), [
        (N, "b", "maxLength 4 added", "a string of more than 4 characters")]),
    (obj(properties={"a": array(items=OBJECT)}), obj(properties={"a": {"type": "array", "items": obj(required=["a"])}}), [
        (N, "a[]", "a is now required", "an object without a")]),
    # combinations
    ({"allOf": [STRING, {"minLength": 1}]}, string(minLength=1), []),
    (string(minLength=2), {"allOf": [STRING, {"minLength": 2}, {"minLength": 4}]}, [
        (N, "", "minLength 2 -> 4", "a string of fewer than 4 characters")]),
    ({"allOf": [OBJECT, {"required": ["a"]}]}, {"allOf": [OBJECT, {"description": "as before"}]}, [
        (W, "", "a is no longer required", "an object without a"), (D, "", "description changed", "")]),
    (tagged("Hold", "Dial"), tagged("Dial", "Hold"), []),
    (tagged("Hold"), tagged("Hold", "Dial"), [(W, "", "Dial added", "Dial")]),
    (tagged("Hold", "Dial"), tagged("Hold"), [(N, "", "Dial removed", "Dial")]),
    (tagged("Hold", keyword="anyOf"), tagged("Hold", keyword="oneOf"), []),
    ({"anyOf": [STRING]}, {"anyOf": [STRING, string(minLength=3)]}, []),  # the second allows nothing more
    ({"oneOf": [STRING]}, {"oneOf": [STRING, string(minLength=3)]}, [
        (U, "", "alternative 2 added, which may overlap with another alternative", "")]),
    ({"anyOf": [STRING, integer()]}, {"anyOf": [STRING, integer(minimum=1)]}, [
        (N, "alternative 2", "minimum 1 added", "a number below 1")]),
    (STRING, {"oneOf": [STRING, integer()]}, [(W, "", "a value of type integer added", "a value of type integer")]),
    ({"oneOf": [STRING, integer()]}, STRING, [(N, "", "a value of type integer removed", "a value of type integer")]),
    ({"type": "object", **tagged("Hold")}, tagged("Hold"), []),  # the alternatives are objects anyway
    # unions of objects without names, as `required` alone tells them apart
    ({"anyOf": [needs("a"), needs("b")]}, {"anyOf": [needs("b"), needs("a", b=string(maxLength=4))]}, [
        ("new", "alternative 2, b", "optional member added", "")]),
    ({"anyOf": [needs("a", a=STRING), needs("b")]}, {"anyOf": [needs("a", a=string(maxLength=4)), needs("b")]}, [
        (N, "alternative 1, a", "maxLength 4 added", "a string of more than 4 characters")]),
    (OBJECT, obj(anyOf=[needs("a"), needs("b")]), [(N, "", "anyOf added", "what fits none of its 2 alternatives")]),
    (obj(anyOf=[needs("a"), needs("b")]), obj(allOf=[{"anyOf": [needs("b"), needs("c")]}], anyOf=[needs("a"), needs("b")]), [
        (N, "", "anyOf added", "what fits none of its 2 alternatives")]),
    (obj(anyOf=[needs("a"), needs("b")]), {"type": "object", "properties": {"a": integer()}}, [
        (U, "", "anyOf removed, with other changes", "")]),
    ({"not": {"enum": [7]}}, {"not": {"enum": [7, 8]}}, [(N, "", "not: 8 added", "8")]),
    ({"not": {"enum": [7]}}, {}, [(W, "", "not removed", "what it refused")]),
    # words
    (STRING, string(description="A name."), [(D, "", "description changed", "")]),
    ({"type": "string", "x-open-enum": ["A"]}, {"type": "string", "x-open-enum": ["A", "B"]}, [
        (D, "", "now also lists B among its open values", "")]),
]  # fmt: skip

#: Direction and kind of a difference -> whom it breaks, and the sentence about it.
REQUEST = {
    N: ("breaks clients", "a client that sends {} is now refused"),
    W: ("breaks servers", "a server must now accept {}"),
    U: ("may break clients and servers", "no tool can tell who breaks: read both"),
    "new": ("widens", "a client may send it; a server that does not know it ignores it"),
    "lost": ("may break clients", "a server may now ignore what a client sends there"),
    D: ("documents only", ""),
}
ANSWER = {
    N: ("breaks servers", "a server may no longer send {}"),
    W: ("breaks clients", "a client may now receive {}"),
    U: REQUEST[U],
    "new": ("widens", "a server may send it; a client that does not know it ignores it"),
    "lost": ("may break clients", "a client that reads it may no longer find it"),
    D: REQUEST[D],
}


def expected(
    differences: list[tuple[str, str, str, str]], words: dict[str, tuple[str, str]], place: str
) -> list[tuple[str, str, str]]:
    found = []
    for kind, at, what, values in differences:
        effect, sentence = words[kind]
        sentence = ": ".join(filter(None, (what, sentence.format(values))))
        found.append((effect, f"{place}, {at}" if at else place, sentence))
    return found


@pytest.mark.parametrize(("old", "new", "differences"), TABLE)
def test_a_change_of_a_request_and_of_an_answer_break_opposite_sides(
    old: Any, new: Any, differences: list[tuple[str, str, str, str]]
) -> None:
    assert told("openapi", with_body(old), with_body(new)) == expected(differences, REQUEST, POST)
    in_answer = told("openapi", with_answer(old), with_answer(new))
    assert in_answer == expected(differences, ANSWER, f"{POST}, answer 200")


@pytest.mark.parametrize("schema", [row[0] for row in TABLE])
def test_a_schema_does_not_differ_from_itself(schema: Any) -> None:
    assert told("openapi", with_body(schema), with_body(schema)) == []


@pytest.mark.parametrize(("old", "new", "differences"), TABLE)
def test_what_narrows_one_way_widens_the_other_way(
    old: Any, new: Any, differences: list[tuple[str, str, str, str]]
) -> None:
    """The table read backwards has the opposite kinds, so no rule sees a change in one direction alone."""
    back = {N: W, W: N, U: U, D: D, "new": "lost", "lost": "new"}
    kinds = sorted(REQUEST[back[kind]][0] for kind, *_ in differences)
    found = sorted(effect for effect, _, _ in told("openapi", with_body(new), with_body(old)))
    assert found == kinds


def test_a_schema_is_compared_where_it_is_referred_to_whatever_its_name_is() -> None:
    old = with_body({"$ref": "#/components/schemas/Number"}, Number={"type": "string", "minLength": 1})
    renamed = with_body({"$ref": "#/components/schemas/Digits"}, Digits={"type": "string", "minLength": 1})
    assert told("openapi", old, renamed) == []
    stricter = with_body({"$ref": "#/components/schemas/Number"}, Number={"type": "string", "minLength": 3})
    (change,) = changes("openapi", old, stricter)
    assert (change.subject, change.inside, change.what) == ("Number", "", "minLength 1 -> 3")


def test_the_place_is_told_in_words_with_the_operation_before_the_member() -> None:
    def half(shortest: int) -> dict[str, Any]:
        number = {"type": "string", "minLength": shortest}
        destination = {
            "type": "object",
            "properties": {"phoneNumber": {"$ref": "#/components/schemas/Number"}},
        }
        dial = {
            "type": "object",
            "required": ["operationName"],
            "properties": {"operationName": {"type": "string", "enum": ["Dial"]}, "destination": destination},
        }
        union = {
            "oneOf": [{"$ref": "#/components/schemas/Dial"}],
            "discriminator": {"propertyName": "operationName"},
        }
        return with_body(union, Number=number, Dial=dial)

    assert told("openapi", half(1), half(3)) == [
        (
            "breaks clients",
            "POST /me/calls/{id}, Dial, destination.phoneNumber",
            "minLength 1 -> 3: a client that sends a string of fewer than 3 characters is now refused",
        )
    ]


def tree(**leaf: Any) -> dict[str, Any]:
    node = {"$ref": "#/components/schemas/Node"}
    return {"type": "object", "properties": {"children": {"type": "array", "items": node}, "leaf": leaf}}


def test_a_recursive_schema_is_compared_once() -> None:
    node = {"$ref": "#/components/schemas/Node"}
    same = with_body(node, Node=tree(type="string"))
    assert told("openapi", same, with_body(node, Node=tree(type="string"))) == []
    other = told("openapi", same, with_body(node, Node=tree(type="integer")))
    assert [(effect, where) for effect, where, _ in other] == [
        ("breaks clients", f"{POST}, leaf"),
        ("breaks servers", f"{POST}, leaf"),
    ]


def test_recursion_through_alternatives_without_names_ends() -> None:
    def half(longest: int) -> dict[str, Any]:
        node = {"$ref": "#/components/schemas/Node"}
        branches = [
            {"type": "object", "properties": {"next": node}},
            {"type": "array", "items": node},
            {"type": "string", "maxLength": longest},
        ]
        return with_body(node, Node={"anyOf": branches})

    assert told("openapi", half(4), half(4)) == []
    assert {effect for effect, _, _ in told("openapi", half(4), half(3))} == {"breaks clients"}


@pytest.mark.parametrize(
    ("schemas", "problem"),
    [
        (
            {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}},
            "refers to itself",
        ),
        ({"A": {"allOf": [{"$ref": "#/components/schemas/A"}]}}, "refers to itself"),
        ({"A": {"$ref": "#/components/schemas/Gone"}}, "#/components/schemas/Gone points to nothing"),
        ({"A": {"$ref": "https://example.test/a.json"}}, "https://example.test/a.json points to nothing"),
        ({"A": {"$ref": "#/components/schemas/B"}, "B": 3}, "points to no schema"),
    ],
)
def test_a_reference_that_leads_nowhere_is_not_comparable(schemas: dict[str, Any], problem: str) -> None:
    half = with_body({"$ref": "#/components/schemas/A"}, **schemas)
    with pytest.raises(NotComparable, match=problem):
        changes("openapi", half, half)


def nested(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(levels):
        schema = {"type": "array", "items": schema}
    return schema


def test_schemas_that_are_nested_too_deeply_are_not_comparable() -> None:
    deepest = limits.DIFF_DEEPEST.default
    half = with_body(nested(deepest))
    assert told("openapi", half, half) == []
    for levels in (deepest + 1, 700):
        half = with_body(nested(levels))
        with pytest.raises(NotComparable, match="nested"):
            changes("openapi", half, half)


def test_more_comparisons_than_the_bound_are_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits.DIFF_SCHEMAS, "default", 3)
    half = with_body(nested(4))
    with pytest.raises(NotComparable, match="more than 3 comparisons"):
        changes("openapi", half, half)


def test_a_fan_of_references_costs_no_more_than_its_schemas() -> None:
    """Thirty schemas, each with two references to the next, have a thousand million paths and thirty pairs."""
    schemas: dict[str, Any] = {
        f"S{n}": {
            "type": "object",
            "properties": {m: {"$ref": f"#/components/schemas/S{n + 1}"} for m in "ab"},
        }
        for n in range(30)
    }
    half = with_body({"$ref": "#/components/schemas/S0"}, **schemas, S30={"type": "string"})
    assert told("openapi", half, half) == []
