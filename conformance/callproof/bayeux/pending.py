"""The messages that wait for a reply, and the pairing of a reply with its message.

A reply is paired by its id, and its channel must match. A reply without a usable id is paired by its channel alone if only one message
waits there: a stricter client would hang, and a judge needs both the complaint and the rest of the session.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from callproof import limits

from .messages import Json, Message
from .rules import Rule


@dataclass(frozen=True)
class Pending:
    """A sent message without a reply yet. `channels` are those that it subscribes to or unsubscribes from."""

    message_id: str
    channel: str
    channels: tuple[str, ...] = ()
    subscription: Json = None


@dataclass(frozen=True)
class Pairing:
    """The message that a reply answers, if any, and the rule that the reply breaks, if any.

    `late` means that the message had been given up.
    """

    pending: Pending | None
    rule: Rule | None = None
    late: bool = False


class PendingMessages:
    """The messages sent and not answered. It also issues the ids, counting up, each only once."""

    def __init__(self) -> None:
        self._last_id = 0
        self._waiting: dict[str, Pending] = {}
        self._given_up: deque[str] = deque(maxlen=limits.REMEMBERED_IDS.default)

    def new_id(self) -> str:
        self._last_id += 1
        return str(self._last_id)

    def add(self, pending: Pending) -> None:
        self._waiting[pending.message_id] = pending

    def on(self, channel: str) -> list[Pending]:
        """Return the messages that wait on this channel, oldest first."""
        return [pending for pending in self._waiting.values() if pending.channel == channel]

    def give_up(self, message_ids: Iterable[Json] | None = None) -> list[Pending]:
        """Give up these messages, or all; return those that were waiting."""
        named = list(self._waiting) if message_ids is None else message_ids
        lost = [self._waiting.pop(one) for one in named if isinstance(one, str) and one in self._waiting]
        self._given_up.extend(pending.message_id for pending in lost)
        return lost

    def pair(self, channel: str, message: Message) -> Pairing:
        """Find the message that a reply on a meta channel answers, and remove it."""
        message_id = message.get("id")
        if isinstance(message_id, str):
            return self._pair_by_id(message_id, channel, None)
        if (
            isinstance(message_id, int)
            and not isinstance(message_id, bool)
            and 0 < message_id <= self._last_id
        ):
            return self._pair_by_id(str(message_id), channel, Rule.REPLY_ID_OF_OTHER_TYPE)
        rule = Rule.REPLY_WITHOUT_ID if message_id is None else Rule.REPLY_ID_OF_OTHER_TYPE
        alone = self.on(channel)
        if len(alone) != 1:
            return Pairing(None, rule)
        return Pairing(self._waiting.pop(alone[0].message_id), rule)

    def _pair_by_id(self, message_id: str, channel: str, rule: Rule | None) -> Pairing:
        pending = self._waiting.get(message_id)
        if pending is None:
            if message_id in self._given_up:
                return Pairing(None, rule, late=True)
            return Pairing(None, Rule.REPLY_TWICE if self._was_issued(message_id) else Rule.REPLY_TO_NOTHING)
        if pending.channel != channel:
            return Pairing(None, Rule.REPLY_ON_OTHER_CHANNEL)
        return Pairing(self._waiting.pop(message_id), rule)

    def _was_issued(self, message_id: str) -> bool:
        if not message_id.isascii() or not message_id.isdigit() or len(message_id) > len(str(self._last_id)):
            return False
        return message_id[0] != "0" and int(message_id) <= self._last_id
