"""The house put together: the only place that knows everybody."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from .bayeux import Server
from .call_model import read_call_model
from .calls import Identity
from .clock import Clock, RunningClock
from .farend import FarEnds
from .identities import seeded_identities
from .render import Render
from .request_log import Application, LogFormat, Receive, RequestLog, Scope, Send, record_of
from .rest import (
    BASE_PATH,
    AccessDenied,
    Admission,
    Door,
    Handlers,
    HttpSessions,
    Realm,
    connexion_application,
    refusal,
)
from .settings import Settings
from .switch import Switch
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
    switch = Switch(
        table,
        {seat.number: seat.abilities for seat in seats},
        Render(settings.public_base, {seat.number: seat.device_id for seat in seats}),
        now=clock.now,
        new_identity=identities or seeded_identities(secrets.randbits(64)),
        publish=courier.publish,
        deliver=courier.deliver,
        dialled=lambda dialled: far_ends.dialled(dialled),
    )
    far_ends = FarEnds(settings.seating.simulated, clock, switch.far_end)

    # The two halves, behind the same credentials.
    sessions = HttpSessions(time.monotonic)
    admission = Admission(seats, sessions)
    realm = Realm(switch, sessions, admission, settings.public_base)
    handlers = Handlers().by_operation_id()
    served = connexion_application(
        settings.contract, handlers, validate_responses=settings.validate_responses
    )
    rest = Door(served, realm, BASE_PATH)
    bayeux = LongPolling(courier, _owners(admission), lambda: secrets.token_hex(16), path=NOTIFICATIONS_PATH)

    application = _by_path(bayeux, rest)
    logged = RequestLog(application, log, log_format) if log else application
    return App(logged, switch, clock, courier.close)


def _by_path(bayeux: LongPolling, rest: Application) -> Application:
    """Bayeux at its addresses, with and without the suffixes that clients append; REST everywhere else."""

    async def choose(scope: Scope, receive: Receive, send: Send) -> None:
        of_bayeux = scope["type"] != "lifespan" and bayeux.serves(scope)
        await (bayeux if of_bayeux else rest)(scope, receive, send)

    return choose


def _owners(admission: Admission) -> Authenticate:
    """The door of the Bayeux half: a session belongs to the agent whose credentials or cookie made it."""

    def authenticate(scope: Scope) -> Owner | Turned:
        record = record_of(scope)
        try:
            admitted = admission.admit(scope["headers"])
        except AccessDenied as denied:
            told = refusal(denied)
            record.status_code = told.status_code
            return Turned(told.status, ((b"content-type", b"application/json"),), told.body)
        record.agent = admitted.seat.number
        cookie = admitted.set_cookie
        return Owner(admitted.seat.number, ((b"set-cookie", cookie.encode("ascii")),) if cookie else ())

    return authenticate
