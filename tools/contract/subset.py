"""Restricts the schema files to the subset that OpenAPI 3.0 schemas and JSON Schema share."""

from __future__ import annotations

import re
from collections.abc import Iterator

from callproof.bundling.findings import Finding
from callproof.bundling.sources import Contract, Source
from callproof.bundling.values import Json, JsonObject, Tokens, as_list, as_object, is_of_type
from tools.contract.vocabulary import SHARED_KEYWORDS, TYPES

_INSTEAD = {
    "nullable": "write anyOf with a schema of the other type, or leave the member out when there is none",
    "const": "write an enum of one value",
    "example": "move the example to a file of its own under examples/",
    "examples": "move the examples to files of their own under examples/",
    "exclusiveMinimum": "write minimum with the next value; the keyword is a boolean in one dialect and a number in the other",
    "exclusiveMaximum": "write maximum with the next value; the keyword is a boolean in one dialect and a number in the other",
    "$defs": "give the schema a file of its own",
    "definitions": "give the schema a file of its own",
    "if": "write anyOf with not",
}
_SINGLE = ("items", "not", "additionalProperties")
_LISTS = ("oneOf", "anyOf", "allOf")
_STEM = re.compile(r"[A-Z][A-Za-z0-9]*")

_Fault = tuple[Tokens, str, str]


def subset_findings(contract: Contract) -> list[Finding]:
    """A finding for each place in a schema file that two dialects would read differently."""
    findings = []
    for source in contract.schemas():
        faults = [*_file_faults(source), *_schema_faults(source.value, ())]
        findings += [source.finding(at, "subset", problem, remedy) for at, problem, remedy in faults]
    return findings


def _file_faults(source: Source) -> Iterator[_Fault]:
    if not _STEM.fullmatch(source.stem):
        remedy = "name the file with a noun in PascalCase, of letters and digits"
        yield (), f"{source.stem} is not a component name", remedy
    if isinstance(source.value, dict) and source.value.get("title", source.stem) != source.stem:
        yield ("title",), f"the title is {source.value['title']!r}", f"write the file's stem, {source.stem}"


def _schema_faults(schema: Json, at: Tokens) -> Iterator[_Fault]:
    if not isinstance(schema, dict):
        yield at, "a schema that is not an object", "OpenAPI 3.0 has no boolean schemas: write {} or not: {}"
        return
    if "$ref" in schema:
        return  # the bundler refuses its siblings
    for keyword in schema:
        if keyword not in SHARED_KEYWORDS and not keyword.startswith("x-"):
            remedy = _INSTEAD.get(keyword, "use only keywords that all dialects share")
            yield (*at, keyword), f"{keyword} does not mean the same in OpenAPI 3.0 and JSON Schema", remedy
    yield from _keyword_faults(schema, at)
    yield from _inner_faults(schema, at)


def _inner_faults(schema: JsonObject, at: Tokens) -> Iterator[_Fault]:
    for name, member in as_object(schema.get("properties")).items():
        yield from _schema_faults(member, (*at, "properties", name))
    for keyword in _SINGLE:
        is_switch = keyword == "additionalProperties" and isinstance(schema.get(keyword), bool)
        if keyword in schema and not is_switch:
            yield from _schema_faults(schema[keyword], (*at, keyword))
    for keyword in _LISTS:
        for number, branch in enumerate(as_list(schema.get(keyword))):
            yield from _schema_faults(branch, (*at, keyword, str(number)))


def _keyword_faults(schema: JsonObject, at: Tokens) -> Iterator[_Fault]:
    kind = schema.get("type")
    if kind is not None and kind not in TYPES:
        yield (*at, "type"), f"type is {kind!r}", f"write one of {', '.join(TYPES)}"
        return
    if kind == "array" and "items" not in schema:
        problem = "an array without items, which OpenAPI 3.0 refuses"
        yield at, problem, "describe the items, or write items: {}"
    yield from _value_faults(schema, str(kind) if kind else None, at)
    yield from _pattern_faults(schema, at)
    yield from _open_pattern_faults(schema, at)
    yield from _open_enum_faults(schema, at)
    if "discriminator" in schema and not {"oneOf", "anyOf", "x-operations"} & set(schema):
        yield (*at, "discriminator"), "a discriminator without a union", "write oneOf beside it"


def _value_faults(schema: JsonObject, kind: str | None, at: Tokens) -> Iterator[_Fault]:
    if "enum" in schema and kind is None:
        yield (*at, "enum"), "an enum without a type", "write the type of its values beside it"
    values: list[tuple[Tokens, Json]] = [
        ((*at, "enum", str(n)), v) for n, v in enumerate(as_list(schema.get("enum")))
    ]
    if "default" in schema:
        values.append(((*at, "default"), schema["default"]))
    for place, value in values:
        if kind is not None and not is_of_type(value, kind):
            yield place, f"{value!r} is not of type {kind}", "fix the value or the type"


def _pattern_faults(schema: JsonObject, at: Tokens, keyword: str = "pattern") -> Iterator[_Fault]:
    pattern = schema.get(keyword)
    if not isinstance(pattern, str):
        return
    place = (*at, keyword)
    try:
        re.compile(pattern)
    except re.error as error:
        yield place, f"the pattern is not a regular expression: {error}", "fix it"
        return
    if re.search(r"\\[dwDWbB]|\(\?", pattern):
        remedy = r"write [0-9] for \d, spell out \w, use no (? groups"
        yield place, "engines read a part of the pattern differently", remedy


def _open_pattern_faults(schema: JsonObject, at: Tokens) -> Iterator[_Fault]:
    if "x-open-pattern" not in schema:
        return
    if schema.get("type") != "string" or "pattern" in schema or not isinstance(schema["x-open-pattern"], str):
        remedy = "write type: string and one regular expression, without pattern"
        yield (*at, "x-open-pattern"), "x-open-pattern is only for an open string", remedy
    yield from _pattern_faults(schema, at, "x-open-pattern")


def _open_enum_faults(schema: JsonObject, at: Tokens) -> Iterator[_Fault]:
    if "x-open-enum" not in schema:
        return
    words = schema["x-open-enum"]
    place = (*at, "x-open-enum")
    if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
        yield place, "x-open-enum is not a list of strings", "list the documented values"
    elif len({str(word) for word in words}) < len(words):
        yield place, "x-open-enum names a value twice", "remove one of the two"
    if schema.get("type") != "string" or "enum" in schema:
        yield place, "x-open-enum is only for an open string", "write type: string, without enum"
