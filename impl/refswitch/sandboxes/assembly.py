"""How a sandbox is put together from what all of them share: the contract that is served, and the settings."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Awaitable, Callable
from functools import partial

from refswitch.bayeux import Server
from refswitch.call_model import read_call_model
from refswitch.calls import Identity
from refswitch.clock import Clock
from refswitch.cross_origin import CrossOrigin, is_from_elsewhere
from refswitch.device_model import read_device_model
from refswitch.devices import Devices
from refswitch.farend import FarEnds
from refswitch.fault_injection import FaultInjection
from refswitch.http_journal import MOST_BODY, HttpJournal
from refswitch.journal import Journal
from refswitch.outcomes import Outcomes
from refswitch.render import Render
from refswitch.request_log import Application, Receive, Scope, Send, record_of
from refswitch.rest import (
    ANY_SITE,
    BASE_PATH,
    SAME_SITE,
    AccessDenied,
    Admission,
    Authentication,
    CsrfProtection,
    CsrfRefused,
    HttpSessions,
    Realm,
    cookie_path,
    handlers,
    refusal,
    rest_application,
)
from refswitch.seats import Seating
from refswitch.settings import Settings
from refswitch.switch import Switch
from refswitch.transports import Authenticate, CallbackPolling, Courier, LongPolling, WebSocket
from refswitch.transports import Identity as Owner
from refswitch.transports import Refusal as Turned

from .sandbox import Sandbox

NOTIFICATIONS_PATH = f"{BASE_PATH}/notifications"


class Assembly:
    """Makes sandboxes. `new_identities` gives the source of call ids of the sandbox of this name.

    Raises ContractBroken for a contract that cannot be served.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        new_clock: Callable[[], Clock],
        new_identities: Callable[[str], Callable[[], Identity]],
        new_client_id: Callable[[], str],
    ) -> None:
        self._settings = settings
        self._new_clock = new_clock
        self._new_identities = new_identities
        self._new_client_id = new_client_id
        self._table = read_call_model(settings.contract)
        self._device_model = read_device_model(settings.contract)
        self._served = rest_application(
            settings.contract,
            handlers(),
            validate_responses=settings.validate_responses,
            has_front=settings.front,
        )

    def make(self, name: str, before: Sandbox | None = None, seating: Seating | None = None) -> Sandbox:
        """The sandbox of this name; the one `before` it has given out call ids already, and its clock goes on."""
        settings = self._settings
        seating = seating or settings.seating
        base = settings.public_base.rstrip("/") + (f"/s/{name}" if name else "")
        clock = before.clock if before else self._new_clock()
        new_identity = before.new_identity if before else self._new_identities(name)
        journal = Journal(clock.now)

        # The call core, Bayeux, and the switch between them.
        server = Server(settings.bayeux, self._new_client_id)
        courier = Courier(server, time.monotonic, journal, time_of_day=lambda: time.time_ns() // 1_000_000)
        fault_injection = FaultInjection(courier, clock)
        devices = {seat.number: seat.device_id for seat in seating.seats}
        switch = Switch(
            self._table,
            {seat.number: seat.abilities for seat in seating.seats},
            Render(base, devices),
            Devices(base, devices, self._device_model, seating.agent_states),
            now=clock.now,
            new_identity=new_identity,
            publish=fault_injection.publish,
            deliver=fault_injection.deliver,
            dialled=lambda dialled: far_ends.dialled(dialled),
            note=journal.carried_out,
        )
        far_ends = FarEnds(seating.simulated, clock, switch.far_end, switch.held_party_leaves)
        outcomes = Outcomes(seating, far_ends, fault_injection, clock)

        # The two halves, behind the same credentials.
        sessions = HttpSessions(time.monotonic, _session_tokens(name))
        admission = Admission(seating.seats, sessions, _cookie_rules(settings), sandbox=name)
        realm = Realm(switch, sessions, admission, base, outcomes, CsrfProtection(is_on=settings.csrf))
        rest = HttpJournal(Authentication(self._served, realm, BASE_PATH), journal)
        polling = LongPolling(
            courier,
            _owners(realm),
            lambda: secrets.token_hex(16),
            path=NOTIFICATIONS_PATH,
            note_refusal=partial(_note_refusal, journal),
        )
        streaming = WebSocket(
            courier,
            _owners(realm),
            partial(is_from_elsewhere, origins=settings.cors),
            path=NOTIFICATIONS_PATH,
            note_refusal=partial(_note_refusal, journal),
        )
        is_scripted = "callback-polling" in settings.bayeux.connection_types
        application = _by_path(CallbackPolling(polling) if is_scripted else polling, streaming, rest)
        application = CrossOrigin(application, settings.cors) if settings.cors else application
        return Sandbox(name, seating, switch, courier, clock, journal, outcomes, application, new_identity)


def _session_tokens(name: str) -> Callable[[], str]:
    """Tokens that cannot be guessed. They say which sandbox they are of, as a session's id says its worker (Jetty, workerName)."""
    route = f".{name}" if name else ""
    return lambda: secrets.token_hex(20) + route


def _note_refusal(journal: Journal, scope: Scope, owner: str | None, body: bytes, refusal: Turned) -> None:
    """A CometD request that was answered by HTTP. What is answered in Bayeux tells of itself."""
    query = scope["query_string"].decode("latin-1")
    method = scope.get("method", "GET")  # an upgrade is one
    journal.request(owner, method, scope["path"], query, body[:MOST_BODY])
    status_code = json.loads(refusal.body)["statusCode"]
    journal.answer(owner, None, refusal.status, status_code, refusal.body)


def _by_path(
    polling: LongPolling | CallbackPolling, streaming: Application, rest: Application
) -> Application:
    """Bayeux at its addresses, with and without the suffixes that clients append; REST everywhere else. No WebSocket is REST's."""

    def choose(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """No coroutine of its own: there is one for every client that waits."""
        if scope["type"] == "http" and polling.serves(scope):
            return polling(scope, receive, send)
        return (streaming if scope["type"] == "websocket" else rest)(scope, receive, send)

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
            admitted = realm.admission.admit(scope["headers"], cookie_path(scope))
            cookie = admitted.set_cookie
            headers = [(b"set-cookie", cookie.encode("ascii"))] if cookie else []
            method = scope.get("method", "GET")  # an upgrade is one
            headers += realm.csrf.headers(method, admitted)
            told_headers += headers
            record.agent = admitted.seat.number
            realm.csrf.check(method, scope["headers"], admitted)
        except (AccessDenied, CsrfRefused) as refused:
            told = refusal(refused)
            record.status_code = told.status_code
            return Turned(told.status, tuple(told_headers), told.body)
        return Owner(admitted.seat.number, tuple(headers))

    return authenticate
