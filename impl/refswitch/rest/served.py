"""The contract as the REST half serves it: checked once, when the server is built, against what this server can do."""

from __future__ import annotations

from collections.abc import Set
from inspect import Parameter, signature

from refswitch.contract import OPENAPI, Contract, ContractBroken

from .handlers import HANDLERS, OPERATION_NAMES
from .projection import Projection
from .schemas import OperationBodies, Schemas


class Served:
    """The paths and parameters, compiled schemas, and the body of each operationName. Raises ContractBroken if they cannot be served."""

    def __init__(self, contract: Contract) -> None:
        self.schemas = Schemas(contract)
        self.projection = Projection(contract)
        for operation_id, given in self.projection.given.items():
            _check_handled(contract, operation_id, given)
        for pointer in sorted(self.projection.pointers):
            self.schemas.validator(pointer)
        self.bodies = OperationBodies(self.schemas, self.projection.addresses)
        for operation_id, union in self.projection.unions.items():
            known = OPERATION_NAMES.get(operation_id, frozenset())
            _refuse_unknown(contract, self.bodies.names(union) - known)


def _check_handled(contract: Contract, operation_id: str, given: Set[str]) -> None:
    """Checks that each operation has a handler, and that the contract gives it every argument that it requires."""
    _refuse_unknown(contract, {operation_id} - set(HANDLERS))
    parameters = signature(HANDLERS[operation_id]).parameters.values()
    needed = {parameter.name for parameter in parameters if parameter.default is Parameter.empty} - {"caller"}
    if lacking := sorted(needed - given):
        problem = f"{operation_id} lacks parameters that this server needs: {', '.join(lacking)}"
        raise ContractBroken(contract.directory / OPENAPI, problem)


def _refuse_unknown(contract: Contract, operations: Set[str]) -> None:
    if operations:
        problem = f"has operations that this server does not know: {', '.join(sorted(operations))}"
        raise ContractBroken(contract.directory / OPENAPI, problem)
