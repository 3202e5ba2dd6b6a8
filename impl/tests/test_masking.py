"""What clients send as a secret is named and masked wherever the server shows what was sent."""

from __future__ import annotations

import pytest

from refswitch.masking import masked, masked_path, masked_query, masked_text


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/api/v2/me;jsessionid=0123abc", "/api/v2/me;jsessionid=***"),
        ("/api/v2/me;a=1;b=2/calls;c=3", "/api/v2/me;a=***;b=***/calls;c=***"),
        ("/api/v2/me;a/calls", "/api/v2/me;a/calls"),
    ],
)
def test_a_path_is_shown_without_the_values_of_its_parameters(path: str, shown: str) -> None:
    assert masked_path(path) == shown


def test_a_query_is_shown_without_secrets() -> None:
    assert (
        masked_query("fields=*&access_token=abc&jsessionid=;password=p&tokens&x=1")
        == "fields=*&access_token=***&jsessionid=***;password=***&tokens&x=1"
    )


def test_members_that_are_secrets_are_masked_at_any_depth_and_the_data_of_calls_is_not() -> None:
    assert masked(
        {
            "ext": {"login": [{"user": "alice", "password": "p", "token": {"a": 1}}]},
            "userData": {"token": "T-1"},
        }
    ) == {
        "ext": {"login": [{"user": "alice", "password": "***", "token": "***"}]},
        "userData": {"token": "T-1"},
    }


def test_a_text_that_names_a_secret_is_not_shown() -> None:
    assert (masked_text('{"password": "hunter'), masked_text("hello")) == ("***", "hello")


def test_the_time_grows_with_the_text_and_no_faster() -> None:
    for unit in (";a", ";a=", "a=", "token", "&a"):
        text = unit * 500_000
        assert masked_path(text) + masked_query(text)


def test_an_address_in_a_sentence_is_shown_without_its_session() -> None:
    sentence = "There is no resource /me;jsessionid=0123abc/x; charset=utf-8;a=b"
    assert masked([sentence]) == ["There is no resource /me;jsessionid=***/x; charset=utf-8;a=b"]
