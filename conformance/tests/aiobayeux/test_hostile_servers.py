"""`callproof listen` in front of servers and proxies with one bad habit each: it hears what can be heard, or says why not and ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from callproof import limits
from callproof.cli import main

from .hostile_server import CALLS, UPGRADES, Habit, HostileServer, hostile

NO_MORE = {"reconnect": "none", "interval": 0}
HANGING = ("101 then nothing", "no answer")


@pytest.fixture(autouse=True)
def _a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLPROOF_PASSWORD", "a password")


@pytest.fixture
def listen(
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., tuple[int, list[str], list[str], HostileServer]]:
    """Run the command against a server with a habit; return its exit code, its two outputs as lines, and the server."""

    def run(habit: Habit, *options: str) -> tuple[int, list[str], list[str], HostileServer]:
        async def story() -> tuple[int, HostileServer]:
            async with asyncio.timeout(120), hostile(habit) as server:
                words = ["listen", server.url, "--user", "15000", *options]
                return await asyncio.to_thread(main, words), server

        code, server = asyncio.run(story())
        captured = capsys.readouterr()
        return code, captured.out.splitlines(), captured.err.splitlines(), server

    return run


Listen = Callable[..., tuple[int, list[str], list[str], HostileServer]]


@pytest.mark.parametrize("upgrade", UPGRADES)
def test_it_falls_back_to_long_polling_after_the_first_opening_that_fails_or_is_not_answered(
    listen: Listen, monkeypatch: pytest.MonkeyPatch, upgrade: str
) -> None:
    monkeypatch.setattr(limits.OPENING, "default", 0.3)

    code, [heard], told, server = listen(Habit(upgrade), "--count", "1")

    assert code == 0
    assert heard.split()[1:3] == ["ok", CALLS]
    assert server.upgrades == 1
    assert [line for line in told if line.endswith("; trying long-polling")] == told[:1]
    assert told[1:] == ["connected over long-polling"]


@pytest.mark.parametrize("upgrade", [one for one in UPGRADES if one not in HANGING])
def test_a_websocket_that_was_asked_for_by_name_is_not_replaced(listen: Listen, upgrade: str) -> None:
    code, heard, [said], server = listen(Habit(upgrade), "--transport", "websocket")

    assert (code, heard, server.asked) == (5, [], [])
    opening = (
        "the server refused the login of 15000" if upgrade == "401" else "the WebSocket could not be opened"
    )
    assert said.startswith(f"callproof listen: {opening}: ")


@pytest.mark.parametrize(
    ("habit", "sentence"),
    [
        (
            Habit(
                changes={
                    "/meta/handshake": {
                        "successful": False,
                        "error": "403::Handshake denied",
                        "advice": NO_MORE,
                    }
                }
            ),
            "the server denied the handshake: 403::Handshake denied",
        ),
        (
            Habit(
                changes={
                    "/meta/handshake": {"successful": False, "error": "401::Unauthorized", "advice": NO_MORE}
                }
            ),
            "the server denied the handshake: 401::Unauthorized",
        ),
        (
            Habit(
                changes={
                    "/meta/connect": {
                        "successful": False,
                        "error": "401::Authentication invalid",
                        "advice": NO_MORE,
                    }
                },
                from_connect=2,
            ),
            "the server has ended the session and advises against a new one: 401::Authentication invalid",
        ),
        (
            Habit(
                changes={"/meta/handshake": {"advice": {"reconnect": "retry", "interval": -1, "timeout": 0}}}
            ),
            "the server advises not to connect again (an interval of -1 ms)",
        ),
        (
            Habit(refused=(CALLS,)),
            f"nothing is subscribed, because every subscription was refused: {CALLS}: 403:{CALLS}:Subscription denied",
        ),
    ],
)
def test_where_trying_again_cannot_help_it_ends_with_the_servers_own_words(
    listen: Listen, habit: Habit, sentence: str
) -> None:
    code, heard, told, _ = listen(habit)

    assert (code, heard) == (5, [])
    assert told[-1] == f"callproof listen: {sentence}"


def test_a_refused_channel_is_named_and_the_others_are_heard(listen: Listen) -> None:
    bad = "v2/me/devices"

    code, [heard], told, server = listen(
        Habit(refused=(bad,)), "--channel", CALLS, "--channel", bad, "--count", "1"
    )

    assert (code, heard.split()[1:3]) == (0, ["ok", CALLS])
    assert [one["subscription"] for one in server.on("/meta/subscribe")] == [CALLS, bad]
    assert told[-1] == f"the subscription to {bad} was refused: 403:{bad}:Subscription denied"


def test_a_scheme_in_capitals_is_the_same_scheme(listen: Listen) -> None:
    async def story() -> int:
        async with asyncio.timeout(60), hostile(Habit()) as server:
            url = server.url.replace("http", "HTTP")
            return await asyncio.to_thread(main, ["listen", url, "--user", "15000", "--count", "1"])

    assert asyncio.run(story()) == 0
