"""Whatever is sent, in whatever order: nothing raises, everything is answered, and no event is lost or delivered twice."""

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
    "ext": st.fixed_dictionaries({"ack": st.booleans() | st.integers(0, 3)}),
    "advice": st.fixed_dictionaries({"timeout": st.sampled_from([0, 5000, 10**9])}),
}
MESSAGES = st.fixed_dictionaries({}, optional={name: good | JSON for name, good in PLAUSIBLE.items()})
#: Long-polling from one of two browsers, or one of an owner's two streams.
WAYS = st.sampled_from(["", "", "browser-1", "browser-2", "stream-1", "stream-2"])
STEPS = st.one_of(
    st.tuples(st.just("send"), st.lists(MESSAGES, min_size=1, max_size=3), OWNERS, WAYS),
    st.tuples(st.just("poll"), CLIENT_IDS, OWNERS, WAYS),
    st.tuples(st.just("poll"), CLIENT_IDS, OWNERS, WAYS),
    st.tuples(st.just("close"), OWNERS, st.sampled_from(["stream-1", "stream-2"])),
    st.tuples(st.just("publish"), OWNERS),
    st.tuples(st.just("publish"), OWNERS),
    st.tuples(st.just("take"), st.integers(0, 3)),
    st.tuples(st.just("lose"), st.integers(0, 3)),
    st.tuples(st.just("pass"), st.sampled_from([0.0, 1.0, 9.0, 31.0])),
)


class Observer:
    """Acts as the transport, and records which events each client received."""

    def __init__(self) -> None:
        self.talk = Conversation(max_queue=5, max_sessions=3)
        self.open: dict[int, str] = {}  # the exchanges, and the streams they arrived on
        self.named: dict[Any, None] = {}
        self.expected_replies: dict[int, int] = {}
        self.came: dict[str, list[int]] = defaultdict(list)
        self.meant_for: list[str] = [""]
        for owner in (ALICE, BOB):
            self.talk.begin(owner, CALLS)

    @property
    def published(self) -> int:
        return len(self.meant_for) - 1

    def play(self, step: tuple[Any, ...]) -> None:
        match step:
            case ("send", messages, owner, way):
                self._send(messages, owner, way)
            case ("poll", client_id, owner, way):
                self._send([connect(client_id, id=client_id)], owner, way)
            case ("publish", owner):
                self.meant_for.append(owner)
                self.talk.publish(self.published, owner=owner)
            case ("take", index) if index < len(ready := self.ready()):
                self.take(ready[index])
            case ("lose", index) if index < len(exchanges := self.polls()):
                self.ready()
                self._lose(exchanges[index])
            case ("close", owner, way):
                self.ready()
                stream = f"{owner}-{way}"
                for exchange in [exchange for exchange, over in self.open.items() if over == stream]:
                    self._lose(exchange)
                self.named.pop(stream, None)
                self.talk.server.closed(stream)
            case ("pass", seconds):
                self.talk.now += seconds
                self.talk.server.expire(self.talk.now)

    def _send(self, messages: list[dict[str, Any]], owner: str, way: str) -> None:
        is_stream = way.startswith("stream")
        stream = f"{owner}-{way}" if is_stream else None
        browser = way if way and not is_stream else None
        exchange = self.talk.send(*messages, owner=owner, stream=stream, browser=browser)
        shaking_hands = any(message.get("channel") == META[0] for message in messages)
        self.open[exchange] = stream or ""
        self.expected_replies[exchange] = 1 if shaking_hands else len(messages)

    def _lose(self, exchange: int) -> None:
        del self.open[exchange]
        self.named.pop(exchange, None)
        self.talk.server.lost(exchange, self.talk.now)

    def polls(self) -> list[int]:
        """The exchanges that can be lost individually."""
        return [exchange for exchange, stream in self.open.items() if not stream]

    def ready(self) -> list[Any]:
        """Exchanges and streams that have been named ready and are still open."""
        self.named |= dict.fromkeys(self.talk.ready())
        assert {key for key in self.named if isinstance(key, int)} <= set(self.open)
        return list(self.named)

    def take(self, key: Any) -> None:
        del self.named[key]
        if not isinstance(key, int):
            self.flush(key)
            return
        del self.open[key]
        answer = self.talk.take(key)
        events = [message for message in answer if "data" in message]
        replies = [message for message in answer if "data" not in message]
        assert len(replies) == self.expected_replies[key]
        assert all(type(reply["successful"]) is bool for reply in replies)
        assert all(set(message) == {"channel", "data"} for message in events)
        for position, message in enumerate(answer):
            if "data" in message:
                to = next(reply for reply in answer[position:] if "data" not in reply)
                assert to["channel"] == "/meta/connect"
                self.came[str(to.get("id"))].append(message["data"]["number"])

    def flush(self, stream: str) -> None:
        """Events on a stream are for the owner who opened it, and for one session of theirs."""
        session = self.talk.server._streams.carried(stream)
        for message in self.talk.flush(stream):
            assert set(message) == {"channel", "data"}
            number = message["data"]["number"]
            assert session is not None
            assert session.owner == self.meant_for[number] == stream.partition("-")[0]
            self.came[session.client_id].append(number)

    def finish(self) -> None:
        """The server shuts down: every held connect is answered."""
        self.talk.server.stop_holding()
        for key in self.ready():
            self.take(key)


@given(st.lists(STEPS, max_size=40))
@settings(max_examples=300, deadline=None)
def test_no_sequence_of_messages_raises_or_leaves_a_message_unanswered(steps: list[tuple[Any, ...]]) -> None:
    """SE-7, PB-5, PB-6, WS-20: Bayeux 1.0, Messages: events are delivered with connects only, and have channel and data only."""
    observer = Observer()
    for step in steps:
        observer.play(step)
    observer.finish()
    assert observer.open == {}


@given(
    st.lists(
        STEPS.filter(lambda step: step[0] in ("poll", "publish", "take", "lose", "close", "pass")),
        max_size=60,
    )
)
@settings(max_examples=300, deadline=None)
def test_every_event_arrives_once_and_in_order_or_the_client_learns_that_its_session_has_ended(
    steps: list[tuple[Any, ...]],
) -> None:
    """DL-3, DL-7, SE-6: Bayeux 1.0, Delivery. Polls come, go, are replaced and lost; the queue overflows; time passes."""
    observer = Observer()
    published: dict[str, list[int]] = defaultdict(list)
    owned = {ALICE: "c1", BOB: "c2"}
    for step in steps:
        observer.play(step)
        if step[0] == "publish":
            published[owned[step[1]]].append(observer.published)
    observer.finish()
    for owner, client_id in owned.items():
        [*rest, reply] = observer.talk.ask(connect(client_id), owner=owner)
        came = observer.came[client_id] + [message["data"]["number"] for message in rest]
        assert came == published[client_id][: len(came)]
        if reply["successful"]:
            assert came == published[client_id]
        else:
            assert reply["error"] in (
                f"402::{cause.sentence}" for cause in (Cause.UNKNOWN_CLIENT, Cause.QUEUE_OVERFLOWN)
            )


@given(st.binary(max_size=40) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_body_either_holds_messages_or_is_refused(body: bytes) -> None:
    """SE-7, ER-8: Bayeux 1.0, Messages."""
    try:
        messages = parse(body, max_messages=5, max_depth=5)
    except NotMessages:
        return
    assert 1 <= len(messages) <= 5
    Conversation().server.receive([*messages, handshake()], owner=ALICE, exchange=1, now=0)
