"""No advice makes a client loop without waiting; a server that holds its connects never notices."""

import pytest

from callproof.bayeux import Action, Client, Json, Message, NextStep

CALLS = "/v2/me/calls"
UNKNOWN: Message = {"successful": False, "error": "402::Unknown client"}


def reply(message: Message, **members: Json) -> Message:
    return {"id": message["id"], "channel": message["channel"], "successful": True, **members}


def shake_hands(client: Client, advice: Json = None) -> None:
    types: list[Json] = ["long-polling"]
    given: Message = {"version": "1.0", "clientId": "c", "supportedConnectionTypes": types}
    client.receive([reply(client.handshake(), **given, **({} if advice is None else {"advice": advice}))])


def connect(client: Client, *events: Json, **members: Json) -> None:
    beside: list[Json] = [{"channel": CALLS, "data": event} for event in events]
    client.receive([*beside, reply(client.connect(), **members)])


@pytest.mark.parametrize(
    "advice",
    [
        {"reconnect": "retry", "interval": 0, "timeout": 0},
        {"reconnect": "retry", "interval": 1e300, "timeout": 0},
        {"reconnect": "retry"},
        {},
        None,
    ],
)
def test_connects_that_bring_nothing_are_a_pause_apart_whatever_the_advice(advice: Json) -> None:
    client = Client()
    shake_hands(client, advice)

    spacings: list[float] = []
    for _ in range(6):
        spacings.append(client.next_step().spacing_s)
        connect(client)

    assert spacings == [0.0, 0.0, 0.02, 0.02, 0.02, 1.0]
    connect(client, 1)
    assert client.next_step() == NextStep(Action.CONNECT, 0.0, spacing_s=0.02)


def test_events_in_every_answer_leave_room_for_fifty_connects_a_second() -> None:
    client = Client()
    shake_hands(client)
    for number in range(20):
        connect(client, number)

    assert client.next_step() == NextStep(Action.CONNECT, 0.0, spacing_s=0.02)


def test_a_server_that_forgets_every_session_at_once_is_not_stormed() -> None:
    client = Client()

    spacings: list[float] = []
    for _ in range(3):
        shake_hands(client)
        connect(client, **UNKNOWN)
        spacings.append(client.next_step().spacing_s)

    assert spacings == [1.0, 2.0, 3.0]


def test_the_first_connect_does_not_prove_a_session_and_a_held_one_does() -> None:
    """Some servers answer the first connect of a session at once, and know the session no more at the second."""
    client = Client()
    for _ in range(3):
        shake_hands(client)
        connect(client)
        connect(client, **UNKNOWN)

    assert client.next_step() == NextStep(Action.HANDSHAKE, 0.0, spacing_s=3.0)
    shake_hands(client)
    connect(client)
    connect(client)
    connect(client, **UNKNOWN)
    assert client.next_step() == NextStep(Action.HANDSHAKE, 0.0, spacing_s=1.0)


def test_an_order_to_shake_hands_after_every_answer_is_obeyed_ever_more_slowly() -> None:
    client = Client(backoff_limit_s=4)

    spacings: list[float] = []
    for _ in range(6):
        shake_hands(client)
        connect(client, advice={"reconnect": "handshake", "interval": 0})
        spacings.append(client.next_step().spacing_s)

    assert spacings == [1.0, 2.0, 3.0, 4.0, 4.0, 4.0]


@pytest.mark.parametrize(("interval_ms", "after_s"), [(2_000, 2.0), (600_000, 600.0), (2**52, 600.0)])
def test_an_interval_is_obeyed_within_ten_minutes(interval_ms: int, after_s: float) -> None:
    client = Client()
    shake_hands(client, {"reconnect": "retry", "interval": interval_ms, "timeout": 0})

    assert client.next_step() == NextStep(Action.CONNECT, after_s)


def test_a_connect_counts_as_lost_after_ten_minutes_and_an_answer_however_long_the_server_would_hold_it() -> (
    None
):
    client = Client(network_allowance_s=10)
    shake_hands(client, {"reconnect": "retry", "interval": 0, "timeout": 2**52})

    assert client.held_connect_limit_s == 610
