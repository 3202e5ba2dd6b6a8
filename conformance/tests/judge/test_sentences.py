"""The judge's sentences: each has an example in these tests, and the package says nothing that is not in the table."""

from __future__ import annotations

import re
import string
from dataclasses import fields
from pathlib import Path

import pytest

from callproof import judge
from callproof.judge.findings import Finding
from callproof.judge.sentences import Sentence, joined, say
from conformance.tests.judge import (
    test_agreements,
    test_along_legs,
    test_bodies,
    test_claims,
    test_everywhere,
    test_expected,
    test_extras,
    test_foreign,
    test_steps,
)
from conformance.tests.judge.building import Example, said

MODULES = (
    test_agreements,
    test_along_legs,
    test_bodies,
    test_claims,
    test_everywhere,
    test_expected,
    test_extras,
    test_foreign,
    test_steps,
)
EXAMPLES: list[Example] = [
    example
    for module in MODULES
    for value in vars(module).values()
    if isinstance(value, list)
    for example in value
    if isinstance(example, Example)
]
SOURCE = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted(Path(str(judge.__file__)).parent.glob("*.py"))
)


def words_of(finding: Finding) -> list[str]:
    """All that a finding says in words of ours."""
    values = {field.name: getattr(finding, field.name) for field in fields(finding)}
    misses = [miss.what for miss in values.get("nearest", ())]
    reading = values.get("reading")
    return [values.get("message", ""), reading.because if reading else "", *misses]


def pattern_of(sentence: Sentence) -> re.Pattern[str]:
    """A sentence with anything in the place of its facts."""
    parts = [
        re.escape(text) + (".+?" if name is not None else "")
        for text, name, _, _ in string.Formatter().parse(sentence)
    ]
    return re.compile("".join(parts))


@pytest.mark.parametrize("sentence", Sentence)
def test_every_sentence_has_an_example(sentence: Sentence) -> None:
    assert any(sentence in example.says for example in EXAMPLES)


@pytest.mark.parametrize(
    "example", [pytest.param(example, id=example.promise) for example in EXAMPLES if example.says]
)
def test_an_example_says_what_it_is_an_example_of(example: Example) -> None:
    words = [text for finding in example.found() for text in words_of(finding)]

    assert [sentence for sentence in example.says if not any(map(pattern_of(sentence).search, words))] == []


@pytest.mark.parametrize("sentence", Sentence)
def test_the_judge_can_say_every_sentence(sentence: Sentence) -> None:
    assert f"Sentence.{sentence.name}" in SOURCE


def test_only_the_table_makes_sentences() -> None:
    """mypy refuses a message that is not a `Said`; here nobody calls something one."""
    assert re.findall(r"\bSaid\([^)]*\)", SOURCE) == re.findall(
        r"\bSaid\([^)]*\)", Path(str(judge.__file__)).with_name("sentences.py").read_text(encoding="utf-8")
    )


def test_a_fact_that_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError):
        say(Sentence.REFUSED, how="at once")


def test_joined_sentences_stand_once_each() -> None:
    assert joined([said("one"), said("two"), said("one")]) == "one; two"
