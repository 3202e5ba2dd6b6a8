"""The acknowledgement extension: messages sent with a connect's reply are kept until the client confirms them (CometD, Acknowledge).

Every connect reply has a number, one more than the one before. The client's next connect names the last reply that it received. Messages
sent with later replies are sent again, before anything newer and under a new number.
"""

from collections import deque
from collections.abc import Sequence

from refswitch.json_values import Json

from .messages import Message, ext_of


class Unacknowledged:
    """Messages on their way to one session, by the number of the reply they were sent with."""

    __slots__ = ("_number", "_sent")

    def __init__(self) -> None:
        self._number = 0
        self._sent: deque[tuple[int, list[str]]] = deque()

    def __len__(self) -> int:
        """How many messages may have to be sent again."""
        return sum(len(messages) for _, messages in self._sent)

    def sending(self, messages: Sequence[str]) -> int:
        """Record messages as sent, and return the number of the reply that carries them."""
        self._number += 1
        if messages:
            self._sent.append((self._number, list(messages)))
        return self._number

    def acknowledge(self, number: Json) -> list[str]:
        """The client has this reply and all earlier ones. Returns the messages sent with later replies, in order, to be sent again.

        Anything but a number acknowledges nothing: everything that was not acknowledged before is sent again.
        """
        last = number if isinstance(number, int) and not isinstance(number, bool) else 0
        while self._sent and self._sent[0][0] <= last:
            self._sent.popleft()
        again = [message for _, messages in self._sent for message in messages]
        self._sent.clear()
        return again


def wants_acknowledgement(handshake: Message) -> bool:
    """Whether the client asks for acknowledgement; the server never imposes it."""
    return ext_of(handshake).get("ack") is True


def acknowledged(connect: Message) -> Json:
    """What a connect acknowledges; None if it acknowledges nothing."""
    return ext_of(connect).get("ack")
