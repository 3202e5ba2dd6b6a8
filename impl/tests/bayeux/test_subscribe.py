"""Subscribe and unsubscribe: all or nothing, and one copy of each event."""

from __future__ import annotations

from typing import Any

import pytest

from .conversation import (
    ALICE,
    BOB,
    CALLS,
    Conversation,
    connect,
    event,
    handshake,
    subscribe,
    unknown_client,
    unsubscribe,
)


@pytest.fixture
def talk() -> Conversation:
    """Alice is c1, Bob is c2; nobody is subscribed."""
    talk = Conversation()
    talk.begin(ALICE)
    talk.begin(BOB)
    return talk


def received(talk: Conversation, client_id: str = "c1", owner: str = ALICE) -> list[Any]:
    """The events that are waiting."""
    answer = talk.ask(connect(client_id, advice={"timeout": 0}), owner=owner)
    return answer[:-1]


@pytest.mark.parametrize(
    "subscription",
    [CALLS, [CALLS], ["/v2/me/*", "/v2/me/chats"], "/**", "/notifications/services", "/v2/me/state"],
)
@pytest.mark.parametrize("request_", [subscribe, unsubscribe])
def test_a_reply_returns_the_subscription_as_it_was_sent(
    talk: Conversation, subscription: str | list[str], request_: Any
) -> None:
    """SU-1, SU-2, SU-3: Bayeux 1.0, Subscribe response; subscriptions to topics without events succeed too."""
    message = request_("c1", subscription, id="5")
    assert talk.ask(message) == [
        {"id": "5", "channel": message["channel"], "successful": True, "subscription": subscription}
    ]


@pytest.mark.parametrize("subscription", [CALLS, "/v2/me/*", "/v2/me/**", "/v2/**", "/**"])
def test_names_and_wildcards_reach_the_channels_they_match(talk: Conversation, subscription: str) -> None:
    """DL-2: Bayeux 1.0, Channel Globbing: an event names the channel it was published on, not the pattern."""
    talk.ask(subscribe("c1", subscription))
    talk.publish(1)
    assert received(talk) == [event(1)]


@pytest.mark.parametrize(
    "subscription", ["/v2/me", "/v2/me/calls/*", "/v2/me/calls/**", "/v2/*", "/*", "/v2/me/call"]
)
def test_similar_looking_subscriptions_are_not_reached(talk: Conversation, subscription: str) -> None:
    """Bayeux 1.0, Channel Globbing."""
    talk.ask(subscribe("c1", subscription))
    talk.publish(1)
    assert received(talk) == []


def test_overlapping_and_repeated_subscriptions_deliver_one_copy(talk: Conversation) -> None:
    """SU-6, SU-7: CometD, Subscribing: the client distributes events to its listeners."""
    talk.ask(subscribe("c1", CALLS), subscribe("c1", CALLS), subscribe("c1", ["/v2/me/*", "/v2/**", "/**"]))
    talk.publish(1)
    assert received(talk) == [event(1)]


def test_events_reach_every_session_of_their_owner_and_nobody_else(talk: Conversation) -> None:
    """DL-1, DL-11: Bayeux 1.0, Delivery. The channel names are the same for all agents."""
    talk.begin(ALICE, CALLS)
    talk.ask(subscribe("c1", "/**"))
    talk.ask(subscribe("c2", "/**"), owner=BOB)
    talk.publish(1, owner=ALICE)
    assert received(talk, "c1") == [event(1)]
    assert received(talk, "c3") == [event(1)]
    assert received(talk, "c2", BOB) == []


def test_a_subscribe_before_the_first_connect_takes_effect() -> None:
    """SU-8: CometD: the official client sends subscribe and connect together."""
    talk = Conversation()
    talk.ask(handshake())
    talk.ask(subscribe("c1", CALLS))
    talk.publish(1)
    assert talk.ask(connect("c1"))[0] == event(1)


def test_unsubscribing_stops_events_published_after_it(talk: Conversation) -> None:
    """SU-9, SU-10: Bayeux 1.0, Unsubscribe: events queued before it may still arrive."""
    talk.ask(subscribe("c1", [CALLS, "/other"]))
    talk.publish(1)
    talk.ask(unsubscribe("c1", [CALLS, "/never/subscribed"]))
    talk.publish(2)
    talk.publish(3, channel="/other")
    assert received(talk) == [event(1), event(3, "/other")]


@pytest.mark.parametrize(
    ("subscription", "error"),
    [
        ("/meta/connect", "403:/meta/connect:Subscription denied"),
        ("/meta/**", "403:/meta/**:Subscription denied"),
        ("/v2/*/calls", "405:/v2/*/calls:Invalid channel"),
        ("v2", "405:v2:Invalid channel"),
        ("", "405::Invalid channel"),
        ("/a:b", "405::Invalid channel"),
        ([], "403::Missing subscription"),
        (None, "403::Missing subscription"),
        (7, "400:subscription:Field of the wrong type or value"),
        ({"a": 1}, "400:subscription:Field of the wrong type or value"),
        ([CALLS, 7], "400:subscription:Field of the wrong type or value"),
        ([[CALLS]], "400:subscription:Field of the wrong type or value"),
    ],
)
def test_one_bad_channel_refuses_the_whole_subscription(
    talk: Conversation, subscription: Any, error: str
) -> None:
    """SU-3, SU-4, CH-8: Bayeux 1.0, Subscribe request and response: the reply repeats `subscription` if it was valid at all."""
    both = [CALLS, *(subscription if isinstance(subscription, list) else [subscription])]
    wanted = both if error.startswith(("403:/", "405")) else subscription
    sane = isinstance(wanted, str) or (
        isinstance(wanted, list) and all(isinstance(name, str) for name in wanted)
    )
    back = {"subscription": wanted} if sane else {}
    assert talk.ask(subscribe("c1", wanted, id=1)) == [
        {"id": 1, "channel": "/meta/subscribe", "successful": False, "error": error, **back}
    ]
    talk.publish(1)
    assert received(talk) == []


@pytest.mark.parametrize("channel", ["/meta/subscribe", "/meta/unsubscribe"])
def test_a_missing_subscription_is_refused_not_ignored(talk: Conversation, channel: str) -> None:
    """SU-5: Bayeux 1.0, Subscribe request."""
    assert talk.ask({"channel": channel, "clientId": "c1"}) == [
        {"channel": channel, "successful": False, "error": "403::Missing subscription"}
    ]


def test_a_service_channel_is_accepted_but_not_recorded() -> None:
    """CH-7: Bayeux 1.0, Service Channels."""
    talk = Conversation(max_subscriptions=1)
    talk.begin(ALICE)
    assert talk.ask(subscribe("c1", ["/service/a", "/service/**"]))[0]["successful"]
    assert talk.ask(subscribe("c1", CALLS))[0]["successful"]


def test_more_subscriptions_than_allowed_are_refused_and_the_old_ones_stay() -> None:
    """SE-6: CometD, Security: limits."""
    talk = Conversation(max_subscriptions=2)
    talk.begin(ALICE, CALLS)
    [refused] = talk.ask(subscribe("c1", ["/a", "/b"]))
    assert refused["error"] == "403::Too many subscriptions"
    assert talk.ask(subscribe("c1", ["/a", CALLS]))[0]["successful"]
    talk.publish(1)
    assert received(talk) == [event(1)]


@pytest.mark.parametrize("client_id", ["c9", None, 7])
@pytest.mark.parametrize("request_", [subscribe, unsubscribe])
def test_an_unknown_client_is_refused_without_advice(
    talk: Conversation, client_id: Any, request_: Any
) -> None:
    """ER-4: Bayeux 1.0, error: advice goes with connect replies, where clients act on it."""
    message = request_(client_id, CALLS)
    assert talk.ask(message) == [unknown_client(message["channel"], subscription=CALLS)]


def test_nobody_can_subscribe_or_unsubscribe_another_owners_session(talk: Conversation) -> None:
    """CometD, Security."""
    talk.ask(subscribe("c1", CALLS))
    for attempt in (subscribe("c1", "/**"), unsubscribe("c1", CALLS)):
        [reply] = talk.ask(attempt, owner=BOB)
        assert reply["error"] == "402::Unknown client"
    talk.publish(1)
    assert received(talk) == [event(1)]


@pytest.mark.parametrize("channel", ["/meta/connect", "/service/x", "/v2/*", "v2", ""])
def test_the_server_itself_cannot_publish_where_nothing_is_distributed(
    talk: Conversation, channel: str
) -> None:
    """Bayeux 1.0, Meta Channels and Service Channels."""
    with pytest.raises(ValueError, match="not a channel for events"):
        talk.publish(channel=channel)
