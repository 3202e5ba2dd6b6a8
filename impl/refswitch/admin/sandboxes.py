"""The sandbox itself: its health, seats, clock, snapshots and beginning, and the other sandboxes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from refswitch.clock import Clock
from refswitch.refusals import BadValue, NoSuchResource
from refswitch.sandboxes import Sandbox
from refswitch.seats import read_seating
from refswitch.strict_yaml import FileNotUsable

from .request import DONE, AdminRequest, Json

#: The members of a request that set the clock's rate, and how.
_RATES: Mapping[str, Callable[[Clock, Any], None]] = {
    "freeze": lambda clock, is_frozen: clock.run(0.0) if is_frozen else clock.run_on(),
    "run": lambda clock, _: clock.run(1.0),
    "rate": Clock.run,
}


def read_health(request: AdminRequest) -> Json:
    return {"status": "serving"}


def read_info(request: AdminRequest) -> Json:
    sandbox, versions = request.sandbox, request.versions
    return {
        "product": versions.product,
        "contract": versions.contract,
        "describes": versions.describes,
        "commit": versions.commit,
        "sandbox": sandbox.name,
        "clock": read_clock(request),
        "seats": [
            {
                "number": seat.number,
                "login": seat.login,
                "displayName": seat.display_name,
                "deviceId": seat.device_id,
            }
            for seat in sandbox.seating.seats
        ],
    }


def list_agents(request: AdminRequest) -> Json:
    """The seats and the current state of their agents, without passwords."""
    sandbox = request.sandbox
    listening = {client.owner for client in sandbox.courier.clients()}
    return {
        "agents": [
            {
                "number": seat.number,
                "login": seat.login,
                "displayName": seat.display_name,
                "deviceId": seat.device_id,
                "abilities": sorted(seat.abilities),
                "state": sandbox.switch.device(seat.number)["userState"]["state"],
                "calls": [call["id"] for call in sandbox.switch.calls(seat.number)],
                "listens": seat.number in listening,
            }
            for seat in sandbox.seating.seats
        ]
    }


def load_agents(request: AdminRequest) -> Json:
    """Replace the seats and numbers with those in the body, which is a seats file. Raises BadValue, which names the place."""
    try:
        seating = read_seating(json.dumps(request.body), "$", {})
    except FileNotUsable as problem:
        raise BadValue("$", f"cannot be used as seats: {problem}") from None
    request.sandboxes.seat(request.sandbox, seating)
    return DONE


def read_clock(request: AdminRequest) -> Json:
    clock = request.sandbox.clock
    return {"seconds": clock.now(), "rate": clock.rate}


def set_clock(request: AdminRequest) -> Json:
    """Set the clock's rate first, then move it."""
    clock, body = request.sandbox.clock, request.body
    said = [name for name in _RATES if name in body]
    if len(said) > 1:
        raise BadValue(f"$.{said[1]}", f"cannot be combined with {said[0]}")
    request.sandbox.journal.happened("Clock", **body)
    for name in said:
        _RATES[name](clock, body[name])
    if "advance" in body:
        clock.advance(body["advance"])
    return read_clock(request)


def reset(request: AdminRequest) -> Json:
    """Take the sandbox back to its beginning, and say what ended and what continues."""
    sandbox = request.sandbox
    ended = {"calls": len(sandbox.switch.world.conversations), "sessions": len(sandbox.courier.clients())}
    request.sandboxes.reset(sandbox)
    sandbox.journal.happened("Reset", **ended)
    return {**DONE, "ended": ended, "journal": {"kept": True, "next": sandbox.journal.last}}


def take_snapshot(request: AdminRequest) -> Json:
    return {"id": request.sandbox.keep()}


def restore_snapshot(request: AdminRequest) -> Json:
    kept, name = request.sandbox.snapshots, request.name
    if name not in kept:
        raise NoSuchResource(f"snapshot {name}; kept: {', '.join(kept) or 'none'}")
    request.sandbox.switch.restore(kept[name])
    request.sandbox.journal.happened("Restored", snapshot=name)
    return DONE


def list_sandboxes(request: AdminRequest) -> Json:
    _check_main(request.sandbox)
    return {"sandboxes": request.sandboxes.names()}


def drop_sandbox(request: AdminRequest) -> Json:
    _check_main(request.sandbox)
    if not request.sandboxes.drop(request.name):
        raise NoSuchResource(f"sandbox {request.name}")
    return DONE


def _check_main(sandbox: Sandbox) -> None:
    """Raises NoSuchResource inside a named sandbox: no sandbox sees another."""
    if sandbox.name:
        raise NoSuchResource("list of sandboxes in a sandbox; it is at the server's own address")
