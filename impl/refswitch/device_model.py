"""Turns the contract's rows for devices and agent states into the table that devices follow, or refuses them and names file and row."""

from __future__ import annotations

from typing import cast

from .call_model import check_call_model
from .calls import BadTable, DeviceTable, read_device_table
from .calls.devices import AgentStateData, DeviceRowData
from .contract import CALL_MODEL, Contract, ContractBroken
from .stubs.operations import CallOperationTable, ChannelOperationTable, DeviceOperationTable


def read_device_model(contract: Contract) -> DeviceTable:
    """The table of the contract's devices. Raises ContractBroken."""
    file = contract.directory / CALL_MODEL
    check_call_model(contract)
    rows = cast("list[DeviceRowData]", contract.call_model.get("devices", []))
    states = cast("list[AgentStateData]", contract.call_model.get("agentStates", []))
    # An operation that calls take too acts on a call, and its rows are those of calls.
    of_devices = set(DeviceOperationTable.__annotations__) - set(CallOperationTable.__annotations__)
    for part, known, named in (
        ("devices", of_devices, [row["operation"] for row in rows]),
        ("agentStates", set(ChannelOperationTable.__annotations__), [state["operation"] for state in states]),
    ):
        for name in sorted(set(named) ^ known):
            problem = f"no row of {name}" if name in known else f"{name}, which this server does not know"
            raise ContractBroken(file, f"{part} has {problem}")
    try:
        return read_device_table(rows, states)
    except BadTable as bad:
        raise ContractBroken(file, f"row {bad.row} {bad.problem}") from None
