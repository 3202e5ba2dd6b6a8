"""Held polls: when they are answered, and what happens to messages that nobody reads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

import pytest

from .driver import ALICE, BOB, Site, connect, connected, disconnect, event, play, settle, subscribe


def scene(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """A test that runs in virtual time."""

    @wraps(test)
    def played(*args: Any, **kwargs: Any) -> None:
        play(test(*args, **kwargs))

    return played


@scene
async def test_a_poll_is_answered_at_its_timeout() -> None:
    """CN-1, CN-2: Bayeux 1.0, Polling transports."""
    site = Site()
    poll = await site.hold(await site.begin(), id="3")
    assert await poll.answer() == [connected(id="3")]
    assert poll.answered_at == pytest.approx(30)


@scene
async def test_each_poll_is_answered_at_its_own_timeout_whatever_came_before() -> None:
    """Bayeux 1.0, timeout advice field: one timer serves them all."""
    site = Site()
    clients = [await site.begin() for _ in range(3)]
    asked = [5000, 1000, 3000]
    polls = [await site.hold(name, advice={"timeout": ms}) for name, ms in zip(clients, asked, strict=True)]
    await asyncio.gather(*(poll.done() for poll in polls))
    assert [poll.answered_at for poll in polls] == pytest.approx([5, 1, 3])


@scene
async def test_everything_published_in_one_turn_leaves_in_one_answer_and_in_order() -> None:
    """CometD, Message ordering."""
    site = Site()
    poll = await site.hold(await site.begin(), id="3")
    site.publish(1, 2)
    site.publish(3)
    assert await poll.answer() == [event(1), event(2), event(3), connected(id="3")]


@scene
async def test_events_reach_only_their_owners_polls() -> None:
    """DL-11: Bayeux 1.0, Delivery."""
    site = Site()
    alice, bob = await site.hold(await site.begin(ALICE)), await site.hold(await site.begin(BOB), BOB)
    site.publish(1, owner=ALICE)
    assert await alice.answer() == [event(1), connected()]
    site.publish(2, owner=BOB)
    assert await bob.answer() == [event(2), connected()]


@scene
async def test_a_client_that_hung_up_gets_its_messages_with_the_next_connect() -> None:
    """DL-10, DC-8: Bayeux 1.0, Delivery; CometD, Configuration: maxInterval."""
    site = Site()
    client_id = await site.begin()
    gone = await site.hold(client_id)
    gone.abort()
    await gone.done()
    site.publish(1)
    assert gone.outgoing == []
    assert await site.post(connect(client_id)).answer() == [event(1), connected()]


@scene
async def test_a_message_published_just_after_the_client_hung_up_is_not_lost_either() -> None:
    """DL-10: Bayeux 1.0, Delivery: the hang-up and the message fall into the same turn."""
    site = Site()
    client_id = await site.begin()
    gone = await site.hold(client_id)
    gone.abort()
    site.publish(1)
    await gone.done()
    assert gone.outgoing == []
    assert await site.post(connect(client_id)).answer() == [event(1), connected()]


@scene
async def test_a_poll_whose_handler_is_cancelled_loses_nothing() -> None:
    """Bayeux 1.0, Delivery: a server under an impatient framework."""
    site = Site()
    client_id = await site.begin()
    gone = await site.hold(client_id)
    assert gone.task is not None
    gone.task.cancel()
    site.publish(1)
    await settle()
    assert gone.task.cancelled()
    assert await site.post(connect(client_id)).answer() == [event(1), connected()]


@scene
async def test_an_answer_cancelled_before_it_is_written_loses_nothing_and_leaves_nothing_behind() -> None:
    """Bayeux 1.0, Delivery."""
    site = Site()
    client_id = await site.begin()
    site.publish(1)
    gone = site.post(connect(client_id))
    await asyncio.sleep(0)
    assert gone.task is not None
    gone.task.cancel()
    await settle()
    assert (gone.task.cancelled(), gone.outgoing, site.courier._exchanges) == (True, [], {})
    assert await site.post(connect(client_id)).answer() == [event(1), connected()]


@scene
async def test_a_client_that_hung_up_and_stays_away_is_forgotten() -> None:
    """CometD, Configuration: maxInterval."""
    site = Site()
    client_id = await site.begin()
    gone = await site.hold(client_id)
    gone.abort()
    await gone.done()
    await site.until(10.1)
    [reply] = await site.post(connect(client_id)).answer()
    assert (reply["error"], reply["advice"]["reconnect"]) == ("402::Unknown client", "handshake")


@scene
async def test_a_second_poll_answers_the_first() -> None:
    """Bayeux 1.0, Connect: one outstanding connect per client."""
    site = Site()
    client_id = await site.begin()
    first = await site.hold(client_id, id="3")
    second = await site.hold(client_id, id="4")
    assert await first.answer() == [connected(id="3")]
    site.publish(1)
    assert await second.answer() == [event(1), connected(id="4")]


@scene
async def test_other_requests_are_answered_while_a_poll_is_held() -> None:
    """CN-9, CN-10, LP-6: Bayeux 1.0, Two connection operation."""
    site = Site()
    client_id = await site.begin()
    poll = await site.hold(client_id)
    [reply] = await site.post(subscribe(client_id, "/other")).answer()
    assert reply["successful"]
    assert poll.outgoing == []
    poll.abort()
    await poll.done()


@scene
async def test_a_disconnect_is_answered_after_the_poll_that_it_releases() -> None:
    """DC-2: Bayeux 1.0, Disconnect."""
    site = Site()
    client_id = await site.begin()
    poll = await site.hold(client_id, id="6")
    last = site.post(disconnect(client_id, id="7"), suffix="/disconnect")
    [released], [reply] = await poll.answer(), await last.answer()
    assert (released["id"], released["advice"]["reconnect"]) == ("6", "none")
    assert reply == {"id": "7", "channel": "/meta/disconnect", "successful": True}
    assert ['"id":"6"' in body for body in site.finished[-2:]] == [True, False]


@scene
async def test_a_server_that_closes_answers_everybody_and_does_not_advise_them_to_stay_away() -> None:
    """AD-1: Bayeux 1.0, reconnect."""
    site = Site()
    polls = [await site.hold(await site.begin(user), user) for user in (ALICE, BOB)]
    site.courier.close()
    assert [await poll.answer() for poll in polls] == [[connected()], [connected()]]


@scene
async def test_after_everybody_has_gone_nothing_is_left_waiting() -> None:
    """CometD, Configuration: maxInterval. Otherwise the loop would always find a timer."""
    site = Site()
    for user in (ALICE, BOB):
        client_id = await site.begin(user)
        await (await site.hold(client_id, user)).answer()
    await site.until(1000)
    assert len(asyncio.all_tasks()) == 1
    assert site.courier._exchanges == {}
    assert site.courier._timer is None


@scene
async def test_a_server_that_cannot_hang_up_gives_an_answer_that_no_client_mistakes_for_one() -> None:
    """The messages wait for the next poll all the same."""
    site = Site()
    client_id = await site.begin()
    poll = await site.hold(client_id, has_extension=False)
    site.courier.abort(ALICE)
    site.publish(1)
    await poll.done()
    assert (poll.status, poll.body) == (502, b"")
    assert await site.post(connect(client_id)).answer() == [event(1), connected()]


@scene
async def test_hanging_up_held_polls_affects_one_owner_and_later_messages_wait_for_the_next_poll() -> None:
    """Bayeux 1.0, Polling transports: connections break, and clients connect again."""
    site = Site()
    mine, other = await site.begin(), await site.begin(BOB)
    poll, others = await site.hold(mine), await site.hold(other, BOB)
    site.courier.abort(ALICE)
    await settle()
    assert (poll.cut, poll.outgoing, others.outgoing) == (True, [], [])
    site.publish(1)
    assert await site.post(connect(mine)).answer() == [event(1), connected()]
