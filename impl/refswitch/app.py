"""The reference server put together: the only place that knows all of its parts."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from .admin import Administration
from .calls import Identity
from .clock import Clock
from .identities import seeded_identities
from .request_log import Application, LogFormat, Receive, RequestLog, Scope, Send
from .routing import Routing
from .sandboxes import Assembly, Limits, Sandboxes
from .settings import Settings
from .switch import Switch


@dataclass(frozen=True)
class App:
    """An ASGI application: the contract's REST half and its Bayeux half, for every sandbox, and the administration interface.

    Call `close` before open connections are waited for: it answers every poll that is held, and holds none from then on.
    """

    application: Application
    sandboxes: Sandboxes

    @property
    def switch(self) -> Switch:
        """The main sandbox's switch, for whoever plays the network."""
        return self.sandboxes.main.switch

    @property
    def clock(self) -> Clock:
        """The main sandbox's clock, for whoever moves the time."""
        return self.sandboxes.main.clock

    def close(self) -> None:
        self.sandboxes.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.application(scope, receive, send)


def build_app(
    settings: Settings,
    *,
    new_clock: Callable[[], Clock] = Clock,
    seed: int | None = None,
    identities: Callable[[], Identity] | None = None,
    new_client_id: Callable[[], str] = lambda: secrets.token_hex(20),
    log: Callable[[str], None] | None = None,
    log_format: LogFormat = "text",
) -> App:
    """Put refswitch together. Without `log` nothing is logged; every default is the real thing.

    The same `seed` makes the same call ids, for each sandbox others; `identities` takes its place in the main one.
    Raises ContractBroken for a contract that cannot be served.
    """
    seed = secrets.randbits(64) if seed is None else seed

    def new_identities(name: str) -> Callable[[], Identity]:
        return identities if identities is not None and not name else seeded_identities(seed, name)

    assembly = Assembly(
        settings, new_clock=new_clock, new_identities=new_identities, new_client_id=new_client_id
    )
    limits = Limits(settings.sandboxes, settings.sandbox_idle_seconds)
    sandboxes = Sandboxes(assembly.make, limits, time.monotonic)
    administration = None
    if settings.admin:
        administration = Administration(settings.contract.version, settings.admin_token, sandboxes)
    application: Application = Routing(
        sandboxes,
        settings.seating.seats,
        administration,
        public_base=settings.public_base,
        cors=settings.cors,
    )
    return App(RequestLog(application, log, log_format) if log else application, sandboxes)
