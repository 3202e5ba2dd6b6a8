"""Reading a body, and the form of error fields."""

from __future__ import annotations

import re

import pytest

from refswitch.bayeux import NotMessages, parse
from refswitch.bayeux.errors import Cause, Refused
from refswitch.bayeux.messages import speaks_our_version


def read(body: bytes) -> object:
    return parse(body, max_messages=3, max_depth=4)


def test_an_array_and_a_single_object_are_both_messages() -> None:
    """MSG-2, MSG-3: Bayeux 1.0, Messages."""
    assert read(b'[{"channel":"/a"},{}]') == [{"channel": "/a"}, {}]
    assert read(b' {"channel":"/a"}\n') == [{"channel": "/a"}]


def test_characters_outside_the_basic_plane_and_line_separators_are_read() -> None:
    """MSG-15: Bayeux 1.0, The long-polling Transport: UTF-8."""
    assert read('[{"id":"😀\u2028"}]'.encode()) == [{"id": "😀\u2028"}]


@pytest.mark.parametrize(
    ("body", "violation"),
    [
        (b"", "$: must be a JSON array of Bayeux messages, but is empty"),
        (b"  \n", "$: must be a JSON array of Bayeux messages, but is empty"),
        (b"[{]", "$: must be JSON: Expecting property name enclosed in double quotes at line 1 column 3"),
        (b'[{"id":NaN}]', "$: must be JSON, which does not allow NaN"),
        (b'[{"id":' + b"9" * 5000 + b"}]", "$: has a number with too many digits"),
        (b'[{"id":"\xff"}]', "$: must be UTF-8, but is not at byte 8"),
        (b"[]", "$: must hold 1 to 3 messages, but holds 0"),
        (b"[{},{},{},{}]", "$: must hold 1 to 3 messages, but holds 4"),
        (b'"text"', "$: must be an array of Bayeux messages, but is a string"),
        (b"null", "$: must be an array of Bayeux messages, but is null"),
        (b"[{},null]", "$[1]: must be an object, but is null"),
        (b'[{},"text"]', "$[1]: must be an object, but is a string"),
        (b"[7]", "$[0]: must be an object, but is a number"),
        (b"[[]]", "$[0]: must be an object, but is an array"),
        (b'[{"ext":{"a":{"b":[]}}}]', "$: must not be nested deeper than 4 levels"),
        (b"[" * 100_000, "$: is nested too deeply"),
    ],
)
def test_anything_but_an_array_of_messages_is_refused_with_place_and_rule(
    body: bytes, violation: str
) -> None:
    """ER-8, ER-9, ER-10: Bayeux 1.0, Messages."""
    with pytest.raises(NotMessages, match=f"^{re.escape(violation)}$"):
        read(body)


def test_nesting_up_to_the_limit_and_many_small_messages_are_read() -> None:
    assert read(b'[{"ext":{"a":[1]}}]') == [{"ext": {"a": [1]}}]
    assert read(b'[{"ext":{}},{"ext":{}},{"ext":{}}]') == [{"ext": {}}] * 3


@pytest.mark.parametrize(
    ("version", "minimum", "understood"),
    [
        ("1.0", None, True),
        ("1.0", "1.0beta", True),  # the official client's version
        ("1.1", "0.9", True),
        ("2.0", None, True),
        ("0.9", None, False),
        ("1.0beta", None, False),
        ("1.1", "1.1", False),
        ("2.0", "1.0.1", False),
        ("one", None, False),
        ("", None, False),
        ("1.0", "x", False),
        ("1" * 5000, None, False),
    ],
)
def test_versions_compare_element_by_element_and_beta_comes_before(
    version: str, minimum: str | None, understood: bool
) -> None:
    """HS-2: Bayeux 1.0, Version."""
    wanted = {} if minimum is None else {"minimumVersion": minimum}
    assert speaks_our_version({"version": version, **wanted}) is understood


def test_an_error_is_code_arguments_sentence_whatever_the_client_wrote() -> None:
    """ER-1: Bayeux 1.0, error."""
    assert Refused(Cause.MISSING_FIELD, "version").error == "400:version:Missing field"
    assert Refused(Cause.INVALID_CHANNEL, "/a:b", "/c,d", "/ok").error == "405:/ok:Invalid channel"
    assert Refused(Cause.UNKNOWN_CLIENT).error == "402::Unknown client"
