"""The journal, read through the administration interface: what happened, in order, without secrets, and reproducible."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from refswitch import journal as journals
from refswitch.settings import Settings

from ..house import ALICE, BOB, CONTRACT, DEVICES, FIRST, SEATING, House, visit  # noqa: TID252  # the whole house is one floor up
from ..process import serving  # noqa: TID252  # as above
from .administration import Admin


def without_numbers(entries: list[Any]) -> list[Any]:
    return [{name: value for name, value in entry.items() if name != "number"} for entry in entries]


def test_the_journal_follows_an_operation_from_its_request_to_its_notifications() -> None:
    async def story(house: House) -> None:
        await house.listen()
        since = (await Admin(house).get("/journal"))["next"]
        house.clock.advance(1.5)
        await house.dial("70000", userData={"Case": "7"})
        await house.told()
        body = {"operationName": "Dial", "destination": {"phoneNumber": "70000"}, "userData": {"Case": "7"}}
        told = await Admin(house).get(f"/journal?since={since}")
        request, dialled, answer, connect, event, reply = without_numbers(told["entries"])
        assert request == {
            "seconds": 1.5,
            "kind": "http",
            "event": "request",
            "agent": ALICE,
            "method": "POST",
            "path": f"/api/v2/me/devices/{DEVICES[ALICE]}/calls",
            "body": body,
        }
        assert dialled == {
            "seconds": 1.5,
            "kind": "state",
            "event": "Dial",
            "command": {"agent": ALICE, "body": body},
            "changes": [{"agent": ALICE, "id": FIRST, "state": "Dialing", "told": "StatusChange"}],
        }
        assert answer == {
            "seconds": 1.5,
            "kind": "http",
            "event": "answer",
            "agent": ALICE,
            "operation": "Dial",
            "status": 200,
            "statusCode": 0,
            "body": {"statusCode": 0},
        }
        assert (connect["event"], connect["message"]["clientId"]) == ("in", "session-1")
        assert event["message"]["data"]["call"]["state"] == "Dialing"
        assert reply["message"]["channel"] == "/meta/connect"

    visit(story)


def test_the_journal_gives_the_reason_of_a_refusal_which_has_no_effect() -> None:
    async def story(house: House) -> None:
        await house.dial(BOB)
        await house.operate(FIRST, "Retrieve")
        (refused,) = [one for one in await states(house) if "refused" in one]
        assert refused["command"] == {
            "body": {"operationName": "Retrieve"},
            "leg": {"agent": ALICE, "call_id": FIRST},
        }
        assert refused["refused"].startswith("Retrieve is not possible")
        assert "changes" not in refused

    visit(story)


async def states(house: House) -> list[Any]:
    found: list[Any] = (await Admin(house).get("/journal?kind=state"))["entries"]
    return found


def test_the_journal_shows_what_the_administrator_does() -> None:
    async def story(house: House) -> None:
        admin = Admin(house)
        await house.dial("70000")
        await admin.done(f"/calls/{FIRST}/remote", {"event": "answer"})
        told = await admin.ask("POST", f"/calls/{FIRST}/remote", {"event": "dtmf"})
        assert told.body["statusMessage"] == "$.digits is required with the event dtmf"
        await admin.done(f"/calls/{FIRST}/remote", {"event": "dtmf", "digits": "12#"})
        await admin.ask("POST", "/clock", {"advance": 2})
        kept = (await admin.ask("POST", "/snapshots")).body["id"]
        await admin.done(f"/snapshots/{kept}/restore")
        events = [one["event"] for one in await states(house)]
        assert events == ["Dial", "FarEnd", "Digits", "Clock", "Restored"]
        digits = (await states(house))[2]
        assert digits["facts"] == {"call": FIRST, "number": "70000", "digits": "12#"}

    visit(story)


def test_a_journal_contains_no_secret() -> None:
    """SE-2: anybody who knows a clientId can take its messages."""

    async def story(house: House) -> None:
        basic = base64.b64encode(f"{ALICE}:{ALICE}".encode()).decode()
        told = await house.get("/me")
        cookie = told.headers["set-cookie"].partition(";")[0].partition("=")[2]
        session = {"Cookie": f"JSESSIONID={cookie}", "X-CSRF-TOKEN": told.headers["x-csrf-token"]}
        await house.ask("GET", "/me", headers={"Authorization": "Basic wrong"}, agent=None)

        async def speak(channel: str, **more: object) -> Any:
            body = [{"channel": channel, **more}]
            return (await house.ask("POST", "/notifications", body, agent=None, headers=session)).body

        shaken = await speak("/meta/handshake", version="1.0", supportedConnectionTypes=["long-polling"])
        client_id = shaken[0]["clientId"]
        await speak("/meta/connect", connectionType="long-polling", clientId=client_id)
        await speak("/meta/connect", connectionType="long-polling", clientId="guessed-id")
        text = (await Admin(house).ask("GET", "/journal.ndjson")).body
        assert len(text.splitlines()) == 10
        for secret in (basic, cookie, session["X-CSRF-TOKEN"], client_id, "guessed-id", "wrong"):
            assert secret not in text

    visit(story, settings=Settings(CONTRACT, SEATING, csrf=True))


def test_a_refused_poll_is_in_the_journal_although_no_message_was_read() -> None:
    async def story(house: House) -> None:
        await house.ask("POST", "/notifications", agent=None, content=b"[]")
        entries = (await Admin(house).get("/journal?kind=http"))["entries"]
        assert [(one["event"], one.get("status")) for one in entries] == [("request", None), ("answer", 403)]

    visit(story)


def test_reading_continues_where_it_stopped() -> None:
    async def story(house: House) -> None:
        admin = Admin(house)
        for _ in range(3):
            await house.get("/me")
        whole = await admin.get("/journal")
        assert [entry["number"] for entry in whole["entries"]] == [1, 2, 3, 4, 5, 6]
        assert (whole["next"], whole["lost"]) == (6, 0)
        rest = await admin.get("/journal?since=4")
        assert rest == {"entries": whole["entries"][4:], "next": 6, "lost": 0}
        assert await admin.get("/journal?since=6") == {"entries": [], "next": 6, "lost": 0}
        assert await admin.get("/journal?kind=state&since=2") == {"entries": [], "next": 6, "lost": 0}
        lines = (await admin.ask("GET", "/journal.ndjson?since=4")).body.splitlines()
        assert [json.loads(line) for line in lines] == rest["entries"]

    visit(story)


@pytest.mark.parametrize(("limit", "value", "kept"), [("MOST_ENTRIES", 4, 4), ("MOST_BYTES", 1000, 1)])
def test_the_oldest_entries_make_room(
    monkeypatch: pytest.MonkeyPatch, limit: str, value: int, kept: int
) -> None:
    monkeypatch.setattr(journals, limit, value)

    async def story(house: House) -> None:
        for _ in range(3):
            await house.get("/me")
        told = await Admin(house).get("/journal")
        assert (len(told["entries"]), told["entries"][-1]["number"], told["lost"]) == (kept, 6, 6 - kept)

    visit(story)


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("since=x", "query parameter since must be the number of an entry"),
        ("since=-1", "query parameter since must be the number of an entry"),
        ("kind=post", "query parameter kind must be one of http, cometd, state"),
    ],
)
def test_what_cannot_be_read_is_refused(query: str, problem: str) -> None:
    async def story(house: House) -> None:
        for path in ("/journal", "/journal.ndjson", "/journal.mmd"):
            told = await Admin(house).ask("GET", f"{path}?{query}")
            assert (told.code, told.body["statusMessage"]) == ((400, 10), problem)

    visit(story)


def test_a_call_is_drawn() -> None:
    async def story(house: House) -> None:
        await house.listen()
        since = (await Admin(house).get("/journal"))["next"]
        await house.dial("70001")
        house.clock.advance(1)
        await house.told()
        drawn = (await Admin(house).ask("GET", f"/journal.mmd?since={since}")).body
        assert drawn.splitlines() == [
            "sequenceDiagram",
            "  participant 15000",
            "  participant refswitch",
            f"  15000->>refswitch: POST /api/v2/me/devices/{DEVICES[ALICE]}/calls Dial",
            "  refswitch-->>15000: 200 statusCode 0",
            f"  Note over refswitch: FarEnd {FIRST} 70001 answers",
            f"  refswitch-)15000: StatusChange Dialing {FIRST}",
            f"  refswitch-)15000: StatusChange Established {FIRST}",
        ]

    visit(story)


DIALLED: Mapping[str, Any] = {
    "kind": "state",
    "event": "Dial",
    "command": {"body": {"destination": {"phoneNumber": BOB}}},
}
ANSWERED: Mapping[str, Any] = {"event": "Operate", "command": {"body": {"operationName": "Answer"}}}


@pytest.mark.parametrize(
    ("body", "matched"),
    [
        ({"expect": [DIALLED]}, [2]),
        ({"expect": [DIALLED, ANSWERED]}, [2, 5]),
        ({"expect": [ANSWERED, DIALLED], "ordered": False}, [5, 2]),
        ({"expect": [DIALLED, ANSWERED], "kind": "state", "noOthers": True}, [2, 5]),
        ({"expect": [ANSWERED], "kind": "state", "since": 2, "noOthers": True}, [5]),
        # The first of the two must leave entry 2 to the second.
        ({"expect": [{"kind": "state"}, {"event": "Dial"}], "ordered": False}, [5, 2]),
    ],
)
def test_expected_entries_are_found(body: Any, matched: list[int]) -> None:
    async def story(house: House) -> None:
        await house.dial(BOB)
        await house.operate(FIRST, "Answer", agent=BOB)
        told = await Admin(house).ask("POST", "/journal/verify", body)
        assert told.body == {"statusCode": 0, "matched": matched}

    visit(story)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (
            {"expect": [{"event": "answer", "status": 403}]},
            "expect[0] was not found; entry 3 comes nearest, and $.status is 200, not 403",
        ),
        (
            {"expect": [ANSWERED, DIALLED]},
            "expect[1] was not found after entry 5; entry 6 comes nearest, and "
            '$.kind is "http", not "state"; $.event is "answer", not "Dial"; $.command is missing',
        ),
        (
            {"expect": [DIALLED], "kind": "state", "noOthers": True},
            'entry 5 was not expected: {"number": 5, "seconds": 0.0, "kind": "state", "event": "Operate", ',
        ),
        (
            {"expect": [DIALLED, DIALLED], "ordered": False},
            "expect[1] was not found; entry 5 comes nearest, and ",
        ),
        (
            {"expect": [{"event": "x"}], "since": 6},
            "expect[0] was not found; there is no entry to compare it with",
        ),
    ],
)
def test_an_expectation_that_failed_is_named_with_its_nearest_miss(body: Any, problem: str) -> None:
    async def story(house: House) -> None:
        await house.dial(BOB)
        await house.operate(FIRST, "Answer", agent=BOB)
        told = await Admin(house).ask("POST", "/journal/verify", body)
        assert told.status == 422
        assert told.body["statusMessage"].startswith(problem)

    visit(story)


#: Keeps links the same at every start, although the port differs.
REPEATABLE = ("--seed", "7", "--clock", "frozen", "--public-base", "http://switch.example")


def told_story() -> str:
    """Two agents, a far end and a moved clock, in two sandboxes; the journal of one of them."""
    with serving(*REPEATABLE) as address, httpx.Client(base_url=address + "/s/one", timeout=60) as client:

        def post(path: str, body: Any, agent: str = ALICE) -> Any:
            return client.post("/api/v2" + path, json=body, auth=(agent, agent)).json()

        def speak(channel: str, **more: Any) -> list[Any]:
            answer: list[Any] = post("/notifications", [{"channel": channel, **more}])
            return answer

        shaken = speak("/meta/handshake", version="1.0", supportedConnectionTypes=["long-polling"])
        me = {"clientId": shaken[0]["clientId"]}
        speak("/meta/subscribe", subscription="/v2/me/calls", **me)
        post(
            f"/me/devices/{DEVICES[ALICE]}/calls",
            {"operationName": "Dial", "destination": {"phoneNumber": BOB}},
        )
        connect = {"connectionType": "long-polling", "advice": {"timeout": 0}}
        call = speak("/meta/connect", **connect, **me)[0]["data"]["call"]["id"]
        post(f"/me/calls/{call}", {"operationName": "Answer"}, BOB)
        body = {"operationName": "InitiateConference", "destination": {"phoneNumber": "70001"}}
        post(f"/me/calls/{call}", body)
        client.post("/__admin/v1/clock", json={"advance": 2.5})
        post(f"/me/calls/{call}", {"operationName": "CompleteConference"})
        speak("/meta/connect", **connect, **me)
        client.get("/api/v2/me/calls", params={"fields": "*"}, auth=(ALICE, ALICE))
        text = client.get("/__admin/v1/journal.ndjson").text
        assert len(text.splitlines()) > 20
        return text


def test_the_same_requests_make_the_same_journal_byte_for_byte() -> None:
    assert told_story() == told_story()
