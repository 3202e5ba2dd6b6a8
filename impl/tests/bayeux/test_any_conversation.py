"""Whatever is sent, in whatever order: nothing raises, everything is answered, no event is lost or comes twice."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from refswitch.bayeux import NotMessages, parse
from refswitch.bayeux.errors import Cause

from .conversation import ALICE, BOB, CALLS, Conversation, connect, handshake

OWNERS = st.sampled_from([ALICE, BOB])
CLIENT_IDS = st.sampled_from(["c1", "c2", "c3", "c4"])
META = ("/meta/handshake", "/meta/connect", "/meta/subscribe", "/meta/unsubscribe", "/meta/disconnect")
CHANNELS = st.sampled_from([*META, "/meta/x", CALLS, "/v2/me/*", "/**", "/service/x", "/a/*/b", "x", ""])
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=3))
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
PLAUSIBLE: dict[str, st.SearchStrategy[Any]] = {
    "channel": CHANNELS,
    "clientId": CLIENT_IDS,
    "id": st.text("0123456789", min_size=1, max_size=2),
    "connectionType": st.just("long-polling"),
    "subscription": CHANNELS | st.lists(CHANNELS, max_size=3),
    "version": st.just("1.0"),
    "supportedConnectionTypes": st.just(["long-polling"]),
    "advice": st.fixed_dictionaries({"timeout": st.sampled_from([0, 5000, 10**9])}),
}
MESSAGES = st.fixed_dictionaries({}, optional={name: good | JSON for name, good in PLAUSIBLE.items()})
STEPS = st.one_of(
    st.tuples(st.just("send"), st.lists(MESSAGES, min_size=1, max_size=3), OWNERS),
    st.tuples(st.just("poll"), CLIENT_IDS, OWNERS),
    st.tuples(st.just("poll"), CLIENT_IDS, OWNERS),
    st.tuples(st.just("publish"), OWNERS),
    st.tuples(st.just("publish"), OWNERS),
    st.tuples(st.just("take"), st.integers(0, 3)),
    st.tuples(st.just("lose"), st.integers(0, 3)),
    st.tuples(st.just("pass"), st.sampled_from([0.0, 1.0, 9.0, 31.0])),
)


class Witness:
    """Plays the transport, and writes down which events came to whom."""

    def __init__(self) -> None:
        self.talk = Conversation(max_queue=5, max_sessions=3)
        self.open: list[int] = []
        self.named: dict[int, None] = {}
        self.expected_replies: dict[int, int] = {}
        self.came: dict[str, list[int]] = defaultdict(list)
        self.published = 0
        for owner in (ALICE, BOB):
            self.talk.begin(owner, CALLS)

    def play(self, step: tuple[Any, ...]) -> None:
        match step:
            case ("send", messages, owner):
                self._send(messages, owner)
            case ("poll", client_id, owner):
                self._send([connect(client_id, id=client_id)], owner)
            case ("publish", owner):
                self.published += 1
                self.talk.publish(self.published, owner=owner)
            case ("take", index) if index < len(exchanges := self.ready()):
                self.take(exchanges[index])
            case ("lose", index) if index < len(self.open):
                self.ready()
                lost = self.open.pop(index)
                self.named.pop(lost, None)
                self.talk.server.lost(lost, self.talk.now)
            case ("pass", seconds):
                self.talk.now += seconds
                self.talk.server.expire(self.talk.now)

    def _send(self, messages: list[dict[str, Any]], owner: str) -> None:
        exchange = self.talk.send(*messages, owner=owner)
        shaking_hands = any(message.get("channel") == META[0] for message in messages)
        self.open.append(exchange)
        self.expected_replies[exchange] = 1 if shaking_hands else len(messages)

    def ready(self) -> list[int]:
        """What has been named ready and is still open."""
        self.named |= dict.fromkeys(self.talk.ready())
        assert set(self.named) <= set(self.open)
        return list(self.named)

    def take(self, exchange: int) -> None:
        self.open.remove(exchange)
        del self.named[exchange]
        answer = self.talk.take(exchange)
        events = [message for message in answer if "data" in message]
        replies = [message for message in answer if "data" not in message]
        assert len(replies) == self.expected_replies[exchange]
        assert all(type(reply["successful"]) is bool for reply in replies)
        assert all(set(message) == {"channel", "data"} for message in events)
        for position, message in enumerate(answer):
            if "data" in message:
                to = next(reply for reply in answer[position:] if "data" not in reply)
                assert to["channel"] == "/meta/connect"
                self.came[str(to.get("id"))].append(message["data"]["number"])


@given(st.lists(STEPS, max_size=40))
@settings(max_examples=300, deadline=None)
def test_no_sequence_of_messages_raises_or_leaves_one_unanswered(steps: list[tuple[Any, ...]]) -> None:
    """Bayeux 1.0, Messages: and what is delivered rides on connects only, with channel and data only."""
    witness = Witness()
    for step in steps:
        witness.play(step)
    witness.talk.server.stop_holding()
    for exchange in witness.ready():
        witness.take(exchange)
    assert witness.open == []


@given(
    st.lists(STEPS.filter(lambda step: step[0] in ("poll", "publish", "take", "lose", "pass")), max_size=60)
)
@settings(max_examples=300, deadline=None)
def test_every_event_comes_once_and_in_order_or_the_client_is_told_that_its_session_is_over(
    steps: list[tuple[Any, ...]],
) -> None:
    """Bayeux 1.0, Delivery. Polls come, go, are replaced and lost; the queue overflows; time passes."""
    witness = Witness()
    published: dict[str, list[int]] = defaultdict(list)
    owned = {ALICE: "c1", BOB: "c2"}
    for step in steps:
        witness.play(step)
        if step[0] == "publish":
            published[owned[step[1]]].append(witness.published)
    witness.talk.server.stop_holding()
    for exchange in witness.ready():
        witness.take(exchange)
    for owner, client_id in owned.items():
        [*rest, reply] = witness.talk.ask(connect(client_id), owner=owner)
        came = witness.came[client_id] + [message["data"]["number"] for message in rest]
        assert came == published[client_id][: len(came)]
        if reply["successful"]:
            assert came == published[client_id]
        else:
            assert reply["error"] == f"402::{Cause.UNKNOWN_CLIENT.sentence}"


@given(st.binary(max_size=40) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_messages_or_is_refused(body: bytes) -> None:
    """Bayeux 1.0, Messages."""
    try:
        messages = parse(body, max_messages=5, max_depth=5)
    except NotMessages:
        return
    assert 1 <= len(messages) <= 5
    Conversation().server.receive([*messages, handshake()], owner=ALICE, exchange=1, now=0)
