"""What a client that changes transports and loses answers needs of its core: acknowledgement, giving up, wanting."""

import pytest

from callproof.bayeux import Action, Client, ConnectDone, Json, Message, Subscribed, UnknownClient

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
