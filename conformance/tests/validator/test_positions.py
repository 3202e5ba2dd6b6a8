"""The scanner finds every value of a document where `json` read it, and says so in lines and characters."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callproof import limits
from callproof.validator.document import Document, NotJson, decoded
from callproof.validator.document import read_document as document_in
from callproof.validator.finding import Finding
from callproof.validator.positions import duplicates, line_and_column, located, places, spots

DEEPEST = limits.DEEPEST.default


def read_document(data: bytes) -> Document:
    return document_in(decoded(data))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
LAYOUTS = st.sampled_from([(None, None), (2, None), ("\t", None), (1, (" ,\r\n ", " :\t"))])


def parts(value: Any, path: tuple[str | int, ...] = ()) -> dict[tuple[str | int, ...], Any]:
    found = {path: value}
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for step, member in members:
        found |= parts(member, (*path, step))
    return found


@given(JSON, LAYOUTS, st.booleans())
def test_at_every_place_stands_the_value_of_that_path(value: Any, layout: Any, ascii_only: bool) -> None:
    indent, separators = layout
    text = json.dumps(value, indent=indent, separators=separators, ensure_ascii=ascii_only)
    found = {path: (name_at, value_at) for path, name_at, value_at in spots(text)}
    assert set(found) == set(parts(value))
    decoder = json.JSONDecoder()
    for path, part in parts(value).items():
        name_at, value_at = found[path]
        assert decoder.raw_decode(text, value_at)[0] == part
        if path and isinstance(path[-1], str):
            assert decoder.raw_decode(text, name_at)[0] == path[-1]
        else:
            assert name_at == -1


@pytest.mark.parametrize(
    ("text", "path", "name_at", "value_at"),
    [
        ('{"\\ud83d\\ude00": 1}', ("😀",), 1, 17),
        ('{"a\\/b": {"c": 2}}', ("a/b", "c"), 10, 15),
        ('{"n": [1.0E+2, -0]}', ("n", 1), -1, 15),
        ('{"a": 1, "a": 22}', ("a",), 9, 14),
        ('{"say \\"x\\", {": [true]}', ('say "x", {', 0), -1, 18),
        ("[[],{},[[3]]]", (2, 0, 0), -1, 9),
        ('\t{\r\n\t"a"\t:\r\n\tnull}', ("a",), 5, 13),
    ],
)
def test_spellings_that_trip_scanners(
    text: str, path: tuple[str | int, ...], name_at: int, value_at: int
) -> None:
    assert located(text, {path}) == {path: (name_at, value_at)}


def test_lines_and_columns_count_from_one_and_a_column_is_a_character() -> None:
    text = "äöü\r\n😀x\n"
    assert places(text, [8, 0, 2, 5, 6, 0]) == [(3, 1), (1, 1), (1, 3), (2, 1), (2, 2), (1, 1)]


@given(st.text(st.sampled_from("a\r\n")), st.data())
def test_a_line_ends_with_a_line_feed_a_carriage_return_or_both(text: str, data: st.DataObject) -> None:
    offsets = data.draw(st.lists(st.integers(0, len(text)), max_size=5))
    starts = [0, *(end.end() for end in re.finditer(r"\r\n|\r|\n", text))]
    expected = []
    for offset in offsets:
        start = max(start for start in starts if start <= offset)
        expected.append((starts.index(start) + 1, offset - start + 1))
    assert places(text, offsets) == expected
    assert [line_and_column(text, offset) for offset in offsets] == expected


@pytest.mark.parametrize(
    ("text", "twice"),
    [
        ('{"a": 1, "b": 1}', []),
        ('{"a": 1, "a": 1, "a": 1}', [("a",)]),
        ('{"a": {"b": 1}, "a": {"b": 1}}', [("a",)]),
        ('[{"a": 1}, {"a": 1, "\\u0061": 2}]', [(1, "a")]),
        ('{"a": {"b": 1, "b": 2}, "c": {"b": 3}}', [("a", "b")]),
        ('{"a": 1, "a": {"b": 1, "b": 2}}', [("a",), ("a", "b")]),
        ('[{"a": {"c": 1}}, {"a": [{"c": 1}, {"c": 1}]}]', []),
    ],
)
def test_a_member_that_stands_twice_in_its_object_is_found_once(
    text: str, twice: list[tuple[str | int, ...]]
) -> None:
    assert list(duplicates(text)) == twice
    assert read_document(text.encode()).has_duplicates == bool(twice)


def test_a_finding_with_a_missing_member_stands_at_the_object_around_it() -> None:
    document = read_document(b'\xef\xbb\xbf{"a":\n  {"b": 1}}')
    missing = Finding(("a", "c"), "required", "is not there")
    name = Finding(("a", "b"), "unknown-member", "is unknown", at_name=True)
    value = Finding(("a", "b"), "type", "is the number 1")
    assert document.places([missing, name, value]) == [(2, 3), (2, 4), (2, 9)]


@pytest.mark.parametrize(
    ("data", "place", "message"),
    [
        (b"", (1, 1), "is empty, expected one JSON document"),
        (b'{"a": 1,\n}', (2, 1), 'finds "}", expected a member\'s name in double quotes'),
        (b"[1,\r\n 2", (2, 3), "ends too early, expected a comma or the end of the array or object"),
        (b'{"a" "b"}', (1, 6), 'finds "\\"", expected a colon'),
        (b"[nope]", (1, 2), 'finds "nope", expected a value'),
        ('["ä", \n"\\x"]'.encode(), (2, 2), "has an escape that JSON does not know"),
        (b'["\\u12"]', (1, 4), "has a \\u without four hexadecimal digits"),
        (b'["abc', (1, 2), "begins a string that does not end"),
        (b"{} {}", (1, 4), "goes on after its end, where one document is expected"),
        (b'["NaN",\n -Infinity]', (2, 2), "has NaN or an infinity, which JSON does not have"),
        ('["ä\n'.encode() + b"\xff", (2, 1), "byte 0xff is not UTF-8"),
        (b"\xff\xfe[\x00]\x00", (1, 1), "seems to be UTF-16, expected UTF-8"),
        (b"[" + b"1" * 5000 + b"]", (1, 2), "has a number of more digits than can be read"),
        (
            b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),
            (1, DEEPEST + 1),
            "nests arrays and objects deeper than 200 levels",
        ),
        (b'{"a":' * 50_000, (1, DEEPEST * 5 + 1), "nests arrays and objects deeper than 200 levels"),
    ],
)
def test_text_that_is_not_json_is_reported_with_its_place(
    data: bytes, place: tuple[int, int], message: str
) -> None:
    with pytest.raises(NotJson) as caught:
        read_document(data)
    assert (caught.value.line, caught.value.column, caught.value.finding.message) == (*place, message)


def test_the_deepest_document_that_is_read() -> None:
    assert read_document(b"[" * DEEPEST + b"]" * DEEPEST).value is not None


@given(st.binary(max_size=40) | st.text(max_size=40).map(str.encode))
def test_bytes_are_read_or_refused_with_a_place(data: bytes) -> None:
    outcome: Document | NotJson
    try:
        outcome = read_document(data)
    except NotJson as error:
        outcome = error
    assert isinstance(outcome, Document) or min(outcome.line, outcome.column) >= 1
