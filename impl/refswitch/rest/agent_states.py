"""Setting an agent state by its name: the ones of every contact centre and the custom ones alike."""

from __future__ import annotations

from collections.abc import Iterable

from refswitch.stubs import resources

from .caller import Caller
from .errors import BadValue
from .schemas import unknown_operation


def set_agent_state(caller: Caller, name: str, known: Iterable[str]) -> resources.Accepted:
    """Set the state that is posted under this name. Raises BadValue, which names what can be posted instead: `known`, and the states."""
    states = caller.realm.switch.agent_states
    if name not in states:
        raise BadValue("$.operationName", unknown_operation(name, {*known, *states}))
    caller.realm.switch.set_agent_state(caller.seat.number, name)
    return {"statusCode": 0}
