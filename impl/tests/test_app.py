"""The server as a whole: requests cause notifications, simulated parties act, and the log records it without secrets."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from typing import Any

import pytest

from refswitch.app import build_app
from refswitch.cross_origin import is_from_elsewhere
from refswitch.seats import Seating, SimulatedNumber, new_seat
from refswitch.settings import BadPublicBase, Settings, local_base, read_public_base

from .house import ALICE, BOB, CAROL, CONTRACT, FIRST, SEATING, SECOND, House, visit


def test_two_agents_talk_confer_with_a_third_and_part() -> None:
    async def story(house: House) -> None:
        for agent in (ALICE, BOB, CAROL):
            await house.listen(agent)
        await house.dial(BOB)
        assert await house.heard(ALICE) == [f"StatusChange Dialing {FIRST}"]
        assert await house.heard(BOB) == [f"StatusChange Ringing {FIRST}"]
        await house.operate(FIRST, "Answer", agent=BOB)
        assert await house.heard(ALICE) == [f"StatusChange Established {FIRST}"]
        await house.operate(FIRST, "InitiateConference", destination={"phoneNumber": CAROL})
        assert await house.heard(ALICE) == [f"StatusChange Held {FIRST}", f"StatusChange Dialing {SECOND}"]
        await house.operate(SECOND, "Answer", agent=CAROL)
        await house.operate(SECOND, "CompleteConference")
        assert await house.states() == {FIRST: "Established"}
        calls = (await house.get("/me/calls?fields=participants")).body["calls"]
        assert [[one["phoneNumber"] for one in call["participants"]] for call in calls] == [[BOB, CAROL]]
        await house.operate(FIRST, "Hangup")
        assert await house.states(ALICE) == {}
        assert await house.states(BOB) == {FIRST: "Established"}
        assert await house.states(CAROL) == {SECOND: "Established"}

    visit(story)


def test_a_refusal_causes_no_notification() -> None:
    async def story(house: House) -> None:
        await house.dial(BOB)
        await house.listen()
        await house.operate(FIRST, "Hold")
        await house.operate(FIRST, "InitiateConference", destination={})
        await house.operate("XX", "Hangup")
        assert await house.heard() == []

    visit(story)


def test_a_number_that_answers_does_so_at_its_time() -> None:
    async def story(house: House) -> None:
        await house.listen()
        await house.dial("70005")
        house.clock.advance(4.9)
        assert await house.heard() == [f"StatusChange Dialing {FIRST}"]
        house.clock.advance(0.1)
        assert await house.heard() == [f"StatusChange Established {FIRST}"]
        assert (await house.get(f"/me/calls/{FIRST}")).body["call"]["duration"] == "5"

    visit(story)


def test_a_number_that_hangs_up_ends_the_call() -> None:
    async def story(house: House) -> None:
        await house.dial("70104")
        house.clock.advance(1)
        assert await house.states() == {FIRST: "Established"}
        house.clock.advance(5)
        assert await house.states() == {}

    visit(story)


def test_a_number_that_rings_for_ever_does() -> None:
    async def story(house: House) -> None:
        await house.dial("70000")
        house.clock.advance(86_400)
        assert await house.states() == {FIRST: "Dialing"}

    visit(story)


@pytest.mark.parametrize("number", ["70100", "70102", "123456"])
def test_a_failed_call_is_reported_by_a_notification_after_the_request_was_accepted(number: str) -> None:
    async def story(house: House) -> None:
        await house.listen()
        assert (await house.dial(number)).body == {"statusCode": 0}
        await house.turn()
        assert await house.heard() == [f"StatusChange Dialing {FIRST}", f"StatusChange Released {FIRST}"]

    visit(story)


def test_what_a_party_does_after_its_call_ended_has_no_effect() -> None:
    async def story(house: House) -> None:
        await house.dial("70005")
        await house.operate(FIRST, "Hangup")
        await house.listen()
        house.clock.advance(60)
        assert await house.heard() == []

    visit(story)


def test_the_seats_decide_which_numbers_are_simulated() -> None:
    async def story(house: House) -> None:
        await house.dial("88")
        house.clock.advance(2)
        assert await house.states() == {FIRST: "Established"}

    visit(story, seating=Seating(SEATING.seats, other_numbers=SimulatedNumber("answers", after=2)))


@pytest.mark.parametrize("suffix", ["", "/", "/handshake"])
def test_bayeux_is_served_at_its_address_and_the_suffixes_clients_append(suffix: str) -> None:
    async def story(house: House) -> None:
        shake = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}
        told = await house.post(f"/notifications{suffix}", [shake])
        assert (told.status, told.body[0]["successful"]) == (200, True)

    visit(story)


def test_a_closed_server_holds_no_poll() -> None:
    async def story(house: House) -> None:
        await house.listen()
        assert await house.heard() == []
        house.app.close()
        told = await house.bayeux({"channel": "/meta/connect", "connectionType": "long-polling"}, ALICE)
        assert [message["successful"] for message in told] == [True]

    visit(story)


def test_a_log_line_says_who_did_what_with_what_result() -> None:
    lines: list[str] = []

    async def story(house: House) -> None:
        await house.dial(BOB)
        await house.operate(FIRST, "Hold")
        await house.ask("GET", "/me", agent=None)
        await house.listen()

    visit(story, log=lines.append)
    shown = [re.sub(r"^\S+Z |[\d.]+ ms$|(?<=devices/)[^/]+", "", line) for line in lines]
    assert shown == [
        "15000 POST /api/v2/me/devices//calls Dial 200 statusCode=0 ",
        f"15000 POST /api/v2/me/calls/{FIRST} Hold 400 statusCode=2 ",
        "- GET /api/v2/me - 403 statusCode=20 ",
        "15000 POST /api/v2/notifications - 200 statusCode=- ",
        "15000 POST /api/v2/notifications - 200 statusCode=- ",
    ]


def test_a_log_line_may_be_json() -> None:
    lines: list[str] = []

    async def story(house: House) -> None:
        await house.get("/me?subresources=*")

    visit(story, log=lines.append, log_format="json")
    facts = json.loads(lines[0])
    assert facts == {
        "time": facts["time"],
        "agent": ALICE,
        "method": "GET",
        "path": "/api/v2/me",
        "status": 200,
        "statusCode": 0,
        "ms": facts["ms"],
    }


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_no_secret_and_no_second_line_gets_into_the_log(log_format: str) -> None:
    lines: list[str] = []
    seat = new_seat("15000", login="alice", password="sesame")

    async def story(house: House) -> None:
        basic = "Basic " + base64.b64encode(b"alice:sesame").decode()
        known = await house.ask("GET", "/me", agent=None, headers={"Authorization": basic})
        cookie = known.headers["set-cookie"].partition(";")[0]
        await house.ask("GET", "/me?key=sesame", agent=None, headers={"Cookie": cookie})
        await house.ask("GET", "/me%0Aforged%20line%1B[31m", agent=None, headers={"Authorization": basic})
        lines.append(cookie)

    visit(story, seating=Seating((seat,)), log=lines.append, log_format=log_format)  # type: ignore[arg-type]  # one of its two words
    token = lines.pop().partition("=")[2]
    text = "\n".join(lines)
    assert len(text.splitlines()) == 3
    for secret in ("sesame", "YWxpY2U6", token, "\x1b"):
        assert secret not in text


def test_a_websocket_that_is_not_admitted_is_refused_before_the_upgrade_with_a_reason() -> None:
    """CometD, JavaScript transports: a client falls back to long-polling when it is refused."""
    alice = (b"authorization", b"Basic MTUwMDA6MTUwMDA=")
    here, elsewhere = (b"origin", b"http://desk.example"), (b"origin", b"http://evil.example")
    host = (b"host", b"desk.example")

    async def story(house: House) -> None:
        async def upgrade(path: str, *headers: tuple[bytes, bytes], told: bool = True) -> list[Any]:
            incoming: Any = asyncio.Queue()
            incoming.put_nowait({"type": "websocket.connect"})
            incoming.put_nowait({"type": "websocket.disconnect", "code": 1001})
            sent: list[Any] = []

            async def send(event: Any) -> None:
                sent.append(event.get("status") or event["type"])

            extensions = {"websocket.http.response": {}} if told else None
            scope = {
                "type": "websocket",
                "path": path,
                "query_string": b"",
                "headers": [*headers],
                "extensions": extensions,
            }
            await house.app(scope, incoming.get, send)
            return sent

        url = "/api/v2/notifications"
        body = "websocket.http.response.body"
        assert await upgrade(url) == [403, body]
        assert await upgrade(url, told=False) == ["websocket.close"]
        assert await upgrade("/api/v2/me", alice) == [404, body]
        assert await upgrade(f"{url}/handshake", alice) == [404, body]
        assert await upgrade(url, alice, elsewhere, host) == [403, body]
        assert await upgrade(url, alice, here, host) == ["websocket.accept"]
        assert await upgrade(url + "/", alice) == ["websocket.accept"]
        assert await upgrade(f"/s/build-1{url}") == [403, body]
        assert await upgrade(f"/s/build-1{url}", alice) == ["websocket.accept"]
        assert house.app.sandboxes.names() == ["build-1"]

    visit(story)


@pytest.mark.parametrize("origins", [(), ("http://desk.example",)])
def test_pages_that_may_use_the_api_may_open_a_websocket(origins: tuple[str, ...]) -> None:
    """RFC 6455, Origin Considerations."""
    scope = {"headers": [(b"origin", b"http://desk.example"), (b"host", b"127.0.0.1:8080")]}
    assert is_from_elsewhere(scope, origins) is not bool(origins)


def test_every_default_is_what_the_command_uses() -> None:
    application = build_app(Settings(CONTRACT, SEATING))
    assert application.clock.now() >= 0
    assert application.switch.calls(ALICE) == []


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://gate.example/gws/", "https://gate.example/gws"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("HTTP://Gate.example/a%20b", "HTTP://Gate.example/a%20b"),
    ],
)
def test_a_public_base_is_an_address_without_its_last_slash(given: str, base: str) -> None:
    assert read_public_base(given) == base


@pytest.mark.parametrize(
    "given",
    [
        "",
        "switch",
        "ftp://x",
        "http://",
        "http://x:99999",
        "http://x/api/v2",
        "http://x?y",
        "http://u:p@x",
        "http://x y",
        "http://x#f",
        "http://a..b",
        "http://x:",
        "http://x/%zz",
        "http://x/{y}",
        "http://\u00fc",
    ],
)
def test_a_base_that_no_link_can_begin_with_is_refused(given: str) -> None:
    with pytest.raises(BadPublicBase, match="write it like http"):
        read_public_base(given)


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("127.0.0.1", "http://127.0.0.1:1"),
        ("0.0.0.0", "http://127.0.0.1:1"),
        ("::", "http://[::1]:1"),
        ("::1", "http://[::1]:1"),
    ],
)
def test_a_server_is_reached_from_its_own_machine_at_an_address_that_works(host: str, base: str) -> None:
    assert local_base(host, 1) == base
