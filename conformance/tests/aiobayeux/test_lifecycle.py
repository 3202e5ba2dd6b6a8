"""What kills sessions in the field, produced by the reference server on demand, and lived through by our client.

The threads that each is known from are named where there is one.
"""

from __future__ import annotations

import pytest

from callproof.bayeux import Delivered, HandshakeDone, LateReply, Subscribed, UnknownClient

from .stage import CALLS, Stage, Trouble, lose_patience, next_of, numbers, staged

TRANSPORTS = pytest.mark.parametrize("transport", ["long-polling", "websocket"])
UNKNOWN = pytest.mark.parametrize("number", ["70304", "70305", "70306"], ids=["402", "403", "unadvised"])
HANDSHAKE, SUBSCRIBE = "/meta/handshake", "/meta/subscribe"


@TRANSPORTS
@UNKNOWN
@staged()
async def test_an_unknown_client_shakes_hands_once_and_subscribes_again(
    stage: Stage, transport: str, number: str
) -> None:
    """cometd#1033 (402), cometd#775 (403, nothing subscribed again), aiocometd#1 (no advice, a storm of handshakes)."""
    async with stage.session(transport) as session:
        await stage.until_held()
        await stage.dial(number)
        await next_of(session, UnknownClient)
        await stage.until_held()
        await stage.publish(1, 2)
        assert await numbers(session, 2) == [1, 2]
        assert len(await stage.received(HANDSHAKE)) == 2
        assert [one["subscription"] for one in await stage.received(SUBSCRIBE)] == [CALLS] * 2


@TRANSPORTS
@staged()
async def test_a_broken_connection_costs_neither_the_session_nor_a_notification(
    stage: Stage, transport: str
) -> None:
    """CometD.NetCore.Salesforce#16: lost after a break of the network."""
    async with stage.session(transport) as session:
        await stage.until_held()
        await stage.dial("70307")
        told = await next_of(session, Delivered)
        assert told.data["call"]["state"] == "Dialing"
        assert len(await stage.received(HANDSHAKE)) == 1


@staged("--require-cookie")
async def test_cookies_are_sent_back(stage: Stage) -> None:
    """restforce#97: a session that is found by its cookie is unknown without it."""
    async with stage.session() as session:
        await stage.until_held()
        await stage.publish(1)
        assert await numbers(session, 1) == [1]
        assert len(await stage.received(HANDSHAKE)) == 1


@TRANSPORTS
@staged()
async def test_of_two_handshakes_that_race_the_one_that_was_given_up_changes_nothing(
    stage: Stage, transport: str
) -> None:
    """cometd#2057: the answer to the first comes when the second has been answered."""
    async with stage.session(transport) as session:
        await stage.until_held()
        await stage.dial("70313")
        await stage.until_received(HANDSHAKE, 2)
        lose_patience()
        trouble = await next_of(session, Trouble)
        assert [message["channel"] for message in trouble.messages] == [HANDSHAKE]
        done = await next_of(session, HandshakeDone)
        await stage.until_held()
        await stage.pass_time(15)
        await stage.publish(1)
        if transport == "websocket":
            assert (await next_of(session, LateReply)).channel == HANDSHAKE
        assert await numbers(session, 1) == [1]
        assert session.client.client_id == done.client_id


@TRANSPORTS
@staged()
async def test_a_client_that_acknowledges_gets_the_messages_of_a_lost_answer_again(
    stage: Stage, transport: str
) -> None:
    """CometD, Acknowledge Extension."""
    async with stage.session(transport) as session:
        await stage.until_held()
        await stage.dial("70312")
        told = await next_of(session, Delivered)
        assert told.data["call"]["state"] == "Dialing"
        assert len(await stage.received(HANDSHAKE)) == 1


@TRANSPORTS
@staged()
async def test_a_client_that_does_not_acknowledge_loses_them(stage: Stage, transport: str) -> None:
    """That the answer was really lost: what comes next is what came after it."""
    async with stage.session(transport, acknowledge=False) as session:
        await stage.until_held()
        await stage.dial("70312")
        await stage.until_received("/meta/connect", 3)  # the one after the one whose answer was lost
        await stage.publish(1)
        told = await next_of(session, Delivered)
        while "number" not in told.data:
            assert told.data["call"]["state"] != "Dialing"
            told = await next_of(session, Delivered)


@pytest.mark.parametrize("number", ["70310", "70311"])
@staged()
async def test_a_websocket_that_is_closed_or_not_taken_again_costs_nothing(stage: Stage, number: str) -> None:
    """WS-11, WS-19: the session goes on, over another socket or by polling."""
    async with stage.session("websocket", connection_types=["websocket", "long-polling"]) as session:
        await stage.until_held()
        await stage.dial(number)
        told = await next_of(session, Delivered)
        assert told.data["call"]["state"] == "Dialing"
        assert len(await stage.received(HANDSHAKE)) == 1


@TRANSPORTS
@staged()
async def test_who_does_not_take_what_comes_is_waited_for(stage: Stage, transport: str) -> None:
    """What is not taken waits at the server, whose limit holds; nothing is lost, and nothing comes twice."""
    async with stage.session(transport, most_waiting=1) as session:
        await next_of(session, Subscribed)
        await stage.publish(*range(100))
        [waiting] = await stage.sessions()
        assert waiting["queued"] > 0
        assert await numbers(session, 100) == list(range(100))
