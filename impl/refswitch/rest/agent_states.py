"""Setting an agent state by its name, whether every contact centre has it or it is custom."""

from __future__ import annotations

from collections.abc import Iterable

from refswitch.calls import SetAgentState
from refswitch.refusals import BadValue
from refswitch.stubs import resources

from .caller import Caller
from .schemas import unknown_operation


def set_agent_state(caller: Caller, name: str, known: Iterable[str]) -> resources.Accepted:
    """Set the state posted under this name. Raises BadValue, which names what can be posted instead: `known`, and the states."""
    switch = caller.sandbox.switch
    if name not in switch.agent_states:
        raise BadValue("$.operationName", unknown_operation(name, {*known, *switch.agent_states}))
    switch.apply(SetAgentState(caller.seat.number, switch.agent_states[name]))
    return {"statusCode": 0}
