"""Whatever a server sends, the client neither falls over nor loses a message."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from callproof.bayeux import CONNECT, Action, Client, Delivered, Event, Json, Message, NotPossibleNow, State

CHANNELS = ["/meta/handshake", CONNECT, "/meta/subscribe", "/meta/unsubscribe", "/meta/disconnect", "/meta/x"]

anything: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
advice: st.SearchStrategy[Json] = anything | st.fixed_dictionaries(
    {},
    optional={
        "reconnect": st.sampled_from(["retry", "handshake", "none"]) | anything,
        "interval": st.integers(-5, 5) | anything,
        "timeout": st.integers(-5, 90000) | anything,
    },
)
likely: st.SearchStrategy[Json] = st.fixed_dictionaries(
    {"channel": st.sampled_from([*CHANNELS, "/v2/me/calls"])},
    optional={
        "id": st.integers(0, 12).map(str) | anything,
        "successful": st.booleans() | anything,
        "clientId": st.text(max_size=3) | anything,
        "error": st.sampled_from(["402::Unknown client", "403::", "500"]) | anything,
        "subscription": st.just("/v2/me/calls") | anything,
        "advice": advice,
        "data": anything,
        "supportedConnectionTypes": anything,
    },
)
bodies: st.SearchStrategy[Json] = anything | st.lists(likely | anything, max_size=4) | likely

ACTIONS: list[Callable[[Client], Message]] = [
    Client.handshake,
    Client.connect,
    Client.disconnect,
    lambda client: client.subscribe("/v2/me/calls"),
    lambda client: client.subscribe("/a", "/b"),
    lambda client: client.unsubscribe("/a"),
]


def indices(events: list[Event]) -> list[int]:
    return [index for event in events if (index := getattr(event, "index", None)) is not None]


def expected_indices(body: Json) -> set[int]:
    if isinstance(body, list):
        return set(range(len(body)))
    return {0} if isinstance(body, dict) else set()


def deliverable(body: Json) -> list[Json]:
    messages = body if isinstance(body, list) else [body]
    return [
        message["data"]
        for message in messages
        if isinstance(message, dict)
        and "data" in message
        and isinstance(channel := message.get("channel"), str)
        and channel.startswith("/")
        and not channel.startswith("/meta/")
    ]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(ACTIONS) | bodies, max_size=12))
def test_any_conversation_is_survived_and_every_message_accounted_for(
    turns: list[Callable[[Client], Message] | Json],
) -> None:
    client = Client(["/v2/me/calls"])
    for turn in turns:
        if callable(turn):
            try:
                sent = turn(client)
            except NotPossibleNow:
                continue
            assert str(sent["id"]).isalnum()
            continue
        events = client.receive(turn)
        assert events
        assert set(indices(events)) == expected_indices(turn)
        assert indices(events) == sorted(indices(events))
        heard = [event.data for event in events if isinstance(event, Delivered)]
        assert repr(heard) == repr(deliverable(turn))  # by repr, for NaN is not equal to itself
        assert client.next_step().after_s >= 0
        assert client.held_connect_limit_s >= 0
        assert (client.client_id is None) == (
            client.state in {State.UNCONNECTED, State.HANDSHAKING, State.DISCONNECTED}
        )


@settings(max_examples=200, deadline=None)
@given(st.lists(bodies, min_size=1, max_size=12))
def test_a_client_that_follows_next_step_can_always_do_so(answers: list[Json]) -> None:
    client = Client(["/v2/me/calls"])
    for answer in answers:
        step = client.next_step()
        if step.action is Action.STOP:
            return
        assert step.action is not Action.WAIT
        match step.action:
            case Action.HANDSHAKE:
                sent = client.handshake()
            case Action.SUBSCRIBE:
                sent = client.subscribe(*step.channels)
            case _:
                sent = client.connect()
        client.receive(answer)
        client.over([sent])
