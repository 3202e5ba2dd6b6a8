"""The house put together: the only place that knows everybody."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from .admin import ADMIN_PATH, Administration, Subject
from .bayeux import Server
from .call_model import read_call_model
from .calls import Identity
from .clock import Clock, RunningClock
from .cross_origin import CrossOrigin
from .device_model import read_device_model
from .farend import FarEnds
from .identities import seeded_identities
from .render import Render
from .request_log import Application, LogFormat, Receive, RequestLog, Scope, Send, record_of
from .rest import (
    ANY_SITE,
    BASE_PATH,
    SAME_SITE,
    AccessDenied,
    Admission,
    CsrfProtection,
    CsrfRefused,
    Door,
    HttpSessions,
    Realm,
    connexion_application,
    handlers,
    refusal,
)
from .settings import Settings
from .switch import Switch
from .telephones import Telephones
from .transports import Authenticate, Courier, LongPolling
from .transports import Identity as Owner
from .transports import Refusal as Turned

NOTIFICATIONS_PATH = f"{BASE_PATH}/notifications"


@dataclass(frozen=True)
class App:
    """An ASGI application: the REST half, and Bayeux beside it.

    `switch` and `clock` are for whoever plays the network or moves the time. Call `close` before open connections are waited for:
    it answers every poll that is held, and holds none from then on.
    """

    application: Application
    switch: Switch
    clock: Clock
    close: Callable[[], None]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.application(scope, receive, send)


def build_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    identities: Callable[[], Identity] | None = None,
    new_client_id: Callable[[], str] = lambda: secrets.token_hex(20),
    log: Callable[[str], None] | None = None,
    log_format: LogFormat = "text",
) -> App:
    """Put refswitch together. Without `log` nothing is logged; every default is the real thing.

    Raises ContractBroken for a contract that cannot be served.
    """
    clock = clock or RunningClock()
    seats = settings.seating.seats

    # The call core, Bayeux, and the switch between them.
    table = read_call_model(settings.contract)
    courier = Courier(Server(settings.bayeux, new_client_id), time.monotonic)
    devices = {seat.number: seat.device_id for seat in seats}
    switch = Switch(
        table,
        {seat.number: seat.abilities for seat in seats},
        Render(settings.public_base, devices),
        Telephones(
            settings.public_base, devices, read_device_model(settings.contract), settings.seating.agent_states
        ),
        now=clock.now,
        new_identity=identities or seeded_identities(secrets.randbits(64)),
        publish=courier.publish,
        deliver=courier.deliver,
        dialled=lambda dialled: far_ends.dialled(dialled),
    )
    far_ends = FarEnds(settings.seating.simulated, clock, switch.far_end)

    # The two halves, behind the same credentials.
    sessions = HttpSessions(time.monotonic)
    admission = Admission(seats, sessions, _cookie_rules(settings))
    csrf = CsrfProtection(is_on=settings.csrf)
    realm = Realm(switch, sessions, admission, settings.public_base, csrf)
    served = connexion_application(
        settings.contract, handlers(), validate_responses=settings.validate_responses
    )
    rest = Door(served, realm, BASE_PATH)
    bayeux = LongPolling(courier, _owners(realm), lambda: secrets.token_hex(16), path=NOTIFICATIONS_PATH)

    application = _by_path(bayeux, rest)
    application = CrossOrigin(application, settings.cors) if settings.cors else application
    if settings.admin:
        subject = Subject(switch, courier, seats, clock.now, settings.contract.version)
        application = _with_administration(Administration(subject, settings.admin_token), application)
    logged = RequestLog(application, log, log_format) if log else application
    return App(logged, switch, clock, courier.close)


def _with_administration(administration: Administration, application: Application) -> Application:
    """Outside of everything that agents go through: no page of another origin is let in there, and no agent's credentials count."""

    async def choose(scope: Scope, receive: Receive, send: Send) -> None:
        is_admin = scope["type"] == "http" and (scope["path"] + "/").startswith(ADMIN_PATH + "/")
        await (administration if is_admin else application)(scope, receive, send)

    return choose


def _by_path(bayeux: LongPolling, rest: Application) -> Application:
    """Bayeux at its addresses, with and without the suffixes that clients append; REST everywhere else."""

    async def choose(scope: Scope, receive: Receive, send: Send) -> None:
        of_bayeux = scope["type"] != "lifespan" and bayeux.serves(scope)
        await (bayeux if of_bayeux else rest)(scope, receive, send)

    return choose


def _cookie_rules(settings: Settings) -> str:
    """A page of another site gets the cookie back over TLS only; the pages of other ports of this host always do."""
    is_for_other_sites = settings.cors and settings.public_base.lower().startswith("https:")
    return ANY_SITE if is_for_other_sites else SAME_SITE


def _owners(realm: Realm) -> Authenticate:
    """The door of the Bayeux half: a session belongs to the agent whose credentials or cookie made it."""

    def authenticate(scope: Scope) -> Owner | Turned:
        record, told_headers = record_of(scope), [(b"content-type", b"application/json")]
        try:
            admitted = realm.admission.admit(scope["headers"])
            cookie = admitted.set_cookie
            headers = [(b"set-cookie", cookie.encode("ascii"))] if cookie else []
            headers += realm.csrf.headers(scope["method"], admitted)
            told_headers += headers
            record.agent = admitted.seat.number
            realm.csrf.check(scope["method"], scope["headers"], admitted)
        except (AccessDenied, CsrfRefused) as refused:
            told = refusal(refused)
            record.status_code = told.status_code
            return Turned(told.status, tuple(told_headers), told.body)
        return Owner(admitted.seat.number, tuple(headers))

    return authenticate
