"""`refswitch serve`: builds a server from the options and runs it until it is stopped."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from refswitch.bayeux import Settings as BayeuxSettings
from refswitch.clock import Clock, read_rate
from refswitch.contract import load_contract
from refswitch.cross_origin import read_origin
from refswitch.http_bounds import HttpBounds
from refswitch.seats import load_seating
from refswitch.settings import Settings, local_base, read_public_base
from refswitch.versions import UNKNOWN, commit
from refswitch.violations import shown

from .exits import CannotServe
from .listening import listening, warn_of_guessable_passwords
from .log_writer import LogWriter
from .ready import Announcement, Ready
from .streams import log_to
from .values import HTTP_LIMITS, LIMITS

_SHORTEST_TOKEN = 16


def serve(options: argparse.Namespace) -> None:
    """Serve until stopped. Raises CannotServe, and whatever the readers of files and options raise."""
    rate = read_rate(options.clock)
    settings = _settings(options)
    log = LogWriter(sys.stderr.fileno(), options.log_format)
    with listening(options.host, options.port) as listener, log:
        # These take long to import, so everything else that can be wrong has been checked by now.
        warnings.filterwarnings(
            "ignore", message="Using `httpx` with `starlette.testclient`"
        )  # connexion 3.3 imports it
        from refswitch.app import build_app
        from refswitch.serving import Serving

        address = local_base(options.host, listener.getsockname()[1])
        if options.public_base is None:
            settings = replace(settings, public_base=address)
        log_to(log, options.log_format)
        warn_of_guessable_passwords(options.host, settings.seating)
        application = build_app(
            settings,
            new_clock=lambda: Clock(rate),
            seed=options.seed,
            log=log.write,
            log_format=options.log_format,
        )
        ready = Ready(address, settings, options.seats)
        announcement = Announcement(ready.line if options.log_format == "json" else ready.text)
        serving = Serving(
            application,
            listener,
            on_ready=announcement.make,
            max_frame=settings.bayeux.max_body,
            bounds=HttpBounds(**_given(options.limit, HTTP_LIMITS)),
        )
        if options.stop_with_stdin:
            serving.stop_at_end_of(0)
        serving.run()
        announcement.check()


def _settings(options: argparse.Namespace) -> Settings:
    """The settings that the options describe. Raises the error that names a wrong option."""
    seating = load_seating(options.seats)
    settings = Settings(
        load_contract(options.contract),
        seating,
        bayeux=_bayeux_settings(options),
        csrf=options.csrf,
        cors=tuple(read_origin(text) for text in options.cors),
        admin=not options.no_admin,
        admin_token=_admin_token(options.admin_token_env),
        sandboxes=options.sandboxes,
        front=not options.no_front,
        metrics=options.metrics,
        sandbox_idle_seconds=options.sandbox_idle,
        commit=UNKNOWN if options.no_admin else commit(),
    )
    base = options.public_base
    return settings if base is None else replace(settings, public_base=read_public_base(base))


def _bayeux_settings(options: argparse.Namespace) -> BayeuxSettings:
    offered = {
        "websocket": not options.no_websocket,
        "long-polling": True,
        "callback-polling": options.callback_polling,
    }
    return BayeuxSettings(
        timeout_ms=round(options.poll_timeout * 1000),
        max_interval_ms=round(options.max_interval * 1000),
        cookie_required=options.require_cookie,
        connection_types=tuple(name for name, is_offered in offered.items() if is_offered),
        **_given(options.limit, LIMITS),
    )


def _given(limits: Sequence[tuple[str, int]], known: Mapping[str, str]) -> dict[str, Any]:
    """The limits among `known` that the options give, by the name of their field."""
    return {known[name]: number for name, number in limits if name in known}


def _admin_token(variable: str | None) -> str | None:
    """The token in this environment variable. Raises CannotServe if it holds none."""
    if variable is None:
        return None
    token = os.environ.get(variable, "")
    if len(token) < _SHORTEST_TOKEN:
        raise CannotServe(
            f"--admin-token-env {shown(variable)}: must be set to a token of {_SHORTEST_TOKEN} or more characters"
        )
    return token
