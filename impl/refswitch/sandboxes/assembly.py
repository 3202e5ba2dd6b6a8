"""Builds sandboxes from what they all share: the contract's tables and the settings."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from functools import partial

from refswitch.access import ANY_SITE, SAME_SITE, Access, Admission, HttpSessions
from refswitch.asgi import Answer, Scope
from refswitch.bayeux import Server
from refswitch.call_model import read_call_model
from refswitch.calls import Identity
from refswitch.clock import Clock
from refswitch.contract import API_PATH
from refswitch.cross_origin import is_from_elsewhere
from refswitch.device_model import read_device_model
from refswitch.devices import Devices
from refswitch.farend import FarEnds
from refswitch.fault_injection import FaultInjection
from refswitch.journal import MOST_BODY, Journal
from refswitch.metrics import measured
from refswitch.outcomes import Outcomes
from refswitch.refusals import AccessDenied, CsrfRefused, answer_to
from refswitch.render import Render
from refswitch.request import request_of
from refswitch.seats import Seating
from refswitch.settings import Settings
from refswitch.switch import Switch
from refswitch.transports import Authenticate, CallbackPolling, Courier, End, LongPolling, Sender, WebSocket

from .sandbox import Sandbox

NOTIFICATIONS_PATH = f"{API_PATH}/notifications"


class Assembly:
    """Builds sandboxes. `new_identities` returns the source of call ids for the sandbox with a name.

    Raises ContractBroken if the contract cannot be served.
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

    def make(self, name: str, before: Sandbox | None = None, seating: Seating | None = None) -> Sandbox:
        """Build the sandbox with this name. It continues the call ids, the clock and the journal of the one `before` it, if any."""
        settings = self._settings
        seating = seating or settings.seating
        base = settings.public_base.rstrip("/") + (f"/s/{name}" if name else "")
        clock = before.clock if before else self._new_clock()
        new_identity = before.new_identity if before else self._new_identities(name)
        journal = before.journal if before else Journal(clock.now)

        # Admission.
        sessions = HttpSessions(time.monotonic, _session_tokens(name))
        admission = Admission(
            seating.seats,
            sessions,
            ANY_SITE if settings.is_cookie_for_other_sites else SAME_SITE,
            sandbox=name,
        )
        access = Access(admission, sessions, demands_csrf_token=settings.csrf)

        # Bayeux, and how its messages travel.
        server = Server(settings.bayeux, self._new_client_id)
        courier = Courier(server, time.monotonic, journal, time_of_day=lambda: time.time_ns() // 1_000_000)
        note_refusal = partial(_note_refusal, journal)
        polling = LongPolling(
            courier,
            _owners(access),
            lambda: secrets.token_hex(16),
            path=NOTIFICATIONS_PATH,
            note_refusal=note_refusal,
        )
        streaming = WebSocket(
            courier,
            _owners(access),
            partial(is_from_elsewhere, origins=(*settings.cors, settings.own_origin)),
            path=NOTIFICATIONS_PATH,
            note_refusal=note_refusal,
        )
        is_scripted = "callback-polling" in settings.bayeux.connection_types

        # The calls, and what may happen to them on purpose.
        injection = FaultInjection(courier, clock)
        far_ends = FarEnds(seating.simulated, clock)
        devices = {seat.number: seat.device_id for seat in seating.seats}
        switch = Switch(
            self._table,
            {seat.number: seat.abilities for seat in seating.seats},
            Render(base, devices),
            Devices(base, devices, self._device_model, seating.agent_states),
            now=clock.now,
            new_identity=new_identity,
            publish=measured(injection.publish, clock.now) if settings.metrics else injection.publish,
            deliver=injection.deliver,
            dialled=far_ends.dialled,
            note=journal.carried_out,
        )
        return Sandbox(
            name,
            base + API_PATH,
            seating,
            switch,
            courier,
            clock,
            journal,
            Outcomes(seating, far_ends, injection, clock),
            access,
            CallbackPolling(polling) if is_scripted else polling,
            streaming,
            new_identity,
        )


def _session_tokens(name: str) -> Callable[[], str]:
    """Tokens that cannot be guessed. They name their sandbox, as a session id names its worker (Jetty, workerName)."""
    route = f".{name}" if name else ""
    return lambda: secrets.token_hex(20) + route


def _note_refusal(journal: Journal, scope: Scope, body: bytes, answer: Answer) -> None:
    """Record a CometD request that was answered by HTTP. Those answered in Bayeux are recorded as messages."""
    request = request_of(scope)
    request.status_code = json.loads(answer.body)["statusCode"]
    journal.request(request, body[:MOST_BODY])
    journal.answer(request, answer.status, answer.body)


def _owners(access: Access) -> Authenticate:
    """A Bayeux session belongs to the agent whose credentials or cookie made it."""

    def authenticate(scope: Scope) -> Sender | Answer:
        request = request_of(scope)
        try:
            admitted = access.let_in(request)
        except (AccessDenied, CsrfRefused) as refused:
            return answer_to(request, refused)
        hold = partial(_hold, access.sessions, admitted.session, request.header(b"authorization") is None)
        return Sender(admitted.seat.number, access.headers(request, admitted), hold)

    return authenticate


def _hold(sessions: HttpSessions, token: str, is_by_cookie: bool, end: End) -> End:
    """Tie a held poll or a WebSocket to its HTTP session. The session's end ends it if the cookie alone admitted it.

    Credentials admit it by themselves, as they would admit the same request after the session's end.
    """
    return sessions.hold(token, end if is_by_cookie else _outlives)


def _outlives() -> None:
    """What credentials opened goes on."""
