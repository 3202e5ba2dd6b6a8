"""Simulated numbers: every row of the table does what its sentence says, at its number, by its name and as a fault."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest
import yaml

from refswitch.fault_injection import EVENTS, SESSIONS
from refswitch.numbers import FILE, read_numbers
from refswitch.seats import Seating, new_seat, read_seating
from refswitch.settings import Settings

from .admin.administration import Admin
from .house import ALICE, BOB, CAROL, CONTRACT, DEVICES, FIRST, SECOND, House, visit
from .process import serving

OUTCOMES = read_numbers().by_name
SCHEMA: Any = json.loads(FILE.with_suffix(".schema.json").read_text())


def outcomes(*layers: str) -> list[str]:
    return [name for name, outcome in OUTCOMES.items() if outcome.layer in layers]


def test_the_table_fits_its_schema_and_every_word_of_it_is_simulated() -> None:
    jsonschema_rs.Draft202012Validator(SCHEMA).validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
    row = SCHEMA["$defs"]["row"]["properties"]
    assert set(row["events"]["enum"]) == set(EVENTS) == {one.events for one in OUTCOMES.values()} - {None}
    assert set(row["session"]["enum"]) == set(SESSIONS) == {one.session for one in OUTCOMES.values()} - {None}


def test_every_number_and_every_name_is_unique() -> None:
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))["numbers"]
    single = [row["number"] for row in rows if "number" in row]
    assert len(OUTCOMES) == len(read_numbers().by_number) == len(single) + 99
    assert OUTCOMES["answers-after-7"].number == "70007"


async def talk(house: House) -> None:
    """Alice talks to Bob, and both have read all their notifications."""
    await house.dial(BOB)
    await house.operate(FIRST, "Answer", agent=BOB)
    await house.listen()


async def initiate(house: House, number: str, **more: object) -> Any:
    return await house.operate(FIRST, "InitiateConference", destination={"phoneNumber": number}, **more)


BEGUN = [f"StatusChange Held {FIRST}", f"StatusChange Dialing {SECOND}"]
ANSWERED, OVER = f"StatusChange Established {SECOND}", f"StatusChange Released {SECOND}"
BOB_GONE = f"StatusChange Released {FIRST}"
#: outcome -> the notifications so far, by the second after the request.
PARTIES: Mapping[str, Mapping[int, list[str]]] = {
    "rings": {},
    "answers-after-3": {3: [ANSWERED]},
    "busy": {0: [OVER]},
    "rejected": {2: [OVER]},
    "does-not-exist": {0: [OVER]},
    "hangs-up": {1: [ANSWERED], 6: [OVER]},
    "held-party-hangs-up": {1: [ANSWERED], 3: [BOB_GONE, ANSWERED]},
}
#: The ways to request an outcome: by its number, by its name at a seat's number, and as a fault at any number.
Asking = Callable[[House, str], Awaitable[Any]]


async def by_number(house: House, outcome: str) -> Any:
    return await initiate(house, OUTCOMES[outcome].number)


async def by_name(house: House, outcome: str) -> Any:
    return await initiate(house, CAROL, userData={"refswitch.outcome": outcome})


async def as_a_fault(house: House, outcome: str) -> Any:
    await arm(house, {"outcome": outcome, "agent": ALICE, "operation": "InitiateConference", "times": 1})
    return await initiate(house, "4711")


async def arm(house: House, *faults: object) -> None:
    told = await Admin(house).ask("PUT", "/faults", {"faults": list(faults)})
    assert told.body == {"statusCode": 0}


EVERY_WAY = pytest.mark.parametrize("ask", [by_number, by_name, as_a_fault])


@EVERY_WAY
@pytest.mark.parametrize("outcome", PARTIES)
def test_a_party_does_what_its_outcome_says_at_its_time(ask: Asking, outcome: str) -> None:
    async def story(house: House) -> None:
        await talk(house)
        assert (await ask(house, outcome)).code == (200, 0)
        told: dict[int, list[str]] = {}
        for second in range(10):
            await house.turn()
            if heard := await house.heard():
                told[second] = heard
            house.clock.advance(1)
        assert told == {**PARTIES[outcome], 0: BEGUN + PARTIES[outcome].get(0, [])}
        assert await house.states(CAROL) == {}, "a simulated party has no leg"

    visit(story)


@EVERY_WAY
@pytest.mark.parametrize(
    ("outcome", "code", "retry_after"),
    [
        ("refused", (400, 10), None),
        ("http-500", (500, 4), None),
        ("http-503", (503, 4), "5"),
        ("session-expired", (403, 20), None),
    ],
)
def test_an_operation_refused_over_http_has_not_been_carried_out(
    ask: Asking, outcome: str, code: tuple[int, int], retry_after: str | None
) -> None:
    async def story(house: House) -> None:
        await talk(house)
        told = await ask(house, outcome)
        assert (told.code, told.headers.get("retry-after")) == (code, retry_after)
        assert await house.heard() == []
        assert await house.states() == {FIRST: "Established"}

    visit(story)


def test_an_expired_session_is_gone_and_credentials_open_another() -> None:
    async def story(house: House) -> None:
        cookie = {"Cookie": (await house.get("/me")).headers["set-cookie"].partition(";")[0]}
        body = {"operationName": "Dial", "destination": {"phoneNumber": OUTCOMES["session-expired"].number}}
        path = f"/me/devices/{DEVICES[ALICE]}/calls"
        told = await house.ask("POST", path, body, agent=None, headers=cookie)
        assert told.code == (403, 20)
        assert (await house.ask("GET", "/me", agent=None, headers=cookie)).code == (403, 20)
        assert (await house.ask("GET", "/me", headers=cookie)).code == (200, 0)

    visit(story)


@EVERY_WAY
def test_a_late_answer_comes_at_its_time_after_everything_has_been_done(ask: Asking) -> None:
    async def story(house: House) -> None:
        await talk(house)
        asked = asyncio.ensure_future(ask(house, "late-answer"))
        while not (heard := await house.heard()):
            await house.turn()
        assert heard == BEGUN
        house.clock.advance(34.5)
        await house.turn()
        assert not asked.done()
        house.clock.advance(0.5)
        assert (await asked).code == (200, 0)

    visit(story)


#: outcome -> the notifications so far, by the second after the request.
TOLD = {
    "lost": {0: BEGUN[1:], 1: [ANSWERED]},
    "twice": {0: [one for one in BEGUN for _ in range(2)], 1: [ANSWERED]},
    "out-of-order": {0: BEGUN[::-1], 1: [ANSWERED]},
    "late": {1: [ANSWERED], 5: BEGUN},
    "one-by-one": {0: BEGUN[:1], 1: [ANSWERED, BEGUN[1]]},
}


@pytest.mark.parametrize("ask", [by_number, as_a_fault])
@pytest.mark.parametrize("outcome", TOLD)
def test_notifications_go_wrong_as_their_outcome_says(ask: Asking, outcome: str) -> None:
    async def story(house: House) -> None:
        await talk(house)
        assert (await ask(house, outcome)).code == (200, 0)
        told: dict[int, list[str]] = {}
        for second in range(8):
            await house.turn()
            if heard := await house.heard():
                told[second] = heard
            house.clock.advance(1)
        assert told == TOLD[outcome], (
            "4711 is not a seat: a party that a fault finds there answers as its outcome says"
        )

    visit(story)


def test_a_seat_answers_itself_if_only_the_delivery_goes_wrong() -> None:
    async def story(house: House) -> None:
        await talk(house)
        await by_name(house, "lost")
        assert await house.states(CAROL) == {SECOND: "Ringing"}
        assert await house.heard() == BEGUN[1:]

    visit(story)


@EVERY_WAY
@pytest.mark.parametrize(
    ("outcome", "error", "reconnect"),
    [
        ("unknown-client", "402::Unknown client", "handshake"),
        ("unknown-client-403", "403::Unknown client", "handshake"),
        ("unknown-client-unadvised", "402::Unknown client", None),
    ],
)
def test_a_session_is_forgotten_with_its_notifications(
    ask: Asking, outcome: str, error: str, reconnect: str | None
) -> None:
    async def story(house: House) -> None:
        await talk(house)
        assert (await ask(house, outcome)).code == (200, 0)
        connect = {"channel": "/meta/connect", "connectionType": "long-polling"}
        for _ in range(2):
            (reply,) = await house.bayeux(dict(connect), ALICE)
            assert (reply["successful"], reply["error"]) == (False, error)
            assert reply.get("advice", {}).get("reconnect") == reconnect
        assert await house.states() == {FIRST: "Held", SECOND: "Dialing"}, "it was carried out nevertheless"
        other = (
            await house.ask("POST", "/notifications", [{**connect, "clientId": house.client_id()}], agent=BOB)
        ).body
        assert other[0]["error"] == "402::Unknown client", "nobody else learns of it"

    visit(story)


@pytest.mark.parametrize("outcome", outcomes("payload", "legal"))
def test_a_defect_is_the_only_difference(outcome: str) -> None:
    async def heard(*faults: object) -> list[Any]:
        found: list[Any] = []

        async def story(house: House) -> None:
            await talk(house)
            await arm(house, *faults)
            await initiate(house, "70000", userData={"Case": "7"})
            found.extend(message["data"] for message in await house.told())

        house = House(
            Settings(CONTRACT, read_seating("seats: [{number: '15000'}, {number: '15001'}]", "", {}))
        )
        await story(house)
        return found

    async def both() -> tuple[list[Any], list[Any]]:
        return await heard(), await heard({"outcome": outcome})

    (held, dialing), (other_held, spoilt) = asyncio.run(both())
    assert other_held == held
    defect = OUTCOMES[outcome].defect
    assert defect is not None
    place = dialing if defect["in"] == "data" else dialing["call"]
    if "remove" in defect:
        assert place.pop(defect["remove"]) is not None
    elif "set" in defect:
        place.update(defect["set"])
    else:
        place["userData"]["long"] = "x" * 30_000
    assert spoilt == dialing


def test_a_fault_hits_only_the_agents_operations_and_times_that_it_names() -> None:
    async def story(house: House) -> None:
        await talk(house)
        fault = {"outcome": "http-500", "agent": ALICE, "operation": "Hold", "times": 2}
        always = {"outcome": "lost"}
        await arm(house, fault, always)
        admin = Admin(house)
        assert await admin.get("/faults") == {"faults": [fault, always]}
        assert (await house.operate(FIRST, "Hold", agent=BOB)).code == (200, 0)
        assert (await house.operate(FIRST, "Retrieve", agent=BOB)).code == (200, 0)
        assert (await house.operate(FIRST, "Hold")).code == (500, 4)
        assert (await admin.get("/faults"))["faults"][0] == {**fault, "times": 1}
        assert (await house.operate(FIRST, "Hold")).code == (500, 4)
        assert await admin.get("/faults") == {"faults": [always]}
        assert (await house.operate(FIRST, "Hold")).code == (200, 0)
        assert await house.heard() == [], "the call was held without a notification"
        assert (await admin.ask("DELETE", "/faults")).body == {"statusCode": 0}
        assert (await house.operate(FIRST, "Retrieve")).code == (200, 0)
        assert await house.heard() == [f"StatusChange Established {FIRST}"]

    visit(story)


def test_a_refusal_of_the_call_core_loses_no_notifications() -> None:
    async def story(house: House) -> None:
        await talk(house)
        await arm(house, {"outcome": "unknown-client"})
        assert (await house.operate(FIRST, "Retrieve")).code == (400, 2)
        await house.told()
        assert len((await Admin(house).get("/sessions"))["sessions"]) == 1

    visit(story)


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (
            {"outcome": "lots"},
            "$.faults[0].outcome is not an outcome of a simulated number; did you mean lost?",
        ),
        ({"outcome": "lost", "agent": "1"}, "$.faults[0].agent is not the number of a seat"),
        ({"outcome": "lost", "times": 0}, "$.faults[0].times must"),
        ({}, "$.faults[0].outcome is required"),
    ],
)
def test_an_impossible_fault_is_refused_and_the_armed_ones_stay(fault: Any, problem: str) -> None:
    async def story(house: House) -> None:
        await arm(house, {"outcome": "lost"})
        told = await Admin(house).ask("PUT", "/faults", {"faults": [fault]})
        assert (told.code, told.body["statusMessage"][: len(problem)]) == ((400, 10), problem)
        assert await Admin(house).get("/faults") == {"faults": [{"outcome": "lost"}]}

    visit(story)


def test_an_unknown_outcome_is_refused_with_a_suggestion() -> None:
    async def story(house: House) -> None:
        await talk(house)
        told = await by_name(house, "buzy")
        assert (told.code, told.body["statusMessage"]) == (
            (400, 10),
            "$.userData.refswitch.outcome is not an outcome of a simulated number; did you mean busy?",
        )
        assert await house.states() == {FIRST: "Established"}

    visit(story)


@pytest.mark.parametrize(
    ("seating", "states"),
    [
        (Seating((new_seat(ALICE), new_seat("70100"))), {FIRST: "Dialing"}),
        (
            read_seating(
                f"seats: [{{number: '{ALICE}'}}]\nnumbers: [{{number: '70100', behaviour: rings}}]", "", {}
            ),
            {FIRST: "Dialing"},
        ),
        (
            replace(
                read_seating(
                    f"seats: [{{number: '{ALICE}'}}]\nsimulated_numbers: false\nother_numbers: rings", "", {}
                )
            ),
            {FIRST: "Dialing"},
        ),
        (Seating((new_seat(ALICE),)), {}),
    ],
)
def test_a_seats_file_may_take_the_place_of_a_simulated_number(seating: Seating, states: Any) -> None:
    async def story(house: House) -> None:
        body = {"operationName": "Dial", "destination": {"phoneNumber": "70100"}}
        assert (await house.post(f"/me/devices/{seating.seats[0].device_id}/calls", body)).code == (200, 0)
        await house.turn()
        assert await house.states() == states

    visit(story, seating=seating)


def test_a_connection_is_dropped_and_the_server_continues() -> None:
    log: list[str] = []
    with serving("--clock", "frozen", log=log) as address:
        asyncio.run(dropped(address))
    assert [line for line in log if "Traceback" in line or "ERROR" in line] == []


async def dropped(address: str) -> None:
    """An answer that never arrives, and a poll that ends without one; the operation was carried out, and nothing is lost."""
    path = f"/api/v2/me/devices/{DEVICES[ALICE]}/calls"
    async with httpx.AsyncClient(base_url=address, auth=(ALICE, ALICE), timeout=60) as client:

        async def speak(channel: str, **more: object) -> list[Any]:
            answer = await client.post("/api/v2/notifications", json=[{"channel": channel, **more}])
            found: list[Any] = answer.json()
            return found

        async def dial(outcome: str) -> httpx.Response:
            destination = {"phoneNumber": OUTCOMES[outcome].number}
            return await client.post(path, json={"operationName": "Dial", "destination": destination})

        with pytest.raises(httpx.RemoteProtocolError):
            await dial("connection-reset")
        calls = (await client.get("/api/v2/me/calls")).json()
        assert len(calls["uris"]) == 1

        shaken = await speak("/meta/handshake", version="1.0", supportedConnectionTypes=["long-polling"])
        me = {"clientId": shaken[0]["clientId"]}
        await speak("/meta/subscribe", subscription="/v2/me/calls", **me)
        connect = {"connectionType": "long-polling", **me}
        await speak("/meta/connect", **connect)
        held = asyncio.create_task(speak("/meta/connect", **connect))
        sessions = "/__admin/v1/sessions"
        while not (await client.get(sessions)).json()["sessions"][0]["held"]:
            pass
        await dial("poll-cut")
        with pytest.raises(httpx.RemoteProtocolError):
            await held
        told = await speak("/meta/connect", **connect)
        assert [one["data"]["call"]["state"] for one in told if "data" in one][-1] == "Dialing"


def test_the_page_of_the_numbers_names_every_outcome() -> None:
    page = (Path(__file__).parents[2] / "docs" / "numbers.md").read_text(encoding="utf-8")
    for row in yaml.safe_load(FILE.read_text(encoding="utf-8"))["numbers"]:
        assert f"`{row['outcome']}" in page
        assert row["text"] in page
