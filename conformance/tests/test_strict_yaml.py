"""YAML with places: what a stranger's file may hold, and that nothing in it makes the reader fall over."""

from __future__ import annotations

import pytest

from callproof.strict_yaml import NotYaml, read_yaml

#: Nine lines that stand for a thousand million values.
LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def refusal(text: str, *, aliases: bool = False) -> str:
    with pytest.raises(NotYaml) as caught:
        read_yaml(text, "it.yaml", aliases=aliases)
    return str(caught.value)


def test_every_value_has_its_line() -> None:
    value, places = read_yaml("a: 1\nb:\n  - c\n  - d: e\n", "it.yaml")

    assert value == {"a": 1, "b": ["c", {"d": "e"}]}
    assert [places.at(*path).line for path in ((), ("b", 1), ("b", 1, "d"), ("b", 1, "d", "missing"))] == [
        1,
        4,
        4,
        4,
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1\n3: x\n", "it.yaml:2: is not YAML: the key 3 is not a string; put it in quotes"),
        ("null: x\n", "it.yaml:1: is not YAML: the key null is not a string; put it in quotes"),
        ("? [a]\n: x\n", "it.yaml:1: is not YAML: this key is not a string; put it in quotes"),
        ("? {a: b}\n: x\n", "it.yaml:1: is not YAML: this key is not a string; put it in quotes"),
        ("a: 1\na: 2\n", "it.yaml:2: is not YAML: the key 'a' occurs twice"),
        ("[" * 5000, "it.yaml:1: is not YAML: it is nested deeper than 30 levels"),
        ("- " * 5000, "it.yaml:1: is not YAML: it is nested deeper than 30 levels"),
        ("a: !!binary eA==\n", "it.yaml:1: is not YAML: tags, which begin with !, are not supported; write the value alone, or in quotes"),
        ("a: 1\n---\nb: 2\n", "it.yaml:2: is not YAML: but found another document"),
    ],
)  # fmt: skip
def test_what_is_no_json_in_other_words_is_refused_with_its_line(text: str, told: str) -> None:
    assert refusal(text) == told
    assert refusal(text, aliases=True) == told


@pytest.mark.parametrize(
    ("text", "line"), [("a: &a 1\n", 1), ("a: 1\nb: *a\n", 2), ("&a a: [*a]\n", 1), (LAUGHS, 1)]
)
def test_a_strangers_file_has_no_anchors_and_so_no_end_that_never_comes(text: str, line: int) -> None:
    told = "is not YAML: anchors and aliases (& and *) are not supported; write the value out"

    assert refusal(text) == f"it.yaml:{line}: {told}"


def test_our_own_files_may_say_a_thing_once() -> None:
    assert read_yaml("a: &a [1]\nb: *a\n", "it.yaml")[0] == {"a": [1], "b": [1]}


def test_a_number_that_python_will_not_make_is_refused() -> None:
    assert refusal(f"a: {'9' * 5000}\n").startswith("it.yaml:1: is not YAML: a number in it cannot be read")
