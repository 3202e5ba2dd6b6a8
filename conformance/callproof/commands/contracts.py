"""The contract that a command asks for. `callproof stubs` needs nothing else, so this imports nothing from an extra."""

from __future__ import annotations

from callproof.commands.exits import CONFIGURATION, Stopped
from callproof.contract.bundles import Contract, ContractNotUsable, load_contract


def contract_at(directory: str | None) -> Contract:
    """The contract in this folder; by default the one that is installed. Raises Stopped."""
    try:
        return load_contract(directory)
    except ContractNotUsable as error:
        raise Stopped(str(error), CONFIGURATION) from None
