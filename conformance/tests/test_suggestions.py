"""Whoever mistypes a word is offered the one that was probably meant, and nothing when none is near."""

from __future__ import annotations

import pytest

from callproof.suggestions import closest, did_you_mean


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("PHONE_NUMBER", ["digits", "phoneNumber"], "phoneNumber"),
        ("phone-number", ["digits", "phoneNumber"], "phoneNumber"),
        ("Dail", ["Hold", "Dial"], "Dial"),
        ("usre_env", ["user_env", "number"], "user_env"),
        ("telephone", ["phoneNumber", "state"], ""),
        ("x", [], ""),
        ("", ["Dial"], ""),
    ],
)
def test_the_nearest_word_is_meant_whatever_its_case(word: str, known: list[str], meant: str) -> None:
    assert closest(word, known) == meant


def test_of_two_words_with_the_same_letters_the_first_is_meant() -> None:
    assert closest("userdata", ["user_data", "userData"]) == "user_data"


def test_a_very_long_word_is_compared_by_its_beginning() -> None:
    assert closest("x" * 1_000_000, ["x" * 60]) == "x" * 60


def test_the_remedy_names_the_word_or_says_what_there_is() -> None:
    assert did_you_mean("chek", ["check", "run"], "there are check, run") == "did you mean check?"
    assert did_you_mean("zzz", ["check", "run"], "there are check, run") == "there are check, run"
    assert did_you_mean("zzz", ["check", "run"]) == ""
