"""Advice and errors, read leniently (Bayeux 1.0, advice and error)."""

import pytest

from callproof.bayeux import (
    Action,
    Advice,
    BayeuxError,
    Client,
    Json,
    Message,
    NextStep,
    Reconnect,
    Rule,
    read_advice,
    read_error,
)


def session_with(advice: Json) -> Client:
    client = Client(network_allowance_s=10)
    message = client.handshake()
    answer: Message = {
        "id": message["id"],
        "channel": "/meta/handshake",
        "successful": True,
        "version": "1.0",
    }
    types: list[Json] = ["long-polling"]
    client.receive([{**answer, "clientId": "c", "supportedConnectionTypes": types, "advice": advice}])
    return client


def test_new_advice_replaces_all_of_the_old() -> None:
    client = session_with({"reconnect": "retry", "interval": 2000, "timeout": 30000})
    message = client.connect()

    client.receive(
        [{"id": message["id"], "channel": "/meta/connect", "successful": True, "advice": {"interval": 5}}]
    )

    assert client.advice == Advice(Reconnect.RETRY, interval_ms=5, timeout_ms=60_000)


def test_a_new_session_begins_without_the_advice_of_the_last() -> None:
    client = session_with({"reconnect": "retry", "interval": 2000, "timeout": 30000})
    message = client.connect()
    gone: Message = {"reconnect": "handshake", "interval": 4000}
    client.receive([{"id": message["id"], "channel": "/meta/connect", "successful": False, "advice": gone}])

    assert client.next_step().after_s >= 4
    client.handshake()
    assert client.advice == Advice()


def test_the_interval_is_waited_out_before_a_connect() -> None:
    client = session_with({"reconnect": "retry", "interval": 2000, "timeout": 30000})

    assert client.next_step() == NextStep(Action.CONNECT, 2.0)


def test_a_negative_interval_means_no_further_connect() -> None:
    assert (
        session_with({"reconnect": "retry", "interval": -1, "timeout": 1}).next_step().action is Action.STOP
    )


def test_a_held_connect_may_last_the_advised_timeout_and_a_while() -> None:
    assert session_with({"reconnect": "retry", "interval": 0, "timeout": 30000}).held_connect_limit_s == 40
    assert session_with({"reconnect": "retry"}).held_connect_limit_s == 70


@pytest.mark.parametrize(
    ("value", "advice", "forgiven"),
    [
        ({"reconnect": "handshake"}, Advice(Reconnect.HANDSHAKE), []),
        ({"reconnect": "none", "interval": 0}, Advice(Reconnect.NONE), []),
        ({"reconnect": "retry"}, Advice(), [("", Rule.ADVICE_INCOMPLETE)]),
        ({"interval": 1.0, "timeout": 2}, Advice(interval_ms=1, timeout_ms=2), []),
        (
            {"reconnect": "again", "interval": 0, "timeout": 1},
            Advice(timeout_ms=1),
            [(".reconnect", Rule.ADVICE_MALFORMED)],
        ),
        (
            {"interval": "0", "timeout": True},
            Advice(),
            [(".interval", Rule.ADVICE_MALFORMED), (".timeout", Rule.ADVICE_MALFORMED)],
        ),
        (
            {"interval": 10**400, "timeout": -1},
            Advice(),
            [(".interval", Rule.ADVICE_MALFORMED), (".timeout", Rule.ADVICE_MALFORMED)],
        ),
        (
            {"interval": 0, "timeout": 1, "maxInterval": 10000, "multiple-clients": True},
            Advice(timeout_ms=1, max_interval_ms=10000, multiple_clients=True),
            [],
        ),
        ("retry", None, [("", Rule.ADVICE_MALFORMED)]),
        (None, None, [("", Rule.ADVICE_MALFORMED)]),
    ],
)
def test_advice_is_read_as_far_as_it_can_be(
    value: Json, advice: Advice | None, forgiven: list[tuple[str, Rule]]
) -> None:
    assert read_advice(value) == (advice, forgiven)


@pytest.mark.parametrize(
    ("value", "error", "rule"),
    [
        ("402::Unknown client", BayeuxError(402, (), "Unknown client"), None),
        ("402:a,b:Unknown: client", BayeuxError(402, ("a", "b"), "Unknown: client"), None),
        ("403:denied:", BayeuxError(403, ("denied",), ""), None),
        ("402 Unknown", BayeuxError(402, (), "402 Unknown"), Rule.ERROR_FORM),
        ("4021", BayeuxError(None, (), "4021"), Rule.ERROR_FORM),
        (402, BayeuxError(402, (), ""), Rule.ERROR_FORM),
        (True, BayeuxError(None, (), "the error is not a text"), Rule.ERROR_FORM),
        ({"code": 402}, BayeuxError(None, (), "the error is not a text"), Rule.ERROR_FORM),
        (None, BayeuxError(None, (), "no error was given"), Rule.FAILURE_WITHOUT_ERROR),
    ],
)
def test_the_code_of_an_error_is_found_in_many_forms(
    value: Json, error: BayeuxError, rule: Rule | None
) -> None:
    assert read_error(value) == (error, rule)
