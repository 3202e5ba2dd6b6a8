"""Reads the recorded values of path and query parameters, and writes them into the OpenAPI bundle as named examples.

``openapi/examples/recorded/parameters.yaml`` maps an operationId to its parameters, and each parameter to the values that were accepted.
A parameter of a whole path has the values of all the path's operations.
"""

from __future__ import annotations

from collections.abc import Iterator

from callproof.bundling.findings import Finding
from callproof.bundling.sources import Contract
from callproof.bundling.values import Json, JsonObject, as_list, as_object, as_texts

PARAMETERS = "openapi/examples/recorded/parameters.yaml"
#: The names of values that would not tell a reader enough.
_NAMES = {"*": "everything"}


def place_parameters(contract: Contract, openapi: JsonObject) -> list[Finding]:
    """Add the examples to the parameters; return a finding for each operation or parameter that is not in the contract."""
    source = contract.files.get(PARAMETERS)
    recorded = as_object(source.value) if source else {}
    placed: set[tuple[str, str]] = set()
    for operation_ids, parameter in _parameters(openapi):
        name = str(parameter.get("name"))
        values: list[str] = []
        for operation_id in operation_ids:
            placed.add((operation_id, name))
            values += as_texts(as_object(recorded.get(operation_id)).get(name))
        if values:
            parameter["examples"] = {_name(value): _written(value) for value in values}
    problem, remedy = "the contract has no such parameter", "run make examples"
    return [
        source.finding((operation_id, name), "example-index", problem, remedy)
        for operation_id, names in recorded.items()
        for name in as_object(names)
        if source and (operation_id, name) not in placed
    ]


def _parameters(openapi: JsonObject) -> Iterator[tuple[list[str], JsonObject]]:
    """Each parameter with the operations that it belongs to."""
    for item in map(as_object, as_object(openapi.get("paths")).values()):
        operations = [one for one in map(as_object, item.values()) if "operationId" in one]
        ids = [str(operation.get("operationId")) for operation in operations]
        yield from ((ids, as_object(parameter)) for parameter in as_list(item.get("parameters")))
        for operation_id, operation in zip(ids, operations, strict=True):
            yield from (([operation_id], as_object(one)) for one in as_list(operation.get("parameters")))


def _name(value: str) -> str:
    return _NAMES.get(value, value.replace(",", "-"))


def _written(value: str) -> Json:
    return {"summary": f"{value} (recorded from refswitch)", "value": value}
