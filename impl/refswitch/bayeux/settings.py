"""What a server advises, and its limits."""

from dataclasses import dataclass

from refswitch import limits


@dataclass(frozen=True)
class Settings:
    """Times are whole milliseconds, as on the wire."""

    timeout_ms: int = 30_000
    """How long a connect is held if no event arrives (CometD, Configuration: timeout)."""
    interval_ms: int = 0
    """How long clients wait between connects. Leave it at 0: one published client reads it as seconds."""
    max_interval_ms: int = 10_000
    """How long a session lives without a connect (CometD, Configuration: maxInterval)."""
    connection_types: tuple[str, ...] = ("long-polling",)
    """The transports that work at this address. A client uses any that is listed, so list no others."""
    acknowledge: bool = True
    """Whether clients that ask for it may acknowledge messages (CometD, Acknowledge)."""
    max_held_per_browser: int = limits.COMETD_POLLS.default
    """Connects of one browser and owner that are held at a time over long-polling; 0 means no limit.

    Browsers open few connections to one host (CometD, Configuration: maxSessionsPerBrowser).
    """
    multiple_clients_interval_ms: int = 2_000
    """How long the browser's other sessions wait between connects (CometD, Configuration: multiSessionInterval)."""
    cookie_required: bool = False
    """Whether a session is found only with the cookie of the browser that began it, as on servers that look it up by that cookie.

    Clients that keep no cookies then stay unknown (CometD, Security). A stream needs no cookie.
    """
    max_body: int = limits.COMETD_BODY.default
    """Most bytes in one request or frame; transports apply it."""
    max_sockets: int = limits.COMETD_SOCKETS.default
    """Most WebSockets of one owner; transports apply it."""
    max_messages: int = limits.COMETD_MESSAGES.default
    """Most messages in one batch."""
    max_depth: int = limits.COMETD_DEPTH.default
    """Most levels of nesting in one batch, including its own array."""
    max_subscriptions: int = limits.COMETD_SUBSCRIPTIONS.default
    """Most subscriptions of one session."""
    max_sessions: int = limits.COMETD_SESSIONS.default
    """Most sessions of one owner."""
    max_farewells: int = limits.COMETD_FAREWELLS.default
    """Most clients that were forgotten on purpose and are still told why."""
    max_queue: int = limits.COMETD_QUEUE.default
    """Most messages waiting for one session, including those sent but not acknowledged.

    One more message ends the session as if it had been swept.
    """

    def __post_init__(self) -> None:
        negative = [name for name, value in vars(self).items() if isinstance(value, int) and value < 0]
        if negative or not self.connection_types:
            raise ValueError(
                f"not possible in Bayeux settings: {', '.join(negative) or 'no connection type'}"
            )
