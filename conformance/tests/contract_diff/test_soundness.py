"""Whatever two schemas are compared: no value is lost or gained without a difference that says so."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from callproof.contract_diff.changes import Kind
from callproof.contract_diff.schemas import Comparison
from callproof.contract_diff.views import Document

_NAMES = st.sampled_from(["a", "b"])
_WORDS = st.sampled_from(["", "x", "xy", "xyz"])
_NUMBERS = st.sampled_from([-1, 0, 1, 2, 2.5, 4])
_SMALL = st.integers(0, 3)

VALUES = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=2),
    max_leaves=4,
)
_TYPES = st.sampled_from(["null", "boolean", "object", "array", "string", "integer", "number"])
_NEEDED = st.lists(_NAMES, max_size=2, unique=True)


def _of(kind: st.SearchStrategy[Any], **more: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Schemas of this type, with some of these keywords."""
    return st.fixed_dictionaries({"type": kind}, optional={**more})


def _with(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Schemas with these keywords."""
    return st.fixed_dictionaries({**more})


_LEAVES = st.one_of(
    st.just({}),
    _of(_TYPES),
    _of(st.just(["string", "null"])),
    _with(enum=st.lists(_WORDS | _NUMBERS, min_size=1, max_size=3)),
    _with(const=_WORDS),
    _of(st.just("string"), minLength=_SMALL, maxLength=_SMALL, pattern=st.sampled_from(["^x", "y"])),
    _of(
        st.sampled_from(["integer", "number"]),
        minimum=_NUMBERS,
        maximum=_NUMBERS,
        exclusiveMinimum=_NUMBERS,
        multipleOf=st.sampled_from([1, 2, 4]),
    ),
    _of(_TYPES, required=_NEEDED, minProperties=_SMALL, maxProperties=_SMALL),
)


def _around(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=3)
    members = st.dictionaries(_NAMES, inner, max_size=2)
    return st.one_of(
        _of(
            st.just("object"),
            properties=members,
            required=_NEEDED,
            additionalProperties=st.just(False) | inner,
        ),
        _with(properties=members),
        _of(st.just("array"), items=inner, minItems=_SMALL, maxItems=_SMALL, uniqueItems=st.booleans()),
        _with(allOf=several),
        _with(anyOf=several),
        _of(st.just("object"), anyOf=several, minProperties=_SMALL),
        _with(oneOf=several),
        _with(**{"not": inner}),
    )


SCHEMAS = st.recursive(_LEAVES, _around, max_leaves=5)

#: What may be told of a lost value, and of a gained one: an optional member that comes constrains what was free, one that goes frees it.
LOST = {Kind.NARROWER, Kind.UNDECIDED, Kind.NEW_MEMBER}
GAINED = {Kind.WIDER, Kind.UNDECIDED, Kind.LOST_MEMBER}


pytestmark = pytest.mark.slow

#: Shrinking takes minutes, and the schemas are small as they are.
_QUICKLY = settings(
    max_examples=400, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate]
)


@_QUICKLY
@given(SCHEMAS, SCHEMAS, st.lists(VALUES, min_size=4, max_size=12))
def test_no_value_is_lost_or_gained_in_silence(old: Any, new: Any, values: list[Any]) -> None:
    empty = Document({})
    kinds = {found.kind for found in Comparison(empty, empty).differences((old,), (new,))}
    before, now = (jsonschema_rs.Draft202012Validator(schema) for schema in (old, new))
    for value in values:
        was, remains = before.is_valid(value), now.is_valid(value)
        if was and not remains:
            assert kinds & LOST, f"{value!r} is lost, and {kinds} was told"
        if remains and not was:
            assert kinds & GAINED, f"{value!r} is gained, and {kinds} was told"


@_QUICKLY
@given(SCHEMAS)
def test_no_schema_differs_from_itself(schema: Any) -> None:
    empty = Document({})
    assert Comparison(empty, empty).differences((schema,), (schema,)) == []
