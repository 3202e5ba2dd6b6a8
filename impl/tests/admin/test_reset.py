"""The way back to the beginning: what a reset ends, what it restores, what it leaves, and what clients learn of it."""

from __future__ import annotations

import asyncio
from typing import Any

from ..house import ALICE, BOB, CAROL, DEVICES, FIRST, SECOND, House, Told, visit  # noqa: TID252  # the whole house is one floor up
from ..transports.driver import connect, event  # noqa: TID252  # as above
from ..transports.test_websocket import TYPE, Site, over_a_port  # noqa: TID252  # as above
from .administration import DOCUMENT, Admin

START = {"operationName": "StartContactCenterSession", "channels": ["voice"]}


async def reset(admin: Admin) -> Told:
    """Reset, and check the answer against the interface's description."""
    told = await admin.ask("POST", "/reset")
    assert set(told.body) == set(DOCUMENT["components"]["schemas"]["Reset"]["required"])
    return told


async def whole_state(house: House) -> dict[str, Any]:
    """All that agents and the administrator can read, but the times."""
    admin = Admin(house)
    agents = (ALICE, BOB, CAROL)
    return {
        "devices": [(await house.get("/me/devices?fields=*", agent=agent)).body for agent in agents],
        "me": [(await house.get("/me?subresources=*", agent=agent)).body for agent in agents],
        "calls": await admin.get("/calls"),
        "agents": await admin.get("/agents"),
        "faults": await admin.get("/faults"),
        "sessions": await admin.get("/sessions"),
        "rate": (await admin.get("/clock"))["rate"],
    }


async def upset(house: House) -> None:
    """Change everything that can be changed."""
    admin = Admin(house)
    for agent in (ALICE, BOB):
        await house.post("/me", START, agent=agent)
        await house.post("/me", {"operationName": "Ready"}, agent=agent)
    await house.dial(BOB)
    await house.operate(FIRST, "Answer", agent=BOB)
    await house.listen(ALICE)
    device = f"/me/devices/{DEVICES[CAROL]}"
    await house.post(device, {"operationName": "ForwardCallsOn", "destination": BOB}, agent=CAROL)
    await house.post(f"/me/devices/{DEVICES[BOB]}", {"operationName": "DoNotDisturbOn"}, agent=BOB)
    faults = {"faults": [{"outcome": "lost"}]}
    assert (await admin.ask("PUT", "/faults", faults)).code == (200, 0)
    assert (await admin.ask("POST", "/clock", {"rate": 60})).status == 200


def test_reset_restores_whatever_can_be_changed() -> None:
    async def story(house: House) -> None:
        before = await whole_state(house)
        await upset(house)
        assert (await whole_state(house)).keys() == before.keys()
        await reset(Admin(house))
        assert await whole_state(house) == before

    visit(story)


def test_the_answer_says_what_ended_and_that_the_journal_stays() -> None:
    async def story(house: House) -> None:
        admin = Admin(house)
        await upset(house)
        before = (await admin.get("/journal"))["entries"]
        told = (await reset(admin)).body
        after = (await admin.get("/journal"))["entries"]
        assert after[: len(before)] == before
        assert after[-1]["event"] == "Reset"
        assert told == {
            "statusCode": 0,
            "ended": {"calls": 1, "sessions": 1},
            "journal": {"kept": True, "next": after[-1]["number"]},
        }
        assert (await admin.get(f"/journal?since={told['journal']['next']}"))["entries"] == []

    visit(story)


def test_the_clocks_time_the_ids_and_the_snapshots_go_on() -> None:
    async def story(house: House) -> None:
        admin = Admin(house)
        await house.dial(BOB)
        kept = (await admin.ask("POST", "/snapshots")).body["id"]
        await admin.ask("POST", "/clock", {"advance": 7})
        await reset(admin)
        assert await admin.get("/clock") == {"seconds": 7, "rate": 0}
        await house.dial(BOB)
        assert await house.states() == {SECOND: "Dialing"}, "no id is used twice"
        await admin.done(f"/snapshots/{kept}/restore")
        assert await house.states() == {FIRST: "Dialing"}

    visit(story)


def test_the_seats_are_those_last_loaded() -> None:
    async def story(house: House) -> None:
        admin = Admin(house)
        await admin.ask("PUT", "/agents", {"seats": [{"number": "4000"}]})
        await reset(admin)
        assert [agent["number"] for agent in (await admin.get("/agents"))["agents"]] == ["4000"]

    visit(story)


def test_a_held_poll_tells_of_the_end_of_the_call_and_the_client_is_unknown_afterwards() -> None:
    async def story(house: House) -> None:
        await house.dial(BOB)
        await house.listen()
        await house.told()
        poll = asyncio.create_task(house.post("/notifications", [connect(house.client_id())]))
        while not any(client.is_held for client in house.app.sandboxes.main.courier.clients()):
            await house.turn()
        await reset(Admin(house))
        released, answered = (await poll).body
        assert (released["data"]["call"]["id"], released["data"]["call"]["state"]) == (FIRST, "Released")
        assert answered["successful"] is True
        [unknown] = (await house.post("/notifications", [connect(house.client_id())])).body
        assert unknown["error"].startswith("402:")
        assert unknown["advice"]["reconnect"] == "handshake"

    visit(story)


def test_a_cookie_of_before_is_refused() -> None:
    async def story(house: House) -> None:
        cookie = {"Cookie": (await house.get("/me")).headers["set-cookie"].partition(";")[0]}
        await reset(Admin(house))
        assert (await house.ask("GET", "/me", agent=None, headers=cookie)).code == (403, 20)

    visit(story)


def test_what_was_due_before_does_not_happen_afterwards() -> None:
    """A party that would have answered, a notification that was late, and an answer that was to come after 35 seconds."""

    async def story(house: House) -> None:
        await house.dial("70005")
        await house.dial("70303", agent=BOB)
        late = asyncio.create_task(house.dial("70204", agent=CAROL))
        while not await house.states(CAROL):
            await house.turn()
        told = (await reset(Admin(house))).body
        assert (await late).code == (200, 0), "nobody waits for a clock that goes on without them"
        await house.listen(BOB)
        house.clock.advance(60)
        await house.turn()
        assert await house.told(BOB) == []
        later = (await Admin(house).get(f"/journal?kind=state&since={told['journal']['next']}"))["entries"]
        assert later == []

    visit(story)


def test_a_request_on_its_way_meets_the_switch_that_is_there_when_it_arrives() -> None:
    async def story(house: House) -> None:
        is_reset = asyncio.Event()

        async def slowly() -> Any:
            yield b'{"operationName": "Dial", '
            await is_reset.wait()
            yield b'"destination": {"phoneNumber": "15001"}}'

        path = f"/me/devices/{DEVICES[ALICE]}/calls"
        dial = asyncio.create_task(house.ask("POST", path, content=slowly()))
        await house.turn()
        await reset(Admin(house))
        is_reset.set()
        told = await dial
        assert told.code == (200, 0)
        assert "set-cookie" not in told.headers, "its session ended meanwhile"
        assert await house.states() == {FIRST: "Dialing"}

    visit(story)


@over_a_port()
async def test_a_socket_carries_what_was_published_and_is_closed_with_1001(site: Site) -> None:
    async with site.socket() as talk:
        client_id = await talk.begin()
        await talk.send(connect(client_id, **TYPE))
        await site.publish(1)
        assert (await site.client.post("/__admin/v1/reset")).json()["ended"] == {"calls": 0, "sessions": 1}
        assert await talk.frame() == [event(1)]
        assert await talk.closing() == (1001, "Going away")
    [reply] = await site.post(connect(client_id))
    assert reply["error"].startswith("402:")
