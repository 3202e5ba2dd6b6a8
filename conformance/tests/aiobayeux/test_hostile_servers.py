"""`callproof listen` in front of servers and proxies with one bad habit each: it hears what can be heard, or says why not and ends."""

from __future__ import annotations

import json

import pytest

from callproof import limits

from .hostile_server import CALLS, DIALING, EMAIL, UPGRADES, Habit
from .listen_to import Listen

NO_MORE = {"reconnect": "none", "interval": 0}
HANGING = ("101 then nothing", "no answer")


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
    code, _, told, _ = listen(Habit(), "--count", "1", change_url=lambda url: url.replace("http", "HTTP"))

    assert (code, told[-1]) == (0, "connected over long-polling")


def test_a_byte_order_mark_before_an_answer_is_accepted(listen: Listen) -> None:
    code, [heard], _, _ = listen(Habit(before=b"\xef\xbb\xbf"), "--count", "1")

    assert (code, heard.split()[1]) == (0, "ok")


def test_a_page_in_place_of_an_answer_is_called_one(listen: Listen) -> None:
    code, heard, told, _ = listen(Habit(before=b"<html>"), "--transport", "long-polling", "--for", "0.5")

    assert (code, heard) == (2, [])
    assert told[0] == "the answer was HTTP 200 application/json, an HTML page; trying again"


def test_documented_messages_of_other_parts_of_gws_are_not_judged(listen: Listen) -> None:
    """An agent's desktop that subscribes to everything receives them beside those of its calls."""
    emails, services = "/v2/me/emails", "/notifications/services"
    events = ((CALLS, DIALING), (emails, EMAIL), (services, {"messageType": "ServiceStateChangeMessage"}))

    code, heard, _, _ = listen(Habit(events=events), "--channel", "/**", "--count", "3")
    as_json = listen(Habit(events=events), "--channel", "/**", "--count", "3", "--json")[1]

    assert code == 0
    assert heard[0].split()[1] == "ok"
    assert [
        f"not judged {channel} " in line for channel, line in zip((emails, services), heard[1:], strict=True)
    ] == [True] * 2
    assert [json.loads(line)["verdict"] for line in as_json] == ["ok", "not-judged", "not-judged"]


def test_nothing_that_the_contract_describes_is_nothing_judged(listen: Listen) -> None:
    code, [heard], told, _ = listen(
        Habit(events=(("/v2/me/emails", EMAIL),)), "--channel", "/**", "--count", "1"
    )

    assert (code, "not judged /v2/me/emails EmailStateChangeMessage" in heard) == (2, True)
    assert told[-1] == (
        "callproof listen: no notification that the contract describes arrived, so nothing was judged"
    )
