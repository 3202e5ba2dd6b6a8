"""One function for each operationId of openapi.yaml."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from . import calls, faults, house, journals, sessions
from .request import Json, Request, Text

Handler = Callable[[Request], Json | Text]

HANDLERS: Mapping[str, Handler] = {
    "readHealth": house.read_health,
    "readInfo": house.read_info,
    "listAgents": house.list_agents,
    "loadAgents": house.load_agents,
    "readClock": house.read_clock,
    "setClock": house.set_clock,
    "takeSnapshot": house.take_snapshot,
    "restoreSnapshot": house.restore_snapshot,
    "listSandboxes": house.list_sandboxes,
    "dropSandbox": house.drop_sandbox,
    "listFaults": faults.list_faults,
    "armFaults": faults.arm_faults,
    "disarmFaults": faults.disarm_faults,
    "reset": calls.reset,
    "arrive": calls.arrive,
    "listCalls": calls.list_calls,
    "readCall": calls.read_call,
    "actRemotely": calls.act_remotely,
    "listSessions": sessions.list_sessions,
    "forgetSession": sessions.forget_session,
    "adviseSession": sessions.advise_session,
    "publish": sessions.publish,
    "readJournal": journals.read_journal,
    "streamJournal": journals.stream_journal,
    "drawJournal": journals.draw_journal,
    "verifyJournal": journals.verify_journal,
}
