"""What a server advises, and how much it takes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Times are whole milliseconds, as they go on the wire."""

    timeout_ms: int = 30_000
    """How long a connect is held when nothing comes (CometD, Configuration: timeout)."""
    interval_ms: int = 0
    """How long clients wait between connects. Leave it 0: one published client takes it for seconds."""
    max_interval_ms: int = 10_000
    """How long a session lives without a connect (CometD, Configuration: maxInterval)."""
    connection_types: tuple[str, ...] = ("long-polling",)
    """What works at this address. A client takes what is listed, so nothing else may be."""
    acknowledge: bool = True
    """Whether clients that ask for it may acknowledge what comes (CometD, Acknowledge)."""
    max_held_per_browser: int = 1
    """Connects of one browser and owner that are held at a time over long-polling; 0: as many as come.

    Browsers open few connections to one host (CometD, Configuration: maxSessionsPerBrowser).
    """
    multiple_clients_interval_ms: int = 2_000
    """How long the others wait between connects (CometD, Configuration: multiSessionInterval)."""
    cookie_required: bool = False
    """Whether a session is found only with the cookie of the browser that began it, as servers have it that find it by that.

    Clients that keep no cookies are then unknown for ever (CometD, Security). A stream needs none.
    """
    max_body: int = 65_536
    """Bytes of one request or frame: for transports."""
    max_sockets: int = 50
    """WebSockets of one owner: for transports."""
    max_messages: int = 100
    """Messages in one batch."""
    max_depth: int = 32
    """Levels of nesting in one batch, its own array included."""
    max_subscriptions: int = 100
    """Subscriptions of one session."""
    max_sessions: int = 50
    """Sessions of one owner."""
    max_farewells: int = 1_000
    """Clients that were forgotten on purpose and are still told why."""
    max_queue: int = 1_000
    """Messages waiting for one session, among them those that were sent and not acknowledged.

    One more ends the session as if it had been swept.
    """

    def __post_init__(self) -> None:
        negative = [name for name, value in vars(self).items() if isinstance(value, int) and value < 0]
        if negative or not self.connection_types:
            raise ValueError(
                f"not possible in Bayeux settings: {', '.join(negative) or 'no connection type'}"
            )
