"""A reply with the message that it answers, and its oddities.

One function judges what all replies have in common; each channel's own rules are a row of a table.
"""

from collections.abc import Callable
from dataclasses import dataclass

from .channels import CONNECT, HANDSHAKE, SUBSCRIBE, UNSUBSCRIBE
from .events import Oddity
from .messages import Advice, BayeuxError, Message, Reconnect, read_error
from .pending import Pending
from .rules import Rule

_UNKNOWN_CLIENT = 402
"""The code of `402::Unknown client` (CometD 3) and `402::session_unknown` (CometD 4 and later)."""

_UNKNOWN_CLIENT_IN_WORDS = {(401, "unknown client"), (403, "unknown client")}
"""Other servers' errors for it, whose codes have other meanings too (faye; servers behind a gateway)."""


@dataclass(frozen=True)
class Reply:
    """A reply and its message. `advice` is the advice of this reply, not the one in force."""

    index: int
    message: Message
    pending: Pending
    advice: Advice | None

    @property
    def successful(self) -> bool:
        return self.message.get("successful") is True

    @property
    def error(self) -> BayeuxError:
        return read_error(self.message.get("error"))[0]

    @property
    def says_unknown_client(self) -> bool:
        error = self.error
        in_words = (error.code or 0, error.text.strip().lower())
        return not self.successful and (error.code == _UNKNOWN_CLIENT or in_words in _UNKNOWN_CLIENT_IN_WORDS)

    @property
    def offers_acknowledgement(self) -> bool:
        """Whether a handshake reply has the acknowledgement extension, in its older or newer form."""
        ack = self._ext.get("ack")
        return ack is True or (isinstance(ack, dict) and ack.get("enabled") is True)

    @property
    def number(self) -> int | None:
        """The number of a connect reply, which the client acknowledges; None if it is absent."""
        ack = self._ext.get("ack")
        return ack if isinstance(ack, int) and not isinstance(ack, bool) else None

    @property
    def _ext(self) -> Message:
        ext = self.message.get("ext")
        return ext if isinstance(ext, dict) else {}

    def advises(self, reconnect: Reconnect) -> bool:
        return self.advice is not None and self.advice.reconnect is reconnect


def oddities(reply: Reply) -> list[Oddity]:
    """Return what the server should not have sent in this usable reply."""
    message = reply.message
    broken: list[tuple[str, Rule]] = []
    if not isinstance(message.get("successful"), bool):
        broken.append(("successful", Rule.SUCCESSFUL_NOT_BOOLEAN))
    if "data" in message:
        broken.append(("data", Rule.REPLY_WITH_DATA))
    if message.get("successful") is False:
        _, error_rule = read_error(message.get("error"))
        if error_rule is not None:
            broken.append(("error", error_rule))
    of_channel = _ODDITIES_ON.get(reply.pending.channel)
    if of_channel is not None:
        broken += of_channel(reply)
    return [Oddity(reply.index, f"$[{reply.index}].{member}", rule) for member, rule in broken]


def _of_handshake(reply: Reply) -> list[tuple[str, Rule]]:
    if not reply.successful:
        return [("clientId", Rule.FAILED_HANDSHAKE_WITH_CLIENT_ID)] if "clientId" in reply.message else []
    return [] if reply.message.get("version") == "1.0" else [("version", Rule.HANDSHAKE_VERSION)]


def _of_connect(reply: Reply) -> list[tuple[str, Rule]]:
    if not reply.says_unknown_client or reply.advises(Reconnect.HANDSHAKE):
        return []
    return [("advice", Rule.UNKNOWN_CLIENT_WITHOUT_ADVICE)]


def _of_subscription(reply: Reply) -> list[tuple[str, Rule]]:
    same = reply.message.get("subscription") == reply.pending.subscription
    return [] if same else [("subscription", Rule.SUBSCRIPTION_NOT_ECHOED)]


_ODDITIES_ON: dict[str, Callable[[Reply], list[tuple[str, Rule]]]] = {
    HANDSHAKE: _of_handshake,
    CONNECT: _of_connect,
    SUBSCRIBE: _of_subscription,
    UNSUBSCRIBE: _of_subscription,
}
