"""How a schema becomes a type."""

from __future__ import annotations

import pytest

from callproof.stubs.schemas import Json, JsonObject, SchemaReader, UnfitSchema, in_order
from callproof.stubs.shapes import (
    Anything,
    Declaration,
    ListOf,
    MapOf,
    Member,
    Named,
    Nothing,
    OpenWords,
    Record,
    Scalar,
    Shape,
    Union,
    Words,
)

REFERENCE = "#/components/schemas/"
NUMBER: JsonObject = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}


def shape_of(schema: Json, **others: Json) -> Shape:
    reader = SchemaReader({"It": schema, **others})
    reader.declare("It")
    return reader.declarations["It"].shape


@pytest.mark.parametrize(
    ("schema", "shape"),
    [
        ({"type": "string", "pattern": "^a$"}, Scalar("string")),
        ({"type": "number", "minimum": 1}, Scalar("number")),
        ({"type": "string", "enum": ["On", "Off"]}, Words(("On", "Off"))),
        ({"type": "integer", "enum": [0]}, Words((0,))),
        ({"type": "string", "x-open-enum": ["Hold"]}, OpenWords(("Hold",))),
        ({"type": "array", "items": {"type": "string"}}, ListOf(Scalar("string"))),
        ({"type": "object"}, MapOf(Anything())),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, MapOf(Scalar("integer"))),
        ({}, Anything()),
        ({"not": {}}, Nothing()),
        ({"required": ["a"]}, Anything()),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, Union((Scalar("string"), Scalar("integer")))),
        ({"anyOf": [{"type": "string"}, {"required": ["a"]}]}, Scalar("string")),
        ({"allOf": [{"type": "integer"}, {"type": "integer", "enum": [1, 2]}]}, Words((1, 2))),
    ],
)
def test_a_schema_without_members_has_a_shape_of_its_own(schema: Json, shape: Shape) -> None:
    assert shape_of(schema) == shape


def test_members_are_required_or_not_and_keep_their_description() -> None:
    schema: Json = {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "string", "description": "The\n  id."}, "dnis": {"type": "string"}},
    }
    assert shape_of(schema) == Record(
        (Member("id", Scalar("string"), True, "The id."), Member("dnis", Scalar("string"), False))
    )


def test_an_object_inside_an_object_gets_the_name_of_its_place() -> None:
    reader = SchemaReader(
        {"Call": {"type": "object", "properties": {"parties": {"type": "array", "items": NUMBER}}}}
    )
    reader.declare("Call")
    assert reader.declarations["Call"].shape == Record(
        (Member("parties", ListOf(Named("CallPartiesItem")), False),)
    )
    assert reader.declarations["CallPartiesItem"] == Declaration(
        "CallPartiesItem", Record((Member("n", Scalar("integer"), True),)), "", "Call"
    )


def test_branches_of_a_union_are_named_by_the_member_only_they_require() -> None:
    uris: Json = {
        "type": "object",
        "required": ["s", "uris"],
        "properties": {"uris": {"type": "array", "items": {}}},
    }
    calls: Json = {
        "type": "object",
        "required": ["s", "calls"],
        "properties": {"calls": {"type": "array", "items": {}}},
    }
    assert shape_of({"anyOf": [uris, calls]}) == Union((Named("ItUris"), Named("ItCalls")))


def test_all_of_joins_the_members_and_the_narrower_list_of_words_wins() -> None:
    base: Json = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string", "x-open-enum": ["A", "B"]}, "n": {"type": "integer"}},
    }
    narrow: Json = {
        "type": "object",
        "required": ["n"],
        "properties": {"kind": {"type": "string", "enum": ["A"]}},
    }
    assert shape_of({"allOf": [{"$ref": REFERENCE + "Base"}, narrow]}, Base=base) == Record(
        (Member("kind", Words(("A",)), True), Member("n", Scalar("integer"), False))
    )


def test_what_only_narrows_gets_no_declaration() -> None:
    condition: Json = {"anyOf": [{"required": ["n"]}, {"properties": {"n": {"type": "integer"}}}]}
    reader = SchemaReader(
        {"It": {**NUMBER, "allOf": [{"$ref": REFERENCE + "Condition"}]}, "Condition": condition}
    )
    reader.declare("It")
    assert set(reader.declarations) == {"It"}


def test_a_declaration_comes_after_those_it_is_made_of() -> None:
    reader = SchemaReader(
        {
            "A": {"type": "object", "properties": {"z": {"$ref": REFERENCE + "Z"}}},
            "Z": {"type": "object", "properties": {"z": {"$ref": REFERENCE + "Z"}, "s": {"type": "string"}}},
        }
    )
    reader.declare("A")
    assert [declaration.name for declaration in in_order(reader.declarations)] == ["Z", "A"]


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ({"$ref": REFERENCE + "Nowhere"}, "the bundle does not have it"),
        ({"type": "array", "items": 1}, "is not an object"),
        ({"allOf": [NUMBER, {"type": "string"}]}, "joins an object with something else"),
    ],
)
def test_a_schema_that_has_no_type_is_named_with_the_reason(schema: Json, why: str) -> None:
    with pytest.raises(UnfitSchema, match=why):
        shape_of(schema)


def test_two_types_never_share_a_name() -> None:
    nested: Json = {"type": "object", "properties": {"part": NUMBER}}
    with pytest.raises(UnfitSchema, match="would be called ItPart"):
        shape_of(nested, ItPart={"type": "string"})
