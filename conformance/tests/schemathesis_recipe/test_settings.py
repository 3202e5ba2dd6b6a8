"""A run begins with all that it needs, on this machine or on a host that was confirmed; what it is told stays out of texts."""

from __future__ import annotations

import pytest

from callproof.schemathesis_recipe.callproof_recipe.settings import (
    Login,
    Settings,
    Unfit,
    confirm,
    read_settings,
)

AGENTS = {
    f"{role}_{what}": f"{role}-{what}".lower()
    for role in ("AGENT", "SECOND", "THIRD")
    for what in ("USER", "PASSWORD")
}
LOGINS = {
    role: Login(f"{role.lower()}-user", f"{role.lower()}-password") for role in ("AGENT", "SECOND", "THIRD")
}


def test_without_more_only_the_agents_numbers_may_be_dialled_and_only_on_this_machine() -> None:
    assert read_settings(AGENTS) == Settings(LOGINS, numbers=(), confirmed_host="", outside="")


def test_numbers_are_separated_by_commas() -> None:
    more = {"DIAL_NUMBERS": "70000, 70001,,", "CONFIRM_HOST": "lab", "OUTSIDE_URL": "http://lab/calls"}
    assert read_settings({**AGENTS, **more}) == Settings(
        LOGINS, ("70000", "70001"), "lab", "http://lab/calls"
    )


def test_every_missing_variable_is_named() -> None:
    with pytest.raises(Unfit, match=r"^set SECOND_PASSWORD, THIRD_USER; README\.md says what for$"):
        read_settings({**AGENTS, "SECOND_PASSWORD": "", "THIRD_USER": ""})


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8080", "127.1.2.3", "localhost", "[::1]:8080", "cti.example.test"]
)
def test_a_run_begins_here_and_on_the_confirmed_host(host: str) -> None:
    confirm(f"http://{host}/api/v2", Settings(LOGINS, confirmed_host="cti.example.test"))


@pytest.mark.parametrize("host", ["10.0.0.1", "localhost.example.test", "cti.example.test.example"])
def test_a_run_begins_nowhere_else(host: str) -> None:
    with pytest.raises(
        Unfit, match=f"^{host} is not this machine: .* Set CONFIRM_HOST={host} if that is meant$"
    ):
        confirm(f"http://{host}/api/v2", Settings(LOGINS, confirmed_host="cti.example.test"))


def test_a_password_is_not_in_the_text_of_the_settings() -> None:
    assert "agent-password" not in repr(read_settings(AGENTS))
