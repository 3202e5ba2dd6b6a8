"""An interrupted run ends its calls at once, and within its time, whatever the server does."""

from __future__ import annotations

import asyncio

from callproof.json_values import Json
from callproof.judge.played import Reply
from callproof.runner.agent_sessions import Request
from callproof.runner.ledger import Ledger, OwnLeg
from callproof.runner.stage import Timing
from callproof.runner.teardown import doubtful_left, end_at_once
from conformance.tests.switchboard import Switchboard

DIAL: Json = {"operationName": "Dial", "destination": {"phoneNumber": "15001"}}


class Silent(Switchboard):
    """A server that takes requests and never answers them."""

    async def request(self, agent: str, request: Request) -> Reply:
        await asyncio.Event().wait()
        raise AssertionError("nobody is answered")


def dialled(switch: Switchboard) -> Ledger:
    asyncio.run(Switchboard.request(switch, "alice", Request("POST", "/me/devices/d/calls", DIAL)))
    ledger = Ledger()
    for leg in switch.legs:
        ledger.learn(OwnLeg(leg.agent, leg.id, "a/b"))
    return ledger


def test_every_call_is_ended_at_the_same_time() -> None:
    switch = Switchboard()
    ledger = dialled(switch)

    ending = asyncio.run(end_at_once(switch, ledger, Timing(), 10, lambda: None))

    assert (ending.left, ledger.open_legs) == ((), ())
    assert {leg.state for leg in switch.legs} == {"Released"}


def test_a_silent_server_costs_no_more_than_the_limit_and_its_calls_are_named() -> None:
    switch = Silent()
    ledger = dialled(switch)

    ending = asyncio.run(end_at_once(switch, ledger, Timing(), 0.01, lambda: None))

    assert ending.left == tuple(
        f"the call {leg.id} of {leg.agent} (a/b): its release was never notified" for leg in switch.legs
    )


def test_a_call_that_may_be_somebody_elses_is_named_and_never_ended() -> None:
    switch = Switchboard()
    dialled(switch)
    ledger = Ledger()
    ledger.suspect(OwnLeg("alice", switch.legs[0].id, "a/b"))
    ledger.suspect(OwnLeg("alice", "over", "a/b"))

    left = asyncio.run(doubtful_left(switch, ledger))

    assert left == (
        f"the call {switch.legs[0].id} of alice (a/b): it may be this run's or somebody else's, so it was not ended; "
        "hang it up if nobody is talking",
    )
    assert [leg.state for leg in switch.legs] == ["Dialing", "Ringing"]
