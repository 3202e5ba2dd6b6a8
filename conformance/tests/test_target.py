"""The vendor's file: what is refused, and in which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from callproof.target import BadTarget, Target, parse_target, read_target

ENVIRONMENT = {"USER": "login", "PASSWORD": "password"}
AGENTS = """agents:
  alice: {number: "15000", also_seen_as: ["+3115000"], user_env: USER, password_env: PASSWORD}
  bob: {number: "15001", user_env: USER, password_env: PASSWORD}
  carol: {number: "15002", user_env: USER, password_env: PASSWORD}
"""
HEAD = """version: 1
target:
  product: A switch
  base_url: https://cti.example.test/api/v2/
  cometd_url: https://cti.example.test/api/v2/notifications
"""


def target(more: str = "") -> Target:
    return parse_target(HEAD + AGENTS + more, "target.yaml", ENVIRONMENT)


def problems(text: str, environment: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(BadTarget) as caught:
        parse_target(text, "target.yaml", ENVIRONMENT if environment is None else environment)
    return [str(problem) for problem in caught.value.problems]


def test_defaults_are_those_that_the_documentation_promises() -> None:
    found = target()

    assert (found.base_url, found.event_timeout_s, found.quiet_min_s, found.http_timeout_s) == (
        "https://cti.example.test/api/v2", 5.0, 1.0, 10.0,
    )  # fmt: skip
    assert (found.requests_per_s, found.calls_total, found.require_idle, found.start_session) == (
        5.0,
        150,
        True,
        True,
    )
    assert found.agents["alice"].numbers == {"15000", "+3115000"}
    assert found.link_base == "https://cti.example.test"


def test_off_loopback_no_call_is_placed_until_the_host_is_repeated() -> None:
    assert "safety.confirm_host must repeat the host cti.example.test" in target().why_no_calls
    assert target("safety: {confirm_host: cti.example.test}\n").why_no_calls == ""


def test_on_loopback_the_host_needs_no_confirmation() -> None:
    text = (HEAD + AGENTS).replace("https://cti.example.test", "http://127.0.0.1:8080")

    assert parse_target(text, "target.yaml", ENVIRONMENT).why_no_calls == ""


def test_without_three_agents_no_call_is_placed() -> None:
    alone = HEAD + AGENTS.partition("  bob")[0] + "safety: {confirm_host: cti.example.test}\n"

    assert (
        parse_target(alone, "target.yaml", ENVIRONMENT).why_no_calls == "agents.bob is not in the target file"
    )


def test_only_configured_numbers_may_be_dialled() -> None:
    found = target('numbers: {nonexistent: "15999"}\nsafety: {dial_only: [carol, nonexistent]}\n')

    assert found.dial == {"carol": "15002", "number nonexistent": "15999"}
    assert found.has == ("number:nonexistent", "auth:basic")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD + AGENTS + "timming: {}\n", "target.yaml:10: timming is not a key of a target file; did you mean timing?"),
        (
            HEAD.replace("base_url", "base_ur") + AGENTS,
            "target.yaml:4: target.base_ur is not a key of a target file; did you mean base_url?",
        ),
        (
            HEAD + AGENTS.replace("password_env: PASSWORD", "password: secret", 1),
            "target.yaml:7: password: a secret does not belong in this file; name an environment variable with password_env",
        ),
        (HEAD + AGENTS + "safety: {dial_only: [dave]}\n", "target.yaml:10: safety.dial_only: nobody in this file is called dave"),
        (
            HEAD + AGENTS + 'numbers: {nonexistent: "112"}\n',
            "target.yaml:10: numbers.nonexistent: 112 may be a short code or an emergency number and is never dialled",
        ),
        (HEAD + AGENTS + 'numbers: {busy: "15001"}\n', "target.yaml:10: numbers.busy: 15001 is the number of bob too"),
        (
            HEAD + AGENTS + "safety: {confirm_host: other.test}\n",
            "target.yaml:10: safety.confirm_host is other.test, target.base_url is at cti.example.test",
        ),
        ("- a list\n", "target.yaml:1: is not a mapping; `callproof init` writes a file to start from"),
        ("a: [\n", "target.yaml:2: is not YAML: expected the node content, but found '<stream end>'"),
    ],
    ids=["key", "inner key", "secret", "nobody", "short", "twice", "host", "list", "yaml"],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_its_key(text: str, told: str) -> None:
    assert told in problems(text)


def test_a_variable_that_is_not_set_is_named() -> None:
    assert "target.yaml:7: agents.alice.user_env: the environment variable USER is not set" in problems(
        HEAD + AGENTS, {}
    )


def test_a_secret_is_in_no_words_about_the_target() -> None:
    assert "password" not in repr(target()).replace("password_env", "")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadTarget, match="cannot be read"):
        read_target(tmp_path / "none.yaml", {})
