"""The tools' findings about the contract: the place, the rule, the problem and the remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """A fault in a contract file."""

    path: str
    line: int
    rule: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.problem}; {self.remedy}"


class ContractBroken(Exception):
    """The bundles cannot be made from this contract. ``findings`` gives the reasons, in file order."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(set(findings)))
        super().__init__("\n".join(map(str, self.findings)))


class ContractMissing(Exception):
    """There is no contract to check: a file that everything else depends on is missing."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} does not exist: run from the checkout's root, or name it with --root")
        self.path = path
