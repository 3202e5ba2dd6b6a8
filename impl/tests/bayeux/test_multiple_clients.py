"""Several sessions of one browser: one connect is held, the others poll."""

from __future__ import annotations

from .conversation import (
    ALICE,
    BOB,
    CALLS,
    RETRY,
    Conversation,
    connect,
    connected,
    event,
    handshake,
    subscribe,
    unknown_client,
)

ONE_OF_MANY = RETRY | {"multiple-clients": True, "interval": 2000}


def two_sessions(**settings: object) -> Conversation:
    talk = Conversation(**settings)
    talk.begin(ALICE, CALLS)
    talk.begin(ALICE, CALLS)
    return talk


def test_of_two_sessions_of_one_browser_one_is_held_and_the_other_is_advised_to_poll() -> None:
    """CK-4, AD-7: Bayeux 1.0, Multiple clients."""
    talk = two_sessions()
    poll = talk.hold("c1", browser="b1")
    assert talk.ask(connect("c2"), browser="b1") == [connected(advice=ONE_OF_MANY)]
    talk.publish(1)
    assert talk.ask(connect("c2"), browser="b1") == [event(1), connected(advice=ONE_OF_MANY)]
    assert talk.take(poll) == [event(1), connected()]


def test_a_session_that_is_alone_again_is_advised_so_and_held_again() -> None:
    """AD-3: the earlier advice would otherwise stay in force."""
    talk = two_sessions()
    poll = talk.hold("c1", browser="b1")
    talk.ask(connect("c2"), browser="b1")
    talk.server.lost(poll, talk.now)
    assert talk.ask(connect("c2"), browser="b1") == [connected(advice=RETRY)]
    talk.hold("c2", browser="b1")


def test_other_browsers_other_agents_streams_and_clients_without_a_cookie_are_held() -> None:
    talk = two_sessions()
    talk.begin(BOB, CALLS)
    talk.hold("c1", browser="b1")
    talk.hold("c3", browser="b1", owner=BOB)
    talk.hold("c2", browser="b2")
    talk.hold("c2")
    talk.hold("c2", stream="s1")


def test_a_session_that_moves_to_a_stream_no_longer_counts_as_one_of_many() -> None:
    talk = two_sessions()
    talk.hold("c1", browser="b1")
    talk.ask(connect("c2"), browser="b1")
    assert talk.ask(connect("c2"), stream="s1") == [connected(advice=RETRY)]
    talk.hold("c2", stream="s1")


def test_as_many_are_held_as_the_settings_say_or_all() -> None:
    talk = two_sessions(max_held_per_browser=2)
    talk.hold("c1", browser="b1")
    talk.hold("c2", browser="b1")
    talk.begin(ALICE)
    assert talk.ask(connect("c3"), browser="b1") == [connected(advice=ONE_OF_MANY)]
    unlimited = two_sessions(max_held_per_browser=0)
    unlimited.hold("c1", browser="b1")
    unlimited.hold("c2", browser="b1")


def test_a_session_does_not_count_itself() -> None:
    """CN-6: a second connect of the same session ends the first."""
    talk = two_sessions()
    talk.hold("c1", browser="b1")
    talk.hold("c1", browser="b1")


def test_where_the_cookie_is_required_a_session_is_unknown_without_it_and_on_a_stream_needs_none() -> None:
    """CK-2, WS-6."""
    talk = Conversation(cookie_required=True)
    [reply] = talk.ask(handshake(), browser="b1")
    assert reply["successful"]
    assert talk.ask(subscribe("c1", CALLS)) == [unknown_client("/meta/subscribe", subscription=CALLS)]
    assert talk.ask(subscribe("c1", CALLS), browser="b2")[0]["successful"] is False
    assert talk.ask(subscribe("c1", CALLS), browser="b1")[0]["successful"] is True
    assert talk.ask(connect("c1"), stream="s1")[0]["successful"] is True
