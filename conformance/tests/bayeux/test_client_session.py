"""A session from handshake to disconnect, told in plain values (Bayeux 1.0)."""

import doctest

import pytest

import callproof.bayeux
from callproof.bayeux import (
    Action,
    BayeuxError,
    Client,
    ConnectDone,
    ConnectFailed,
    Delivered,
    Disconnected,
    HandshakeDone,
    HandshakeFailed,
    Json,
    LateReply,
    Message,
    NextStep,
    NotPossibleNow,
    State,
    Subscribed,
    SubscribeRefused,
    Unanswered,
    UnknownClient,
    Unsubscribed,
    UnsubscribeRefused,
)

CALLS = "/v2/me/calls"
ADVICE: Message = {"reconnect": "retry", "interval": 0, "timeout": 30000}
UNKNOWN: Message = {
    "successful": False,
    "error": "402::Unknown client",
    "advice": {"reconnect": "handshake", "interval": 0},
}


def reply(message: Message, **members: Json) -> Message:
    answer: Message = {"id": message["id"], "channel": message["channel"], "successful": True}
    if "subscription" in message:
        answer["subscription"] = message["subscription"]
    return {**answer, **members}


def accepted(message: Message, client_id: str = "session1", **members: Json) -> Message:
    types: list[Json] = ["long-polling"]
    content: Message = {"version": "1.0", "clientId": client_id, "supportedConnectionTypes": types}
    return reply(message, **{**content, "advice": ADVICE, **members})


def connected(*channels: str) -> Client:
    client = Client(channels)
    client.receive([accepted(client.handshake())])
    for channel in channels:
        client.receive([reply(client.subscribe(channel))])
    client.receive([reply(client.connect())])
    return client


def test_the_documentation_of_the_package_is_true() -> None:
    assert doctest.testmod(callproof.bayeux).failed == 0


def test_the_first_message_asks_for_a_session() -> None:
    assert Client().handshake() == {
        "id": "1",
        "channel": "/meta/handshake",
        "version": "1.0",
        "minimumVersion": "1.0",
        "supportedConnectionTypes": ["long-polling"],
    }


def test_an_accepted_handshake_tells_what_to_subscribe_to() -> None:
    client = Client([CALLS])

    events = client.receive([accepted(client.handshake())])

    assert events == [HandshakeDone(0, "session1", "long-polling", client.advice, (CALLS,))]
    assert client.next_step() == NextStep(Action.SUBSCRIBE, 0.0, (CALLS,))


def test_one_channel_is_subscribed_to_as_a_text_and_several_as_an_array() -> None:
    client = connected()

    assert client.subscribe(CALLS)["subscription"] == CALLS
    assert client.subscribe("/a", "/b")["subscription"] == ["/a", "/b"]


def test_a_subscription_is_known_once_it_is_answered() -> None:
    client = connected()
    message = client.subscribe("/a", "/b")

    before = client.subscriptions
    events = client.receive([reply(message)])

    assert before == ()
    assert events == [Subscribed(0, ("/a", "/b"))]
    assert client.subscriptions == ("/a", "/b")


def test_a_refused_subscription_is_not_wanted_any_more() -> None:
    client = connected()
    refusal = reply(client.subscribe("/secret"), successful=False, error="403::denied")

    assert client.receive([refusal]) == [
        SubscribeRefused(0, ("/secret",), BayeuxError(403, (), "denied")),
    ]
    assert client.next_step() == NextStep(Action.CONNECT)


def test_the_first_connect_asks_for_an_answer_at_once_and_the_next_to_be_held() -> None:
    client = Client()
    client.receive([accepted(client.handshake())])

    first = client.connect()
    client.receive([reply(first)])
    second = client.connect()

    assert first == {
        "id": "2",
        "channel": "/meta/connect",
        "connectionType": "long-polling",
        "advice": {"timeout": 0},
        "clientId": "session1",
    }
    assert second == {
        "id": "3",
        "channel": "/meta/connect",
        "connectionType": "long-polling",
        "clientId": "session1",
    }
    assert client.state is State.CONNECTED


def test_a_caller_may_ask_for_a_shorter_hold() -> None:
    assert connected().connect(hold_ms=1500)["advice"] == {"timeout": 1500}


def test_there_is_one_connect_at_a_time() -> None:
    client = connected()
    client.connect()

    assert client.next_step() == NextStep(Action.WAIT)
    with pytest.raises(NotPossibleNow, match="connect is not possible when connected: one is outstanding"):
        client.connect()


@pytest.mark.parametrize("event_first", [True, False])
def test_events_and_the_reply_may_stand_in_either_order(event_first: bool) -> None:
    client = connected(CALLS)
    event: Message = {"channel": CALLS, "data": {"n": 1}}
    answer = reply(client.connect())

    events = client.receive([event, answer] if event_first else [answer, event])

    if event_first:
        assert events == [Delivered(0, CALLS, {"n": 1}), ConnectDone(1)]
    else:
        assert events == [ConnectDone(0), Delivered(1, CALLS, {"n": 1})]


def test_unknown_members_are_ignored() -> None:
    client = connected(CALLS)
    event: Message = {"channel": CALLS, "data": {}, "timestamp": "now", "ext": {"a": 1}, "new": None}

    assert client.receive([event, reply(client.connect(), ext=None, hosts=[])]) == [
        Delivered(0, CALLS, {}),
        ConnectDone(1),
    ]


def test_events_may_come_with_the_reply_to_their_own_subscription() -> None:
    client = connected()
    message = client.subscribe(CALLS)

    assert client.receive([{"channel": CALLS, "data": 1}, reply(message)]) == [
        Delivered(0, CALLS, 1),
        Subscribed(1, (CALLS,)),
    ]


def test_unsubscribing_is_for_good_whatever_the_server_says() -> None:
    client = connected("/a", "/b")

    assert client.receive([reply(client.unsubscribe("/a"))]) == [Unsubscribed(0, ("/a",))]
    refusal = reply(client.unsubscribe("/b"), successful=False, error="403::unsubscribe_failed")
    assert client.receive([refusal]) == [
        UnsubscribeRefused(0, ("/b",), BayeuxError(403, (), "unsubscribe_failed"))
    ]
    assert client.subscriptions == ()
    assert client.missing_subscriptions == ()


def test_an_unknown_client_handshakes_and_subscribes_again() -> None:
    client = connected(CALLS)

    assert client.receive([reply(client.connect(), **UNKNOWN)]) == [
        UnknownClient(0, BayeuxError(402, (), "Unknown client"))
    ]
    assert (client.state, client.client_id, client.subscriptions) == (State.UNCONNECTED, None, ())
    assert client.next_step() == NextStep(Action.HANDSHAKE, after_s=0.0, spacing_s=1.0)
    events = client.receive([accepted(client.handshake(), "session2")])
    assert events == [HandshakeDone(0, "session2", "long-polling", client.advice, (CALLS,))]
    assert client.next_step() == NextStep(Action.SUBSCRIBE, 0.0, (CALLS,))


def test_ids_go_on_counting_over_a_new_handshake() -> None:
    client = connected()
    client.receive([reply(client.connect(), **UNKNOWN)])

    assert client.handshake()["id"] == "4"


def test_the_code_alone_tells_an_unknown_client_when_no_advice_comes_with_it() -> None:
    client = connected(CALLS)

    client.receive([reply(client.subscribe("/b"), successful=False, error="402::session_unknown")])

    assert client.state is State.UNCONNECTED


def test_advice_to_retry_keeps_the_session_whatever_the_code() -> None:
    client = connected()
    refusal = reply(client.connect(), successful=False, error="402::busy", advice=ADVICE)

    assert ConnectFailed(0, BayeuxError(402, (), "busy")) in client.receive([refusal])
    assert client.client_id == "session1"


def test_the_advice_none_stops_a_client() -> None:
    client = connected()

    events = client.receive([reply(client.connect(), advice={**ADVICE, "reconnect": "none"})])

    assert events == [ConnectDone(0), Disconnected(0, by_server=True)]
    assert client.next_step() == NextStep(Action.STOP)


def test_a_refused_handshake_is_repeated_later_unless_advice_forbids_it() -> None:
    refused: Message = {"successful": False, "error": "403::handshake_denied"}
    patient, obedient = Client(), Client()

    events = patient.receive([reply(patient.handshake(), **refused)])
    obedient.receive([reply(obedient.handshake(), **refused, advice={"reconnect": "none"})])

    assert events == [HandshakeFailed(0, BayeuxError(403, (), "handshake_denied"))]
    assert patient.next_step() == NextStep(Action.HANDSHAKE, 1.0)
    assert obedient.next_step() == NextStep(Action.STOP)


def test_a_disconnect_ends_the_session() -> None:
    client = connected(CALLS)
    held, farewell = client.connect(), client.disconnect()

    assert client.receive([reply(held, advice={"reconnect": "none"})]) == [ConnectDone(0)]
    assert client.receive([reply(farewell)]) == [Disconnected(0, by_server=False)]
    assert client.next_step() == NextStep(Action.STOP)


def test_a_disconnect_without_an_answer_ends_the_session_too() -> None:
    client = connected()
    farewell = client.disconnect()

    assert client.over([farewell]) == [Unanswered("/meta/disconnect", "3")]
    assert client.state is State.DISCONNECTED


def test_the_server_may_end_a_session_unasked() -> None:
    client = connected()

    assert client.receive([{"channel": "/meta/disconnect", "successful": True}]) == [
        Disconnected(0, by_server=True)
    ]


def test_a_lost_connect_is_followed_by_one_that_asks_for_an_answer_at_once_ever_later() -> None:
    client = connected()

    waits: list[float] = []
    for _ in range(3):
        assert client.over([client.connect()])[0] == Unanswered("/meta/connect", str(3 + len(waits)))
        waits.append(client.next_step().after_s)

    assert waits == [1.0, 2.0, 3.0]
    assert client.connect()["advice"] == {"timeout": 0}
    assert client.client_id == "session1"


def test_a_success_ends_the_waiting() -> None:
    client = connected()
    client.over([client.connect()])

    client.receive([reply(client.connect())])

    assert client.next_step() == NextStep(Action.CONNECT, 0.0)


def test_a_request_that_ended_brings_no_news_of_what_was_answered() -> None:
    client = connected()
    message = client.connect()
    client.receive([reply(message)])

    assert client.over([message]) == []


def test_a_reply_to_what_was_given_up_changes_nothing() -> None:
    client = connected()
    lost = client.connect()
    client.over([lost])

    assert client.receive([reply(lost, **UNKNOWN)]) == [LateReply(0, "/meta/connect", "3")]
    assert client.state is State.CONNECTED


def test_what_a_state_does_not_allow_is_refused_and_changes_nothing() -> None:
    client = Client()

    with pytest.raises(NotPossibleNow, match="subscribe or unsubscribe is not possible when unconnected"):
        client.subscribe(CALLS)
    assert (client.state, client.missing_subscriptions) == (State.UNCONNECTED, ())
