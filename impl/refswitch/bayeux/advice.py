"""The advice that clients get, and how long their connects are held (Bayeux 1.0, advice)."""

from collections.abc import Iterable, Mapping

from refswitch.json_values import Json, object_at

from . import channels
from .errors import Cause
from .sessions import Session
from .settings import Settings

#: Every way to say that a client is unknown.
_UNKNOWN_CLIENT = (
    Cause.UNKNOWN_CLIENT,
    Cause.UNKNOWN_CLIENT_403,
    Cause.UNKNOWN_CLIENT_UNADVISED,
    Cause.QUEUE_OVERFLOWN,
)


class Adviser:
    """Writes advice as the settings require."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def advice(self, reconnect: str) -> dict[str, Json]:
        """Complete advice: clients discard all earlier advice when they receive any (Bayeux 1.0, advice)."""
        return {
            "reconnect": reconnect,
            "interval": self._settings.interval_ms,
            "timeout": self._settings.timeout_ms,
        }

    def on_refusal(self, cause: Cause, request: Mapping[str, Json]) -> dict[str, Json]:
        """The advice field of a refusal, if it has one.

        An unknown client shakes hands again at once (Bayeux 1.0, Connection Negotiation). A handshake that can never
        succeed is not to be repeated; one that was refused for too many sessions may succeed later.
        """
        channel = request.get("channel")
        if channel == channels.CONNECT and cause in _UNKNOWN_CLIENT and cause.is_advised:
            return {"advice": self.advice("handshake") | {"interval": 0}}
        if channel == channels.HANDSHAKE:
            return {"advice": self.advice("handshake" if cause is Cause.TOO_MANY_SESSIONS else "none")}
        return {}

    def on_many(self, session: Session, of_owner: Iterable[Session], browser: str | None) -> dict[str, Json]:
        """The additional advice for a session when its browser already has others held, and when that is over.

        Bayeux 1.0, Multiple clients: the browser might otherwise have no connection left for anything else.
        """
        was_one_of_many, session.browser = session.is_one_of_many, browser
        others = [
            other
            for other in of_owner
            if other is not session and other.held is not None and other.browser == browser
        ]
        session.is_one_of_many = browser is not None and 0 < self._settings.max_held_per_browser <= len(
            others
        )
        if session.is_one_of_many:
            return {"multiple-clients": True, "interval": self._settings.multiple_clients_interval_ms}
        return {"interval": self._settings.interval_ms} if was_one_of_many else {}

    def hold_ms(self, advice: Json, first: bool) -> float:
        """How long to hold a connect: as long as it asks for, but no longer than we advise.

        A first connect that asks for nothing is not held: clients wait for its reply before they report that they are connected.
        """
        asked = object_at(advice).get("timeout")
        if isinstance(asked, (int, float)):
            return min(asked, self._settings.timeout_ms)
        return 0 if first else self._settings.timeout_ms
