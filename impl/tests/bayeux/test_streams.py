"""Streams: events go out on them without a connect, and a broken stream loses nothing."""

from __future__ import annotations

import pytest

from refswitch.bayeux import Ending

from .conversation import (
    ALICE,
    CALLS,
    HANDSHAKE_AGAIN,
    NEVER_AGAIN,
    RETRY,
    Conversation,
    connect,
    connected,
    disconnect,
    event,
    handshake,
    subscribe,
)


def streaming(**settings: object) -> Conversation:
    """A session c1 that shook hands, subscribed and first connected over the stream s1."""
    talk = Conversation(**settings)
    talk.ask(handshake(), stream="s1")
    talk.ask(subscribe("c1", CALLS), stream="s1")
    talk.ask(connect("c1"), stream="s1")
    return talk


def test_events_go_out_on_the_stream_while_the_connect_stays_held() -> None:
    """WS-7, WS-9: the connect is still answered at its timeout."""
    talk = streaming()
    poll = talk.hold("c1", stream="s1")
    talk.publish(1)
    talk.publish(2)
    assert talk.ready() == ["s1"]
    assert talk.flush("s1") == [event(1), event(2)]
    assert talk.pass_time(29.9) == []
    assert talk.pass_time(0.2) == [poll]
    assert talk.take(poll) == [connected()]


def test_events_go_out_while_no_connect_is_outstanding() -> None:
    """WS-8."""
    talk = streaming()
    talk.publish(1)
    assert talk.ready() == ["s1"]
    assert talk.flush("s1") == [event(1)]


def test_a_connect_that_is_answered_anyway_carries_waiting_events_and_keeps_their_order() -> None:
    """DL-6, DL-7."""
    talk = streaming()
    talk.publish(1)
    assert talk.ask(connect("c1", advice={"timeout": 0}), stream="s1") == [event(1), connected(advice=RETRY)]
    assert talk.flush("s1") == []


def test_a_session_begun_by_polling_moves_to_the_stream_with_its_first_connect_there_and_back() -> None:
    """WS-5, WS-6: nothing but its client id is needed."""
    talk = Conversation()
    talk.begin(ALICE, CALLS)
    poll = talk.hold("c1", stream="s1")
    talk.publish(1)
    assert talk.ready() == ["s1"]
    assert talk.flush("s1") == [event(1)]
    back = talk.send(connect("c1"))
    assert talk.ready() == [poll]
    assert talk.take(poll) == [connected()]
    talk.publish(2)
    assert talk.ready() == [back]
    assert talk.take(back) == [event(2), connected()]


def test_a_stream_that_breaks_leaves_the_session_and_its_queue() -> None:
    """WS-11, DC-8: later events go out on the next stream, while its connect is held."""
    talk = streaming()
    poll = talk.hold("c1", stream="s1")
    talk.server.lost(poll, talk.now)
    talk.server.closed("s1")
    talk.publish(1)
    assert talk.ready() == []
    poll = talk.send(connect("c1"), stream="s2")
    assert talk.ready() == ["s2"]
    assert talk.flush("s2") == [event(1)]
    assert talk.pass_time(30.1) == [poll]


def test_a_session_whose_stream_broke_is_swept_after_the_maximum_interval() -> None:
    """DC-4, DC-8."""
    talk = streaming()
    talk.server.closed("s1")
    talk.pass_time(9.9)
    assert talk.knows("c1")
    talk.pass_time(10.1)
    assert not talk.knows("c1")


def test_a_second_connect_on_the_stream_answers_the_first() -> None:
    """WS-12, CN-6."""
    talk = streaming()
    first = talk.hold("c1", stream="s1", id="4")
    second = talk.send(connect("c1", id="5"), stream="s1")
    assert talk.ready() == [first]
    assert talk.take(first) == [connected(id="4")]
    assert talk.pass_time(30.1) == [second]


def test_a_disconnect_answers_the_held_connect_then_replies_and_ends_the_stream() -> None:
    """WS-13."""
    talk = streaming()
    poll = talk.hold("c1", stream="s1")
    last = talk.send(disconnect("c1"), stream="s1")
    assert talk.ready() == [poll, "s1", last]
    assert talk.take(poll) == [connected(advice=NEVER_AGAIN)]
    assert talk.flush("s1") == []
    assert talk.take(last) == [{"channel": "/meta/disconnect", "successful": True}]
    assert talk.server.ending("s1") is Ending.DISCONNECTED


def test_a_client_that_acknowledges_gets_events_with_connect_replies_only() -> None:
    """ACK-5."""
    talk = Conversation()
    talk.ask(handshake(ext={"ack": True}), stream="s1")
    talk.ask(subscribe("c1", CALLS), stream="s1")
    talk.ask(connect("c1", ext={"ack": 0}), stream="s1")
    poll = talk.hold("c1", stream="s1", ext={"ack": 1})
    talk.publish(1)
    assert talk.ready() == [poll]
    assert talk.take(poll) == [event(1), connected(ext={"ack": 2})]


def test_a_new_handshake_takes_the_stream_away_from_the_session_before() -> None:
    """WS-21: otherwise the listener would receive each event twice, once for each session."""
    talk = streaming()
    old = talk.hold("c1", stream="s1", id="4")
    new = talk.send(handshake(), stream="s1")
    assert talk.ready() == [old, new]
    assert talk.take(old) == [connected(id="4")]
    talk.take(new)
    talk.ask(subscribe("c2", CALLS), stream="s1")
    talk.ask(connect("c2"), stream="s1")
    talk.publish(1)
    assert talk.ready() == ["s1"]
    assert talk.flush("s1") == [event(1)]


def test_of_two_sessions_on_one_stream_the_other_gets_its_events_with_its_connects() -> None:
    """DL-3: each event once."""
    talk = streaming()
    talk.begin(ALICE, CALLS)
    first = talk.hold("c1", stream="s1")
    second = talk.hold("c2", stream="s1")
    talk.publish(1)
    assert talk.ready() == [first, "s1"]
    assert talk.take(first) == [event(1), connected()]
    assert talk.flush("s1") == [event(1)]
    assert talk.pass_time(30.1) == [second]


def test_an_overflow_ends_the_stream_and_its_client_learns_the_reason_when_it_returns() -> None:
    """SE-6: a queue is bounded, and nothing is lost silently."""
    talk = streaming(max_queue=2)
    for number in range(3):
        talk.publish(number)
    assert "s1" in talk.ready()
    assert talk.flush("s1") == []
    assert talk.server.ending("s1") is Ending.OVERFLOWN
    talk.server.closed("s1")
    assert talk.server.ending("s1") is None
    [reply] = talk.ask(connect("c1"), stream="s2")
    assert (reply["error"], reply["advice"]) == ("402::Too many messages were waiting", HANDSHAKE_AGAIN)


def test_a_session_that_is_swept_ends_its_stream() -> None:
    """DC-4: as after a disconnect."""
    talk = streaming()
    assert talk.pass_time(10.1) == ["s1"]
    assert talk.server.ending("s1") is Ending.SWEPT


def test_a_forgotten_client_learns_it_on_the_stream_which_stays_open() -> None:
    """ER-4: the client shakes hands again on the same socket."""
    talk = streaming()
    poll = talk.hold("c1", stream="s1")
    assert talk.server.forget("c1")
    assert talk.ready() == [poll]
    [reply] = talk.take(poll)
    assert (reply["error"], reply["advice"]) == ("402::Unknown client", HANDSHAKE_AGAIN)
    assert talk.server.ending("s1") is None


@pytest.mark.parametrize("stream", ["s1", "s2"])
def test_closing_a_stream_that_carries_nothing_is_harmless(stream: str) -> None:
    talk = Conversation()
    talk.server.closed(stream)
    assert talk.flush(stream) == []
