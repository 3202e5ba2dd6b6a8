"""The REST half as one ASGI application: what is in order is carried out at once, the rest is for Connexion, which comes a little later."""

from __future__ import annotations

from collections.abc import Mapping, Set
from inspect import Parameter, signature

from refswitch.contract import OPENAPI, Contract, ContractBroken
from refswitch.request_log import Application

from .deferred_connexion import DeferredConnexion
from .front import Front
from .handlers import OPERATION_NAMES, Handler
from .projection import Projection
from .schemas import OperationBodies, Schemas


def rest_application(
    contract: Contract,
    handlers: Mapping[str, Handler],
    *,
    validate_responses: bool = False,
    has_front: bool = True,
) -> Application:
    """The contract's paths under BASE_PATH. Raises ContractBroken if it cannot be served.

    Answers are validated by Connexion, so whoever wants that has no front.
    """
    schemas = Schemas(contract)
    projection = Projection(contract)
    for operation_id, given in projection.given.items():
        _check_handled(contract, operation_id, given, handlers)
    for pointer in sorted(projection.pointers):
        schemas.validator(pointer)
    bodies = OperationBodies(schemas, projection.addresses)
    for operation_id, union in projection.unions.items():
        _refuse_unknown(contract, bodies.names(union) - OPERATION_NAMES.get(operation_id, frozenset()))

    def whole() -> Application:
        from .with_connexion import connexion_application

        return connexion_application(
            projection, schemas, bodies, handlers, validate_responses=validate_responses
        )

    served = DeferredConnexion(whole)
    if not has_front or validate_responses:
        return served
    return Front(served, projection.posts, schemas, bodies, handlers)


def _check_handled(
    contract: Contract, operation_id: str, given: Set[str], handlers: Mapping[str, Handler]
) -> None:
    """Whether there is a handler, and the contract gives it what it cannot do without."""
    _refuse_unknown(contract, {operation_id} - set(handlers))
    parameters = signature(handlers[operation_id]).parameters.values()
    needed = {parameter.name for parameter in parameters if parameter.default is Parameter.empty} - {"caller"}
    if lacking := sorted(needed - given):
        problem = f"{operation_id} lacks what this server needs for it: {', '.join(lacking)}"
        raise ContractBroken(contract.directory / OPENAPI, problem)


def _refuse_unknown(contract: Contract, operations: Set[str]) -> None:
    if operations:
        problem = f"has operations that this server does not know: {', '.join(sorted(operations))}"
        raise ContractBroken(contract.directory / OPENAPI, problem)
