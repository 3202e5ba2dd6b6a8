"""What a run has reached: how often each operation was sent to its endpoint, and how often the server accepted it.

A fuzzer that is refused throughout finds nothing and is green. So what was never accepted is a failure of the run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import schemathesis
from schemathesis.core.result import Ok

#: An endpoint (`POST /me/calls/{id}`), and the operationName; None for an endpoint that takes none.
Target = tuple[str, str | None]


def targets_of(schema: schemathesis.BaseSchema) -> list[Target]:
    """Every endpoint that is selected for the run, with each operation of its union of bodies."""
    found: list[Target] = []
    for result in schema.get_all_operations():
        if isinstance(result, Ok):
            operation = result.ok()
            names = operations_at(schema.raw_schema, operation.definition.raw)
            found += [(operation.label, name) for name in names or (None,)]
    return found


def operations_at(openapi: Mapping[str, Any], operation: Mapping[str, Any]) -> tuple[str, ...]:
    """The operationNames that can be posted here, by the discriminator of the body."""
    content = resolved(openapi, operation.get("requestBody", {})).get("content", {})
    schema = resolved(openapi, content.get("application/json", {}).get("schema", {}))
    return tuple(schema.get("discriminator", {}).get("mapping", ()))


def resolved(openapi: Mapping[str, Any], value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The value, or what it refers to."""
    found: Any = value
    if "$ref" in value:
        found = openapi
        for step in value["$ref"].removeprefix("#/").split("/"):
            found = found[step]
    return found  # type: ignore[no-any-return]  # the contract's own JSON


class Reach:
    """The counts of a run. `hindered` has the last reason for which a target could not be prepared."""

    def __init__(self) -> None:
        self.hindered: dict[Target, str] = {}
        self._sent: Counter[Target] = Counter()
        self._accepted: Counter[Target] = Counter()
        self._refused: dict[Target, str] = {}

    def count(self, target: Target, is_accepted: bool, answer: str) -> None:
        """Note the answer to a request for the target."""
        self._sent[target] += 1
        if is_accepted:
            self._accepted[target] += 1
        else:
            self._refused[target] = answer

    def missed(self, targets: Sequence[Target]) -> list[str]:
        """A line for each target that was never accepted: what it is, how often it was sent, and why it failed."""
        return [
            f"{_name(target)}: sent {self._sent[target]} times, never accepted ({self._why(target)})"
            for target in targets
            if not self._accepted[target]
        ]

    def table(self, targets: Sequence[Target]) -> str:
        """Every target with its counts, for people."""
        width = max((len(_name(target)) for target in targets), default=0)
        rows = [
            f"{_name(target):<{width}}  {self._sent[target]:>5} sent  {self._accepted[target]:>5} accepted"
            for target in targets
        ]
        reached = sum(1 for target in targets if self._accepted[target])
        total = f"{self._sent.total()} requests; accepted at least once: {reached} of {len(targets)}"
        return "\n".join([*rows, total]) + "\n"

    def _why(self, target: Target) -> str:
        return self.hindered.get(target) or self._refused.get(target) or "it was never sent"


def _name(target: Target) -> str:
    endpoint, operation = target
    return f"{endpoint} {operation}" if operation else endpoint
