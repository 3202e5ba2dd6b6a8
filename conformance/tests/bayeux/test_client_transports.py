"""What a client that changes transports and loses answers needs of its core: acknowledgement, giving up, wanting."""

import pytest

from callproof.bayeux import (
    Action,
    Client,
    ConnectDone,
    Delivered,
    Json,
    LateReply,
    Message,
    NextStep,
    Postponed,
    Subscribed,
    UnknownClient,
)

CALLS = "/v2/me/calls"
ADVICE: Message = {"reconnect": "retry", "interval": 0, "timeout": 30000}


def reply(message: Message, **members: Json) -> Message:
    return {"id": message["id"], "channel": message["channel"], "successful": True, **members}


def accepted(message: Message, **members: Json) -> Message:
    types: list[Json] = ["websocket", "long-polling"]
    given: Message = {"clientId": "c1", "version": "1.0", "supportedConnectionTypes": types, "advice": ADVICE}
    return reply(message, **given, **members)


@pytest.mark.parametrize("offer", [{"ack": True}, {"ack": {"enabled": True, "batch": 0}}])
def test_each_connect_acknowledges_the_last_reply_that_came(offer: Message) -> None:
    """CometD, Acknowledge Extension: 0 in the first, and the same number again when a reply is lost."""
    client = Client(acknowledge=True)
    handshake = client.handshake()
    assert handshake["ext"] == {"ack": True}
    client.receive([accepted(handshake, ext=offer)])
    assert client.acknowledges
    first = client.connect()
    assert first["ext"] == {"ack": 0}
    assert client.receive([reply(first, ext={"ack": 7})]) == [ConnectDone(0)]
    lost = client.connect()
    assert lost["ext"] == {"ack": 7}
    client.over([lost])
    assert client.connect()["ext"] == {"ack": 7}


def test_a_new_session_counts_from_the_start() -> None:
    client = Client(acknowledge=True)
    client.receive([accepted(client.handshake(), ext={"ack": True})])
    client.receive([reply(client.connect(), ext={"ack": 7})])
    client.receive(
        [reply(client.connect(), successful=False, error="402::x", advice={"reconnect": "handshake"})]
    )
    client.receive([accepted(client.handshake(), ext={"ack": True})])
    assert client.connect()["ext"] == {"ack": 0}


@pytest.mark.parametrize(("asks", "offer"), [(True, {}), (True, {"ack": False}), (False, {"ack": True})])
def test_nothing_is_acknowledged_unless_both_want_it(asks: bool, offer: Message) -> None:
    client = Client(acknowledge=asks)
    client.receive([accepted(client.handshake(), ext=offer)])
    assert not client.acknowledges
    assert "ext" not in client.connect()


def test_a_transport_that_is_given_up_is_not_offered_again_and_the_next_is_tried_at_once() -> None:
    client = Client(connection_types=["websocket", "long-polling"])
    assert client.connection_type == "websocket"
    handshake = client.handshake()
    client.over([handshake])
    client.give_up("websocket")
    assert (client.connection_type, client.next_step().after_s) == ("long-polling", 0.0)
    assert client.handshake()["supportedConnectionTypes"] == ["long-polling"]


def test_the_last_transport_is_not_given_up() -> None:
    client = Client(connection_types=["websocket"])
    client.over([client.handshake()])
    client.give_up("websocket")
    assert (client.connection_type, client.next_step().after_s) == ("websocket", 1.0)


def test_when_every_transport_has_failed_all_are_tried_again_after_ever_longer_pauses() -> None:
    """A server that is away when a client starts is found again over the transport that the client prefers."""
    client = Client(connection_types=["websocket", "long-polling"])

    tried: list[tuple[str, float]] = []
    for _ in range(6):
        tried.append((client.connection_type, client.next_step().after_s))
        client.over([client.handshake()])
        client.give_up(client.connection_type)

    assert tried == [
        ("websocket", 0.0), ("long-polling", 0.0), ("websocket", 1.0),
        ("long-polling", 0.0), ("websocket", 2.0), ("long-polling", 0.0),
    ]  # fmt: skip


def test_a_session_goes_on_over_the_next_transport_when_its_own_is_given_up() -> None:
    client = Client(connection_types=["websocket", "long-polling"])
    client.receive([accepted(client.handshake())])
    client.receive([reply(client.connect())])
    lost = client.connect()
    client.over([lost])
    client.give_up("websocket")

    assert client.next_step() == NextStep(Action.CONNECT, 0.0)
    again = client.connect()
    assert (again["connectionType"], again["clientId"]) == ("long-polling", "c1")


def test_the_advised_interval_is_waited_out_even_before_the_next_transport() -> None:
    client = Client(connection_types=["websocket", "long-polling"])
    busy: Message = {"reconnect": "retry", "interval": 3000, "timeout": 30000}
    client.receive([accepted(client.handshake()) | {"advice": busy}])
    client.over([client.connect()])
    client.give_up("websocket")

    assert client.next_step().after_s == 3.0


def test_messages_beside_the_late_reply_to_a_connect_are_delivered_once() -> None:
    """The server sends them again with the next reply, because no connect has acknowledged them."""
    client = Client([CALLS], acknowledge=True)
    client.receive([accepted(client.handshake(), ext={"ack": True})])
    client.receive([reply(client.subscribe(CALLS), subscription=CALLS)])
    client.receive([reply(client.connect(), ext={"ack": 1})])
    lost = client.connect()
    client.over([lost])
    again = client.connect()
    event: Message = {"channel": CALLS, "data": {"n": 1}}

    late = client.receive([event, reply(lost, ext={"ack": 2})])
    in_time = client.receive([event, reply(again, ext={"ack": 2})])

    assert again["ext"] == {"ack": 1}
    assert late == [Postponed(0, CALLS), LateReply(1, "/meta/connect", str(lost["id"]))]
    assert in_time == [Delivered(0, CALLS, {"n": 1}), ConnectDone(1)]


def test_without_acknowledgement_the_messages_beside_a_late_reply_are_delivered_because_they_do_not_come_again() -> (
    None
):
    client = Client([CALLS])
    client.receive([accepted(client.handshake())])
    client.receive([reply(client.subscribe(CALLS), subscription=CALLS)])
    lost = client.connect()
    client.over([lost])

    late = client.receive([{"channel": CALLS, "data": 1}, reply(lost)])

    assert late == [Delivered(0, CALLS, 1), LateReply(1, "/meta/connect", str(lost["id"]))]


def test_what_is_wanted_is_subscribed_next_and_what_is_not_no_more() -> None:
    client = Client([CALLS])
    client.receive([accepted(client.handshake())])
    client.want("/a", CALLS)
    step = client.next_step()
    assert (step.action, step.channels) == (Action.SUBSCRIBE, (CALLS, "/a"))
    client.want_no_more(CALLS)
    assert client.next_step().channels == ("/a",)


@pytest.mark.parametrize("error", ["402::session_unknown", "403::Unknown client", "401:c1:Unknown client"])
def test_an_unknown_client_in_a_subscribe_reply_ends_the_session_and_forgets_no_subscription(
    error: str,
) -> None:
    """Of cometd#775: after the new handshake everything is subscribed again."""
    client = Client([CALLS])
    client.receive([accepted(client.handshake())])
    subscribe = client.subscribe(CALLS)
    [*_, lost] = client.receive([reply(subscribe, successful=False, error=error, subscription=CALLS)])
    assert isinstance(lost, UnknownClient)
    client.receive([accepted(client.handshake()) | {"clientId": "c2"}])
    again = client.subscribe(*client.next_step().channels)
    assert client.receive([reply(again, subscription=CALLS)]) == [Subscribed(0, (CALLS,))]
