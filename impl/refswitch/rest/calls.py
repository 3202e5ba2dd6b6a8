"""The agent's calls: reading them, placing them, operating on them."""

from __future__ import annotations

from collections.abc import Mapping

from refswitch.stubs import bodies, operations, resources

from .answers import collection
from .caller import Caller
from .operations import AgentOperations


async def list_calls(caller: Caller, fields: str | None = None) -> Mapping[str, object]:
    """The agent's live legs: their addresses, or with `fields` the legs or the members asked for."""
    calls = caller.realm.switch.calls(caller.seat.number)
    return collection("calls", [call["uri"] for call in calls], calls, fields)


async def read_call(caller: Caller, id: str) -> resources.CallAnswer:
    """One live leg, always whole."""
    return {"statusCode": 0, "call": caller.realm.switch.call(caller.seat.number, id)}


async def dial(
    caller: Caller, operation: bodies.DiallingOperation, id: str
) -> operations.DiallingOperationAnswer:
    """Dial."""
    return await operations.perform_dialling_operation(AgentOperations(caller), id, operation)


async def operate_on_call(
    caller: Caller, operation: bodies.CallOperation, id: str
) -> operations.CallOperationAnswer:
    """Every operation on a leg, by operationName."""
    return await operations.perform_call_operation(AgentOperations(caller), id, operation)
