"""The acknowledgement extension: what went with a connect's reply is kept until the client says that it has come (CometD, Acknowledge).

Every connect reply has a number, one more than the one before. The client's next connect names the last that it has; what went with later
ones is sent again, before anything newer and under a new number.
"""

from collections import deque
from collections.abc import Sequence

from refswitch.json_values import Json

from .messages import Message, ext_of


class Unacknowledged:
    """Messages on their way to one session, by the number of the reply that they went with."""

    __slots__ = ("_number", "_sent")

    def __init__(self) -> None:
        self._number = 0
        self._sent: deque[tuple[int, list[str]]] = deque()

    def __len__(self) -> int:
        """How many messages may have to be sent again."""
        return sum(len(messages) for _, messages in self._sent)

    def sending(self, messages: Sequence[str]) -> int:
        """The number of the reply that these go with."""
        self._number += 1
        if messages:
            self._sent.append((self._number, list(messages)))
        return self._number

    def acknowledge(self, number: Json) -> list[str]:
        """The client has the reply of this number and all before it: what went with later ones, in order, to be sent again.

        Anything but a number acknowledges nothing: everything not acknowledged before is sent again.
        """
        last = number if isinstance(number, int) and not isinstance(number, bool) else 0
        while self._sent and self._sent[0][0] <= last:
            self._sent.popleft()
        again = [message for _, messages in self._sent for message in messages]
        self._sent.clear()
        return again


def wants_acknowledgement(handshake: Message) -> bool:
    """Whether the client asks for it; never unasked."""
    return ext_of(handshake).get("ack") is True


def acknowledged(connect: Message) -> Json:
    """What a connect says that has come; None if it says nothing."""
    return ext_of(connect).get("ack")
