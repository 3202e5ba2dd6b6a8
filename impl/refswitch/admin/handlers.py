"""One function for each operationId of openapi.yaml."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from . import calls, faults, journals, sandboxes, sessions
from .request import AdminRequest, Json, Text

Handler = Callable[[AdminRequest], Json | Text]

HANDLERS: Mapping[str, Handler] = {
    "readHealth": sandboxes.read_health,
    "readInfo": sandboxes.read_info,
    "listAgents": sandboxes.list_agents,
    "loadAgents": sandboxes.load_agents,
    "readClock": sandboxes.read_clock,
    "setClock": sandboxes.set_clock,
    "takeSnapshot": sandboxes.take_snapshot,
    "restoreSnapshot": sandboxes.restore_snapshot,
    "listSandboxes": sandboxes.list_sandboxes,
    "dropSandbox": sandboxes.drop_sandbox,
    "listFaults": faults.list_faults,
    "armFaults": faults.arm_faults,
    "disarmFaults": faults.disarm_faults,
    "reset": sandboxes.reset,
    "arrive": calls.arrive,
    "preview": calls.preview,
    "listCalls": calls.list_calls,
    "endCalls": calls.end_calls,
    "readCall": calls.read_call,
    "endCall": calls.end_call,
    "playFarEnd": calls.play_far_end,
    "listSessions": sessions.list_sessions,
    "forgetSession": sessions.forget_session,
    "adviseSession": sessions.advise_session,
    "publish": sessions.publish,
    "readJournal": journals.read_journal,
    "streamJournal": journals.stream_journal,
    "drawJournal": journals.draw_journal,
    "verifyJournal": journals.verify_journal,
}
