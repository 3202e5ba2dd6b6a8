"""What a server should not send is told by rule and place, and the client goes on."""

import pytest

from callproof.bayeux import (
    CLAUSES,
    Client,
    ConnectDone,
    Delivered,
    Event,
    HandshakeDone,
    Json,
    Message,
    Oddity,
    ProtocolFault,
    Rule,
    State,
    Subscribed,
)

CALLS = "/v2/me/calls"
HANDSHAKE: Message = {
    "id": "1",
    "channel": "/meta/handshake",
    "successful": True,
    "version": "1.0",
    "clientId": "c",
    "supportedConnectionTypes": ["long-polling"],
    "advice": {"reconnect": "retry", "interval": 0, "timeout": 30000},
}
CONNECT: Message = {"id": "3", "channel": "/meta/connect", "successful": True}


def without(message: Message, *members: str) -> Message:
    return {name: value for name, value in message.items() if name not in members}


def session() -> Client:
    """A session subscribed to the calls, with a connect (id 3) outstanding."""
    client = Client([CALLS])
    client.handshake()
    client.receive([HANDSHAKE])
    client.subscribe(CALLS)
    client.receive([{"id": "2", "channel": "/meta/subscribe", "successful": True, "subscription": CALLS}])
    client.connect()
    return client


def rules(events: list[Event]) -> list[tuple[str, Rule]]:
    return [(event.place, event.rule) for event in events if isinstance(event, Oddity | ProtocolFault)]


def test_every_rule_has_its_sentence_and_names_its_source() -> None:
    assert set(CLAUSES) == set(Rule)
    assert all("(Bayeux 1.0, " in sentence or "(CometD clients" in sentence for sentence in CLAUSES.values())


@pytest.mark.parametrize(
    ("connect", "oddities"),
    [
        (without(CONNECT, "id"), [("$[0].id", Rule.REPLY_WITHOUT_ID)]),
        ({**CONNECT, "id": None}, [("$[0].id", Rule.REPLY_WITHOUT_ID)]),
        ({**CONNECT, "id": 3}, [("$[0].id", Rule.REPLY_ID_OF_OTHER_TYPE)]),
        ({**CONNECT, "id": ["3"]}, [("$[0].id", Rule.REPLY_ID_OF_OTHER_TYPE)]),
        ({**CONNECT, "data": {}}, [("$[0].data", Rule.REPLY_WITH_DATA)]),
        ({**CONNECT, "advice": 5}, [("$[0].advice", Rule.ADVICE_MALFORMED)]),
        (
            {**CONNECT, "advice": {"reconnect": 1, "interval": 0, "timeout": 0}},
            [("$[0].advice.reconnect", Rule.ADVICE_MALFORMED)],
        ),
    ],
)
def test_a_connect_reply_with_an_oddity_is_a_reply(
    connect: Message, oddities: list[tuple[str, Rule]]
) -> None:
    events = session().receive([connect])

    assert rules(events) == oddities
    assert events[-1] == ConnectDone(0)


@pytest.mark.parametrize(
    ("connect", "rule"),
    [
        ({**CONNECT, "id": "99"}, Rule.REPLY_TO_NOTHING),
        ({**CONNECT, "id": "2"}, Rule.REPLY_TWICE),
        ({**CONNECT, "id": 2}, Rule.REPLY_TWICE),
        ({**CONNECT, "id": "9" * 5000}, Rule.REPLY_TO_NOTHING),
        ({**CONNECT, "id": "٢"}, Rule.REPLY_TO_NOTHING),
        ({**CONNECT, "channel": "/meta/subscribe"}, Rule.REPLY_ON_OTHER_CHANNEL),
        ({**CONNECT, "channel": "/meta/nosuch"}, Rule.REPLY_ON_OTHER_CHANNEL),
    ],
)
def test_a_reply_that_answers_nothing_leaves_the_connect_outstanding(connect: Message, rule: Rule) -> None:
    client = session()

    assert client.receive([connect]) == [Oddity(0, "$[0].id", rule)]
    assert client.connect_is_outstanding


@pytest.mark.parametrize("successful", [None, "true", 1])
def test_only_a_boolean_says_successful(successful: Json) -> None:
    events = session().receive([{**CONNECT, "successful": successful, "error": "500::"}])

    assert ("$[0].successful", Rule.SUCCESSFUL_NOT_BOOLEAN) in rules(events)
    assert ConnectDone(0) not in events


def test_a_failure_says_why_in_the_form_of_an_error() -> None:
    failure: Message = {**CONNECT, "successful": False}

    assert rules(session().receive([failure])) == [("$[0].error", Rule.FAILURE_WITHOUT_ERROR)]
    assert rules(session().receive([{**failure, "error": "no"}])) == [("$[0].error", Rule.ERROR_FORM)]


def test_an_unknown_client_without_advice_is_odd_and_understood() -> None:
    client = session()

    events = client.receive([{**CONNECT, "successful": False, "error": "402::Unknown client"}])

    assert rules(events) == [("$[0].advice", Rule.UNKNOWN_CLIENT_WITHOUT_ADVICE)]
    assert client.state is State.UNCONNECTED


@pytest.mark.parametrize(
    ("handshake", "oddities"),
    [
        (without(HANDSHAKE, "version"), [("$[0].version", Rule.HANDSHAKE_VERSION)]),
        ({**HANDSHAKE, "version": 1.0}, [("$[0].version", Rule.HANDSHAKE_VERSION)]),
        (
            {**HANDSHAKE, "supportedConnectionTypes": ["websocket"]},
            [("$[0].supportedConnectionTypes", Rule.NO_COMMON_CONNECTION_TYPE)],
        ),
        (
            {**HANDSHAKE, "supportedConnectionTypes": "long-polling"},
            [("$[0].supportedConnectionTypes", Rule.NO_COMMON_CONNECTION_TYPE)],
        ),
        ({**HANDSHAKE, "advice": {"reconnect": "retry"}}, [("$[0].advice", Rule.ADVICE_INCOMPLETE)]),
    ],
)
def test_a_handshake_with_an_oddity_makes_a_session(
    handshake: Message, oddities: list[tuple[str, Rule]]
) -> None:
    client = Client()
    client.handshake()

    events = client.receive([handshake])

    assert rules(events) == oddities
    assert events[-1] == HandshakeDone(0, "c", "long-polling", client.advice, ())


def test_a_handshake_without_a_client_id_makes_no_session() -> None:
    client = Client()
    client.handshake()

    assert rules(client.receive([{**HANDSHAKE, "clientId": 7}])) == [
        ("$[0].clientId", Rule.HANDSHAKE_WITHOUT_CLIENT_ID)
    ]
    assert client.state is State.UNCONNECTED


def test_a_failed_handshake_gives_no_client_id() -> None:
    client = Client()
    client.handshake()
    refusal: Message = {**HANDSHAKE, "successful": False, "error": "403::denied"}

    assert rules(client.receive([refusal])) == [("$[0].clientId", Rule.FAILED_HANDSHAKE_WITH_CLIENT_ID)]


def test_a_client_id_is_used_once() -> None:
    client = session()
    client.receive([{**CONNECT, "successful": False, "error": "402::", "advice": {"reconnect": "handshake"}}])
    message = client.handshake()

    assert rules(client.receive([{**HANDSHAKE, "id": message["id"]}])) == [
        ("$[0].clientId", Rule.CLIENT_ID_REUSED)
    ]


@pytest.mark.parametrize("echo", [None, "/v2/me/chats", [CALLS]])
def test_the_subscription_comes_back_as_it_was_sent(echo: Json) -> None:
    client = session()
    message = client.subscribe(CALLS)
    answer: Message = {"id": message["id"], "channel": "/meta/subscribe", "successful": True}

    events = client.receive([{**answer, "subscription": echo}])

    assert rules(events) == [("$[0].subscription", Rule.SUBSCRIPTION_NOT_ECHOED)]
    assert events[-1] == Subscribed(0, (CALLS,))


@pytest.mark.parametrize(
    ("extra", "oddity"),
    [
        ({"id": "3"}, ("$[0].id", Rule.EVENT_WITH_ID)),
        ({"clientId": "c"}, ("$[0].clientId", Rule.EVENT_WITH_CLIENT_ID)),
        ({"successful": True}, ("$[0].successful", Rule.EVENT_WITH_SUCCESSFUL)),
        ({"channel": "/v2/me/chats"}, ("$[0].channel", Rule.EVENT_NOT_SUBSCRIBED)),
    ],
)
def test_an_event_with_an_oddity_is_delivered(extra: Message, oddity: tuple[str, Rule]) -> None:
    client = session()
    event: Message = {"channel": CALLS, "data": {"n": 1}, **extra}

    events = client.receive([event])

    assert rules(events) == [oddity]
    assert events[-1] == Delivered(0, str(event["channel"]), {"n": 1})
    assert client.connect_is_outstanding


def test_subscriptions_end_with_their_session() -> None:
    client = session()
    client.receive([{**CONNECT, "successful": False, "error": "402::", "advice": {"reconnect": "handshake"}}])
    message = client.handshake()
    client.receive([{**HANDSHAKE, "id": message["id"], "clientId": "c2"}])

    assert client.receive([{"channel": CALLS, "data": 1}]) == [
        Oddity(0, "$[0].channel", Rule.EVENT_NOT_SUBSCRIBED),
        Delivered(0, CALLS, 1),
    ]


def test_an_event_of_a_wildcard_subscription_is_not_odd() -> None:
    client = session()
    client.subscribe("/v2/me/*")

    assert client.receive([{"channel": "/v2/me/chats", "data": None}]) == [Delivered(0, "/v2/me/chats", None)]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (None, [("$", Rule.BODY_NOT_MESSAGES)]),
        ("no", [("$", Rule.BODY_NOT_MESSAGES)]),
        ([], [("$", Rule.EMPTY_ANSWER)]),
        ([None], [("$[0]", Rule.MESSAGE_NOT_AN_OBJECT)]),
        ([CONNECT, "x"], [("$[1]", Rule.MESSAGE_NOT_AN_OBJECT)]),
        ([{}], [("$[0].channel", Rule.CHANNEL_MISSING)]),
        ([{"channel": "calls", "data": 1}], [("$[0].channel", Rule.CHANNEL_MISSING)]),
        ([{"channel": CALLS}], [("$[0]", Rule.EVENT_WITHOUT_DATA)]),
        ([{"channel": CALLS, "successful": True}], [("$[0]", Rule.REPLY_TO_NOTHING)]),
        (CONNECT, [("$", Rule.BODY_NOT_AN_ARRAY)]),
    ],
)
def test_what_is_no_message_is_a_fault_with_its_place(value: Json, found: list[tuple[str, Rule]]) -> None:
    assert rules(session().receive(value)) == found


def test_a_finding_reads_as_a_sentence() -> None:
    assert str(Oddity(0, "$[0].id", Rule.EVENT_WITH_ID)) == (
        "$[0].id: An event has no id that a pending request could have (CometD clients)."
    )
