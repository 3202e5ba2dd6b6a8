"""Assembles the reference server: the only module that knows all its parts and the order in which a request meets them."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from .admin import Administration
from .asgi import Application, Layer, Receive, Scope, Send
from .calls import Identity
from .clock import Clock
from .cross_origin import CrossOrigin
from .http_journal import HttpJournal
from .identities import seeded_identities
from .notifications import Notifications
from .request import with_request
from .request_log import LogFormat, RequestLog
from .rest import Authentication, DeferredConnexion, Front, Served
from .routing import InSandbox, Routing
from .sandboxes import Assembly, Limits, Sandboxes
from .settings import Settings
from .switch import Switch
from .versions import versions


@dataclass(frozen=True)
class App:
    """An ASGI application: the contract's REST half and its Bayeux half, for every sandbox, and the administration interface.

    Call `close` before waiting for open connections: it answers every held poll, and no poll is held after that.
    """

    application: Application
    connexion: DeferredConnexion
    sandboxes: Sandboxes

    @property
    def switch(self) -> Switch:
        """The main sandbox's switch, for tests that play the network."""
        return self.sandboxes.main.switch

    @property
    def clock(self) -> Clock:
        """The main sandbox's clock, for tests that move the time."""
        return self.sandboxes.main.clock

    def close(self) -> None:
        self.sandboxes.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or serve ASGI's lifespan, which only Connexion needs."""
        if scope["type"] == "lifespan":
            await self.connexion.live(receive, send)
        else:
            await self.application(with_request(scope), receive, send)


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
    """Build refswitch. Without `log` nothing is logged; every default is what the command uses.

    The same `seed` makes the same call ids, different ones in each sandbox; `identities` replaces it in the main sandbox.
    Raises ContractBroken if the contract cannot be served.
    """
    seed = secrets.randbits(64) if seed is None else seed

    def new_identities(name: str) -> Callable[[], Identity]:
        return identities if identities is not None and not name else seeded_identities(seed, name)

    assembly = Assembly(
        settings, new_clock=new_clock, new_identities=new_identities, new_client_id=new_client_id
    )
    limits = Limits(settings.sandboxes, settings.sandbox_idle_seconds)
    sandboxes = Sandboxes(assembly.make, limits, time.monotonic)
    seats = settings.seating.seats
    served = Served(settings.contract)
    connexion = DeferredConnexion(served)
    logins = {seat.login for seat in seats}
    base_path = urlsplit(settings.public_base).path.rstrip("/")

    administration = partial(
        Administration,
        sandboxes=sandboxes,
        versions=versions(settings.contract, settings.commit),
        token=settings.admin_token,
        origins=settings.cors,
    )

    # In the order in which a request meets them; a layer that is switched off is None. Connexion is the innermost.
    stack: tuple[Layer | None, ...] = (
        partial(RequestLog, write=log, form=log_format) if log else None,
        partial(Routing, base_path=base_path, logins=logins) if sandboxes.are_served else None,
        administration if settings.admin else None,
        partial(CrossOrigin, origins=settings.cors, keeps_cookies=settings.is_cookie_for_other_sites)
        if settings.cors
        else None,
        partial(InSandbox, sandboxes=sandboxes, seats=seats),
        Notifications,
        HttpJournal,
        Authentication,
        partial(Front, served=served) if settings.front else None,
    )
    application: Application = connexion
    for layer in reversed(stack):
        application = layer(application) if layer is not None else application
    return App(application, connexion, sandboxes)
